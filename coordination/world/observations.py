r"""Which observations are certain: what a city acts on, and what it waits to see confirmed.

A value is doubtful where

- another row of the same period, zone and indicator has another value (neither is used), or the same (used once);
- it lies more than half the way from ``normal`` to ``severe`` of its indicator away from the last certain value of its
  series, and the observation before it was not doubtful in the same way and near it: a sudden change is believed once
  the next observation confirms it. A single spike, a dead sensor's zero, a lost decimal point then change nothing.

Each value is judged by itself and those before it, as one would on the day; forecasts are not judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

BELIEVED_AT_ONCE = 0.5
"""Share of the way from normal to severe that a value may move by at once: severity can then not jump by more."""

SERIES = ["zone", "indicator"]


def doubts(observations: pd.DataFrame, indicators: pd.DataFrame) -> pd.Series[str]:
    """Say of each observation why it is doubtful.

    Parameters
    ----------
    observations, indicators : DataFrame
        Tables of an instance.

    Returns
    -------
    Series of str, index of `observations`
        ``""`` where certain, else ``conflicting``, ``repeated`` or ``jump``.
    """
    why = pd.Series("", index=observations.index, dtype="str")
    cell = observations.groupby(["period", *SERIES, "forecast"], sort=False)["value"]
    conflicting = cell.transform("nunique").gt(1).to_numpy(dtype=bool)
    repeated = observations.duplicated(["period", *SERIES, "forecast", "value"]).to_numpy(dtype=bool) & ~conflicting
    why[repeated], why[conflicting] = "repeated", "conflicting"
    way = (indicators.set_index("indicator")["severe"] - indicators.set_index("indicator")["normal"]).abs()
    judged = observations[(why == "") & ~observations["forecast"] & observations["indicator"].isin(way.index)]
    for (_, indicator), rows in judged.sort_values("period", kind="stable").groupby(SERIES, sort=False):
        jumps = jumping(rows["value"].to_numpy(dtype=float), BELIEVED_AT_ONCE * float(way[str(indicator)]))
        why[rows.index[jumps]] = "jump"
    return why


def jumping(values: NDArray[np.float64], most: float) -> NDArray[np.bool_]:
    """Return which values of a series are sudden and not confirmed.

    Parameters
    ----------
    values : ndarray, shape (n,)
        In order of time.
    most : float
        Change that is believed at once.

    Returns
    -------
    ndarray of bool, shape (n,)
        The first value is believed.

    Examples
    --------
    >>> jumping(np.array([1.0, 9.0, 1.2, 9.0, 9.5]), 2.0).tolist()
    [False, True, False, True, False]
    """
    doubtful = np.zeros(len(values), dtype=bool)
    held = values[0] if len(values) else 0.0
    for i, value in enumerate(values.tolist()):
        confirmed = i > 0 and doubtful[i - 1] and abs(value - values[i - 1]) <= most
        doubtful[i] = abs(value - held) > most and not confirmed
        held = held if doubtful[i] else value
    return doubtful


def certain(observations: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Return the observations that are certain, one at most for each period, zone and indicator.

    Parameters
    ----------
    observations, indicators : DataFrame
        Tables of an instance.

    Returns
    -------
    DataFrame
        Rows of `observations`, by period; where something was observed, no forecast.
    """
    known = observations[doubts(observations, indicators) == ""].sort_values(["period", "forecast"], kind="stable")
    return known.drop_duplicates(["period", *SERIES])
