"""Plans with facilities against brute force: the best of all courses that facilities can take."""

import pytest

import coordination.planning
from coordination.verification import verify
from tests.support.halls import EVERYDAY, brute_force
from tests.support.random_halls import random_halls

FEW, HUNDREDS = range(4), range(4, 300)


def check(seed: int) -> tuple[set[str], int]:
    """Compare a plan with brute force; return the modes in it, and how many choices there were."""
    instance = random_halls(seed)
    best, taken, count = brute_force(instance)
    plan = coordination.planning.plan(instance, gap=0)
    message = f"{instance.name}: plan {plan.terms}, best {best}: {taken}"
    assert plan.objective == pytest.approx(best, rel=1e-6, abs=1e-6), message
    assert plan.bound <= best + 1e-6 * max(1.0, best)
    verdict = verify(plan)
    assert verdict.ok, f"{instance.name}: {verdict}"
    return set(plan.facilities["mode"]), count


def test_plans_are_the_best_of_all_courses():
    """The social cost is the least over all courses; some facilities are converted, of many choices."""
    modes, counts = zip(*(check(seed) for seed in FEW), strict=True)
    assert sum(bool(some - {EVERYDAY}) for some in modes) >= len(FEW) // 4
    assert max(counts) > 20


@pytest.mark.thorough
@pytest.mark.parametrize("seed", HUNDREDS)
def test_hundreds_of_plans_are_the_best_of_all_courses(seed):
    """The same on hundreds of instances."""
    check(seed)
