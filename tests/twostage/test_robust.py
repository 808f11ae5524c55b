"""The worst of many losses: as the definition says, tried over every first stage and every loss."""

import dataclasses
from itertools import combinations

import numpy as np
import pytest
import scipy.sparse as sp

from coordination.solver import SolverOptions
from coordination.status import Status
from coordination.twostage import Scenario, TwoStageProgram, solve_robust, stage

from .programs import cost_by_scipy, stores


def robust_case(seed, weight, most):
    """Return a program with a column of the worst loss, its losses, and the bare program that each belongs to.

    A loss takes all room at some of three places away and cuts the ways there; it acts on the last scenario.
    """
    program = stores(seed, count=3, places=3, clients=2)
    first = program.first
    wide = stage(
        sp.hstack([first.matrix, sp.csc_array((first.rows, 1))]), np.append(first.c, weight),
        row_lower=first.row_lower, row_upper=first.row_upper, lb=np.append(first.lb, -np.inf),
        ub=np.append(np.full(3, 2.0), np.inf), integer=np.append(first.integrality, 0),
    )  # fmt: skip
    hit, losses = program.scenarios[-1], []
    for size in range(most + 1):
        for lost in combinations(range(3), size):
            room = hit.technology.toarray()
            room[list(lost)] = 0.0
            ub = hit.form.ub.copy()
            for place in lost:
                ub[2 * place : 2 * place + 2] = 0.0
            form = dataclasses.replace(hit.form, ub=ub)
            losses.append(Scenario(f"lost {lost}", 0.0, sp.csc_array(room), form))

    def widened(one):
        return dataclasses.replace(
            one, technology=sp.csc_array(sp.hstack([one.technology, np.zeros((one.form.rows, 1))]))
        )

    bare = dataclasses.replace(program, first=dataclasses.replace(first, ub=np.full(3, 2.0)))
    return (
        TwoStageProgram(wide, tuple(widened(one) for one in program.scenarios)),
        [widened(one) for one in losses],
        bare,
        dataclasses.replace(
            bare, scenarios=tuple(dataclasses.replace(one, probability=1 / len(losses)) for one in losses)
        ),
    )


def by_brute_force(bare, losses, weight):
    """Return the least cost over every first stage, each loss answered by scipy."""
    best = np.inf
    for x in np.stack(np.meshgrid(*[np.arange(3.0)] * 3), axis=-1).reshape(-1, 3):
        rows = bare.first.matrix @ x
        if (rows > bare.first.row_upper + 1e-9).any():
            continue
        costs = np.array([cost_by_scipy(bare, n, x) for n in range(len(bare.scenarios))])
        worst = max(cost_by_scipy(losses, n, x) for n in range(len(losses.scenarios)))
        best = min(best, bare.first.objective(x) + (1 - weight) * bare.probabilities @ costs + weight * worst)
    return best


def agrees(seed):
    """Fail unless generation and enumeration agree, bounds close in each round, and every loss is answered right."""
    rng = np.random.default_rng(seed)
    weight, most = float(rng.choice([0.3, 0.7, 1.0])), int(rng.integers(1, 3))
    program, losses, bare, answered = robust_case(seed, weight, most)
    rounds = []
    found = solve_robust(
        program, losses, worst=3, options=SolverOptions(gap=1e-8, threads=1), workers=1, on_round=rounds.append
    )
    assert found.answer.status is Status.OPTIMAL
    assert found.answer.objective == pytest.approx(by_brute_force(bare, answered, weight), rel=1e-7)
    x = found.answer.x[:3]
    costs = [cost_by_scipy(answered, n, x) for n in range(len(losses))]
    assert found.losses == pytest.approx(costs, rel=1e-7, abs=1e-7)
    assert found.answer.x[3] == pytest.approx(max(costs))
    assert [one.bound for one in rounds] == sorted(one.bound for one in rounds)
    assert all(one.bound <= found.answer.objective * (1 + 1e-9) for one in rounds)
    assert all(one.value >= found.answer.objective * (1 - 1e-9) for one in rounds)
    assert len(found.rounds) <= len(rounds) <= len(losses) + 1
    return len(rounds)


def test_as_brute_force_says():
    """On random small programs; in some of them one round is not enough."""
    assert max(agrees(seed) for seed in range(3)) > 1


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 160))
def test_as_brute_force_says_often(seed):
    """The same, many times."""
    agrees(seed)


def test_a_time_limit_is_said():
    """Without any time there is no first stage, and the status says why."""
    program, losses, _, _ = robust_case(0, 0.5, 1)
    found = solve_robust(program, losses, worst=3, options=SolverOptions(time_limit=0.0), workers=1)
    assert found.answer.status is Status.TIME_LIMIT
    assert found.answer.x is None
