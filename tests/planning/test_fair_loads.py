"""Fair loads: by hand, against all assignments of small towns, against a method of its own, and beside other rules.

Loads are hours worked or kept free over the hours that a party has; among plans that cost about as little the largest
shall be small, then the two largest together, and so on.
"""

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog

import coordination as co
from coordination.errors import InstanceError
from coordination.explanation import load_shares
from coordination.verification import verify
from tests.planning.small import street
from tests.support.random_instances import random_instance
from tests.support.thorough import often


def watch(**changes):
    """Return a task of one period of twelve hours that two may do."""
    row = {"task": "watch", "domain": "safety", "zone": "quarter", "skill": "carry", "hours": 12, "end": 0, "doers": 2}
    return row | changes


def town(policy, tasks, hours, **tables):
    """Return a street with nothing but tasks, and parties that have so many hours a period."""
    parties = [{"party": "core", "kind": "core", "zone": "quarter"}]
    parties += [{"party": p, "kind": "volunteers", "zone": "quarter", "superior": "core"} for p in hours]
    skills = [{"party": p, "skill": "carry", "hours": number} for p, number in hours.items()]
    made = street(needs=[], parties=parties, tasks=tasks, skills=skills, **tables)
    return made.replace(policy={"load": "leximin", "backup_cost": 0, **policy})


def planned(instance, gap=0.0):
    """Plan with a second opinion."""
    plan = co.plan(instance, gap=gap)
    verdict = verify(plan)
    assert verdict.ok, str(verdict)
    return plan


def loads(plan) -> list[float]:
    """Return the loads of all parties with hours, the largest first."""
    return sorted(load_shares(plan)["share"].tolist(), reverse=True)


def test_loads_by_hand():
    """Of 12 hours the one with 10 a period takes a third, the one with 20 two: 4 of 20 and 8 of 40 over two periods."""
    plan = planned(town({}, [watch()], {"small": 10, "large": 20}))
    assert loads(plan) == pytest.approx([0.2, 0.2], abs=1e-5)
    assert plan.status is co.Status.OPTIMAL
    assert plan.rules == {"without": pytest.approx(0), "price": pytest.approx(0, abs=1e-6), "front": None}
    assert any(note.startswith("Fair loads of 2 parties: at most 20 %") for note in plan.notes)
    table = load_shares(plan)
    assert table.loc["small"].tolist() == pytest.approx([4, 20, 0.2], abs=1e-3)


def test_cost_comes_first():
    """Where an hour of one costs 5 more, it works none of them; within an allowance of the cost it does."""
    dear = {"efforts": [{"task": "watch", "party": "small", "cost": 5}]}
    gaps = [watch(task="lost", skill="fly", hours=1, gap_cost=100)]
    plan = planned(town({}, [watch(), *gaps], {"small": 10, "large": 20}, **dear))
    assert loads(plan) == pytest.approx([0.3, 0.0], abs=1e-5)
    plan = planned(town({"load_allowance": 0.1}, [watch(), *gaps], {"small": 10, "large": 20}, **dear))
    assert loads(plan) == pytest.approx([0.2, 0.2], abs=1e-5)
    assert (plan.objective, plan.rules["price"]) == pytest.approx((105, 5))
    # The effort is the price of being a doer at all: for less there is no fairer plan.
    plan = planned(town({"load_allowance": 0.04}, [watch(), *gaps], {"small": 10, "large": 20}, **dear))
    assert loads(plan) == pytest.approx([0.3, 0.0], abs=1e-5)
    assert plan.rules["price"] == pytest.approx(0)


def test_the_gap_is_the_allowance():
    """Without an allowance plans within the gap that is asked for count as equally good, and stay within it."""
    dear = {"efforts": [{"task": "watch", "party": "small", "cost": 5}]}
    gaps = [watch(task="lost", skill="fly", hours=1, gap_cost=100)]
    plan = planned(town({}, [watch(), *gaps], {"small": 10, "large": 20}, **dear), gap=0.1)
    assert loads(plan) == pytest.approx([0.2, 0.2], abs=1e-5)
    assert plan.status is co.Status.OPTIMAL


def test_hours_kept_free_and_expected_count():
    """A backup keeps a tenth of 12 hours free, and that is load; who is half as sure takes twice the hours."""
    plan = planned(town({"backup_cost": 50}, [watch(doers=1, backups=1)], {"small": 20, "large": 20}))
    assert loads(plan) == pytest.approx([12 / 40, 1.2 / 40], abs=1e-5)
    unsure = [{"party": "core", "kind": "core", "zone": "quarter"}]
    unsure += [{"party": "only", "kind": "volunteers", "zone": "quarter", "superior": "core", "reliability": 0.5}]
    instance = town({"reliability": "expected"}, [watch(doers=1)], {"only": 40}).replace(parties=unsure)
    assert loads(planned(instance)) == pytest.approx([24 / 80], abs=1e-5)


def drawn(seed):
    """Draw up to four tasks that are done whole or not at all, two or three parties, and an allowance."""
    rng = np.random.default_rng([seed, 11])
    hours = {f"a{n}": float(rng.integers(4, 9)) for n in range(rng.integers(2, 4))}
    tasks = [
        watch(task=f"t{n}", hours=float(rng.integers(1, 4)), doers=1, backups=int(rng.integers(0, 2)),
              gap_cost=float(rng.uniform(1, 30)))
        for n in range(rng.integers(2, 5))
    ]  # fmt: skip
    efforts = [
        {"task": task["task"], "party": p, "factor": float(rng.choice([0.5, 1, 2])), "cost": float(rng.uniform(0, 4))}
        for task in tasks
        for p in hours
    ]
    policy = {
        "min_share": 1, "backup_cost": float(rng.uniform(0, 9)), "backup_reserve": 0.5, "level_cost": 0,
        "load_allowance": float(rng.choice([0, 0.1, 0.3])),
    }  # fmt: skip
    return policy, tasks, hours, efforts


def test_no_hour_is_left_undone_for_it():
    """A tenth of 15 more may be spent, and an hour not covered costs 10: all the same all of them are covered."""
    gaps = [watch(gap_cost=10), watch(task="lost", skill="fly", hours=1, gap_cost=15)]
    plan = planned(town({"load_allowance": 0.9}, gaps, {"small": 10, "large": 20}))
    assert loads(plan) == pytest.approx([0.2, 0.2], abs=1e-5)
    assert plan.terms["gap_hours"] == pytest.approx(15)


def enumerated(policy, tasks, hours, efforts):
    """Return the least cost of any assignment, and the fairest loads of those within the allowance.

    None of these leaves more undone than the cheapest does.
    """
    effort = {(row["task"], row["party"]): (row["factor"], row["cost"]) for row in efforts}
    choices = [
        (doer, backup)
        for doer in (None, *hours)
        for backup in (None, *hours)
        if backup is None or backup != doer
    ]  # fmt: skip
    found = []
    for picked in itertools.product(choices, repeat=len(tasks)):
        cost, undone, taken = 0.0, 0.0, dict.fromkeys(hours, 0.0)
        for task, (doer, backup) in zip(tasks, picked, strict=True):
            if backup is not None and not task["backups"]:
                break
            if doer is None:
                undone += task["gap_cost"] * task["hours"]
            else:
                factor, money = effort[task["task"], doer]
                taken[doer] += factor * task["hours"]
                cost += money
            if backup is not None:
                taken[backup] += policy["backup_reserve"] * effort[task["task"], backup][0] * task["hours"]
            undone += policy["backup_cost"] * (task["backups"] - (backup is not None))
        else:
            if all(taken[p] <= hours[p] + 1e-9 for p in hours):
                found.append((cost + undone, undone, sorted((taken[p] / hours[p] / 2 for p in hours), reverse=True)))
    least, at_least, _ = min(found)
    most = least * (1 + policy["load_allowance"]) + 1e-9
    return least, min(load for cost, undone, load in found if cost <= most and undone <= at_least + 1e-9)


def compare(seed):
    """Hold the plan's loads against the fairest of all assignments."""
    policy, tasks, hours, efforts = drawn(seed)
    least, fairest = enumerated(policy, tasks, hours, efforts)
    instance = town(policy, tasks, hours).replace(efforts=efforts)
    plan = planned(instance)
    assert loads(plan) == pytest.approx(fairest, abs=2e-5), plan.notes
    assert plan.rules["without"] == pytest.approx(least)
    assert plan.objective <= least * (1 + policy["load_allowance"]) + 1e-6


@pytest.mark.parametrize("seed", [*range(3), *often(3, 8)])
def test_loads_equal_enumeration(seed):
    """Of all assignments within the allowance the plan's loads are the leximin."""
    compare(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(8, 300))
def test_loads_equal_enumeration_on_hundreds(seed):
    """The same on hundreds."""
    compare(seed)


def shared(seed):
    """Draw tasks that everybody of some may share in freely, all to be covered."""
    rng = np.random.default_rng([seed, 12])
    hours = {f"a{n}": float(rng.integers(10, 40)) for n in range(4)}
    tasks, efforts = [], []
    for n in range(3):
        tasks.append(watch(task=f"t{n}", hours=float(rng.integers(2, 12)), doers=4, gap_cost=500))
        able = rng.permutation(4)[: rng.integers(1, 4)]
        # Who does not belong to a task could do it at a price above that of leaving it.
        efforts += [{"task": f"t{n}", "party": p, "cost": 0 if k in able else 1e5} for k, p in enumerate(hours)]
    return tasks, hours, efforts


def levelled(tasks, hours, efforts):
    """Return the leximin by making the largest load small and fixing, again and again, whom that binds."""
    may = [(row["task"], row["party"]) for row in efforts if not row["cost"]]
    load = np.array([[float(p == q) / hours[q] / 2 for _, p in may] for q in hours])
    cover = np.array([[float(task["task"] == t) for t, _ in may] for task in tasks])
    wanted, fixed = [task["hours"] for task in tasks], np.full(len(hours), np.inf)
    while np.isinf(fixed).any():
        free = np.isinf(fixed)
        rows, sides = np.column_stack([load, -1.0 * free]), np.where(free, 0.0, fixed)
        most = linprog([*np.zeros(len(may)), 1], rows, sides, np.column_stack([cover, np.zeros(3)]), wanted)
        limits = np.where(free, most.fun + 1e-9, fixed + 1e-9)
        tight = [n for n in np.flatnonzero(free)
                 if linprog(load[n], load, limits, cover, wanted).fun >= most.fun - 1e-7]  # fmt: skip
        fixed[tight] = most.fun
    return sorted(fixed.tolist(), reverse=True)


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(2, 60))])
def test_shared_work_equals_levelling(seed):
    """Where hours may be shared as one likes, loads are those that levelling by linear programs finds."""
    tasks, hours, efforts = shared(seed)
    if any(sum(hours[row["party"]] for row in efforts if row["task"] == task["task"] and not row["cost"]) < 40
           for task in tasks):  # fmt: skip
        hours = {p: number + 40 for p, number in hours.items()}
    instance = town({"min_share": 0, "level_cost": 0}, tasks, hours).replace(efforts=efforts)
    assert loads(planned(instance)) == pytest.approx(levelled(tasks, hours, efforts), abs=2e-5)


@pytest.mark.parametrize("seed", [2, *often(3, 4)])
def test_never_less_fair_than_the_plan_of_least_cost(seed):
    """On whole instances the loads are no worse in their order, and the cost stays within the allowance."""
    instance = random_instance(seed, tasks=True)
    plain = co.plan(instance, gap=0)
    policy = instance.given_header().get("policy", {})
    fair = planned(
        instance.replace(policy=policy | {"load": "leximin", "load_allowance": 0.02}).under(instance.scenario)
    )
    apart = [(a, b) for a, b in zip(loads(fair), loads(plain), strict=True) if abs(a - b) > 2e-5]
    assert not apart or apart[0][0] < apart[0][1]
    assert fair.objective <= plain.objective + 0.02 * abs(plain.objective) + 1e-6
    assert fair.rules["without"] == pytest.approx(plain.objective)


def test_after_fair_shares_and_terms_in_order():
    """Other rules come first: served shares and what stands in order are as without fair loads."""
    instance = random_instance(3, tasks=True)
    policy = instance.given_header().get("policy", {})
    rules = {"rationing": "leximin", "objective": "lexicographic", "order": "gap_hours"}
    plans = [
        planned(instance.replace(policy=policy | rules | more).under(instance.scenario))
        for more in ({}, {"load": "leximin", "load_allowance": 0.05})
    ]
    assert plans[1].terms["gap_hours"] == pytest.approx(plans[0].terms["gap_hours"], abs=1e-5)
    served = [plan.service.groupby(["place", "commodity"])["served"].sum() for plan in plans]
    assert served[1].to_numpy() == pytest.approx(served[0].to_numpy(), abs=1e-4)


def test_many_parties():
    """Beyond thirty parties sums of the largest are taken at 5, 10 and 25 %, and the plan says so."""
    hours = {f"a{n}": 10.0 + n for n in range(33)}
    plan = planned(town({"min_share": 0}, [watch(hours=60, doers=33)], hours))
    assert any("Leximin of 33 loads" in note for note in plan.notes)
    assert loads(plan)[0] == pytest.approx(60 / sum(hours.values()) / 2, abs=1e-5)


@pytest.mark.parametrize("seed", [2, *often(3, 4)])
def test_large_instances(seed, monkeypatch):
    """Planned the large way, coverage is shared among the doers of the plan of least cost; unproven, and it is said."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    instance = random_instance(seed, tasks=True)
    policy = instance.given_header().get("policy", {}) | {"load": "leximin"}
    plan = planned(instance.replace(policy=policy).under(instance.scenario), gap=1e-3)
    assert any("unproven" in note for note in plan.notes)
    assert any(note.startswith("Fair loads of") for note in plan.notes)


def test_no_time():
    """Where time is over there is a plan all the same."""
    plan = co.plan(town({}, [watch()], {"small": 10, "large": 20}), time_limit=1e-6)
    assert verify(plan).ok
    assert plan.status is not co.Status.OPTIMAL


@pytest.mark.parametrize(
    ("policy", "key"),
    [
        ({"load": "leximin", "rationing": "field"}, "load"),
        ({"load": "leximin", "objective": "pareto", "order": "work;gap_hours"}, "load"),
        ({"load_allowance": 0.1, "load": "social_cost"}, "load_allowance"),
    ],
)
def test_what_does_not_go_together(policy, key):
    """Fair loads beside the field rule or a front, and an allowance without them, are refused by name."""
    with pytest.raises(InstanceError) as caught:
        town(policy, [watch()], {"small": 10})
    assert [problem.column for problem in caught.value.problems] == [key]
