"""Solve a two-stage program by the way that fits it."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from coordination.errors import UsageError
from coordination.solver import SolverOptions
from coordination.solver import solve as solve_form
from coordination.twostage.answer import Answer
from coordination.twostage.benders import NoLowestCostError, by_benders
from coordination.twostage.evaluation import evaluate
from coordination.twostage.extensive import extensive_form, split
from coordination.twostage.risk import Risk

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from coordination.twostage.answer import Round
    from coordination.twostage.program import TwoStageProgram

LOG = logging.getLogger(__name__)

MANY_SCENARIOS = 100
"""Scenarios from which on the decomposition is quicker, on recourse of some thousand columns (measured: 50 scenarios
0.9 s against 2.1 s decomposed, 200 scenarios 10.7 s against 3.7 s)."""

SMALL_FORM = 20_000
"""Columns up to which the extensive form is quick however many scenarios there are."""

LARGE_FORM = 150_000
"""Columns from which on the decomposition is quicker with fewer scenarios, too (on 9,000 columns a scenario 40
scenarios decomposed took less than the extensive form of 30)."""

FEW_SCENARIOS = 10
"""Scenarios below which it is not: its rounds do not pay."""

Method = Literal["auto", "extensive", "benders"]


def solve(
    program: TwoStageProgram,
    *,
    risk: Risk | None = None,
    method: Method = "auto",
    options: SolverOptions | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    on_round: Callable[[Round], None] | None = None,
) -> Answer:
    """Decide the first stage of a two-stage program.

    Parameters
    ----------
    program : TwoStageProgram
        What is to be decided.
    risk : Risk, optional
        How scenarios' costs are weighed; the mean by default.
    method : {"auto", "extensive", "benders"}
        By default the extensive form where it is quick, else Benders' decomposition. Recourse with whole numbers is
        always solved in the extensive form; the log says so.
    options : SolverOptions, optional
        Gap and time limit are those of the whole program.
    executor : concurrent.futures.Executor, optional
        Takes scenario work of the decomposition (processes, a Dask cluster); by default threads of this process.
    workers : int, optional
        Threads without an executor; by default as many as there are cores.
    on_round : callable, optional
        Receives each `Round` of the decomposition.

    Returns
    -------
    Answer
        Always: at a limit with the best first stage so far, if there is any.

    Raises
    ------
    UsageError
        If the method is unknown.
    SolverError
        If the solver fails, or workers are lost again and again.
    """
    if method not in ("auto", "extensive", "benders"):
        raise UsageError(f"method is {method!r}; expected auto, extensive or benders")
    risk, options = risk or Risk(), options or SolverOptions()
    chosen, why = _chosen(program, method)
    LOG.info("%s: %s", chosen, why)
    if chosen == "benders":
        try:
            answer = by_benders(
                program, risk, options, executor=executor, workers=workers, on_round=on_round
            )  # fmt: skip
            return replace(answer, log=[f"benders: {why}", *answer.log])
        except NoLowestCostError as error:
            why = f"the cost of scenario {str(error)!r} has no lower bound, which a decomposition needs"
            LOG.info("extensive: %s", why)
    return _extensive(program, risk, options, why)


def _chosen(program: TwoStageProgram, method: Method) -> tuple[str, str]:
    """Return extensive or benders, and why."""
    count = len(program.scenarios)
    columns = program.first.columns + sum(one.form.columns for one in program.scenarios)
    if program.integer_recourse:
        asked = ", though benders was asked for" if method == "benders" else ""
        return "extensive", f"the recourse has whole numbers{asked}"
    if method != "auto":
        return method, "asked for"
    size = f"{count} scenarios, {columns:,} columns in the extensive form"
    many = count >= MANY_SCENARIOS and columns > SMALL_FORM
    large = count >= FEW_SCENARIOS and columns > LARGE_FORM
    return ("benders" if many or large else "extensive"), size


def _extensive(program: TwoStageProgram, risk: Risk, options: SolverOptions, why: str) -> Answer:
    began = time.monotonic()
    solution = solve_form(extensive_form(program, risk), options=options)
    log = [f"extensive: {why}", *solution.log]
    seconds = time.monotonic() - began
    if solution.x is None:
        return Answer(solution.status, bound=solution.bound, method="extensive", seconds=seconds, log=log)
    x, values = split(program, solution.x)
    whole = program.first.integrality > 0
    x = np.where(whole, np.round(x), x)
    costs = np.array([one.form.objective(y) for one, y in zip(program.scenarios, values, strict=True)])
    if risk.averse and risk.weight >= 1.0:
        # Nothing holds the cost of a scenario down that is not among the worst.
        costs, values = evaluate(program, x, options=replace(options, time_limit=None))
    return Answer(
        status=solution.status,
        x=x,
        objective=solution.objective,
        bound=solution.bound,
        gap=solution.gap,
        costs=costs,
        recourse=values,
        method="extensive",
        seconds=seconds,
        log=log,
    )
