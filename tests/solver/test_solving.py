"""One solve: values, duals, bounds and status are what they claim to be, whatever happens."""

import os
import signal
import threading
import time
from itertools import pairwise

import numpy as np
import pytest

from coordination.compilation import MatrixForm
from coordination.errors import SolverError
from coordination.solver import SolverOptions, solve
from coordination.solver.algorithms import hipo_available
from coordination.solver.residuals import residuals
from coordination.status import Status

from .programs import INF, knapsacks, program, transport

ALGORITHMS = ["simplex", "ipx", "hipo"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_linear_program_by_hand(algorithm):
    """Min x + 2y with x + y >= 3, x <= 2 is 4 at (2, 1), whichever algorithm is asked for."""
    form = program([[1, 1], [1, 0]], [1, 2], [3, -INF], [INF, 2], offset=10.0)
    solution = solve(form, options=SolverOptions(algorithm=algorithm))
    assert solution.status is Status.OPTIMAL
    assert solution.x == pytest.approx([2, 1])
    assert solution.objective == pytest.approx(14)
    assert solution.bound == pytest.approx(14)
    assert solution.gap == pytest.approx(0, abs=1e-9)
    assert solution.row_activity == pytest.approx([3, 2])
    assert set(solution.seconds) == {"hand_over", "run", "read"}
    assert not solution.interrupted


def test_a_dual_is_the_change_of_the_objective_per_unit_of_right_hand_side():
    """Raising a need by one costs its dual; raising a limit by one saves minus its dual."""
    rows = ([3.0, -INF], [INF, 2.0])
    base = solve(program([[1, 1], [1, 0]], [1, 2], *rows))
    more_need = solve(program([[1, 1], [1, 0]], [1, 2], [4, -INF], [INF, 2]))
    more_room = solve(program([[1, 1], [1, 0]], [1, 2], [3, -INF], [INF, 3]))
    assert base.row_dual == pytest.approx([2, -1])
    assert more_need.objective - base.objective == pytest.approx(base.row_dual[0])
    assert more_room.objective - base.objective == pytest.approx(base.row_dual[1])


def test_a_reduced_cost_is_the_change_per_unit_of_the_bound():
    """Forcing one unit of the dearer column costs its reduced cost."""
    base = solve(program([[1, 1]], [1, 5], [3], [INF]))
    forced = solve(program([[1, 1]], [1, 5], [3], [INF], lower=[0, 1]))
    assert base.reduced_cost == pytest.approx([0, 4])
    assert forced.objective - base.objective == pytest.approx(4)


def test_duals_keep_their_meaning_when_maximizing():
    """In a maximisation too, a dual is the change of the objective per unit of right-hand side."""
    form = program([[1, 1], [1, 0]], [1, 2], [-INF, -INF], [3, 2], maximize=True)
    solution = solve(form)
    assert solution.objective == pytest.approx(6)
    assert solution.row_dual == pytest.approx([2, 0])
    assert solution.reduced_cost == pytest.approx([-1, 0])
    assert solution.bound == pytest.approx(6)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("crossover", [True, False])
def test_algorithms_agree_and_their_duals_prove_it(algorithm, crossover):
    """Every algorithm reaches the same objective with residuals that count."""
    form = transport()
    solution = solve(form, options=SolverOptions(algorithm=algorithm, crossover=crossover))
    reference = solve(form, options=SolverOptions(algorithm="simplex"))
    assert solution.status is Status.OPTIMAL
    assert solution.objective == pytest.approx(reference.objective, rel=1e-6)
    assert residuals(form, solution.x, solution.row_dual).acceptable
    assert solution.bound <= solution.objective


def test_residuals_see_wrong_values_and_wrong_duals():
    """A shifted value or dual does not pass the second look."""
    form = transport()
    solution = solve(form)
    assert residuals(form, solution.x, solution.row_dual).acceptable
    assert not residuals(form, solution.x * 1.001, solution.row_dual).acceptable
    assert not residuals(form, solution.x, solution.row_dual * 0.99).acceptable
    assert not residuals(form, solution.x, -solution.row_dual).acceptable


def test_without_the_extras_hipo_becomes_ipx(monkeypatch):
    """HiGHS would silently run simplex: we say that hipo is missing and run ipx."""
    monkeypatch.setattr("coordination.solver.algorithms.hipo_available", lambda: False)
    solution = solve(transport(), options=SolverOptions(algorithm="hipo"))
    assert solution.status is Status.OPTIMAL
    assert solution.algorithm == "ipx"
    assert any("not installed" in line for line in solution.log)


def test_hipo_is_what_ran_when_it_is_there():
    """Where the extras are installed, hipo is found and does the work."""
    pytest.importorskip("highspy_extras")
    assert hipo_available()
    solution = solve(transport(), options=SolverOptions(algorithm="hipo"))
    assert solution.algorithm == "hipo"
    assert not any("simplex" in line for line in solution.log)


def test_a_result_that_fails_the_second_look_does_not_count(monkeypatch):
    """When the first algorithm's values are wrong the next one is tried, and the log says so."""
    real, seen = residuals, []

    def distrust_first(form, x, row_dual):
        seen.append(1)
        return real(form, x + (1.0 if len(seen) == 1 else 0.0), row_dual)

    monkeypatch.setattr("coordination.solver.reading.residuals", distrust_first)
    solution = solve(transport(), options=SolverOptions(algorithm="ipx"))
    assert solution.status is Status.OPTIMAL
    assert solution.algorithm == "simplex"
    assert any("ipx gave no result that counts" in line for line in solution.log)


@pytest.mark.parametrize("integer", [None, [1, 1]])
def test_infeasible_is_said_after_two_runs(integer):
    """X + y is at most 2 and at least 3: infeasible, and the log says that presolve was not trusted."""
    solution = solve(program([[1, 1], [1, 1]], [1, 2], [3, -INF], [INF, 2], integer=integer))
    assert solution.status is Status.INFEASIBLE
    assert solution.x is None
    assert any("confirmed without presolve" in line for line in solution.log)


@pytest.mark.parametrize("integer", [None, [1, 1]])
def test_unbounded_is_not_infeasible(integer):
    """A ray of ever better solutions is unbounded, with integers too."""
    solution = solve(program([[1, -1]], [-1, -1], [-INF], [2], integer=integer))
    assert solution.status is Status.UNBOUNDED
    assert solution.x is None


def test_integer_program_by_hand():
    """Of two items of size 2 only one fits into 3: the bound proves it and there are no duals."""
    solution = solve(program([[2, 2]], [-1, -1.5], [-INF], [3], upper=[1, 1], integer=[1, 1]))
    assert solution.status is Status.OPTIMAL
    assert solution.x == pytest.approx([0, 1])
    assert solution.bound == pytest.approx(-1.5)
    assert solution.row_dual is None
    assert solution.reduced_cost is None


def test_a_time_limit_gives_the_best_so_far_with_its_gap():
    """A program too hard for two seconds comes back with values, a bound and the gap between them."""
    form = knapsacks()
    solution = solve(form, options=SolverOptions(gap=1e-9, time_limit=2.0))
    assert solution.status is Status.FEASIBLE
    assert solution.objective == pytest.approx(form.objective(solution.x))
    assert (form.matrix @ solution.x <= form.row_upper + 1e-6).all()
    assert solution.bound < solution.objective
    assert solution.gap == pytest.approx((solution.objective - solution.bound) / abs(solution.objective))


def test_a_wider_gap_is_optimal():
    """The same program is solved when a gap of 5 % is asked for."""
    solution = solve(knapsacks(), options=SolverOptions(gap=0.05))
    assert solution.status is Status.OPTIMAL
    assert solution.gap <= 0.05


def test_no_time_no_solution():
    """A time limit of nothing says so instead of showing zeros as values."""
    solution = solve(knapsacks(), options=SolverOptions(time_limit=0.0))
    assert solution.status is Status.TIME_LIMIT
    assert solution.x is None
    assert solution.gap == INF


def test_ctrl_c_keeps_the_best_solution():
    """SIGINT during a solve returns the incumbent, raises nothing, and leaves the handler as it was.

    A shell starts what runs in its background with SIGINT ignored, and the suite may run there: so it is heard first.
    """
    found = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        _interrupted_while_solving()
    finally:
        signal.signal(signal.SIGINT, found)


def _interrupted_while_solving():
    before = signal.getsignal(signal.SIGINT)
    began = time.monotonic()
    threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    solution = solve(knapsacks(), options=SolverOptions(gap=1e-9, time_limit=60.0))
    assert time.monotonic() - began < 20
    assert solution.status is Status.INTERRUPTED
    assert solution.interrupted
    assert solution.x is not None
    assert np.isfinite(solution.bound)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_solve_in_another_thread_can_be_stopped():
    """Outside of the main thread an event stops the solve."""
    stop, found = threading.Event(), []
    options = SolverOptions(gap=1e-9, time_limit=60.0)
    worker = threading.Thread(target=lambda: found.append(solve(knapsacks(), options=options, stop=stop)))
    worker.start()
    time.sleep(1.0)
    stop.set()
    worker.join(20)
    assert found[0].interrupted
    assert found[0].x is not None


def test_progress_comes_in_the_callers_thread_and_improves():
    """Progress names stage and algorithm, at most five times a second, and its bound is a bound."""
    seen = []

    def look(progress):
        seen.append(progress)
        assert threading.current_thread() is threading.main_thread()

    solution = solve(knapsacks(), options=SolverOptions(gap=1e-9, time_limit=1.5), on_progress=look, stage="test")
    assert 2 <= len(seen) <= 8
    assert {(progress.stage, progress.algorithm) for progress in seen} == {("test", "mip")}
    assert all(a.seconds < b.seconds for a, b in pairwise(seen))
    assert seen[-1].objective >= solution.objective - 1e-6
    assert all(progress.bound <= solution.objective for progress in seen)


def test_an_error_in_progress_ends_the_solve():
    """What the progress callback raises reaches the caller."""

    def broken(_):
        raise ValueError("display gone")

    with pytest.raises(ValueError, match="display gone"):
        solve(knapsacks(), options=SolverOptions(gap=1e-9, time_limit=30.0), on_progress=broken)


def test_a_start_is_used():
    """Given the optimum to start from, no time at all is needed to return it."""
    form = knapsacks(items=40, limits=5)
    best = solve(form, options=SolverOptions(gap=0.0))
    again = solve(form, options=SolverOptions(gap=1e-9, time_limit=5.0), start=best.x)
    assert again.objective == pytest.approx(best.objective)


def test_same_seed_and_threads_same_solution():
    """Two solves with the same options give the same values, digit by digit."""
    form = knapsacks(items=60, limits=8)
    options = SolverOptions(gap=0.01, threads=1, seed=7)
    first, second = solve(form, options=options), solve(form, options=options)
    assert (first.x == second.x).all()
    assert first.objective == second.objective


def test_different_numbers_of_threads_in_one_process():
    """The number of threads may differ from solve to solve."""
    objectives = [solve(transport(), options=SolverOptions(threads=threads)).objective for threads in (1, 2, 1)]
    assert objectives == pytest.approx([objectives[0]] * 3)


def test_a_program_without_rows_or_columns():
    """Nothing to decide, or nothing to obey, is no special case."""
    no_rows = solve(program(np.zeros((0, 1)), [1.0], [], [], lower=[2.0]))
    assert no_rows.status is Status.OPTIMAL
    assert no_rows.x == pytest.approx([2.0])
    no_columns = solve(program(np.zeros((0, 0)), [], [], [], offset=3.0))
    assert no_columns.status is Status.OPTIMAL
    assert no_columns.objective == 3.0


def test_a_matrix_that_highs_refuses_is_an_error():
    """A number that is not a number is refused, not solved."""
    form = program([[1.0]], [np.nan], [1.0], [2.0])
    with pytest.raises(SolverError):
        solve(form)


def test_nothing_is_printed(capfd):
    """The solver keeps quiet on both streams."""
    for form in (transport(), knapsacks(items=30, limits=3)):
        solve(form, options=SolverOptions(gap=0.1))
    assert capfd.readouterr() == ("", "")


def test_the_form_is_not_changed():
    """Solving leaves the arrays as they were."""
    form = transport()
    copy = {name: getattr(form, name).copy() for name in ("c", "lb", "ub", "value", "row_lower", "row_upper")}
    assert isinstance(form, MatrixForm)
    solve(form)
    assert all((getattr(form, name) == array).all() for name, array in copy.items())
