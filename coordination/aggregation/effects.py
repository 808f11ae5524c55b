"""Effects of scenarios on what was put together: the mean of what they do to its parts.

Effects on what stays are kept as they are. Where a scenario's effects on a table name a part, such as a street or a
party, all of that scenario's effects on the table are written anew, by place or party and period, compounded: on needs
as the mean over communities weighted by what is needed, on hours weighted by hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.world.effects import Effects
from coordination.world.factors import BY_PLACE, factors_by_period

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

EXACT = 1e-12
"""Difference from 1 below which a factor is rounding."""


def effects_together(
    instance: Instance, above: pd.Series[str], head: Codes, party_into: pd.Series[str]
) -> pd.DataFrame:
    """Return the table of effects on the coarser city.

    Parameters
    ----------
    instance : Instance
        In full.
    above : Series
        By zone the zone that stays.
    head : ndarray of int, shape (places,)
        Row of the place at which each place's needs are gathered.
    party_into : Series
        What every party goes into.
    """
    effects = instance.given("effects")
    anew = effects[_on_parts(instance, above, head, party_into)][["scenario", "table"]].drop_duplicates()
    if anew.empty:
        return effects
    kept = ~pd.MultiIndex.from_frame(effects[["scenario", "table"]]).isin(pd.MultiIndex.from_frame(anew))
    parts = [effects[kept]]
    for scenario, table in anew.itertuples(index=False, name=None):
        acting = Effects(instance.under(scenario))
        if table in BY_PLACE:
            rows = _by_place(instance, acting, table, head)
        else:
            rows = _by_period(instance, acting, table, party_into)
        parts.append(rows.assign(scenario=scenario, table=table))
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def _on_parts(instance: Instance, above: pd.Series[str], head: Codes, party_into: pd.Series[str]) -> NDArray[np.bool_]:
    """Return which effects name something that is part of something else now."""
    places = instance.places["place"]
    together = np.bincount(head, minlength=len(head))[head] > 1
    count = party_into.map(party_into.value_counts())
    parts = {"parties": set(party_into.index[count > 1]), "places": set(places[together])}
    known = {"parties": set(party_into.index), "places": set(places)}
    gone = set(above.index[above.to_numpy() != above.index.to_numpy()])
    kind = {"skills": "parties"} | dict.fromkeys((*BY_PLACE, "places"), "places")
    effects = instance.effects

    def hit(table: str, where: str) -> bool:
        of = kind.get(table)
        return where in parts[of] if of is not None and where in known[of] else where in gone

    pairs = zip(effects["table"], effects["where"], strict=True)
    return np.array([hit(table, where) for table, where in pairs], dtype=bool)


def _by_place(instance: Instance, acting: Effects, table: str, head: Codes) -> pd.DataFrame:
    """Return rows on what is needed or lies at places: the mean over the places put together, by need."""
    places, commodities = instance.places, instance.commodities["commodity"]
    names, zones = (places[name].to_numpy(dtype=object) for name in ("place", "zone"))
    factors = acting.by_place(table, names, zones, commodities.to_numpy(dtype=object))
    needs = instance.needs
    weight = np.zeros_like(factors)
    at = pd.Index(places["place"]).get_indexer(needs["place"]), pd.Index(commodities).get_indexer(needs["commodity"])
    np.add.at(weight, (*at, needs["period"].to_numpy(dtype=np.int64)), needs["quantity"].to_numpy(dtype=float))
    total, product = np.zeros_like(factors), np.zeros_like(factors)
    np.add.at(total, head, weight)
    np.add.at(product, head, weight * (factors - 1.0))
    plain = np.zeros_like(factors)
    np.add.at(plain, head, factors - 1.0)
    plain /= np.maximum(np.bincount(head, minlength=len(head)), 1)[:, None, None]
    # Relative to 1, so that what no effect touches stays exactly so.
    mean = 1.0 + np.where(total > 0, np.divide(product, total, out=np.zeros_like(product), where=total > 0), plain)
    row, commodity, period = np.nonzero(np.abs(mean - 1.0) > EXACT)
    return pd.DataFrame(
        {
            "where": names[row],
            "commodity": commodities.to_numpy(dtype=object)[commodity],
            "start": period,
            "end": period,
            "factor": mean[row, commodity, period],
        }
    )


def _by_period(instance: Instance, acting: Effects, table: str, party_into: pd.Series[str]) -> pd.DataFrame:
    """Return rows on what is there in every period, of parties the mean over those put together, by hours."""
    names, factors = factors_by_period(instance, acting, table)
    if table == "skills":
        hours = instance.skills.groupby("party")["emergency_hours"].sum().reindex(names).to_numpy(dtype=float)
        to = party_into.reindex(names).to_numpy(dtype=object)
        code, into = pd.factorize(to)
        total = np.bincount(code, hours)
        share = np.where(total[code] > 0, hours / np.maximum(total[code], 1e-300), 1.0 / np.bincount(code)[code])
        change = np.zeros((len(into), factors.shape[1]))
        np.add.at(change, code, share[:, None] * (factors - 1.0))
        names, factors = np.asarray(into, dtype=object), 1.0 + change
    row, period = np.nonzero(np.abs(factors - 1.0) > EXACT)
    return pd.DataFrame({"where": names[row], "start": period, "end": period, "factor": factors[row, period]})
