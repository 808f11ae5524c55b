"""Cells as read become typed columns; what cannot is named cell by cell.

Columns are converted as columns: a million cells take a few tenths of a second. Only when something in a
column is unusual are its cells looked at one by one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coordination.instance.columns import ID_RULE, Column, Kind, expectation
from coordination.instance.names import nearest
from coordination.instance.raw import Cells

PLAIN_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
LARGEST = 1e18
"""No number of an instance is larger: a solver could not tell it from infinity, nor its last digit from none."""
SMALLEST = 1e-9
"""No number that must be above 0 is smaller: dividing by it would leave all measure."""
LARGEST_WHOLE = 2.0**53
"""Whole numbers beyond this are not exact in float64."""

LARGEST_ID_NUMBER = 10**15
"""Spreadsheets keep 15 digits: a longer number in an id column has lost its last digits already."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no table format can carry, tab and line break aside."""

TRUTH = {"true": 1.0, "yes": 1.0, "1": 1.0, "1.0": 1.0, "false": 0.0, "no": 0.0, "0": 0.0, "0.0": 0.0}


@dataclass
class Typed:
    """A column with its kind applied, absent cells not yet filled.

    Attributes
    ----------
    column : Column
        Its declaration.
    absent, bad : ndarray of bool, shape (rows,)
        Cells that were empty; cells that were reported (and hold nothing usable).
    numbers : ndarray of float64, shape (rows,), or None
        Values of number, whole and yes/no columns, NaN where absent without default or bad.
    codes : ndarray of int64, shape (rows,), or None
        For text: positions in ``words``, −1 where absent without default or bad.
    words : list of str
        The distinct texts.
    faults : list of (int, str, str)
        Row position, what was expected, advice.
    """

    column: Column
    absent: NDArray[np.bool_]
    bad: NDArray[np.bool_]
    numbers: NDArray[np.float64] | None = None
    codes: NDArray[np.int64] | None = None
    words: list[str] = field(default_factory=list)
    faults: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Cells that hold a value, given or by default."""
        if self.codes is not None:
            return ~self.bad & (self.codes >= 0)
        return ~self.bad & ~np.isnan(self.floats)

    @property
    def floats(self) -> NDArray[np.float64]:
        """Numbers of the column; all NaN for a column of text."""
        return np.full(len(self.bad), np.nan) if self.numbers is None else self.numbers

    def blame(self, rows: NDArray[Any] | Sequence[int], expected: str, advice: str = "") -> None:
        """Mark cells as wrong.

        Parameters
        ----------
        rows : sequence of int
            Row positions.
        expected, advice : str
            For the message.
        """
        self.faults += [(int(row), expected, advice) for row in rows]
        self.bad[rows] = True


def convert(cells: Cells, column: Column, periods: int | None) -> Typed:
    """Apply a column's kind to its cells.

    Parameters
    ----------
    cells : Cells, shape (rows,)
        The cells as read.
    column : Column
        The declaration.
    periods : int or None
        Length of the horizon; None when it is not known, periods are then not checked against it.

    Returns
    -------
    Typed
        Values, and the faults found.
    """
    kind = column.kind
    if kind.period and periods is not None:
        kind = replace(kind, most=periods - 1)
    if kind.writing in ("number", "whole"):
        typed = _numbers(cells, column, kind)
    elif kind.writing == "yesno":
        typed = _truths(cells, column)
    else:
        typed = _texts(cells, column)
    if column.required:
        typed.blame(np.flatnonzero(typed.absent), expectation(kind), "This column must not be empty.")
    elif column.default is not None:
        _fill(typed, column.default)
    return typed


def _fill(typed: Typed, default: Any) -> None:
    """Put a constant default into the absent cells; ``absent`` keeps telling which they were."""
    if typed.codes is not None:
        if default not in typed.words:
            typed.words.append(default)
        typed.codes[typed.absent] = typed.words.index(default)
    elif typed.numbers is not None:
        typed.numbers[typed.absent] = float(default)


# ----------------------------------------------------------------------------------------------- numbers


def _numbers(cells: Cells, column: Column, kind: Kind) -> Typed:
    values, absent, wrong = _floats(cells)
    typed = Typed(column, absent, np.zeros(len(values), dtype=bool), numbers=values)
    expected = expectation(kind)
    for row in np.flatnonzero(wrong).tolist():
        typed.blame([row], expected, _number_advice(cells[row]))
    fine = typed.usable
    with np.errstate(invalid="ignore"):
        if kind.writing == "whole":
            typed.blame(
                np.flatnonzero(fine & (values != np.floor(values))), expected, "Fractions have no meaning here."
            )
            typed.blame(np.flatnonzero(fine & (np.abs(values) > LARGEST_WHOLE)), expected, "It is too large.")
        beyond = fine & ~typed.bad & (np.abs(values) > LARGEST)
        typed.blame(np.flatnonzero(beyond), expected, f"Nothing is larger than {LARGEST:g}: is the unit right?")
        low = np.zeros(len(values), dtype=bool)
        if kind.least is not None:
            low |= values < kind.least
        if kind.above is not None:
            low |= values <= kind.above
            tiny = fine & ~typed.bad & (values > kind.above) & (values < kind.above + SMALLEST)
            typed.blame(np.flatnonzero(tiny), expected, f"It is smaller than {SMALLEST:g}: is the unit right?")
        if kind.most is not None:
            low |= values > kind.most
    typed.blame(np.flatnonzero(typed.usable & low), expected, _range_advice(kind))
    values[typed.bad] = np.nan
    values += 0.0  # minus zero and zero are one number
    return typed


def _floats(cells: Cells) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Values, absent cells and wrong cells of a column of numbers."""
    if isinstance(cells, np.ndarray) and cells.dtype.kind in "fiu":
        values = cells.astype(np.float64)
        absent = np.isnan(values)
        return values, absent, np.isinf(values)
    kinds = set(map(type, cells))
    found = None
    if kinds <= {str}:
        found = _floats_of_text(cells)
    elif kinds <= {int, float, type(None)}:
        found = _floats_of_numbers(cells)
    values, absent = found if found is not None else _floats_one_by_one(cells)
    return values, absent, ~np.isfinite(values) & ~absent


def _floats_of_text(cells: Cells) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
    """Numbers written as text, or None when some cell needs a closer look."""
    together = "".join(cells)
    if not together.isascii() or "_" in together:  # float() takes 1_000 and digits of other scripts; we do not
        return None
    try:
        values = np.fromiter(map(float, cells), dtype=np.float64, count=len(cells))
        return values, np.zeros(len(cells), dtype=bool)
    except ValueError:
        pass
    try:
        values = np.array([float(cell or "nan") for cell in cells], dtype=np.float64)
        return values, np.array([not cell for cell in cells], dtype=bool)
    except ValueError:
        return None


def _floats_of_numbers(cells: Cells) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
    absent = np.array([cell is None for cell in cells], dtype=bool)
    try:
        return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64), absent
    except OverflowError:
        return None


def _floats_one_by_one(cells: Cells) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    absent = np.array([_is_blank(cell) for cell in cells], dtype=bool)
    values = np.array(
        [np.nan if blank else _one_float(cell) for cell, blank in zip(cells, absent, strict=True)], dtype=np.float64
    )
    return values, absent


def _is_blank(cell: Any) -> bool:
    return cell is None or cell is pd.NA or (isinstance(cell, str) and not cell.strip())


def _is_nan(cell: Any) -> bool:
    return isinstance(cell, float) and np.isnan(cell)


def _one_float(cell: Any) -> float:
    """Read the number in a cell, NaN when there is none."""
    if isinstance(cell, str):
        return float(cell) if PLAIN_NUMBER.fullmatch(cell.strip(" \t")) else np.nan
    if isinstance(cell, Real) and not isinstance(cell, bool | np.bool_):
        try:
            return float(cell)
        except OverflowError:
            return np.nan
    return np.nan


def _number_advice(cell: Any) -> str:
    if isinstance(cell, str) and re.search(r"\d[,_' ]\d", cell):
        return "Write numbers without thousands separators and with a decimal point."
    if isinstance(cell, str) and cell.strip().lower() in ("na", "n/a", "nan", "null", "none", "-"):
        return "Leave the cell empty where there is no value."
    return "Write a plain finite number such as 12.5 or 3."


def _range_advice(kind: Kind) -> str:
    if kind.period and kind.most is not None:
        return f"Periods are numbered from 0 to {kind.most:g}."
    return "Correct the value."


def _truths(cells: Cells, column: Column) -> Typed:
    if isinstance(cells, np.ndarray) and cells.dtype.kind == "b":
        size = len(cells)
        nothing = np.zeros(size, dtype=bool)
        return Typed(column, nothing, nothing.copy(), numbers=cells.astype(np.float64))
    absent = np.array([_is_blank(cell) or _is_nan(cell) for cell in cells], dtype=bool)
    values = np.array([TRUTH.get(str(cell).strip().lower(), np.nan) for cell in cells], dtype=np.float64)
    typed = Typed(column, absent, np.zeros(len(cells), dtype=bool), numbers=values)
    typed.blame(np.flatnonzero(np.isnan(values) & ~absent), column.expected)
    return typed


# -------------------------------------------------------------------------------------------------- text


def _texts(cells: Cells, column: Column) -> Typed:
    plain, odd = _as_text(cells)
    codes, found = pd.factorize(plain)
    words = [str(word) for word in found]
    typed = Typed(column, codes < 0, np.zeros(len(plain), dtype=bool), words=words)
    for row, advice in odd:
        typed.absent[row] = False
        typed.blame([row], column.expected, advice)
    if "" in words:
        empty = codes == words.index("")
        typed.absent |= empty
        codes[empty] = -1
    faults = _text_faults(words, column)
    wrong = np.zeros(len(words) + 1, dtype=bool)  # the last one stands for code -1
    wrong[list(faults)] = True
    for row in np.flatnonzero(wrong[codes]).tolist():
        typed.blame([row], *faults[int(codes[row])])
    if column.kind.writing == "text":
        typed.words = [word.replace("\r\n", "\n").replace("\r", "\n") for word in words]
    codes[typed.bad] = -1
    typed.codes = codes.astype(np.int64)
    return typed


def _as_text(cells: Cells) -> tuple[NDArray[Any], list[tuple[int, str]]]:
    """Cells as text or None; positions of those that are neither text nor a whole number, with advice."""
    plain = np.fromiter(cells, dtype=object, count=len(cells))
    odd: list[tuple[int, str]] = []
    if isinstance(cells, np.ndarray):
        plain[pd.isna(plain)] = None  # in frames NaN is how an absent text is written
    if set(map(type, plain.tolist())) <= {str, type(None)}:
        return plain, odd
    for row, cell in enumerate(plain.tolist()):
        if isinstance(cell, str):
            continue
        plain[row] = None
        if isinstance(cell, Integral) and not isinstance(cell, bool):
            if abs(int(cell)) < LARGEST_ID_NUMBER:
                plain[row] = str(int(cell))
            else:
                odd.append((row, "Long numbers lose digits in spreadsheets: write it as text."))
        elif not (_is_blank(cell) or _is_nan(cell)):
            odd.append((row, f"It was read as {type(cell).__name__}: write it as text."))
    return plain, odd


def _text_faults(words: list[str], column: Column) -> dict[int, tuple[str, str]]:
    """Faults by position of the word; a table of a million good ids is passed at a glance."""
    writing = column.kind.writing
    if writing in ("id", "text"):
        together = "".join(words)
        if not (CONTROL.search(together) or UNSPEAKABLE.search(together)) and (
            writing == "text" or (";" not in together and all(word == word.strip() for word in words))
        ):
            return {}
    faults = ((code, _text_fault(word, column)) for code, word in enumerate(words) if word)
    return {code: fault for code, fault in faults if fault is not None}


def _text_fault(word: str, column: Column) -> tuple[str, str] | None:
    """Say what was expected instead of a text, and advice; None when it is fine."""
    kind = column.kind
    if UNSPEAKABLE.search(word):
        return "text without control characters", "Write the cell anew."
    if kind.writing == "choice" and word not in kind.among:
        return column.expected, nearest(word, kind.among)
    if kind.writing == "list" and not (word == "*" and not kind.among):
        return _list_fault(word, column)
    if kind.writing == "id" and (";" in word or CONTROL.search(word) or word != word.strip()):
        return ID_RULE, "Remove blanks around it, semicolons and line breaks."
    return None


def _list_fault(word: str, column: Column) -> tuple[str, str] | None:
    items = word.split(";")
    if "" in items:
        return column.expected, "There is a ; too many."
    if "*" in items and not column.kind.among:
        return column.expected, "* stands alone or not at all."
    if len(set(items)) < len(items):
        return column.expected, "Name each only once."
    unknown = [item for item in items if column.kind.among and item not in column.kind.among]
    return (column.expected, nearest(unknown[0], column.kind.among)) if unknown else None
