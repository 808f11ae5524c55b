"""Repairs: the plan against every schedule by brute force, by hand, and against a second opinion."""

import numpy as np
import pytest

import coordination.planning
from coordination.errors import UsageError
from coordination.instance import Instance
from coordination.verification import verify
from tests.support.oracle import oracle
from tests.support.random_instances import Draw, random_tables
from tests.support.repairs import schedules

PLAIN = {"ties": False, "odd_ids": False, "perishable": False}
"""Features that would only make the many programs of brute force larger."""


def damaged(seed: int, things: int, periods: int, **switches: bool) -> Instance:
    """Draw a random instance in which some roads and perhaps a place are damaged, and parties that can repair them."""
    header, tables = random_tables(seed, **PLAIN, **switches)
    draw = Draw(seed + 7, {})
    header["periods"] = periods
    for name in ("needs", "arrivals"):
        tables[name] = [row for row in tables[name] if row["period"] < periods]
    for row in tables["tasks"] + tables["effects"]:
        for key in ("start", "end"):
            if key in row:
                row[key] = min(row[key], periods - 1)
    stores = [row["place"] for row in tables["places"] if row["kind"] != "junction"]
    broken = [("road", name) for name in draw.some([row["road"] for row in tables["roads"]], things)]
    if draw.chance(0.5):
        broken[0] = ("place", draw.one(stores))
    tables["damage"] = [damage_row(draw, kind, name, periods) for kind, name in broken]
    if not tables["skills"]:
        tables["skills"] = [{"party": "core", "skill": "care", "hours": 3}]
    instance = Instance.from_tables(header, tables)
    return instance.under("storm") if tables["effects"] else instance


def damage_row(draw: Draw, kind: str, name: str, periods: int) -> dict[str, object]:
    """Draw how badly something is damaged, and when."""
    row = {kind: name, "repair_hours": draw.number(0.5, 6, 1), "skill": draw.one(["delivery", "care"])}
    if draw.chance(0.3):
        row["capacity_left"] = draw.one([0.3, 0.6])
    if draw.chance(0.3):
        row["from"] = draw.whole(0, periods - 1)
    if draw.chance(0.15):
        row["until"] = draw.whole(row.get("from", 0), periods - 1)
    return row


def check(instance: Instance) -> int:
    """Compare the plan with the best of all schedules; return how many things are repaired."""
    plan = coordination.planning.plan(instance, gap=0)
    best = min(oracle(instance, schedule=schedule).objective for schedule in schedules(instance))
    assert plan.objective == pytest.approx(best, rel=1e-6, abs=1e-6), (instance.name, plan.terms, plan.repairs)
    assert plan.bound == pytest.approx(best, rel=1e-6, abs=1e-6)
    verdict = verify(plan)
    assert verdict.ok, f"{instance.name}: {verdict}"
    return len(plan.repairs.drop_duplicates(["road", "place"]))


@pytest.mark.parametrize("seed", range(24))
def test_repairs_equal_brute_force(seed):
    """The plan of an instance with one or two things damaged is the best over all schedules of all crews."""
    check(damaged(seed, 1 + seed % 2, 3 + seed % 2, capacities=seed % 3 == 0, supply_tasks=seed % 4 == 0))


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 400))
def test_repairs_equal_brute_force_on_hundreds(seed):
    """The same on hundreds, up to three things damaged."""
    check(damaged(seed, 1 + seed % 3, 3 + seed % 3))
