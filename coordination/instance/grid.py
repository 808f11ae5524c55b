"""Rows of cells under a header row become columns, whatever file they come from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coordination.errors import Problem, shown
from coordination.instance.raw import Raw, RawTable

EMPTY = ("", None)

MOST_WORDS = 20_000
"""Distinct cells of a column that are kept once only; equal cells are then one object, and quick to compare."""


class Grid:
    """A table that grows by blocks of rows.

    Rows without any content are passed over; rows that do not fit the header are reported, and the table is
    then not checked against. Empty cells beyond the header are ignored.

    Parameters
    ----------
    table : str
        Name of the table.
    names : sequence
        The header row.
    raw : Raw
        Receives the table and what is wrong with it.
    text : bool
        Whether every cell is text: among numbers, 1 and true are equal and must stay apart.
    """

    def __init__(self, table: str, names: Sequence[Any], raw: Raw, text: bool = False) -> None:
        self._table, self._raw, self._text = table, raw, text
        self._names = ["" if name is None else str(name) for name in names]
        while self._names and not self._names[-1]:
            self._names.pop()
        self._columns: list[list[Any]] = [[] for _ in self._names]
        self._words: list[dict[Any, Any]] = [{} for _ in self._names]
        self._lines: list[NDArray[np.int64]] = []
        self._complete = True

    def add(self, rows: list[list[Any]], lines: NDArray[np.int64]) -> None:
        """Add a block of rows.

        Parameters
        ----------
        rows : list of list
            Cells row by row.
        lines : ndarray of int64, shape (rows,)
            Line of each row in the file.
        """
        if set(map(len, rows)) != {len(self._names)} or any(row[0] in EMPTY for row in rows):
            kept = [place for place, row in enumerate(rows) if self._fits(row, int(lines[place]))]
            rows, lines = [rows[place][: len(self._names)] for place in kept], lines[kept]
        if rows:
            for column, words, cells in zip(self._columns, self._words, zip(*rows, strict=True), strict=True):
                column.extend(map(words.setdefault, cells, cells) if self._text and len(words) < MOST_WORDS else cells)
            self._lines.append(lines)

    def _fits(self, row: list[Any], line: int) -> bool:
        """Whether a row has content and the header's length; report it when it has another one."""
        if all(cell in EMPTY for cell in row):
            return False
        width = len(self._names)
        if len(row) >= width and all(cell in EMPTY for cell in row[width:]):
            return True
        self._complete = False
        advice = "Is a comma missing, or one too many? Put text with commas in quotes."
        expected = f"{width} cells, as the header"
        self._raw.problems.append(Problem(self._table, line, None, f"{len(row)} cells", expected, advice))
        return False

    def finish(self) -> None:
        """Put the table on `raw`, or report why its header cannot be read."""
        if fault := self._header_fault():
            self._raw.cannot_read(self._table, *fault, 1)
            return
        lines = np.concatenate(self._lines) if self._lines else np.zeros(0, dtype=np.int64)
        columns = dict(zip(self._names, self._columns, strict=True))
        self._raw.tables[self._table] = RawTable(columns, lines, self._complete)

    def _header_fault(self) -> tuple[str, str, str] | None:
        names = self._names
        if not names:
            return "an empty header row", "column names", "Write the column names into the first row."
        if "" in names:
            place = names.index("") + 1
            return f"no name over column {place}", "a name over every column", "Name the column, or remove it."
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            return f"column {shown(twice)} twice", "each column once", "Remove or rename one of them."
        return None
