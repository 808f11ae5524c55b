"""The ground of a random instance: zones, places, roads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.random_instances import Draw

Tables = dict[str, list[dict[str, Any]]]


def draw_town(draw: Draw, tables: Tables) -> None:
    """Draw a tree of zones with places in its leaves (some higher up) and roads that join them."""
    draw_zones(draw, tables)
    leaves = [zone["zone"] for zone in tables["zones"] if zone["level"] == "community"]
    inner = [zone["zone"] for zone in tables["zones"] if zone["level"] != "community"]
    kinds = ["depot", *["community"] * draw.whole(2, 3)]
    kinds += draw.some(["supplier", "hospital", "facility"], draw.whole(0, 1))
    kinds += ["junction"] * (draw.whole(1, 2) if draw.has("junctions") else 0)
    tables["places"] = [
        {
            "place": f"p{number}",
            "kind": kind,
            "zone": draw.one(leaves if kind == "community" or draw.chance(0.5) else inner),
            **({"storage_tonnes": draw.number(0, 2)} if draw.has("storage") and draw.chance(0.85) else {}),
        }
        for number, kind in enumerate(kinds)
    ]
    draw_roads(draw, tables)


def draw_zones(draw: Draw, tables: Tables) -> None:
    """Draw two or three levels; now and then a second root."""
    top, middle = draw.one([("metro", "city"), ("city", "district"), ("metro", "street"), ("district", "street")])
    zones: list[dict[str, Any]] = [{"zone": "z0", "level": top}]
    parents = ["z0"]
    if draw.chance(0.7):
        parents = [f"z{number}" for number in range(1, draw.whole(2, 3))]
        zones += [{"zone": zone, "level": middle, "parent": "z0"} for zone in parents]
    for _ in range(draw.whole(2, 3)):
        zones.append({"zone": f"z{len(zones)}", "level": "community", "parent": draw.one(parents)})
    if draw.chance(0.1):
        zones.append({"zone": f"z{len(zones)}", "level": "community"})
    tables["zones"] = zones


def draw_roads(draw: Draw, tables: Tables) -> None:
    """Draw a tree of roads and some more, in random direction, some one-way, some with a capacity."""
    places = [place["place"] for place in tables["places"]]
    pairs = [(draw.one(places[:index]), place) for index, place in enumerate(places) if index]
    for _ in range(draw.whole(1, 4)):
        first = draw.one(places)
        pairs.append((first, draw.one([place for place in places if place != first])))
    roads = []
    for number, (first, second) in enumerate(pairs):
        start, end = (first, second) if draw.chance(0.5) else (second, first)
        minutes = draw.one([20, 40]) if draw.has("ties") else draw.number(5, 90, 1)
        km = draw.one([10, 20]) if draw.has("ties") else draw.number(2, 60, 1)
        if draw.has("ties") and draw.chance(0.08):
            minutes, km = 0, 0
        road = {"road": f"r{number}", "from": start, "to": end, "km": km, "minutes": minutes}
        if draw.has("capacities") and draw.chance(0.5):
            road["capacity_tonnes"] = draw.number(0, 2.5)
        extra = number >= len(places) - 1
        if draw.has("one_way") and draw.chance(0.6 if extra else 0.15):
            road["both_ways"] = False
        roads.append(road)
    tables["roads"] = roads
