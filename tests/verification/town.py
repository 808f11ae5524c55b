"""A town of two quarters, and a plan for it whose every figure is worked out by hand.

Three periods of one hour. A depot (stores 1 tonne) reaches *north* over r1, r2 (30 min, 15 km) and *south*
over r1, r3 (35 min, 16 km; r3 carries 0.4 tonnes) or over r4 (60 min, 30 km). One truck fleet at the depot:
2 vehicles of 1 tonne, 1 money per km. Water: 10 kg, 2 money per period without. Meals: 1 kg, 2 periods of
shelf life, half of a missed need lapses, curve (1, 3), (2, 8).

Shipments (trips; hours; km): 50 water to north in 0 (0.5; 0.5; 15), 40 to south over r3 in 0 (0.4; 0.4667;
12.8), 20 to south over r4 in 1, arriving in 2 (0.2; 0.3167; 9.2), 30 meals to north in 1 (0.03; 0.03; 0.9).

deprivation   water north 2·50 + 2·50, south 2·20 + 2·20 (280); meals b = 44, 32, 16: 3·40 + 5·4, 3·32, 5·16 (316)
lapsed        3 · 0.5 · (8 + 44 + 32) = 126
overflow      the depot ends period 0 with 1.1 t of water and 0.1 t of meals: 10 · 0.2 = 2
gap_hours     one hour of the patrol in two periods: 200 · 2 = 400 (the hand-out's gaps cost nothing)
gap_backups   the hand-out wants two, has one: 50;     gap_kinds   social workers missing: 50
transport     37.9;     levels   the core (one above metro) for a task of city level: 2 · 10
work          committee 2 · 2.5 h · 5 + 3 · 4, volunteers 6 h · 1: 43;     interest   −6 · 3
worst_off     meals in north: 30 served of 88 needed: 88 · 58/88 = 58
"""

import math
from functools import cache
from typing import Any

import pandas as pd

from coordination.instance import Instance
from coordination.plans import Plan

HEADER = {
    "name": "town",
    "periods": 3,
    "period_hours": 1,
    "policy": {"worst_off": 88, "group_weights": {"vulnerable": 3}},
}

TABLES: dict[str, list[dict[str, Any]]] = {
    "zones": [
        {"zone": "city", "level": "city"},
        {"zone": "northern", "level": "community", "parent": "city"},
        {"zone": "southern", "level": "community", "parent": "city"},
    ],
    "places": [
        {"place": "depot", "kind": "depot", "zone": "city", "storage_tonnes": 1},
        {"place": "cross", "kind": "junction", "zone": "city"},
        {"place": "north", "kind": "community", "zone": "northern"},
        {"place": "south", "kind": "community", "zone": "southern"},
    ],
    "roads": [
        {"road": "r1", "from": "depot", "to": "cross", "km": 10, "minutes": 20},
        {"road": "r2", "from": "cross", "to": "north", "km": 5, "minutes": 10},
        {"road": "r3", "from": "cross", "to": "south", "km": 6, "minutes": 15, "capacity_tonnes": 0.4},
        {"road": "r4", "from": "depot", "to": "south", "km": 30, "minutes": 60},
        {"road": "r5", "from": "depot", "to": "north", "km": 30, "minutes": 60},
    ],
    "parties": [
        {"party": "core", "kind": "core", "zone": "city"},
        {"party": "committee", "kind": "residents_committee", "zone": "northern", "superior": "core"},
        {
            "party": "volunteers",
            "kind": "volunteers",
            "zone": "city",
            "superior": "core",
            "hours": 1,
            "emergency_hours": 3.2,
        },
    ],
    "skills": [
        {"party": "committee", "skill": "carry", "hours": 0, "emergency_hours": 2, "cost_per_hour": 5},
        {"party": "volunteers", "skill": "carry", "hours": 1},
        {"party": "volunteers", "skill": "guard", "hours": 3, "cost_per_hour": 1},
    ],
    "commodities": [
        {"commodity": "water", "kg": 10, "cost_without": 2},
        {"commodity": "meal", "kg": 1, "shelf_life": 2, "carry_over": 0.5},
    ],
    "deprivation": [
        {"commodity": "meal", "periods_without": 1, "cost_per_unit": 3},
        {"commodity": "meal", "periods_without": 2, "cost_per_unit": 8},
    ],
    "stocks": [
        {"place": "depot", "commodity": "water", "quantity": 150, "owner": "core"},
        {"place": "depot", "commodity": "water", "quantity": 50, "owner": "core"},
        {"place": "depot", "commodity": "meal", "quantity": 100, "owner": "core"},
    ],
    "arrivals": [{"place": "depot", "commodity": "meal", "period": 1, "quantity": 50, "owner": "core"}],
    "needs": [
        {"place": "north", "commodity": "water", "period": 0, "quantity": 50},
        {"place": "north", "commodity": "water", "period": 1, "quantity": 50},
        {"place": "south", "commodity": "water", "period": 0, "quantity": 40},
        {"place": "south", "commodity": "water", "period": 0, "quantity": 20, "group": "vulnerable"},
        {"place": "north", "commodity": "meal", "period": 0, "quantity": 40},
        {"place": "north", "commodity": "meal", "period": 1, "quantity": 40},
    ],
    "backlogs": [{"place": "north", "commodity": "meal", "group": "general", "quantity": 8, "age": 1}],
    "fleets": [
        {
            "fleet": "truck",
            "party": "core",
            "base": "depot",
            "vehicles": 2,
            "payload_tonnes": 1,
            "hours": 1,
            "cost_per_km": 1,
        }
    ],
    "tasks": [
        {
            "task": "handout",
            "domain": "supply",
            "zone": "northern",
            "skill": "carry",
            "hours": 2,
            "backups": 2,
            "kinds": "residents_committee;social_workers",
        },
        {"task": "patrol", "domain": "safety", "zone": "city", "skill": "guard", "hours": 4, "end": 1, "doers": 2},
    ],
    "efforts": [{"task": "handout", "party": "committee", "factor": 2, "cost": 4}],
    "interests": [{"party": "volunteers", "domain": "safety", "benefit": 3}],
    "scenarios": [{"scenario": "flood", "hazard": "flood", "probability": 0.1}],
    "effects": [
        {"scenario": "flood", "table": "needs", "where": "northern", "factor": 2},
        {"scenario": "flood", "table": "roads", "where": "r2", "factor": 0},
    ],
}

NEVER = math.nan

DECIDED: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {
    "shipments": (
        ["fleet", "origin", "destination", "commodity", "expires", "depart", "arrive", "quantity", "route"],
        [
            ("truck", "depot", "north", "meal", 1, 1, 1, 30, "r1;r2"),
            ("truck", "depot", "north", "water", NEVER, 0, 0, 50, "r1;r2"),
            ("truck", "depot", "south", "water", NEVER, 0, 0, 40, "r1;r3"),
            ("truck", "depot", "south", "water", NEVER, 1, 2, 20, "r4"),
        ],
    ),
    "inventory": (
        ["place", "commodity", "expires", "period", "quantity", "expired"],
        [
            ("depot", "meal", 1, 0, 100, 0),
            ("depot", "meal", 1, 1, 0, 70),
            ("depot", "meal", 2, 1, 50, 0),
            ("depot", "meal", 2, 2, 0, 50),
            ("depot", "water", NEVER, 0, 110, 0),
            ("depot", "water", NEVER, 1, 90, 0),
            ("depot", "water", NEVER, 2, 90, 0),
        ],
    ),
    "service": (
        ["place", "commodity", "group", "period", "need", "served", "backlog"],
        [
            ("north", "meal", "general", 0, 40, 0, 44),
            ("north", "meal", "general", 1, 40, 30, 32),
            ("north", "meal", "general", 2, 0, 0, 16),
            ("north", "water", "general", 0, 50, 50, 0),
            ("north", "water", "general", 1, 50, 0, 50),
            ("north", "water", "general", 2, 0, 0, 50),
            ("south", "water", "general", 0, 40, 20, 20),
            ("south", "water", "general", 1, 0, 0, 20),
            ("south", "water", "general", 2, 0, 20, 0),
            ("south", "water", "vulnerable", 0, 20, 20, 0),
        ],
    ),
    "responsibilities": (
        ["task", "party", "role", "start", "end", "hours"],
        [
            ("handout", "committee", "accountable", 0, 2, NEVER),
            ("handout", "committee", "responsible", 0, 1, 1),
            ("handout", "committee", "responsible", 2, 2, 0.5),
            ("handout", "volunteers", "backup", 0, 2, NEVER),
            ("patrol", "core", "accountable", 0, 1, NEVER),
            ("patrol", "volunteers", "responsible", 0, 1, 3),
        ],
    ),
    "gaps": (
        ["task", "kind", "period", "amount", "what"],
        [
            ("handout", "backup", NEVER, 1, "carry"),
            ("handout", "hours", 0, 1, "carry"),
            ("handout", "hours", 1, 1, "carry"),
            ("handout", "hours", 2, 1.5, "carry"),
            ("handout", "kind", NEVER, 1, "social_workers"),
            ("patrol", "hours", 0, 1, "guard"),
            ("patrol", "hours", 1, 1, "guard"),
        ],
    ),
    "facilities": (["place", "period", "mode"], []),
    "modes": (
        ["zone", "period", "mode"],
        [(zone, period, "emergency") for zone in ("city", "northern", "southern") for period in range(3)],
    ),
    "prices": (
        ["limit", "id", "commodity", "expires", "period", "price"],
        [
            ("handout", "northern", None, NEVER, 0, 2),
            ("hours", "committee;carry", None, NEVER, 0, 1),
            ("hours", "volunteers", None, NEVER, 1, 200),
            ("road", "r3;cross", None, NEVER, 0, 3),
            ("stock", "north", "water", NEVER, 1, 4),
            ("storage", "depot", None, NEVER, 0, 10),
        ],
    ),
}

TERMS = {
    "deprivation": 596.0,
    "lapsed": 126.0,
    "overflow": 2.0,
    "gap_hours": 400.0,
    "gap_backups": 50.0,
    "gap_kinds": 50.0,
    "gap_coverage": 0.0,
    "transport": 37.9,
    "levels": 20.0,
    "work": 43.0,
    "interest": -18.0,
    "everyday_value": 0.0,
    "conversion": 0.0,
    "worst_off": 58.0,
    "handover": 0.0,
    "change": 0.0,
    "repair": 0.0,
    "mode": 0.0,
}
OBJECTIVE = 1364.9


@cache
def instance() -> Instance:
    """Return the town."""
    return Instance.from_tables(HEADER, TABLES)


def tables() -> dict[str, pd.DataFrame]:
    """Return the plan's tables as they would be written."""
    return {name: pd.DataFrame(rows, columns=columns) for name, (columns, rows) in DECIDED.items()}


def plan(decided: dict[str, pd.DataFrame] | None = None, town: Instance | None = None, **figures: Any) -> Plan:
    """Return the plan; ``decided`` replaces tables, ``figures`` what stands in plan.json."""
    town = instance() if town is None else town
    bound = OBJECTIVE - 0.1
    header: dict[str, Any] = {
        "kind": "plan",
        "status": "optimal",
        "objective": OBJECTIVE,
        "terms": TERMS,
        "bound": bound,
        "gap": 0.1 / OBJECTIVE,
        "seconds": {},
        "sizes": {},
        "versions": {},
        "options": {"gap": 1e-4, "scenario": None},
        "seed": 0,
        "sha256": town.sha256,
        "notes": [],
    }
    header["gap"] = (OBJECTIVE - bound) / OBJECTIVE
    return Plan(**{**header, **figures}, tables={**tables(), **(decided or {})}, instance=town)
