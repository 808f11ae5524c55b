r"""The worst of many losses beside the mean of scenarios: columns and constraints generated until proven.

.. math:: \min_{x \in X} \; c x + (1 - \lambda) \sum_s p_s Q_s(x) + \lambda \max_{L} Q_L(x)

Each round solves the program with the losses found so far (a lower bound), answers every loss after its first stage
(the dearest gives an upper bound) and lists the dearest. Finitely many losses: it ends.

Source: Zeng, B. and Zhao, L. (2013), Solving two-stage robust optimization problems using a column-and-constraint
generation method, Operations Research Letters 41(5).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from coordination.solver import SolverOptions
from coordination.status import Status
from coordination.twostage.answer import Answer, Round
from coordination.twostage.evaluation import evaluate
from coordination.twostage.program import Scenario, TwoStageProgram
from coordination.twostage.solving import solve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from coordination.solver.solution import FloatArray


@dataclass(frozen=True)
class RobustAnswer:
    """The best first stage against the worst loss, and what is proven of it.

    Attributes
    ----------
    answer : Answer
        As of `coordination.twostage.solve`, without costs by scenario; ``rounds`` are those of the generation.
    rounds : dict of int to int
        Losses that were listed, by number, and in which round; 0 from the beginning.
    losses : ndarray or None
        (losses,) what each loss costs after it.
    """

    answer: Answer
    rounds: dict[int, int]
    losses: FloatArray | None


def solve_robust(
    program: TwoStageProgram,
    losses: Sequence[Scenario],
    *,
    worst: int,
    scenarios_count: bool | None = None,
    options: SolverOptions | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    on_round: Callable[[Round], None] | None = None,
) -> RobustAnswer:
    """Decide the first stage against scenarios in the mean and the worst of some losses.

    Parameters
    ----------
    program : TwoStageProgram
        First stage and scenarios; one column of the first stage, free and in no row, stands for the cost of the worst
        loss.
    losses : sequence of Scenario
        All losses that may happen, one being that nothing is lost; probabilities do not matter.
    worst : int
        That column. Its cost is lambda, 0..1: the weight of the worst loss; 1 − lambda is that of the mean of the
        scenarios.
    scenarios_count : bool, optional
        Whether scenarios limit the first stage even where they have no weight; by default where it is below 1.
    options : SolverOptions, optional
        Gap and time limit are those of the whole.
    executor, workers
        As for `coordination.twostage.solve`.
    on_round : callable, optional
        Receives each `Round`.

    Returns
    -------
    RobustAnswer
        Always; at a limit with the best first stage so far.
    """
    options = options or SolverOptions()
    began, limit, weight = time.monotonic(), options.time_limit, float(program.first.c[worst])
    counted = weight < 1.0 if scenarios_count is None else scenarios_count
    listed: dict[int, int] = {0: 0}
    rounds: list[Round] = []
    every = TwoStageProgram(program.first, tuple(replace(one, probability=1.0 / len(losses)) for one in losses))
    exact = replace(options, gap=min(1e-9, options.gap), time_limit=None)
    best: tuple[float, FloatArray, FloatArray] | None = None
    bound, status = -np.inf, Status.TIME_LIMIT
    while True:
        left = None if limit is None else limit - (time.monotonic() - began)
        if left is not None and left <= 0.0:
            break
        master = _master(program, [losses[number] for number in listed], worst, counted=counted)
        found = solve(master, method="extensive", options=replace(options, gap=options.gap / 2, time_limit=left))
        status = found.status
        if found.x is None:
            break
        bound, x = max(bound, found.bound), found.x.copy()
        each, _ = evaluate(every, x, options=exact, executor=executor, workers=workers)
        # What the master reckons for the first stage and the scenarios stays; the worst loss is what it really is.
        value = found.objective + weight * (float(each.max()) - float(x[worst]))
        x[worst] = each.max()
        if best is None or value < best[0]:
            best = (value, x, each)
        gap = _gap(best[0], bound)
        rounds.append(Round(len(rounds) + 1, "losses", best[0], bound, gap, 1, time.monotonic() - began))
        if on_round is not None:
            on_round(rounds[-1])
        hardest = int(each.argmax())
        if gap <= options.gap:
            status = Status.OPTIMAL
        if gap <= options.gap or hardest in listed or found.status is not Status.OPTIMAL:
            break
        listed[hardest] = len(rounds)
    log = [f"extensive, losses listed by columns and constraints: {len(listed)} of {len(losses)} in the program"]
    value, first, costs = best or (np.nan, None, None)
    bound = bound if best is None else min(bound, value)
    answer = Answer(
        status, first, value, bound, np.inf if best is None else _gap(value, bound), method="losses", rounds=rounds,
        seconds=time.monotonic() - began, log=log,
    )  # fmt: skip
    return RobustAnswer(answer, listed, costs)


def _gap(value: float, bound: float) -> float:
    return max(0.0, value - bound) / max(1e-10, abs(value))


def _master(program: TwoStageProgram, losses: list[Scenario], worst: int, *, counted: bool) -> TwoStageProgram:
    """Return the program in which the worst column costs at least what each of these losses does."""
    weight = float(program.first.c[worst])
    scenarios = [_weighed(one, 1.0 - weight) for one in program.scenarios] if counted else []
    even = 0.0 if counted else 1.0 / len(losses)
    return replace(program, scenarios=(*scenarios, *(_below(one, worst, even) for one in losses)))


def _weighed(one: Scenario, weight: float) -> Scenario:
    """Return a scenario of which only a part counts."""
    return replace(one, form=replace(one.form, c=weight * one.form.c, offset=weight * one.form.offset))


def _below(one: Scenario, column: int, probability: float) -> Scenario:
    """Return a loss as a scenario without cost, whose response costs at most the column of the first stage."""
    form = one.form
    matrix = sp.csc_array(sp.vstack([form.matrix, sp.csr_array(form.c[None, :])], format="csc"))
    matrix.sort_indices()
    tied = sp.csr_array(([-1.0], ([0], [column])), shape=(1, one.technology.shape[1]))
    limited = replace(
        form,
        start=matrix.indptr.astype(np.int32),
        index=matrix.indices.astype(np.int32),
        value=np.asarray(matrix.data, dtype=np.float64),
        row_lower=np.concatenate([form.row_lower, [-np.inf]]),
        row_upper=np.concatenate([form.row_upper, [-form.offset]]),
        c=np.zeros_like(form.c),
        offset=0.0,
    )
    technology = sp.csc_array(sp.vstack([one.technology, tied], format="csc"))
    return Scenario(one.name, probability, technology, limited)
