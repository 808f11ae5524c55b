"""The people of a random instance: parties, skills, tasks, efforts, interests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.random_instances import Draw
    from tests.support.random_town import Tables

KINDS = ("residents_committee", "property_company", "volunteers", "social_workers", "agency")
DOMAINS = ("safety", "convenience", "governance")
LEVELS = ("community", "street", "district", "city", "metro")
DELIVERY, CARE = "delivery", "care"


def draw_people(draw: Draw, header: dict[str, Any], tables: Tables) -> None:
    """Draw the core and its partners, then tasks that they are just about able to do."""
    draw_parties(draw, tables)
    draw_skills(draw, tables)
    tables["tasks"] = []
    if draw.has("supply_tasks"):
        draw_supply_tasks(draw, header, tables)
    if draw.has("tasks"):
        draw_other_tasks(draw, header, tables)
    if draw.has("kinds"):
        for task in draw.some(tables["tasks"], 2):
            kinds = {party["kind"] for party in tables["parties"]} - {"core"} if draw.chance(0.7) else KINDS
            task["kinds"] = ";".join(draw.some(sorted(kinds), draw.whole(1, 2)))
    draw_wishes(draw, tables)
    if draw.has("owners"):
        draw_owners(draw, tables)


def draw_parties(draw: Draw, tables: Tables) -> None:
    """Draw the core and three to five partners in zones of all levels."""
    zones = [zone["zone"] for zone in tables["zones"]]
    tables["parties"] = [{"party": "core", "kind": "core", "zone": "z0"}]
    for number in range(draw.whole(3, 5)):
        superiors = [party["party"] for party in tables["parties"]]
        row: dict[str, Any] = {
            "party": f"a{number}",
            "kind": draw.one(KINDS),
            "zone": draw.one(zones),
            "superior": draw.one(superiors),
        }
        if draw.chance(0.6):
            row["hours"] = draw.number(1, 8, 1)
            if draw.chance(0.5):
                row["emergency_hours"] = draw.number(0.5, 12, 1)
        tables["parties"].append(row)


def draw_skills(draw: Draw, tables: Tables) -> None:
    """Draw one or two skills for most parties, dearer for some."""
    tables["skills"] = []
    for party in tables["parties"]:
        for skill in (DELIVERY, CARE):
            if draw.chance(0.3 if party["party"] == "core" else 0.75):
                row = {"party": party["party"], "skill": skill, "hours": draw.number(0, 6, 1)}
                if draw.chance(0.6):
                    row["emergency_hours"] = draw.number(0, 9, 1)
                if draw.chance(0.7):
                    row["cost_per_hour"] = draw.one([1, 5, 15, 40])
                tables["skills"].append(row)


def draw_supply_tasks(draw: Draw, header: dict[str, Any], tables: Tables) -> None:
    """Draw supply tasks with about the hours that handing out takes; nested ones in a zone and below it."""
    parents = {zone["zone"]: zone.get("parent") for zone in tables["zones"]}
    homes = [place["zone"] for place in tables["places"] if place["kind"] == "community"]
    zones = draw.some(dict.fromkeys(homes), draw.whole(1, 2))
    if draw.has("nested") and parents[zones[0]]:
        zones.append(parents[zones[0]])
    rate = header["policy"].get("handout_tonnes_per_hour", 0.5)
    for zone in zones:
        tonnes = needed_tonnes(tables, zone, parents) / header["periods"]
        for _ in range(draw.one([1, 1, 2])):
            hours = round(tonnes / rate * draw.one([0.4, 0.8, 1.2]) + 0.1, 1)
            draw_task(draw, header, tables, "supply", zone, min(hours, 20.0))


def needed_tonnes(tables: Tables, zone: str, parents: dict[str, str | None]) -> float:
    """Tonnes needed in a zone and the zones within it, all periods together."""
    inside = {zone}
    for _ in parents:
        inside |= {child for child, parent in parents.items() if parent in inside}
    places = {place["place"] for place in tables["places"] if place["zone"] in inside}
    kilograms = {row["commodity"]: row["kg"] for row in tables["commodities"]}
    return sum(
        row["quantity"] * kilograms[row["commodity"]] / 1000 for row in tables["needs"] if row["place"] in places
    )


def draw_other_tasks(draw: Draw, header: dict[str, Any], tables: Tables) -> None:
    """Draw tasks of the other domains anywhere."""
    for _ in range(draw.whole(1, 3)):
        zone = draw.one([zone["zone"] for zone in tables["zones"]])
        draw_task(draw, header, tables, draw.one(DOMAINS), zone, draw.number(1, 7, 1))


def draw_task(draw: Draw, header: dict[str, Any], tables: Tables, domain: str, zone: str, hours: float) -> None:
    """Draw one task: its window, whom it asks for, what a gap costs."""
    row: dict[str, Any] = {
        "task": f"t{len(tables['tasks'])}",
        "domain": domain,
        "zone": zone,
        "skill": DELIVERY if domain == "supply" else draw.one([DELIVERY, CARE, CARE]),
        "hours": hours,
        "doers": draw.one([1, 2, 3] if domain == "supply" else [1, 1, 2]),
    }
    if draw.chance(0.4):
        row["start"] = draw.whole(0, header["periods"] - 1)
        row["end"] = draw.whole(row["start"], header["periods"] - 1)
    if draw.has("backups") and draw.chance(0.8):
        row["backups"] = draw.whole(1, 2)
    if draw.chance(0.4):
        row["accountable_level"] = draw.one(LEVELS)
    if draw.chance(0.3):
        row["gap_cost"] = draw.one([0, 3, 30])
    tables["tasks"].append(row)


def draw_wishes(draw: Draw, tables: Tables) -> None:
    """Draw how hard tasks are for parties and what parties like to do."""
    tables["efforts"], tables["interests"] = [], []
    for party in tables["parties"]:
        for task in tables["tasks"]:
            if draw.has("efforts") and draw.chance(0.5):
                row = {"task": task["task"], "party": party["party"]}
                if draw.chance(0.7):
                    row["factor"] = draw.one([0.5, 1.5, 2])
                if draw.chance(0.6):
                    row["cost"] = draw.one([1, 8, 40])
                tables["efforts"].append(row)
        for domain in (*DOMAINS, "supply"):
            if draw.has("interests") and draw.chance(0.5):
                benefit = draw.one([-30, -5, 2, 10, 60])
                tables["interests"].append({"party": party["party"], "domain": domain, "benefit": benefit})


def draw_owners(draw: Draw, tables: Tables) -> None:
    """Draw whose things are, and facilities: none of it changes a plan by itself."""
    parties = [party["party"] for party in tables["parties"]]
    for name, column in (("places", "owner"), ("roads", "owner"), ("stocks", "owner"), ("tasks", "party")):
        for row in draw.some(tables[name], 2):
            row[column] = draw.one(parties)
    tables["facilities"] = [
        {
            "place": tables["places"][0]["place"],
            "service": "school",
            "everyday_value": 100,
            "emergency_use": "shelter",
            "emergency_capacity": 50,
        }
    ]
