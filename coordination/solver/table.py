"""The measured table: how long each algorithm took on programs of each kind and size.

It is a file beside this one, made by ``coordination tune``; the environment variable `OWN` names another, such as one
measured on the machine at hand. Sizes that were not measured are read off straight lines in logarithms; below the least
seconds shrink with the size, beyond the largest the last line goes on.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from coordination.errors import UsageError

OWN = "COORDINATION_SOLVER_TABLE"
"""Environment variable: path of a table to use instead of the shipped one."""

SHIPPED = "table.json"

RELIABLE = ("ipx", "simplex", "hipo")
"""Order in which to try what took equally long, or did not end: the most reliable first."""


@dataclass(frozen=True)
class Entry:
    """One measurement.

    Attributes
    ----------
    kind : str
        As `coordination.solver.kinds.kind_of` says.
    columns, rows, entries : int
        Size of the program.
    algorithm : str
        simplex, ipx or hipo.
    crossover : bool
        Whether it ended at a vertex (always, for the simplex method).
    threads : int
        Of the solver.
    seconds : float or None
        None: no result that counts within the time allowed.
    """

    kind: str
    columns: int
    rows: int
    entries: int
    algorithm: str
    crossover: bool
    threads: int
    seconds: float | None


@dataclass(frozen=True)
class Estimate:
    """What an algorithm is likely to take; infinite where it did not end in time."""

    algorithm: str
    threads: int
    seconds: float


@dataclass(frozen=True)
class Table:
    """Measurements and their circumstances.

    Attributes
    ----------
    circumstances : dict
        Date, machine, versions, seconds allowed.
    entries : tuple of Entry
        All measurements.
    """

    circumstances: dict[str, Any]
    entries: tuple[Entry, ...]

    def estimates(self, kind: str, columns: int, *, crossover: bool) -> list[Estimate]:
        """Return algorithms with what they are likely to take, the quickest first.

        Parameters
        ----------
        kind : str
            Kind of the program.
        columns : int
            Its size.
        crossover : bool
            Whether a vertex is wanted: measurements that ended otherwise do not count (the simplex method always
            ends at one).
        """
        series: dict[tuple[str, int], list[tuple[int, float]]] = {}
        for entry in self.entries:
            if entry.kind == kind and (entry.algorithm == "simplex" or entry.crossover == crossover):
                seconds = math.inf if entry.seconds is None else max(entry.seconds, 1e-4)
                series.setdefault((entry.algorithm, entry.threads), []).append((entry.columns, seconds))
        found = [Estimate(*key, _read_off(sorted(points), columns)) for key, points in series.items()]
        return sorted(found, key=lambda one: (one.seconds, RELIABLE.index(one.algorithm), one.threads))


def _read_off(points: list[tuple[int, float]], columns: int) -> float:
    """Return seconds at a size, by a straight line in logarithms between, or beyond, the sizes around it."""
    least, quick = points[0]
    if columns <= least or len(points) == 1:
        return quick * columns / least
    first = next((n for n, point in enumerate(points[1:]) if columns <= point[0]), len(points) - 2)
    (least, quick), (most, slow) = points[first : first + 2]
    if math.inf in (quick, slow):
        return math.inf
    share = math.log(columns / least) / math.log(most / least)
    return math.exp((1.0 - share) * math.log(quick) + share * math.log(slow))


def table() -> Table:
    """Return the table in use.

    Raises
    ------
    UsageError
        If the environment names a file that is no such table.
    """
    return _read(os.environ.get(OWN, ""))


@cache
def _read(path: str) -> Table:
    if not path:
        return parsed(files(__package__).joinpath(SHIPPED).read_text("utf-8"))
    try:
        return parsed(Path(path).read_text("utf-8"))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{OWN}: {path} is no table as `coordination tune` writes it: {error}") from error


def parsed(text: str) -> Table:
    """Return the table that a file holds."""
    content = json.loads(text)
    entries = tuple(Entry(**entry) for entry in content["entries"])
    return Table({name: value for name, value in content.items() if name != "entries"}, entries)


def written(table: Table) -> str:
    """Return a table as a file holds it: one line a measurement."""
    head = "".join(f" {json.dumps(name)}: {json.dumps(value)},\n" for name, value in table.circumstances.items())
    lines = ",\n  ".join(json.dumps(vars(entry)) for entry in table.entries)
    return f'{{\n{head} "entries": [\n  {lines}\n ]\n}}\n'
