"""Facilities by the large way: against the joint model solved whole, on random halls."""

import pytest

import coordination
import coordination.planning
from coordination.verification import verify
from tests.support.random_halls import random_halls


def check(seed, monkeypatch):
    """Plan both ways; return what the large way's plan costs more, as a share."""
    instance = random_halls(seed)
    whole = coordination.planning.plan(instance, gap=0)
    with monkeypatch.context() as patched:
        patched.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
        large = coordination.planning.plan(instance, gap=1e-4)
    size = max(1.0, abs(whole.objective))
    assert large.bound <= whole.objective + 1e-6 * size, (seed, large.bound, whole.objective)
    assert large.objective >= whole.objective - 1e-6 * size
    assert verify(large).ok, f"{seed}: {verify(large)}"
    return (large.objective - whole.objective) / size


def test_the_large_way_is_bounded_and_mostly_the_best(monkeypatch):
    """What is proven holds, and most plans are as good as those of the joint model solved whole."""
    losses = [check(seed, monkeypatch) for seed in range(3)]
    assert sum(loss <= 1e-4 for loss in losses) >= 2, losses


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(6, 200))
def test_the_large_way_is_bounded_on_hundreds(seed, monkeypatch):
    """The bound holds on hundreds."""
    check(seed, monkeypatch)
