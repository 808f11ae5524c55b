r"""Equal profit: shares in the core whose savings, as parts of what each pays alone, are as alike as can be.

.. math:: \min f \quad \text{subject to} \quad l \le \frac{c(\{i\}) - x_i}{|c(\{i\})|} \le l + f, \qquad
          x(S) \le c(S) + \max(0, \varepsilon), \qquad x(N) = c(N)

Epsilon is the least core's: 0 where the core is not empty. Players that pay nothing alone have no relative saving and
are bound by the core alone. Of several such shares those are taken whose worst coalition gains least by leaving.

Source: Frisk, M., Göthe-Lundgren, M., Jörnsten, K. and Rönnqvist, M. (2010), Cost allocation in collaborative forest
transportation, European J. Operational Research 205.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.settlement.games.game import NormalGame, members_of
from coordination.settlement.games.least_core import generate, least_core, least_over_core, start
from coordination.settlement.games.rows import Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.settlement.games.game import Game

    Floats = NDArray[np.float64]

NOTHING = 1e-9
"""Of the largest cost alone: players that pay less alone have no relative saving."""


@dataclass(frozen=True)
class EqualProfit:
    """Shares by the equal profit method.

    Attributes
    ----------
    shares : ndarray, shape (players,)
        Money.
    spread : float
        Largest less smallest relative saving.
    epsilon : float
        What leaving may gain at most, money: 0 where the core is not empty.
    """

    shares: Floats
    spread: float
    epsilon: float


def equal_profit(game: Game) -> EqualProfit:
    """Return shares in the core (or least core) with the smallest spread of relative savings.

    Parameters
    ----------
    game : Game
        A cost game.

    Raises
    ------
    SolverError
        A program over coalitions was not solved.
    """
    if game.size == 1:
        return EqualProfit(np.array([game.cost(1)]), 0.0, 0.0)
    normal, size = NormalGame(game), game.size
    epsilon = max(0.0, least_core(game).epsilon / normal.scale)
    alone = np.abs(game.alone) / normal.scale
    compared = np.flatnonzero(alone > NOTHING * max(1.0, float(alone.max())))
    rows = Rows(np.concatenate([np.zeros(size), [0.0, 1.0]]))
    _joint(normal, rows)
    _rational(rows, size, epsilon)
    _savings(rows, compared, alone, size)
    rows.add(np.eye(size + 2)[-1], lower=0.0)
    x = least_over_core(normal, rows, epsilon, lambda: rows.optimum()[0])
    spread = max(0.0, float(x[-1]))
    return EqualProfit(normal.back(_most_stable(normal, compared, alone, spread)), spread, epsilon * normal.scale)


def _joint(normal: NormalGame, rows: Rows) -> None:
    joint, columns = normal.cost(normal.everybody), len(rows.costs)
    rows.add(np.append(np.ones(normal.size), np.zeros(columns - normal.size)), joint, joint)


def _rational(rows: Rows, size: int, epsilon: float) -> None:
    for player in range(size):
        rows.add(np.eye(len(rows.costs))[player], upper=epsilon)


def _savings(rows: Rows, compared: NDArray[np.int64], alone: Floats, size: int) -> None:
    """Add l <= saving <= l + f for each player compared; the normal game's saving is -x."""
    for player in compared:
        saving = -np.eye(size + 2)[player] / alone[player]
        lowest, widest = np.eye(size + 2)[size], np.eye(size + 2)[size + 1]
        rows.add(saving - lowest, lower=0.0)
        rows.add(saving - lowest - widest, upper=0.0)


def _most_stable(normal: NormalGame, compared: NDArray[np.int64], alone: Floats, spread: float) -> Floats:
    """Return the shares of this spread whose largest excess is least."""
    rows, seen = start(normal)
    for n, player in enumerate(compared):
        for other in compared[n + 1 :]:
            apart = members_of([1 << int(player)], normal.size)[0] / alone[player]
            apart = apart - members_of([1 << int(other)], normal.size)[0] / alone[other]
            limit = spread + 1e-9 * max(1.0, spread)
            rows.add(np.append(apart, 0.0), -limit, limit)
    x, _ = generate(normal, rows, seen)
    return x[:-1]
