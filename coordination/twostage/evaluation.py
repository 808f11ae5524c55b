"""What every scenario costs after a first stage, and what is done then."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from coordination.errors import SolverError
from coordination.solver import LinearProgram, SolverOptions, solve_many
from coordination.status import Status
from coordination.twostage.sharing import families_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from coordination.compilation.matrix import MatrixForm
    from coordination.solver.solution import FloatArray, Solution
    from coordination.twostage.program import Scenario, TwoStageProgram

ONE_AFTER_ANOTHER = 40
"""Scenarios of one structure that one solver takes, each from the last one's basis."""


def evaluate(
    program: TwoStageProgram,
    x: FloatArray,
    *,
    options: SolverOptions | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
) -> tuple[FloatArray, list[FloatArray]]:
    """Return what each scenario costs after a first stage, and its values.

    Parameters
    ----------
    program : TwoStageProgram
        Whole numbers in its recourse are kept.
    x : numpy.ndarray
        (first-stage columns,) the first stage.
    options, executor, workers
        As for `coordination.solver.solve_many`.

    Returns
    -------
    costs : numpy.ndarray
        (scenarios,) without first-stage cost; infinite where nothing can be done.
    values : list of numpy.ndarray
        (columns,) of each scenario; NaN where nothing can be done.

    Raises
    ------
    SolverError
        If a scenario cannot be solved.
    """
    solutions = answers(program, x, options=options, executor=executor, workers=workers)
    costs, values = np.empty(len(solutions)), []
    for number, (one, solution) in enumerate(zip(program.scenarios, solutions, strict=True)):
        if solution.status is Status.INFEASIBLE:
            costs[number] = np.inf
            values.append(np.full(one.form.columns, np.nan))
            continue
        if solution.x is None:
            raise SolverError(f"scenario {one.name!r}: its recourse ended {solution.status}")
        costs[number] = solution.objective
        values.append(solution.x)
    return costs, values


def answers(
    program: TwoStageProgram,
    x: FloatArray,
    *,
    options: SolverOptions | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
) -> list[Solution]:
    """Return every scenario's solution after a first stage.

    Scenarios with one recourse matrix follow each other in one solver; the rest, and all where an executor takes them,
    are solved on their own.

    Parameters
    ----------
    program, x, options, executor, workers
        As for `evaluate`.
    """
    options = options or SolverOptions()
    if executor is not None or program.integer_recourse:
        forms = [after(one, x) for one in program.scenarios]
        return solve_many(forms, options=options, executor=executor, workers=workers)
    chains = [
        family.numbers[at : at + ONE_AFTER_ANOTHER].tolist()
        for family in families_of(program.scenarios)
        for at in range(0, len(family.numbers), ONE_AFTER_ANOTHER)
    ]
    found: dict[int, Solution] = {}
    single = replace(options, threads=1)
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        futures = [pool.submit(_chain, [after(program.scenarios[n], x) for n in chain], single) for chain in chains]
        for chain, future in zip(chains, futures, strict=True):
            found |= dict(zip(chain, future.result(), strict=True))
    return [found[number] for number in range(len(program.scenarios))]


def _chain(forms: Sequence[MatrixForm], options: SolverOptions) -> list[Solution]:
    """Return the solutions of programs that differ in right-hand sides and bounds only."""
    with LinearProgram(forms[0], options) as program:
        found = [program.solve()]
        for form in forms[1:]:
            program.become(form)
            found.append(program.solve())
    return found


def after(scenario: Scenario, x: FloatArray) -> MatrixForm:
    """Return a scenario's own program once the first stage is decided."""
    form, moved = scenario.form, scenario.technology @ x
    return replace(form, row_lower=form.row_lower - moved, row_upper=form.row_upper - moved)
