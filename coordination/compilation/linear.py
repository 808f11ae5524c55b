"""Linear functions of the columns, one for each row of an environment, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from coordination.compilation.codes import IntArray

Numbers: TypeAlias = float | npt.NDArray[np.float64]
"""One number for all rows, or one per row."""


@dataclass(frozen=True)
class Term:
    """Entries ``coefficient * column``, each belonging to one row.

    Attributes
    ----------
    columns : numpy.ndarray
        (m,) column of each entry.
    coefficients : float or numpy.ndarray
        One for all, or (m,).
    rows : numpy.ndarray or None
        (m,) row of each entry; None when entry i belongs to row i.
    """

    columns: IntArray
    coefficients: Numbers
    rows: IntArray | None = None

    def times(self, factor: Numbers) -> Term:
        """Return the entries multiplied by one number, or by one number per row."""
        if isinstance(factor, np.ndarray) and self.rows is not None:
            factor = factor[self.rows]
        return Term(self.columns, self.coefficients * factor, self.rows)

    def lifted(self, rows: IntArray) -> Term:
        """Return the entries with row r renamed to ``rows[r]``."""
        return Term(self.columns, self.coefficients, rows if self.rows is None else rows[self.rows])


@dataclass
class Linear:
    """A constant and terms per row."""

    constant: Numbers = 0.0
    terms: list[Term] = field(default_factory=list)

    @classmethod
    def of_columns(cls, columns: IntArray) -> Linear:
        """Return the function that is one column in each row."""
        return cls(0.0, [Term(columns, 1.0)])

    def plus(self, other: Linear) -> Linear:
        """Return the sum."""
        return Linear(self.constant + other.constant, self.terms + other.terms)

    def summed(self, rows: IntArray, size: int) -> Linear:
        """Return the sums over the rows that belong to each of `size` outer rows."""
        constant: Numbers = 0.0
        if np.any(self.constant):
            weights = np.broadcast_to(np.asarray(self.constant, dtype=np.float64), rows.shape)
            constant = np.bincount(rows, weights=weights, minlength=size).astype(np.float64, copy=False)
        return Linear(constant, [term.lifted(rows) for term in self.terms])

    def times(self, factor: Numbers) -> Linear:
        """Return the product with one number, or one number per row."""
        nothing = isinstance(self.constant, float) and self.constant == 0.0
        return Linear(0.0 if nothing else self.constant * factor, [term.times(factor) for term in self.terms])

    def repeated(self, size: int) -> Linear:
        """Return a function of one row as the same function in each of `size` rows."""
        constant = float(np.sum(self.constant))
        terms = [
            Term(
                np.tile(term.columns, size),
                np.tile(np.broadcast_to(term.coefficients, term.columns.shape), size),
                np.repeat(np.arange(size), len(term.columns)),
            )
            for term in self.terms
        ]
        return Linear(constant, terms)
