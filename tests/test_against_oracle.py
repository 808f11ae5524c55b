"""Plans of random instances against the independent model, and how often each rule binds over them."""

from functools import cache

import pytest

import coordination.planning
from coordination.instance import Instance
from coordination.verification import verify
from tests.support.binding import RULES, count_binding, table
from tests.support.oracle import OracleResult, oracle
from tests.support.random_instances import random_instance, random_tables
from tests.support.thorough import often

FEW, HUNDREDS = range(16), range(16, 400)
HARD = {"perishable": True, "storage": True, "slow": True, "capacities": True, "ties": True, "tasks": False}
"""Features that made the most of routes, batches and late arrivals when many more seeds were tried."""
EMPTY = {
    "goods": ("stocks", "arrivals"),
    "needs": ("needs", "backlogs"),
    "first backlogs": ("backlogs",),
    "fleets": ("fleets",),
    "roads": ("roads",),
    "skills": ("skills",),
    "tasks": ("tasks", "efforts"),
    "all but the core": ("stocks", "arrivals", "needs", "backlogs", "fleets", "tasks", "efforts", "skills"),
}
"""Tables without which there must be a plan all the same."""
LEAST_SHARE = 0.05
"""Each rule binds in at least this share of the instances."""


@cache
def optimum(seed: int) -> OracleResult:
    """Solve the independent model of a random instance once."""
    return oracle(random_instance(seed))


def check(instance: Instance, best: OracleResult) -> None:
    """Compare the plan's objective with the optimum and ask for a second opinion on the plan."""
    plan = coordination.planning.plan(instance, gap=0)
    message = f"{instance.name}: plan {plan.terms}, optimum {best.terms}"
    assert plan.objective == pytest.approx(best.objective, rel=1e-6, abs=1e-6), message
    verdict = verify(plan)
    assert verdict.ok, f"{instance.name}: {verdict}"


def check_bracket(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan the large way, as if the instance were too big for one model, and compare bound and objective."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    plan = coordination.planning.plan(random_instance(seed), gap=1e-6)
    best = optimum(seed).objective
    tolerance = 1e-6 * max(1.0, abs(best))
    assert plan.bound - tolerance <= best <= plan.objective + tolerance, plan.notes
    assert verify(plan).ok


@pytest.mark.parametrize("seed", FEW)
def test_plan_equals_the_independent_model(seed):
    """The objective of a plan without a gap is the optimum of the all-lanes model, and the plan holds."""
    check(random_instance(seed), optimum(seed))


@pytest.mark.parametrize("empty", EMPTY)
def test_plan_without_some_tables(empty):
    """Where there is nothing to send, to hand out or to do, the plan is still the optimum."""
    header, tables = random_tables(2, scenario=False, tasks=True, supply_tasks=True, backlogs=True)
    tables |= {name: [] for name in EMPTY[empty]}
    instance = Instance.from_tables(header, tables)
    check(instance, oracle(instance))


@pytest.mark.parametrize("seed", [1114, *range(1000, 1002), *often(1002, 1004)])
def test_plan_equals_the_independent_model_on_hard_supply(seed):
    """The same where goods expire, overflow and travel long on capacitated roads of equal length.

    In 1114 the storm leaves nothing to send.
    """
    instance = random_instance(seed, **HARD, scenario=True, supply_tasks=seed % 3 == 0, worst_off=False)
    check(instance, oracle(instance))


@pytest.mark.parametrize("seed", [2, *often(0, 2), *often(3, 6)])
def test_the_large_way_brackets_the_optimum(seed, monkeypatch):
    """Supply and responsibility planned apart: the bound is below the joint optimum, the plan not below."""
    check_bracket(seed, monkeypatch)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(6, 100))
def test_the_large_way_brackets_the_optimum_on_hundreds(seed, monkeypatch):
    """The same on a hundred instances."""
    check_bracket(seed, monkeypatch)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", HUNDREDS)
def test_plan_equals_the_independent_model_on_hundreds(seed):
    """The same on hundreds of instances."""
    check(random_instance(seed), optimum(seed))


@pytest.mark.thorough
def test_every_rule_binds(capsys):
    """Over two hundred instances every rule binds in at least one of twenty, so none goes untested."""
    instances = [random_instance(seed) for seed in range(200)]
    counts = count_binding(instances)
    with capsys.disabled():
        print("\n" + table(counts, len(instances)))
    rare = [name for name, count in counts.items() if count < LEAST_SHARE * len(instances)]
    assert len(counts) == len(RULES)
    assert not rare
