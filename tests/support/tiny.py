"""The smallest instances that show a rule: a depot, a home, two communities of a city, rice, one truck."""

from typing import Any

from coordination.instance import Instance

HEADER = {"name": "tiny", "periods": 1, "period_hours": 12}
GROUND: dict[str, list[dict[str, Any]]] = {
    "zones": [
        {"zone": "city", "level": "city"},
        {"zone": "east", "level": "community", "parent": "city"},
        {"zone": "west", "level": "community", "parent": "city"},
    ],
    "places": [
        {"place": "depot", "kind": "depot", "zone": "city"},
        {"place": "home", "kind": "community", "zone": "east"},
    ],
    "parties": [{"party": "core", "kind": "core", "zone": "city"}],
    "commodities": [{"commodity": "rice", "kg": 100, "cost_without": 100}],
}
ROAD = {"road": "r", "from": "depot", "to": "home", "km": 30, "minutes": 60}
TRUCK = {
    "fleet": "truck", "party": "core", "base": "depot", "vehicles": 1,
    "payload_tonnes": 2, "hours": 8, "cost_per_km": 2,
}  # fmt: skip


def tiny(policy: dict[str, Any] | None = None, periods: int = 1, hours: float = 12, **tables: Any) -> Instance:
    """Build an instance on the common ground: a depot, a home, two communities of a city."""
    header = {**HEADER, "periods": periods, "period_hours": hours, "policy": policy or {}}
    return Instance.from_tables(header, {**GROUND, **tables})


def need(quantity: float, period: int = 0, place: str = "home", **more: Any) -> dict[str, Any]:
    """Write one row of needs."""
    return {"place": place, "commodity": "rice", "period": period, "quantity": quantity, **more}


def stock(quantity: float, place: str = "depot", **more: Any) -> dict[str, Any]:
    """Write one row of stocks."""
    return {"place": place, "commodity": "rice", "quantity": quantity, "owner": "core", **more}


def rice(**columns: Any) -> list[dict[str, Any]]:
    """Write the table of commodities with some columns of rice changed."""
    return [{**GROUND["commodities"][0], **columns}]
