"""Make the instance again: ``python instances/quarantine/remake.py`` from the repository's root, the same to the byte.

Every number stands here with its unit; the README says which are real.
"""

import csv
import math
import sys
from pathlib import Path

import numpy as np

from coordination.instance import Instance

ROOT = Path(__file__).parents[2]
PERIODS, BEFORE = 30, 35
"""Days from 17 December 2021 on, and days watched before."""

CASES = (
    1, 7, 21, 42, 52, 63, 49, 75, 155, 150, 175, 151, 155, 161, 174, 122, 90, 95, 35, 63, 57, 46, 30, 15, 13, 8, 6, 5,
    3, 2,
)  # fmt: skip
"""New local cases in the city, day by day from 17 December 2021."""

SHARE = {
    "610113": 0.50, "610116": 0.16, "610104": 0.09, "610112": 0.09, "610103": 0.07, "610102": 0.04, "610111": 0.02,
    "610118": 0.01, "610115": 0.005, "610117": 0.005, "610122": 0.004, "610124": 0.004, "610114": 0.002,
}  # fmt: skip
"""Share of the city's cases in each district."""

WEEK = (1.1, 1.0, 0.98, 0.98, 1.02, 0.96, 0.96)
"""Calls by day of the week, from Monday on."""

GOODS = (
    # commodity, name, unit, kg, shelf life, carry-over, units per person and day, CNY without for a day
    ("staples", "Flour, rice, pulses and oil", "kg", 1.0, None, 0.6, 0.555, 60.0),
    ("vegetables", "Fresh vegetables", "kg", 1.0, 3, 0.3, 0.3, 49.0),
    ("medicines", "Medicines for the chronically ill", "day's course", 0.02, None, 0.8, 0.1, 87.0),
)
DEPENDENT, MORE = 0.01, 0.09
"""Share of the people who depend on public supply in quiet times, and how much more where cases are severe."""

HANDOUT = 0.5
"""Tonnes that an hour of work hands out."""

SEVERE, CALLS, STOCK = 2.0, (12.0, 36.0), (7.0, 2.0)
"""Severe cases per 100,000 and day; normal and severe calls per 10,000 and day, and days of stock in shops."""


def districts() -> list[dict[str, str]]:
    """Return the rows of Xi'an in the population table."""
    with (ROOT / "instances" / "populations" / "shaanxi.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["code"].startswith("6101")]


def course(code: str, people: int) -> list[float]:
    """Return cases per 100,000 and day from the first day watched on."""
    return [0.0] * BEFORE + [round(cases * SHARE[code] * 1e5 / people, 3) for cases in CASES]


def observations(rng: np.random.Generator, row: dict[str, str]) -> list[dict[str, object]]:
    """Return what is seen in a district: cases, calls, and stock in shops, which follow the cases within two days."""
    zone, cases = row["code"], course(row["code"], int(row["population"]))
    felt = [min(1.0, float(np.mean(cases[max(0, day - 1) : day + 1])) / SEVERE) for day in range(len(cases))]
    rows: list[dict[str, object]] = []
    for day, share in enumerate(felt):
        # 12 November 2021, the first day watched, is a Friday.
        calls = (CALLS[0] + share * (CALLS[1] - CALLS[0])) * WEEK[(day + 4) % 7] * math.exp(rng.normal(0, 0.06))
        stock = (STOCK[0] + share * (STOCK[1] - STOCK[0])) * math.exp(rng.normal(0, 0.03))
        for name, value in (("cases", cases[day]), ("calls", round(calls, 2)), ("shop_stock", round(stock, 2))):
            rows.append({"period": day - BEFORE, "zone": zone, "indicator": name, "value": value})
    return rows


def instance() -> Instance:
    """Make the instance."""
    rng, rows = np.random.default_rng(20211223), districts()
    tables: dict[str, list[dict[str, object]]] = {
        "zones": [{"zone": "6101", "name": "Xi'an (西安市)", "level": "city"}],
        "places": [
            {"place": "hub", "name": "City depot", "kind": "depot", "zone": "610112", "lon": 108.95, "lat": 34.36}
        ],
        "parties": [{"party": "core", "name": "City command", "kind": "core", "zone": "6101"}],
        "skills": [], "roads": [], "fleets": [], "tasks": [], "needs": [], "observations": [], "facilities": [],
        "service_floors": [], "stocks": [], "arrivals": [],
    }  # fmt: skip
    total = dict.fromkeys((good[0] for good in GOODS), np.zeros(PERIODS))
    for row in rows:
        tables["observations"] += observations(rng, row)
        for name, needed in district(tables, row).items():
            total[name] = total[name] + needed
    for name, needed in total.items():
        # The hub gets what was needed three days ago, a tenth less, and begins with four days of the first week.
        tables["stocks"].append(
            {"place": "hub", "commodity": name, "quantity": round(float(needed[:7].mean()) * 4), "owner": "core"}
        )
        tables["arrivals"] += [
            {
                "place": "hub", "commodity": name, "period": day, "owner": "core",
                "quantity": round(0.9 * float(needed[max(0, day - 3)])),
            }
            for day in range(PERIODS)
        ]  # fmt: skip
    tables["commodities"] = [
        {
            "commodity": name, "name": title, "unit": unit, "kg": kg, "shelf_life": life, "carry_over": carry,
            "cost_without": cost,
        }
        for name, title, unit, kg, life, carry, _, cost in GOODS
    ]  # fmt: skip
    tables["indicators"] = [
        {"indicator": "cases", "weight": 2, "normal": 0, "severe": SEVERE, "hazard": "epidemic"},
        {
            "indicator": "calls", "weight": 1, "normal": CALLS[0], "severe": CALLS[1], "hazard": "shortage",
            "scales": "staples;vegetables;medicines",
        },
        {"indicator": "shop_stock", "weight": 1, "normal": STOCK[0], "severe": STOCK[1], "hazard": "shortage"},
    ]  # fmt: skip
    header = {
        "name": "quarantine", "title": "Xi'an (西安市), staged lockdown in the winter of 2021", "currency": "CNY",
        "start": "2021-12-17T00:00:00", "periods": PERIODS, "period_hours": 24,
        "source": "Population of 13 districts, 2020 census (instances/populations); the city's daily cases as "
        "reported; everything else made up by remake.py.",
        "policy": {
            "mode": "thresholds", "thresholds": {"emergency": [0.5, 0.3], "parallel": [0.2, 0.1]},
            "handout_tonnes_per_hour": HANDOUT, "gap_cost": 100,
        },
    }  # fmt: skip
    return Instance.from_tables(header, tables)


def district(tables: dict[str, list[dict[str, object]]], row: dict[str, str]) -> dict[str, np.ndarray]:
    """Add a district: its place and depot, roads, parties, fleet, tasks, hall and needs; return the needs by day."""
    code, name, people = row["code"], row["name"], int(row["population"])
    lon, lat, old = float(row["lon"]), float(row["lat"]), float(row["share_65_plus"])
    tables["zones"].append({"zone": code, "name": name, "level": "district", "parent": "6101"})
    tables["places"] += [
        {
            "place": f"c{code}", "name": name, "kind": "community", "zone": code, "lon": lon, "lat": lat,
            "population": people, "vulnerable": old, "owner": f"rc{code}", "storage_tonnes": round(people / 20000),
        },
        {
            "place": f"h{code}", "name": f"Sports hall of {name}", "kind": "facility", "zone": code, "lon": lon,
            "lat": lat,
        },
    ]  # fmt: skip
    # Detours of 1.3 times the straight line, 30 km/h; the hall is 3 km away.
    km = 1.3 * math.hypot((lon - 108.95) * 111.2 * math.cos(math.radians(34.36)), (lat - 34.36) * 111.2)
    for road, start, length in ((f"r{code}", "hub", round(km, 1)), (f"l{code}", f"h{code}", 3.0)):
        tables["roads"].append(
            {"road": road, "from": start, "to": f"c{code}", "km": length, "minutes": round(length * 2, 1)}
        )
    felt = [min(1.0, cases / SEVERE) for cases in course(code, people)[BEFORE:]]
    dependent = people * (DEPENDENT + MORE * np.array(felt))
    needs = {good[0]: np.round(dependent * good[6]) for good in GOODS}
    tables["needs"] += [
        {"place": f"c{code}", "commodity": commodity, "period": day, "quantity": float(quantity)}
        for commodity, quantities in needs.items()
        for day, quantity in enumerate(quantities.tolist())
    ]
    peak = max(sum(needs[good[0]][day] * good[3] / 1000 for good in GOODS) for day in range(PERIODS))
    hours, quiet = (max(8.0, round(tonnes / HANDOUT)) for tonnes in (peak, peak_of_quiet_days(people)))
    _people(tables, code, name, hours, quiet)
    _tasks(tables, code, name, hours)
    trip = (2 * km * 2 + 45) / 60
    vehicles = max(1, math.ceil(0.9 * peak * trip / 5 / 10))
    tables["fleets"].append(
        {
            "fleet": f"f{code}", "party": f"en{code}", "base": "hub", "vehicles": vehicles, "payload_tonnes": 5,
            "hours": 10, "cost_per_km": 4, "loading_minutes": 45,
        }
    )  # fmt: skip
    tables["facilities"].append(
        {
            "place": f"h{code}", "service": "sports", "everyday_value": round(people / 100), "convert_periods": 2,
            "emergency_use": "beds", "emergency_capacity": round(people / 2000), "convert_cost": 50000,
        }
    )  # fmt: skip
    shares = (("normal", 1.0), ("parallel", 0.5), ("emergency", 0.0))
    tables["service_floors"] += [
        {"zone": code, "service": "sports", "mode": mode, "share": share} for mode, share in shares
    ]
    return needs


def peak_of_quiet_days(people: int) -> float:
    """Return the tonnes that a district needs on a quiet day."""
    return sum(people * DEPENDENT * good[6] * good[3] / 1000 for good in GOODS)


def _people(tables: dict[str, list[dict[str, object]]], code: str, name: str, hours: float, quiet: float) -> None:
    """Add the parties of a district and what they can do, in normal mode and in emergency.

    Hours are in shares: everyday ones of what hand-out takes on a quiet day, emergency ones of what it takes at worst.
    """
    parties = (
        # party, name, kind, what it can do: skill, hours, emergency hours, CNY per hour
        ("rc", "Residents' committees", "residents_committee", (("handout", 0.6, 0.5, 20), ("watch", 0.2, 0.3, 20))),
        ("pc", "Property companies", "property_company", (("watch", 0.2, 0.4, 25), ("handout", 0.3, 0.2, 25))),
        ("vo", "Volunteers", "volunteers", (("handout", 0.2, 0.4, 5), ("test", 0.0, 0.2, 5))),
        ("ho", "Hospital", "hospital", (("test", 0.3, 0.3, 60),)),
        ("en", "Carrier", "enterprise", (("handout", 0.1, 0.1, 30),)),
    )
    for prefix, title, kind, skills in parties:
        tables["parties"].append(
            {"party": f"{prefix}{code}", "name": f"{title}, {name}", "kind": kind, "zone": code, "superior": "core"}
        )
        tables["skills"] += [
            {
                "party": f"{prefix}{code}", "skill": skill, "hours": round(everyday * quiet, 1),
                "emergency_hours": round(max(emergency * hours, everyday * quiet), 1), "cost_per_hour": cost,
            }
            for skill, everyday, emergency, cost in skills
        ]  # fmt: skip


def _tasks(tables: dict[str, list[dict[str, object]]], code: str, name: str, hours: float) -> None:
    """Add the tasks of a district: hand-out always, gates and mass tests while locked down, markets while not."""
    tasks = (
        ("supply", "Hand-out of supplies", "supply", "handout", hours, "any", 3),
        ("gates", "Watch at the gates", "safety", "watch", 0.5 * hours, "emergency", 2),
        ("passes", "Passes and visits", "governance", "watch", 0.2 * hours, "parallel", 2),
        ("tests", "Mass tests", "safety", "test", 0.3 * hours, "emergency;parallel", 2),
        ("markets", "Open markets", "convenience", "watch", 0.05 * hours, "normal;parallel", 1),
    )
    tables["tasks"] += [
        {
            "task": f"{task}_{code}", "name": f"{title}, {name}", "domain": domain, "zone": code, "skill": skill,
            "hours": round(asked, 1), "mode": mode, "doers": doers, "backups": 1 if task == "supply" else 0,
        }
        for task, title, domain, skill, asked, mode, doers in tasks
    ]  # fmt: skip


if __name__ == "__main__":
    instance().save(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
