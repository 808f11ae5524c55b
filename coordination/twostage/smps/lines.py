"""Lines of an MPS-like file: sections, and fields with where they stand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coordination.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNLIMITED = 1e20
"""Bounds from which on there is none."""


@dataclass(frozen=True)
class Line:
    """One line with something in it.

    Attributes
    ----------
    file : str
        Name of the file.
    number : int
        From 1 on.
    header : bool
        Whether it begins a section: something stands in the first column.
    fields : tuple of str
        Its words, quotes removed.
    """

    file: str
    number: int
    header: bool
    fields: tuple[str, ...]

    def wrong(self, expected: str) -> UsageError:
        """Return the error that says what was expected here instead."""
        return UsageError(f"{self.file}, line {self.number}: found {' '.join(self.fields)!r}; expected {expected}")

    def number_of(self, word: str) -> float:
        """Return a word as a number; what is very large is infinite.

        Raises
        ------
        UsageError
            If it is none.
        """
        try:
            value = float(word.replace("D", "E").replace("d", "e"))
        except ValueError:
            raise self.wrong(f"a number where {word!r} stands") from None
        if math.isnan(value):
            raise self.wrong("a number, not NaN")
        return math.copysign(math.inf, value) if abs(value) >= UNLIMITED else value


def lines_of(path: Path) -> Iterator[Line]:
    """Yield the lines of a file that are neither empty nor comments (``*`` first).

    Parameters
    ----------
    path : Path
        Text in UTF-8 or Latin-1.

    Raises
    ------
    UsageError
        If it cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("*"):
            continue
        words = tuple(word.strip("'\"") for word in line.split())
        yield Line(path.name, number, not line[0].isspace(), words)
