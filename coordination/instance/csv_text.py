"""Tables as lines of CSV, column by column: each text is quoted once, however often it stands there.

The lines are those of Python's csv module with minimal quoting and line feeds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

EXACT_WHOLE = 1e15
"""Whole numbers below this are written without a point."""


def csv_lines(columns: Iterable[pd.Series[Any]], *, harmless: str = "") -> Iterator[str]:
    """Return the rows of a table as CSV, without line feeds.

    Parameters
    ----------
    columns : iterable of Series
        At least two, of equal length. Absent cells are empty, whole numbers are written without a point, other
        numbers so that they are read back exactly, truth values as true and false.
    harmless : str
        Characters before which a text that starts with them gets an apostrophe, so that no spreadsheet takes it for
        a formula.

    Returns
    -------
    iterator of str
        One text a row.
    """
    return map(",".join, zip(*(_cells(column, harmless) for column in columns), strict=True))


def csv_line(cells: Iterable[Any]) -> str:
    """Return one row as CSV, without a line feed."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()[:-1]


def _cells(column: pd.Series[Any], harmless: str) -> list[str]:
    if column.dtype == "bool":
        return ["true" if value else "false" for value in column.tolist()]
    if column.dtype == "int64":
        return list(map(str, column.tolist()))
    codes, values = column.factorize()
    texts = _numbers(values) if column.dtype == "float64" else [_text(value, harmless) for value in values]
    cells: list[str] = np.array([*texts, ""], dtype=object)[codes].tolist()  # −1, absent, is the last
    return cells


def _numbers(values: Any) -> list[str]:
    numbers = np.asarray(values, dtype=float)
    whole = (numbers == np.trunc(numbers)) & (np.abs(numbers) < EXACT_WHOLE)
    texts = np.array(list(map(repr, numbers.tolist())), dtype=object)
    texts[whole] = list(map(str, numbers[whole].astype(np.int64).tolist()))
    cells: list[str] = texts.tolist()
    return cells


def _text(value: Any, harmless: str) -> str:
    """Return a cell's text, quoted where it must be."""
    text = str(value)
    if harmless and text.startswith(tuple(harmless)):
        text = f"'{text}"
    return csv_line((text, ""))[:-1]
