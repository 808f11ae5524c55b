r"""Nash bargaining: the product of the savings as large as can be, over shares in the core.

.. math:: \max \sum_i \log\bigl(c(\{i\}) - x_i\bigr) \quad \text{subject to} \quad x(S) \le c(S) + \max(0, \varepsilon),
          \qquad x(N) = c(N)

The disagreement point is everybody alone; epsilon is the least with which nobody pays more than alone. Each logarithm
is bounded by tangents, :math:`\theta_i \le \log s + (s_i - s) / s`, more of them each round; the value
proven and that of the shares found enclose the optimum, and rounds end when they meet. Players that can save nothing
anywhere in the core are left out of the product. Without the core's conditions the optimum is an equal saving for
everybody.

Source: Nash, J. (1950), The bargaining problem, Econometrica 18; tangents: Kelley, J. (1960), The cutting-plane method
for solving convex programs, J. SIAM 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.settlement.games.game import NormalGame
from coordination.settlement.games.least_core import EXACT, least_core, least_over_core
from coordination.settlement.games.rows import Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.settlement.games.game import Game

    Floats = NDArray[np.float64]

LEAST = 1e-6
"""Savings below this share of the joint saving are none."""
MEETS = 1e-9
"""Distance of the value proven and that of the shares found at which rounds end."""
MOST_TANGENTS = 400
TIGHT = 1e-7
"""Duals above this belong to rows that bind."""
NEWTON_STEPS = 20


@dataclass(frozen=True)
class Bargain:
    """The Nash bargaining solution.

    Attributes
    ----------
    shares : ndarray, shape (players,)
        Money.
    distance : float
        Proven: the sum of logarithms of savings is at most so much below the largest.
    epsilon : float
        What leaving may gain at most, money: 0 where the core is not empty.
    """

    shares: Floats
    distance: float
    epsilon: float


def nash_bargaining(game: Game) -> Bargain:
    """Return the Nash bargaining solution over the core (or least core).

    Parameters
    ----------
    game : Game
        A cost game.

    Returns
    -------
    Bargain
        Everybody's cost alone, shared equally beyond, where pooling saves nothing.

    Raises
    ------
    SolverError
        A program over coalitions was not solved.
    """
    normal, size = NormalGame(game), game.size
    joint = normal.cost(normal.everybody)
    if joint >= -1e-9 or size == 1:
        return Bargain(normal.back(np.full(size, joint / size)), 0.0, 0.0)
    epsilon = max(0.0, least_core(game, rational=True).epsilon / normal.scale)
    bargain = _Bargaining(normal, epsilon, -joint)
    x = least_over_core(normal, bargain.rows, epsilon, bargain.solve)
    return Bargain(normal.back(x[:size]), bargain.distance, epsilon * normal.scale)


class _Bargaining:
    """The program with its tangents: columns are shares, then the bounds on logarithms."""

    def __init__(self, normal: NormalGame, epsilon: float, joint_saving: float) -> None:
        self.size, self.saving, self.distance = normal.size, joint_saving, np.inf
        self.rows = self._rows(normal)
        most = [self._most(normal, epsilon, player) for player in range(self.size)]
        self.able = np.array(most) > LEAST * joint_saving
        self.rows = self._rows(normal)
        self.rows.costs = np.concatenate([np.zeros(self.size), -self.able.astype(float)])
        for player in range(self.size):
            if not self.able[player]:
                self.rows.add(np.eye(2 * self.size)[self.size + player], 0.0, 0.0)
            for point in joint_saving * np.array([1e-4, 1e-2, 0.1, 1.0 / self.size, 0.5, 1.0]):
                self._tangent(player, float(point))

    def _rows(self, normal: NormalGame) -> Rows:
        """Return the program without tangents: joint cost shared, nobody pays more than alone."""
        rows = Rows(np.zeros(2 * self.size))
        everybody = np.concatenate([np.ones(self.size), np.zeros(self.size)])
        rows.add(everybody, -self.saving, -self.saving)
        for player in range(self.size):
            rows.add(np.eye(2 * self.size)[player], upper=0.0)
        return rows

    def _most(self, normal: NormalGame, epsilon: float, player: int) -> float:
        """Return the most that a player can save in the core; bounds on logarithms play no part."""
        self.rows.costs = np.eye(2 * self.size)[player]
        for other in range(self.size if player == 0 else 0):
            self.rows.add(np.eye(2 * self.size)[self.size + other], 0.0, 0.0)
        return -float(least_over_core(normal, self.rows, epsilon, lambda: self.rows.optimum()[0])[player])

    def _tangent(self, player: int, point: float) -> None:
        if self.able[player]:
            bound, share = np.eye(2 * self.size)[self.size + player], np.eye(2 * self.size)[player]
            self.rows.add(bound + share / point, upper=float(np.log(point)) - 1.0)

    def solve(self) -> Floats:
        """Return the best shares under the rows of now, tangents added until they touch."""
        for _ in range(MOST_TANGENTS):
            x, dual = self.rows.optimum()
            shares = self._on_face(x[: self.size], dual)
            savings = np.maximum(-shares, 1e-12)
            proven = float(x[self.size :][self.able].sum())
            self.distance = max(0.0, proven - float(np.log(savings[self.able]).sum()))
            if self.distance <= MEETS:
                break
            for point in (savings, np.maximum(-x[: self.size], 1e-2 * LEAST * self.saving)):
                for player in range(self.size):
                    self._tangent(player, float(point[player]))
        return np.concatenate([shares, x[self.size :]])

    def _on_face(self, shares: Floats, dual: Floats) -> Floats:
        """Return the optimum on the face where the rows of shares bind, by Newton's method.

        Tangents alone come near it slowly: a sum of logarithms within 1e-9 of its largest leaves shares within the
        root of that. What is outside of any row is not taken.
        """
        own = np.array([not row[self.size :].any() for row in self.rows.coefficients])
        tight = sorted({0, *np.flatnonzero(own & (np.abs(dual) > TIGHT)).tolist()})
        fixed, rows = ~self.able, np.array(self.rows.coefficients)[:, : self.size]
        a = np.vstack([rows[tight], np.eye(self.size)[fixed]])
        x = np.where(fixed, shares, np.minimum(shares, -LEAST * self.saving))
        x = x + np.linalg.pinv(a) @ (a @ (shares - x))
        for _ in range(NEWTON_STEPS):
            saving = np.where(fixed, 1.0, -x)
            if saving.min() <= 0.0:
                return shares
            # Least -sum(log(-x)) to second order, moving within the face.
            slope, curve = np.where(fixed, 0.0, 1.0 / saving), np.where(fixed, 1.0, 1.0 / saving**2)
            kkt = np.block([[np.diag(curve), a.T], [a, np.zeros((len(a), len(a)))]])
            step = np.linalg.lstsq(kkt, np.concatenate([-slope, np.zeros(len(a))]), rcond=None)[0][: self.size]
            worst = float(np.max(np.where(fixed, 0.0, step) / saving, initial=0.0))
            x = x + step * min(1.0, 0.9 / worst if worst > 0.0 else 1.0)
        within = rows[own] @ x <= np.array(self.rows.upper)[own] + EXACT
        return x if bool(within.all()) and bool((x[self.able] < 0.0).all()) else shares
