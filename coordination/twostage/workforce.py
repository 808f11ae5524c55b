"""Tasks carried out by workers, wherever an executor has them: what a lost worker had is done again."""

from __future__ import annotations

import logging
import multiprocessing
import os
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from coordination.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LOG = logging.getLogger(__name__)

MOST_BARREN = 3
"""Turns in a row that end with nothing but lost workers: then a task is to blame, not the machine."""

LOSSES = ("KilledWorker", "CommClosedError")
"""Exceptions that say of a worker on a Dask cluster that it is lost."""


class Workforce:
    """Workers of one program: threads of this process, or an executor that was handed in.

    An executor whose worker dies may be broken for good (a process pool is). What is left is then done by processes of
    this machine, as many as there were; their pool is made anew whenever it breaks.

    Parameters
    ----------
    executor : concurrent.futures.Executor, optional
        Who carries tasks out; it stays open.
    workers : int, optional
        Threads without an executor; by default as many as there are cores.

    Attributes
    ----------
    local : bool
        Whether tasks run in this process and may share its memory.
    lost : int
        Tasks that were lost with their workers and done again.
    """

    def __init__(self, executor: Executor | None = None, workers: int | None = None) -> None:
        self.local = executor is None
        self.lost = 0
        self._workers = workers or getattr(executor, "_max_workers", None) or os.cpu_count() or 1
        self._executor: Executor = ThreadPoolExecutor(self._workers, "recourse") if executor is None else executor
        self._own: Executor | None = self._executor if executor is None else None

    def run(self, function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Return what a function answers to each tuple of arguments, in order.

        Parameters
        ----------
        function : callable
            Of a module, so that it can be sent.
        arguments : sequence of tuple
            One tuple a task.

        Raises
        ------
        SolverError
            Workers were lost again and again while nothing else was left to do.
        """
        answers: dict[int, Any] = {}
        waiting, barren = list(range(len(arguments))), 0
        while waiting:
            futures = self._submitted(function, arguments, waiting)
            lost = _collected(futures, answers)
            if lost:
                self.lost += len(lost)
                LOG.info("%d tasks were lost with their workers and are done again", len(lost))
            barren = barren + 1 if len(lost) == len(waiting) else 0
            if barren >= MOST_BARREN:
                raise SolverError(
                    f"{len(lost)} tasks were lost with their workers {MOST_BARREN} times in a row, the first of them"
                    f" number {lost[0] + 1} of {len(arguments)}: the workers may have too little memory"
                )
            waiting = lost
        return [answers[number] for number in range(len(arguments))]

    def _submitted(
        self, function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]], numbers: Sequence[int]
    ) -> dict[int, Future[Any] | None]:
        """Return a future for each task, None where the executor broke before it could take it."""
        futures: dict[int, Future[Any] | None] = {}
        for number in numbers:
            try:
                futures[number] = self._executor.submit(function, *arguments[number])
            except BrokenExecutor:
                if any(future is not None for future in futures.values()):
                    futures[number] = None
                    continue
                self._renew()
                futures[number] = self._executor.submit(function, *arguments[number])
        return futures

    def _renew(self) -> None:
        """Go on with processes of this machine."""
        if self._own is not None:
            self._own.shutdown(wait=False, cancel_futures=True)
        self._own = ProcessPoolExecutor(self._workers, mp_context=multiprocessing.get_context("spawn"))
        self._executor = self._own

    def close(self) -> None:
        """Let own workers go; an executor that was handed in stays open."""
        if self._own is not None:
            self._own.shutdown(cancel_futures=True)

    def __enter__(self) -> Workforce:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _collected(futures: dict[int, Future[Any] | None], answers: dict[int, Any]) -> list[int]:
    """Put results into `answers` and return the tasks that were lost."""
    lost = []
    try:
        for number, future in futures.items():
            try:
                if future is None:
                    raise BrokenExecutor
                answers[number] = future.result()
            except BrokenExecutor:
                lost.append(number)
            except Exception as error:
                if type(error).__name__ not in LOSSES:
                    raise
                lost.append(number)
    except BaseException:
        for future in futures.values():
            if future is not None:
                future.cancel()
        raise
    return lost
