"""What can go wrong, by what the caller can do about it.

::

    CoordinationError            base: anything this package refuses
    ├── InstanceError            the given data are wrong: correct them (carries every problem found)
    ├── PlanError                a plan folder cannot be read or does not fit: plan again
    ├── SolverError              the solver failed: report it with the instance
    ├── UsageError               an option or argument makes no sense: call again, corrected
    └── WriteError               a file or folder cannot be written: choose another target
"""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN_OF_A_KIND = 3
"""How many problems of one kind the printed form shows before it counts the rest."""

LONGEST_VALUE = 60
"""Characters of a found value that messages show."""


class CoordinationError(Exception):
    """Anything this package refuses, with a message for people."""


class PlanError(CoordinationError):
    """A plan folder cannot be read, or does not belong to its instance."""


class SolverError(CoordinationError):
    """The solver failed in a way that no change of the data explains."""


class UsageError(CoordinationError):
    """An option or an argument is out of its range."""


class WriteError(CoordinationError):
    """A file or folder cannot be written, or would overwrite something that is not ours."""


def shown(value: object) -> str:
    """Show a found value in a message: quoted, on one line, cut when long.

    Parameters
    ----------
    value : object
        The value as it was read; None stands for an empty cell.

    Returns
    -------
    str
        ``'text'``, a number as written, or ``nothing``.
    """
    if value is None:
        return "nothing"
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 2] + "…'"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in the given data.

    Attributes
    ----------
    table : str
        Table, ``instance`` for the header, ``policy``, or a file's name where no table can be told.
    row : int or None
        Line in the file, the header being line 1; None when the problem is not one row's.
    column : str or None
        Column or key; None when the problem is not one column's.
    found : str
        The value found, as messages show it.
    expected : str
        What was expected instead.
    advice : str
        What to do next, or the nearest known name; may be empty.
    """

    table: str
    row: int | None
    column: str | None
    found: str
    expected: str
    advice: str = ""

    @property
    def kind(self) -> tuple[str, str | None, str]:
        """Problems of one kind differ only in row and value."""
        return (self.table, self.column, self.expected)

    def __str__(self) -> str:
        where = self.table
        if self.row is not None:
            where += f", row {self.row}"
        if self.column is not None:
            where += f", column {self.column}"
        text = f"{where}: found {self.found}; expected {self.expected}."
        return f"{text} {self.advice}" if self.advice else text


class InstanceError(CoordinationError):
    """The given data are wrong; all problems found are listed, not only the first.

    Parameters
    ----------
    problems : iterable of Problem
        Everything found, in the order of the tables.

    Attributes
    ----------
    problems : tuple of Problem
        The same, complete; the printed form shows the first few of each kind and counts the rest.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join([f"{_count(len(self.problems), 'problem')} in the instance:", *self.lines()])

    def lines(self) -> list[str]:
        """List the problems for people: the first few of each kind, then how many more there are.

        Returns
        -------
        list of str
            One line a problem, or a count of those not shown, in the order found.
        """
        kinds: dict[tuple[str, str | None, str], list[Problem]] = {}
        for problem in self.problems:
            kinds.setdefault(problem.kind, []).append(problem)
        lines = []
        for alike in kinds.values():
            lines += [f"  {problem}" for problem in alike[:SHOWN_OF_A_KIND]]
            if len(alike) > SHOWN_OF_A_KIND:
                more, last = len(alike) - SHOWN_OF_A_KIND, alike[-1]
                rows = "" if last.row is None else f", the last in row {last.row}"
                lines.append(f"  … and {more} more of this kind in {last.table}{rows}.")
        return lines


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
