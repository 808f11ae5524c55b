"""Generalised assignment problems as the OR-Library keeps them.

A problem is a row of numbers, however it is broken into lines: m n; m rows of n costs (or profits); m rows of n
resource uses; m capacities. A file holds problems one after the other, often after a number that says how many.
Small files fit both ways by chance, so a first line with one number alone always is that number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class GapProblem:
    """One problem.

    Attributes
    ----------
    name : str
        Of the file, with a number where it holds several.
    cost : ndarray, shape (agents, jobs)
        Cost or profit, as the direction says in which it is solved.
    use : ndarray, shape (agents, jobs)
        What a job takes of the agent's resource.
    capacity : ndarray, shape (agents,)
        What each agent has of it.
    """

    name: str
    cost: NDArray[np.float64]
    use: NDArray[np.float64]
    capacity: NDArray[np.float64]


def read_gap(path: Path) -> list[GapProblem]:
    """Read the problems of a file.

    Raises
    ------
    ValueError
        Words that are no numbers, negative uses or capacities, numbers missing or left over.
    """
    text = path.read_text(encoding="utf-8-sig")
    try:
        numbers = [float(word) for word in text.split()]
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}; expected numbers only") from error
    alone = len(text.strip().partition("\n")[0].split()) == 1
    problems = _counted(numbers) if alone else _problems(numbers) or _counted(numbers)
    if problems is None:
        raise ValueError(f"{path.name}: {len(numbers)} numbers that are no whole problems")
    names = [path.stem if len(problems) == 1 else f"{path.stem}-{number + 1}" for number in range(len(problems))]
    return [GapProblem(name, *parts) for name, parts in zip(names, problems, strict=True)]


Parts = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def _counted(numbers: Sequence[float]) -> list[Parts] | None:
    """Read a file whose first number says how many problems follow; None where it does not fit."""
    found = _problems(numbers[1:])
    return found if found is not None and len(found) == numbers[0] else None


def _problems(numbers: Sequence[float]) -> list[Parts] | None:
    """Read problem after problem up to the last number; None where it does not fit."""
    try:
        return list(_each(numbers)) or None
    except ValueError:
        return None


def _each(numbers: Sequence[float]) -> Iterator[Parts]:
    """Yield the parts of each problem; ValueError where numbers are missing or make no sense."""
    at = 0
    while at < len(numbers):
        agents, jobs = (int(number) for number in numbers[at : at + 2])
        if agents < 1 or jobs < 1 or [agents, jobs] != list(numbers[at : at + 2]):
            raise ValueError("agents and jobs are whole numbers from 1 on")
        cells, at = agents * jobs, at + 2
        body, at = np.array(numbers[at : at + 2 * cells + agents]), at + 2 * cells + agents
        if len(body) < 2 * cells + agents or (body[cells:] < 0).any() or not np.isfinite(body).all():
            raise ValueError("numbers are missing, negative or not finite")
        yield body[:cells].reshape(agents, jobs), body[cells : 2 * cells].reshape(agents, jobs), body[2 * cells :]
