"""A second look at a linear program's answer: how far off are its values and duals, on the arrays themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.solver.solution import FloatArray

if TYPE_CHECKING:
    from coordination.compilation.matrix import MatrixForm

ACCEPTED = 1e-6
"""Largest relative residual with which an answer counts."""


@dataclass(frozen=True)
class Residuals:
    """Relative violations of an answer.

    Attributes
    ----------
    primal : float
        Largest violation of a row or column bound, relative to 1 + the largest finite bound.
    dual : float
        Largest reduced cost or dual with a sign that no bound explains, relative to 1 + the largest cost.
    gap : float
        Distance of the primal and the dual objective, relative to 1 + the objective.
    dual_objective : float
        What the duals prove, up to `dual`.
    """

    primal: float
    dual: float
    gap: float
    dual_objective: float

    @property
    def acceptable(self) -> bool:
        """Whether the answer counts."""
        return max(self.primal, self.dual, self.gap) <= ACCEPTED

    def __str__(self) -> str:
        return f"residuals primal {self.primal:.1e}, dual {self.dual:.1e}, gap {self.gap:.1e}"


def residuals(form: MatrixForm, x: FloatArray, row_dual: FloatArray) -> Residuals:
    """Measure an answer of a linear program.

    Parameters
    ----------
    form : MatrixForm
        The program; integrality is ignored.
    x : numpy.ndarray
        (columns,) values.
    row_dual : numpy.ndarray
        (rows,) duals, as the change of the objective per unit of right-hand side.

    Returns
    -------
    Residuals
        Reduced costs are computed from `row_dual`, not taken from the solver.
    """
    matrix = form.matrix
    sign = -1.0 if form.maximize else 1.0
    cost, dual = sign * form.c, sign * row_dual
    reduced = cost - matrix.T @ dual
    primal = max(_violation(matrix @ x, form.row_lower, form.row_upper), _violation(x, form.lb, form.ub)) / (
        1.0 + _largest(form.row_lower, form.row_upper)
    )
    row_value, row_excess = _priced(dual, form.row_lower, form.row_upper)
    column_value, column_excess = _priced(reduced, form.lb, form.ub)
    objective = float(cost @ x)
    dual_objective = row_value + column_value
    return Residuals(
        primal=primal,
        dual=max(row_excess, column_excess) / (1.0 + _largest(cost)),
        gap=abs(objective - dual_objective) / (1.0 + abs(objective)),
        dual_objective=sign * dual_objective + form.offset,
    )


def _violation(value: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    if not len(value):
        return 0.0
    return float(max(np.max(lower - value), np.max(value - upper), 0.0))


def _largest(*arrays: FloatArray) -> float:
    return max((float(np.max(np.abs(a[np.isfinite(a)]), initial=0.0)) for a in arrays), default=0.0)


def _priced(dual: FloatArray, lower: FloatArray, upper: FloatArray) -> tuple[float, float]:
    """Return the value of bounds at duals (in a minimisation), and the largest dual without a bound to belong to."""
    bound = np.where(dual > 0, lower, upper)
    priced = np.isfinite(bound) & (dual != 0)
    excess = np.max(np.abs(dual[~priced]), initial=0.0)
    return float(dual[priced] @ bound[priced]), float(excess)
