r"""The master program of the decomposition: the first stage, and what its cuts know of every scenario's cost.

.. math::

   \min c x + \sum_s (1 - \lambda) p_s \theta_s + \lambda \Big(\eta + \frac{1}{1 - \alpha} \sum_s p_s \nu_s\Big),
   \qquad \theta_s \ge v_s + g_s (x - \hat x), \qquad \nu_s \ge \theta_s - \eta, \quad \nu_s \ge 0

One cost theta for each scenario (multi-cut, Birge and Louveaux 1988). A cut at a first stage after which a scenario has
no answer is 0 >= v + g (x − x̂), v being the least violation of its rows.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from coordination.solver import LinearProgram, SolverOptions, solve
from coordination.twostage.program import stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from coordination.compilation.matrix import MatrixForm
    from coordination.solver.solution import FloatArray, Solution
    from coordination.twostage.program import TwoStageProgram
    from coordination.twostage.recourse import Outcome
    from coordination.twostage.risk import Risk

VIOLATED = 1e-7
"""Relative violation from which on a cut is worth adding."""


class Master:
    """The master program, its relaxation kept in the solver.

    Parameters
    ----------
    program : TwoStageProgram
        What is decided.
    risk : Risk
        How scenarios' costs are weighed.
    lowest : numpy.ndarray
        (scenarios,) what each scenario costs at least, whatever the first stage.
    options : SolverOptions
        Of each solve.
    """

    def __init__(self, program: TwoStageProgram, risk: Risk, lowest: FloatArray, options: SolverOptions) -> None:
        self.columns, self.count = program.first.columns, len(program.scenarios)
        self.options = options
        form = _form(program, risk, lowest)
        self.integrality = form.integrality
        self.relaxed = LinearProgram(form, options)

    def solve(self, seconds: float | None) -> Solution:
        """Solve the relaxation as it is now."""
        return self.relaxed.solve(time_limit=seconds)

    def solve_whole(self, gap: float, seconds: float | None, start: FloatArray | None) -> Solution:
        """Solve with the first stage's whole numbers."""
        form = replace(self.relaxed.form, integrality=self.integrality)
        known = None
        if start is not None:
            known = np.full(form.columns, np.nan)
            known[: self.columns] = start
        return solve(form, options=replace(self.options, gap=gap, time_limit=seconds), start=known)

    @contextmanager
    def fixed(self, columns: NDArray[np.int64], values: FloatArray) -> Iterator[None]:
        """Hold columns of the relaxation at values for a while.

        Parameters
        ----------
        columns : numpy.ndarray of int
            (n,) which.
        values : numpy.ndarray
            (n,) at what.
        """
        lower, upper = self.relaxed.form.lb[columns].copy(), self.relaxed.form.ub[columns].copy()
        self.relaxed.set_column_bounds(columns, values, values)
        try:
            yield
        finally:
            self.relaxed.set_column_bounds(columns, lower, upper)

    def add(self, x: FloatArray, outcomes: Sequence[Outcome], at: FloatArray) -> int:
        """Add the cuts of a first stage that a point of the master violates; return how many.

        Parameters
        ----------
        x : numpy.ndarray
            The first stage.
        outcomes : sequence of Outcome
            Each scenario's answer to it.
        at : numpy.ndarray
            (columns,) the point.
        """
        gradients = np.array([outcome.gradient for outcome in outcomes])
        constants = np.array([outcome.bound for outcome in outcomes]) - gradients @ x
        optimal = np.array([outcome.feasible for outcome in outcomes])
        theta = np.where(optimal, at[self.columns : self.columns + self.count], 0.0)
        value = constants + gradients @ at[: self.columns]
        chosen = np.flatnonzero(value > theta + VIOLATED * np.maximum(1.0, np.abs(value)))
        if not len(chosen):
            return 0
        own = sp.csr_array(
            (optimal[chosen].astype(float), (np.arange(len(chosen)), chosen)), shape=(len(chosen), self.count)
        )
        rest = self.relaxed.form.columns - self.columns - self.count
        more = sp.hstack([sp.csr_array(-gradients[chosen]), own, sp.csr_array((len(chosen), rest))], format="csr")
        more.eliminate_zeros()
        self.relaxed.add_rows(constants[chosen], np.full(len(chosen), np.inf), more)
        return len(chosen)

    def close(self) -> None:
        """Let the solver go."""
        self.relaxed.close()


def _form(program: TwoStageProgram, risk: Risk, lowest: FloatArray) -> MatrixForm:
    """Return the master without cuts: columns of the first stage, theta, eta, nu."""
    first, count, p = program.first, len(program.scenarios), program.probabilities
    worst = risk.averse and risk.level >= 1.0
    tail = (1 if worst else 1 + count) if risk.averse else 0
    matrix = sp.hstack([first.matrix, sp.csc_array((first.rows, count + tail))], format="csc")
    low, high = first.row_lower, first.row_upper
    costs = [first.c, (1.0 - risk.weight) * p if risk.averse else p]
    lb, ub = [first.lb, lowest], [first.ub, np.full(count + tail, np.inf)]
    if risk.averse:
        above: list[Any] = [
            sp.csc_array((count, first.columns)),
            -sp.eye_array(count),
            sp.csc_array(np.ones((count, 1))),
        ]
        above += [] if worst else [sp.eye_array(count)]
        matrix = sp.vstack([matrix, sp.hstack(above)], format="csc")
        low, high = np.concatenate([low, np.zeros(count)]), np.concatenate([high, np.full(count, np.inf)])
        costs.append(np.array([risk.weight]))
        costs.append(np.zeros(0) if worst else risk.weight * p / (1.0 - risk.level))
        lb += [np.array([lowest.min()]), np.zeros(tail - 1)]
    return stage(
        matrix,
        np.concatenate(costs),
        row_lower=low,
        row_upper=high,
        lb=np.concatenate(lb),
        ub=np.concatenate(ub),
        integer=np.concatenate([first.integrality, np.zeros(count + tail)]),
        offset=first.offset,
    )
