"""A plan folder read back: the equal plan, or an error that names file, row and column.

Cells are read as what they are declared to be. Whether they make sense together (quantities that are negative,
places that do not exist) is for ``coordination verify`` to say, so it is not refused here.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pydantic import ValidationError

from coordination.errors import InstanceError, PlanError, Problem, shown
from coordination.instance import Instance, load
from coordination.instance.columns import Column
from coordination.instance.conversion import Typed, convert
from coordination.instance.csv_tables import read_csv
from coordination.instance.names import nearest
from coordination.instance.raw import Raw, RawTable
from coordination.instance.tables import Table
from coordination.instance.text import read_text
from coordination.plans.header import PlanHeader, PreparationHeader
from coordination.plans.layout import HEADER_FILE, INSTANCE_FOLDER, table_file
from coordination.plans.plan import Plan
from coordination.plans.tables import ADDED, tables_of
from coordination.replacing import whole
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_PROBLEMS = 10


def read(path: Path) -> Plan:
    """Read a plan folder.

    Parameters
    ----------
    path : Path
        The folder.

    Returns
    -------
    Plan
        Equal to the one written.

    Raises
    ------
    PlanError
        Nothing is there, it is not a plan folder, or a file is missing or damaged.
    """
    folder = whole(path)
    header = read_header(folder)
    if isinstance(header, PreparationHeader):
        raise PlanError(f"{folder}: found a preparation; expected a plan. Read it with Preparation.load.")
    instance = read_instance(folder, header)
    tables = {} if header.objective is None else read_tables(folder, tables_of(header.kind))
    fields = header.model_dump() | {"status": Status(header.status)}
    return Plan(**fields, tables=tables, instance=instance)


def read_header(folder: Path) -> PlanHeader:
    """Read ``plan.json`` of a folder.

    Parameters
    ----------
    folder : Path
        The folder.

    Returns
    -------
    PlanHeader
        Its content.

    Raises
    ------
    PlanError
        There is none, or it cannot be read; the message says what was found instead.
    """
    file = folder / HEADER_FILE
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing"
        raise PlanError(f"{folder}: found {found}; expected a plan folder, as `coordination plan … --out` writes it.")
    if not file.is_file():
        raise PlanError(f"{folder}: found {contents(folder)}, but no {HEADER_FILE}; this is not a plan folder.")
    try:
        content = json.loads(file.read_bytes())
        preparation = isinstance(content, dict) and content.get("kind") == "preparation"
        header = (PreparationHeader if preparation else PlanHeader).model_validate(content)
    except ValidationError as error:
        raise _damaged(file, _fault(error)) from error
    except json.JSONDecodeError as error:
        raise _damaged(file, f"it is no JSON from line {error.lineno}, column {error.colno} on") from error
    except UnicodeDecodeError as error:
        raise _damaged(file, f"it is not UTF-8 from byte {error.start} on") from error
    except RecursionError as error:
        raise _damaged(file, "it is nested without end") from error
    except OSError as error:
        raise _damaged(file, f"it cannot be read ({error.strerror})") from error
    if header.status not in set(Status):
        known = ", ".join(Status)
        raise _damaged(file, f"status: found {shown(header.status)}; expected one of {known}")
    return header


_EXPECTED = {
    "string": "text", "float": "a number", "finite": "a number", "int": "a whole number", "bool": "true or false",
    "dict": "an object", "model": "an object", "list": "a list", "none": "null",
}  # fmt: skip
"""What is expected where something else was found, by how pydantic's names of errors begin."""


def _fault(error: ValidationError) -> str:
    """Return in our words the first thing that is wrong with a header."""
    first = error.errors()[0]
    kind, where = str(first["type"]), ".".join(map(str, first["loc"])) or "the whole"
    if kind == "missing":
        return f"field {where} is missing"
    if kind == "extra_forbidden":
        return f"field {where} is none that this version knows"
    choices = str(first.get("ctx", {}).get("expected", ""))
    expected = choices or _EXPECTED.get(kind.split("_", maxsplit=1)[0], "another value")
    return f"{where}: found {shown(first['input'])}; expected {expected}"


def contents(folder: Path) -> str:
    """Return in words what a folder holds, for messages."""
    names = sorted(path.name for path in folder.iterdir())
    if not names:
        return "an empty folder"
    listed = ", ".join(names[:5])
    return f"a folder with {listed}, … ({len(names)} entries)" if len(names) > 5 else f"a folder with {listed}"


def _damaged(file: Path, what: str) -> PlanError:
    return PlanError(f"{file} is damaged: {what}. Plan again, or take the folder from where it came.")


def read_instance(folder: Path, header: PlanHeader) -> Instance:
    """Read the instance that the plan answers, under its scenario."""
    path = folder / INSTANCE_FOLDER
    if not path.is_dir():
        raise PlanError(f"{path} is missing: a plan folder holds the instance that it answers.")
    try:
        instance = load(path)
        scenario = header.options.get("scenario")
        return instance if scenario is None else instance.under(scenario)
    except InstanceError as error:
        raise PlanError(f"{path} is damaged. {error}") from error


def read_tables(folder: Path, declared: Mapping[str, Table]) -> dict[str, pd.DataFrame]:
    """Read all tables declared; the error lists everything found in any of them."""
    raw = Raw()
    for name in declared:
        file = folder / table_file(name)
        if not file.exists() and name in ADDED:
            continue
        if not file.exists():
            raw.cannot_read(name, "no such file", f"{file.name}, header only where there are no rows")
        elif (text := read_text(file, name, raw)) is not None:
            read_csv(text, name, raw)
    problems = list(raw.problems)
    tables = {}
    for name, table in declared.items():
        if name in raw.tables:
            frame, found = _typed(table, raw.tables[name])
            problems += found
            tables[name] = frame
    if problems:
        raise PlanError(_said(folder, problems))
    return tables


def _typed(table: Table, cells: RawTable) -> tuple[pd.DataFrame, list[Problem]]:
    """Return a table with its declared types, and what is wrong with it."""
    problems = [
        Problem(table.name, 1, name, "no such column", "every column of the contract")
        for name in table.columns
        if name not in cells.columns
    ]
    problems += [
        Problem(table.name, 1, name, "this column", "only the contract's columns", nearest(name, table.columns))
        for name in cells.columns
        if name not in table.columns
    ]
    if problems:
        return pd.DataFrame(), problems
    series = {}
    for name, column in table.columns.items():
        typed = convert(cells.columns[name], _loose(column), None)
        problems += _faults(table.name, name, typed, cells)
        series[name] = _series(typed)
    return pd.DataFrame(series), problems


def _loose(column: Column) -> Column:
    """Return the column without bounds: they are rules for `verify`, not marks of damage."""
    kind = dataclasses.replace(column.kind, least=None, above=None, most=None, period=False)
    return dataclasses.replace(column, kind=kind)


def _faults(table: str, name: str, typed: Typed, cells: RawTable) -> Iterable[Problem]:
    """Return the faults of one column as problems with rows and values."""
    values = cells.columns[name]
    for row, expected, advice in typed.faults:
        yield Problem(table, int(cells.lines[row]), name, shown(values[row] or None), expected, advice)


def _series(typed: Typed) -> pd.Series[Any]:
    """Return a converted column as a series; what was wrong in it has been reported."""
    if typed.numbers is not None:
        numbers = pd.Series(typed.numbers)
        return numbers.fillna(0).astype("int64") if typed.column.dtype == "int64" else numbers
    assert typed.codes is not None  # either numbers or codes, by the making of Typed
    words = np.array([*typed.words, None], dtype=object)
    return pd.Series(words[typed.codes], dtype="str")


def _said(folder: Path, problems: list[Problem]) -> str:
    """Return the message of a damaged folder: the first few problems and how many more there are."""
    lines = [f"{folder} is damaged:", *(f"  {problem}" for problem in problems[:MOST_PROBLEMS])]
    if len(problems) > MOST_PROBLEMS:
        lines.append(f"  … and {len(problems) - MOST_PROBLEMS} more.")
    return "\n".join([*lines, "Plan again, or take the folder from where it came."])
