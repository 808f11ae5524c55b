"""An instance as it was read, before any check: the one form that all four readers produce."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from coordination.errors import InstanceError, Problem

Cells = Sequence[Any] | NDArray[Any]
"""Cells of a column as read: text, numbers, truth values; None or an empty text where absent."""


@dataclass(frozen=True)
class Finding:
    """Something worth knowing that is not an error.

    Attributes
    ----------
    kind : str
        What sort of finding: encoding, defaults, deprivation, effort, interest, skill, scenario, …
    subject : str
        Table, or the thing it is about.
    message : str
        One sentence for people.
    """

    kind: str
    subject: str
    message: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.message}"


@dataclass(frozen=True)
class RawTable:
    """A table as it was read.

    Attributes
    ----------
    columns : mapping of str to Cells
        Cells by column name, all of one length.
    lines : ndarray of int64, shape (rows,)
        Line of each row in the file, the header being line 1.
    complete : bool
        False when some rows could not be read: the table is then not checked against.
    """

    columns: Mapping[str, Cells]
    lines: NDArray[np.int64]
    complete: bool = True


@dataclass
class Raw:
    """An instance as it was read, with what went wrong on the way.

    Attributes
    ----------
    header : dict
        Keys of the header as read, ``policy`` a nested mapping; empty when it could not be read.
    lines : dict of str to int
        Line of each key of the header in the file, policy keys as ``policy.key``.
    tables : dict of str to RawTable
        Tables that could be read, known or not.
    unreadable : set of str
        Names that were given and could not be read: reported once, not checked against.
    problems : list of Problem
        What could not be read.
    notices : list of Finding
        What was read in spite of something unusual.
    """

    header: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    tables: dict[str, RawTable] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)

    def cannot_read(self, table: str, found: str, expected: str, advice: str = "", row: int | None = None) -> None:
        """Note that a table (or the header: ``instance``) could not be read.

        Parameters
        ----------
        table : str
            Its name.
        found, expected, advice : str
            What was found, what was expected instead, what to do next.
        row : int, optional
            Line of the file where reading stopped.
        """
        self.unreadable.add(table)
        self.problems.append(Problem(table, row, None, found, expected, advice))

    def give_up(self, file: str, found: str, expected: str, advice: str = "", row: int | None = None) -> NoReturn:
        """Stop because the one file that holds everything could not be read.

        Parameters
        ----------
        file : str
            Its name.
        found, expected, advice : str
            What was found, what was expected instead, what to do next.
        row : int, optional
            Line of the file where reading stopped.

        Raises
        ------
        InstanceError
            Always.
        """
        raise InstanceError([*self.problems, Problem(file, row, None, found, expected, advice)])


def table_of(columns: Mapping[str, Cells], complete: bool = True) -> RawTable:
    """Make a table whose rows stand on the lines right after the header.

    Parameters
    ----------
    columns : mapping of str to Cells
        Cells by column name, all of one length.
    complete : bool
        False when some rows could not be read.

    Returns
    -------
    RawTable
        The table, its first row on line 2.
    """
    rows = len(next(iter(columns.values()))) if columns else 0
    return RawTable(columns, np.arange(2, rows + 2, dtype=np.int64), complete)
