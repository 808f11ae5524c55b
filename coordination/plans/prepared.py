"""The instance as it is after a first stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from coordination.instance import Instance


DECIDED = ("options", "purchases", "moves", "standby", "floors", "rotation", "assurances", "losses")
"""Tables that lead to a first stage, and act on nothing else."""


def prepared(instance: Instance, table: pd.DataFrame) -> Instance:
    """Return the instance as it is after a first stage, without the tables that led to it.

    Parameters
    ----------
    instance : Instance
        As it was.
    table : DataFrame
        The first stage, as `first_stage_table` gives it.

    Returns
    -------
    Instance
        Stock lies where it was put, storage is added, hours and vehicles on standby are there.
    """
    changes: dict[str, Any] = {name: [] for name in (*DECIDED, "forecasts", "outlooks")}
    changes["stocks"] = _stocks(instance, table)
    room = table[table["what"] == "option"].groupby("place")["quantity"].sum()
    places = instance.given("places")
    more = room.reindex(places["place"]).fillna(0.0).to_numpy(dtype=float)
    changes["places"] = places.assign(storage_tonnes=places["storage_tonnes"] + more)
    ready = table[table["what"] == "standby"]
    changes |= _ready(instance, ready)
    return instance.replace(**changes)


def _stocks(instance: Instance, table: pd.DataFrame) -> pd.DataFrame:
    key = ["place", "commodity", "owner", "expires"]
    come = table[table["what"].isin(["purchase", "move"])].rename(columns={"party": "owner"})
    go = come[come["what"] == "move"].drop(columns="place").rename(columns={"origin": "place"})
    go = go.assign(quantity=-go["quantity"])
    new = table[table["what"] == "rotation"].rename(columns={"party": "owner"})
    old = new.assign(quantity=-new["quantity"])
    new = new.assign(expires=float("nan"))
    parts = [instance.given("stocks"), *(part[[*key, "quantity"]] for part in (come, go, old, new))]
    parts = [part.astype({"expires": float}) for part in parts if len(part)]
    if not parts:
        return instance.given("stocks")
    stocks = (
        pd.concat(parts, ignore_index=True).groupby(key, as_index=False, dropna=False, sort=False)["quantity"].sum()
    )
    result: pd.DataFrame = stocks.assign(quantity=stocks["quantity"].clip(lower=0.0))
    return result


def _ready(instance: Instance, ready: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return fleets, skills and parties with what is on standby."""
    fleets, skills, parties = (instance.given(name) for name in ("fleets", "skills", "parties"))
    vehicles = ready.groupby("id")["quantity"].sum().reindex(fleets["fleet"]).fillna(0.0).to_numpy(dtype=float)
    pair = pd.MultiIndex.from_frame(ready[["party", "id"]])
    hours = pd.Series(ready["quantity"].to_numpy(dtype=float), pair).groupby(level=[0, 1]).sum()
    own = pd.MultiIndex.from_frame(skills[["party", "skill"]])
    more = hours.reindex(own).fillna(0.0).to_numpy(dtype=float)
    skill = pd.DataFrame({"party": skills["party"], "more": more}).groupby("party")["more"].sum()
    party = skill.reindex(parties["party"]).fillna(0.0).to_numpy(dtype=float)
    names = ["hours", "emergency_hours"]
    return {
        "fleets": fleets.assign(vehicles=fleets["vehicles"] + vehicles),
        "skills": skills.assign(**{name: skills[name] + more for name in names}),
        "parties": parties.assign(**{name: parties[name] + party for name in names}),
    }
