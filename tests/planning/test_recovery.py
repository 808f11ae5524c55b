"""Repairs: the plan against every schedule by brute force, by hand, and against a second opinion."""

import pytest

import coordination.planning
from coordination.errors import UsageError
from coordination.instance import Instance
from coordination.verification import verify
from tests.support.oracle import oracle
from tests.support.random_instances import Draw
from tests.support.repairs import schedules

def damaged(seed: int, things: int, periods: int) -> Instance:
    """Draw a small town whose roads, and perhaps depot, are damaged, and parties that can repair them beside a task."""
    draw = Draw(seed, {})
    homes = [f"h{number}" for number in range(draw.whole(2, 3))]
    places = [{"place": "d", "kind": "depot", "zone": "city", "storage_tonnes": draw.number(1, 8)}]
    places += [{"place": home, "kind": "community", "zone": draw.one(["east", "west"])} for home in homes]
    names = [row["place"] for row in places]
    pairs = [(draw.one(names[:n]), home) for n, home in enumerate(names) if n]
    pairs += [tuple(draw.some(names, 2)) for _ in range(draw.whole(1, 2))]
    roads = [road(draw, number, *pair, slow=number >= len(homes)) for number, pair in enumerate(pairs)]
    broken = [("road", row["road"]) for row in roads]
    broken = draw.some(broken[: len(homes)] if draw.chance(0.6) else broken, things)
    if draw.chance(0.4):
        broken[0] = ("place", "d")
    tables = {
        "zones": [{"zone": "city", "level": "city"}, *({"zone": z, "level": "community", "parent": "city"} for z in ("east", "west"))],
        "places": places,
        "roads": roads,
        "parties": [
            {"party": "core", "kind": "core", "zone": "city"},
            *({"party": p, "kind": "agency", "zone": z, "superior": "core"} for p, z in (("works", "city"), ("corps", "east"))),
        ],
        "skills": skills(draw),
        "commodities": [{"commodity": "rice", "kg": 100, "cost_without": draw.number(20, 200)}],
        "needs": [
            {"place": home, "commodity": "rice", "period": t, "quantity": draw.number(2, 12)}
            for home in homes for t in range(periods) if draw.chance(0.8)
        ],
        "stocks": [{"place": "d", "commodity": "rice", "quantity": draw.number(20, 120), "owner": "core"}],
        "fleets": [{
            "fleet": "f", "party": draw.one(["core", "works"]), "base": "d", "vehicles": 1, "payload_tonnes": 1,
            "hours": draw.number(2, 12), "cost_per_km": draw.one([0, 1]),
        }],
        "tasks": [{"task": "clear", "name": "clear", "domain": "safety", "zone": "city", "skill": "dig", "hours": draw.number(1, 5), "gap_cost": draw.one([5, 40])}],
        "damage": [damage_row(draw, kind, name, periods) for kind, name in broken],
    }  # fmt: skip
    return Instance.from_tables({"name": f"town-{seed}", "periods": periods, "period_hours": draw.one([3, 12])}, tables)


def road(draw: Draw, number: int, start: str, end: str, *, slow: bool) -> dict[str, object]:
    """Draw a road; detours are slow, and some roads carry little."""
    row = {"road": f"r{number}", "from": start, "to": end, "km": draw.number(2, 30), "minutes": draw.number(10, 60, 1)}
    if slow:
        row["minutes"] += draw.number(60, 200, 1)
    return row | ({"capacity_tonnes": draw.number(0.5, 2)} if draw.chance(0.25) else {})


def skills(draw: Draw) -> list[dict[str, object]]:
    """Draw hours of one or two parties, which may have two skills."""
    rows = [("works", "dig"), *draw.some([("works", "lift"), ("corps", "dig"), ("corps", "lift")], draw.whole(0, 2))]
    return [
        {"party": p, "skill": s, "hours": draw.number(1, 6, 1), "emergency_hours": draw.number(6, 9, 1), "cost_per_hour": draw.one([0, 1, 8])}
        for p, s in rows
    ]  # fmt: skip


def damage_row(draw: Draw, kind: str, name: str, periods: int) -> dict[str, object]:
    """Draw how badly something is damaged, and when."""
    row = {kind: name, "repair_hours": draw.number(0.5, 9, 1), "skill": draw.one(["dig", "dig", "lift"])}
    if draw.chance(0.25):
        row["capacity_left"] = draw.one([0.3, 0.6])
    if draw.chance(0.25):
        row["from"] = draw.whole(0, periods - 2)
    if draw.chance(0.15):
        row["until"] = draw.whole(row.get("from", 0), periods - 1)
    return row


def cheapest(instance: Instance) -> float:
    """Return the social cost of the best schedule; those for which a party has too few hours in all are left out."""
    found = [oracle(instance).objective]
    for schedule in schedules(instance):
        try:
            found.append(oracle(instance, schedule=schedule).objective)
        except AssertionError as error:
            assert "Infeasible" in str(error)
    return min(found)


def check(instance: Instance) -> int:
    """Compare the plan with the best of all schedules; return how many things are repaired."""
    plan = coordination.planning.plan(instance, gap=0)
    best = cheapest(instance)
    assert plan.objective == pytest.approx(best, rel=1e-6, abs=1e-6), (instance.name, plan.terms, plan.repairs)
    assert plan.bound == pytest.approx(best, rel=1e-6, abs=1e-6)
    verdict = verify(plan)
    assert verdict.ok, f"{instance.name}: {verdict}"
    return len(plan.repairs.drop_duplicates(["road", "place"]))


@pytest.mark.parametrize("seed", range(20))
def test_repairs_equal_brute_force(seed):
    """The plan of an instance with up to three things damaged is the best over all schedules of all crews."""
    check(damaged(seed, 1 + seed % 3, 3 + seed % 2))


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 400))
def test_repairs_equal_brute_force_on_hundreds(seed):
    """The same on hundreds, some of five periods."""
    check(damaged(seed, 1 + seed % 3, 3 + seed % 3))
