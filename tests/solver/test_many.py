"""Many programs at once give what each gives alone, wherever they are solved; what is lost is said."""

import os
import signal
import threading
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from coordination.errors import SolverError
from coordination.solver import SolverOptions, solve, solve_many
from coordination.status import Status

from .programs import INF, knapsacks, program, transport

FORMS = [transport(6, 10, seed) for seed in range(6)] + [knapsacks(items=20, limits=3)]


def processes(count):
    """Return processes that inherit no threads."""
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


def alone():
    """Solve one after the other."""
    return [solve(form, options=SolverOptions(threads=1)) for form in FORMS]


def assert_same(found, expected):
    """Fail unless solutions are the same to the last digit, in order."""
    assert [one.status for one in found] == [one.status for one in expected]
    assert [one.objective for one in found] == [one.objective for one in expected]
    assert all((a.x == b.x).all() for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_threads_change_nothing(workers):
    """However many threads: the same solutions in the order of the programs."""
    assert_same(solve_many(iter(FORMS), workers=workers), alone())


def test_any_executor_takes_them():
    """Threads of somebody else's pool, and processes: the same solutions."""
    with ThreadPoolExecutor(2) as pool:
        assert_same(solve_many(FORMS, executor=pool), alone())
    with processes(2) as pool:
        assert_same(solve_many(FORMS, executor=pool), alone())


def test_labels_stay_here():
    """Names that cannot be sent do not keep a program from being sent."""
    from dataclasses import replace
    from types import MappingProxyType

    form = replace(FORMS[0], variables=MappingProxyType({}), terms={"": lambda: None})
    with processes(1) as pool:
        assert solve_many([form], executor=pool)[0].status is Status.OPTIMAL


def test_no_programs():
    """Nothing to solve is no special case."""
    assert solve_many([]) == []


@pytest.mark.parametrize("pool", [None, lambda: processes(1)])
def test_errors_name_the_program(pool):
    """A program that HiGHS refuses is named; infeasible is an answer, not an error."""
    nonsense = program([[1.0]], [np.nan], [1.0], [2.0])
    impossible = program([[1.0]], [1.0], [3.0], [INF], upper=[1.0])
    assert solve_many([impossible])[0].status is Status.INFEASIBLE
    with pytest.raises(SolverError, match="program 2 of 3: the costs"):
        if pool is None:
            solve_many([FORMS[0], nonsense, FORMS[1]])
        else:
            with pool() as executor:
                solve_many([FORMS[0], nonsense, FORMS[1]], executor=executor)


class Losing(Executor):
    """An executor that loses the worker of the second program, and with it all that come after."""

    def __init__(self):
        self.taken = 0

    def submit(self, work, /, *arguments, **named):
        """Take one, or say that the pool is broken."""
        self.taken += 1
        if self.taken > 2:
            raise BrokenExecutor("broken before")
        future = Future()
        if self.taken == 2:
            future.set_exception(BrokenExecutor("a worker died"))
        else:
            future.set_result(work(*arguments, **named))
        return future


def test_what_a_lost_worker_had_is_solved_again():
    """Nothing is missing, and the log of what was lost says so."""
    forms = FORMS[:4]
    found = solve_many(forms, executor=Losing())
    assert [one.objective for one in found] == [one.objective for one in alone()[:4]]
    assert ["solved again" in one.log[-1] for one in found] == [False, True, True, True]


def _die(*_):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
def test_a_killed_process_is_survived():
    """A worker that is killed breaks the whole pool; every program is solved all the same."""
    with processes(1) as pool:
        lost = pool.submit(_die)
        assert isinstance(lost.exception(), BrokenExecutor)
        assert_same(solve_many(FORMS[:2], executor=pool), alone()[:2])


def test_lost_twice_is_an_error(monkeypatch):
    """What ends a second worker too is named."""
    monkeypatch.setattr("coordination.solver.many._solved", _die)
    with processes(1) as pool, pytest.raises(SolverError, match=r"program 1 of 1: .* lost, and so was"):
        solve_many(FORMS[:1], executor=pool)


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_ctrl_c_keeps_what_the_threads_have():
    """SIGINT stops all threads of this process; each gives its best so far, none is missing."""
    found = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Timer(2.0, os.kill, (os.getpid(), signal.SIGINT)).start()
        options = SolverOptions(gap=1e-9, time_limit=60.0)
        solutions = solve_many([knapsacks(seed=1), knapsacks(seed=2), knapsacks(seed=3)], options=options, workers=2)
    finally:
        signal.signal(signal.SIGINT, found)
    assert [one.interrupted for one in solutions] == [True, True, True]
    assert solutions[0].x is not None
