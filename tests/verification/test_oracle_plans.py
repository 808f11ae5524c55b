"""Two readings of the contract, written apart: what the independent model decides, verification accepts."""

import pytest

from coordination.verification import verify
from tests.support.random_instances import random_instance
from tests.support.thorough import often
from tests.verification.from_oracle import oracle_plan


def accept(seed):
    """Verify an optimum of the independent model, prices included."""
    verdict = verify(oracle_plan(random_instance(seed)))
    assert verdict.ok, str(verdict)


@pytest.mark.parametrize("seed", [*range(4), *often(4, 12)])
def test_optima_verify(seed):
    """A dozen optima of the independent model, with their duals as prices, hold."""
    accept(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(12, 212))
def test_many_optima_verify(seed):
    """Two hundred optima of the independent model hold."""
    accept(seed)
