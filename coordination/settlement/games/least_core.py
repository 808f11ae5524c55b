r"""The least core: shares whose worst coalition gains least by leaving; and the check of given shares.

.. math:: \min \varepsilon \quad \text{subject to} \quad x(S) \le c(S) + \varepsilon \;\;
          (\emptyset \ne S \ne N), \qquad x(N) = c(N)

The core is not empty where the least epsilon is at most 0. Coalitions enter as rows when they are the worst for the
shares of the moment (constraint generation), so few of them are valued.

Source: Maschler, M., Peleg, B. and Shapley, L. (1979), Geometric properties of the kernel, nucleolus, and related
solution concepts, Mathematics of Operations Research 4; generation of rows: Hallefjord, Å., Helming, R. and
Jørnsten, K. (1995), Computing the nucleolus when the characteristic function is given implicitly, International J.
Game Theory 24.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.settlement.games.game import NormalGame, members_of
from coordination.settlement.games.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from coordination.settlement.games.game import Game, Worst
    from coordination.settlement.games.span import Span

    Floats = NDArray[np.float64]

EXACT = 1e-9
"""Excess beyond epsilon, in units of the largest saving, up to which a coalition needs no row of its own."""
MOST_ROUNDS = 5000


@dataclass(frozen=True)
class CoreCheck:
    """Whether anybody gains by leaving.

    Attributes
    ----------
    coalition : tuple of str
        The one that would gain most.
    excess : float
        What it would gain, money; negative where it would lose.
    bound : float
        Proven: no coalition would gain more.
    """

    coalition: tuple[str, ...]
    excess: float
    bound: float

    def holds(self, tolerance: float) -> bool:
        """Return whether the shares are in the core, up to a tolerance in money."""
        return self.excess <= tolerance


@dataclass(frozen=True)
class LeastCore:
    """The least core's epsilon and shares in it.

    Attributes
    ----------
    epsilon : float
        The least that the worst coalition gains by leaving, money; not above 0 where the core is not empty.
    shares : ndarray, shape (players,)
        One point of it, money.
    """

    epsilon: float
    shares: Floats


def check_core(game: Game, shares: Floats) -> CoreCheck:
    """Search the coalition that would gain most by leaving.

    Parameters
    ----------
    game : Game
        A cost game.
    shares : ndarray, shape (players,)
        Of its joint cost, money.

    Returns
    -------
    CoreCheck
        With one player there is nobody to leave: no coalition, excess and bound 0.
    """
    found: Worst = game.worst(np.asarray(shares, dtype=float))
    if not found.coalition:
        return CoreCheck((), 0.0, 0.0)
    return CoreCheck(game.names(found.coalition), found.excess, found.bound)


def least_core(game: Game, *, rational: bool = False) -> LeastCore:
    """Return the least core's epsilon and a point of it.

    Parameters
    ----------
    game : Game
        A cost game.
    rational : bool
        Whether nobody may pay more than alone; the joint cost must then be at most what all pay alone.

    Returns
    -------
    LeastCore
        With one player epsilon is minus infinity: there is nobody to leave.

    Raises
    ------
    SolverError
        A program over coalitions was not solved.
    """
    if game.size == 1:
        return LeastCore(-math.inf, np.array([game.cost(1)]))
    normal = NormalGame(game)
    rows, seen = start(normal)
    if rational:
        add_rational(normal, rows)
    x, _ = generate(normal, rows, seen)
    return LeastCore(float(x[-1]) * normal.scale, normal.back(x[:-1]))


def near_least_core(game: Game, inner: Floats, *, near: float, rounds: int) -> tuple[LeastCore, float]:
    """Return shares whose worst coalition gains little more than the least possible, and how little it can be.

    For games whose worst coalition takes a search. Rows are looked for between the shares of the moment and the best
    ones so far (in-out separation), where they cut deeper; both ends bound epsilon.

    Parameters
    ----------
    game : Game
        A cost game of two players or more.
    inner : ndarray, shape (players,)
        Shares to start from, whose worst excess is small.
    near : float
        Distance of both ends at which to stop, money.
    rounds : int
        Searches after which to stop all the same.

    Returns
    -------
    found : LeastCore
        The best shares; epsilon is what any coalition gains at most with them, as far as proven.
    lower : float
        Whatever the shares, some coalition gains so much, money.

    References
    ----------
    Ben-Ameur, W. and Neto, J. (2007), Acceleration of cutting-plane and column generation algorithms, Networks 49.
    """
    normal = NormalGame(game)
    rows, seen = start(normal)
    best = (np.asarray(inner, dtype=float) - game.alone) / normal.scale
    upper, lower, step = np.inf, -np.inf, 0.0
    for _ in range(rounds):
        x, _ = rows.optimum()
        lower = max(lower, float(x[-1]))
        at = (1.0 - step) * best + step * x[:-1]
        worst = normal.worst(at)
        if worst.bound < upper:
            upper, best = worst.bound, at
        if (upper - lower) * normal.scale <= near or upper <= 0.0:
            break
        known = worst.coalition in seen
        if known and step >= 1.0:
            break
        for coalition in (worst.coalition, normal.everybody ^ worst.coalition):
            add_coalition(normal, rows, seen, coalition)
        # A row that is known cuts nothing off: look further out.
        step = 1.0 if known else 0.5
    return LeastCore(upper * normal.scale, normal.back(best)), lower * normal.scale


def start(normal: NormalGame) -> tuple[Rows, dict[int, int]]:
    """Return the program of epsilon with one player and all but one as coalitions; the row of each."""
    size, rows = normal.size, Rows(np.append(np.zeros(normal.size), 1.0))
    seen: dict[int, int] = {}
    joint = normal.cost(normal.everybody)
    rows.add(np.append(np.ones(size), 0.0), joint, joint)
    for player in range(size):
        for coalition in (1 << player, normal.everybody ^ (1 << player)):
            add_coalition(normal, rows, seen, coalition)
    return rows, seen


def add_rational(normal: NormalGame, rows: Rows) -> None:
    """Add that nobody pays more than alone."""
    for player in range(normal.size):
        rows.add(np.append(members_of([1 << player], normal.size)[0], 0.0), upper=0.0)


def add_coalition(normal: NormalGame, rows: Rows, seen: dict[int, int], coalition: int) -> None:
    """Add the row x(S) - epsilon <= c(S)."""
    if coalition not in seen:
        coefficients = np.append(members_of([coalition], normal.size)[0], -1.0)
        seen[coalition] = rows.add(coefficients, upper=normal.cost(coalition))


def generate(normal: NormalGame, rows: Rows, seen: dict[int, int], span: Span | None = None) -> tuple[Floats, Floats]:
    """Solve for the least epsilon, coalitions entering until none has a larger excess; return values and duals."""
    for _ in range(MOST_ROUNDS):
        x, dual = rows.optimum()
        worst = normal.worst(x[:-1], span)
        if not worst.coalition or worst.excess <= x[-1] + EXACT or worst.coalition in seen:
            return x, dual
        # Its opposite comes with it: both rows together bound epsilon from below.
        for coalition in (worst.coalition, normal.everybody ^ worst.coalition):
            add_coalition(normal, rows, seen, coalition)
    raise AssertionError(f"{MOST_ROUNDS} coalitions entered and still one is worse")


def least_over_core(normal: NormalGame, rows: Rows, epsilon: float, solve: Callable[[], Floats]) -> Floats:
    """Solve a program whose first columns are shares, rows x(S) <= c(S) + epsilon entering until all hold.

    Parameters
    ----------
    rows : Rows
        The program.
    epsilon : float
        What leaving may gain at most, in units of the normal game.
    solve : callable
        Solves it as it is now and returns its values; it may add rows of its own.
    """
    seen: set[int] = set()
    for _ in range(MOST_ROUNDS):
        x = solve()
        worst = normal.worst(x[: normal.size])
        if not worst.coalition or worst.excess <= epsilon + 1e2 * EXACT or worst.coalition in seen:
            return x
        seen.add(worst.coalition)
        coefficients = np.zeros(len(rows.costs))
        coefficients[: normal.size] = members_of([worst.coalition], normal.size)[0]
        rows.add(coefficients, upper=normal.cost(worst.coalition) + epsilon)
    raise AssertionError(f"{MOST_ROUNDS} coalitions entered and still one gains by leaving")
