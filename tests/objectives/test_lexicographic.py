"""Objectives one after the other, by hand."""

import numpy as np
import pytest

from coordination.objectives import Objective, lexicographic
from coordination.objectives.limits import at_most, minimising
from coordination.solver import Solution, SolverOptions, solve
from coordination.status import Status
from tests.solver.programs import INF, program


def exactly(form, stage):
    """Solve to optimality."""
    return solve(form, options=SolverOptions(gap=0.0))


SQUARE = program([[1, 1]], np.zeros(2), [1], [INF], upper=np.ones(2))
"""x + y >= 1 within the unit square."""


def test_one_after_the_other():
    """X + y is least on a line; of it x, then nothing is left for y; the other way round the other corner."""
    total, x, y = (Objective(name, np.array(c)) for name, c in (("t", [1.0, 1]), ("x", [1.0, 0]), ("y", [0.0, 1])))
    values = [level.value for level in lexicographic(SQUARE, [total, x, y], exactly)]
    assert values == pytest.approx([1, 0, 1], abs=1e-6)
    values = [level.value for level in lexicographic(SQUARE, [y, total], exactly)]
    assert values == pytest.approx([0, 1], abs=1e-6)


def test_it_stops_where_a_turn_finds_nothing():
    """Levels that were reached before the time was over are kept."""
    answers = iter([exactly(minimising(SQUARE, Objective("x", np.array([1.0, 0]))), ""), None])
    objectives = [Objective("x", np.array([1.0, 0])), Objective("y", np.array([0.0, 1]))]
    assert len(lexicographic(SQUARE, objectives, lambda form, stage: next(answers))) == 1
    assert not lexicographic(SQUARE, objectives, lambda form, stage: Solution(Status.INFEASIBLE))


def test_a_row_more():
    """The limit is the last row, constants taken off; the rows that were there stay as they are."""
    held = at_most(SQUARE, Objective("x", np.array([2.0, 0]), 5.0), 6.0)
    assert held.matrix.toarray().tolist() == [[1, 1], [2, 0]]
    assert held.row_upper.tolist() == [INF, 1.0]
    assert held.row_lower.tolist() == [1.0, -INF]


@pytest.mark.parametrize(
    ("c", "integer", "step"),
    [([2.0, 4], [1, 1], 2), ([0.5, 0.75], [1, 1], 0.25), ([1.0, 0], [1, 0], 1), ([1.0, 1], [1, 0], None),
     ([1 / 3, 1], [1, 1], None), ([0.0, 0], [1, 1], None)],
)  # fmt: skip
def test_steps(c, integer, step):
    """The greatest common divisor of coefficients of whole columns; none where a column or a decimal is not whole."""
    form = program([[1, 1]], np.zeros(2), [1], [INF], upper=np.ones(2), integer=integer)
    assert Objective("f", np.array(c)).step(form) == step
