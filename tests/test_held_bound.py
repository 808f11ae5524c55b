"""The bound of responsibility with supply held, by district, and roles chosen with supply held."""

import numpy as np
import pytest

import coordination as co
from benchmarks.issue_02.held import tonnes_served
from benchmarks.issue_04.held_bound import bound_by_district, chosen_with_supply_held, hard, relaxed
from coordination.generation import generate
from coordination.planning.clock import Clock
from coordination.planning.options import PlanOptions
from coordination.planning.ways import begun
from coordination.solver import SolverOptions, solve


@pytest.fixture(scope="module")
def city():
    """Make a small city, and hold what the field rule serves in it."""
    instance = generate(communities=16, periods=3, commodities=3, shortage=0.1, seed=3, tasks=50, parties=40)
    session, _ = begun(instance, PlanOptions(threads=1), Clock(None), None)
    return session, tonnes_served(session.model, co.dispatch(instance).service) * (1.0 - 1e-9)


def test_bound_roles_and_relaxation_in_order(city):
    """Each bound is at most the relaxation of the whole, prices raise it, and whole roles cost no less."""
    session, tonnes = city
    form = relaxed(hard(session.model.tight().compile_held(tonnes, np.zeros(len(tonnes)))))
    whole = solve(form, options=SolverOptions(threads=1)).objective
    cost, short, shares = chosen_with_supply_held(session, session.model, tonnes, 0.01 * abs(whole))
    bounds = bound_by_district(session.model, tonnes, cost, workers=1)
    assert bounds[0] <= max(bounds) <= whole * (1 + 1e-6)
    assert max(bounds) >= 0.9 * whole
    assert whole <= shares * (1 + 1e-6)
    assert shares <= cost * (1 + 1e-6)
    assert cost <= 1.1 * whole
    assert short == pytest.approx(0.0, abs=1e-6)
