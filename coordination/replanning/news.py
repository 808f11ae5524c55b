"""News: rows of ``events`` carried out on the tables of a state, all of them or none.

Events speak in the periods of the plan that is under way; the state counts from its own beginning, so periods in them
are shifted. A cell fits where it says the same, numbers by value; an empty value fits an empty cell.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.errors import InstanceError, Problem, shown
from coordination.instance.names import nearest
from coordination.instance.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coordination.instance import Instance
    from coordination.instance.columns import Column

FIRST_LINE = 2
"""Line of the first row in a file, the header being 1."""
NUMBERS = ("number", "whole")
TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
EXPIRY = ("expires",)
"""Columns of periods that may lie beyond the horizon."""


@dataclass(frozen=True)
class News:
    """One event, as read.

    Attributes
    ----------
    line : int
        Its row in the file or table.
    table, action : str
        Where, and what: add, change, remove.
    where : dict of str to str
        Cells by column.
    column, value : str or None
        The cell that changes.
    """

    line: int
    table: str
    action: str
    where: dict[str, str]
    column: str | None
    value: str | None

    def __str__(self) -> str:
        what = ";".join(f"{name}={value}" for name, value in self.where.items())
        cell = "" if self.column is None else f" {self.column} to {'nothing' if self.value is None else self.value}"
        return f"{self.action} {self.table} {what}{cell}"


@dataclass
class _Desk:
    """Tables of a state while news is carried out.

    Attributes
    ----------
    instance : Instance
        The state.
    shift : int
        Periods by which it begins later than what events speak of.
    """

    instance: Instance
    shift: int
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    touched: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    problems: list[Problem] = field(default_factory=list)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table as it is now, every cell an object."""
        if name not in self.tables:
            given = self.instance.given(name)
            self.tables[name] = given.astype(object).where(given.notna(), None).reset_index(drop=True)
        return self.tables[name]

    def wrong(self, line: int, column: str, found: object, expected: str, advice: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem("events", line, column, shown(found), expected, advice))


def told(events: pd.DataFrame) -> tuple[News, ...]:
    """Return rows of ``events`` as news.

    Raises
    ------
    InstanceError
        A `where` cannot be read, or what an action takes is missing; all of it is listed.
    """
    problems: list[Problem] = []
    found = [_told(number + FIRST_LINE, row, problems) for number, row in enumerate(events.to_dict("records"))]
    if problems:
        raise InstanceError(problems)
    return tuple(found)


def _told(line: int, row: dict[Any, Any], problems: list[Problem]) -> News:
    cells = {str(name): None if pd.isna(value) else str(value) for name, value in row.items()}
    table, action, column = str(cells["table"]), str(cells["action"]), cells["column"]
    known, where = list(TABLES[table].columns), dict[str, str]()
    for part in (cells["where"] or "").split(";") if cells["where"] else []:
        name, equal, value = (text.strip() for text in part.partition("="))
        if not equal or name in where:
            problems.append(Problem("events", line, "where", shown(part), "column=value, each column once"))
        elif name not in known:
            problems.append(Problem("events", line, "where", shown(name), f"a column of {table}", nearest(name, known)))
        where[name] = value
    if column is not None and column not in known:
        problems.append(
            Problem("events", line, "column", shown(column), f"a column of {table}", nearest(column, known))
        )
    if action == "change" and column is None:
        problems.append(Problem("events", line, "column", "nothing", "the column that changes"))
    if action == "remove" and (column is not None or cells["value"] is not None):
        problems.append(Problem("events", line, "column", shown(column), "nothing: rows are removed whole"))
    if action != "add" and not where:
        problems.append(Problem("events", line, "where", "nothing", "which rows, as column=value"))
    return News(line, table, action, where, column, cells["value"])


def with_news(instance: Instance, news: Sequence[News], shift: int) -> Instance:
    """Return the state with news carried out in order; the state itself where there is none.

    Parameters
    ----------
    instance : Instance
        The state; it is not changed.
    news : sequence of News
        All of it known.
    shift : int
        The state's period 0, in the periods that news speaks of.

    Raises
    ------
    InstanceError
        Something of it does not fit; all of it is listed by row of events. Nothing has changed then.
    """
    if not news:
        return instance
    desk = _Desk(instance, shift)
    for one in news:
        _carry_out(desk, one)
    if desk.problems:
        raise InstanceError(desk.problems)
    _let_go(desk)
    try:
        return instance.replace(**desk.tables)
    except InstanceError as error:
        raise InstanceError([_named(desk, problem) for problem in error.problems]) from error


def _carry_out(desk: _Desk, one: News) -> None:
    table, columns = desk.table(one.table), TABLES[one.table].columns
    told = len(desk.problems)
    cells = {name: _cell(desk, one.line, "where", columns[name], text or None) for name, text in one.where.items()}
    value = None if one.column is None else _cell(desk, one.line, "value", columns[one.column], one.value)
    if len(desk.problems) > told:
        return
    if one.action == "add":
        row = cells | ({} if one.column is None else {one.column: value})
        added = pd.DataFrame([[row.get(name) for name in table.columns]], columns=table.columns, dtype=object)
        desk.touched[one.table][len(table)] = one.line
        desk.tables[one.table] = pd.concat([table, added], ignore_index=True).astype(object)
        return
    fits = np.ones(len(table), dtype=bool)
    for name, cell in cells.items():
        fits &= np.array([_same(cell, other) for other in table[name]], dtype=bool)
    if not fits.any():
        advice = "What lay there may have been used up; what is over has left the tables."
        desk.wrong(
            one.line, "where", ";".join(f"{n}={v}" for n, v in one.where.items()), f"a row of {one.table}", advice
        )
        return
    if one.action == "remove":
        desk.tables[one.table] = table[~fits].reset_index(drop=True)
        desk.touched.pop(one.table, None)
        return
    changed = table.copy()
    changed[str(one.column)] = np.where(fits, np.array([value], dtype=object), table[str(one.column)].to_numpy())
    desk.tables[one.table] = changed.astype(object)
    for place in np.flatnonzero(fits).tolist():
        desk.touched[one.table][int(place)] = one.line


def _cell(desk: _Desk, line: int, at: str, column: Column, text: str | None) -> Any:
    """Return a cell's value, periods counted from the state's beginning."""
    if text is None:
        return None
    writing = column.kind.writing
    if writing == "yesno":
        if text.lower() not in TRUTH:
            desk.wrong(line, at, text, column.expected)
        return TRUTH.get(text.lower())
    if writing not in NUMBERS:
        return text
    try:
        number = float(text)
    except ValueError:
        desk.wrong(line, at, text, column.expected)
        return None
    if column.kind.period or column.name in EXPIRY:
        if number < desk.shift:
            expected = f"period {desk.shift} or later"
            desk.wrong(line, at, text, expected, "Periods before it have been carried out.")
        return number - desk.shift
    return number


def _same(cell: Any, other: Any) -> bool:
    blank = other is None or other != other  # noqa: PLR0124 (only NaN differs from itself)
    if cell is None or blank:
        return cell is None and blank
    return bool(cell == other)


def _let_go(desk: _Desk) -> None:
    """Let roles go of tasks that news removes, or one of whose parties it removes."""
    if not {"tasks", "parties"} & set(desk.tables):
        return
    held = desk.table("held")
    gone = set(desk.instance.tasks["task"]) - set(desk.table("tasks")["task"])
    lost = set(desk.instance.parties["party"]) - set(desk.table("parties")["party"])
    parts = held["id"].astype(str).str.split(";")
    # What is held of tasks that ended earlier stays, but for parties that are gone.
    gone |= set(parts[(held["table"] == "tasks") & parts.str[-1].isin(lost)].str[0])
    mine = (held["table"] == "tasks") & parts.str[0].isin(gone)
    desk.tables["held"] = held[~mine].reset_index(drop=True)


def _named(desk: _Desk, problem: Problem) -> Problem:
    """Return a problem of a row that news made as one of its event."""
    row = None if problem.row is None else problem.row - FIRST_LINE
    line = None if row is None else desk.touched.get(problem.table, {}).get(row)
    if line is None:
        return problem
    told = f"In {problem.table}, column {problem.column}." if problem.column else f"In {problem.table}."
    advice = f"{told} {problem.advice}".strip()
    return Problem("events", line, "value", problem.found, problem.expected, advice)
