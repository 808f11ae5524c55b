"""Sums of the worst, sorting, Gini and ratio on shares that are given, against numpy."""

import dataclasses

import numpy as np
import pytest
import scipy.sparse as sp

from coordination.objectives.fairness import with_gini, with_ratio, with_shares, with_worst_sums
from coordination.objectives.limits import minimising
from coordination.objectives.objective import Objective
from coordination.objectives.sorting import with_sorted
from coordination.solver import SolverOptions, solve
from coordination.status import Status
from coordination.verification.inequality import coefficient
from tests.solver.programs import program
from tests.support.thorough import often


def given(values):
    """Return a program whose columns are fixed, with a share for each."""
    n = len(values)
    form = program(np.zeros((1, n)), np.zeros(n), [0], [0], lower=values, upper=values)
    return with_shares(form, sp.csr_array(np.eye(n)))


def least(form, c):
    """Solve to the optimum."""
    return solve(minimising(form, Objective("f", c)), options=SolverOptions(gap=0.0))


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 11, 16, 23])
def test_sorting(n):
    """Weights that rise are least where the columns come out truly sorted: their sum is that of numpy's sort."""
    values = np.random.default_rng(n).uniform(0, 1, n)
    form, shares = given(values)
    form, rising = with_sorted(form, shares)
    c = np.zeros(form.columns)
    c[rising] = np.arange(n)
    solution = least(form, c)
    assert solution.objective == pytest.approx(float(np.arange(n) @ np.sort(values)))
    assert solution.x[rising] == pytest.approx(np.sort(values), abs=1e-6)


@pytest.mark.parametrize("seed", [*range(3), *often(3, 6)])
def test_sums_of_the_worst(seed):
    """Each sum is that of the smallest shares."""
    values = np.random.default_rng(seed).uniform(0, 1, 7)
    form, shares = given(values)
    form, sums = with_worst_sums(form, shares, [1, 3, 7])
    for objective, count in zip(sums, (1, 3, 7), strict=True):
        assert -least(form, objective.c).objective == pytest.approx(np.sort(values)[:count].sum())


@pytest.mark.parametrize("seed", [*range(3), *often(3, 6)])
def test_bounds_are_kept_just(seed):
    """Shares are allowed at their own Gini coefficient and their own ratio, and not a hair below."""
    values = np.random.default_rng(seed).uniform(0.1, 1, 6)
    for bound, exact in ((with_gini, coefficient(values)), (with_ratio, values.max() / values.min())):
        for room, status in ((1e-5, Status.OPTIMAL), (-1e-4, Status.INFEASIBLE)):
            form, shares = given(values)
            form = bound(form, shares, exact + room)
            assert least(form, np.zeros(form.columns)).status is status


def test_nothing_for_all_is_even():
    """Where nobody has anything both bounds hold, and a program keeps its names and its own costs."""
    form, shares = given(np.zeros(4))
    bounded = with_ratio(with_gini(form, shares, 0.0), shares, 1.0)
    assert least(bounded, np.zeros(bounded.columns)).status is Status.OPTIMAL
    named = dataclasses.replace(form, c=np.arange(form.columns, dtype=float))
    assert with_gini(named, shares, 0.5).c[: form.columns].tolist() == named.c.tolist()
