"""Many programs at once: in threads of this process, or wherever an executor takes them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import (
    FIRST_EXCEPTION,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import replace
from typing import TYPE_CHECKING

from coordination.errors import SolverError
from coordination.solver.options import SolverOptions
from coordination.solver.running import TICK, ctrl_c
from coordination.solver.solution import Solution
from coordination.solver.solving import solve

if TYPE_CHECKING:
    from coordination.compilation.matrix import MatrixForm

Submit = Callable[[int], "Future[Solution]"]


def solve_many(
    forms: Iterable[MatrixForm],
    *,
    options: SolverOptions | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
) -> list[Solution]:
    """Solve programs side by side, one thread of the solver each.

    How many workers there are changes nothing in the results. Threads do: HiGHS lets go of Python's lock while it runs.
    Processes, or other machines, are one line away: ``solve_many(forms, executor=ProcessPoolExecutor())``, and with
    Dask ``solve_many(forms, executor=Client().get_executor())``.

    Parameters
    ----------
    forms : iterable of MatrixForm
        The programs. Names of columns and rows stay here; arrays travel.
    options : SolverOptions, optional
        For each of them; the time limit is that of one program. Threads are 1 whatever is asked for, and nothing is
        probed.
    executor : concurrent.futures.Executor, optional
        Takes the programs; by default threads of this process.
    workers : int, optional
        Threads without an executor; by default as many as there are cores.

    Returns
    -------
    list of Solution
        In the order of `forms`. Ctrl-C stops the threads of this process: what they have so far comes back.

    Raises
    ------
    SolverError
        A program failed, or its worker was lost twice: the message says which. What a lost worker had is solved once
        more, one program after the other in a process of its own.
    """
    programs = [replace(form, variables={}, constraints={}, terms={}) for form in forms]
    alone = replace(options or SolverOptions(), threads=1, probe=False)
    if executor is not None:
        return _gathered(lambda n: executor.submit(_solved, programs[n], alone), programs, alone)
    stop = threading.Event()
    with ctrl_c() as pressed, ThreadPoolExecutor(workers or os.cpu_count() or 1, "solve") as pool:
        futures = [pool.submit(_solved, program, alone, stop) for program in programs]
        try:
            while not pressed.is_set():
                done, running = wait(futures, TICK, FIRST_EXCEPTION)
                if not running or any(future.exception() for future in done):
                    break
        finally:
            stop.set()  # for those that still run: one failed, Ctrl-C was pressed, or this thread is being ended
        return _gathered(futures.__getitem__, programs, alone)


def _solved(form: MatrixForm, options: SolverOptions, stop: threading.Event | None = None) -> Solution:
    """Solve one program where the executor put it; a function of the module, so that it can be sent."""
    return solve(form, options=options, stop=stop)


def _gathered(submit: Submit, programs: Sequence[MatrixForm], options: SolverOptions) -> list[Solution]:
    """Return the results in order; what was lost with its worker is solved again."""
    futures: list[Future[Solution] | None] = []
    for number in range(len(programs)):
        try:
            futures.append(submit(number))
        except BrokenExecutor:
            futures.append(None)
    found: list[Solution | None] = []
    try:
        for number, future in enumerate(futures):
            found.append(None if future is None else _result(future, number, len(programs)))
    except BaseException:
        for future in futures:
            if future is not None:
                future.cancel()
        raise
    lost = [number for number, solution in enumerate(found) if solution is None]
    again = _once_more(programs, lost, options) if lost else {}
    return [again[number] if solution is None else solution for number, solution in enumerate(found)]


def _result(future: Future[Solution], number: int, count: int) -> Solution | None:
    """Return a result, None where its worker was lost."""
    try:
        return future.result()
    except BrokenExecutor:
        return None
    except Exception as error:
        raise SolverError(f"program {number + 1} of {count}: {str(error) or type(error).__name__}") from error


def _once_more(programs: Sequence[MatrixForm], lost: Sequence[int], options: SolverOptions) -> dict[int, Solution]:
    """Solve what was lost, one after the other in a process apart: whichever ends that one too is to blame."""
    found: dict[int, Solution] = {}
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        for number in lost:
            try:
                solution = _result(pool.submit(_solved, programs[number], options), number, len(programs))
            except BrokenExecutor:
                solution = None
            if solution is None:
                raise SolverError(
                    f"program {number + 1} of {len(programs)}: the worker that solved it was lost, and so was the one"
                    f" that solved it again; {len(lost)} programs were lost with the first"
                )
            found[number] = replace(solution, log=[*solution.log, "its first worker was lost: solved again"])
    return found
