"""Modes that zones choose: plans against brute force over all schedules, by hand, and what is refused."""

import numpy as np
import pytest

import coordination as co
import coordination.planning
from coordination.errors import InstanceError, UsageError
from coordination.verification import verify
from tests.support.random_halls import random_halls
from tests.support.random_instances import random_instance
from tests.support.random_switching import ASKED, with_choices
from tests.support.switching import brute_force

FEW, HALLS = range(16), range(8)
LEAST_SHARE = 0.3


def check(instance):
    """Compare the plan's cost with the least over all schedules, and ask for a second opinion on the plan."""
    best, schedule, _ = brute_force(instance)
    plan = coordination.planning.plan(instance, gap=0)
    tolerance = 1e-6 * max(1.0, abs(best))
    message = f"{instance.name}: plan {plan.objective} {plan.terms}, least {best} {schedule}"
    assert abs(plan.objective - best) <= tolerance, message
    assert plan.bound == pytest.approx(best, rel=1e-6, abs=1e-6), message
    verdict = verify(plan)
    assert verdict.ok, f"{instance.name}: {verdict}"
    return plan


def choosing(seed, most=60):
    """Draw an instance whose zones choose their modes."""
    return with_choices(random_instance(seed, tasks=True, supply_tasks=seed % 2 == 0), seed, most)


def with_halls(seed, most=9):
    """Draw one with facilities and floors by mode."""
    instance = random_halls(seed)
    rng = np.random.default_rng([seed, 8])
    floors = [
        {"zone": zone, "service": "school", "mode": mode, "share": float(rng.choice([0.5, 1.0]))}
        for zone in ("street", "east") for mode in ("normal", "emergency", "parallel")
        if rng.random() < 0.5 and instance.held.empty  # what is away by what was under way breaks no floor
    ]  # fmt: skip
    return with_choices(instance.replace(service_floors=floors), seed, most)


@pytest.mark.parametrize("seed", FEW)
def test_optimum_equals_brute_force(seed):
    """The plan costs as little as the best of all schedules of all zones that choose, and the bound says so."""
    check(choosing(seed))


@pytest.mark.parametrize("seed", HALLS)
def test_optimum_with_facilities_equals_brute_force(seed):
    """With halls to convert and services to keep by mode, the plan is the best of all schedules and conversions."""
    check(with_halls(seed))


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 400))
def test_optimum_equals_brute_force_on_hundreds(seed):
    """The same on hundreds of instances, of more schedules."""
    check(choosing(seed, most=150))


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 250))
def test_optimum_with_facilities_equals_brute_force_on_hundreds(seed):
    """The same with facilities."""
    check(with_halls(seed, most=15))
