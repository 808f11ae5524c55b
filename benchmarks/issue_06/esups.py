"""The public multi-agency prepositioning case (ESUPS, Madagascar) as a preparation.

Twenty-one warehouses hold 40,811 buckets; in each of 22 equally likely disasters, one place needs a bucket for every
2.5 people, at most all there are. A bucket costs the hours of its way. Stock may be moved between warehouses for
nothing before it is known which disaster comes; a scenario takes away the needs of all other places.
"""

import csv
from pathlib import Path

import numpy as np

import coordination as co
from benchmarks import ROOT
from benchmarks.bars import Measured, Run
from benchmarks.issue_06.star import HEADER, star

DATA = ROOT.parent / "shared" / "data" / "esups" / "vanuatu_docs"
PEOPLE_PER_BUCKET = 2.5
MOST = 40811
OPTIMAL = {1: 18673.0, 9: 725.0, 15: 11289.0, 20: 10124.0}
"""Buckets by warehouse in the owner's notebook; the others are empty."""
PLACED, LIES, BALANCE = 340273.0155, 446978.2127, 1.31359
"""Recomputed beside the data: cost with stock best placed, as it lies, and the ratio."""
TOLERANCE = 1e-5


def read_esups(folder: Path) -> co.Instance:
    """Read the case as an instance (see the head of this file).

    Parameters
    ----------
    folder : Path
        With warehouses.csv, disasters.csv and distanceMatrix_scenarios.csv.
    """
    buckets = [float(row["Buckets"]) for row in _rows(folder / "warehouses.csv")]
    stocked = [number for number, quantity in enumerate(buckets) if quantity > 0]
    people = [float(row["People Impacted"]) for row in _rows(folder / "disasters.csv")]
    need = np.minimum(np.round(np.array(people) / PEOPLE_PER_BUCKET), MOST)
    ways = _rows(folder / "distanceMatrix_scenarios.csv")
    hours = np.full((len(stocked), len(people)), np.inf)
    for row in ways:
        if int(row["warehouse"]) < len(stocked):
            hours[int(row["warehouse"]), int(row["scenario"])] = float(row["drivingTime_hrs"])
    warehouses = [f"warehouse {number}" for number in range(len(stocked))]
    disasters = [f"disaster {number}" for number in range(len(people))]
    tables = star(hours, warehouses, disasters)
    count = len(disasters)
    return co.Instance.from_tables(
        {"name": "esups", "source": "ESUPS, Madagascar", **HEADER},
        {
            **tables,
            "commodities": [{"commodity": "buckets", "kg": 1000, "cost_without": 10_000}],
            "needs": [
                {"place": place, "commodity": "buckets", "period": 0, "quantity": quantity}
                for place, quantity in zip(disasters, need.tolist(), strict=True)
            ],
            "stocks": [
                {"place": place, "commodity": "buckets", "quantity": buckets[number], "owner": "core"}
                for place, number in zip(warehouses, stocked, strict=True)
            ],
            "moves": [{"fleet": fleet["fleet"], "money_per_tonne_km": 0} for fleet in tables["fleets"]],
            "scenarios": [
                {"scenario": name, "hazard": "disaster", "probability": 1.0 / count} for name in disasters
            ],
            "effects": [
                {"scenario": name, "table": "needs", "where": other, "factor": 0}
                for name in disasters for other in disasters if other != name
            ],
        },
    )  # fmt: skip


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def reproduced(run: Run) -> Measured:
    """Prepare the case: stock by warehouse exactly, both costs and their ratio."""
    if not DATA.exists():
        return Measured(None, "the ESUPS case is not beside the repository")
    found = co.prepare(read_esups(DATA), gap=1e-9)
    stocks = found.prepared().stocks
    placed = {int(place.split()[1]): float(q) for place, q in zip(stocks["place"], stocks["quantity"], strict=True)}
    placed = {number: quantity for number, quantity in placed.items() if quantity > 1e-6}
    figures = {"placed": found.objective, "lies": found.figures["cost_as_it_lies"], "ratio": found.figures["balance"]}
    expected = {"placed": PLACED, "lies": LIES, "ratio": BALANCE}
    exact = placed.keys() == OPTIMAL.keys() and all(abs(placed[n] - q) <= 1e-6 for n, q in OPTIMAL.items())
    near = all(abs(figures[name] - value) <= TOLERANCE * value for name, value in expected.items())
    text = f"{found.objective:,.4f} against {figures['lies']:,.4f} as it lies, balance {figures['ratio']:.5f}"
    return Measured(exact and near, text, {"stock": placed, **figures})
