r"""The nucleolus: excesses, the largest first, as small as can be one after the other; exact.

Stage k solves, F being the coalitions settled before with their excesses,

.. math:: \min \varepsilon \quad \text{subject to} \quad x(S) = c(S) + \varepsilon_S \;\; (S \in F), \qquad
          x(S) - \varepsilon \le c(S) \;\; (S \notin \operatorname{span} F), \qquad x_i \le c(\{i\})

and settles every coalition whose dual is not 0. By complementary slackness such a row is tight at *every* optimum of
the stage, however degenerate it is; a row that merely happens to be tight at the vertex found is not settled. Duals of
rows outside the span sum to 1, so each stage settles at least one of them, the rank of F grows, and at most n - 1
stages are solved. Rows in the span of F say nothing new and are left out. The last condition (nobody pays more than
alone) holds where shares can meet it, that is where c(N) is at most the sum of the c({i}); otherwise the nucleolus is
that of all shares (the prenucleolus).

Source: Schmeidler, D. (1969), The nucleolus of a characteristic function game, SIAM J. Applied Mathematics 17;
Maschler, Peleg and Shapley (1979); stages with rank: Solymosi, T. (1993), On computing the nucleolus of cooperative
games (thesis, Chicago); rows generated: Hallefjord, Helming and Jørnsten (1995).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.settlement.games.game import NormalGame, members_of
from coordination.settlement.games.least_core import add_rational, generate, start
from coordination.settlement.games.span import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.settlement.games.game import Game

    Floats = NDArray[np.float64]

LEAST_DUAL = 1e-7
"""Duals above this are not 0: those of a stage sum to 1."""


@dataclass(frozen=True)
class Nucleolus:
    """The nucleolus of a cost game.

    Attributes
    ----------
    shares : ndarray, shape (players,)
        Money.
    epsilons : tuple of float
        Largest excess of each stage, money, falling; the first is the least core's where nobody has to pay more than
        alone to reach it.
    rational : bool
        Whether nobody pays more than alone.
    """

    shares: Floats
    epsilons: tuple[float, ...]
    rational: bool


def nucleolus(game: Game) -> Nucleolus:
    """Return the nucleolus.

    Parameters
    ----------
    game : Game
        A cost game; coalitions are valued as they are needed.

    Returns
    -------
    Nucleolus
        Exact up to rounding.

    Raises
    ------
    SolverError
        A program over coalitions was not solved.
    """
    if game.size == 1:
        return Nucleolus(np.array([game.cost(1)]), (), True)
    normal = NormalGame(game)
    rational = normal.cost(normal.everybody) <= 1e-9
    rows, seen = start(normal)
    if rational:
        add_rational(normal, rows)
    span, epsilons = Span(normal.size), []
    span.add(np.ones(normal.size))
    while True:
        x, dual = generate(normal, rows, seen, span)
        epsilons.append(float(x[-1]) * normal.scale)
        settled = [coalition for coalition, row in seen.items() if abs(dual[row]) > LEAST_DUAL]
        if not settled:
            raise AssertionError("a stage of the nucleolus settled no coalition")
        for coalition in settled:
            members = members_of([coalition], normal.size)[0]
            span.add(members)
            row, excess = seen.pop(coalition), float(x[-1])
            _settle(rows.coefficients, rows.lower, rows.upper, row, normal.cost(coalition) + excess)
        if span.rank == normal.size:
            return Nucleolus(normal.back(x[:-1]), tuple(epsilons), rational)
        for coalition in [c for c in seen if span.holds(members_of([c], normal.size)[0])]:
            row = seen.pop(coalition)
            rows.upper[row] = np.inf  # its excess is settled by those of others


def _settle(coefficients: list[Floats], lower: list[float], upper: list[float], row: int, share: float) -> None:
    """Turn the row of a coalition into x(S) == share."""
    coefficients[row] = np.append(coefficients[row][:-1], 0.0)
    lower[row] = upper[row] = share
