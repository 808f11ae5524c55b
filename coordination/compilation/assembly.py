"""Collecting rows and entries, component by component, into one sparse matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from coordination.compilation.linear import Linear, Numbers, Term
from coordination.compilation.positions import as_array, run

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
        ends = self._ends(columns) if count < 1 << 31 else None
        matrix = self._gathered(columns, count) if ends is None else self._placed(ends, count)
        matrix.sum_duplicates()
        if not matrix.data.all():
            matrix.eliminate_zeros()
        return matrix

    def _ends(self, columns: int) -> npt.NDArray[np.int32] | None:
        """Return where each column's entries end; None if a term meets a column more than once."""
        ends = np.zeros(columns + 1, dtype=np.int32)
        for _, _, term in self._entries:
            at = run(term.columns)
            if isinstance(at, slice):
                ends[1:][at] += 1
                continue
            first = int(at.min())
            counts = np.bincount(at - first)
            if counts.max() > 1:
                return None
            ends[1:][first : first + len(counts)] += counts
        return np.cumsum(ends, out=ends)

    def _placed(self, ends: npt.NDArray[np.int32], count: int) -> sp.csc_array[Any]:
        """Put every entry where it belongs: no array of all entries' rows and columns beside the matrix.

        Columns are filled from their ends, the last rows first; when all are, each end has become a start.
        """
        index, value = np.empty(count, dtype=np.int32), np.empty(count)
        start, ends = ends, ends[1:]
        for first, size, term in reversed(self._entries):
            at = run(term.columns)
            place = ends[at]
            place -= 1
            if not isinstance(at, slice):
                ends[at] = place
            rows = as_array(term.rows, size)
            index[place] = rows + np.int32(first) if first else rows
            value[place] = term.coefficients
        start[:-1] = ends
        start[-1] = count
        return sp.csc_array((value, index, start), shape=(self.count, len(ends)))

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


def _full(bound: Numbers, size: int) -> FloatArray:
    return np.array(np.broadcast_to(np.asarray(bound, dtype=np.float64), (size,)))
