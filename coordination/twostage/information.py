r"""What it is worth to know what comes, and to have reckoned with all that may come.

.. math::

   \mathrm{EVPI} = z - \rho\big(z_1, \dots, z_S\big), \qquad
   \mathrm{VSS} = \Big(c \bar x + \rho\big(Q_1(\bar x), \dots, Q_S(\bar x)\big)\Big) - z

z is the optimum, z_s what could be reached if scenario s were known beforehand (wait and see), x̄ the first stage that
is best for the mean scenario. Both are at least 0 (rho is monotone); VSS is infinite where x̄ leaves a scenario without
an answer.

Source: Birge and Louveaux (2011), Introduction to Stochastic Programming, chapter 4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from coordination.errors import SolverError
from coordination.solver import SolverOptions, solve_many
from coordination.solver import solve as solve_form
from coordination.status import Status
from coordination.twostage.evaluation import evaluate
from coordination.twostage.extensive import extensive_form, split
from coordination.twostage.program import stage
from coordination.twostage.risk import Risk

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from coordination.solver.solution import FloatArray
    from coordination.twostage.answer import Answer
    from coordination.twostage.program import Scenario, TwoStageProgram


@dataclass(frozen=True)
class Information:
    """Figures on what knowing is worth.

    Attributes
    ----------
    wait_and_see : float
        The mixture of the costs if each scenario were known beforehand.
    evpi : float
        Expected value of perfect information: what knowing would save.
    expected_value : float
        Optimum of the mean scenario alone.
    of_mean : float
        What the first stage that is best for the mean scenario really costs.
    vss : float
        Value of the stochastic solution: what reckoning with all scenarios saves against that.
    each : numpy.ndarray
        (scenarios,) total cost of each scenario if it were known beforehand.
    x_mean : numpy.ndarray
        (first-stage columns,) the first stage that is best for the mean scenario.
    """

    wait_and_see: float
    evpi: float
    expected_value: float
    of_mean: float
    vss: float
    each: FloatArray
    x_mean: FloatArray


def information(
    program: TwoStageProgram,
    answer: Answer,
    *,
    risk: Risk | None = None,
    mean: Scenario | None = None,
    options: SolverOptions | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
) -> Information:
    """Return EVPI and VSS of an answered program.

    Parameters
    ----------
    program : TwoStageProgram
        What was solved.
    answer : Answer
        Its answer; with a gap, both figures are right up to that.
    risk : Risk, optional
        As it was solved with.
    mean : Scenario, optional
        The mean scenario; needed where scenarios differ in size, else the mean of every number.
    options, executor, workers
        As for `coordination.solver.solve_many`.

    Returns
    -------
    Information
        Figures.

    Raises
    ------
    SolverError
        If a scenario alone has no solution.
    """
    risk, options = risk or Risk(), options or SolverOptions()
    single = [extensive_form(program.of([number])) for number in range(len(program.scenarios))]
    solutions = solve_many(single, options=options, executor=executor, workers=workers)
    for one, solution in zip(program.scenarios, solutions, strict=True):
        if solution.x is None:
            raise SolverError(f"scenario {one.name!r} alone ended {solution.status}")
    each = np.array([solution.objective for solution in solutions])
    known = risk.of(each, program.probabilities)
    averaged = replace(program, scenarios=(mean or program.mean(),))
    expected = solve_form(extensive_form(averaged), options=options)
    if expected.status is not Status.OPTIMAL or expected.x is None:
        raise SolverError(f"the mean scenario ended {expected.status}")
    x_mean = split(averaged, expected.x)[0]
    whole = program.first.integrality > 0
    x_mean = np.where(whole, np.round(x_mean), x_mean)
    costs, _ = evaluate(program, x_mean, options=options, executor=executor, workers=workers)
    of_mean = program.first.objective(x_mean) + risk.of(costs, program.probabilities)
    return Information(
        wait_and_see=known,
        evpi=answer.objective - known,
        expected_value=expected.objective,
        of_mean=of_mean,
        vss=of_mean - answer.objective,
        each=each,
        x_mean=x_mean,
    )


def wait_and_see(program: TwoStageProgram, tied: NDArray[np.bool_], risk: Risk, options: SolverOptions) -> float:
    """Return the mixture of the costs if each scenario were known beforehand, where some columns tie scenarios.

    Every scenario then has a first stage of its own, but for the tied columns, which stay common to all.

    Parameters
    ----------
    program : TwoStageProgram
        Rows of its first stage hold tied columns alone, or none.
    tied : ndarray of bool
        (first-stage columns,) those that tie scenarios together: in which of them a limit is kept.
    risk : Risk
        How costs are weighed.
    options : SolverOptions
        Of the solver.

    Raises
    ------
    SolverError
        If it cannot be solved.
    """
    first, own = program.first, ~tied
    matrix = first.matrix
    common = np.asarray(abs(matrix[:, tied]).sum(axis=1)).ravel() > 0
    top = stage(
        matrix[common][:, tied], first.c[tied], row_lower=first.row_lower[common], row_upper=first.row_upper[common],
        lb=first.lb[tied], ub=first.ub[tied], integer=first.integrality[tied],
    )  # fmt: skip
    apart = matrix[~common][:, own]
    scenarios = []
    for one in program.scenarios:
        form = one.form
        both = sp.block_array([[apart, None], [one.technology[:, own], form.matrix]], format="csc")
        joined = stage(
            both,
            np.concatenate([first.c[own], form.c]),
            row_lower=np.concatenate([first.row_lower[~common], form.row_lower]),
            row_upper=np.concatenate([first.row_upper[~common], form.row_upper]),
            lb=np.concatenate([first.lb[own], form.lb]),
            ub=np.concatenate([first.ub[own], form.ub]),
            integer=np.concatenate([first.integrality[own], form.integrality]),
            offset=first.offset + form.offset,
        )
        above = sp.csc_array((int((~common).sum()), int(tied.sum())))
        technology = sp.csc_array(sp.vstack([above, one.technology[:, tied]], format="csc"))
        scenarios.append(replace(one, technology=technology, form=joined))
    solution = solve_form(
        extensive_form(replace(program, first=top, scenarios=tuple(scenarios)), risk), options=options
    )
    if solution.x is None:
        raise SolverError(f"all scenarios, each known beforehand, ended {solution.status}")
    return solution.objective
