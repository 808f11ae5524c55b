"""Repairs: the plan against every schedule by brute force, by hand, and against a second opinion."""

import dataclasses
from typing import Any

import pytest

import coordination
import coordination.planning
from coordination.errors import UsageError
from coordination.instance import Instance
from coordination.verification import verify
from coordination.world import World
from tests.support.oracle import oracle
from tests.support.random_instances import Draw
from tests.support.repairs import quickest, schedules
from tests.support.tiny import GROUND, TRUCK, need, stock, tiny


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
        "zones": GROUND["zones"],
        "places": places,
        "roads": roads,
        "parties": [
            {"party": "core", "kind": "core", "zone": "city"},
            {"party": "works", "kind": "agency", "zone": "city", "superior": "core"},
            {"party": "corps", "kind": "agency", "zone": "east", "superior": "core"},
        ],
        "skills": skills(draw),
        "commodities": [{"commodity": "rice", "kg": 100, "cost_without": draw.number(100, 900)}],
        "needs": [
            {"place": home, "commodity": "rice", "period": t, "quantity": draw.number(2, 12)}
            for home in homes for t in range(periods) if draw.chance(0.8)
        ],
        "stocks": [{"place": "d", "commodity": "rice", "quantity": draw.number(20, 120), "owner": "core"}],
        "fleets": [{
            "fleet": "f", "party": draw.one(["core", "works"]), "base": "d", "vehicles": 1, "payload_tonnes": 1,
            "hours": draw.number(2, 12), "cost_per_km": draw.one([0, 1]),
        }],
        "tasks": [{
            "task": "clear", "name": "clear", "domain": "safety", "zone": "city", "skill": "dig",
            "hours": draw.number(1, 5), "gap_cost": draw.one([5, 40]),
        }],
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
        {
            "party": p, "skill": s, "hours": draw.number(1, 6, 1), "emergency_hours": draw.number(6, 9, 1),
            "cost_per_hour": draw.one([0, 1, 8]),
        }
        for p, s in rows
    ]  # fmt: skip


def damage_row(draw: Draw, kind: str, name: str, periods: int) -> dict[str, object]:
    """Draw how badly something is damaged, and when."""
    row = {kind: name, "repair_hours": draw.number(0.5, 5, 1), "skill": draw.one(["dig", "dig", "lift"])}
    if draw.chance(0.25):
        row["capacity_left"] = draw.one([0.3, 0.6])
    if draw.chance(0.25):
        row["from"] = draw.whole(0, periods - 2)
    if draw.chance(0.1):
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


def broken_town(seed: int, things: int, periods: int, homes: int) -> Instance:
    """Draw a depot with homes around it, more roads damaged than `damaged` has, and crews with nothing else to do.

    Kilometres cost nothing, so that no road does harm (`tests.support.repairs.quickest`).
    """
    draw = Draw(seed, {})
    names = ["d", *(f"h{number}" for number in range(homes))]
    places = [{"place": name, "kind": "community", "zone": "west"} for name in names[1:]]
    pairs = [(draw.one(names[:n]), home) for n, home in enumerate(names) if n]
    pairs += [tuple(draw.some(names, 2)) for _ in range(max(1, things - homes))]
    roads = [
        {"road": f"r{n}", "from": start, "to": end, "km": draw.number(1, 9), "minutes": draw.number(10, 60, 1)}
        for n, (start, end) in enumerate(pairs)
    ]
    broken = draw.some([row["road"] for row in roads], things)
    skill = ["dig", "dig", "lift"]
    tables = {
        "zones": GROUND["zones"],
        "places": [{"place": "d", "kind": "depot", "zone": "city"}, *places],
        "roads": roads,
        "parties": [
            {"party": "core", "kind": "core", "zone": "city"},
            {"party": "works", "kind": "agency", "zone": "city", "superior": "core"},
            {"party": "corps", "kind": "agency", "zone": "west", "superior": "core"},
        ],
        "skills": [
            {"party": "works", "skill": "dig", "hours": draw.number(3, 6, 1), "cost_per_hour": draw.one([0, 2])},
            {"party": "corps", "skill": draw.one(skill), "hours": draw.number(3, 6, 1), "cost_per_hour": 1},
        ],
        "commodities": [{"commodity": "rice", "kg": 100, "cost_without": draw.number(100, 900)}],
        "needs": [
            {"place": home, "commodity": "rice", "period": t, "quantity": draw.number(2, 12)}
            for home in names[1:] for t in range(periods) if draw.chance(0.8)
        ],
        "stocks": [{"place": "d", "commodity": "rice", "quantity": draw.number(60, 240), "owner": "core"}],
        "fleets": [{
            "fleet": "f", "party": "core", "base": "d", "vehicles": 1, "payload_tonnes": 1, "hours": draw.number(4, 20),
        }],
        "damage": [
            {"road": name, "repair_hours": draw.number(0.5, 3, 1), "skill": draw.one(skill)}
            | ({"capacity_left": 0.4} if draw.chance(0.2) else {})
            for name in broken
        ],
    }  # fmt: skip
    return Instance.from_tables({"name": f"town-{seed}", "periods": periods, "period_hours": 6}, tables)


def check_quickest(instance: Instance) -> int:
    """Compare the plan with the best of all schedules that can be best; return how many of them there are."""
    plan = coordination.planning.plan(instance, gap=0)
    some = quickest(instance)
    best = min(oracle(instance, schedule=schedule).objective for schedule in some)
    assert plan.objective == pytest.approx(best, rel=1e-6, abs=1e-6), (instance.name, plan.terms, plan.repairs)
    assert plan.bound == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert verify(plan).ok
    return len(some)


def test_up_to_four_repairs_equal_brute_force_over_all_orders():
    """Four things damaged: the plan is the best over all orders of all crews, which are more than one."""
    assert sum(check_quickest(broken_town(seed, 4, 4, 3)) for seed in range(3)) > 6


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(3, 63))
def test_up_to_six_repairs_equal_brute_force_over_all_orders(seed):
    """The same with four to six things damaged."""
    check_quickest(broken_town(seed, 4 + seed % 3, 4 + seed % 2, 3 + seed % 2))


def check_worths(instance: Instance, best: float) -> float:
    """Check a plan whose repairs were chosen by worth; return what it costs more than the best, as a share."""
    plan = coordination.planning.plan(instance, gap=0)
    size = max(1.0, abs(best))
    assert plan.bound <= best + 1e-6 * size, (instance.name, plan.bound, best)
    assert plan.objective >= best - 1e-6 * size
    assert verify(plan).ok
    assert "by what they are worth" in " ".join(plan.notes)
    return (plan.objective - best) / size


@pytest.fixture
def by_worth(monkeypatch):
    """Let any damage count as too much to plan all conditions of the network."""
    monkeypatch.setattr("coordination.planning.recovery.mending.MOST_THINGS", -1)


def test_repairs_by_worth_are_bounded_and_near(by_worth):
    """What is proven holds below the best of all schedules; mostly the plan is it, or near."""
    losses = []
    for seed in range(4):
        town = broken_town(seed, 4, 4, 3)
        losses.append(check_worths(town, min(oracle(town, schedule=schedule).objective for schedule in quickest(town))))
    assert sorted(losses)[len(losses) // 2] <= 0.02, losses


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 300))
def test_repairs_by_worth_are_bounded_on_hundreds(by_worth, seed):
    """The bound holds where roads do harm, tasks want the hours of crews, and places are lost."""
    town = damaged(seed, 1 + seed % 3, 3 + seed % 3)
    if coordination.planning.recovery.mending.Crews(town, World.of(town)).repairs.empty:
        return
    check_worths(town, cheapest(town))


def test_more_than_eight_things_are_repaired():
    """Nine roads side by side, all broken: one of them is repaired, and the others are left."""
    many = [{"road": f"x{n}", "from": "depot", "to": "home", "km": 1, "minutes": 5} for n in range(9)]
    damage = [{"road": row["road"], "repair_hours": 2 + n, "skill": "road"} for n, row in enumerate(many)]
    town = two_roads(roads=[*many, ROADS[1]], damage=damage)
    plan = coordination.planning.plan(town, gap=0)
    assert [row["thing"] for row in plan.recovery["repairs"]] == ["x0"]
    assert len(plan.recovery["left"]) == 8
    assert verify(plan).ok


def check(instance: Instance) -> int:
    """Compare the plan with the best of all schedules; return how many things are repaired."""
    plan = coordination.planning.plan(instance, gap=0)
    best = cheapest(instance)
    assert plan.objective == pytest.approx(best, rel=1e-6, abs=1e-6), (instance.name, plan.terms, plan.repairs)
    assert plan.bound == pytest.approx(best, rel=1e-6, abs=1e-6)
    verdict = verify(plan)
    assert verdict.ok, f"{instance.name}: {verdict}"
    return len(plan.repairs.drop_duplicates(["road", "place"]))


FEW = (0, 2, 3, 5, 6, 8, 9, 10, 13, 14, 16, 18, 19, 20, 22, 28, 31, 33, 35, 37)
"""Mostly towns in which something is worth repairing."""


@pytest.mark.parametrize(
    "seed", [*FEW[::3], *(pytest.param(seed, marks=pytest.mark.thorough) for seed in FEW if seed not in FEW[::3])]
)
def test_repairs_equal_brute_force(seed):
    """The plan of an instance with up to three things damaged is the best over all schedules of all crews."""
    check(damaged(seed, 1 + seed % 3, 3 + seed % 2))


ROADS = [
    {"road": "r", "from": "depot", "to": "home", "km": 10, "minutes": 20},
    {"road": "q", "from": "depot", "to": "other", "km": 10, "minutes": 30},
]
WORKS = [
    {"party": "core", "kind": "core", "zone": "city"},
    {"party": "works", "kind": "agency", "zone": "city", "superior": "core"},
]


def two_roads(**tables: Any) -> Instance:
    """Two homes that two damaged roads lead to, and a crew at the depot with 10 hours in periods of 10 hours.

    Rice is missed at 100 a unit and period; `other` needs three times as much. Each repair takes 9 hours; the way to
    either road costs nothing from the depot, where both begin.
    """
    places = [*GROUND["places"], {"place": "other", "kind": "community", "zone": "west"}]
    given = {
        "places": places, "roads": ROADS, "parties": WORKS, "stocks": [stock(1000)],
        "fleets": [TRUCK | {"vehicles": 9}],
        "needs": [need(n, t, place) for t in range(4) for place, n in (("home", 10), ("other", 30))],
        "skills": [{"party": "works", "skill": "road", "hours": 10, "cost_per_hour": 2}],
        "damage": [{"road": road, "repair_hours": 9, "skill": "road"} for road in ("r", "q")],
    }  # fmt: skip
    return tiny(periods=4, hours=10, **(given | tables))


def test_what_more_people_wait_for_is_repaired_first():
    """By hand: `q` in period 0, `r` in the rest of period 0 and in period 1; 9 hours each at 2, and need that waits.

    `other` waits one period for 30 units, `home` two for 10 and one more for 10: 100 · 30 + 100 · (20 + 10).
    """
    plan = coordination.planning.plan(two_roads(), gap=0)
    assert [(row["thing"], row["whole_from"]) for row in plan.recovery["repairs"]] == [("q", 1), ("r", 2)]
    assert plan.terms["repair"] == pytest.approx(36)
    assert plan.terms["deprivation"] == pytest.approx(100 * 30 + 100 * (10 + 20))
    assert plan.curve.set_index(["zone", "period"])["function"]["city", 0] == pytest.approx(0)
    assert plan.recovery["area_lost"]["city"] == pytest.approx(1 + 20 / (60 + 20))
    assert verify(plan).ok


def test_crews_drive_from_one_repair_to_the_next():
    """From `home`, where a lone road ends, to a road that does not touch it the crew drives: an hour in ten is ten."""
    plan = coordination.planning.plan(
        two_roads(
            roads=[ROADS[0], ROADS[1] | {"from": "home", "minutes": 60}],
            damage=[
                {"place": "home", "repair_hours": 3, "skill": "road", "capacity_left": 0.5},
                {"place": "other", "repair_hours": 3, "skill": "road"},
                {"road": "r", "repair_hours": 2, "skill": "road"},
            ],
        ),
        gap=0,
    )
    assert [(row["thing"], row["hours"]) for row in plan.recovery["repairs"]] == [("r", 2.0)]
    assert set(plan.recovery["left"]) == {"home", "other"}
    assert verify(plan).ok


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"end": 0}, "recovery"),
        ({"hours": 20.0}, "hours"),
        ({"party": "core"}, "recovery"),
        ({"order": 2}, "recovery"),
    ],
)
def test_verify_sees_repairs_that_cannot_be(change, rule):
    """Repairs ended too soon, with hours that nobody has, by somebody without the skill or out of order are found."""
    plan = coordination.planning.plan(two_roads(damage=[{"road": "q", "repair_hours": 15, "skill": "road"}]), gap=0)
    assert verify(plan).ok
    wrong = dataclasses.replace(plan, tables={**plan.tables, "repairs": plan.repairs.assign(**change)})
    assert rule in {violation.rule for violation in verify(wrong).violations}


def test_what_repairs_do_not_go_with_is_refused_by_name():
    """Fair shares and replanning are refused, and the message names them."""
    instance = two_roads()
    with pytest.raises(UsageError, match="rationing"):
        coordination.planning.plan(instance.replace(policy={"rationing": "leximin"}))
    with pytest.raises(UsageError, match="Planning anew"):
        coordination.replan(coordination.planning.plan(instance), after=1)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 400))
def test_repairs_equal_brute_force_on_hundreds(seed):
    """The same on hundreds, some of five periods."""
    check(damaged(seed, 1 + seed % 3, 3 + seed % 3))
