r"""Cooperative cost games: what each coalition of parties would pay by itself, and who could gain by leaving.

A game gives the cost c(S) of every coalition S of the players N; shares x of the joint cost, x(N) = c(N), leave a
coalition with the excess

.. math:: e(S, x) = x(S) - c(S), \qquad x(S) = \sum_{i \in S} x_i

which it would gain by leaving. The core holds the shares of which no excess is positive. A game of gains v is the cost
game c = -v with payments in place of shares. Coalitions are whole numbers: bit i says that player i is in.

Source: Shapley, L. (1971), Cores of convex games, International J. Game Theory 1; Aumann, R. and Maschler, M. (1985),
Game theoretic analysis of a bankruptcy problem from the Talmud, J. Economic Theory 36.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from coordination.settlement.games.span import Span

MOST_LISTED = 16
"""Players up to which all coalitions are listed: 65,536 of them."""


@dataclass(frozen=True)
class Worst:
    """The coalition that would gain most by leaving, as far as it was searched for.

    Attributes
    ----------
    coalition : int
        Which one; 0 where there is none to compare.
    excess : float
        What it would gain, money; negative where it would lose.
    bound : float
        No proper coalition would gain more, proven.
    """

    coalition: int
    excess: float
    bound: float


class Game(ABC):
    """A cost game.

    Parameters
    ----------
    players : sequence of str
        Names, in the order of the bits of coalitions.
    """

    def __init__(self, players: Sequence[str]) -> None:
        if not players or len(set(players)) < len(players):
            raise UsageError(f"players: {list(players)} found; expected at least one, each name once")
        self.players = tuple(players)
        self._known: dict[int, float] = {0: 0.0}

    @abstractmethod
    def _cost(self, coalition: int) -> float:
        """Return the cost of a coalition that is not empty."""

    @property
    def size(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def everybody(self) -> int:
        """The coalition of all players."""
        return (1 << self.size) - 1

    def cost(self, coalition: int) -> float:
        """Return c(S), money; each coalition is valued once."""
        if coalition not in self._known:
            self._known[coalition] = float(self._cost(coalition))
        return self._known[coalition]

    @property
    def valued(self) -> int:
        """Number of coalitions valued so far, the empty one aside."""
        return len(self._known) - 1

    @cached_property
    def alone(self) -> NDArray[np.float64]:
        """c({i}) of each player, shape (players,)."""
        return np.array([self.cost(1 << player) for player in range(self.size)])

    @cached_property
    def costs(self) -> NDArray[np.float64]:
        """c(S) of all coalitions, shape (2 ** players,).

        Raises
        ------
        UsageError
            There are too many to list.
        """
        if self.size > MOST_LISTED:
            raise UsageError(f"{self.size} players: their coalitions are too many to list; expected {MOST_LISTED}")
        return np.array([self.cost(coalition) for coalition in range(self.everybody + 1)])

    @cached_property
    def members(self) -> NDArray[np.float64]:
        """Who is in which coalition, 0 or 1, shape (2 ** players, players)."""
        return members_of(np.arange(self.everybody + 1), self.size)

    def names(self, coalition: int) -> tuple[str, ...]:
        """Return the players of a coalition."""
        return tuple(player for bit, player in enumerate(self.players) if coalition >> bit & 1)

    def coalition(self, names: Sequence[str]) -> int:
        """Return the coalition of some players."""
        return sum(1 << self.players.index(name) for name in names)

    def worst(self, shares: NDArray[np.float64], span: Span | None = None) -> Worst:
        """Return the proper coalition of the largest excess; by listing all.

        Parameters
        ----------
        shares : ndarray, shape (players,)
            x, money.
        span : Span, optional
            Coalitions in it are left aside: their excess is settled.
        """
        excess = self.members @ shares - self.costs
        aside = np.zeros(len(excess), dtype=bool) if span is None else span.holds_all(self.members)
        aside[[0, self.everybody]] = True
        excess = np.where(aside, -np.inf, excess)
        found = int(np.argmax(excess))
        if aside[found]:
            return Worst(0, -math.inf, -math.inf)
        return Worst(found, float(excess[found]), float(excess[found]))


class ListedGame(Game):
    """A game whose costs are listed or computed by a function.

    Parameters
    ----------
    players : sequence of str
        Names.
    costs : callable or mapping or sequence
        Of a coalition (as a whole number), or all of them by number.
    """

    def __init__(
        self, players: Sequence[str], costs: Callable[[int], float] | Mapping[int, float] | Sequence[float]
    ) -> None:
        super().__init__(players)
        self._of: Any = costs if callable(costs) else costs.__getitem__

    def _cost(self, coalition: int) -> float:
        return float(self._of(coalition))


class NormalGame(Game):
    """A game less what each player pays alone, in units of the largest saving: what solvers like to see.

    All solutions here follow: shares of the given game are alone + scale · those of this one.
    """

    def __init__(self, given: Game) -> None:
        super().__init__(given.players)
        self.given = given
        bits = [self.everybody, *(self.everybody ^ (1 << player) for player in range(self.size))]
        saved = [given.cost(coalition) - float(members_of([coalition], self.size)[0] @ given.alone)
                 for coalition in bits]  # fmt: skip
        self.scale = max([1e-9 * max(1.0, float(np.abs(given.alone).max())), *map(abs, saved)])

    def _cost(self, coalition: int) -> float:
        members = members_of([coalition], self.size)[0]
        return (self.given.cost(coalition) - float(members @ self.given.alone)) / self.scale

    def back(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return shares of the given game, summing up to its joint cost to the last digits."""
        whole: NDArray[np.float64] = self.given.alone + self.scale * shares
        whole += (self.given.cost(self.everybody) - whole.sum()) / self.size
        return whole

    def worst(self, shares: NDArray[np.float64], span: Span | None = None) -> Worst:
        """Return the proper coalition of the largest excess, as the given game finds it."""
        found = self.given.worst(self.given.alone + self.scale * np.asarray(shares), span)
        return Worst(found.coalition, found.excess / self.scale, found.bound / self.scale)


def members_of(coalitions: Sequence[int] | NDArray[np.int64], players: int) -> NDArray[np.float64]:
    """Return who is in which coalition, 0 or 1, shape (coalitions, players)."""
    number = np.asarray(coalitions, dtype=np.int64)
    return (number[:, None] >> np.arange(players) & 1).astype(np.float64)


def gains(players: Sequence[str], worths: Mapping[Sequence[str] | str, float]) -> ListedGame:
    """Return the cost game of a game of gains: shares of its cost are payments with the sign turned.

    Parameters
    ----------
    players : sequence of str
        Names.
    worths : mapping
        v by coalition, a sequence of names; coalitions left out are worth 0.
    """
    place = {name: bit for bit, name in enumerate(players)}
    costs = {sum(1 << place[name] for name in coalition): -float(worth) for coalition, worth in worths.items()}
    return ListedGame(players, lambda coalition: costs.get(coalition, 0.0))


def bankruptcy(claims: Sequence[float], estate: float) -> ListedGame:
    """Return the game of an estate that does not meet all claims: a coalition is sure of what others cannot claim.

    Parameters
    ----------
    claims : sequence of float
        Of each player, money.
    estate : float
        What there is, at most the sum of claims.

    Returns
    -------
    ListedGame
        Costs are minus the worths max(0, estate - claims of the others); players are called 1, 2, ….
    """
    size = len(claims)

    def cost(coalition: int) -> float:
        others = sum(claim for player, claim in enumerate(claims) if not coalition >> player & 1)
        return -max(0.0, estate - others)

    return ListedGame([str(number + 1) for number in range(size)], cost)
