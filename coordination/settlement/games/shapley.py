r"""The Shapley value: what each player adds, in the mean over all orders in which players may join.

.. math:: x_i = \frac{1}{n} \sum_{s=0}^{n-1} \binom{n-1}{s}^{-1} \sum_{|S| = s,\; i \notin S}
          \bigl(c(S \cup \{i\}) - c(S)\bigr)

Exact up to `MOST_EXACT` players. Beyond, the mean of each size s (a stratum) is estimated from coalitions drawn
without replacement; strata no larger than what is drawn are exact. The interval adds the variances of the strata; it
is that of each player by itself. What the estimates miss of the joint cost is shared equally, and told.

Source: Shapley, L. (1953), A value for n-person games; strata by size: Castro, J., Gómez, D., Molina, E. and Tejada,
J. (2017), Improving polynomial estimation of the Shapley value by stratified random sampling with optimum allocation,
Computers & Operations Research 82.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.settlement.games.game import Game

    Floats = NDArray[np.float64]

MOST_EXACT = 12
"""Players up to which all coalitions are valued: 4,095."""
CONFIDENCE = 1.959963984540054
"""Standard errors of a 95 % interval."""


@dataclass(frozen=True)
class Shapley:
    """The Shapley value of a cost game.

    Attributes
    ----------
    shares : ndarray, shape (players,)
        Money; they sum up to the joint cost.
    interval : ndarray, shape (players,)
        Half width of the 95 % interval, money; 0 where exact.
    missed : float
        What the estimates together missed of the joint cost, money; shared equally in `shares`.
    exact : bool
        Whether all coalitions were valued.
    """

    shares: Floats
    interval: Floats
    missed: float
    exact: bool


def shapley(game: Game, *, samples: int = 30, seed: int = 0) -> Shapley:
    """Return the Shapley value, exact up to `MOST_EXACT` players, else estimated.

    Parameters
    ----------
    game : Game
        A cost game.
    samples : int
        Coalitions drawn of each size for each player, at least 2; only beyond `MOST_EXACT` players.
    seed : int
        Of the draws.
    """
    return _exact(game) if game.size <= MOST_EXACT else _sampled(game, max(2, samples), np.random.default_rng(seed))


def _exact(game: Game) -> Shapley:
    size, costs = game.size, game.costs
    number = np.arange(len(costs))
    sizes = np.array([int(coalition).bit_count() for coalition in number])
    weight = np.array([1.0 / (size * math.comb(size - 1, s)) for s in range(size)])
    shares = np.zeros(size)
    for player in range(size):
        without = number[number >> player & 1 == 0]
        added = costs[without | 1 << player] - costs[without]
        shares[player] = float(weight[sizes[without]] @ added)
    return Shapley(shares, np.zeros(size), float(costs[-1] - shares.sum()), exact=True)


def _sampled(game: Game, samples: int, rng: np.random.Generator) -> Shapley:
    size = game.size
    shares, variance = np.zeros(size), np.zeros(size)
    for player in range(size):
        others = [other for other in range(size) if other != player]
        for s in range(size):
            stratum = math.comb(size - 1, s)
            drawn = _all(others, s) if stratum <= samples else _draw(rng, others, s, samples)
            added = np.array([game.cost(coalition | 1 << player) - game.cost(coalition) for coalition in drawn])
            shares[player] += added.mean() / size
            if len(drawn) < stratum:
                left = 1.0 - len(drawn) / stratum  # drawn without replacement
                variance[player] += left * added.var(ddof=1) / len(drawn) / size**2
    missed = game.cost(game.everybody) - float(shares.sum())
    return Shapley(shares + missed / size, CONFIDENCE * np.sqrt(variance), missed, exact=False)


def _all(others: list[int], s: int) -> list[int]:
    return [sum(1 << player for player in chosen) for chosen in combinations(others, s)]


def _draw(rng: np.random.Generator, others: list[int], s: int, samples: int) -> list[int]:
    """Return different coalitions of `s` of the others."""
    found: dict[int, None] = {}
    while len(found) < samples:
        chosen = rng.choice(others, size=s, replace=False)
        found[sum(1 << int(player) for player in chosen)] = None
    return list(found)
