"""Fair shares, terms in order and fronts: by hand, against each other, and beside the plain social cost.

A depot has 25 units for three homes that need 10, 20 and 50, all an hour and 30 km away; the road to c carries 10.
A unit missing costs 100, a trip of 20 units 120.
"""

import dataclasses
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

import coordination as co
from coordination.errors import InstanceError, UsageError
from coordination.planning.ruled import worst_counts
from coordination.summary import summarise
from coordination.verification import verify
from coordination.verification.inequality import coefficient
from tests.planning.small import street
from tests.planning.test_dispatching import ring, served
from tests.support.random_instances import random_instance
from tests.support.thorough import often
from tests.support.tiny import stock

ROADS = [
    {"road": f"to {name}", "from": "depot", "to": name, "km": 30, "minutes": 60, "capacity_tonnes": tonnes}
    for name, tonnes in (("a", None), ("b", None), ("c", 1))
]


def scarce():
    """Return the case of this file's head."""
    return ring({"a": 10, "b": 20, "c": 50}, roads=ROADS, stocks=[stock(25)])


def planned(instance, **policy):
    """Plan by rules, with a second opinion."""
    changed = instance.replace(policy=policy)
    plan = co.plan(changed.under(instance.scenario) if instance.scenario else changed, gap=0)
    verdict = verify(plan)
    assert verdict.ok, str(verdict)
    return plan


def shares(plan) -> list[float]:
    """Return served shares by place and commodity, the smallest first."""
    keys = ["place", "commodity"]
    table = plan.service.groupby(keys)[["need", "served"]].sum()
    before = plan.instance.backlogs.groupby(keys)["quantity"].sum()
    table = table.join(before, how="outer").fillna(0.0)
    need = table["need"] + table["quantity"]
    return sorted((table["served"] / need)[need > 0].tolist())


def test_leximin_by_hand():
    """Home c gets what its road carries, a fifth; a and b share the other 15 alike, a half each."""
    plan = planned(scarce(), rationing="leximin")
    assert list(served(plan).values()) == pytest.approx([5, 10, 10], abs=1e-6)
    assert plan.rules == {"without": pytest.approx(5650), "price": pytest.approx(0, abs=1e-5), "front": None}
    assert plan.status is co.Status.OPTIMAL
    assert plan.bound == pytest.approx(plan.objective, rel=1e-6)


def test_bounds_on_inequality_by_hand():
    """With a ratio of 2 a and b may have two fifths, with 1 a fifth, and the rest stays: 55 x 100 become more.

    Of 22 units 1.1 trips are driven, 132 money, and 58 units are missing; of 16 units 96 money and 64.
    """
    plan = planned(scarce(), max_ratio=2)
    assert list(served(plan).values()) == pytest.approx([4, 8, 10])
    assert plan.objective == pytest.approx(5800 + 132)
    assert plan.rules["price"] == pytest.approx(5932 - 5650)
    assert "rules cost 282 money: without them the least social cost found is 5,650 money." in summarise(plan)
    assert not verify(dataclasses.replace(plan, rules={**plan.rules, "price": 283.0})).ok
    for rule in ({"max_ratio": 1}, {"max_gini": 0}):
        plan = planned(scarce(), **rule)
        assert list(served(plan).values()) == pytest.approx([2, 4, 10])
        assert plan.objective == pytest.approx(6400 + 96)


def test_a_bound_on_gini_by_hand():
    """Shares s, s and a fifth have differences 2(s - 1/5) over 3(2s + 1/5): one tenth at s = 23/70."""
    plan = planned(scarce(), max_gini=0.1)
    assert shares(plan) == pytest.approx([0.2, 23 / 70, 23 / 70])
    assert coefficient(np.array(shares(plan))) == pytest.approx(0.1)


def test_terms_in_order():
    """Transport first: nothing is sent. Deprivation first: all of the 25 units are, at the least transport."""
    plan = planned(scarce(), objective="lexicographic", order=["transport"])
    assert plan.shipments.empty
    assert plan.objective == pytest.approx(8000)
    plan = planned(scarce(), objective="lexicographic", order="deprivation;transport")
    assert (plan.terms["deprivation"], plan.terms["transport"]) == pytest.approx((5500, 150), abs=1e-3)
    assert any(note.startswith("Order: deprivation 5,500") for note in plan.notes)


@pytest.mark.parametrize("seed", [3, *often(2, 3), *often(4, 9)])
def test_leximin_beats_all_others(seed):
    """Its shares, the smallest first, are the largest in that order; its worst is that of a high price on the worst."""
    instance = random_instance(seed)
    best = shares(planned(instance, rationing="leximin"))
    others = [
        planned(instance),
        planned(instance, max_ratio=1.5),
        planned(instance, worst_off=1e7),
        co.dispatch(instance),
    ]
    for other in others:
        apart = [(ours, theirs) for ours, theirs in zip(best, shares(other), strict=True) if abs(ours - theirs) > 1e-6]
        assert not apart or apart[0][0] > apart[0][1]
    assert best[0] == pytest.approx(shares(others[2])[0], abs=1e-5)


@pytest.mark.parametrize("seed", [3, *often(2, 3)])
def test_tighter_bounds_cost_more(seed):
    """Costs rise as the bound on inequality falls, from those without one; a bound that binds nobody costs nothing."""
    instance = random_instance(seed)
    free = planned(instance)
    costs = [planned(instance, max_gini=bound).objective for bound in (1, 0.2, 0.05, 0)]
    assert costs == sorted(costs)
    assert costs[0] == pytest.approx(free.objective)
    assert planned(instance, max_gini=1).rules["price"] == pytest.approx(0, abs=1e-6 * free.objective)
    assert coefficient(np.array(shares(planned(instance, max_gini=0.05)))) <= 0.05 + 1e-6


def test_orders_of_one_term_are_least():
    """What stands first is as small as its own price alone makes it: no other rule's plan has less of it."""
    instance = random_instance(3)
    plans = [planned(instance), planned(instance, rationing="leximin"), co.dispatch(instance)]
    for term in ("deprivation", "transport", "gap_hours"):
        least = planned(instance, objective="lexicographic", order=term).terms[term]
        assert least <= min(plan.terms[term] for plan in plans) + 1e-5 * max(1.0, abs(least))


EFFORTS = {"p": (3, 40), "q": (5, 60), "r": (2, 30), "s": (4, 70), "t": (6, 50)}
"""By task: what the effort costs, and what its hour costs when nobody does it."""
HOURS = {"p": 2, "q": 3, "r": 1, "s": 4, "t": 2}
"""Hours that one hour of the task takes."""


def chores(hours: float):
    """Return a helper with some hours, and tasks of one hour that are done whole or not at all."""
    tasks = [
        {"task": task, "domain": "safety", "zone": "quarter", "skill": "carry", "hours": 1, "end": 0, "gap_cost": gap}
        for task, (_, gap) in EFFORTS.items()
    ]
    efforts = [
        {"task": task, "party": "helpers", "factor": HOURS[task], "cost": cost} for task, (cost, _) in EFFORTS.items()
    ]
    skills = [{"party": "helpers", "skill": "carry", "hours": hours}]
    return street(needs=[], tasks=tasks, efforts=efforts, skills=skills).replace(policy={"min_share": 1})


@pytest.mark.parametrize("hours", [7, 20])
def test_an_exact_front(hours):
    """Efforts against gaps of five chores, within the helper's hours: the front by trying all, and the best point."""
    points = set()
    for count in range(len(EFFORTS) + 1):
        for done in combinations(EFFORTS, count):
            if sum(HOURS[task] for task in done) <= hours:
                gaps = sum(gap for task, (_, gap) in EFFORTS.items() if task not in done)
                points.add((sum(EFFORTS[task][0] for task in done), gaps))
    beaten = {
        one for one, other in product(points, points) if one != other and other[0] <= one[0] and other[1] <= one[1]
    }
    plan = planned(chores(hours), objective="pareto", order=["work", "gap_hours"])
    front = plan.rules["front"]
    assert front["exact"] and front["terms"] == ["work", "gap_hours"]
    expected = np.array(sorted(points - beaten))
    assert np.array(front["points"])[:, :2] == pytest.approx(expected)
    rest = planned(chores(hours)).objective - min(sum(point) for point in points)
    assert np.array(front["points"])[:, 2] == pytest.approx(expected.sum(axis=1) + rest)
    assert plan.objective == pytest.approx(planned(chores(hours)).objective)
    assert plan.status is co.Status.OPTIMAL


def test_a_front_that_is_a_curve():
    """Deprivation against transport: points on the line of 100 a unit against 6, and it says that there are more."""
    plan = planned(scarce(), objective="pareto", order=["deprivation", "transport"])
    front = plan.rules["front"]
    assert not front["exact"]
    for deprivation, transport, cost in front["points"]:
        assert deprivation == pytest.approx(8000 - transport / 6 * 100, abs=0.1)
        assert cost == pytest.approx(deprivation + transport, abs=0.1)
    assert plan.objective == pytest.approx(5650, abs=0.1)
    assert plan.status is co.Status.FEASIBLE


@pytest.fixture
def large(monkeypatch):
    """Plan as if every instance were too large to be solved whole."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)


@pytest.mark.parametrize(
    "rule",
    [
        {"rationing": "leximin"},
        {"max_gini": 0.05},
        {"max_ratio": 1.2},
        {"objective": "lexicographic", "order": "transport"},
    ],
    ids=str,
)
@pytest.mark.parametrize("seed", [3, *often(4, 9)])
def test_large_instances(seed, rule, large):
    """Rules hold, with the roles and shipments of the plan of least social cost; nothing is proven, and it is said."""
    plan = planned(random_instance(seed), **rule)
    assert any("unproven" in note for note in plan.notes)
    assert plan.bound <= plan.objective
    assert plan.rules["price"] >= 0


def test_leximin_of_a_large_instance_by_hand(large):
    """Where one plan's shipments reach all, its shares are those of the whole model."""
    plan = planned(scarce(), rationing="leximin")
    assert shares(plan)[0] == pytest.approx(0.2, abs=1e-6)


def test_fronts_of_large_instances_are_refused(large):
    """Fronts are for what is solved whole: refused by name."""
    with pytest.raises(UsageError, match="pareto"):
        co.plan(scarce().replace(policy={"objective": "pareto", "order": "work;transport"}))


def test_leximin_beside_a_front_is_refused():
    """Points of a front would each have their fairest shares: not carried out, so refused by name."""
    with pytest.raises(InstanceError, match="rationing: found 'leximin'"):
        scarce().replace(policy={"rationing": "leximin", "objective": "pareto", "order": "work;transport"})


def test_a_front_that_feeds_nobody_says_so():
    """Of pay and transport alone the best is to do nothing: the plan says that nobody who goes without counts."""
    assert any("go without" in note for note in planned(scarce(), objective="pareto", order="work;transport").notes)
    told = planned(scarce(), objective="pareto", order="deprivation;transport").notes
    assert not any("go without" in note for note in told)


def test_many_shares():
    """Beyond thirty shares the sums of the worst are taken at 5, 10 and 25 %, and the plan says so."""
    assert worst_counts(30) == list(range(1, 31))
    assert worst_counts(31) == [1, 2, 4, 8]
    needs = {f"home {number}": 5.0 + number for number in range(33)}
    plan = planned(ring(needs, stocks=[stock(300)]), rationing="leximin")
    assert any("exact up to 30" in note for note in plan.notes)
    worst = shares(plan)
    assert worst[0] == pytest.approx(300 / sum(needs.values()), abs=1e-6)


def test_no_time_for_the_rules():
    """Where time is over there is a plan all the same, nothing proven."""
    plan = co.plan(scarce().replace(policy={"rationing": "leximin"}), time_limit=1e-6)
    assert verify(plan).ok
    assert plan.status is not co.Status.OPTIMAL


def test_bounds_that_do_not_hold_are_noticed():
    """Verify works out both bounds from the tables."""
    plan = planned(scarce())
    for rule in ({"max_gini": 0.1}, {"max_ratio": 2}):
        bounded = scarce().replace(policy=rule)
        wrong = co.Plan(**{**plan.header(), "tables": plan.tables, "instance": bounded, "sha256": bounded.sha256})
        found = {violation.rule for violation in verify(wrong).violations}
        assert found == {"inequality"}


def test_rules_are_written_and_read(tmp_path):
    """Price and front stand in plan.json and come back."""
    plan = planned(chores(7), objective="pareto", order=["work", "gap_hours"])
    plan.save(tmp_path / "plan")
    assert co.Plan.load(tmp_path / "plan") == plan
    assert verify(tmp_path / "plan").ok
    assert isinstance(plan.tables["service"], pd.DataFrame)
