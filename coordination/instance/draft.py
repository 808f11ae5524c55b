"""Tables under check: typed columns, the lines they came from, and the problems found so far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coordination.errors import Problem, shown
from coordination.instance.conversion import Typed
from coordination.instance.tables import Table

Rows = NDArray[np.bool_]
"""A mask over the rows of a table."""


@dataclass
class Draft:
    """One table under check.

    Attributes
    ----------
    table : Table
        Its declaration.
    typed : dict of str to Typed
        Columns that could be read, by name.
    lines : ndarray of int64, shape (rows,)
        Line of each row in the file.
    complete : bool
        False when the table, some rows or its id column could not be read: it is then not checked against.
    """

    table: Table
    typed: dict[str, Typed]
    lines: NDArray[np.int64]
    complete: bool = True

    def __len__(self) -> int:
        return len(self.lines)

    def has(self, *columns: str) -> bool:
        """Whether all these columns were given."""
        return all(column in self.typed for column in columns)

    def usable(self, *columns: str) -> Rows:
        """Rows in which all these columns hold a value.

        Parameters
        ----------
        *columns : str
            Column names.

        Returns
        -------
        ndarray of bool, shape (rows,)
            All False when a column was not given.
        """
        mask = np.ones(len(self), dtype=bool)
        for column in columns:
            mask &= self.typed[column].usable if column in self.typed else False
        return mask

    def numbers(self, column: str) -> NDArray[np.float64]:
        """Values of a number column, NaN where absent or wrong.

        Parameters
        ----------
        column : str
            Its name.

        Returns
        -------
        ndarray of float64, shape (rows,)
            All NaN when the column was not given.
        """
        typed = self.typed.get(column)
        return np.full(len(self), np.nan) if typed is None or typed.numbers is None else typed.numbers

    def texts(self, column: str) -> NDArray[Any]:
        """Texts of a column, None where absent or wrong.

        Parameters
        ----------
        column : str
            Its name.

        Returns
        -------
        ndarray of object, shape (rows,)
            All None when the column was not given.
        """
        typed = self.typed.get(column)
        if typed is None or typed.codes is None:
            return np.full(len(self), None, dtype=object)
        return np.array([*typed.words, None], dtype=object)[typed.codes]

    def ids(self, column: str) -> dict[str, int]:
        """Ids of an id column with the position of their first row."""
        found: dict[str, int] = {}
        for row, word in enumerate(self.texts(column)):
            if word is not None:
                found.setdefault(word, row)
        return found


@dataclass
class Check:
    """All tables under check, and the problems found.

    Attributes
    ----------
    drafts : dict of str to Draft
        Every table of the contract; absent ones are empty.
    periods : int or None
        Length of the horizon, None when the header does not tell.
    weights : mapping of str to float, or None
        Group weights, None when the policy could not be read.
    problems : list of Problem
        Found so far.
    """

    drafts: dict[str, Draft]
    periods: int | None
    weights: Mapping[str, float] | None
    problems: list[Problem] = field(default_factory=list)

    def __getitem__(self, table: str) -> Draft:
        return self.drafts[table]

    def report(
        self,
        table: str,
        rows: Rows | Iterable[int],
        column: str | None,
        expected: str,
        advice: str | Sequence[str] = "",
        found: Mapping[int, str] | None = None,
    ) -> None:
        """Report rows that break a rule.

        Parameters
        ----------
        table : str
            The table.
        rows : ndarray of bool, shape (rows,), or iterable of int
            Rows that break it, as a mask or as positions.
        column : str or None
            The column to blame.
        expected : str
            What the rule asks for.
        advice : str or sequence of str
            For all rows alike, or for each row reported.
        found : mapping of int to str, optional
            What was found, by row position; default the column's value.
        """
        draft = self.drafts[table]
        rows = np.asarray(rows if isinstance(rows, np.ndarray) else list(rows))
        places = np.flatnonzero(rows) if rows.dtype == bool else rows
        if not len(places):
            return
        values = self.values(table, column) if found is None else found
        for order, row in enumerate(places.tolist()):
            hint = advice if isinstance(advice, str) else advice[order]
            self.problems.append(Problem(table, int(draft.lines[row]), column, said(values[row]), expected, hint))

    def problem(self, table: str, column: str | None, found: str, expected: str, advice: str = "") -> None:
        """Report a problem that is no single row's.

        Parameters
        ----------
        table : str
            The table, ``instance`` or ``policy``.
        column : str or None
            The column or key.
        found, expected, advice : str
            As in :class:`~coordination.errors.Problem`.
        """
        self.problems.append(Problem(table, None, column, found, expected, advice))

    def values(self, table: str, column: str | None) -> NDArray[Any]:
        """Values of a column for messages, texts or numbers."""
        draft = self.drafts[table]
        typed = draft.typed.get(column or "")
        if typed is not None and typed.numbers is not None:
            return typed.numbers
        return draft.texts(column or "")


def said(value: Any) -> str:
    """Show a typed value in a message: whole numbers without a point, absent ones as nothing.

    Parameters
    ----------
    value : object
        A text, a number, None or NaN.

    Returns
    -------
    str
        For messages.
    """
    if value is None or value != value:  # noqa: PLR0124 (only NaN differs from itself)
        return "nothing"
    if isinstance(value, float):
        return f"{int(value)}" if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    return shown(value)
