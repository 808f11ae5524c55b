"""Workbooks: one sheet per table, ``instance`` with keys and values."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from coordination.errors import CoordinationError, Problem
from coordination.instance.grid import Grid
from coordination.instance.raw import Raw
from coordination.instance.tables import TABLES

PLANNED = ("summary", "shipments", "responsibilities")
"""Sheets by which the workbook of a plan is known; none of them is a table of an instance."""

LARGEST = 2 * 2**30
"""Bytes that the parts of a workbook may have unpacked; a small file can promise terabytes."""


def read_workbook(path: Path, raw: Raw) -> None:
    """Read a workbook into `raw`.

    Parameters
    ----------
    path : Path
        An ``.xlsx`` file.
    raw : Raw
        Receives header, tables and what is wrong with them.

    Raises
    ------
    CoordinationError
        If python-calamine is not installed.
    InstanceError
        If it is no workbook, or one that unpacks to more than :data:`LARGEST`.
    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise CoordinationError("Reading .xlsx needs python-calamine: pip install 'coordination[excel]'.") from error
    try:
        data = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > LARGEST:
            raw.give_up(path.name, f"a workbook of {size / 2**30:.1f} GB unpacked", "at most 2 GB", "Use a folder.")
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raw.give_up(path.name, f"a file that is no workbook ({error})", "an .xlsx workbook", "Save it anew.")
    if "instance" not in sheets and set(PLANNED) <= set(sheets):
        found, advice = "the workbook of a plan (--excel)", "The plan's folder has its instance: DIR/instance."
        raw.give_up(path.name, found, "the workbook of an instance", advice)
    _read_heading(sheets.pop("instance", None), raw)
    for name, rows in sheets.items():
        _read_sheet(name, rows, raw)


def _read_sheet(name: str, rows: list[list[Any]], raw: Raw) -> None:
    cells = [[_cell(value) for value in row] for row in rows]
    if not any(value is not None for row in cells for value in row):
        if name not in TABLES:
            return  # spreadsheets like to add empty sheets
        raw.cannot_read(name, "an empty sheet", "a header row", "Fill it, or remove the sheet.")
        return
    grid = Grid(name, cells[0], raw)
    grid.add(cells[1:], np.arange(2, len(cells) + 1, dtype=np.int64))
    grid.finish()


def _cell(value: Any) -> Any:
    """Turn whole numbers into int, so that an id has no point; empty cells into None."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value == "" else value


def _read_heading(rows: list[list[Any]] | None, raw: Raw) -> None:
    """Read the keys of the header; those of the policy stand as ``policy.key``."""
    if rows is None:
        raw.cannot_read("instance", "no sheet named instance", "a sheet with the columns key and value", "Add it.")
        return
    for row, (key, value) in _pairs(rows):
        if row == 1 and key == "key":
            continue
        name, target = str(key), raw.header
        for prefix in ("policy.", "group_weights.", "thresholds.", "change_cost."):
            if name.startswith(prefix):
                name = name.removeprefix(prefix)
                below = target.setdefault(prefix[:-1], {})
                target = below if isinstance(below, dict) else {}
        if name in target:
            advice = f"It stands in row {raw.lines.get(str(key), 1)} already: remove one."
            raw.problems.append(Problem("instance", row, str(key), "the key twice", "each key once", advice))
            continue
        raw.lines[str(key)] = row
        target[name] = _cell(value)


def _pairs(rows: list[list[Any]]) -> Iterable[tuple[int, tuple[Any, Any]]]:
    for row, cells in enumerate(rows, start=1):
        if any(cell != "" for cell in cells):
            padded = [*cells, "", ""]
            yield row, (padded[0], padded[1])
