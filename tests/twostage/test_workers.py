"""Whoever solves the scenarios, and whoever is lost: the same answer."""

import os
import signal
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from coordination.errors import SolverError
from coordination.solver import SolverOptions
from coordination.twostage import solve
from coordination.twostage.workforce import Workforce

from .programs import stores

TIGHT = SolverOptions(gap=1e-7)
QUICK = SolverOptions(gap=0.2)
"""So few rounds that killing workers all the time does not take long."""


def context():
    """Return processes that are quick to start and inherit no threads."""
    found = get_context("forkserver")
    found.set_forkserver_preload(["highspy", "coordination.twostage"])
    return found


def die():
    """End the worker as a machine does that runs out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


class Deadly(Executor):
    """Processes of which one is killed in every tenth task; new ones take their place."""

    def __init__(self):
        self.tasks = self.killed = 0
        self.pool = ProcessPoolExecutor(2, mp_context=context())

    def submit(self, fn, /, *args, **kwargs):
        """Hand a task on, or have its worker killed."""
        self.tasks += 1
        doomed = self.tasks % 10 == 0
        self.killed += doomed
        job = (die,) if doomed else (fn, *args)
        try:
            return self.pool.submit(*job, **kwargs)
        except BrokenExecutor:
            self.pool.shutdown(wait=False)
            self.pool = ProcessPoolExecutor(2, mp_context=context())
            return self.pool.submit(*job, **kwargs)

    def shutdown(self, wait=True, *, cancel_futures=False):
        """End."""
        self.pool.shutdown(wait, cancel_futures=cancel_futures)


def assert_same(found, expected):
    """Fail unless two answers are the same to the last digit, round by round."""
    assert found.status is expected.status
    assert (found.x == expected.x).all()
    assert (found.costs == expected.costs).all()
    assert (found.objective, found.bound) == (expected.objective, expected.bound)
    steps = [[(one.value, one.bound, one.cuts) for one in answer.rounds] for answer in (found, expected)]
    assert steps[0] == steps[1]


def test_killed_workers_change_nothing():
    """200 scenarios, a worker killed by SIGKILL in every tenth task: the same answer, and the losses are told."""
    program = stores(4, count=200, places=2, clients=2, whole=False)
    with ProcessPoolExecutor(2, mp_context=context()) as pool:
        expected = solve(program, method="benders", options=QUICK, executor=pool)
    with Deadly() as executor:
        found = solve(program, method="benders", options=QUICK, executor=executor)
        assert executor.killed >= 40
    assert_same(found, expected)
    assert "lost with their workers and done again" in found.log[-1]
    here = solve(program, method="benders", options=QUICK)
    assert here.objective == pytest.approx(expected.objective, rel=0.4)


def test_a_pool_that_breaks_is_replaced():
    """After a process pool is broken for good, processes of our own go on."""
    program = stores(4, count=12, places=2, clients=2, whole=False)
    expected = solve(program, method="benders", options=TIGHT)
    pool = ProcessPoolExecutor(1, mp_context=context())
    with pytest.raises(BrokenExecutor):
        pool.submit(die).result()
    found = solve(program, method="benders", options=TIGHT, executor=pool)
    assert found.objective == pytest.approx(expected.objective, rel=1e-6)


@pytest.mark.parametrize("workers", [1, 3])
def test_threads_change_nothing(workers):
    """However many threads: the same answer, round by round."""
    program = stores(8, count=40, places=3, clients=4)
    assert_same(
        solve(program, method="benders", options=TIGHT, workers=workers),
        solve(program, method="benders", options=TIGHT, workers=2),
    )


def test_threads_of_somebody_else_will_do():
    """Any executor of the standard library will do; hard programs need their feasibility cuts there, too."""
    program = stores(9, count=10, hard=True)
    with ThreadPoolExecutor(2) as pool:
        found = solve(program, method="benders", options=TIGHT, executor=pool)
    assert found.objective == pytest.approx(solve(program, options=TIGHT).objective, rel=1e-6)


class Hopeless(Executor):
    """An executor that loses every task."""

    def submit(self, fn, /, *args, **kwargs):
        """Lose a task."""
        from concurrent.futures import Future

        future = Future()
        future.set_exception(BrokenExecutor("gone"))
        return future


def test_a_task_that_kills_every_worker_is_named():
    """Nothing is tried for ever."""
    with Workforce(Hopeless()) as force, pytest.raises(SolverError, match=r"3 times in a row.*number 1 of 2"):
        force.run(np.sqrt, [(4.0,), (9.0,)])


def test_errors_of_a_task_come_through():
    """What a task raises is not taken for a lost worker."""
    with Workforce(workers=2) as force, pytest.raises(ZeroDivisionError):
        force.run(divmod, [(4, 2), (1, 0)])
