"""Comparisons over whole columns, with the tolerance of the plan contract."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from coordination.verification.verdict import Violation

TOLERANCE = 1e-6
"""A rule holds if it is violated by no more than this times max(1, the largest number in it)."""

Numbers = npt.ArrayLike
Where = Mapping[str, Sequence[Any] | npt.NDArray[Any]]


class Findings:
    """The violations of one rule, and how many comparisons it made.

    Iterating gives the violations. Every method takes ``where``, the columns that say which row is
    compared, and a message in which ``{column}``, ``{found}``, ``{expected}`` and ``{amount}`` stand.

    Parameters
    ----------
    rule : str
        Name of the rule.
    """

    def __init__(self, rule: str) -> None:
        self.rule = rule
        self.compared = 0
        self._violations: list[Violation] = []

    def __iter__(self) -> Iterator[Violation]:
        return iter(self._violations)

    def __len__(self) -> int:
        return len(self._violations)

    def equal(self, where: Where, found: Numbers, expected: Numbers, message: str, *largest: Numbers) -> None:
        """Require ``found == expected``; ``largest`` are further numbers of the rule, for the tolerance."""
        left, right = _floats(found), _floats(expected)
        self._compare(where, left, right, np.abs(left - right), message, largest)

    def at_most(self, where: Where, found: Numbers, limit: Numbers, message: str, *largest: Numbers) -> None:
        """Require ``found <= limit``; an infinite limit always holds."""
        left, right = _floats(found), _floats(limit)
        excess = np.where(np.isposinf(right), 0.0, left - np.where(np.isinf(right), 0.0, right))
        self._compare(where, left, right, np.where(np.isneginf(right), np.inf, excess), message, largest)

    def at_least(self, where: Where, found: Numbers, limit: Numbers, message: str, *largest: Numbers) -> None:
        """Require ``found >= limit``."""
        left, right = _floats(found), _floats(limit)
        self._compare(where, left, right, right - left, message, largest)

    def require(self, where: Where, holds: npt.ArrayLike, message: str, amount: Numbers = 1.0) -> None:
        """Require a plain yes in every row; ``amount`` says by how much a no is wrong."""
        yes = np.asarray(holds, dtype=bool)
        self.compared += yes.size
        amounts = np.broadcast_to(_floats(amount), yes.shape)
        for row in np.flatnonzero(~yes):
            self._add(where, int(row), float(amounts[row]), message, {})

    def one(self, where: str, holds: bool, message: str, amount: float = 1.0) -> None:
        """Require a single yes about something that is not a row."""
        self.compared += 1
        if not holds:
            self._violations.append(Violation(self.rule, where, amount, message))

    def _compare(
        self,
        where: Where,
        found: npt.NDArray[np.float64],
        expected: npt.NDArray[np.float64],
        amount: npt.NDArray[np.float64],
        message: str,
        largest: tuple[Numbers, ...],
    ) -> None:
        found, expected, amount = np.broadcast_arrays(np.atleast_1d(found), expected, amount)
        scale = np.ones(amount.shape)
        for numbers in (found, expected, *largest):
            size = np.abs(_floats(numbers))
            # An unlimited limit is no large number: it must not widen the tolerance.
            scale = np.maximum(scale, np.where(np.isfinite(size), size, 1.0))
        self.compared += amount.size
        # Written so that a NaN anywhere is a violation.
        for row in np.flatnonzero(~(amount <= TOLERANCE * scale)):
            values = {"found": float(found[row]), "expected": float(expected[row])}
            self._add(where, int(row), float(amount[row]), message, values)

    def _add(self, where: Where, row: int, amount: float, message: str, values: Mapping[str, float]) -> None:
        named = {column: show(column, cells[row]) for column, cells in where.items()}
        place = ", ".join(f"{column} {value}" for column, value in named.items())
        figures = {key: show(key, value) for key, value in {**values, "amount": amount}.items()}
        text = message.format(**{**named, **figures})
        self._violations.append(Violation(self.rule, place, amount, text))


def show(column: str, value: Any) -> str:
    """Return a cell as a planner reads it: short numbers, ``never`` for goods that never expire."""
    if isinstance(value, str):
        return value
    number = float(value)
    if column == "expires" and not math.isfinite(number):
        return "never"
    if math.isnan(number):
        return "blank"
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else format(number, ".10g")


def _floats(numbers: Numbers) -> npt.NDArray[np.float64]:
    return np.asarray(numbers, dtype=np.float64)
