"""The core file: a linear or mixed-integer program in MPS format, names without blanks."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coordination.twostage.smps.lines import lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from coordination.errors import UsageError
    from coordination.twostage.smps.lines import Line

SECTIONS = ("NAME", "OBJSENSE", "ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "ENDATA")


@dataclass
class Core:
    """A program by names, as it stands in the file.

    Attributes
    ----------
    rows : list of str
        All rows in order, the objective among them.
    senses : dict
        N, L, G or E by row.
    objective : str
        The first row of sense N; further ones are left out.
    columns : list of str
        In order.
    entries : dict
        Coefficient by (column, row).
    rhs, ranges : dict
        By row; the objective's right-hand side is minus its constant.
    lower, upper : dict
        By column, where they are not 0 and unlimited.
    integer : set of str
        Columns that must be whole.
    maximize : bool
        What ``OBJSENSE`` says.
    """

    rows: list[str] = field(default_factory=list)
    senses: dict[str, str] = field(default_factory=dict)
    objective: str = ""
    columns: list[str] = field(default_factory=list)
    entries: dict[tuple[str, str], float] = field(default_factory=dict)
    rhs: dict[str, float] = field(default_factory=dict)
    ranges: dict[str, float] = field(default_factory=dict)
    lower: dict[str, float] = field(default_factory=dict)
    upper: dict[str, float] = field(default_factory=dict)
    integer: set[str] = field(default_factory=set)
    maximize: bool = False


def read_core(path: Path) -> Core:
    """Read a core file.

    Parameters
    ----------
    path : Path
        MPS, fixed or free.

    Returns
    -------
    Core
        The program by names.

    Raises
    ------
    UsageError
        At the first line that makes no sense.
    """
    return _Reader(path).read()


class _Reader:
    """State of reading one core file."""

    def __init__(self, path: Path) -> None:
        self.path, self.core, self.known = path, Core(), set[str]()
        self.marked = False
        self.bounded: set[str] = set()
        self.by_marker: set[str] = set()

    def read(self) -> Core:
        section = ""
        for line in lines_of(self.path):
            if line.header:
                section = self._begin(line)
                if section == "ENDATA":
                    break
                continue
            reader = getattr(self, f"_{section.lower()}", None)
            if reader is None:
                raise line.wrong("a section first")
            reader(line)
        core = self.core
        for column in self.by_marker - self.bounded:
            core.upper[column] = 1.0  # whole by a marker and without any bound: 0 or 1, as CPLEX and HiGHS read it
        return core

    def _begin(self, line: Line) -> str:
        section = line.fields[0].upper()
        if section not in SECTIONS:
            raise line.wrong(f"one of {', '.join(SECTIONS)}")
        if section == "OBJSENSE" and len(line.fields) > 1:
            self._sense(line, line.fields[1])
        return section

    def _objsense(self, line: Line) -> None:
        self._sense(line, line.fields[0])

    def _sense(self, line: Line, word: str) -> None:
        if word.upper() not in {"MAX", "MAXIMIZE", "MAXIMISE", "MIN", "MINIMIZE", "MINIMISE"}:
            raise line.wrong("MIN or MAX")
        self.core.maximize = word.upper().startswith("MAX")

    def _rows(self, line: Line) -> None:
        if len(line.fields) != 2 or line.fields[0].upper() not in "NLGE":
            raise line.wrong("a sense (N, L, G, E) and a row")
        sense, row = line.fields[0].upper(), line.fields[1]
        if row in self.core.senses:
            raise line.wrong("another name: this row is there already")
        self.core.rows.append(row)
        self.core.senses[row] = sense
        if sense == "N" and not self.core.objective:
            self.core.objective = row

    def _columns(self, line: Line) -> None:
        if len(line.fields) >= 3 and line.fields[1].upper() == "MARKER":
            self.marked = line.fields[2].upper() == "INTORG"
            return
        column, pairs = line.fields[0], line.fields[1:]
        if column not in self.known:
            self.known.add(column)
            self.core.columns.append(column)
            if self.marked:
                self.core.integer.add(column)
                self.by_marker.add(column)
        for row, value in self._pairs(line, pairs):
            self.core.entries[column, row] = self.core.entries.get((column, row), 0.0) + value

    def _pairs(self, line: Line, words: tuple[str, ...]) -> list[tuple[str, float]]:
        if len(words) % 2 or not words:
            raise line.wrong("pairs of a row and a number")
        pairs = list(zip(words[::2], words[1::2], strict=True))
        for row, _ in pairs:
            if row not in self.core.senses:
                raise line.wrong(f"rows that are there; {row!r} is none")
        return [(row, line.number_of(value)) for row, value in pairs]

    def _rhs(self, line: Line) -> None:
        words = line.fields[1:] if len(line.fields) % 2 else line.fields
        self.core.rhs |= dict(self._pairs(line, words))

    def _ranges(self, line: Line) -> None:
        words = line.fields[1:] if len(line.fields) % 2 else line.fields
        self.core.ranges |= dict(self._pairs(line, words))

    def _bounds(self, line: Line) -> None:
        kind, words = line.fields[0].upper(), line.fields[1:]
        plain = kind in {"FR", "MI", "PL", "BV"}
        if plain:
            column = next((word for word in (*words[1:2], *words[:1]) if word in self.known), None)
            value = 0.0
        else:
            column, value = self._bounded(line, words)
        if column is None or column not in self.known:
            raise line.wrong("a column that is there")
        self.bounded.add(column)
        set_bound(self.core, line, kind, column, value)

    def _bounded(self, line: Line, words: tuple[str, ...]) -> tuple[str | None, float]:
        if len(words) not in {2, 3}:
            raise line.wrong("a bound's kind, its set, a column and a number")
        return words[-2], line.number_of(words[-1])


def set_bound(core: Core, line: Line, kind: str, column: str, value: float) -> None:
    """Change a column's bounds as one line says.

    Parameters
    ----------
    core : Core
        Changed.
    line : Line
        For messages.
    kind : str
        UP, LO, FX, FR, MI, PL, BV, LI or UI.
    column : str
        Whose bounds.
    value : float
        The number in the line, 0 where there is none.

    Raises
    ------
    UsageError
        If the kind is unknown.
    """
    lower, upper = core.lower, core.upper
    if kind in {"UI", "LI", "BV"}:
        core.integer.add(column)
    if kind in {"UP", "UI"}:
        upper[column] = value
        if value < 0 and column not in lower:
            lower[column] = -math.inf
    elif kind in {"LO", "LI"}:
        lower[column] = value
    elif kind == "FX":
        lower[column] = upper[column] = value
    elif kind == "FR":
        lower[column], upper[column] = -math.inf, math.inf
    elif kind == "MI":
        lower[column] = -math.inf
    elif kind == "PL":
        upper[column] = math.inf
    elif kind == "BV":
        lower[column], upper[column] = 0.0, 1.0
    else:
        raise _unknown(line)


def _unknown(line: Line) -> UsageError:
    return line.wrong("a bound of kind UP, LO, FX, FR, MI, PL, BV, LI or UI")
