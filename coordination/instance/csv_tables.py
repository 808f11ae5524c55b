"""CSV tables: every cell is text as written, every row keeps its line."""

import csv
import io
from typing import Any

import numpy as np

from coordination.errors import Problem
from coordination.instance.raw import Raw, RawTable

LONGEST_CELL = 2**31 - 1
"""Lists of places may be long: no cell is refused for its length."""


def read_csv(text: str, table: str, raw: Raw) -> None:
    """Read one CSV table into `raw`.

    Parameters
    ----------
    text : str
        The file's content.
    table : str
        Name of the table.
    raw : Raw
        Receives the table and what is wrong with it.
    """
    previous = csv.field_size_limit(LONGEST_CELL)
    try:
        rows, lines = _records(text)
    except csv.Error as error:
        raw.cannot_read(table, f"broken quoting ({error})", "cells separated by commas, quotes doubled inside quotes")
        return
    finally:
        csv.field_size_limit(previous)
    if not rows:
        raw.cannot_read(table, "an empty file", "a header row", "Fill it, or remove the file.")
        return
    names = rows[0]
    if len(names) == 1 and (other := next((mark for mark in ";\t|" if mark in names[0]), None)):
        advice = f"It seems to use {other!r}: save it with commas."
        raw.cannot_read(table, f"one column {names[0][:40]!r}", "columns separated by commas", advice, 1)
        return
    read_rows(names, rows[1:], lines[1:], table, raw)


def _records(text: str) -> tuple[list[list[str]], list[int]]:
    """Split into records, each with the line on which it begins; empty lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, lines, before = [], [], 0
    for row in reader:
        if row:
            rows.append(row)
            lines.append(before + 1)
        before = reader.line_num
    return rows, lines


def read_rows(names: list[Any], rows: list[list[Any]], lines: list[int], table: str, raw: Raw) -> None:
    """Turn rows of cells into a table on `raw`; rows of another length than the header are reported.

    Parameters
    ----------
    names : list
        The header row.
    rows : list of list
        Cells row by row; rows without any content are passed over.
    lines : list of int
        Line of each row.
    table : str
        Name of the table.
    raw : Raw
        Receives the table and what is wrong with it.
    """
    names = [str(name) if name is not None else "" for name in names]
    while names and not names[-1] and all(len(row) < len(names) or row[len(names) - 1] in ("", None) for row in rows):
        names.pop()
        rows = [row[: len(names)] if len(row) == len(names) + 1 else row for row in rows]
    if fault := _header_fault(names):
        raw.cannot_read(table, *fault, 1)
        return
    width, whole = len(names), True
    if set(map(len, rows)) - {width} or any(row[0] in ("", None) for row in rows):
        kept = []
        for row, line in zip(rows, lines, strict=True):
            if all(cell in ("", None) for cell in row):
                continue
            if len(row) == width:
                kept.append((row, line))
                continue
            whole = False
            advice = "Is a comma missing, or one too many? Put text with commas in quotes."
            raw.problems.append(
                Problem(table, line, None, f"{len(row)} cells", f"{width} cells, as the header", advice)
            )
        rows, lines = [row for row, _ in kept], [line for _, line in kept]
    cells = list(zip(*rows, strict=True)) if rows else [()] * width
    raw.tables[table] = RawTable(dict(zip(names, cells, strict=True)), np.array(lines, dtype=np.int64), whole)


def _header_fault(names: list[str]) -> tuple[str, str, str] | None:
    if not names:
        return "an empty header row", "column names", "Write the column names into the first row."
    if "" in names:
        place = names.index("") + 1
        return f"no name over column {place}", "a name over every column", "Name the column, or remove it."
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        return f"column {twice!r} twice", "each column once", "Remove or rename one of them."
    return None
