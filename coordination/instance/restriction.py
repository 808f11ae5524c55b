"""The instance of some parties alone: what is theirs, on the city that everybody knows.

Known to all, and kept: zones, places, roads, commodities, who the parties are, scenarios, rules on roles that speak of
tasks and parties kept. Private, and left out where it is another's: stocks, arrivals, needs, backlogs, fleets, hours,
skills, tasks, efforts, interests, facilities; storage and road capacity of others are 0 where they are limited. A
supply task of others stays, without hours, in zones where the parties have needs: hand-out there is its owner's to
give, so alone they cannot hand out there. The core stays in the list of parties, as every instance has one, but brings
nothing unless it is among the parties asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.errors import UsageError
from coordination.instance.areas import Areas
from coordination.instance.names import nearest
from coordination.instance.whose import Whose

if TYPE_CHECKING:
    import pandas as pd

    from coordination.instance.instance import Instance


def restricted(instance: Instance, parties: tuple[str, ...]) -> Instance:
    """Return the instance of some parties alone.

    Parameters
    ----------
    instance : Instance
        Of all parties.
    parties : tuple of str
        Ids, at least one.

    Raises
    ------
    UsageError
        One is unknown, or none is named; or table held has rows.
    """
    known = instance.parties["party"].tolist()
    for party in parties:
        if party not in known:
            raise UsageError(f"restrict: party {party!r} is unknown. {nearest(party, known)}")
    if not parties:
        raise UsageError("restrict: no party found; expected at least one")
    if len(instance.held):
        raise UsageError(
            f"restrict: {instance.name} has what goes on from before the horizon (table held, {len(instance.held)} "
            "rows): whose that is, nothing says yet. Restrict the instance of the plan before."
        )
    whose, own = Whose(instance), set(parties)
    if own == set(known):
        return instance
    tables: dict[str, Any] = {name: _owned(instance, name, column, own) for name, column in PRIVATE.items()}
    tables["needs"] = _rows(instance, "needs", _among(whose.needs, own))
    tables["backlogs"] = _rows(instance, "backlogs", _among(whose.backlogs, own))
    tables["facilities"] = _facilities(instance, whose, own)
    kept = set(tables["facilities"]["place"])
    tables["modules"] = _rows(instance, "modules", instance.modules["place"].isin(kept).to_numpy())
    tables["tasks"] = _tasks(instance, whose, own, tables["needs"])
    tables["places"] = _without_capacity(instance, "places", "storage_tonnes", _among(whose.places, own))
    mine = _among(whose.roads, own) | np.array([owner is None for owner in whose.roads], dtype=bool)
    tables["roads"] = _without_capacity(instance, "roads", "capacity_tonnes", mine)
    tables["parties"] = _parties(instance, own)
    tasks = set(tables["tasks"]["task"])
    tables["efforts"] = _of_tasks(tables["efforts"], ("task",), tasks)
    for name, columns in (("depends", ("task", "on")), ("conflicts", ("task", "other"))):
        tables[name] = _of_tasks(instance.given(name), columns, tasks)
    tables["mandates"] = _mandates(instance, own, tasks)
    tables["effects"] = _effects(instance, set(tables["fleets"]["fleet"]))
    tables["pins"], tables["events"] = instance.given("pins").iloc[:0], instance.given("events").iloc[:0]
    return instance.replace(**tables)


PRIVATE = {
    "stocks": "owner", "arrivals": "owner", "fleets": "party", "skills": "party", "efforts": "party",
    "interests": "party",
}  # fmt: skip
"""Tables of which each party has its own rows, and the column that names it."""


def _among(owners: Any, own: set[str]) -> Any:
    return np.array([owner in own for owner in owners], dtype=bool)


def _rows(instance: Instance, table: str, keep: Any) -> pd.DataFrame:
    kept: pd.DataFrame = instance.given(table)[keep].reset_index(drop=True)
    return kept


def _owned(instance: Instance, table: str, column: str, own: set[str]) -> pd.DataFrame:
    return _rows(instance, table, _among(instance.tables[table][column], own))


def _of_tasks(rows: pd.DataFrame, columns: tuple[str, ...], tasks: set[str]) -> pd.DataFrame:
    keep = np.ones(len(rows), dtype=bool)
    for column in columns:
        keep &= rows[column].isin(tasks).to_numpy()
    return rows[keep].reset_index(drop=True)


def _facilities(instance: Instance, whose: Whose, own: set[str]) -> pd.DataFrame:
    owner = dict(zip(instance.places["place"], whose.places, strict=True))
    return _rows(instance, "facilities", _among([owner[place] for place in instance.facilities["place"]], own))


def _tasks(instance: Instance, whose: Whose, own: set[str], needs: pd.DataFrame) -> pd.DataFrame:
    """Return own tasks, and without hours those of others that hand out where own needs are."""
    tasks, mine = instance.given("tasks"), _among(whose.tasks, own)
    zone_of = dict(zip(instance.places["place"], instance.places["zone"], strict=True))
    needy = sorted({zone_of[place] for place in needs["place"]})
    parent = instance.zones["parent"].where(instance.zones["parent"].notna(), None)
    areas = Areas(dict(zip(instance.zones["zone"], parent, strict=True)))
    supply = np.asarray(tasks["domain"] == "supply") & ~mine
    serves = np.zeros(len(tasks), dtype=bool)
    for row in np.flatnonzero(supply):
        outer = np.full(len(needy), tasks["zone"].iloc[row], dtype=object)
        serves[row] = bool(areas.contains(outer, np.array(needy, dtype=object)).any())
    kept = tasks[mine | serves].copy()
    others = ~mine[mine | serves]
    kept.loc[others, ["hours", "doers", "backups"]] = 0
    kept.loc[others, "kinds"] = None
    if "consulted" in kept:
        kept.loc[others, "consulted"] = np.nan
    whole: pd.DataFrame = kept.reset_index(drop=True)
    return whole


def _without_capacity(instance: Instance, table: str, column: str, mine: Any) -> pd.DataFrame:
    frame = instance.given(table).copy()
    frame.loc[~mine & frame[column].notna().to_numpy(), column] = 0.0
    return frame


def _parties(instance: Instance, own: set[str]) -> pd.DataFrame:
    """Return all parties, what others say of themselves left out."""
    parties = instance.given("parties").copy()
    others = ~_among(parties["party"], own)
    parties.loc[others, ["hours", "emergency_hours"]] = np.nan
    parties.loc[others, "reliability"] = 1.0
    return parties


def _effects(instance: Instance, fleets: set[str]) -> pd.DataFrame:
    """Return effects, but those that name a fleet of others."""
    effects = instance.given("effects")
    known = {*fleets, *instance.zones["zone"], "*"}
    return effects[((effects["table"] != "fleets") | effects["where"].isin(known)).to_numpy()].reset_index(drop=True)


def _mandates(instance: Instance, own: set[str], tasks: set[str]) -> pd.DataFrame:
    """Return rules on roles that speak of own tasks; nobody can be ordered in who is not there."""
    mandates = instance.given("mandates")
    about = mandates["task"].isna() | mandates["task"].isin(tasks)
    kinds = set(instance.parties.loc[_among(instance.parties["party"], own), "kind"])
    there = mandates["party"].isin(own) | mandates["kind"].isin(kinds)
    return mandates[(about & (there | (mandates["rule"] != "must"))).to_numpy()].reset_index(drop=True)
