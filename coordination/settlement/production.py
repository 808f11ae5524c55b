r"""The game of the coordination LP: a coalition plans with what its members own, roles fixed.

.. math:: c(S) = k(S) + \min \{ c\,x : A x \;\{\le, =, \ge\}\; b(S), \; 0 \le x \le u(S) \}, \qquad
          b(S) = b_0 + \sum_{i \in S} b_i

with b_0, u_0 what is nobody's and open to every coalition. All coalitions are one program with other right-hand sides,
solved again from the last basis.

**Owen's payoffs.** With y the duals and d the reduced costs of the joint program,

.. math:: x_i = k_i + y\,b_i + \sum_j \min(0, d_j)\, u_{j,i}

Where everything is owned they sum to c(N) by duality, and y, d remain feasible for every coalition's dual, so
x(S) <= c(S): they are in the core.

**The worst coalition** of any shares maximises x(S) - c(S): one program with a binary z_i for each player,

.. math:: \min \; c\,x + \sum_i (k_i - x_i) z_i \quad \text{subject to} \quad
          A x \;\{\le, =, \ge\}\; b_0 + \sum_i b_i z_i, \quad 0 \le x \le u_0 + \sum_i u_i z_i, \quad
          1 \le \sum_i z_i \le n - 1

whose bound says how much any coalition gains at most.

Source: Owen, G. (1975), On the core of linear production games, Mathematical Programming 9; Granot, D. (1986), A
generalized linear production model, Mathematical Programming 34; the search: Drechsel, J. and Kimms, A. (2010),
Computing core allocations in cooperative games with an application to cooperative procurement, International J.
Production Economics 128.
"""

from __future__ import annotations

import dataclasses
import math
from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from coordination.compilation import MatrixForm
from coordination.errors import SolverError
from coordination.settlement.games.game import Game, Worst, members_of
from coordination.solver import LinearProgram, SolverOptions, solve
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

    from coordination.settlement.games.span import Span
    from coordination.settlement.ownership import Production

    Floats = NDArray[np.float64]

LARGEST_COST = 1024.0
"""Costs are scaled, by a power of two, to at most this: a solver's tolerances are absolute."""
CENT = 0.01
PART_OF_CENT = 0.1
"""Part of a cent to which the worst coalition is found."""
ALL_LISTED = "all {count:,} coalitions valued"
SEARCHED = "searched by a program with a bound, {count:,} coalitions valued"
LISTED = 10
"""Players up to which the worst coalition is found by valuing all; beyond, by the program with binaries."""


class LinearGame(Game):
    """A game of the coordination LP, of which Owen's payoffs are known."""

    @property
    @abstractmethod
    def owen(self) -> Floats:
        """Owen's payoffs, shape (players,), money; without what nobody owns."""

    @property
    @abstractmethod
    def unowned(self) -> float:
        """What limits that are nobody's are worth in the joint program, money; negative: they save so much."""

    @abstractmethod
    def searched(self) -> str:
        """Return how the worst coalition was looked for, in words."""


class ProductionGame(LinearGame):
    """The game of a coordination LP among players that each own a part of it.

    Parameters
    ----------
    production : Production
        The program and the parties' parts.
    players : sequence of str
        Names.
    grouping : ndarray of int, shape (parties,)
        Player of each party; −1 for parties that own nothing of it.
    seconds : float, optional
        Most time for one search of the worst coalition.
    """

    def __init__(
        self, production: Production, players: Sequence[str], grouping: NDArray[np.int64], seconds: float | None = None
    ) -> None:
        super().__init__(players)
        self.production, self.grouping, self.seconds = production, grouping, seconds
        parties, size = len(grouping), len(players)
        own = np.flatnonzero(grouping >= 0)
        group = sp.csr_array((np.ones(len(own)), (own, grouping[own])), shape=(parties, size))
        self.rhs, self.rhs_shared = _split(production.rhs, group)
        self.upper, self.upper_shared = _split(production.upper, group)
        self.constant = np.asarray(group.T @ production.constant)
        largest = float(np.abs(production.costs).max(initial=0.0))
        self.scale = 2.0 ** -max(0.0, math.ceil(math.log2(max(largest, 1.0) / LARGEST_COST)))
        self._solved: dict[int, Floats] = {}

    @cached_property
    def _program(self) -> LinearProgram:
        return LinearProgram(self.form(np.ones(self.size)), SolverOptions(threads=1))

    def form(self, share: Floats) -> MatrixForm:
        """Return the program of players that take part to some share, 1 or 0."""
        production, matrix = self.production, self.production.matrix
        b = self.rhs_shared + self.rhs @ share
        u = np.where(production.unlimited, np.inf, self.upper_shared + self.upper @ share)
        return MatrixForm(
            start=matrix.indptr.astype(np.int32), index=matrix.indices.astype(np.int32), value=matrix.data,
            c=production.costs * self.scale, lb=np.zeros(len(u)), ub=np.maximum(u, 0.0),
            row_lower=np.where(production.at_least, b, -np.inf), row_upper=np.where(production.at_most, b, np.inf),
            integrality=np.zeros(len(u), dtype=np.uint8), offset=0.0, maximize=False,
            variables={}, constraints={}, terms={},
        )  # fmt: skip

    def _cost(self, coalition: int) -> float:
        members = members_of([coalition], self.size)[0]
        x = self._optimum(members)[0]
        self._solved[coalition] = x
        return float(self.production.costs @ x + self.constant @ members)

    def _optimum(self, members: Floats) -> tuple[Floats, Floats, Floats]:
        """Return values, duals and reduced costs of a coalition's program, money."""
        if not len(self.production.costs):
            return np.zeros(0), np.zeros(len(self.production.rows)), np.zeros(0)
        self._program.become(self.form(members))
        solution = self._program.solve(stage="coalition")
        if solution.status is not Status.OPTIMAL or solution.x is None:
            raise SolverError(f"settle: the program of a coalition ended {solution.status}")
        assert solution.row_dual is not None
        assert solution.reduced_cost is not None
        return solution.x, solution.row_dual / self.scale, solution.reduced_cost / self.scale

    def cash(self, coalition: int) -> float:
        """Return what a coalition pays in its cheapest plan: transport and work, money."""
        return self._part(coalition, self.production.cash, self.production.constant_cash)

    def without(self, coalition: int) -> float:
        """Return what the people of a coalition go without in its cheapest plan, money."""
        return self._part(coalition, self.production.without, self.production.constant_without)

    def _part(self, coalition: int, costs: Floats, constant: Floats) -> float:
        """Return the part of a coalition's cost that lies in some costs of columns and constants of parties."""
        if not coalition:
            return 0.0
        self.cost(coalition)
        own = members_of([coalition], self.size)[0][self.grouping] * (self.grouping >= 0)
        return float(costs @ self._solved[coalition] + constant @ own)

    @cached_property
    def duals(self) -> tuple[Floats, Floats]:
        """Duals of the rows and reduced costs of the columns of the joint program, at a vertex; money per unit."""
        _, dual, reduced = self._optimum(np.ones(self.size))
        return dual, np.where(self.production.unlimited, 0.0, np.minimum(reduced, 0.0))

    @cached_property
    def owen(self) -> Floats:
        """Owen's payoffs, shape (players,), money; without what nobody owns."""
        dual, reduced = self.duals
        shares: Floats = self.constant + dual @ self.rhs + reduced @ self.upper
        return shares

    @cached_property
    def unowned(self) -> float:
        """What limits that are nobody's are worth in the joint program, money; negative: they save so much."""
        dual, reduced = self.duals
        return float(dual @ self.rhs_shared + reduced @ self.upper_shared)

    def searched(self) -> str:
        """Return how the worst coalition was looked for."""
        if self.size <= LISTED:
            return ALL_LISTED.format(count=self.everybody)
        return SEARCHED.format(count=self.valued)

    @property
    def joint_plan(self) -> Floats:
        """Values of the columns in the joint program."""
        self.cost(self.everybody)
        return self._solved[self.everybody]

    def owen_of_parties(self) -> Floats:
        """Return Owen's payoff of each party, shape (parties,), money."""
        dual, reduced = self.duals
        parts: Floats = (
            self.production.constant + (self.production.rhs.T @ dual)[:-1] + (self.production.upper.T @ reduced)[:-1]
        )
        return parts

    def worst(self, shares: Floats, span: Span | None = None) -> Worst:
        """Return the proper coalition of the largest excess: listed for few players, else searched with a bound."""
        if self.size <= LISTED:
            return super().worst(shares, span)
        if span is None:
            stable = self._stable(np.asarray(shares, dtype=float))
            if stable is not None:
                return stable
        cuts: list[int] = []
        while True:
            found = self._searched(np.asarray(shares, dtype=float), cuts)
            if not found.coalition or span is None:
                return found
            if not span.holds(members_of([found.coalition], self.size)[0]):
                return found
            cuts.append(found.coalition)

    def relaxed_excess(self, shares: Floats) -> float:
        """Return a bound on what any coalition gains by leaving, from the relaxation of the search: one LP, money."""
        form = self._search_form(shares, [])
        lower = form.row_lower.copy()
        lower[-1] = 0.0  # the empty coalition gains nothing, and parts of one no more than it
        form = dataclasses.replace(form, row_lower=lower, integrality=np.zeros_like(form.integrality))
        solution = solve(form, options=SolverOptions(threads=1, time_limit=self.seconds), stage="certificate")
        if solution.status is not Status.OPTIMAL:
            return math.inf
        return max(0.0, -float(solution.objective) / float(self.scale))

    def _stable(self, shares: Floats) -> Worst | None:
        """Return that nobody gains a cent, where the relaxation proves it; named is the worst of one or all but one."""
        bound = self.relaxed_excess(shares)
        if bound > CENT:
            return None
        near = [1 << player for player in range(self.size)]
        near += [self.everybody ^ coalition for coalition in near]
        excess = [float(members_of([one], self.size)[0] @ shares) - self.cost(one) for one in near]
        best = int(np.argmax(excess))
        return Worst(near[best], excess[best], max(bound, excess[best]))

    def _searched(self, shares: Floats, cuts: list[int]) -> Worst:
        form = self._search_form(shares, cuts)
        # The optimum may be 0, of which no gap is a small share: the program is moved to where a cent is one.
        size = max(1.0, abs(self.cost(self.everybody)))
        options = SolverOptions(gap=PART_OF_CENT * CENT / size, threads=1, time_limit=self.seconds)
        moved = dataclasses.replace(form, offset=-size * self.scale)
        solution = solve(moved, options=options, stage="worst coalition")
        bound = -(solution.bound / self.scale + size)
        if solution.x is None:
            if solution.status is Status.INFEASIBLE:
                return Worst(0, -math.inf, -math.inf)
            raise SolverError(f"settle: the search of the worst coalition ended {solution.status}")
        chosen = np.flatnonzero(solution.x[len(self.production.costs) :] > 0.5)
        coalition = sum(1 << int(player) for player in chosen)
        excess = float(shares[chosen].sum()) - self.cost(coalition)
        return Worst(coalition, excess, max(bound, excess))

    def _search_form(self, shares: Floats, cuts: list[int]) -> MatrixForm:
        """Return the program with a binary for each player: its last row counts members."""
        production, size = self.production, self.size
        bounded = np.flatnonzero(~production.unlimited)
        columns = len(production.costs)
        pick = sp.csr_array((np.ones(len(bounded)), (np.arange(len(bounded)), bounded)), shape=(len(bounded), columns))
        signs = [1.0 - 2.0 * (members_of([cut], size)[0] == 0) for cut in cuts]
        blocks: list[list[Any]] = [
            [production.matrix, -self.rhs],
            [pick, -self.upper[bounded]],
            *([[None, sp.csr_array(sign[None, :])] for sign in signs]),
            [sp.csr_array((1, columns)), sp.csr_array(np.ones((1, size)))],
        ]
        matrix = sp.csc_array(sp.block_array(blocks))
        free = np.full(len(bounded), -np.inf)
        return MatrixForm(
            start=matrix.indptr.astype(np.int32), index=matrix.indices.astype(np.int32), value=matrix.data,
            c=np.concatenate([production.costs, self.constant - shares]) * self.scale,
            lb=np.zeros(columns + size), ub=np.concatenate([np.full(columns, np.inf), np.ones(size)]),
            row_lower=np.concatenate([np.where(production.at_least, self.rhs_shared, -np.inf), free,
                                      np.full(len(cuts), -np.inf), [1.0]]),
            row_upper=np.concatenate([np.where(production.at_most, self.rhs_shared, np.inf), self.upper_shared[bounded],
                                      [cut.bit_count() - 1.0 for cut in cuts], [size - 1.0]]),
            integrality=np.concatenate([np.zeros(columns), np.ones(size)]).astype(np.uint8),
            offset=0.0, maximize=False, variables={}, constraints={}, terms={},
        )  # fmt: skip

    def close(self) -> None:
        """Let the solver go."""
        if "_program" in self.__dict__:
            self._program.close()


def _split(parts: sp.csr_array[Any], group: sp.csr_array[Any]) -> tuple[sp.csr_array[Any], Floats]:
    """Return the players' parts, and nobody's as an array."""
    return sp.csr_array(parts[:, :-1] @ group), np.asarray(parts[:, [-1]].todense()).ravel()
