"""The mixture of mean and CVaR: its ends, its definition, what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.errors import UsageError
from coordination.twostage import Risk

from .programs import risk_by_definition


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=8),
    st.integers(0, 10_000),
    st.sampled_from([0.0, 0.3, 0.5, 0.9, 0.95, 1.0]),
    st.sampled_from([0.0, 0.25, 1.0]),
)
def test_risk_is_its_definition(costs, seed, level, weight):
    """The figure from sorted costs is the minimum over eta, lies between mean and worst, and grows with the level."""
    costs = np.array(costs, dtype=float)
    p = np.random.default_rng(seed).dirichlet(np.ones(len(costs)))
    value = Risk(weight=weight, level=level).of(costs, p)
    assert value == pytest.approx(risk_by_definition(costs, p, weight, level), abs=1e-9)
    assert p @ costs - 1e-9 <= value <= costs.max() + 1e-9
    assert value <= Risk(weight=weight, level=min(1.0, level + 0.05)).of(costs, p) + 1e-9


def test_what_cannot_happen_does_not_count():
    """A scenario of probability 0 is no worst case."""
    assert Risk(weight=1, level=1).of(np.array([1.0, 99.0]), np.array([1.0, 0.0])) == 1.0


@pytest.mark.parametrize("wrong", [{"weight": -0.1}, {"level": 1.5}])
def test_numbers_outside_are_refused(wrong):
    """Weight and level are shares."""
    with pytest.raises(UsageError, match=f"risk {next(iter(wrong))} is"):
        Risk(**wrong)
