"""Whole numbers that sum exactly: largest remainders (Balinski and Young 1982, *Fair Representation*)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def apportion(total: int, weights: NDArray[np.float64], minimum: int = 0) -> NDArray[np.int64]:
    """Divide a whole number in proportion to weights, into whole numbers that sum to it exactly.

    Parameters
    ----------
    total : int
        What is divided, at least ``minimum · len(weights)``.
    weights : ndarray of float, shape (n,)
        0 or more; all 0 counts as all alike.
    minimum : int
        What each gets at least, before the rest is divided.

    Returns
    -------
    ndarray of int, shape (n,)
        Ties of remainders go to the earlier one.
    """
    free = total - minimum * len(weights)
    weights = weights if weights.sum() > 0 else np.ones(len(weights))
    quota = free * weights / weights.sum()
    parts = np.floor(quota).astype(np.int64)
    order = np.argsort(parts - quota, kind="stable")
    parts[order[: free - int(parts.sum())]] += 1
    shares: NDArray[np.int64] = parts + minimum
    return shares


def apportion_within(
    totals: NDArray[np.int64], weights: NDArray[np.float64], groups: NDArray[np.int64], minimum: int = 0
) -> NDArray[np.int64]:
    """Divide each group's total among its members.

    Parameters
    ----------
    totals : ndarray of int, shape (groups,)
        What each group has.
    weights : ndarray of float, shape (n,)
        Weight of each member.
    groups : ndarray of int, shape (n,)
        Group of each member, as a position in `totals`.
    minimum : int
        What each member gets at least.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    parts = np.zeros(len(weights), dtype=np.int64)
    for group, total in enumerate(totals):
        members = np.flatnonzero(groups == group)
        parts[members] = apportion(int(total), weights[members], minimum)
    return parts


def rank_within(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of each member within its group, from 0, in their order.

    Parameters
    ----------
    groups : ndarray of int, shape (n,)
        Group of each member; groups stand together.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    return np.arange(len(groups)) - np.repeat(starts, np.diff(np.r_[starts, len(groups)]))
