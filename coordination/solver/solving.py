"""One solve of one matrix: choose, run, look twice, try the next if need be."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from coordination.solver.algorithms import Choice, attempts, undecided
from coordination.solver.bridge import either_way, hand_over, model_status, new_highs, prepare, set_options, set_start
from coordination.solver.options import SolverOptions
from coordination.solver.progress import Progress
from coordination.solver.racing import race
from coordination.solver.reading import read_linear, read_mip
from coordination.solver.running import Watch, run
from coordination.solver.solution import FloatArray, Solution
from coordination.status import Status

if TYPE_CHECKING:
    from coordination.compilation.matrix import MatrixForm

ProgressCallback = Callable[[Progress], None]


def solve(
    form: MatrixForm,
    *,
    options: SolverOptions | None = None,
    on_progress: ProgressCallback | None = None,
    start: FloatArray | None = None,
    stage: str = "solve",
    stop: threading.Event | None = None,
) -> Solution:
    """Solve a linear or mixed-integer program.

    Parameters
    ----------
    form : MatrixForm
        The program. It is a linear one when nothing in it is integer.
    options : SolverOptions, optional
        Gap, time, threads, seed, algorithm.
    on_progress : callable, optional
        Receives a `Progress` at most five times a second, in the calling thread.
    start : numpy.ndarray, optional
        (columns,) values to start a mixed-integer program from; NaN leaves a column open.
    stage : str
        What progress calls this solve.
    stop : threading.Event, optional
        Stops the solve when set; Ctrl-C does too when called in the main thread.

    Returns
    -------
    Solution
        Always: at a limit or after Ctrl-C with the best values so far, if there are any.

    Raises
    ------
    SolverError
        If HiGHS refuses matrix or options.
    """
    if not form.columns:
        return _nothing_to_decide(form)
    return _Solve(form, options or SolverOptions(), on_progress, stage, stop).answer(start)


def _nothing_to_decide(form: MatrixForm) -> Solution:
    holds = bool((form.row_lower <= 0).all() and (form.row_upper >= 0).all())
    if not holds:
        return Solution(Status.INFEASIBLE, log=["no columns, and a row that nothing can satisfy"])
    none, zeros = np.zeros(0), np.zeros(form.rows)
    return Solution(
        Status.OPTIMAL,
        none,
        zeros,
        zeros,
        none,
        form.offset,
        form.offset,
        gap=0.0,
        log=["no columns: nothing to decide"],
    )


class _Solve:
    """State of one call of `solve`."""

    def __init__(
        self,
        form: MatrixForm,
        options: SolverOptions,
        on_progress: ProgressCallback | None,
        stage: str,
        stop: threading.Event | None,
    ) -> None:
        self.form = form
        self.options = options
        self.on_progress = on_progress
        self.stage = stage
        self.stop = stop
        self.integers = bool(form.integrality.any())
        self.seconds = {"hand_over": 0.0, "run": 0.0, "read": 0.0}
        self.log: list[str] = []
        self.began = time.monotonic()
        self.highs = new_highs(options)

    def left(self) -> float | None:
        """Return the seconds left, None without a limit."""
        limit = self.options.time_limit
        return None if limit is None else limit - (time.monotonic() - self.began)

    def answer(self, start: FloatArray | None) -> Solution:
        """Try one algorithm after the other until a result counts."""
        try:
            with _timed(self.seconds, "hand_over"):
                hand_over(self.highs, self.form)
                if start is not None and self.integers:
                    set_start(self.highs, start)
            return dataclasses.replace(self._attempts(), seconds=self.seconds, log=self.log)
        finally:
            self.highs.disableCallbacks()

    def _attempts(self) -> Solution:
        solution = Solution(Status.UNKNOWN)
        best: Solution | None = None
        side_by_side = undecided(self.form, self.options)
        if side_by_side:
            solution = self._race(side_by_side)
            if solution.status not in {Status.UNKNOWN, Status.INFEASIBLE, Status.UNBOUNDED} or solution.interrupted:
                return solution
            best = solution if solution.x is not None else None
        for choice in attempts(self.form, self.options):
            self.log.append(f"{choice.algorithm}: {choice.reason}")
            solution = self._attempt(choice)
            if solution.status is Status.INFEASIBLE and not solution.interrupted:
                solution = self._confirm_infeasible(choice)
            if solution.status is not Status.UNKNOWN:
                return solution
            best = solution if solution.x is not None else best
            self.log.append(f"{choice.algorithm} gave no result that counts")
        return solution if best is None else best

    def _race(self, choices: list[Choice]) -> Solution:
        """Try two side by side; a verdict without values is left to `_attempts` to confirm."""
        self.log += [f"{choice.algorithm}: {choice.reason}" for choice in choices]
        with _timed(self.seconds, "run"):
            solution = race(
                self.form, self.options, choices, seconds=self.left(), report=self._reporter(), stop=self.stop
            )
        self.log += solution.log
        return solution

    def _reporter(self) -> Callable[[Choice, Watch], None] | None:
        """Return what passes progress on, None where nobody listens."""
        send = self.on_progress
        if send is None:
            return None

        def report(choice: Choice, watch: Watch) -> None:
            send(watch.progress(self.stage, choice.algorithm, time.monotonic() - self.began))

        return report

    def _attempt(self, choice: Choice) -> Solution:
        prepare(self.highs, choice, self.left())
        watch, send = Watch(self.form.maximize), self._reporter()
        report = None if send is None else partial(send, choice, watch)
        with _timed(self.seconds, "run"):
            interrupted = run(self.highs, watch, report, stop=self.stop)
        with _timed(self.seconds, "read"):
            if self.integers:
                solution = read_mip(self.highs, self.form, self.options.gap, watch, interrupted)
            else:
                solution = read_linear(self.highs, self.form, choice, interrupted, self.log)
        return solution

    def _confirm_infeasible(self, choice: Choice) -> Solution:
        """Run again without presolve: one run's word is not enough to call something infeasible."""
        left = self.left()
        if left is not None and left <= 0:
            self.log.append("infeasible by one run; no time left to confirm it")
            return Solution(Status.UNKNOWN)
        self.highs.clearSolver()
        set_options(self.highs, {"presolve": "off"})
        again = self._attempt(choice)
        if either_way(self.highs):
            again = dataclasses.replace(again, status=self._without_costs(choice))
        set_options(self.highs, {"presolve": "choose" if self.options.presolve else "off"})
        confirmed = again.status is Status.INFEASIBLE
        self.log.append("infeasible, confirmed without presolve" if confirmed else "infeasible was not confirmed")
        return again

    def _without_costs(self, choice: Choice) -> Status:
        """Tell infeasible from unbounded: with no costs only the one is left."""
        form = dataclasses.replace(self.form, c=0.0 * self.form.c)
        hand_over(self.highs, form)
        prepare(self.highs, choice, self.left())
        run(self.highs, Watch(form.maximize), stop=self.stop)
        status = model_status(self.highs)
        hand_over(self.highs, self.form)
        return {Status.OPTIMAL: Status.UNBOUNDED, Status.INFEASIBLE: Status.INFEASIBLE}.get(status, Status.UNKNOWN)


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Add the time spent inside to one entry."""
    began = time.perf_counter()
    try:
        yield
    finally:
        seconds[name] += time.perf_counter() - began
