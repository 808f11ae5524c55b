r"""Sorting inside a linear program: columns in rising order, or spread further apart, by a network of comparators.

.. math:: l + h = a + b, \qquad l \le a, \qquad l \le b

A comparator takes two columns and gives l, at most the smaller, and h, the rest. Batcher's network of them sorts n
columns with about n (log n)^2 / 4. Where a program may choose l below the smaller one, what comes out is spread further
than the sorted columns are: it majorises them. So a rule that hurts more the further they are spread (weights that rise
from the first to the last) can be kept if and only if the columns truly sorted keep it.

Source: Batcher (1968), Sorting networks and their applications; Knuth, The Art of Computer Programming 3, algorithm
5.2.2M; Goemans (2015), Smallest compact formulation for the permutahedron, Mathematical Programming 153.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coordination.objectives.extension import entries, extended

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm

    Columns = NDArray[np.int64]
    Floats = NDArray[np.float64]


def with_sorted(form: MatrixForm, columns: Columns) -> tuple[MatrixForm, Columns]:
    """Return the program with columns (at least 0) sorted, and which columns that are, rising.

    Parameters
    ----------
    columns : ndarray of int, shape (n,)
        What is sorted.
    """
    wires, first, row = columns.astype(np.int64), form.columns, 0
    rows: list[Columns] = []
    places: list[Columns] = []
    signs: list[Floats] = []
    lower, upper = [np.zeros(0)], [np.zeros(0)]
    for small, large in _stages(len(columns)):
        count = len(small)
        number, one = np.arange(count), np.ones(count)
        low, high, a, b = first + number, first + count + number, wires[small], wires[large]
        equal, below, also = (row + part * count + number for part in range(3))
        rows += [equal, equal, equal, equal, below, below, also, also]
        places += [low, high, a, b, low, a, low, b]
        signs += [one, one, -one, -one, one, -one, one, -one]
        lower += [np.zeros(count), np.full(2 * count, -np.inf)]
        upper += [np.zeros(3 * count)]
        wires[small], wires[large] = low, high
        first, row = first + 2 * count, row + 3 * count
    if not rows:
        return form, wires
    more = entries(rows, places, signs, (row, first))
    new = first - form.columns
    wide = extended(form, np.zeros(new), np.full(new, np.inf), more, np.concatenate(lower), np.concatenate(upper))
    return wide, wires


def _stages(n: int) -> Iterator[tuple[Columns, Columns]]:
    """Yield the comparators of each stage: positions of the smaller and of the larger; none twice in a stage."""
    top = 1 << max(0, (n - 1).bit_length() - 1)
    p = top if n > 1 else 0
    while p > 0:
        q, r, d = top, 0, p
        while True:
            small = np.arange(n - d)
            small = small[(small & p) == r]
            if len(small):
                yield small, small + d
            if q == p:
                break
            d, q, r = q - p, q // 2, p
        p //= 2
