"""Run a cycle: prepare, let the event come, decide again and again, learn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coordination.cycle.adapting import PREPARED_WITH, adapt
from coordination.cycle.cycle import Cycle
from coordination.cycle.keeping import keep_step, open_steps
from coordination.cycle.phases import phases_table
from coordination.cycle.wording import words_of
from coordination.errors import UsageError
from coordination.instance import expect_instance
from coordination.planning import plan_plainly
from coordination.plans.prepared import prepared
from coordination.preparation import prepare
from coordination.replanning.news import told, with_news
from coordination.replanning.reading import read_events
from coordination.resilience import measure_resilience
from coordination.simulation import (
    Event,
    Pace,
    draw_event,
    expect_alike,
    gathered,
    perturbed,
    play,
    refuse_what_is_not_played,
)
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from coordination.instance import Instance
    from coordination.plans import Plan, Preparation
    from coordination.simulation import Step


class InterruptedCycleError(Exception):
    """Planning was interrupted; the steps before are kept."""


@dataclass(frozen=True)
class Told:
    """How far a cycle is: what is being done, and the step that has just been played, if any."""

    stage: str
    step: Step | None = None


def run_cycle(
    instance: Instance,
    *,
    truth: Instance | None = None,
    events: str | Path | pd.DataFrame | None = None,
    every: int = 1,
    seed: int = 0,
    scenario: str | None = None,
    gap: float = 1e-4,
    time_limit: float | None = None,
    threads: int | None = None,
    keep: Path | None = None,
    on_progress: Callable[[Told], None] | None = None,
) -> Cycle:
    """Play one cycle over a simulated event: prepare, resist, recover, adapt.

    Parameters
    ----------
    instance : Instance
        What is believed.
    truth : Instance, optional
        What is true; by default `instance` perturbed by `coordination.simulation.perturbing`, from `seed`.
    events : path or DataFrame, optional
        News, beside that of table ``events``: true and known from its period on.
    every : int
        Periods between decisions; news calls for one, too.
    seed : int
        Of the truth by default, of the event, and of the solver.
    scenario : str, optional
        The scenario that strikes, ``none`` for none; by default drawn by the true probabilities.
    gap, time_limit, threads
        Of each decision, as for `coordination.plan`.
    keep : Path, optional
        Folder in which finished steps are kept; those that are there are not played again.
    on_progress : callable, optional
        Receives each `Told`.

    Returns
    -------
    Cycle
        By phase, with the next instance.

    Raises
    ------
    InstanceError, UsageError
        The instance, the truth, the events or an option is wrong; nothing is kept then.
    """
    expect_instance(instance)
    if every < 1:
        raise UsageError(f"every: found {every}; expected at least 1 period between decisions")
    if instance.scenario is not None:
        raise UsageError("a cycle draws the scenario that strikes: give the instance without one, or scenario=…")
    refuse_what_is_not_played(instance)
    news = checked_news(instance, events)
    instance = instance.replace(events=[]) if len(instance.events) else instance
    said = on_progress or (lambda _: None)
    true = perturbed(instance, seed) if truth is None else truth
    expect_alike(instance, true)
    refuse_what_is_not_played(true)
    event = draw_event(true, seed, scenario)
    options: dict[str, Any] = {"gap": gap, "threads": threads, "seed": seed}
    said(Told("preparing"))
    preparation = _prepared(instance, time_limit, options)
    believed, world = instance, event.world
    if preparation is not None:
        believed = preparation.prepared()
        world = prepared(event.world, preparation.first_stage)
    run: dict[str, Any] = {
        "instance": instance.sha256,
        "truth": world.sha256,
        "scenario": event.scenario,
        "every": every,
    }
    run |= {"seed": seed, "gap": gap, "time_limit": time_limit, "news": [str(one) for one in told(news)]}
    kept = () if keep is None else open_steps(keep, run)

    def decide(state: Instance) -> Plan:
        made = plan_plainly(state, time_limit=time_limit, **options)
        if made.status is Status.INTERRUPTED:
            raise InterruptedCycleError
        return made

    def on_step(step: Step) -> None:
        if keep is not None:
            keep_step(keep, step)
        said(Told("playing", step))

    said(Told("playing", kept[-1] if kept else None))
    steps = play(
        believed.under(event.scenario), Event(world, event.shares, seed), decide, Pace(every),
        events=news, steps=kept, on_step=on_step, stay=True,
    )  # fmt: skip
    said(Told("learning"))
    return _cycle(instance, true, event, preparation, steps, world, run)


def _cycle(
    instance: Instance,
    true: Instance,
    event: Event,
    preparation: Preparation | None,
    steps: tuple[Step, ...],
    world: Instance,
    run: dict[str, Any],
) -> Cycle:
    played = gathered(steps, world)
    learned = adapt(instance, steps, event.scenario)
    money = None if preparation is None else preparation.figures.get("money")
    phases = phases_table(played, None if preparation is None else float(money or 0.0))
    heard = [{"period": step.start + step.periods, "news": text} for step in steps for text in step.news]
    return Cycle(
        instance=instance,
        truth=true,
        scenario=event.scenario,
        options={name: value for name, value in run.items() if name not in ("instance", "truth", "scenario")},
        phases=phases,
        curve=measure_resilience(played).curve,
        learned=learned.table,
        news=pd.DataFrame(heard, columns=["period", "news"]),
        played=played,
        following=learned.instance,
        preparation=preparation,
        words=words_of(instance, event.scenario, steps, played, phases, learned.table),
    )


def checked_news(instance: Instance, events: str | Path | pd.DataFrame | None) -> pd.DataFrame:
    """Return news that can be carried out on the instance as it is.

    Raises
    ------
    InstanceError
        Some of it cannot be read or does not fit; all that is wrong is listed.
    """
    rows = read_events(instance, events)
    if len(rows):
        with_news(instance.replace(events=[]), told(rows), 0)
    return rows


def _prepared(instance: Instance, time_limit: float | None, options: dict[str, Any]) -> Preparation | None:
    """Return what is done before anything happens; None where there is nothing to do it with."""
    if not len(instance.scenarios) or not any(len(instance.tables[name]) for name in PREPARED_WITH):
        return None
    made = prepare(instance, time_limit=time_limit, figures=False, **options)
    if made.status is Status.INTERRUPTED:
        raise InterruptedCycleError
    if not made.feasible:
        raise UsageError(f"{instance.name}: nothing can be prepared ({made.status})")
    return made
