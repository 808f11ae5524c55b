"""A smallest set of statements that cannot hold together.

Whether statements can hold together is asked of a function. First an irreducible set is found by halving (Junker, U.
(2004), QuickXplain, AAAI). It need not be a smallest one; that is looked for with hitting sets: whatever cannot hold
must contain one of the statements that each largest set that can hold leaves out (Ignatiev, A. et al. (2015), Smallest
MUS extraction with minimal hitting set dualization, CP). Where that takes too long, the irreducible set stays.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Holds = Callable[[frozenset[int]], bool]

QUESTIONS = 400
"""Most questions asked for a smallest set; then an irreducible one is as good."""


def smallest_conflict(number: int, holds: Holds, questions: int = QUESTIONS) -> frozenset[int]:
    """Return a smallest set of statements that cannot hold together; none of them can be left out.

    Parameters
    ----------
    number : int
        Statements, called 0, 1, …; all together they cannot hold.
    holds : callable
        Whether some of them can hold together.
    questions : int
        Most to ask; with 0 an irreducible set will do.

    Returns
    -------
    frozenset of int
        Cannot hold; without any one of them, it can (each is asked for).

    Examples
    --------
    >>> sorted(smallest_conflict(5, lambda some: not ({0, 1, 2} <= some or {3, 4} <= some)))
    [3, 4]
    """
    asked: dict[frozenset[int], bool] = {}

    def ask(some: frozenset[int]) -> bool:
        if some not in asked:
            asked[some] = holds(some)
        return asked[some]

    found = frozenset(_irreducible([], list(range(number)), ask, False))
    everything, left_out = frozenset(range(number)), list[frozenset[int]]()
    while len(asked) < questions:
        hitting = _smallest_hitting(left_out, len(found) - 1)
        if hitting is None:
            break  # nothing smaller exists
        if not ask(hitting):
            found = hitting
            break
        left_out.append(everything - _grown(hitting, sorted(everything - hitting), ask))
    return frozenset(one for one in found if ask(found - {one}))


def _irreducible(sure: list[int], open_: Sequence[int], ask: Holds, fresh: bool) -> list[int]:
    """Return those of `open_` that are needed so that, with those that are sure, they cannot hold."""
    if fresh and not ask(frozenset(sure)):
        return []
    if len(open_) == 1:
        return list(open_)
    half = len(open_) // 2
    one, other = open_[:half], open_[half:]
    second = _irreducible([*sure, *one], other, ask, bool(one))
    first = _irreducible([*sure, *second], one, ask, bool(second))
    return [*first, *second]


def _grown(some: frozenset[int], others: Sequence[int], ask: Holds) -> frozenset[int]:
    """Return a largest set that holds and contains `some`, adding others as many at once as hold."""
    if not others or ask(some | frozenset(others)):
        return some | frozenset(others)
    if len(others) == 1:
        return some
    half = len(others) // 2
    return _grown(_grown(some, others[:half], ask), others[half:], ask)


def _smallest_hitting(sets: Sequence[frozenset[int]], most: int) -> frozenset[int] | None:
    """Return a smallest set that has an element of each of `sets`; None where it needs more than `most`."""
    for size in count():
        if size > most:
            return None
        hitting = _hitting(sets, frozenset(), size)
        if hitting is not None:
            return hitting
    return None


def _hitting(sets: Sequence[frozenset[int]], some: frozenset[int], more: int) -> frozenset[int] | None:
    missed: list[frozenset[int]] = [one for one in sets if not one & some]
    if not missed:
        return some
    if more == 0:
        return None
    narrowest: frozenset[int] = min(missed, key=len)
    for element in sorted(narrowest):
        hitting = _hitting(missed, some | {element}, more - 1)
        if hitting is not None:
            return hitting
    return None
