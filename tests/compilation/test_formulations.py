"""The project's own formulations compile, without falling back, to the matrix that Pyomo's own compiler gives."""

import pytest
from coordination_models.response import response_model
from support.random_instances import random_instance

from coordination.planning.case import Case
from coordination.planning.model import ResponseModel
from coordination.planning.routes import first_columns

from .agreement import assert_same, no_fallback


def compare(seed):
    """Compare the joint model of one random instance, all its shipments in."""
    model = ResponseModel(Case.of(random_instance(seed)))
    columns = first_columns(model.case)
    columns.active = columns.allowed.copy()
    form = assert_same(response_model(), model.data(columns.lanes, columns.rolling, columns.ships()))
    assert form.entries
    assert "deprivation" in form.terms


@pytest.mark.parametrize("seed", range(4))
def test_the_response(seed, caplog):
    """Every constraint, bound and term of the joint model is Pyomo's, on random instances."""
    compare(seed)
    no_fallback(caplog)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 140))
def test_the_response_thoroughly(seed, caplog):
    """The same on tens of instances more."""
    compare(seed)
    no_fallback(caplog)
