"""Planning anew from the state after some periods, without news: nothing is lost, whatever has been carried out."""

import math

import pytest

import coordination as co
from coordination.replanning import executed_terms, state_after
from tests.support.oracle import oracle
from tests.support.random_duties import RULES, feasible_duties
from tests.support.random_instances import random_instance
from tests.support.thorough import often


def check(plan: co.Plan, periods: int) -> None:
    """Compare what was carried out and the best of the rest with the whole, and ask for a second opinion."""
    rest = co.plan(state_after(plan, periods), gap=0, threads=1)
    executed = executed_terms(plan, periods)
    gaps = (plan.objective - plan.bound) + (rest.objective - rest.bound)
    total = math.fsum(executed.values()) + rest.objective
    message = f"{plan.instance.name} after {periods}: {executed}, then {rest.terms}, in all {plan.terms}"
    assert abs(total - plan.objective) <= gaps + 1e-6 * max(1.0, abs(plan.objective)), message
    verdict = co.verify(rest)
    assert verdict.ok, f"{plan.instance.name} after {periods}: {verdict}"


@pytest.mark.parametrize(("seed", "periods"), [(0, 1), (1, 2), (3, 2), (5, 1)])
def test_nothing_is_lost(seed, periods):
    """What was carried out and the best of the rest cost what the whole plan does."""
    plan = co.plan(random_instance(seed), gap=0, threads=1)
    check(plan, min(periods, plan.instance.periods - 1))


@pytest.mark.parametrize("seed", [104, *often(105, 106)])
def test_nothing_is_lost_with_rules_on_roles(seed):
    """Orders, conflicts with tasks that ended, waiting, the span: all go on across windows."""
    plan = co.plan(feasible_duties(seed, RULES), gap=0, threads=1)
    check(plan, 2)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 150))
def test_nothing_is_lost_on_fifty(seed):
    """On fifty instances, for every number of periods."""
    plan = co.plan(random_instance(seed), gap=0, threads=1)
    for periods in range(plan.instance.periods):
        check(plan, periods)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(150, 170))
def test_nothing_is_lost_with_rules_on_roles_on_twenty(seed):
    """The same with all rules on roles, where they can be kept: the independent model does not look at who is told."""
    try:
        plan = co.plan(feasible_duties(seed, RULES), gap=0, threads=1)
    except co.InstanceError:
        pytest.skip("nobody can be informed as ordered")
    for periods in range(plan.instance.periods):
        check(plan, periods)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(170, 190))
def test_step_by_step(seed):
    """Planned anew after every period, each time from the plan before, all that was carried out costs the optimum."""
    plan = co.plan(random_instance(seed), gap=0, threads=1)
    best = plan.objective
    while plan.instance.periods > 1:
        plan = co.replan(plan, after=1, gap=0, threads=1)
        assert plan.replanned["total"] == pytest.approx(best, rel=1e-6, abs=1e-5)
        assert co.verify(plan).ok


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(190, 220))
def test_the_state_is_planned_as_the_independent_model_does(seed):
    """Without roles under way the state is an instance like any other: its plan is the independent model's optimum."""
    plan = co.plan(random_instance(seed, tasks=False, supply_tasks=False, worst_off=False), gap=0, threads=1)
    state = state_after(plan, 1)
    best = oracle(state).objective
    assert co.plan(state, gap=0, threads=1).objective == pytest.approx(best, rel=1e-6, abs=1e-6)
