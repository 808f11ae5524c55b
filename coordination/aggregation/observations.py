"""Observations of zones put together: means over people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from coordination.instance import Instance

KEY = ["period", "zone", "indicator", "forecast"]


def observations_together(instance: Instance, above: pd.Series[str]) -> pd.DataFrame:
    """Return the table of observations: a zone's own, else the mean of those within it, weighted by who lives there.

    Parameters
    ----------
    instance : Instance
        In full.
    above : Series
        By zone the zone that stays.
    """
    given = instance.given("observations")
    zone = above.reindex(given["zone"]).to_numpy(dtype=object)
    own = zone == given["zone"].to_numpy()
    kept = given[own]
    if own.all():
        return given
    people = instance.places.groupby("zone")["population"].sum()
    rows = instance.observations[~own].assign(weight=people.reindex(given["zone"][~own]).fillna(0.0).to_numpy())
    rows = rows.assign(zone=zone[~own])
    rows["weight"] = rows["weight"].where(rows.groupby(KEY)["weight"].transform("sum") > 0, 1.0)
    rows["value"] = rows["value"] * rows["weight"]
    mean = rows.groupby(KEY, as_index=False, sort=False)[["value", "weight"]].sum()
    mean["value"] = mean["value"] / mean["weight"]
    known = pd.MultiIndex.from_frame(instance.observations[own][KEY])
    new = mean[~pd.MultiIndex.from_frame(mean[KEY]).isin(known)]
    parts = [part for part in (kept, new.drop(columns="weight")) if len(part)]
    table: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return table
