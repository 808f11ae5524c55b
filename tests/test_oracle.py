"""The independent model against optima worked out by hand."""

from typing import Any

import numpy as np
import pytest

from tests.support.oracle import oracle
from tests.support.random_instances import FEATURES, random_instance, random_tables
from tests.support.tiny import GROUND, ROAD, TRUCK, need, rice, stock, tiny

# Supply ---------------------------------------------------------------------------------------------------


def test_a_trip_costs_its_kilometres_out_and_back():
    """10 units of 100 kg are half a trip of 2 t; the trip is 60 km at 2 money: 60."""
    result = oracle(tiny(roads=[ROAD], fleets=[TRUCK], stocks=[stock(10)], needs=[need(10)]))
    assert result.objective == pytest.approx(60)
    assert result.terms["transport"] == pytest.approx(60)


def test_fleet_hours_limit_trips():
    """Half a trip of 2 h takes 1 h; with 0.6 h 6 units go (transport 36), 4 units go without (400)."""
    fleets = [{**TRUCK, "hours": 0.6}]
    result = oracle(tiny(roads=[ROAD], fleets=fleets, stocks=[stock(10)], needs=[need(10)]))
    assert result.terms["transport"] == pytest.approx(36)
    assert result.terms["deprivation"] == pytest.approx(400)


def test_speed_and_loading_count_in_hours():
    """At speed 0.5 and 60 loading minutes a trip takes 4 + 1 h, half a trip 2.5 h: with 2 h 8 units go."""
    fleets = [{**TRUCK, "hours": 2, "speed": 0.5, "loading_minutes": 60}]
    result = oracle(tiny(roads=[ROAD], fleets=fleets, stocks=[stock(10)], needs=[need(10)]))
    assert result.terms["deprivation"] == pytest.approx(200)


@pytest.mark.parametrize(("loading", "late"), [(0, 1), (59, 1), (60, 2), (61, 2)])
def test_transit_time_is_rounded_down(loading, late):
    """60 minutes and the loading in periods of one hour: 10 units wait that many whole periods at 100 each."""
    fleets = [{**TRUCK, "loading_minutes": loading, "cost_per_km": 0}]
    result = oracle(tiny(periods=4, hours=1, roads=[ROAD], fleets=fleets, stocks=[stock(10)], needs=[need(10)]))
    assert result.objective == pytest.approx(1000 * late)


def test_the_way_to_the_origin_counts_in_transit_time():
    """A truck based at home fetches at the depot: 120 minutes, two periods of one hour."""
    fleets = [{**TRUCK, "base": "home", "loads_at": "depot", "cost_per_km": 0}]
    result = oracle(tiny(periods=4, hours=1, roads=[ROAD], fleets=fleets, stocks=[stock(10)], needs=[need(10)]))
    assert result.objective == pytest.approx(2000)


def test_no_way_back_no_trip():
    """A one-way road brings nobody: 10 units go without."""
    roads = [{**ROAD, "both_ways": False}]
    result = oracle(tiny(roads=roads, fleets=[TRUCK], stocks=[stock(10)], needs=[need(10)]))
    assert result.objective == pytest.approx(1000)


def test_deprivation_follows_the_curve_by_age():
    """Breakpoints (0.5, 1), (2, 10): C = 4, 10, 16, 22 at 1, 2, 3, 4 periods; 10 units cost 40 + 60 + 60."""
    points = [(0.5, 1), (2, 10)]
    rows = [{"commodity": "rice", "periods_without": time, "cost_per_unit": cost} for time, cost in points]
    result = oracle(tiny(periods=3, deprivation=rows, needs=[need(10)]))
    assert result.objective == pytest.approx(160)


def test_carry_over_lapses_and_backlogs_age():
    """Half of what is unmet lapses each period.

    C = 4, 10, 16, 22 as above. Need 10: 10 at age 1 (40), 5 at age 2 (30), 2.5 at age 3 (15); 5 + 2.5 lapse
    at C(1) = 4 each (30). Backlog 8 of age 1, weight 3: 4 at age 2 (24), 2 at age 3 (12), 1 at age 4 (6);
    4 + 2 + 1 lapse (28); all threefold: 210.
    """
    points = [(0.5, 1), (2, 10)]
    rows = [{"commodity": "rice", "periods_without": time, "cost_per_unit": cost} for time, cost in points]
    backlog = {"place": "home", "commodity": "rice", "group": "vulnerable", "quantity": 8, "age": 1}
    result = oracle(
        tiny(
            periods=3, deprivation=rows, needs=[need(10)], backlogs=[backlog],
            commodities=rice(carry_over=0.5),
        )
    )  # fmt: skip
    assert result.terms["deprivation"] == pytest.approx(85 + 3 * 42)
    assert result.terms["lapsed"] == pytest.approx(30 + 3 * 28)


def test_nothing_carried_over_leaves_no_age():
    """With carry_over 0 only the period's own need is deprived: 10 at 100; it lapses at 7, in the horizon."""
    result = oracle(
        tiny(periods=2, needs=[need(10)], commodities=rice(carry_over=0, cost_lapsed=7)),
    )
    assert result.terms["deprivation"] == pytest.approx(1000)
    assert result.terms["lapsed"] == pytest.approx(70)


def test_a_batch_is_served_up_to_its_expiry_period():
    """Stock of shelf life 2 serves period 1, not period 2; what expired does not overflow.

    Storage 0, overflow 10 per tonne: 2 t lie there at the end of period 0 (20), 1 t is served in period 1,
    1 t expires; need of period 2 goes without (1000).
    """
    places = [GROUND["places"][0], {**GROUND["places"][1], "storage_tonnes": 0}]
    result = oracle(
        tiny(
            periods=3, places=places, stocks=[stock(20, "home")], needs=[need(10, 1), need(10, 2)],
            commodities=rice(shelf_life=2),
        )
    )  # fmt: skip
    assert result.terms["overflow"] == pytest.approx(20)
    assert result.terms["deprivation"] == pytest.approx(1000)


def test_overflow_may_flee_on_the_road_while_usable():
    """A batch on the way at the end must still be usable when it arrives.

    10 units (1 t, half a trip) lie at a depot that stores nothing, at 100 per tonne; the way takes 2 periods
    of an hour and costs nothing. A trip takes 3 h, the truck has 0.75 h a period: half of the stock. Usable
    up to period 2 it must leave in period 0 (arrival 2): the other half overflows at 50 in both periods.
    Usable for ever, that half leaves in period 1 and overflows once.
    """
    places = [{**GROUND["places"][0], "storage_tonnes": 0}, GROUND["places"][1]]
    fleets = [{**TRUCK, "cost_per_km": 0, "hours": 0.75, "loading_minutes": 60}]
    base = {"places": places, "roads": [ROAD], "fleets": fleets}
    policy = {"overflow_cost": 100}
    forever = oracle(tiny(policy, 2, 1, **base, stocks=[stock(10)]))
    until_two = oracle(tiny(policy, 2, 1, **base, stocks=[stock(10, expires=2)]))
    assert forever.objective == pytest.approx(50)
    assert until_two.objective == pytest.approx(100)


def test_a_full_road_sends_the_rest_another_way():
    """The short road takes 0.4 t; the rest detours by the long one, 90 km instead of 30, both back by 30.

    One trip of 2 t costs 2 * 60 by the short road and 2 * 120 by the long one: 0.2 * 120 + 0.3 * 240 = 96.
    """
    roads = [
        {**ROAD, "capacity_tonnes": 0.4},
        {"road": "long", "from": "depot", "to": "home", "km": 90, "minutes": 80},
    ]
    instance = tiny(roads=roads, fleets=[TRUCK], stocks=[stock(10)], needs=[need(10)])
    assert oracle(instance).objective == pytest.approx(96)
    assert oracle(instance, without=frozenset({"detours"})).objective == pytest.approx(24 + 600)


def test_without_capacity_the_shortest_road_is_taken_even_if_dear():
    """A cheaper but slower road does not tempt where no shortest one has a capacity."""
    roads = [ROAD, {"road": "cheap", "from": "depot", "to": "home", "km": 1, "minutes": 61}]
    result = oracle(tiny(roads=roads, fleets=[TRUCK], stocks=[stock(10)], needs=[need(10)]))
    assert result.objective == pytest.approx(60)


def test_the_worst_off_pulls_service_to_the_neglected():
    """One unit of two, two homes alike but for weight: the last unit's price decides.

    Home (weight 3) and farm (weight 1) need 10 each, 10 are there for both. All at home: 1000 + worst_off.
    Half each: 5 * 300 + 5 * 100 = 2000 + worst_off / 2. So equal shares pay from worst_off 2000 on.
    """
    places = [*GROUND["places"], {"place": "farm", "kind": "community", "zone": "west"}]
    roads = [ROAD, {**ROAD, "road": "s", "to": "farm"}]
    fleets = [{**TRUCK, "cost_per_km": 0}]
    needs = [need(10, group="vulnerable"), need(10, place="farm")]
    tables = {"places": places, "roads": roads, "fleets": fleets, "needs": needs, "stocks": [stock(10)]}
    assert oracle(tiny({"worst_off": 1000}, **tables)).objective == pytest.approx(2000)
    assert oracle(tiny({"worst_off": 3000}, **tables)).objective == pytest.approx(3500)


def test_effects_multiply_stock_needs_and_roads():
    """A storm halves the depot's stock at periods 0 and 1, doubles need (4 * 0.5), closes roads from period 1.

    8 units of stock become 4; sent home in period 0 they escape the second loss. Need 10 in period 1 becomes
    20: 16 go without. A fleet without vehicles brings none: 20 go without.
    """
    effects = [
        {"scenario": "storm", "table": "stocks", "where": "depot", "start": 0, "factor": 0.5},
        {"scenario": "storm", "table": "stocks", "where": "depot", "start": 1, "factor": 0.5},
        {"scenario": "storm", "table": "needs", "where": "east", "factor": 4},
        {"scenario": "storm", "table": "needs", "where": "*", "commodity": "rice", "factor": 0.5},
        {"scenario": "storm", "table": "roads", "where": "city", "start": 1, "factor": 0},
    ]
    tables = {
        "roads": [ROAD], "stocks": [stock(8)], "needs": [need(10, 1)], "effects": effects,
        "scenarios": [{"scenario": "storm", "hazard": "flood", "probability": 1}],
    }  # fmt: skip
    instance = tiny(periods=2, fleets=[{**TRUCK, "cost_per_km": 0}], **tables)
    assert oracle(instance).objective == pytest.approx(200)
    assert oracle(instance, "storm").objective == pytest.approx(1600)
    idle = tiny(periods=2, fleets=[{**TRUCK, "vehicles": 0}], **tables)
    assert oracle(idle, "storm").objective == pytest.approx(2000)


def queue_cost(curve: Any, carry: float, needs: list[float], arrivals: list[float], backlog: float) -> float:
    """Follow every cohort of need on its own: it shrinks, ages, is served oldest first, pays by its age."""
    cohorts, cost, lapsed = [(1, backlog)], 0.0, 0.0
    for quantity, arrival in zip(needs, arrivals, strict=True):
        lapsed += sum((1 - carry) * amount for _, amount in cohorts)
        cohorts = [(age + 1, carry * amount) for age, amount in cohorts] + [(1, quantity)]
        waiting, goods = [], arrival
        for age, amount in cohorts:
            served = min(amount, goods)
            goods -= served
            waiting.append((age, amount - served))
            cost += (amount - served) * (curve(age) - curve(age - 1))
        cohorts = waiting
    return cost + lapsed * curve(1)


@pytest.mark.parametrize("seed", range(8))
def test_deprivation_is_the_exact_cost_by_waiting_time(seed):
    """What arrives is usable in its period only, so it is served at once: the queue is one of cohorts."""
    rng = np.random.default_rng(seed)
    periods, carry = 5, float(rng.choice([0, 0.4, 0.9, 1]))
    slopes, times = np.cumsum(rng.integers(0, 5, size=3) + 0.5), np.cumsum(rng.choice([0.5, 1, 1.5], size=3))
    heights = np.cumsum(slopes * np.diff(times, prepend=0))
    needs, arrivals = rng.integers(0, 9, size=(2, periods)).astype(float)

    def curve(age: float) -> float:
        beyond = max(0.0, age - times[-1]) * slopes[-1]
        return float(np.interp(age, [0, *times], [0, *heights])) + beyond

    points = zip(times.tolist(), heights.tolist(), strict=True)
    key = {"place": "home", "commodity": "rice"}
    instance = tiny(
        periods=periods, commodities=rice(carry_over=carry),
        deprivation=[{"commodity": "rice", "periods_without": t, "cost_per_unit": c} for t, c in points],
        needs=[need(quantity, t) for t, quantity in enumerate(needs.tolist())],
        arrivals=[
            {**key, "period": t, "quantity": quantity, "owner": "core", "expires": t}
            for t, quantity in enumerate(arrivals.tolist())
        ],
        backlogs=[{**key, "group": "general", "quantity": 6, "age": 1}],
    )  # fmt: skip
    expected = queue_cost(curve, carry, needs.tolist(), arrivals.tolist(), 6.0)
    assert oracle(instance).objective == pytest.approx(expected)


# Hand-out and responsibility --------------------------------------------------------------------------------

TASK = {"task": "t", "domain": "safety", "zone": "east", "skill": "care", "hours": 4}
PEOPLE = [
    GROUND["parties"][0],
    {"party": "carers", "kind": "volunteers", "zone": "east", "superior": "core"},
    {"party": "office", "kind": "agency", "zone": "city", "superior": "core"},
]


def test_both_nested_zones_limit_the_hand_out():
    """The home's zone has 4 h, the city 1 h, 0.5 t each hour: 0.5 t of 1 t may be served."""
    tasks = [
        {**TASK, "domain": "supply", "hours": 4},
        {**TASK, "task": "above", "domain": "supply", "zone": "city", "hours": 1},
    ]
    skills = [{"party": party, "skill": "care", "hours": 9} for party in ("carers", "office")]
    tables = {"parties": PEOPLE, "skills": skills, "stocks": [stock(10, "home")], "needs": [need(10)]}
    assert oracle(tiny({"level_cost": 0}, tasks=tasks, **tables)).objective == pytest.approx(500)
    tasks[0]["hours"] = 0.2
    assert oracle(tiny({"level_cost": 0}, tasks=tasks, **tables)).objective == pytest.approx(900)


def test_only_active_supply_tasks_limit():
    """A supply task of period 1 that nobody can do forbids service then, not in period 0."""
    tasks = [{**TASK, "domain": "supply", "start": 1}]
    tables = {"stocks": [stock(20, "home")], "needs": [need(10, 0), need(10, 1)]}
    result = oracle(tiny({"level_cost": 0}, 2, tasks=tasks, **tables))
    assert result.objective == pytest.approx(1000)


def test_levels_cost_up_to_the_core():
    """A community's task: 0 for its own committee, 3 levels for the city, 5 for the core; a span pushes up."""
    tasks = [{**TASK, "task": name, "hours": 0} for name in ("a", "b", "c")]
    parties = PEOPLE
    assert oracle(tiny(tasks=tasks, parties=parties)).objective == pytest.approx(0)
    assert oracle(tiny({"span": 1}, tasks=tasks, parties=parties)).objective == pytest.approx(10 * (0 + 3 + 5))
    high = [{**tasks[0], "accountable_level": "street"}]
    assert oracle(tiny(tasks=high, parties=parties)).objective == pytest.approx(30)
    higher = [{**tasks[0], "accountable_level": "metro"}]
    assert oracle(tiny(tasks=higher, parties=parties)).objective == pytest.approx(50)


def test_coverage_backups_kinds_and_their_prices():
    """One task of 4 h over 2 periods, one doer, one backup, kinds volunteers and hospital wanted.

    The office costs 1 + 1 an hour (factor 2 at wage 1), the carers are free but have 3 h. A backup keeps
    0.5 of 4 h free. Carers do it: 3 h each period, gap 2 h at 200 = 400, the office stands by. The office
    does it: 8 h * 2 = 16, and the carers stand by (2 h <= 3 h). No hospital: 50. So 66.
    """
    tasks = [{**TASK, "backups": 1, "kinds": "volunteers;hospital"}]
    skills = [
        {"party": "carers", "skill": "care", "hours": 3},
        {"party": "office", "skill": "care", "hours": 8, "cost_per_hour": 1},
    ]
    efforts = [{"task": "t", "party": "office", "factor": 2}]
    tables = {"parties": PEOPLE, "tasks": tasks, "skills": skills, "efforts": efforts}
    result = oracle(tiny({"backup_reserve": 0.5}, 2, **tables))
    assert result.objective == pytest.approx(66)
    assert set(result.columns("doer")) == {("t", "office")}
    assert set(result.columns("backup")) == {("t", "carers")}
    tight = oracle(tiny({"backup_reserve": 0.8}, 2, **tables))  # 3.2 h are more than the carers have
    assert tight.objective == pytest.approx(16 + 50 + 50 + 50)


def test_hours_over_all_skills_and_by_mode():
    """8 h of two tasks; the carers have 5 h of each skill, 6 h in all, in emergency 7 h of one and 20 in all.

    Normal: 6 h, gap 2 h at 10. Emergency: 4 h of each. With the emergency hours below the normal ones the
    normal ones hold.
    """
    tasks = [{**TASK, "task": skill, "skill": skill} for skill in ("care", "order")]
    carers = {**PEOPLE[1], "hours": 6, "emergency_hours": 20}
    skills = [{"party": "carers", "skill": skill, "hours": 5} for skill in ("care", "order")]
    tables = {"tasks": tasks, "skills": skills, "parties": [PEOPLE[0], carers]}
    assert oracle(tiny({"gap_cost": 10, "mode": "normal"}, **tables)).objective == pytest.approx(20)
    assert oracle(tiny({"gap_cost": 10}, **tables)).objective == pytest.approx(0)
    tables["parties"] = [PEOPLE[0], {**carers, "emergency_hours": 1}]
    assert oracle(tiny({"gap_cost": 10}, **tables)).objective == pytest.approx(20)


def test_a_least_share_keeps_small_helpers_out():
    """The carers' 1 h of 4 h is below a least share of 0.3: the task stays with a gap of 4 h."""
    skills = [{"party": "carers", "skill": "care", "hours": 1}]
    tables = {"tasks": [TASK], "skills": skills, "parties": PEOPLE}
    assert oracle(tiny({"gap_cost": 10, "min_share": 0.2}, **tables)).objective == pytest.approx(30)
    assert oracle(tiny({"gap_cost": 10, "min_share": 0.3}, **tables)).objective == pytest.approx(40)


def test_interest_counts_by_covered_hours_and_effort_cost_by_the_window():
    """Carers like it (2 an hour covered, factor 0.5 does not matter), at 3 a period of the window.

    Window 2 periods of 3: 8 h * -2 + 2 * 3 = -10.
    """
    tasks = [{**TASK, "start": 1, "end": 2}]
    skills = [{"party": "carers", "skill": "care", "hours": 2}]
    efforts = [{"task": "t", "party": "carers", "factor": 0.5, "cost": 3}]
    interests = [{"party": "carers", "domain": "safety", "benefit": 2}]
    result = oracle(tiny(periods=3, tasks=tasks, skills=skills, efforts=efforts, interests=interests, parties=PEOPLE))
    assert result.objective == pytest.approx(-10)


# Random instances -------------------------------------------------------------------------------------------


def test_random_instances_are_the_same_for_the_same_seed():
    """A seed names one instance, whatever was drawn before."""
    assert random_tables(7) == random_tables(7)
    assert random_tables(7) != random_tables(8)


@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_every_feature_can_be_switched(feature):
    """A switch is obeyed and leaves a valid instance; an unknown one is refused."""
    for wanted in (True, False):
        assert random_instance(3, **{feature: wanted}).periods >= 3
    with pytest.raises(ValueError, match="no such features"):
        random_instance(3, no_such_feature=True)
