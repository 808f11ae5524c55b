"""Planning plainly: the same plan, without what nobody reads."""

import pytest

import coordination as co
from coordination.planning import plan_plainly
from tests.support.random_instances import random_instance


@pytest.mark.parametrize("seed", [1, 4])
def test_it_is_the_same_plan_without_reasons(seed):
    """Objective, bound and tables are those of `plan`; reasons and the field rule's cost are not asked for."""
    instance = random_instance(seed)
    whole, brief = co.plan(instance, gap=0, threads=1), plan_plainly(instance, gap=0, threads=1)
    assert brief.objective == whole.objective and brief.bound == whole.bound
    assert brief.shipments.equals(whole.shipments) and brief.responsibilities.equals(whole.responsibilities)
    assert brief.baseline is None and not brief.reasons


def test_of_several_plans_as_good_it_is_the_same():
    """Where hours cost nothing and nobody asks for them, a plan may cover them or not: plainly it does as `plan`."""
    instance = random_instance(2)
    free = instance.replace(tasks=instance.given("tasks").assign(gap_cost=0.0))
    whole, plain = co.plan(free, gap=0, threads=1), plan_plainly(free, gap=0, threads=1)
    assert plain.responsibilities.equals(whole.responsibilities) and plain.shipments.equals(whole.shipments)


def test_who_asks_for_the_field_rule_gets_it():
    """A policy that decides otherwise is planned as ever."""
    instance = random_instance(1).replace(policy={"rationing": "field"})
    assert plan_plainly(instance).objective == co.plan(instance).objective
