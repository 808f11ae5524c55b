"""CSV tables: every cell is text as written, every row keeps its line."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from coordination.instance.grid import Grid
from coordination.instance.raw import Raw

LONGEST_CELL = 2**31 - 1
"""Lists of places may be long: no cell is refused for its length."""

BLOCK = 500
"""Rows held as rows at a time: so few that the garbage collector never runs over them (four times quicker)."""

LINE_BREAK = re.compile(r"\r\n|\r|\n")


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
        _read(text, table, raw)
    except csv.Error as error:
        raw.tables.pop(table, None)
        raw.cannot_read(table, f"broken quoting ({error})", "cells separated by commas, quotes doubled inside quotes")
    finally:
        csv.field_size_limit(previous)


def _read(text: str, table: str, raw: Raw) -> None:
    blocks = _blocks(text)
    first, line = next(((rows, lines) for rows, lines in blocks), ([], None))
    if line is None:
        raw.cannot_read(table, "an empty file", "a header row", "Fill it, or remove the file.")
        return
    names = first[0]
    if len(names) == 1 and (other := next((mark for mark in ";\t|" if mark in names[0]), None)):
        advice = f"It seems to use {other!r}: save it with commas."
        raw.cannot_read(table, f"one column {names[0][:40]!r}", "columns separated by commas", advice, 1)
        return
    grid = Grid(table, names, raw, text=True)
    for rows, lines in blocks:
        grid.add(rows, lines)
    grid.finish()


def _blocks(text: str) -> Iterator[tuple[list[list[str]], NDArray[np.int64]]]:
    """Give the records in blocks, each with the lines on which they begin; the header is a block of its own."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    size, before = 1, 0
    while rows := list(islice(reader, size)):
        spans = np.ones(len(rows), dtype=np.int64)
        if reader.line_num - before != len(rows):  # some cell holds a line break
            spans += [sum(len(LINE_BREAK.findall(cell)) for cell in row) for row in rows]
        begins = before + 1 + np.cumsum(spans) - spans
        before = reader.line_num
        if size == 1 and not rows[0]:
            continue  # empty lines before the header
        size = BLOCK
        yield rows, begins
