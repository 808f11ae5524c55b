"""A linear or mixed-integer program as arrays, with the names and indices of its columns and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from coordination.compilation.positions import PositionArray
from coordination.compilation.tables import Domain

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Labels:
    """Where a component's columns or rows stand, and which index each of them has.

    Attributes
    ----------
    name : str
        Name of the component, with its blocks: ``supply.ship``.
    slice : slice
        Its columns (of a variable) or rows (of a constraint).
    domain : Domain
        What it is indexed by.
    positions : numpy.ndarray or None
        (n,) entries of the domain that are there; None when all are.
    """

    name: str
    slice: slice
    domain: Domain
    positions: PositionArray | None = None

    @property
    def size(self) -> int:
        """Number of columns or rows."""
        return int(self.slice.stop - self.slice.start)

    @property
    def index(self) -> pd.Index:
        """The index of each column or row, in order (one entry ``None`` for a scalar component)."""
        labels = self.domain.labels
        return labels if self.positions is None else labels.take(self.positions)

    def series(self, array: FloatArray) -> pd.Series[float]:
        """Return this component's part of an array over all columns (or rows) as a Series over its index.

        Labels know nothing of the matrix: who keeps only them can let go of it once a solver has it.
        """
        return pd.Series(array[self.slice], index=self.index, name=self.name, copy=False)


@dataclass(frozen=True)
class ObjectiveTerm:
    """One named term of the objective, weight included.

    Attributes
    ----------
    columns : numpy.ndarray
        (m,) int32; a column may occur more than once.
    coefficients : numpy.ndarray
        (m,) float64.
    constant : float
        What it adds whatever the columns are.
    """

    columns: npt.NDArray[np.int32]
    coefficients: FloatArray
    constant: float

    def value(self, x: FloatArray) -> float:
        """Return what the term amounts to at column values `x`."""
        return float(self.coefficients @ x[self.columns]) + self.constant


@dataclass(frozen=True)
class MatrixForm:
    """min or max ``c x + offset`` subject to ``row_lower <= A x <= row_upper`` and ``lb <= x <= ub``.

    Attributes
    ----------
    start, index, value : numpy.ndarray
        A by columns (CSC): (columns + 1,) int32, (entries,) int32 rows ascending in a column, (entries,) float64.
    c, lb, ub : numpy.ndarray
        (columns,) float64; infinite where there is no bound.
    row_lower, row_upper : numpy.ndarray
        (rows,) float64; infinite where there is no bound.
    integrality : numpy.ndarray
        (columns,) uint8, 1 where whole numbers are required.
    offset : float
        Constant of the objective.
    maximize : bool
        Sense of the objective.
    variables, constraints : Mapping
        `Labels` by component name, in order.
    terms : Mapping
        `ObjectiveTerm` by name of the named expression, and "" for what stands in the objective outside of any.
    """

    start: npt.NDArray[np.int32]
    index: npt.NDArray[np.int32]
    value: FloatArray
    c: FloatArray
    lb: FloatArray
    ub: FloatArray
    row_lower: FloatArray
    row_upper: FloatArray
    integrality: npt.NDArray[np.uint8]
    offset: float
    maximize: bool
    variables: Mapping[str, Labels]
    constraints: Mapping[str, Labels]
    terms: Mapping[str, ObjectiveTerm]

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.c)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    @property
    def entries(self) -> int:
        """Number of matrix entries that are not zero."""
        return len(self.value)

    @property
    def matrix(self) -> sp.csc_array[Any]:
        """A as a scipy sparse array, sharing the memory."""
        return sp.csc_array((self.value, self.index, self.start), shape=(self.rows, self.columns))

    def values(self, name: str, x: FloatArray) -> pd.Series[float]:
        """Return column values (or reduced costs) of one variable component as a Series over its index.

        Parameters
        ----------
        name : str
            Qualified name of the variable.
        x : numpy.ndarray
            (columns,) values.

        Raises
        ------
        KeyError
            If there is no such variable.
        """
        return self.variables[name].series(x)

    def duals(self, name: str, y: FloatArray) -> pd.Series[float]:
        """Return row values (duals, activities) of one constraint component as a Series over its index.

        Parameters
        ----------
        name : str
            Qualified name of the constraint.
        y : numpy.ndarray
            (rows,) values.

        Raises
        ------
        KeyError
            If there is no such constraint.
        """
        return self.constraints[name].series(y)

    def term_values(self, x: FloatArray) -> dict[str, float]:
        """Return what each named term of the objective amounts to at `x`; they sum up to the objective."""
        return {name: term.value(x) for name, term in self.terms.items()}

    def objective(self, x: FloatArray) -> float:
        """Return the objective at column values `x`."""
        return float(self.c @ x) + self.offset
