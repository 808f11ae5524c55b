"""Every algorithm on every program, timed; the table that comes of it."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from coordination.solver import SolverOptions, solve
from coordination.solver.algorithms import hipo_available
from coordination.solver.kinds import kind_of
from coordination.solver.table import Entry, Table
from coordination.status import Status
from coordination.tuning.programs import programs

if TYPE_CHECKING:
    from coordination.compilation import MatrixForm
    from coordination.solver.options import Algorithm

QUICK = 1.0
"""Seconds below which a run is made twice; the better counts."""

Way = tuple["Algorithm", bool, int]
"""Algorithm, crossover, threads."""


def measure(cap: float = 60.0, *, largest: int | None = None, on_entry: Callable[[Entry], None] | None = None) -> Table:
    """Measure all ways of solving on programs of all kinds and sizes.

    What did not end in time is not tried again on larger programs of the kind.

    Parameters
    ----------
    cap : float
        Seconds allowed for one run.
    largest : int, optional
        Columns beyond which no program is measured.
    on_entry : callable, optional
        Receives each `Entry` as it is measured.

    Returns
    -------
    Table
        Of this machine, versions and date.
    """
    entries: list[Entry] = []
    hopeless: set[tuple[str, Way]] = set()
    for form in programs():
        if largest is not None and form.columns > largest:
            continue
        kind = kind_of(form)
        for way in _ways():
            seconds = None if (kind, way) in hopeless else _seconds(form, way, cap)
            if seconds is None:
                hopeless.add((kind, way))
            entry = Entry(kind, form.columns, form.rows, form.entries, *way, seconds)
            entries.append(entry)
            if on_entry is not None:
                on_entry(entry)
    return Table(_circumstances(cap), tuple(sorted(entries, key=lambda one: (one.kind, one.columns))))


def _ways() -> list[Way]:
    """Return the ways to measure: only hipo has work for more than one thread."""
    ways: list[Way] = [("simplex", True, 1), ("ipx", True, 1), ("ipx", False, 1)]
    if hipo_available():
        threads = [1] if (os.cpu_count() or 1) < 2 else [1, 2]
        ways += [("hipo", crossover, count) for count in threads for crossover in (True, False)]
    return ways


def _seconds(form: MatrixForm, way: Way, cap: float) -> float | None:
    """Return seconds of one way, None without a result that counts.

    One thread is timed by the processor, which whatever else runs disturbs less; several by the clock.
    """
    algorithm, crossover, threads = way
    options = SolverOptions(algorithm=algorithm, crossover=crossover, threads=threads, time_limit=cap)
    clock = time.process_time if threads == 1 else time.perf_counter
    best: float | None = None
    while best is None or best < QUICK:
        began = clock()
        solution = solve(form, options=options)
        spent = clock() - began
        if solution.status is not Status.OPTIMAL or solution.algorithm != algorithm:
            return None
        if best is not None or spent >= QUICK:
            return round(spent if best is None else min(best, spent), 4)
        best = spent
    return best


def _processor() -> str:
    """Return the processor's name."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text("utf-8", "replace").splitlines() if file.exists() else []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def _circumstances(cap: float) -> dict[str, object]:
    """Return date, machine and versions."""
    return {
        "measured": datetime.now(UTC).date().isoformat(),
        "machine": {"processor": _processor(), "cores": os.cpu_count()},
        "versions": {"python": platform.python_version()} | {name: version(name) for name in ("highspy", "numpy")},
        "seconds_allowed": cap,
    }
