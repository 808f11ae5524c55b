"""A two-stage stochastic program as data: the first stage, and what each scenario makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from coordination.compilation.matrix import MatrixForm
from coordination.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from coordination.solver.solution import FloatArray

PROBABILITY_TOLERANCE = 1e-6
"""Rounding of written probabilities (0.33333333 three times) that is put right; more is an error."""


def stage(
    matrix: Any,
    c: ArrayLike,
    *,
    row_lower: ArrayLike,
    row_upper: ArrayLike,
    lb: ArrayLike = 0.0,
    ub: ArrayLike = np.inf,
    integer: ArrayLike = False,
    offset: float = 0.0,
) -> MatrixForm:
    """Return one stage as a matrix without names, to be minimised.

    Parameters
    ----------
    matrix : array_like or sparse array
        (rows, columns) coefficients of the stage's own columns.
    c, lb, ub, integer : array_like
        (columns,) each, or one value for all: costs, bounds, whether whole numbers are required.
    row_lower, row_upper : array_like
        (rows,) each, or one value for all; infinite where there is no bound.
    offset : float
        Constant cost.

    Returns
    -------
    MatrixForm
        For `TwoStageProgram.first` and `Scenario.form`.
    """
    entries: sp.csc_array[Any] = sp.csc_array(matrix, dtype=np.float64)
    entries.sum_duplicates()
    entries.sort_indices()
    rows, columns = entries.shape

    def column(values: ArrayLike) -> FloatArray:
        return np.array(np.broadcast_to(np.asarray(values, dtype=np.float64), columns))

    def row(values: ArrayLike) -> FloatArray:
        return np.array(np.broadcast_to(np.asarray(values, dtype=np.float64), rows))

    return MatrixForm(
        start=entries.indptr.astype(np.int32),
        index=entries.indices.astype(np.int32),
        value=np.asarray(entries.data, dtype=np.float64),
        c=column(c),
        lb=column(lb),
        ub=column(ub),
        row_lower=row(row_lower),
        row_upper=row(row_upper),
        integrality=column(integer).astype(np.uint8),
        offset=float(offset),
        maximize=False,
        variables={},
        constraints={},
        terms={},
    )


@dataclass(frozen=True)
class Scenario:
    """One way things may go, and what can be done then.

    Attributes
    ----------
    name : str
        For messages and tables.
    probability : float
        How likely it is.
    technology : scipy.sparse.csc_array
        (rows, first-stage columns) T: what the first stage does to the scenario's rows.
    form : MatrixForm
        Costs q, matrix W, bounds of rows and columns; rows hold for T x + W y.
    """

    name: str
    probability: float
    technology: sp.csc_array[Any]
    form: MatrixForm


@dataclass(frozen=True)
class TwoStageProgram:
    """Minimise first-stage cost plus a mixture of mean and CVaR of what the scenarios cost.

    Scenarios may differ in everything, the number of rows and columns too; what they share may be shared in memory.

    Attributes
    ----------
    first : MatrixForm
        The first stage alone.
    scenarios : tuple of Scenario
        At least one; probabilities that sum to 1 but for rounding are put right, others refused.
    names : tuple of str
        Names of first-stage columns, for people; may be empty.

    Raises
    ------
    UsageError
        If shapes do not agree, probabilities are no probabilities, or something is to be maximised.
    """

    first: MatrixForm
    scenarios: tuple[Scenario, ...]
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.scenarios:
            raise UsageError("a two-stage program needs at least one scenario")
        self._check_shapes()
        self._check_probabilities()

    def _check_shapes(self) -> None:
        columns = self.first.columns
        for one in self.scenarios:
            expected = (one.form.rows, columns)
            if one.technology.shape != expected:
                found = one.technology.shape
                raise UsageError(f"scenario {one.name!r}: its technology matrix has shape {found}; expected {expected}")
        if self.first.maximize or any(one.form.maximize for one in self.scenarios):
            raise UsageError("two-stage programs are minimised: negate the costs of what is to be maximised")

    def _check_probabilities(self) -> None:
        for one in self.scenarios:
            if not 0.0 <= one.probability <= 1.0:
                raise UsageError(f"scenario {one.name!r} has probability {one.probability!r}; expected 0..1")
        total = sum(one.probability for one in self.scenarios)
        if abs(total - 1.0) > PROBABILITY_TOLERANCE:
            raise UsageError(f"the probabilities of {len(self.scenarios)} scenarios sum to {total:.9g}; expected 1")
        if total != 1.0:
            scaled = tuple(replace(one, probability=one.probability / total) for one in self.scenarios)
            object.__setattr__(self, "scenarios", scaled)

    @cached_property
    def probabilities(self) -> FloatArray:
        """Probability of each scenario, shape (scenarios,)."""
        return np.array([one.probability for one in self.scenarios])

    @property
    def integer_recourse(self) -> bool:
        """Whether some scenario requires whole numbers."""
        return any(bool(one.form.integrality.any()) for one in self.scenarios)

    def relaxed(self) -> TwoStageProgram:
        """Return the program without whole numbers in the first stage."""
        return replace(self, first=replace(self.first, integrality=np.zeros_like(self.first.integrality)))

    def of(self, numbers: Any) -> TwoStageProgram:
        """Return the program of some scenarios, their probabilities scaled to 1.

        Parameters
        ----------
        numbers : sequence of int
            Which.
        """
        some = [self.scenarios[number] for number in numbers]
        total = sum(one.probability for one in some)
        even = [one.probability / total if total > 0 else 1.0 / len(some) for one in some]
        kept = tuple(replace(one, probability=share) for one, share in zip(some, even, strict=True))
        return replace(self, scenarios=kept)

    def mean(self) -> Scenario:
        """Return the scenario whose every number is the mean over all scenarios.

        Raises
        ------
        UsageError
            If scenarios have different numbers of rows or columns: then there is no such mean.
        """
        shapes = {(one.form.rows, one.form.columns) for one in self.scenarios}
        if len(shapes) > 1:
            raise UsageError("scenarios of different sizes have no mean scenario: give one")
        p, forms = self.probabilities, [one.form for one in self.scenarios]

        def mean(name: str) -> FloatArray:
            return np.asarray(_weighted(p, np.array([getattr(form, name) for form in forms])))

        matrix = sum((q * form.matrix for q, form in zip(p, forms, strict=True)), sp.csc_array(forms[0].matrix.shape))
        form = stage(
            matrix,
            mean("c"),
            row_lower=mean("row_lower"),
            row_upper=mean("row_upper"),
            lb=mean("lb"),
            ub=mean("ub"),
            integer=np.max([form.integrality for form in forms], axis=0),
            offset=float(p @ [form.offset for form in forms]),
        )
        technology = sum(
            (one.probability * one.technology for one in self.scenarios),
            sp.csc_array(self.scenarios[0].technology.shape),
        )
        return Scenario("mean", 1.0, sp.csc_array(technology), form)


def _weighted(p: FloatArray, rows: FloatArray) -> FloatArray:
    """Return the mean of rows; an infinite bound with a probability stays infinite."""
    with np.errstate(invalid="ignore"):
        parts = np.where(p[:, None] > 0, p[:, None] * rows, 0.0)
    return np.asarray(parts.sum(axis=0))
