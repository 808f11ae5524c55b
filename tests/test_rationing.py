"""Fair rationing against the independent model, alone and with every rule on roles."""

import numpy as np
import pytest

import coordination.planning
from coordination.verification import verify
from tests.support.random_duties import BY_PERIOD, RULES, feasible_duties
from tests.support.random_instances import random_instance
from tests.support.rationing import levelled, rationed

FEW = 7
"""Shares up to which every subset is written down."""
BOUNDS = ({"max_gini": 0.1}, {"max_gini": 0.02}, {"max_ratio": 1.5}, {"max_gini": 0.05, "max_ratio": 2.0})
WITH = {"alone": (), "roles": RULES, "by period": (*RULES, *BY_PERIOD)}


def drawn(seed: int, rules: tuple[str, ...]):
    """Draw an instance with some rules on roles."""
    return feasible_duties(seed, rules) if rules else random_instance(seed, tasks=True, odd_ids=False)


def planned(instance, **policy):
    """Plan with further keys of the policy, with a second opinion."""
    given = instance.given_header().get("policy", {}) | policy
    plan = coordination.planning.plan(instance.replace(policy=given).under(instance.scenario), gap=0)
    assert verify(plan).ok, str(verify(plan))
    return plan


def bounded(seed: int, rules: tuple[str, ...]) -> None:
    """Compare the cost under a bound on inequality."""
    instance, bound = drawn(seed, rules), BOUNDS[seed % len(BOUNDS)]
    best = rationed(instance, **bound)
    assert planned(instance, **bound).objective == pytest.approx(best, rel=1e-6, abs=1e-5)


def fairest(seed: int, rules: tuple[str, ...]) -> bool:
    """Compare the sums of the worst shares, and the cost; False where there are too many shares to write down."""
    instance = drawn(seed, rules)
    pairs = instance.needs[["place", "commodity"]].drop_duplicates()
    if len(pairs) > FEW:
        return False
    sums, cost = levelled(instance)
    plan = planned(instance, rationing="leximin")
    need = instance.needs.groupby(["place", "commodity"])["quantity"].sum()
    assert len(need) >= len(sums)
    shares = np.sort(_shares(plan))
    assert np.cumsum(shares)[: len(sums)] == pytest.approx(sums, abs=1e-4), plan.notes
    assert plan.objective == pytest.approx(cost, rel=1e-4, abs=1e-3)
    return True


def _shares(plan) -> np.ndarray:
    """Return served shares of the need of each place and commodity, backlogs counted."""
    service, old = plan.service, plan.instance.backlogs
    key = ["place", "commodity"]
    need = service.groupby(key)["need"].sum().add(old.groupby(key)["quantity"].sum(), fill_value=0.0)
    served = service.groupby(key)["served"].sum().reindex(need.index, fill_value=0.0)
    return (served / need)[need > 0].to_numpy()


@pytest.mark.parametrize("name", WITH)
def test_bounds_on_inequality(name):
    """The plan costs what the independent model with differences of all pairs costs."""
    bounded(4, WITH[name])


@pytest.mark.thorough
@pytest.mark.parametrize("name", WITH)
@pytest.mark.parametrize("seed", range(600, 640))
def test_bounds_on_inequality_on_many(name, seed):
    """The same on many."""
    bounded(seed, WITH[name])


@pytest.mark.parametrize("name", ["alone", "roles"])
def test_leximin(name):
    """Sums of the worst shares are the largest over all subsets, one after the other, and the cost is least then."""
    assert any(fairest(seed, WITH[name]) for seed in range(4, 12))


@pytest.mark.thorough
@pytest.mark.parametrize("name", WITH)
@pytest.mark.parametrize("seed", range(600, 640))
def test_leximin_on_many(name, seed):
    """The same on many."""
    if not fairest(seed, WITH[name]):
        pytest.skip("too many shares to write down every subset")
