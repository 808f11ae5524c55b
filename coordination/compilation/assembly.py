"""Collecting rows and entries, component by component, into one sparse matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from coordination.compilation.linear import Linear, Numbers, Term

FloatArray = npt.NDArray[np.float64]


class Rows:
    """Rows with bounds and entries, in the order in which they were added."""

    def __init__(self) -> None:
        self.count = 0
        self._lower: list[FloatArray] = []
        self._upper: list[FloatArray] = []
        self._entries: list[tuple[int, int, Term]] = []

    def add(self, size: int, linear: Linear, lower: Numbers, upper: Numbers) -> slice:
        """Add `size` rows ``lower <= terms of linear <= upper`` and return where they stand.

        The constant of `linear` is taken to be in the bounds already.
        """
        self._lower.append(_full(lower, size))
        self._upper.append(_full(upper, size))
        self._entries += [(self.count, size, term) for term in linear.terms if len(term.columns)]
        self.count += size
        return slice(self.count - size, self.count)

    def bounds(self) -> tuple[FloatArray, FloatArray]:
        """Return (rows,) lower and upper bounds."""
        empty = np.zeros(0)
        return np.concatenate([empty, *self._lower]), np.concatenate([empty, *self._upper])

    def matrix(self, columns: int) -> sp.csc_array[Any]:
        """Return the entries by columns: rows ascending, equal places summed, zeros left out."""
        count = sum(len(term.columns) for _, _, term in self._entries)
        row, column = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.int32)
        value = np.empty(count)
        end = 0
        for first, size, term in self._entries:
            begin, end = end, end + len(term.columns)
            rows = np.arange(size) if term.rows is None else term.rows
            np.add(rows, first, out=row[begin:end], casting="unsafe")
            column[begin:end] = term.columns
            value[begin:end] = term.coefficients
        matrix = sp.csc_array(sp.coo_array((value, (row, column)), shape=(self.count, columns)))
        if not matrix.data.all():
            matrix.eliminate_zeros()
        return matrix


def _full(bound: Numbers, size: int) -> FloatArray:
    return np.array(np.broadcast_to(np.asarray(bound, dtype=np.float64), (size,)))
