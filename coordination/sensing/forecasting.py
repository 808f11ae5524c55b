r"""Needs ahead: multiplied by what is forecast of the indicator that scales them, over its normal value.

.. math:: d'_{p,k,t} = d_{p,k,t} \cdot \hat x_{i(k),z(p),t} / n_{i(k)} \qquad \text{for } t \text{ ahead}

======  ======================================================================  ==============
symbol  meaning                                                                 unit
======  ======================================================================  ==============
d       need of place p, commodity k, period t                                  the commodity's
x       forecast of the indicator that scales k, in the nearest zone around p   the indicator's
        in which it was observed; between two forecasts the earlier one
n       its normal value                                                        the indicator's
======  ======================================================================  ==============

Ahead is after the last observation of the whole city. Where an indicator was too little observed, its needs stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from coordination.instance import Instance

COLUMNS = ["zone", "commodity", "period", "factor", "lower", "upper"]
AHEAD = ["trend", "lower", "upper"]


def factors(ahead: pd.DataFrame, instance: Instance, now: int) -> pd.DataFrame:
    """Return what needs are multiplied by.

    Parameters
    ----------
    ahead : DataFrame
        ``zone``, ``indicator``, ``period``, ``trend``, ``lower``, ``upper``: forecasts on their rhythms.
    instance : Instance
        Gives indicators and commodities.
    now : int
        Last period in which anything was observed.

    Returns
    -------
    DataFrame
        ``zone``, ``commodity``, ``period``, ``factor``, ``lower``, ``upper``: a row for each period ahead.
    """
    scaling = instance.indicators[instance.indicators["scales"].notna()]
    rows = ahead.merge(scaling[["indicator", "normal", "scales"]], on="indicator")
    periods = np.arange(max(now + 1, 0), instance.periods)
    if rows.empty or not len(periods):
        return pd.DataFrame({name: pd.Series(dtype="str" if name in COLUMNS[:2] else float) for name in COLUMNS})
    every = ";".join(instance.commodities["commodity"])
    rows = rows.assign(commodity=rows["scales"].where(rows["scales"] != "*", every).str.split(";")).explode("commodity")
    shares = {name: rows[column] / rows["normal"] for name, column in zip(COLUMNS[3:], AHEAD, strict=True)}
    rows = rows[["zone", "commodity", "period"]].assign(**shares)
    return pd.concat([_by_period(some, periods) for _, some in rows.groupby(["zone", "commodity"])], ignore_index=True)


def _by_period(rows: pd.DataFrame, periods: np.ndarray) -> pd.DataFrame:
    """Return a row for each period: the latest forecast up to it, before the first one that one."""
    rows = rows.sort_values("period")
    at = np.maximum(np.searchsorted(rows["period"].to_numpy(), periods, side="right") - 1, 0)
    return rows.iloc[at].assign(period=periods)


def scaled(needs: pd.DataFrame, by: pd.DataFrame, instance: Instance) -> pd.DataFrame:
    """Return needs multiplied by the factors of the nearest zone around their places that has some.

    Parameters
    ----------
    needs : DataFrame
        Table ``needs`` as given.
    by : DataFrame
        Result of `factors`.
    instance : Instance
        Gives places and zones.

    Returns
    -------
    DataFrame
        `needs` with other quantities.
    """
    if by.empty:
        return needs
    keys = ["zone", "commodity", "period"]
    known = by.set_index(keys)["factor"]
    parent = instance.zones.set_index("zone")["parent"]
    zone = needs["place"].map(instance.places.set_index("place")["zone"])
    factor = np.full(len(needs), np.nan)
    while zone.notna().any():
        here = pd.MultiIndex.from_arrays([zone, needs["commodity"], needs["period"]], names=keys)
        factor = np.where(np.isnan(factor), known.reindex(here).to_numpy(), factor)
        zone = zone.map(parent)
    return needs.assign(quantity=needs["quantity"] * np.where(np.isnan(factor), 1.0, factor))
