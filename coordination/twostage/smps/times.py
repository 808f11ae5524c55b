"""The time file: which columns and rows belong to the second stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coordination.errors import UsageError
from coordination.twostage.smps.lines import lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from coordination.twostage.smps.core import Core
    from coordination.twostage.smps.lines import Line


@dataclass(frozen=True)
class Stages:
    """Who belongs where.

    Attributes
    ----------
    periods : tuple of str
        Names of the two periods.
    columns, rows : frozenset of str
        Those of the second stage.
    """

    periods: tuple[str, str]
    columns: frozenset[str]
    rows: frozenset[str]


def read_times(path: Path, core: Core) -> Stages:
    """Read a time file, implicit (where each period begins) or explicit (period of each column and row).

    Parameters
    ----------
    path : Path
        The file.
    core : Core
        The program it is about.

    Returns
    -------
    Stages
        Of two periods.

    Raises
    ------
    UsageError
        If something is unknown, or there are not exactly two periods.
    """
    section, begins = "", []
    explicit: dict[str, dict[str, str]] = {"COLUMNS": {}, "ROWS": {}}
    names: list[str] = []
    for line in lines_of(path):
        if line.header:
            section = line.fields[0].upper()
            if section == "ENDATA":
                break
            if section not in {"TIME", "PERIODS", *explicit}:
                raise line.wrong("TIME, PERIODS, COLUMNS, ROWS or ENDATA")
        elif section == "PERIODS" and len(line.fields) == 3:
            begins.append(_begin(line, core))
            names.append(line.fields[2])
        elif section == "PERIODS" and len(line.fields) == 1:
            names.append(line.fields[0])
        elif section in explicit and len(line.fields) == 2:
            explicit[section][line.fields[0]] = line.fields[1]
        else:
            raise line.wrong("a column, a row and a period")
    if len(names) != 2:
        raise UsageError(f"{path.name}: found {len(names)} periods; expected 2: programs of more stages are not read")
    if begins:
        column, row = begins[1]
        return Stages((names[0], names[1]), frozenset(core.columns[column:]), frozenset(core.rows[row:]))
    late = {
        part: frozenset(name for name, period in given.items() if period == names[1])
        for part, given in explicit.items()
    }
    return Stages((names[0], names[1]), late["COLUMNS"], late["ROWS"])


def _begin(line: Line, core: Core) -> tuple[int, int]:
    """Return where a period begins among columns and rows."""
    column, row, _ = line.fields
    if column not in core.columns:
        raise line.wrong(f"a column of the core; {column!r} is none")
    if row not in core.senses:
        raise line.wrong(f"a row of the core; {row!r} is none")
    return core.columns.index(column), core.rows.index(row)
