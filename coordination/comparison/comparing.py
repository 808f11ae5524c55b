"""Compare ways of deciding: the same events, each way seeing only what and when it may."""

from __future__ import annotations

import signal
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from coordination.comparison.comparison import Comparison
from coordination.comparison.drawn import Draw, played
from coordination.comparison.figures import (
    best_table,
    comparison_table,
    curves_table,
    draws_table,
    exchange_table,
    ladder_table,
    map_table,
    ratios_table,
    speed_table,
)
from coordination.comparison.keeping import keep_draw, open_draws
from coordination.comparison.ways import LADDER, MORE, REFERENCE, WAYS, Effort, Way, delay_of, way_of
from coordination.comparison.wording import words_of, words_of_steps
from coordination.errors import UsageError
from coordination.instance import expect_instance
from coordination.instance.names import nearest
from coordination.simulation import expect_alike, perturbed, refuse_what_is_not_played

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from coordination.instance import Instance


def compare(
    instance: Instance,
    *,
    truth: Instance | None = None,
    ways: Sequence[str] | None = None,
    ladder: bool = False,
    delays: Sequence[int] = (),
    draws: int = 100,
    every: int = 1,
    seed: int = 0,
    gap: float = 1e-3,
    workers: int | None = None,
    executor: Executor | None = None,
    keep: Path | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Play ways of deciding through the same drawn events, and measure what people get.

    Parameters
    ----------
    instance : Instance
        What is believed; ``policy.approval_periods`` says what deciding at the centre takes.
    truth : Instance, optional
        What is true; by default `instance` perturbed by `coordination.simulation.perturbing`, from `seed`.
    ways : sequence of str, optional
        Names that `coordination.comparison.ways.way_of` knows; all of `WAYS` that can be played by default.
    ladder : bool
        Play networked on every rung of ``policy.information``, too.
    delays : sequence of int
        Play centralised with each of these periods of approval, too.
    draws : int
        Events.
    every : int
        Periods between decisions.
    seed : int
        Of the truth by default, and of the events.
    gap : float
        Of each plan.
    workers : int, optional
        Processes; as many as there are processors by default, 1: none beside this one. Results do not depend on it.
    executor : concurrent.futures.Executor, optional
        Takes draws instead.
    keep : Path, optional
        Folder in which finished draws are kept; those that are there are not played again.
    on_progress : callable, optional
        Receives how many draws are done, and how many there are.

    Returns
    -------
    Comparison
        Means, paired differences and ratios with 95 % intervals; where each way is best; curves.

    Raises
    ------
    InstanceError, UsageError
        The instance, the truth or an option is wrong.
    """
    expect_instance(instance)
    for name, number in (("draws", draws), ("every", every)):
        if number < 1:
            raise UsageError(f"{name}: found {number}; expected at least 1")
    if instance.scenario is not None:
        raise UsageError("a comparison draws the scenario that strikes: give the instance without one")
    refuse_what_is_not_played(instance)
    if len(instance.events):
        raise UsageError(f"{instance.name}: a comparison does not carry out table events yet; leave it out")
    chosen, left_out = _chosen(instance, ways, _asked(ladder, delays))
    true = perturbed(instance, seed) if truth is None else truth
    expect_alike(instance, true)
    refuse_what_is_not_played(true)
    run = {"instance": instance.sha256, "truth": true.sha256, "ways": list(chosen), "every": every, "seed": seed}
    run |= {"gap": gap}
    found = {} if keep is None else open_draws(keep, run)
    asked = [
        Draw(number, instance, true, chosen, every, seed, Effort(gap)) for number in range(draws) if number not in found
    ]
    said = on_progress or (lambda done, of: None)
    said(draws - len(asked), draws)
    for draw in _all(asked, workers, executor):
        found[int(draw["draw"])] = draw
        if keep is not None:
            keep_draw(keep, draw)
        said(sum(number in found for number in range(draws)), draws)
    rows = [found[number] for number in range(draws)]
    table = draws_table(rows)
    figures, ratios, best = comparison_table(table), ratios_table(table), best_table(table)
    options = {name: value for name, value in run.items() if name not in ("instance", "truth")} | {"draws": draws}
    late = {way: delay for way in chosen if (delay := delay_of(way, instance)) is not None}
    rungs, speeds, exchange = ladder_table(table), speed_table(table, late), exchange_table(table, late)
    words = words_of(instance, figures, ratios, best, left_out) + words_of_steps(instance, rungs, speeds, exchange)
    return Comparison(
        instance, true, options, figures, ratios, best, curves_table(rows), table, map_table(table, late), rungs,
        speeds, exchange, left_out, words,
    )  # fmt: skip


def _asked(ladder: bool, delays: Sequence[int]) -> list[str]:
    """Return the ways that the ladder and the delays ask for."""
    for delay in delays:
        if delay < 0:
            raise UsageError(f"delays: found {delay}; expected periods, at least 0")
    rungs = [name for name in MORE if name.startswith(f"{LADDER}:")] if ladder else []
    return [*(f"{REFERENCE}:{delay}" for delay in sorted(set(delays))), *rungs]


def _chosen(
    instance: Instance, ways: Sequence[str] | None, besides: Sequence[str]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the ways to play in the order of `WAYS`, and those left out because they cannot be, with the reason."""
    known = [*WAYS, *MORE]
    for name in ways or ():
        if way_of(name) is None:
            raise UsageError(f"ways: found {name!r}; expected some of {', '.join(known)}. {nearest(name, known)}")
    others = [name for name in ways or () if name not in WAYS]
    asked = (*(name for name in WAYS if ways is None or name in ways), *dict.fromkeys([*others, *besides]))
    unable = {name: why for name in asked if (why := _way(name).unable(instance))}
    if unable and ways is not None:
        name, why = next(iter(unable.items()))
        raise UsageError(f"ways: {name} cannot be played: {why}. Leave it out.")
    return tuple(name for name in asked if name not in unable), unable


def _way(name: str) -> Way:
    found = way_of(name)
    assert found is not None
    return found


def _all(asked: Sequence[Draw], workers: int | None, executor: Executor | None) -> Iterator[dict[str, Any]]:
    """Give what came of each draw, as they are done."""
    if executor is None and (workers == 1 or len(asked) < 2):
        yield from map(played, asked)
        return
    with _executor(workers, executor) as pool:
        jobs = [pool.submit(played, draw) for draw in asked]
        try:
            for job in as_completed(jobs):
                yield job.result()
        finally:
            for job in jobs:
                job.cancel()


@contextmanager
def _executor(workers: int | None, executor: Executor | None) -> Iterator[Executor]:
    if executor is not None:
        yield executor
        return
    # Not forked: the solver's threads would not survive that.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_deaf) as pool:
        yield pool


def _deaf() -> None:
    """Leave an interruption from the keyboard to the process that gave out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
