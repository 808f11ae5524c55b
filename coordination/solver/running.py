"""Running HiGHS so that progress is seen and Ctrl-C is heard, and nothing found gets lost."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import numpy as np

from coordination.solver.progress import Progress
from coordination.solver.solution import FloatArray, relative_gap

TICK = 0.05
"""Seconds between two looks at a running solve."""

REPORT_EVERY = 0.2
"""Seconds between two reports of progress."""

PATIENCE = 3
"""So many times Ctrl-C is pressed before it has its ordinary effect again."""


class Watch:
    """Receives HiGHS's callbacks: remembers the best solution and where things stand, and passes on a stop."""

    def __init__(self, maximize: bool) -> None:
        self.stop = False
        self.best: FloatArray | None = None
        self.objective = -np.inf if maximize else np.inf
        self.bound = -self.objective
        self.iterations = 0
        self.nodes = 0
        self._maximize = maximize

    def listen(self, highs: Any) -> None:
        """Subscribe to all callbacks of interest."""
        for source, hear in self._ears(highs):
            source.subscribe(hear)

    def silence(self, highs: Any) -> None:
        """Unsubscribe."""
        for source, hear in self._ears(highs):
            source.unsubscribe(hear)

    def _ears(self, highs: Any) -> list[tuple[Any, Callable[[Any], None]]]:
        return [
            (highs.cbSimplexInterrupt, self._between_iterations),
            (highs.cbIpmInterrupt, self._between_iterations),
            (highs.cbMipInterrupt, self._between_nodes),
            (highs.cbMipImprovingSolution, self._improved),
        ]

    def _between_iterations(self, event: Any) -> None:
        if self.stop:
            event.interrupt()
        data = event.data_out
        self.iterations = max(self.iterations, int(data.simplex_iteration_count), int(data.ipm_iteration_count))

    def _between_nodes(self, event: Any) -> None:
        if self.stop:
            event.interrupt()
        self._look(event.data_out)

    def _improved(self, event: Any) -> None:
        self._look(event.data_out)
        self.best = np.array(event.data_out.mip_solution, dtype=np.float64)

    def _look(self, data: Any) -> None:
        self.objective, self.bound = float(data.mip_primal_bound), float(data.mip_dual_bound)
        self.nodes = max(self.nodes, int(data.mip_node_count))

    def progress(self, stage: str, algorithm: str, seconds: float) -> Progress:
        """Return where things stand."""
        gap = relative_gap(self.objective, self.bound, self._maximize)
        return Progress(stage, seconds, algorithm, self.objective, self.bound, gap, self.iterations, self.nodes)


def run(
    highs: Any, watch: Watch, report: Callable[[], None] | None = None, *, stop: threading.Event | None = None
) -> bool:
    """Run HiGHS in a thread of its own and return whether somebody stopped it.

    Parameters
    ----------
    highs : highspy.Highs
        With model and options.
    watch : Watch
        Subscribed to its callbacks here, and released afterwards.
    report : callable, optional
        Called at most five times a second, in the caller's thread.
    stop : threading.Event, optional
        Set by somebody else to stop the solve (besides Ctrl-C, which is heard in the main thread).
    """
    failed: list[BaseException] = []

    def work() -> None:
        try:
            highs.run()
            type(highs).resetGlobalScheduler(False)
        except BaseException as error:
            failed.append(error)

    watch.listen(highs)
    worker = threading.Thread(target=work, name="highs", daemon=True)
    reported = time.monotonic()
    with ctrl_c() as pressed:
        worker.start()
        try:
            while worker.is_alive():
                worker.join(TICK)
                watch.stop = watch.stop or pressed.is_set() or (stop is not None and stop.is_set())
                if report is not None and time.monotonic() - reported >= REPORT_EVERY:
                    reported = time.monotonic()
                    report()
        except BaseException:
            watch.stop = True
            worker.join()
            raise
        finally:
            watch.silence(highs)
    if failed:
        raise failed[0]
    return watch.stop


@contextmanager
def ctrl_c() -> Iterator[threading.Event]:
    """Turn Ctrl-C into an event while a solve runs (in the main thread; elsewhere nothing is changed).

    A handler that somebody installed before hears it too; Python's own, which raises, only after some patience.
    """
    pressed = threading.Event()
    before = signal.getsignal(signal.SIGINT) if threading.current_thread() is threading.main_thread() else None
    if before is None or before is signal.SIG_IGN:
        yield pressed
        return
    times = 0

    def handler(number: int, frame: FrameType | None) -> None:
        nonlocal times
        times += 1
        pressed.set()
        ordinary = before is signal.default_int_handler or not callable(before)
        if callable(before) and (times >= PATIENCE or not ordinary):
            before(number, frame)

    signal.signal(signal.SIGINT, handler)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)
