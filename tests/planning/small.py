"""A street of one depot and one community, in which nothing is scarce until a test makes it so.

Two periods of ten hours, nothing expires. The depot holds 100 boxes of 10 kg; the truck (1 t, 1 money per km) takes
one hour and 20 km for the trip there and back, however full. The home needs 50 boxes in each period; a box costs 30
money per period without.
"""

from __future__ import annotations

from typing import Any

from coordination.instance import Instance

HEADER = {"name": "street", "periods": 2, "period_hours": 10, "currency": "CNY"}

TABLES: dict[str, list[dict[str, Any]]] = {
    "zones": [{"zone": "city", "level": "city"}, {"zone": "quarter", "level": "community", "parent": "city"}],
    "places": [
        {"place": "depot", "name": "Depot 一号", "kind": "depot", "zone": "city"},
        {"place": "home", "name": "Home", "kind": "community", "zone": "quarter"},
    ],
    "roads": [{"road": "r", "from": "depot", "to": "home", "km": 10, "minutes": 30}],
    "parties": [
        {"party": "core", "kind": "core", "zone": "city"},
        {"party": "helpers", "name": "Helpers", "kind": "volunteers", "zone": "quarter", "superior": "core"},
    ],
    "skills": [{"party": "helpers", "skill": "carry", "hours": 10}],
    "commodities": [{"commodity": "box", "name": "Boxes", "unit": "box", "kg": 10, "cost_without": 30}],
    "stocks": [{"place": "depot", "commodity": "box", "quantity": 100, "owner": "core"}],
    "needs": [{"place": "home", "commodity": "box", "period": t, "quantity": 50} for t in (0, 1)],
    "fleets": [
        {
            "fleet": "truck", "party": "core", "base": "depot", "vehicles": 1, "payload_tonnes": 1, "hours": 10,
            "cost_per_km": 1,
        }
    ],
    "tasks": [],
}  # fmt: skip

HANDOUT = [{"task": "hand", "domain": "supply", "zone": "quarter", "skill": "carry", "hours": 2}]
"""A task that hands out one tonne in a period, with half a tonne per hour."""


def street(**changed: list[dict[str, Any]]) -> Instance:
    """Return the street with some tables changed.

    Parameters
    ----------
    **changed : list of dict
        Rows by table.
    """
    return Instance.from_tables(HEADER, {**TABLES, **changed})


def row(table: str, number: int = 0, **changed: Any) -> list[dict[str, Any]]:
    """Return the rows of a table with one changed."""
    rows = [dict(entry) for entry in TABLES[table]]
    rows[number] |= changed
    return rows
