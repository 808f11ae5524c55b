"""A depot and a ward, four periods; a truck that takes a period; a task in two shifts of hands."""

from typing import Any

import coordination as co

HEADER = {"name": "two-owners", "periods": 4, "period_hours": 1, "policy": {"min_share": 0.5, "gap_cost": 100}}


def town(**changed: Any) -> co.Instance:
    """Return the town, some tables changed.

    30 cans of the core and 10 of the shop lie at the depot, 10 are sent in period 0 and arrive in period 1. The watch
    runs from period 0 to 3; guards and helpers can both do it.
    """
    tables: dict[str, Any] = {
        "zones": [{"zone": "z", "level": "street"}],
        "places": [
            {"place": "depot", "kind": "depot", "zone": "z"},
            {"place": "ward", "kind": "community", "zone": "z"},
        ],
        "roads": [{"road": "r", "from": "depot", "to": "ward", "km": 1, "minutes": 90}],
        "parties": [
            {"party": "core", "kind": "core", "zone": "z"},
            {"party": "shop", "kind": "supplier", "zone": "z", "superior": "core"},
            {"party": "guards", "kind": "agency", "zone": "z", "superior": "core", "hours": 10},
            {"party": "helpers", "kind": "volunteers", "zone": "z", "superior": "core", "hours": 10},
        ],
        "skills": [
            {"party": "guards", "skill": "watch", "hours": 2, "cost_per_hour": 1},
            {"party": "helpers", "skill": "watch", "hours": 2, "cost_per_hour": 5},
        ],
        "commodities": [{"commodity": "can", "kg": 100, "cost_without": 50}],
        "stocks": [
            {"place": "depot", "commodity": "can", "quantity": 30, "owner": "core"},
            {"place": "depot", "commodity": "can", "quantity": 10, "owner": "shop"},
        ],
        "needs": [{"place": "ward", "commodity": "can", "period": t, "quantity": 10} for t in range(4)],
        "fleets": [
            {"fleet": "truck", "party": "core", "base": "depot", "vehicles": 1, "payload_tonnes": 1, "hours": 4},
        ],
        "tasks": [{"task": "watch", "domain": "safety", "zone": "z", "skill": "watch", "hours": 2}],
    }
    return co.Instance.from_tables(HEADER, tables | changed)


def event(table: str, action: str, where: str, column: str | None = None, value: str | None = None) -> dict[str, Any]:
    """Return news known from period 2 on."""
    return {"period": 2, "table": table, "action": action, "where": where, "column": column, "value": value}
