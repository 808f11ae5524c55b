"""The project's own formulations compile, without falling back, to the matrix that Pyomo's own compiler gives."""

import pytest
from support.random_instances import random_instance

from coordination.planning import plan

from .agreement import assert_same, no_fallback


def compare(seed, monkeypatch):
    """Plan one random instance and compare every formulation compiled on the way."""
    compared = {}

    def compile_both_ways(model, data):
        form = assert_same(model, data)
        compared[model.name] = form.entries
        return form

    monkeypatch.setattr("coordination.compilation.compile_model", compile_both_ways)
    plan(random_instance(seed), time_limit=60.0)
    assert compared["response"]


@pytest.mark.parametrize("seed", range(3))
def test_the_response(seed, caplog, monkeypatch):
    """Every constraint, bound and term of the models of a plan is Pyomo's, on random instances."""
    compare(seed, monkeypatch)
    no_fallback(caplog)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 140))
def test_the_response_thoroughly(seed, caplog, monkeypatch):
    """The same on tens of instances more."""
    compare(seed, monkeypatch)
    no_fallback(caplog)
