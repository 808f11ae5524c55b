"""Linear functions of the columns, one for each row of an environment, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from coordination.compilation.positions import Pattern, PositionArray, Positions, as_array, at_rows, values_at

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
    rows : numpy.ndarray, Pattern or None
        (m,) row of each entry; None when entry i belongs to row i.
    """

    columns: PositionArray
    coefficients: Numbers
    rows: Positions = None

    def times(self, factor: Numbers) -> Term:
        """Return the entries multiplied by one number, or by one number per row."""
        if isinstance(factor, np.ndarray):
            factor = values_at(self.rows, factor)
        if isinstance(self.coefficients, float) and self.coefficients == 1.0:
            return Term(self.columns, factor, self.rows)
        return Term(self.columns, self.coefficients * factor, self.rows)

    def lifted(self, rows: Pattern | PositionArray) -> Term:
        """Return the entries with row r renamed to ``rows[r]``."""
        return Term(self.columns, self.coefficients, at_rows(rows, self.rows))


@dataclass
class Linear:
    """A constant and terms per row."""

    constant: Numbers = 0.0
    terms: list[Term] = field(default_factory=list)

    @classmethod
    def of_columns(cls, columns: PositionArray) -> Linear:
        """Return the function that is one column in each row."""
        return cls(0.0, [Term(columns, 1.0)])

    def plus(self, other: Linear) -> Linear:
        """Return the sum."""
        return Linear(self.constant + other.constant, self.terms + other.terms)

    def summed(self, rows: Pattern | PositionArray, size: int) -> Linear:
        """Return the sums over the rows that belong to each of `size` outer rows."""
        constant: Numbers = 0.0
        if np.any(self.constant):
            each = as_array(rows, 0)
            weights = np.broadcast_to(np.asarray(self.constant, dtype=np.float64), each.shape)
            constant = np.bincount(each, weights=weights, minlength=size).astype(np.float64, copy=False)
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
                Pattern.of_rows(size, len(term.columns)),
            )
            for term in self.terms
        ]
        return Linear(constant, terms)
