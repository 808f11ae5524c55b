"""Changes of an instance that ask "what if": each gives an ordinary instance, planned like any other.

* Who must or may not hold a role: rows of ``mandates`` on the task.
* One more hour of a party: in every period, everyday and emergency, in each of its skills and over all of them; where
  a scenario leaves a share of its hours, it leaves that share of this one, too.
* One more doer: ``tasks.doers``.
* A party that does not show up: no skills, no vehicles, no role anywhere; orders and pins that name it lapse, and so do
  the roles of tasks under way in which it holds one. What lies
  at its places or is its own stays where it lies. The core stays who answers where nobody else may.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from coordination.instance.tables import DOMAINS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coordination.instance import Instance

HOURS = ("hours", "emergency_hours")
BARRED_WHEN_ABSENT = ("accountable", "responsible", "backup")
"""Roles that cost or count; who is consulted or informed follows."""


@dataclass(frozen=True)
class Hold:
    """A party in a role of a task."""

    task: str
    role: str
    party: str


@dataclass(frozen=True)
class Change:
    """What is changed; nothing by default.

    Attributes
    ----------
    ordered, barred : tuple of Hold
        Roles that must be held, and that may not be.
    hours : mapping of str to float
        Hours more in every period, by party.
    doers : mapping of str to int
        Doers more, by task.
    absent : str or None
        Party that does not show up.
    unused : str or None
        Facility (its place) that takes nothing in any emergency use.
    """

    ordered: tuple[Hold, ...] = ()
    barred: tuple[Hold, ...] = ()
    hours: Mapping[str, float] = field(default_factory=dict)
    doers: Mapping[str, int] = field(default_factory=dict)
    absent: str | None = None
    unused: str | None = None


def changed(instance: Instance, change: Change) -> Instance:
    """Return an instance as a change leaves it.

    Parameters
    ----------
    instance : Instance
        As planned.
    change : Change
        What is changed.

    Raises
    ------
    InstanceError
        Its own rules do not allow the change, such as an order for a role and a bar from it.
    """
    tables: dict[str, Any] = {}
    if change.ordered or change.barred:
        tables["mandates"] = _with_mandates(instance.given("mandates"), change)
    if change.hours:
        tables["skills"] = _with_hours(instance.given("skills"), change.hours)
        tables["parties"] = _with_hours(instance.given("parties"), change.hours)
    if change.doers:
        tasks = instance.given("tasks")
        tables["tasks"] = tasks.assign(doers=tasks["doers"] + tasks["task"].map(change.doers).fillna(0).astype("int64"))
    if change.absent is not None:
        tables |= _without(instance, change.absent)
    if change.unused is not None:
        for name, column in (("facilities", "emergency_capacity"), ("modules", "capacity")):
            table = instance.given(name)
            tables[name] = table.assign(**{column: table[column].where(table["place"] != change.unused, 0.0)})
    return instance.replace(**tables)


def _with_mandates(mandates: pd.DataFrame, change: Change) -> pd.DataFrame:
    rows = [
        {"task": hold.task, "party": hold.party, "role": hold.role, "rule": rule}
        for rule, holds in (("must", change.ordered), ("must_not", change.barred))
        for hold in holds
    ]
    return _appended(mandates, rows)


def _appended(table: pd.DataFrame, rows: list[dict[str, Any]]) -> pd.DataFrame:
    new = pd.DataFrame(rows, columns=table.columns)
    return pd.concat([table.astype(object), new.astype(object)], ignore_index=True)


def _with_hours(table: pd.DataFrame, more: Mapping[str, float]) -> pd.DataFrame:
    """Return a table with more hours of some parties; empty cells stay empty."""
    added = table["party"].map(more).fillna(0.0)
    return table.assign(**{name: table[name].astype("float64") + added for name in HOURS})


def _without(instance: Instance, party: str) -> dict[str, pd.DataFrame]:
    skills, fleets, mandates = (instance.given(name) for name in ("skills", "fleets", "mandates"))
    kept = mandates[~((mandates["party"] == party) & (mandates["rule"] == "must"))]
    parties = instance.parties
    core = bool((parties.loc[parties["party"] == party, "kind"] == "core").any())
    roles = [role for role in BARRED_WHEN_ABSENT if not (core and role == "accountable")]
    pins = instance.given("pins")
    named = pins["where"].str.split(";").map(lambda cells: f"party={party}" in {cell.strip() for cell in cells})
    named |= (pins["column"] == "party") & (pins["value"] == party)
    rows = [{"domain": d, "party": party, "role": role, "rule": "must_not"} for d in DOMAINS for role in roles]
    return {
        "skills": skills[skills["party"] != party],
        "fleets": fleets.assign(vehicles=fleets["vehicles"].where(fleets["party"] != party, 0.0)),
        "mandates": _appended(kept, rows),
        "pins": pins[~named.astype(bool)],
        "held": _let_go(instance.given("held"), party),
    }


def _let_go(held: pd.DataFrame, party: str) -> pd.DataFrame:
    """Return what is held without the roles of tasks in which a party holds one: they are chosen anew."""
    parts = held["id"].str.split(";")
    mine = (held["table"] == "tasks") & (parts.str[-1] == party) & (held["mode"] != "barred")
    return held[~((held["table"] == "tasks") & parts.str[0].isin(parts.str[0][mine])).to_numpy(dtype=bool)]
