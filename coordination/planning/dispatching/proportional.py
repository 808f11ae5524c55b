r"""Sharing out in proportion, in whole packs, by largest remainders.

.. math:: q_i = S \frac{d_i}{\sum_j d_j}, \qquad
          x_i = p \left( \lfloor q_i / p \rfloor + [\, i \text{ among the largest remainders} \,] \right)

======  ============================================  =====
symbol  meaning                                       unit
======  ============================================  =====
S       what there is to share out                    unit
d       what each one asks for                        unit
p       pack: the smallest whole quantity             unit
q       quota: the exact proportional share           unit
x       what each one gets, never more than d         unit
======  ============================================  =====

All get what they ask for where there is enough. Else quotas are rounded down to whole packs, and the packs left go to
the largest remainders; among equal ones to who comes first. Where packs may be broken, what is left of less than one
goes to the next in that order; else it stays.

Source: Hamilton's method of largest remainders (Balinski and Young, *Fair Representation*, 1982), with seats of one
pack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

ROUNDING = 1e-9
"""Quotas this close below a whole number of packs, relative to it, are that number."""


def proportional(total: float, needs: ArrayLike, pack: float = 1.0, *, breaks: bool = False) -> Floats:
    """Share out a quantity in proportion to needs, in whole packs.

    Parameters
    ----------
    total : float
        What there is.
    needs : array, shape (n,)
        What each one asks for, at least 0.
    pack : float
        Smallest whole quantity.
    breaks : bool
        Whether packs may be broken.

    Returns
    -------
    ndarray, shape (n,)
        What each one gets.

    Examples
    --------
    >>> proportional(50, [10, 20, 50]).tolist()
    [6.0, 13.0, 31.0]
    >>> proportional(50, [10, 20, 50], pack=5).tolist()
    [5.0, 15.0, 30.0]
    """
    asked = np.asarray(needs, dtype=np.float64)
    return share_out(np.array([float(total)]), asked, np.zeros(len(asked), dtype=np.int64), pack, breaks)


def share_out(there: Floats, asked: Floats, of: Codes, pack: float, breaks: bool) -> Floats:
    """Share out several quantities at once, each among those who ask for it.

    Parameters
    ----------
    there : ndarray, shape (groups,)
        What there is.
    asked : ndarray, shape (n,)
        What each one asks for.
    of : ndarray of int, shape (n,)
        Group of each.
    pack : float
        Smallest whole quantity.
    breaks : bool
        Whether packs may be broken.

    Returns
    -------
    ndarray, shape (n,)
        What each one gets.
    """
    sums = np.bincount(of, asked, len(there))
    scarce = (sums > there)[of]
    if not scarce.any():
        return asked.copy()
    given, rows = asked.copy(), np.flatnonzero(scarce)
    groups, want = of[rows], asked[rows]
    quota = want * np.maximum(there, 0.0)[groups] / sums[groups]
    whole = np.floor(quota / pack * (1.0 + ROUNDING) + ROUNDING)
    order = np.lexsort((rows, -np.round(quota / pack - whole, 9), groups))
    place = _place_in_group(groups[order])
    left = there - np.bincount(groups, whole * pack, len(there))
    packs = np.floor(left / pack * (1.0 + ROUNDING) + ROUNDING)
    more = np.zeros(len(rows))
    more[order] = np.where(place < packs[groups[order]], pack, 0.0)
    if breaks:
        rest = np.maximum(left - packs * pack, 0.0)
        more[order] += np.where(place == packs[groups[order]], rest[groups[order]], 0.0)
    given[rows] = np.minimum(whole * pack + more, want)
    return given


def _place_in_group(groups: Codes) -> Codes:
    """Return 0, 1, … within each run of equal groups."""
    first = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    length = np.diff(np.append(first, len(groups)))
    return np.arange(len(groups)) - np.repeat(first, length)
