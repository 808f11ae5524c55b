"""The stochastic file: what is uncertain in the core, as scenarios, independent numbers, or independent blocks.

In a block, numbers that a later realisation does not name are those of the block's first; in a scenario, those of the
one it branches from; else those of the core.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from coordination.errors import UsageError
from coordination.twostage.smps.lines import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coordination.twostage.smps.core import Core
    from coordination.twostage.smps.lines import Line

MOST_SCENARIOS = 100_000
"""Combinations of independent numbers up to which all of them are scenarios."""

RHS = ""
"""Column under which changes of right-hand sides stand."""

Changes = dict[tuple[str, str], float]
"""New number by (column, row); of a right-hand side by ("", row)."""

WAYS = ("REPLACE", "ADD", "MULTIPLY")


@dataclass
class Realisation:
    """One outcome of one block: how likely it is, what it changes."""

    probability: float
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One scenario: its name, how likely it is, what it changes in the core."""

    name: str
    probability: float
    changes: Changes


def read_cases(path: Path, core: Core, draws: int | None, seed: int) -> list[Case]:
    """Read a stochastic file as scenarios.

    Parameters
    ----------
    path : Path
        The file.
    core : Core
        The program it is about.
    draws : int, optional
        Draw so many equally likely scenarios from independent numbers and blocks instead of taking all combinations.
    seed : int
        Of the draws.

    Returns
    -------
    list of Case
        In the file's order; combinations with the last block changing fastest.

    Raises
    ------
    UsageError
        If a line makes no sense, a distribution is continuous, or there are too many combinations to take all.
    """
    reader = _Reader(core)
    for line in lines_of(path):
        if line.header:
            if line.fields[0].upper() == "ENDATA":
                break
            reader.begin(line)
        else:
            reader.read(line)
    if reader.cases and reader.blocks:
        raise UsageError(f"{path.name}: found SCENARIOS beside INDEP or BLOCKS; expected one of both")
    if reader.cases:
        return list(reader.cases.values())
    return list(_combined(path.name, list(reader.blocks.values()), draws, seed))


class _Reader:
    """State of reading one stochastic file."""

    def __init__(self, core: Core) -> None:
        self.core, self.section, self.way = core, "", "REPLACE"
        self.columns = set(core.columns)
        self.cases: dict[str, Case] = {}
        self.blocks: dict[str, list[Realisation]] = {}
        self.now: Changes | None = None
        self.base: Changes = {}

    def begin(self, line: Line) -> None:
        """Begin a section."""
        self.section, words = line.fields[0].upper(), [word.upper() for word in line.fields[1:]]
        if self.section == "STOCH":
            return
        if self.section not in {"SCENARIOS", "INDEP", "BLOCKS"}:
            raise line.wrong("STOCH, SCENARIOS, INDEP, BLOCKS or ENDATA")
        kinds = [word for word in words if word not in WAYS]
        if kinds not in ([], ["DISCRETE"]):
            raise line.wrong("DISCRETE: continuous distributions are not read, draw from them first")
        self.way = next((word for word in words if word in WAYS), "REPLACE")
        self.now = None

    def read(self, line: Line) -> None:
        """Read a line of the section at hand."""
        if self.section == "INDEP":
            self._independent(line)
        elif line.fields[0].upper() == "SC" and self.section == "SCENARIOS":
            self._scenario(line)
        elif line.fields[0].upper() == "BL" and self.section == "BLOCKS":
            self._block(line)
        elif self.now is None:
            raise line.wrong("a section, then SC or BL, first")
        else:
            for change in self._changes(line, line.fields):
                self.now.update([change])

    def _scenario(self, line: Line) -> None:
        if len(line.fields) not in {4, 5}:
            raise line.wrong("SC, a name, what it branches from, a probability, a period")
        _, name, root, probability = line.fields[:4]
        if name in self.cases:
            raise line.wrong("another name: this scenario is there already")
        if root.upper() != "ROOT" and root not in self.cases:
            raise line.wrong(f"ROOT or a scenario before it; {root!r} is none")
        self.base = {} if root.upper() == "ROOT" else self.cases[root].changes
        self.now = dict(self.base)
        self.cases[name] = Case(name, line.number_of(probability), self.now)

    def _block(self, line: Line) -> None:
        if len(line.fields) not in {3, 4}:
            raise line.wrong("BL, a name, a period, a probability")
        name, probability = line.fields[1], line.fields[-1]
        block = self.blocks.setdefault(f"BL {name}", [])
        self.base = {}
        self.now = dict(block[0].changes) if block else {}
        block.append(Realisation(line.number_of(probability), self.now))

    def _independent(self, line: Line) -> None:
        if len(line.fields) not in {4, 5}:
            raise line.wrong("a column, a row, a number, a period, a probability")
        self.base = {}
        (change,) = self._changes(line, line.fields[:3])
        (column, row), value = change
        block = self.blocks.setdefault(f"{column} {row}", [])
        block.append(Realisation(line.number_of(line.fields[-1]), {(column, row): value}))

    def _changes(self, line: Line, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, str], float]]:
        """Yield what a line changes."""
        column, pairs = words[0], words[1:]
        if len(words) == 2 and words[0] in self.core.senses:
            column, pairs = RHS, words
        if len(pairs) % 2 or not pairs:
            raise line.wrong("a column (or the right-hand side), then pairs of a row and a number")
        for row, word in zip(pairs[::2], pairs[1::2], strict=True):
            if row not in self.core.senses:
                raise line.wrong(f"a row of the core; {row!r} is none")
            where = (column if column in self.columns else RHS, row)
            yield where, self._changed(line, where, line.number_of(word))

    def _changed(self, line: Line, where: tuple[str, str], value: float) -> float:
        if self.way == "REPLACE":
            return value
        column, row = where
        known = self.core.rhs.get(row, 0.0) if column == RHS else self.core.entries.get(where, 0.0)
        before = self.base.get(where, known)
        return before + value if self.way == "ADD" else before * value


def _combined(file: str, blocks: list[list[Realisation]], draws: int | None, seed: int) -> Iterator[Case]:
    """Yield all combinations of independent blocks, or draws from them."""
    if not blocks:
        raise UsageError(f"{file}: found nothing uncertain; expected SCENARIOS, INDEP or BLOCKS")
    for block in blocks:
        total = sum(one.probability for one in block)
        if abs(total - 1.0) > 1e-6:
            raise UsageError(f"{file}: the probabilities of one block sum to {total:.9g}; expected 1")
    if draws is not None:
        yield from _drawn(blocks, draws, seed)
        return
    count = math.prod(len(block) for block in blocks)
    if count > MOST_SCENARIOS:
        raise UsageError(
            f"{file}: independent numbers combine to {count:,} scenarios; expected at most {MOST_SCENARIOS:,}."
            f" Draw some of them: draws=1000"
        )
    for number, combination in enumerate(itertools.product(*blocks), start=1):
        changes: Changes = {}
        for one in combination:
            changes |= one.changes
        yield Case(f"S{number}", math.prod(one.probability for one in combination), changes)


def _drawn(blocks: list[list[Realisation]], draws: int, seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed)
    shares = [np.array([one.probability for one in block]) for block in blocks]
    picks = [rng.choice(len(p), size=draws, p=p / p.sum()) for p in shares]
    for number in range(draws):
        changes: Changes = {}
        for block, pick in zip(blocks, picks, strict=True):
            changes |= block[pick[number]].changes
        yield Case(f"D{number + 1}", 1.0 / draws, changes)
