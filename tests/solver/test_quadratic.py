"""Convex quadratic programs: by hand, and by both ways of the solver."""

import numpy as np
import pytest

from coordination.solver import SolverOptions, solve_quadratic
from coordination.solver.algorithms import hipo_available
from coordination.solver.quadratic import ACTIVE_SET, INTERIOR, _solved
from coordination.status import Status
from tests.solver.programs import program


def shared():
    """Return: x + y >= 3, x <= 1, least of 2 y + 1/2 (x² + 4 y²); x stays at 1, y at 2: 12.5 in all."""
    return program([[1.0, 1.0]], [0.0, 2.0], [3.0], [np.inf], upper=[1.0, np.inf]), np.array([1.0, 4.0])


@pytest.mark.parametrize("way", [ACTIVE_SET, *([INTERIOR] if hipo_available() else [])])
def test_by_hand(way):
    """Both ways find what can be worked out."""
    found = _solved(*shared(), SolverOptions(threads=1), way)
    assert found.status is Status.OPTIMAL
    assert found.x == pytest.approx([1.0, 2.0], abs=1e-5)
    assert found.objective == pytest.approx(12.5, abs=1e-4)


def test_unshared():
    """Without rows that bind, each column lies where its slope is none: -c / d, or at a bound."""
    form = program([[0.0, 0.0, 0.0]], [-2.0, 3.0, -8.0], [-np.inf], [np.inf], upper=[9.0, 9.0, 1.0])
    found = solve_quadratic(form, np.array([4.0, 1.0, 2.0]))
    assert found.x == pytest.approx([0.5, 0.0, 1.0], abs=1e-6)


def test_infeasible_and_empty():
    """What cannot be is said; a program without columns is solved."""
    form = program([[1.0]], [0.0], [2.0], [np.inf], upper=[1.0])
    assert solve_quadratic(form, np.ones(1)).status is not Status.OPTIMAL
    assert solve_quadratic(program(np.zeros((0, 0)), [], [], []), np.zeros(0)).status is Status.OPTIMAL
