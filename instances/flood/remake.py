"""Make the instance again: ``python instances/flood/remake.py`` from the repository's root, the same to the byte.

Every number stands here with its unit; the README says which are real.
"""

import csv
import math
import sys
from pathlib import Path

from coordination.instance import Instance

ROOT = Path(__file__).parents[2]
PERIODS, HOURS = 8, 12
"""Half-days of four days."""

HUBS = (
    # place, name, district, lon, lat, tonnes that it stores, share of the stock
    ("north", "Depot north of the city (未央)", "610112", 108.95, 34.36, 6000, 0.55),
    ("east", "Depot on the Ba river (灞桥)", "610111", 109.06, 34.27, 4000, 0.45),
)
GOODS = (
    # commodity, name, unit, kg, shelf life, carry-over, units per person and half-day, CNY without for a half-day
    ("water", "Bottled water", "litre", 1.0, None, 0.0, 1.5, 40.0),
    ("staples", "Flour, rice, pulses and oil", "kg", 1.0, None, 0.6, 0.28, 30.0),
    ("medicines", "Medicines for the chronically ill", "day's course", 0.02, None, 0.8, 0.05, 43.5),
)
DEPENDENT, FLOODED = 0.01, 0.08
"""Share of the people who depend on public supply, and how much more in flooded districts."""
EAST = ("610111", "610114", "610115", "610122")
"""Flooded districts: on the Ba, the Wei and the mountain streams of the Qinling."""
DAYS_OF_STOCK = 3.0
"""Days that the depots' stock lasts."""

DAMAGE = (
    # road or place, hours of work, skill, share of capacity left, first period
    ("road", "ba_bridge", 150, "bridge", 0.0, 0),
    ("road", "lantian_road", 260, "earthworks", 0.0, 0),
    ("road", "lintong_road", 90, "earthworks", 0.3, 0),
    ("road", "yanliang_road", 120, "bridge", 0.0, 1),
    ("place", "east", 180, "pumping", 0.0, 0),
)
CREWS = (
    # party, name, kind, skills: skill, hours per half-day, CNY per hour
    ("highways", "Highway administration", "agency", (("earthworks", 96, 60), ("bridge", 60, 80))),
    ("engineers", "Engineers of the fire and rescue service", "agency", (("bridge", 72, 50), ("pumping", 60, 50))),
    ("waterworks", "Municipal drainage works", "enterprise", (("pumping", 48, 70), ("earthworks", 48, 70))),
)
LINKS = (
    # road, from, to, times the straight line
    ("ba_bridge", "north", "east", 1.2),
    ("ring_south", "north", "c610113", 1.3), ("ring_east", "c610113", "east", 1.5),
    ("lantian_road", "east", "c610122", 1.5), ("lantian_hills", "c610116", "c610122", 2.4),
    ("lintong_road", "east", "c610115", 1.3), ("lintong_wei", "c610117", "c610115", 1.6),
    ("yanliang_road", "north", "c610114", 1.4), ("yanliang_wei", "c610117", "c610114", 1.5),
    ("gaoling_road", "north", "c610117", 1.3), ("changan_road", "c610113", "c610116", 1.3),
    ("baqiao_road", "east", "c610111", 1.3), ("xincheng_road", "north", "c610102", 1.3),
    ("beilin_road", "c610102", "c610103", 1.3), ("lianhu_road", "north", "c610104", 1.3),
    ("beilin_yanta", "c610103", "c610113", 1.3), ("weiyang_road", "north", "c610112", 1.3),
    ("huyi_road", "c610116", "c610118", 1.4), ("zhouzhi_road", "c610118", "c610124", 1.4),
    ("baqiao_xincheng", "c610111", "c610102", 1.6),
)  # fmt: skip
SPEED, PAYLOAD = 30.0, 8.0
"""km per hour on all roads, and tonnes of a truck."""
HANDOUT = 0.5
"""Tonnes that an hour of work hands out."""


def districts() -> list[dict[str, str]]:
    """Return the rows of Xi'an in the population table."""
    with (ROOT / "instances" / "populations" / "shaanxi.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["code"].startswith("6101")]


def needs_of(row: dict[str, str]) -> dict[str, float]:
    """Return the needs of a district in a half-day."""
    share = DEPENDENT + (FLOODED if row["code"] in EAST else 0.0)
    return {good[0]: float(round(int(row["population"]) * share * good[6])) for good in GOODS}


def instance() -> Instance:
    """Make the instance."""
    rows = districts()
    total = {good[0]: sum(needs_of(row)[good[0]] for row in rows) for good in GOODS}
    tables: dict[str, list[dict[str, object]]] = {
        "zones": [{"zone": "6101", "name": "Xi'an (西安市)", "level": "city"}],
        "places": [
            {
                "place": place, "name": name, "kind": "depot", "zone": zone, "lon": lon, "lat": lat,
                "storage_tonnes": room,
            }
            for place, name, zone, lon, lat, room, _ in HUBS
        ],
        "parties": [{"party": "core", "name": "City command", "kind": "core", "zone": "6101"}],
        "skills": [], "needs": [], "tasks": [],
        "commodities": [
            {
                "commodity": name, "name": title, "unit": unit, "kg": kg, "shelf_life": life, "carry_over": carry,
                "cost_without": cost,
            }
            for name, title, unit, kg, life, carry, _, cost in GOODS
        ],
        "stocks": [
            {
                "place": place, "commodity": good, "owner": "core",
                "quantity": round(quantity * 24 / HOURS * DAYS_OF_STOCK * share),
            }
            for place, *_, share in HUBS for good, quantity in total.items()
        ],
    }  # fmt: skip
    for party, name, kind, skills in CREWS:
        tables["parties"].append({"party": party, "name": name, "kind": kind, "zone": "6101", "superior": "core"})
        tables["skills"] += [
            {"party": party, "skill": skill, "hours": hours, "cost_per_hour": cost} for skill, hours, cost in skills
        ]
    for row in rows:
        district(tables, row)
    at = {str(place["place"]): place for place in tables["places"]}
    tables["roads"] = [link(at, *one) for one in LINKS]
    tonnes = sum(total[good[0]] * good[3] / 1000 for good in GOODS)
    tables["fleets"] = [
        {
            "fleet": f"trucks_{place}", "party": "core", "base": "north", "loads_at": place, "payload_tonnes": PAYLOAD,
            "vehicles": math.ceil(share * tonnes * 4.5 / PAYLOAD / 10), "hours": 10, "cost_per_km": 5,
            "loading_minutes": 45,
        }
        for place, *_, share in HUBS
    ]  # fmt: skip
    tables["damage"] = [
        {kind: name, "repair_hours": hours, "skill": skill, "capacity_left": left, "from": first}
        for kind, name, hours, skill, left, first in DAMAGE
    ]
    header = {
        "name": "flood", "title": "Xi'an (西安市), a flood on the Ba and the Wei", "currency": "CNY",
        "start": "2023-08-12T06:00:00", "periods": PERIODS, "period_hours": HOURS,
        "source": "Population of 13 districts, 2020 census (instances/populations); everything else made up by "
        "remake.py.",
        "policy": {"handout_tonnes_per_hour": HANDOUT, "gap_cost": 100},
    }  # fmt: skip
    return Instance.from_tables(header, tables)


def district(tables: dict[str, list[dict[str, object]]], row: dict[str, str]) -> None:
    """Add a district: its place, residents' committees and volunteers, hand-out and needs."""
    code, name, people = row["code"], row["name"], int(row["population"])
    tables["zones"].append({"zone": code, "name": name, "level": "district", "parent": "6101"})
    tables["places"].append(
        {
            "place": f"c{code}", "name": name, "kind": "community", "zone": code, "lon": float(row["lon"]),
            "lat": float(row["lat"]), "population": people, "vulnerable": float(row["share_65_plus"]),
        }
    )  # fmt: skip
    needed = needs_of(row)
    tables["needs"] += [
        {"place": f"c{code}", "commodity": commodity, "period": period, "quantity": quantity}
        for commodity, quantity in needed.items()
        for period in range(PERIODS)
    ]
    hours = round(1.5 * sum(needed[good[0]] * good[3] / 1000 for good in GOODS) / HANDOUT, 1)
    for prefix, title, kind, share, cost in (
        ("rc", "Residents' committees", "residents_committee", 0.7, 20),
        ("vo", "Volunteers", "volunteers", 0.5, 5),
    ):
        party = f"{prefix}{code}"
        tables["parties"].append(
            {"party": party, "name": f"{title}, {name}", "kind": kind, "zone": code, "superior": "core"}
        )
        tables["skills"].append(
            {"party": party, "skill": "handout", "hours": round(share * hours, 1), "cost_per_hour": cost}
        )
    tables["tasks"].append(
        {
            "task": f"supply_{code}", "name": f"Hand-out of supplies, {name}", "domain": "supply", "zone": code,
            "skill": "handout", "hours": hours, "doers": 2,
        }
    )  # fmt: skip


def link(at: dict[str, dict[str, object]], road: str, start: str, end: str, detour: float) -> dict[str, object]:
    """Return a road between two places, at least two km long."""
    one, other = at[start], at[end]
    east = (float(str(one["lon"])) - float(str(other["lon"]))) * 111.2 * math.cos(math.radians(34.3))
    north = (float(str(one["lat"])) - float(str(other["lat"]))) * 111.2
    km = round(max(2.0, detour * math.hypot(east, north)), 1)
    return {"road": road, "from": start, "to": end, "km": km, "minutes": round(km / SPEED * 60, 1)}


if __name__ == "__main__":
    instance().save(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
