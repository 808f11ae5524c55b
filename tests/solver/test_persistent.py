"""A program that stays in the solver gives what a cold solve gives, from its last basis."""

import dataclasses

import numpy as np
import pytest
import scipy.sparse as sp

from coordination.errors import SolverError
from coordination.solver import LinearProgram, SolverOptions, solve
from coordination.status import Status

from .programs import INF, program, transport


def assert_like_cold(held, solution):
    """Fail unless a solution equals a cold solve of the program as it is now."""
    cold = solve(held.form)
    assert solution.status is cold.status
    assert solution.objective == pytest.approx(cold.objective, rel=1e-9)


def test_changed_needs_are_solved_from_the_basis():
    """After changed right-hand sides the warm result equals the cold one."""
    form = transport()
    with LinearProgram(form) as held:
        held.solve()
        needs = np.arange(20, 80)
        held.set_row_bounds(needs, form.row_lower[needs] * 1.2, np.full(60, INF))
        solution = held.solve()
        assert "from the last basis" in solution.log[0]
        assert_like_cold(held, solution)
        assert solution.objective > solve(form).objective


def test_changed_costs_and_bounds():
    """After changed costs and column bounds the warm result equals the cold one."""
    form = transport()
    with LinearProgram(form) as held:
        held.solve()
        some = np.arange(0, 600, 7)
        held.set_costs(some, form.c[some] * 3.0)
        assert_like_cold(held, held.solve())
        held.set_column_bounds(some, np.zeros(len(some)), np.full(len(some), 0.1))
        assert_like_cold(held, held.solve())


def test_added_columns():
    """A cheap new column is used; the result equals that of the larger program solved cold."""
    form = transport()
    with LinearProgram(form) as held:
        before = held.solve()
        entries = sp.csc_array(np.vstack([np.zeros((20, 2)), np.eye(60)[:, :2]]))
        at = held.add_columns(np.array([0.5, 100.0]), np.zeros(2), np.full(2, INF), entries)
        after = held.solve()
        assert at == slice(form.columns, form.columns + 2)
        assert after.objective < before.objective
        assert after.x[at][0] > 0
        assert after.x[at][1] == 0
        assert held.form.matrix.shape == (80, form.columns + 2)
        assert_like_cold(held, after)


def test_it_can_become_infeasible_and_feasible_again():
    """A change that leaves no solution is said, and undone by the next change."""
    with LinearProgram(program([[1, 1]], [1, 2], [1], [5])) as held:
        assert held.solve().status is Status.OPTIMAL
        held.set_row_bounds(np.array([0]), np.array([-2.0]), np.array([-1.0]))
        assert held.solve().status is Status.INFEASIBLE
        held.set_row_bounds(np.array([0]), np.array([2.0]), np.array([5.0]))
        solution = held.solve()
        assert solution.status is Status.OPTIMAL
        assert solution.objective == pytest.approx(2.0)


def test_the_given_form_is_not_changed():
    """Changes stay in the held program."""
    form = transport()
    costs = form.c.copy()
    with LinearProgram(form) as held:
        held.set_costs(np.array([0]), np.array([99.0]))
    assert (form.c == costs).all()


def test_integers_are_relaxed():
    """A held program is a linear one whatever the form says."""
    with LinearProgram(program([[2, 2]], [-1, -1], [-INF], [3], upper=[1, 1], integer=[1, 1])) as held:
        assert held.solve().objective == pytest.approx(-1.5)


def test_time_is_counted_for_each_solve_alone():
    """A time limit holds for one solve, not for all of them together."""
    with LinearProgram(transport(), SolverOptions(time_limit=5.0)) as held:
        for scale in np.linspace(1.0, 1.3, 30):
            held.set_row_bounds(np.arange(20, 80), held.form.row_lower[20:80] * scale**0.01, np.full(60, INF))
            solution = held.solve(time_limit=2.0)
            assert solution.status is Status.OPTIMAL
            assert solution.seconds["run"] < 2.0


@pytest.mark.parametrize("factor", [1.01, 1.5])
def test_it_becomes_the_program_compiled_again(factor):
    """All that differs is changed at once: bounds, costs, offset; the result equals the cold one, from the basis."""
    form = transport()
    other = dataclasses.replace(form, c=form.c * factor, row_lower=form.row_lower * factor, offset=7.0)
    with LinearProgram(form) as held:
        held.solve()
        held.become(other)
        solution = held.solve()
        assert "from the last basis" in solution.log[0]
        assert solution.objective == pytest.approx(solve(other).objective, rel=1e-9)
        held.become(form)
        assert held.solve().objective == pytest.approx(solve(form).objective, rel=1e-9)


def test_it_becomes_no_other_program():
    """Another matrix is another program."""
    with LinearProgram(transport()) as held, pytest.raises(SolverError, match="another matrix"):
        held.become(transport(sources=19))


def test_added_rows():
    """A new row binds; the result equals that of the larger program solved cold."""
    form = transport()
    with LinearProgram(form) as held:
        before = held.solve()
        most = np.zeros((2, form.columns))
        used = np.argsort(-before.x)[:2]
        most[[0, 1], used] = 1.0
        at = held.add_rows(np.full(2, -INF), 0.5 * before.x[used], sp.csr_array(most))
        after = held.solve()
        assert at == slice(80, 82)
        assert after.objective > before.objective
        assert after.x[used] == pytest.approx(0.5 * before.x[used])
        assert_like_cold(held, after)


def test_a_basis_travels():
    """Given a basis, a used program and a fresh one do the same to the last digit; a wrong basis is refused."""
    form, needs = transport(), np.arange(20, 80)
    found = []
    with LinearProgram(form) as used:
        used.solve()
        basis = used.basis
        used.set_costs(np.arange(5), np.ones(5))
        used.solve()
        used.set_costs(np.arange(5), form.c[:5])
        for program_ in (used, LinearProgram(form)):
            program_.set_row_bounds(needs, form.row_lower[needs] * 1.2, np.full(60, INF))
            program_.start_from(basis)
            found.append(program_.solve())
        assert (found[0].x == found[1].x).all()
        assert (found[0].row_dual == found[1].row_dual).all()
        with pytest.raises(SolverError, match="refuses the basis"):
            used.start_from((basis[0][:-1], basis[1]))
