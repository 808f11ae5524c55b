"""Rounds of prices: the core posts, coalitions offer, the core clears; a bound in every round.

Before them coalitions say what they would do alone and what they miss (`opening`); the first prices are what that is
worth to those who would pay most, and answers to parts of them are heard too.

Dantzig–Wolfe by coalition, each part of a coalition a convexity row of its own. Prices posted lie between those of the
best bound so far and those of the last clearing (Wentges, P. (1997), Weighted Dantzig–Wolfe decomposition for linear
mixed-integer programming, International Transactions in Operational Research 4), which keeps them from swinging.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.planning.networked.coalition import reply
from coordination.planning.networked.opening import opening

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor
    from typing import Any

    from numpy.typing import NDArray

    from coordination.planning.networked.clearing import Clearing
    from coordination.planning.networked.coalition import Coalition, Offers, Reply
    from coordination.planning.networked.messages import Messages

    Floats = NDArray[np.float64]

LOG = logging.getLogger(__name__)
MOST_ROUNDS = 1000
CALM = 0.5
"""Share of the best prices so far in those that are posted."""
NEAR = 0.5
"""Distance of cost and bound, relative, from which on the best prices so far are heeded."""
LEAST_GAIN = 1e-12
"""Share of the cost by which a round has to lower it, or raise the bound, to have gone on."""
PRICES = ("row", "price")
STANDINGS = ("part", "cost")
OFFERS = ("part", "row", "quantity", "cost")
FIRST = (0.5, 0.9)
"""Parts of the first prices that are answered besides: what is worth most to one is worth less to others."""


@dataclass(frozen=True)
class Round:
    """What a round came to.

    Attributes
    ----------
    number : int
        From 1 on; 0 is what is known before prices.
    value : float
        Cost of what was cleared, money.
    bound : float
        Best so far: with these roles nothing costs less, money.
    offers : int
        Offers taken up.
    seconds : float
        Wall time since the first round began.
    """

    number: int
    value: float
    bound: float
    offers: int
    seconds: float


@dataclass(frozen=True)
class Traded:
    """How trade ended.

    Attributes
    ----------
    rounds : list of Round
        All rounds.
    done : list of ndarray
        What each coalition does, by its own columns.
    prices : ndarray
        Last prices of all rows of the clearing.
    """

    rounds: list[Round]
    done: list[Floats]
    prices: Floats


def ask(
    coalitions: Sequence[Coalition], posted: Sequence[tuple[Floats, Floats]], bases: Sequence[Any],
    executor: Executor | None,
) -> list[Reply]:  # fmt: skip
    """Return the answers of all coalitions, in their order, wherever the executor has them answered."""
    rows = zip(
        *[
            (one, *prices, basis)
            for one, prices, basis in zip((other.program for other in coalitions), posted, bases, strict=True)
        ],
        strict=True,
    )
    columns = [list(row) for row in rows]
    return list(map(reply, *columns) if executor is None else executor.map(reply, *columns))


def trade(
    coalitions: Sequence[Coalition], clearing: Clearing, constant: float, messages: Messages, *,
    rounds: int | None = None, gap: float = 1e-6, executor: Executor | None = None,
    over: Callable[[], bool] = lambda: False,
) -> Traded:  # fmt: skip
    """Trade until nobody offers what is better, the gap is proven, the rounds are over or the time is.

    Parameters
    ----------
    constant : float
        What roles and what lapses at the start cost in any case, money.
    rounds : int, optional
        Most rounds; as many as it takes by default.
    gap : float
        Distance of cost and bound, relative, at which it ends.
    executor : concurrent.futures.Executor, optional
        Who answers for the coalitions; this process by default. The result does not depend on it.
    over : callable
        Whether time is over.
    """
    began = time.monotonic()
    first, bound = opened(coalitions, clearing, messages, executor)
    value, cleared, x = clearing.clear()
    bound += constant
    history = [Round(0, value + constant, bound, clearing.offers, time.monotonic() - began)]
    prices, best = first, np.zeros_like(first)
    bases: list[Any] = [None] * len(coalitions)
    calm, most = CALM, MOST_ROUNDS if rounds is None else rounds
    for number in range(1, most + 1):
        if over():
            break
        # A bound that says little comes of prices that say little.
        steady = calm if value + constant - bound <= NEAR * abs(value + constant) else 0.0
        post = clearing.signed(steady * best + (1.0 - steady) * prices if steady else prices)
        posted = [
            (clearing.of(n, post), clearing.standing(n, _mixed(clearing, post, cleared)))
            for n in range(len(coalitions))
        ]
        replies = ask(coalitions, posted, bases, executor)
        bases = [answer.basis for answer in replies]
        if number == 1:
            for share in FIRST:
                answered_besides(coalitions, clearing, messages, share * post, bases, executor)
        found = sum(answer.value for answer in replies) + clearing.core_bound(post) + constant
        raised = found > bound
        if raised:
            bound, best = found, post
        taken = 0
        for n, answer in enumerate(replies):
            messages.say(number, coalitions[n].name, "told prices", PRICES, len(posted[n][0]))
            messages.say(number, coalitions[n].name, "told standings", STANDINGS, coalitions[n].program.parts)
            take_up(coalitions, clearing, messages, number, n, answer.offers)
            taken += len(answer.offers.part)
        before = value
        value, cleared, x = clearing.clear()
        prices, went_on = cleared, raised or value < before - LEAST_GAIN * abs(before)
        history.append(Round(number, value + constant, bound, taken, time.monotonic() - began))
        LOG.info("round %d: cost %.10g, bound %.10g, %d offers", number, value + constant, bound, taken)
        if value + constant - bound <= gap * max(1e-9, abs(value + constant)):
            break
        if not taken and steady == 0.0 and number > 1:
            break
        # Offers good at mixed prices alone may be old ones, again and again: then the clearing's own have their turn.
        calm = CALM if taken and went_on else 0.0
    done = clearing.done(x)
    told_shares(coalitions, messages, history[-1].number, done)
    return Traded(history, done, cleared)


def told_shares(coalitions: Sequence[Coalition], messages: Messages, number: int, done: Sequence[Floats]) -> None:
    """Note that coalitions were told what of their offers was taken."""
    for one, x in zip(coalitions, done, strict=True):
        messages.say(number, one.name, "told shares", ("offer", "share"), int((np.abs(x) > 0).sum()))


def opened(
    coalitions: Sequence[Coalition], clearing: Clearing, messages: Messages, executor: Executor | None
) -> tuple[Floats, float]:
    """Take up what coalitions say before prices; return the first prices, and the bound with no prices.

    Returns
    -------
    prices : ndarray, shape (rows of the clearing,)
        What the first unit is worth to the one who would pay most for it.
    bound : float
        Money, constants left out.
    """
    programs = [one.program for one in coalitions]
    said = list(map(opening, programs) if executor is None else executor.map(opening, programs))
    prices = np.zeros(clearing.form.rows)
    for n, (one, answer) in enumerate(zip(coalitions, said, strict=True)):
        take_up(coalitions, clearing, messages, 0, n, one.still(), "stands still")
        take_up(coalitions, clearing, messages, 0, n, answer.offers)
        messages.say(0, one.name, "worths", PRICES, int((answer.worth > 0.0).sum()))
        np.maximum.at(prices, clearing.row[n], answer.worth)
    return clearing.signed(prices), sum(answer.value for answer in said) + clearing.core_bound(np.zeros_like(prices))


def answered_besides(
    coalitions: Sequence[Coalition], clearing: Clearing, messages: Messages, post: Floats, bases: Sequence[Any],
    executor: Executor | None,
) -> None:  # fmt: skip
    """Take up what coalitions would do at other prices, whole."""
    # Nothing beats a standing of minus infinity: no offers are picked out, the answer is looked at whole.
    posted = [(clearing.of(n, post), np.full(one.program.parts, -np.inf)) for n, one in enumerate(coalitions)]
    for n, answer in enumerate(ask(coalitions, posted, bases, executor)):
        program = coalitions[n].program
        whole = program.offers(np.arange(program.parts), program.by_part(answer.x))
        take_up(coalitions, clearing, messages, 1, n, whole)


def take_up(
    coalitions: Sequence[Coalition], clearing: Clearing, messages: Messages, number: int, n: int, offers: Offers,
    message: str = "offers",
) -> None:  # fmt: skip
    """Take up offers of a coalition, and note that it made them."""
    messages.say(number, coalitions[n].name, message, OFFERS, offers.takes.nnz + len(offers.part))
    clearing.add(n, offers)


def _mixed(clearing: Clearing, post: Floats, prices: Floats) -> Floats:
    """Return prices with the standings of the last clearing at those that are posted.

    A part stands at what its standing says at the clearing's own prices; an offer that beats it at the posted ones is
    welcome all the same: at the wrong prices it may be none, which the next clearing finds out.
    """
    rows = clearing.form.constraints["decided"].slice
    mixed = post.copy()
    mixed[rows] = prices[rows]
    return mixed
