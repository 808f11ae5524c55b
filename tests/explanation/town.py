"""A town whose plan has everything that can be asked about: choices, gaps, shortage, a party that binds."""

from typing import Any

from coordination.instance import Instance
from tests.support.tiny import GROUND, HEADER, ROAD, TRUCK, need, stock

PERIODS = 2
POLICY: dict[str, Any] = {
    "handout_tonnes_per_hour": 0.5, "gap_cost": 20, "backup_cost": 15, "level_cost": 3, "backup_reserve": 0.25,
    "min_share": 0.1,
}  # fmt: skip
TABLES: dict[str, list[dict[str, Any]]] = {
    **GROUND,
    "parties": [
        {"party": "core", "kind": "core", "zone": "city"},
        {"party": "a", "name": "Ants", "kind": "volunteers", "zone": "east", "superior": "core"},
        {"party": "b", "name": "Bees", "kind": "agency", "zone": "city", "superior": "core"},
        {"party": "c", "kind": "property_company", "zone": "east", "superior": "b"},
    ],
    "skills": [
        {"party": "a", "skill": "care", "hours": 3, "cost_per_hour": 4},
        {"party": "b", "skill": "care", "hours": 2, "cost_per_hour": 6},
        {"party": "c", "skill": "care", "hours": 5, "cost_per_hour": 11},
    ],
    "tasks": [
        {"task": "watch", "domain": "safety", "zone": "east", "skill": "care", "hours": 4, "backups": 1},
        {"task": "hand", "domain": "supply", "zone": "east", "skill": "care", "hours": 3, "doers": 2},
        {"task": "still", "domain": "safety", "zone": "west", "skill": "care", "hours": 2},
    ],
    "efforts": [{"task": "watch", "party": "c", "factor": 1, "cost": 2}],
    "interests": [{"party": "a", "domain": "safety", "benefit": 1}],
    "roads": [ROAD],
    "fleets": [TRUCK],
    "stocks": [stock(25)],
    "needs": [need(15, period) for period in range(PERIODS)],
}


def town(policy: dict[str, Any] | None = None, **changed: list[dict[str, Any]]) -> Instance:
    """Return the town with some tables and keys of the policy changed."""
    header = {**HEADER, "periods": PERIODS, "currency": "CNY", "policy": {**POLICY, **(policy or {})}}
    return Instance.from_tables(header, {**TABLES, **changed})


def rows(table: str, at: dict[str, Any], **changed: Any) -> list[dict[str, Any]]:
    """Return the rows of a table, those that `at` matches with some cells changed."""
    matches = [all(row.get(name) == value for name, value in at.items()) for row in TABLES[table]]
    return [{**row, **changed} if fits else dict(row) for row, fits in zip(TABLES[table], matches, strict=True)]
