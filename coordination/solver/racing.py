"""Two algorithms side by side on one linear program: the first whose result counts wins, the other is stopped.

HiGHS lets go of Python's lock while it runs, so two threads keep two cores busy.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from coordination.solver.algorithms import Choice
from coordination.solver.bridge import hand_over, new_highs, prepare
from coordination.solver.options import SolverOptions
from coordination.solver.reading import read_linear
from coordination.solver.running import REPORT_EVERY, TICK, Watch, ctrl_c, run
from coordination.solver.solution import Solution
from coordination.status import Status

if TYPE_CHECKING:
    from coordination.compilation.matrix import MatrixForm


@dataclass
class _Runner:
    """One algorithm on its way."""

    form: MatrixForm
    options: SolverOptions
    choice: Choice
    seconds: float | None
    stop: threading.Event
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.watch = Watch(self.form.maximize)

    def solve(self) -> Solution:
        """Run in a HiGHS of its own."""
        highs = new_highs(replace(self.options, threads=1))
        try:
            hand_over(highs, self.form)
            prepare(highs, self.choice, self.seconds)
            interrupted = run(highs, self.watch, stop=self.stop)
            return read_linear(highs, self.form, self.choice, interrupted, self.log)
        finally:
            highs.disableCallbacks()


def race(
    form: MatrixForm,
    options: SolverOptions,
    choices: Sequence[Choice],
    *,
    seconds: float | None = None,
    report: Callable[[Choice, Watch], None] | None = None,
    stop: threading.Event | None = None,
) -> Solution:
    """Run algorithms side by side until one has a result that counts.

    Parameters
    ----------
    form, options : MatrixForm, SolverOptions
        What is solved, and how.
    choices : sequence of Choice
        What runs, one thread each.
    seconds : float, optional
        Time limit.
    report : callable, optional
        Called with the first of those still running, at most five times a second, in the calling thread.
    stop : threading.Event, optional
        Stops all when set; Ctrl-C does too in the main thread.

    Returns
    -------
    Solution
        The winner's. Without one: values that a stop or a limit left, or else a status that does not count.
    """
    began, halt, stopped = time.monotonic(), threading.Event(), False
    reported = began
    runners = [_Runner(form, options, choice, seconds, halt) for choice in choices]
    with ctrl_c() as pressed, ThreadPoolExecutor(len(runners), "race") as pool:
        futures = [pool.submit(runner.solve) for runner in runners]
        try:
            while running := [n for n, future in enumerate(futures) if not future.done()]:
                if report is not None and time.monotonic() - reported >= REPORT_EVERY:
                    reported = time.monotonic()
                    report(choices[running[0]], runners[running[0]].watch)
                wait([futures[n] for n in running], TICK, FIRST_COMPLETED)
                stopped = stopped or pressed.is_set() or (stop is not None and stop.is_set())
                if stopped or any(_counts(future) for future in futures):
                    halt.set()
        except BaseException:
            halt.set()
            raise
    solutions = [future.result() for future in futures]
    best = _best(solutions, form.maximize)
    winner = solutions[best]
    said = f"{winner.algorithm} was first after {time.monotonic() - began:.2g} s"
    log = [*runners[best].log, said if winner.status is Status.OPTIMAL else "none gave a result that counts"]
    return replace(winner, interrupted=stopped, log=log)


def _counts(future: Future[Solution]) -> bool:
    return future.done() and (future.exception() is not None or future.result().status is Status.OPTIMAL)


def _best(solutions: Sequence[Solution], maximize: bool) -> int:
    """Return which answer to take: one that counts, else the best values, else the first."""
    sign = -1.0 if maximize else 1.0

    def worth(n: int) -> tuple[bool, bool, float]:
        one = solutions[n]
        return one.status is not Status.OPTIMAL, one.x is None, sign * one.objective if one.x is not None else 0.0

    return min(range(len(solutions)), key=worth)
