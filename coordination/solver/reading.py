"""What HiGHS holds after a run, judged: values and duals count only when they are what they claim to be."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.solver.algorithms import Choice
from coordination.solver.bridge import has_point, model_status
from coordination.solver.residuals import residuals
from coordination.solver.running import Watch
from coordination.solver.solution import FloatArray, Solution, relative_gap
from coordination.status import Status

if TYPE_CHECKING:
    from coordination.compilation.matrix import MatrixForm

STOPPED = {Status.TIME_LIMIT, Status.INTERRUPTED, Status.UNKNOWN}


def read_linear(highs: Any, form: MatrixForm, choice: Choice, interrupted: bool, log: list[str]) -> Solution:
    """Return the answer of a linear program; UNKNOWN with values when they fail the second look.

    Parameters
    ----------
    highs : highspy.Highs
        After a run.
    form : MatrixForm
        What was solved.
    choice : Choice
        With which algorithm.
    interrupted : bool
        Whether the run was stopped from outside.
    log : list of str
        Receives what was found.
    """
    status = model_status(highs)
    info = highs.getInfo()
    iterations = max(0, int(info.simplex_iteration_count)) + max(0, int(info.ipm_iteration_count))
    nothing = Solution(
        status, bound=_nothing_proven(form), interrupted=interrupted, algorithm=choice.algorithm, iterations=iterations
    )
    if choice.algorithm == "hipo" and int(info.ipm_iteration_count) <= 0 < int(info.simplex_iteration_count):
        log.append("HiGHS ran the simplex method instead of hipo")
    if not has_point(highs) or status not in STOPPED | {Status.OPTIMAL}:
        return _without_values(nothing)
    solution = highs.getSolution()
    x = np.array(solution.col_value, dtype=np.float64)
    objective = form.objective(x)
    if status is not Status.OPTIMAL:
        ended = Status.INTERRUPTED if interrupted else Status.FEASIBLE
        return replace(nothing, status=ended, x=x, row_activity=form.matrix @ x, objective=objective)
    row_dual = np.array(solution.row_dual, dtype=np.float64)
    look = residuals(form, x, row_dual)
    log.append(str(look))
    bound = max(objective, look.dual_objective) if form.maximize else min(objective, look.dual_objective)
    return replace(
        nothing,
        status=Status.OPTIMAL if look.acceptable else Status.UNKNOWN,
        x=x,
        row_activity=form.matrix @ x,
        row_dual=row_dual,
        reduced_cost=form.c - form.matrix.T @ row_dual,
        objective=objective,
        bound=bound,
        gap=relative_gap(objective, bound, form.maximize),
    )


def read_mip(highs: Any, form: MatrixForm, gap: float, watch: Watch, interrupted: bool) -> Solution:
    """Return the answer of a mixed-integer program: the best values known, with what is proven of them.

    Parameters
    ----------
    highs : highspy.Highs
        After a run.
    form : MatrixForm
        What was solved.
    gap : float
        Relative gap that is optimal enough.
    watch : Watch
        Keeps the best values that the run reported.
    interrupted : bool
        Whether the run was stopped from outside.
    """
    status = model_status(highs)
    info = highs.getInfo()
    bound = float(info.mip_dual_bound)
    bound = bound if abs(bound) < 1e300 and info.valid else _nothing_proven(form)
    answer = Solution(
        status,
        bound=bound,
        interrupted=interrupted,
        algorithm="mip",
        iterations=max(0, int(info.simplex_iteration_count)),
        nodes=max(0, int(info.mip_node_count)),
    )
    x = _best_values(highs, form, watch)
    if x is None or status not in STOPPED | {Status.OPTIMAL}:
        return _without_values(answer)
    objective = form.objective(x)
    found = relative_gap(objective, bound, form.maximize)
    if status is not Status.OPTIMAL:
        status = Status.OPTIMAL if found <= gap else Status.INTERRUPTED if interrupted else Status.FEASIBLE
    return replace(answer, status=status, x=x, row_activity=form.matrix @ x, objective=objective, gap=found)


def _best_values(highs: Any, form: MatrixForm, watch: Watch) -> FloatArray | None:
    """Return the better of what HiGHS holds and what it reported on the way."""
    if not has_point(highs):
        return watch.best
    held = np.array(highs.getSolution().col_value, dtype=np.float64)
    if watch.best is None:
        return held
    better = form.objective(watch.best) > form.objective(held)
    return watch.best if better == form.maximize and form.objective(watch.best) != form.objective(held) else held


def _without_values(answer: Solution) -> Solution:
    """Return the verdict alone; one that needs values to mean anything becomes UNKNOWN or INTERRUPTED."""
    if answer.interrupted:
        return replace(answer, status=Status.INTERRUPTED)
    return replace(answer, status=Status.UNKNOWN) if answer.status is Status.OPTIMAL else answer


def _nothing_proven(form: MatrixForm) -> float:
    return math.inf if form.maximize else -math.inf
