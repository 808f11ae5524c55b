"""Parties that bring nothing but hours, put together by kind and area.

Who owns something, stands by, or is named by a rule stays itself, with the area as its jurisdiction. Of the others,
those of one kind in one area become one party: their hours add up; pay, benefits and reliability are means over hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.aggregation.naming import named
from coordination.instance.tables import LEVELS

if TYPE_CHECKING:
    from coordination.instance import Instance


def party_heads(instance: Instance, above: pd.Series[str], together: set[str]) -> pd.Series[str]:
    """Return, by party, the party into which it goes: itself, or the first of its kind and area.

    Parameters
    ----------
    instance : Instance
        In full.
    above : Series
        By zone the zone that stays.
    together : set of str
        Places that are put together: owning one names nobody.
    """
    parties = instance.parties
    owners = set(instance.places.loc[~instance.places["place"].isin(together), "owner"].dropna())
    apart = parties["party"].isin(named(instance, "parties") | owners) | (parties["kind"] == "core")
    zone = above.reindex(parties["zone"]).to_numpy(dtype=object)
    apart |= zone == parties["zone"].to_numpy()
    first = parties[~apart].groupby([parties["kind"][~apart], zone[~apart]])["party"].transform("first")
    return pd.Series(parties["party"].where(apart, first).to_numpy(dtype=object), parties["party"].to_numpy())


def parties_together(instance: Instance, above: pd.Series[str], into: pd.Series[str]) -> dict[str, pd.DataFrame]:
    """Return the tables ``parties``, ``skills`` and ``interests``.

    Parameters
    ----------
    instance, above
        As for `party_heads`.
    into : Series
        What it returns.
    """
    parties = instance.parties
    to = into.reindex(parties["party"]).to_numpy(dtype=object)
    weight = _hours(instance)
    kept = instance.given("parties")[to == parties["party"].to_numpy()]
    order = pd.Index(kept["party"])
    unlimited = parties["hours"].isna().groupby(to).all().reindex(order).to_numpy()
    count = parties.groupby(to).size().reindex(order).to_numpy()
    sums = {}
    for name in ("hours", "emergency_hours"):
        hours = parties[name].astype(float).where(parties["hours"].notna(), weight[name].reset_index(drop=True))
        total = pd.Series(hours.groupby(to).sum().reindex(order).to_numpy()).mask(unlimited)
        own = kept[name].astype(float).reset_index(drop=True)
        sums[name] = np.where(count > 1, total, own)
    sure = _mean(parties["reliability"], weight["hours"].to_numpy(), to, order)
    name = kept["name"].fillna(kept["party"]).to_numpy(dtype=object)
    told = [f"{one} and {more - 1} more" for one, more in zip(name, count, strict=True)]
    table = kept.assign(
        zone=above.reindex(kept["zone"]).to_numpy(dtype=object), superior=_superiors(instance, into, order),
        reliability=sure, name=kept["name"].mask(count > 1, pd.Series(told, kept.index)), **sums,
    )  # fmt: skip
    return {
        "parties": table.reset_index(drop=True),
        "skills": _skills(instance, into),
        "interests": _interests(instance, into, weight["hours"]),
    }


def _hours(instance: Instance) -> pd.DataFrame:
    """Return the hours of each party over its skills: ``hours``, ``emergency_hours``."""
    skills = instance.skills.groupby("party")[["hours", "emergency_hours"]].sum()
    return skills.reindex(instance.parties["party"]).fillna(0.0)


def _mean(values: pd.Series[float], weight: np.ndarray, to: np.ndarray, order: pd.Index[str]) -> np.ndarray:
    """Return means by what rows go into, weighted; plain where nothing weighs."""
    rows = pd.DataFrame({"to": to, "value": values.to_numpy(dtype=float), "weight": weight})
    rows["weight"] = rows["weight"].where(rows.groupby("to")["weight"].transform("sum") > 0, 1.0)
    rows["product"] = rows["value"] * rows["weight"]
    total = rows.groupby("to")[["product", "weight"]].sum().reindex(order)
    lowest, highest = (rows.groupby("to")["value"].agg(name).reindex(order) for name in ("min", "max"))
    # Between the least and the most of what is averaged, whatever rounding says.
    return (total["product"] / total["weight"]).clip(lowest, highest).to_numpy(dtype=float)


def _superiors(instance: Instance, into: pd.Series[str], order: pd.Index[str]) -> list[str | None]:
    """Return whom each party answers to: whom its member of the highest level does, the core where that goes round."""
    parties = instance.parties
    superior = dict(
        zip(parties["party"], parties["superior"].astype(object).where(parties["superior"].notna(), None), strict=True)
    )
    level = instance.zones.set_index("zone")["level"].map(LEVELS.index)
    height = level.reindex(parties["zone"]).to_numpy()
    core = str(parties.loc[parties["kind"] == "core", "party"].iloc[0])
    to = into.reindex(parties["party"]).to_numpy(dtype=object)
    ranked = pd.DataFrame({"party": parties["party"], "to": to, "height": -height})
    speaker = ranked.sort_values("height", kind="stable").groupby("to")["party"].first()
    found: dict[str, str | None] = {}
    for party in order:
        above = superior[speaker[party]]
        while above is not None and into[above] == party:
            above = superior[above]
        found[party] = None if party == core else (core if above is None else str(into[above]))
    for party in order:
        trail, at = {party}, found[party]
        while at is not None and at not in trail:
            trail.add(at)
            at = found[at]
        if at is not None:
            found[party] = core
    return [found[party] for party in order]


def _skills(instance: Instance, into: pd.Series[str]) -> pd.DataFrame:
    skills = instance.skills
    if (into.reindex(skills["party"]).to_numpy() == skills["party"].to_numpy()).all():
        return instance.given("skills")
    to, key = into.reindex(skills["party"]).to_numpy(dtype=object), ["party", "skill"]
    rows = skills.assign(party=to, order=np.arange(len(skills)))
    names = pd.MultiIndex.from_frame(rows[key]).to_flat_index()
    table = rows.groupby(key, as_index=False, sort=False)[["hours", "emergency_hours"]].sum()
    order = pd.MultiIndex.from_frame(table[key]).to_flat_index()
    pay = _mean(skills["cost_per_hour"], skills["hours"].to_numpy(dtype=float), names.to_numpy(), order)
    return table.assign(cost_per_hour=pay)


def _interests(instance: Instance, into: pd.Series[str], hours: pd.Series[float]) -> pd.DataFrame:
    interests = instance.interests
    key = ["party", "domain"]
    rows = interests.assign(party=into.reindex(interests["party"]).to_numpy(dtype=object))
    names = pd.MultiIndex.from_frame(rows[key]).to_flat_index()
    table = rows.drop_duplicates(key)[key].reset_index(drop=True)
    order = pd.MultiIndex.from_frame(table).to_flat_index()
    weight = hours.reindex(interests["party"]).fillna(0.0).to_numpy(dtype=float)
    return table.assign(benefit=_mean(interests["benefit"], weight, names.to_numpy(), order))
