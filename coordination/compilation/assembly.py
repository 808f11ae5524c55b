"""Collecting rows and entries, component by component, into one sparse matrix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from coordination.compilation.linear import Linear, Numbers, Term
from coordination.compilation.positions import as_array, run

FloatArray = npt.NDArray[np.float64]

STRETCH = 1 << 16
"""Entries that are placed together."""


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
        matrix = self._placed(columns, count) if count < 1 << 31 else None
        if matrix is None:
            matrix = self._gathered(columns, count)
        matrix.sum_duplicates()
        if not matrix.data.all():
            matrix.eliminate_zeros()
        return matrix

    def _placed(self, columns: int, count: int) -> sp.csc_array[Any] | None:
        """Put every entry where it belongs: no array of all entries' rows and columns beside the matrix.

        Columns are filled from their ends, the last rows first; when all are, each end has become a start. None if a
        term meets a column more than once in one stretch: then two entries took one place.
        """
        start = self._ends(columns)
        ends = start[1:]
        index, value = np.empty(count, dtype=np.int32), np.empty(count)
        total = int(ends.sum(dtype=np.int64))
        for first, size, term in reversed(self._entries):
            rows = as_array(term.rows, size)
            coefficients = np.broadcast_to(term.coefficients, rows.shape)
            for part in _stretches(len(rows)):
                column = term.columns[part].astype(np.intp)
                place = ends[column].astype(np.intp)
                place -= 1
                ends[column] = place
                index[place] = rows[part] + np.int32(first)
                value[place] = coefficients[part]
        if total - int(ends.sum(dtype=np.int64)) != count:
            return None
        start[:-1] = ends
        start[-1] = count
        return sp.csc_array((value, index, start), shape=(self.count, columns))

    def _ends(self, columns: int) -> npt.NDArray[np.int32]:
        """Return (columns + 1,) where each column's entries end, one place late."""
        ends = np.zeros(columns + 1, dtype=np.int32)
        for _, _, term in self._entries:
            at = run(term.columns)
            if isinstance(at, slice):
                ends[1:][at] += 1
            else:
                for part in _stretches(len(at)):
                    np.add.at(ends[1:], at[part].astype(np.intp), np.int32(1))
        return np.cumsum(ends, out=ends)

    def _gathered(self, columns: int, count: int) -> sp.csc_array[Any]:
        row, column = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.int32)
        value = np.empty(count)
        end = 0
        for first, size, term in self._entries:
            begin, end = end, end + len(term.columns)
            np.add(as_array(term.rows, size), first, out=row[begin:end], casting="unsafe")
            column[begin:end] = term.columns
            value[begin:end] = term.coefficients
        return sp.csc_array(sp.coo_array((value, (row, column)), shape=(self.count, columns)))


def _stretches(size: int) -> Iterator[slice]:
    """Yield stretches short enough for what is made on the way to stay in the processor's cache."""
    for first in range(0, size, STRETCH):
        yield slice(first, first + STRETCH)


def _full(bound: Numbers, size: int) -> FloatArray:
    return np.array(np.broadcast_to(np.asarray(bound, dtype=np.float64), (size,)))
