"""Duals of some scenarios bound the others: never above their cost, and exact where they are their own."""

import numpy as np
import pytest

from coordination.solver import SolverOptions
from coordination.status import Status
from coordination.twostage import evaluate, solve
from coordination.twostage.recourse import Recourse
from coordination.twostage.sharing import Sharing, families_of
from coordination.twostage.workforce import Workforce

from .programs import cost_by_scipy, stores


@pytest.mark.parametrize("seed", range(4))
def test_shared_duals_bound_every_scenario_from_below(seed):
    """No dual proves more of a scenario than it costs (by scipy), and its own dual proves just that."""
    program = stores(seed, count=6, whole=False)
    rng = np.random.default_rng(seed)
    x = rng.uniform(0, 4, program.first.columns)
    costs = np.array([cost_by_scipy(program, number, x) for number in range(6)])
    with Workforce(None, 1) as workforce:
        recourse = Recourse(program, workforce, SolverOptions())
        outcomes = recourse.outcomes(x)
        for family in families_of(recourse.scenarios):
            duals = np.array([outcomes[number].dual for number in family.numbers])
            proven = family.bounds(duals, x)
            assert (proven <= costs[family.numbers] + 1e-6).all()
            assert np.diag(proven) == pytest.approx(costs[family.numbers])
        recourse.close()


def test_cuts_of_shared_duals_hold_everywhere():
    """A cut from another scenario's dual is below the scenario's cost at other first stages, too."""
    program = stores(3, count=60, places=3, clients=4, whole=False)
    rng = np.random.default_rng(0)
    x, elsewhere = rng.uniform(0, 9, (2, program.first.columns))
    with Workforce(None, 1) as workforce:
        recourse = Recourse(program, workforce, SolverOptions())
        sharing = Sharing(recourse, program.probabilities)
        assert sharing.worthwhile()
        outcomes = sharing.outcomes(x, np.inf)
        recourse.close()
    assert 0 < sharing.solved < 60
    guessed = [one for one in outcomes if not one.exact]
    assert len(guessed) == 60 - sharing.solved
    here, there = (evaluate(program, at)[0] for at in (x, elsewhere))
    bound = np.array([one.bound for one in outcomes])
    slope = np.array([one.gradient for one in outcomes])
    assert (bound <= here + 1e-6).all()
    assert (bound + slope @ (elsewhere - x) <= there + 1e-6).all()


def test_without_tolerance_all_are_solved():
    """Nothing is guessed where nothing may be missing."""
    program = stores(3, count=60, places=3, clients=4, whole=False)
    x = np.full(program.first.columns, 2.0)
    with Workforce(None, 1) as workforce:
        recourse = Recourse(program, workforce, SolverOptions())
        outcomes = Sharing(recourse, program.probabilities).outcomes(x, 0.0)
        recourse.close()
    assert all(one.exact for one in outcomes)
    assert [one.value for one in outcomes] == pytest.approx(evaluate(program, x)[0])


@pytest.mark.parametrize("whole", [False, True])
def test_solved_with_shared_duals(whole):
    """With many scenarios of one structure the decomposition agrees with the extensive form, and begins shared."""
    program = stores(11, count=80, places=4, clients=4, whole=whole)
    options = SolverOptions(gap=1e-6)
    parts = solve(program, method="benders", options=options)
    assert parts.status is Status.OPTIMAL
    assert parts.objective == pytest.approx(solve(program, method="extensive", options=options).objective, rel=5e-6)
    assert parts.rounds[0].stage == "shared"
    assert parts.rounds[-1].stage != "shared"


def test_scenarios_not_held_go_on_from_their_basis(monkeypatch):
    """With room for few scenarios in solvers the answer is the same."""
    program = stores(2, count=12, whole=False)
    options = SolverOptions(gap=1e-7)
    expected = solve(program, method="benders", options=options)
    monkeypatch.setattr("coordination.twostage.recourse.MOST_HELD", 5)
    assert solve(program, method="benders", options=options).objective == pytest.approx(expected.objective, rel=1e-6)
