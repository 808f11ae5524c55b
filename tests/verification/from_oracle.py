"""Optima of the independent model, written down as plans: two readings of the contract meet."""

from collections import defaultdict
from typing import Any

import pandas as pd

from coordination.instance import Instance
from coordination.plans import Plan
from coordination.plans.tables import PLAN_TABLES
from coordination.terms import TERM_NAMES
from tests.support.geography import lanes
from tests.support.modes import window
from tests.support.oracle import OracleResult, oracle
from tests.support.reading import Plain
from tests.support.responsibility import task_count

LIMITS = {
    "storage": ("storage", lambda place, t: (place, t)),
    "fleet hours": ("fleet", lambda fleet, t: (fleet, t)),
    "road capacity": ("road", lambda road, tail, t: (f"{road};{tail}", t)),
    "hand-out": ("handout", lambda zone, t: (zone, t)),
    "skill hours": ("hours", lambda party, skill, t: (f"{party};{skill}", t)),
    "party hours": ("hours", lambda party, t: (party, t)),
}
"""Families of rows that are limits: their name in ``prices``, and how a row is called there."""

LEAST = 1e-6


def oracle_plan(instance: Instance) -> Plan:
    """Solve an instance (under its scenario) with the independent model and return the plan."""
    result, world = oracle(instance), Plain(instance)
    rows = {
        "shipments": _shipments(result, world),
        "inventory": _inventory(result, world),
        "service": _service(result, world),
        "responsibilities": _responsibilities(result, world),
        "gaps": _gaps(result, world),
        "modes": [(zone, t, world.mode(zone, t)) for zone in world.zones for t in world.horizon],
        "prices": _prices(result),
    }
    frames = {name: pd.DataFrame(table, columns=list(PLAN_TABLES[name].columns)) for name, table in rows.items()}
    return Plan(
        kind="plan",
        status="optimal",
        objective=result.objective,
        terms={name: result.terms.get(name, 0.0) for name in TERM_NAMES},
        bound=result.objective,
        gap=0.0,
        seconds={},
        sizes={},
        versions={},
        options={"gap": 1e-6, "scenario": instance.scenario},
        seed=0,
        sha256=instance.sha256,
        notes=[],
        tables=frames,
        instance=instance,
    )


def _label(expires: float) -> float | None:
    return None if expires == float("inf") else expires


def _shipments(result: OracleResult, world: Plain) -> list[tuple[Any, ...]]:
    ways = {t: lanes(world, t) for t in world.horizon}
    rows = []
    for (fleet, origin, destination, number, commodity, expires, t), quantity in result.columns("ship").items():
        if quantity >= LEAST:
            lane = ways[t][number]
            route = ";".join(arc.road for arc in lane.route)
            key = (fleet, origin, destination, commodity, _label(expires), t, t + lane.lag)
            rows.append((*key, quantity, route))
    return rows


def _inventory(result: OracleResult, world: Plain) -> list[tuple[Any, ...]]:
    rows = []
    for (place, commodity, expires, t), quantity in result.columns("left").items():
        left = (0.0, quantity) if t == expires else (quantity, 0.0)
        rows.append((place, commodity, _label(expires), t, *left))
    return rows


def _service(result: OracleResult, world: Plain) -> list[tuple[Any, ...]]:
    served: defaultdict[tuple[Any, ...], float] = defaultdict(float)
    for (*queue, _, _, t), quantity in result.columns("served").items():
        served[*queue, t] += quantity
    backlog = result.columns("backlog")
    rows = [
        (*queue, t, need[t], served[*queue, t], backlog.get((*queue, t), 0.0))
        for queue, need in world.needs.items()
        for t in world.horizon
    ]
    return [row for row in rows if any(row[4:])]


def _responsibilities(result: OracleResult, world: Plain) -> list[tuple[Any, ...]]:
    windows = {task["task"]: window(world, task) for task in world.tables["tasks"]}
    rows: list[tuple[Any, ...]] = []
    for kind in ("accountable", "backup"):
        rows += [(t, p, kind, windows[t][0], windows[t][-1], None) for t, p in result.columns(kind)]
    covered = result.columns("cover")
    for task, party in result.columns("doer"):
        hours = {t: covered[task, party, t] for t in windows[task] if (task, party, t) in covered}
        if not hours:
            rows.append((task, party, "responsible", windows[task][0], windows[task][-1], 0.0))
        rows += [(task, party, "responsible", t, t, quantity) for t, quantity in hours.items()]
    return rows


def _gaps(result: OracleResult, world: Plain) -> list[tuple[Any, ...]]:
    skills = {task["task"]: task["skill"] for task in world.tables["tasks"]}
    rows = [(task, "hours", t, quantity, skills[task]) for (task, t), quantity in result.columns("gap").items()]
    present = {
        (task, world.parties[party]["kind"]) for kind in ("doer", "backup") for task, party in result.columns(kind)
    }
    for task in world.tables["tasks"]:
        missing = task_count(task, "backups", 0) - sum(name == task["task"] for name, _ in result.columns("backup"))
        if missing:
            rows.append((task["task"], "backup", None, missing, task["skill"]))
        kinds = (task["kinds"] or "").split(";") if task["kinds"] else []
        rows += [(task["task"], "kind", None, 1.0, k) for k in kinds if (task["task"], k) not in present]
    return rows


def _prices(result: OracleResult) -> list[tuple[Any, ...]]:
    rows = []
    for (family, *name), dual in result.solution.duals.items():
        if family == "inventory" and dual > 1e-9:
            place, commodity, expires, t = name
            rows.append(("stock", place, commodity, _label(expires), t, dual))
        if family in LIMITS and dual < -1e-9:
            limit, called = LIMITS[family]
            called_id, t = called(*name)
            rows.append((limit, called_id, None, None, t, -dual))
    return rows
