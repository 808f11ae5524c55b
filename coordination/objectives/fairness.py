r"""Shares and how evenly they fall: the sum of the worst ones, a bound on their Gini coefficient, on their ratio.

.. math::

   u_i = \sum_j S_{ij} x_j + s_i

   \text{sum of the } k \text{ worst} = \max_{t} \Big( k t - \sum_i d_i \Big), \quad d_i \ge t - u_i, \quad d_i \ge 0

   \sum_{i<j} |u_i - u_j| = \sum_k (2 k - n - 1) \, y_k \le \Gamma n \sum_i u_i

   m \le u_i \le \rho m

======  ==========================================  ====
symbol  meaning                                     unit
======  ==========================================  ====
u       shares, 0..1                                1
s       what of a share does not depend on x        1
t, d    the k-th worst share; how far below it      1
y       the shares in rising order (see `sorting`)  1
Gamma   most that the Gini coefficient may be       1
m, rho  the smallest share; most times it           1
======  ==========================================  ====

Maximising the worst, then the sum of the two worst, and so on up to all n is leximin: no share can be raised without
lowering one that is smaller or has become so. Any plan with all shares 0 keeps both bounds. Where the largest shall be
small, as loads, the shares are what is left of them up to 1.

Source: Ogryczak and Śliwiński (2003), On solving linear programs with the ordered weighted averaging objective,
European Journal of Operational Research 148, and (2006), On direct methods for lexicographic min-max optimization; Gini
(1912) by mean differences.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from coordination.objectives.extension import entries, extended
from coordination.objectives.objective import Objective
from coordination.objectives.sorting import with_sorted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm

    Floats = NDArray[np.float64]
    Columns = NDArray[np.int64]


MOST_EXACT = 30
"""Shares up to which leximin takes every sum of the worst."""
PARTS = (0.05, 0.10, 0.25)
"""Parts of all shares whose sum is taken beyond that."""


def worst_counts(count: int) -> list[int]:
    """Return of how many of the worst shares sums are taken, the smallest first.

    Examples
    --------
    >>> worst_counts(4), worst_counts(100)
    ([1, 2, 3, 4], [1, 5, 10, 25])
    """
    if count <= MOST_EXACT:
        return list(range(1, count + 1))
    return sorted({1, *(math.ceil(part * count - 1e-9) for part in PARTS)})


def how_exact(count: int, what: str) -> list[str]:
    """Return a remark where leximin of so many shares is not exact; nothing where it is.

    Parameters
    ----------
    what : str
        What the shares are called, more than one of them.
    """
    if count <= MOST_EXACT:
        return []
    parts = ", ".join(f"{100 * part:.0f}" for part in PARTS)
    return [f"Leximin of {count} {what}: the worst, then the sums of the worst {parts} %; exact up to {MOST_EXACT}."]


def with_shares(form: MatrixForm, shares: sp.csr_array[Any], ground: float = 0.0) -> tuple[MatrixForm, Columns]:
    """Return the program with a column for each share, and which they are.

    Parameters
    ----------
    shares : sparse array, shape (n, columns)
        S: what each column adds to each share.
    ground : float
        s, the same for all: what they are where all columns are 0.
    """
    count = shares.shape[0]
    rows = sp.csr_array(sp.hstack([shares, -sp.eye_array(count)], format="csr"))
    side = np.full(count, -ground)
    wide = extended(form, np.zeros(count), np.full(count, np.inf), rows, side, side)
    return wide, form.columns + np.arange(count)


def with_worst_sums(
    form: MatrixForm, shares: Columns, counts: Sequence[int], name: str = "share"
) -> tuple[MatrixForm, list[Objective]]:
    """Return the program with the sums of the worst shares as objectives (their negatives: objectives are minimised).

    Parameters
    ----------
    shares : ndarray of int, shape (n,)
        Columns of the shares.
    counts : sequence of int
        How many of the worst each sum takes.
    name : str
        What a share is called.
    """
    n, first = len(shares), form.columns
    width = n + 1
    number = np.arange(n)
    rows, columns, values = [], [], []
    for level in range(len(counts)):
        row, column = level * n + number, first + level * width
        rows += [row, row, row]
        columns += [np.full(n, column), column + 1 + number, shares]
        values += [-np.ones(n), np.ones(n), np.ones(n)]
    total = n * len(counts)
    more = entries(rows, columns, values, (total, first + width * len(counts)))
    lower, upper = np.zeros(width * len(counts)), np.full(width * len(counts), np.inf)
    form = extended(form, lower, upper, more, np.zeros(total), np.full(total, np.inf))
    sums = []
    for level, count in enumerate(counts):
        c, column = np.zeros(form.columns), first + level * width
        c[column], c[column + 1 : column + width] = -float(count), 1.0
        sums.append(Objective(f"worst {name}" if count == 1 else f"sum of the {count} worst {name}s", c))
    return form, sums


def with_gini(form: MatrixForm, shares: Columns, limit: float) -> MatrixForm:
    """Return the program in which the shares' Gini coefficient is at most `limit`."""
    n = len(shares)
    form, rising = with_sorted(form, shares)
    columns, values = [rising, shares], [2.0 * np.arange(1, n + 1) - n - 1.0, np.full(n, -limit * n)]
    row = entries([np.zeros(n), np.zeros(n)], columns, values, (1, form.columns))
    return extended(form, np.zeros(0), np.zeros(0), row, np.array([-np.inf]), np.zeros(1))


def with_ratio(form: MatrixForm, shares: Columns, limit: float) -> MatrixForm:
    """Return the program in which the largest share is at most `limit` times the smallest."""
    n, smallest = len(shares), form.columns
    number, ones = np.arange(n), np.ones(n)
    rows = [number, number, n + number, n + number]
    columns = [np.full(n, smallest), shares, shares, np.full(n, smallest)]
    values = [ones, -ones, ones, -limit * ones]
    more = entries(rows, columns, values, (2 * n, smallest + 1))
    return extended(form, np.zeros(1), np.full(1, np.inf), more, np.full(2 * n, -np.inf), np.zeros(2 * n))
