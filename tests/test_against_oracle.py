"""Plans of random instances against the independent model, and how often each rule binds over them."""

from functools import cache

import pytest

from tests.support.binding import RULES, count_binding, table
from tests.support.oracle import OracleResult, oracle
from tests.support.random_instances import random_instance

FEW, HUNDREDS = range(40), range(40, 400)
LEAST_SHARE = 0.05
"""Each rule binds in at least this share of the instances."""


@cache
def optimum(seed: int) -> OracleResult:
    """Solve the independent model of a random instance once."""
    return oracle(random_instance(seed))


def check(seed: int) -> None:
    """Compare the plan's objective with the optimum and ask for a second opinion on the plan."""
    from coordination.planning import plan as make_plan
    from coordination.verification import verify

    plan = make_plan(random_instance(seed), gap=0)
    best = optimum(seed)
    message = f"seed {seed}: plan {plan.terms}, optimum {best.terms}"
    assert plan.objective == pytest.approx(best.objective, rel=1e-6, abs=1e-6), message
    verdict = verify(plan)
    assert verdict.ok, f"seed {seed}: {verdict}"


@pytest.mark.parametrize("seed", FEW)
def test_plan_equals_the_independent_model(seed):
    """The objective of a plan without a gap is the optimum of the all-lanes model, and the plan holds."""
    check(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", HUNDREDS)
def test_plan_equals_the_independent_model_on_hundreds(seed):
    """The same on hundreds of instances."""
    check(seed)


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
