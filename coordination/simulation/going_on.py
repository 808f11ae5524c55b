"""Plans over time: the rest of a plan under way, and the plan in which nothing is done."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.instance.vocabulary import MODES
from coordination.replanning import state_after
from coordination.simulation.executing import execute
from coordination.status import Status
from coordination.world import World

if TYPE_CHECKING:
    from coordination.instance import Instance
    from coordination.plans import Plan

PERIODS = {
    "shipments": ("depart", "arrive", "expires"),
    "inventory": ("period", "expires"),
    "service": ("period",),
    "responsibilities": ("start", "end"),
    "gaps": ("period",),
    "modes": ("period",),
    "facilities": ("period",),
}
"""Columns of plan tables that count periods; by the first rows are told to be over."""


def shifted(table: pd.DataFrame, name: str, by: int) -> pd.DataFrame:
    """Return a plan table with its periods counted from elsewhere.

    Parameters
    ----------
    table : DataFrame
        Rows of the plan table `name`.
    name : str
        One of `PERIODS`.
    by : int
        What is added to every period.
    """
    return table.assign(**{column: table[column] + by for column in PERIODS[name]})


def rest_of(plan: Plan, periods: int) -> Plan:
    """Return a plan from some period on: what it still wants to do, on the state that it counts on.

    Parameters
    ----------
    plan : Plan
        Under way.
    periods : int
        Periods that are over; some are left.
    """
    if periods == 0:
        return plan
    state, tables = state_after(plan, periods), dict[str, pd.DataFrame]()
    for name in PERIODS:
        table = plan.tables[name]
        if name == "responsibilities":
            table = table[table["end"] >= periods].assign(start=lambda rows: rows["start"].clip(lower=periods))
        elif name == "gaps":
            table = table[table["task"].isin(state.tasks["task"]) & ~(table["period"] < periods)]
        else:
            table = table[table[PERIODS[name][0]] >= periods]
        tables[name] = shifted(table, name, -periods)
    return dataclasses.replace(plan, instance=state, sha256=state.sha256, tables=tables)


def do_nothing(instance: Instance) -> Plan:
    """Return the plan in which nothing is sent and nobody but the core answers for anything.

    People take what lies where they are, as far as it is theirs to take without anybody's hands: where a zone has tasks
    of domain supply, nothing is handed out.

    Parameters
    ----------
    instance : Instance
        Under its scenario.
    """
    plan = _empty(instance)
    tasks = instance.tasks
    core = instance.parties.loc[instance.parties["kind"] == "core", "party"].iloc[0]
    roles = tasks[["task", "start", "end"]].assign(party=core, role="accountable", hours=float("nan"))
    tables = {
        "responsibilities": roles[["task", "party", "role", "start", "end", "hours"]],
        "gaps": _missing(instance),
        "modes": _modes(instance),
    }
    plan = dataclasses.replace(plan, tables={**plan.tables, **tables})
    return execute(plan, instance, int(instance.periods)).plan


def _missing(instance: Instance) -> pd.DataFrame:
    """Return what tasks miss once where nobody takes part: backups, kinds, somebody to rely on."""
    rows: list[dict[str, Any]] = []
    for task in instance.tasks.to_dict("records"):
        name, skill = str(task["task"]), str(task["skill"])
        if task["backups"] > 0:
            rows.append({"task": name, "kind": "backup", "amount": float(task["backups"]), "what": skill})
        kinds = task["kinds"].split(";") if isinstance(task["kinds"], str) else []
        rows += [{"task": name, "kind": "kind", "amount": 1.0, "what": kind} for kind in kinds]
        if instance.policy.coverage is not None:
            rows.append({"task": name, "kind": "coverage", "amount": 1.0, "what": skill})
    return pd.DataFrame(rows, columns=["task", "kind", "amount", "what"]).assign(period=float("nan"))


def _modes(instance: Instance) -> pd.DataFrame:
    zones, periods = instance.zones["zone"].to_numpy(object), np.arange(instance.periods)
    return pd.DataFrame(
        {
            "zone": np.repeat(zones, len(periods)),
            "period": np.tile(periods, len(zones)),
            "mode": np.array(MODES)[World.of(instance).modes.ravel()],
        }
    )


def _empty(instance: Instance) -> Plan:
    from coordination.plans import Plan
    from coordination.terms import TERM_NAMES

    return Plan(
        kind="plan",
        status=Status.FEASIBLE,
        objective=0.0,
        terms=dict.fromkeys(TERM_NAMES, 0.0),
        bound=None,
        gap=None,
        seconds={},
        sizes={},
        versions={},
        options={"gap": 1.0, "scenario": instance.scenario},
        seed=None,
        sha256=instance.sha256,
        notes=[],
        tables={},
        instance=instance,
    )
