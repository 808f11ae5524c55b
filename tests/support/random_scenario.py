"""The storm of a random instance: effects on every table that effects may act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.random_instances import Draw
    from tests.support.random_town import Tables

FACTORS = {
    "needs": (0.4, 1.5, 2.5),
    "arrivals": (0, 0.5, 2),
    "stocks": (0, 0.4, 0.8, 1.2),
    "fleets": (0, 0.4, 0.7),
    "skills": (0, 0.4, 1.5),
    "roads": (0, 0, 0.4, 0.7),
    "places": (0, 0.3),
}
IDS = {
    "needs": ("places", "place"),
    "arrivals": ("places", "place"),
    "stocks": ("places", "place"),
    "fleets": ("fleets", "fleet"),
    "skills": ("parties", "party"),
    "roads": ("roads", "road"),
    "places": ("places", "place"),
}


def draw_effects(draw: Draw, header: dict[str, Any], tables: Tables) -> None:
    """Draw one scenario that acts, one that does not, and effects that overlap."""
    tables["scenarios"], tables["effects"] = [], []
    if not draw.has("scenario"):
        return
    tables["scenarios"] = [
        {"scenario": "storm", "hazard": "flood", "probability": 0.5},
        {"scenario": "calm", "hazard": "none", "probability": 0.5},
    ]
    tables["effects"] = [{"scenario": "calm", "table": "needs", "where": "*", "factor": 0}]
    for table in draw.some(FACTORS, draw.whole(4, 7)):
        for _ in range(draw.one([1, 1, 2])):
            tables["effects"].append({"scenario": "storm", "table": table, **draw_effect(draw, header, tables, table)})


def draw_effect(draw: Draw, header: dict[str, Any], tables: Tables, table: str) -> dict[str, Any]:
    """Draw where, when and how strongly one effect acts."""
    source, column = IDS[table]
    ids = [row[column] for row in tables[source]]
    zones = [zone["zone"] for zone in tables["zones"]]
    row: dict[str, Any] = {"where": draw.one(["*", draw.one(ids), draw.one(ids), draw.one(zones)])}
    if table in ("needs", "arrivals", "stocks") and draw.chance(0.4):
        row["commodity"] = draw.one([commodity["commodity"] for commodity in tables["commodities"]])
    if draw.chance(0.7):
        row["start"] = draw.whole(0, header["periods"] - 1)
        if draw.chance(0.5):
            row["end"] = draw.whole(row["start"], header["periods"] - 1)
    row["factor"] = draw.one(FACTORS[table])
    return row
