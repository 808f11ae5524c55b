"""Fronts against enumeration, and published ones."""

from itertools import product

import numpy as np
import pytest

from benchmarks.issue_04 import moo
from benchmarks.issue_04.moo import DATA, front_of, judged, read_tables, read_text
from coordination.objectives import Objective, pareto_front
from coordination.solver import Solution
from coordination.status import Status
from tests.solver.programs import INF, program
from tests.support.thorough import often


def enumerated(matrix, upper, capacity, first, second):
    """Return the front of two objectives over whole columns, by trying all."""
    points = []
    for choice in product(*(range(int(most) + 1) for most in upper)):
        x = np.array(choice)
        if (matrix @ x <= capacity).all():
            points.append((float(first @ x), float(second @ x)))
    return sorted(
        {p for p in points if not any(q != p and q[0] <= p[0] and q[1] <= p[1] for q in points)}
    )  # fmt: skip


@pytest.mark.parametrize("seed", [*range(5), *often(5, 15)])
@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_small_programs(seed, scale):
    """All points of the front and no others, in the order of the first objective, each with its columns."""
    draw = np.random.default_rng(seed)
    columns = int(draw.integers(2, 6))
    matrix, upper = draw.integers(0, 9, (2, columns)), draw.integers(1, 4, columns)
    capacity = np.round(0.6 * (matrix @ upper))
    first, second = (scale * draw.integers(-9, 6, columns) for _ in range(2))
    form = program(matrix, np.zeros(columns), [-INF] * 2, capacity, upper=upper, integer=np.ones(columns))
    front = pareto_front(form, Objective("one", first, 3.0), Objective("two", second))
    expected = [(one + 3.0, two) for one, two in enumerated(matrix, upper, capacity, first, second)]
    assert front.exact
    assert front.values == pytest.approx(np.array(expected))
    assert np.column_stack([front.x @ first + 3.0, front.x @ second]) == pytest.approx(front.values)
    assert front.solves <= 4 + len(expected), "one solve a point, and the payoff table"


def test_a_range_too_wide_for_the_slack():
    """Where a step of slack is too small for a solver to see, each point takes two solves; the front is the same."""
    first, second = np.array([-1.0, -2.0, 0.0]), np.array([100_000.0, 300_001.0, 1.0])
    form = program([[1, 1, 1]], np.zeros(3), [-INF], [3], upper=np.ones(3), integer=np.ones(3))
    front = pareto_front(form, Objective("one", first), Objective("two", second))
    assert front.exact
    assert front.values.tolist() == [[-3, 400_001], [-2, 300_001], [-1, 100_000], [0, 0]]


def test_no_step_no_claim():
    """Where a column is not whole the front is a line: points on it, evenly, and it says that they are not all."""
    form = program([[1, 1]], np.zeros(2), [1], [INF], upper=np.ones(2))
    front = pareto_front(form, Objective("x", np.array([1.0, 0.0])), Objective("y", np.array([0.0, 1.0])), points=5)
    assert not front.exact
    assert front.values == pytest.approx(np.array([[0, 1], [0.25, 0.75], [0.5, 0.5], [0.75, 0.25], [1, 0]]), abs=1e-4)


def test_nothing_feasible():
    """An infeasible program has an empty front, proven; one that was not solved in time has none that is exact."""
    form = program([[1.0]], [0.0], [2], [INF], upper=[1.0], integer=[1])
    one, two = Objective("x", np.ones(1)), Objective("y", -np.ones(1))
    front = pareto_front(form, one, two)
    assert front.exact and not len(front.values)
    late = pareto_front(form, one, two, solve=lambda form, stage: Solution(Status.TIME_LIMIT))
    assert not late.exact and not len(late.values)


def test_one_point():
    """Objectives that do not quarrel have a front of one point."""
    form = program([[1, 1]], np.zeros(2), [1], [INF], upper=np.ones(2), integer=np.ones(2))
    front = pareto_front(form, Objective("x", np.array([1.0, 2.0])), Objective("y", np.array([2.0, 5.0])))
    assert front.exact
    assert front.values.tolist() == [[1, 2]]


@pytest.mark.parametrize(("name", "points"), [("2kp50", 35), ("2KP50-11", 43)])
def test_published_fronts(name, points):
    """Bi-objective knapsacks: every published point, and no other."""
    if not DATA.exists():
        pytest.skip("the fronts are not beside the repository: 2 of 2 cases left out")
    case = read_tables(DATA / name) if name == "2kp50" else read_text(DATA / f"{name}.dat", DATA / f"{name}.min.front")
    front = front_of(case[0])
    assert front.exact
    assert sorted((-front.values).tolist()) == sorted(case[1].tolist())
    assert len(front.values) == points


def test_a_wrong_front_is_noticed(monkeypatch):
    """The bar fails when a point is missing, or one more was published."""
    problem = np.array([[3.0, 1, 2], [1, 3, 2]]), np.ones((1, 3)), np.array([1.0])
    right = np.array([[1.0, 3], [2, 2], [3, 1]])
    assert judged([("small", (problem, right))]).passed
    assert not judged([("small", (problem, right[:2]))]).passed
    assert not judged([("small", (problem, np.vstack([right, [9, 9]])))]).passed
    monkeypatch.setattr(moo, "DATA", DATA / "nowhere")
    assert moo.published(None).passed is None
