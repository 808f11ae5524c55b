r"""The program of the whole tree: a first stage for every node, what has been done by then adding up along the way.

.. math::

   \min \sum_n P_n \phi_n \, c x_n + \rho\big(Q_o(X_{l(o)})\big)_o, \qquad X_n = \sum_{m \preceq n} x_m,

   A X_n \le b \; \text{for all } n, \qquad A X_n \ge a, \; X_n \le u \; \text{at the last stage}, \qquad
   \sum_{m \preceq n} \phi_m \, \mu x_m \le B, \qquad 0 \le x_n \le \alpha_n u

=========  ==============================================================  ======
symbol     meaning                                                         unit
=========  ==============================================================  ======
x_n        decided at node n, of what may be decided before the event      as c
X_n        done by then
P_n        probability of the node                                         1
phi_n      money factor of its forecast                                    1
alpha_n    share of what may be bought or kept ready that can still be had  1
o, l(o)    outcome: a node of the last stage and a scenario after it
Q_o        cost of the response to its scenario                            money
=========  ==============================================================  ======

Decisions belong to nodes, so nobody uses what is not known yet: non-anticipativity holds by construction. Floors of
reserve are asked for when the event comes. With all nodes but the first held at 0 this is the two-stage program.

Source: Birge and Louveaux (2011), Introduction to Stochastic Programming, section 3.4 (nodal form of multistage
programs).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from coordination.errors import SolverError
from coordination.solver import SolverOptions
from coordination.twostage import Risk, Scenario, TwoStageProgram, evaluate, solve, stage

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from coordination.preparation.first_stage import FirstStage
    from coordination.preparation.multistage.tree import Tree

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

LIMITED = ("buy", "stand")
"""Variables of which only a share may still be had later."""
UNTIMED = ("lacking",)
"""Variables that stand for the event itself: only at the last stage, at no time's money."""


@dataclass(frozen=True)
class TreeProgram:
    """The program of a tree.

    Attributes
    ----------
    tree : Tree
        The ways to the event.
    first : FirstStage
        What may be decided.
    scenarios : tuple of Scenario
        Responses by row of table ``scenarios``, after a first stage of `first`.
    risk : Risk
        How the outcomes' costs are weighed.
    options : SolverOptions
        Of each solve.
    executor : Executor or None
        Takes scenario work.
    """

    tree: Tree
    first: FirstStage
    scenarios: tuple[Scenario, ...]
    risk: Risk
    options: SolverOptions
    executor: Executor | None = None

    @property
    def width(self) -> int:
        """Columns of one node."""
        return self.first.form.columns

    @cached_property
    def _is(self) -> dict[str, Flags]:
        """Whether each column of a node is one of ``limited``, ``untimed``."""
        found = {}
        for kind, names in (("limited", LIMITED), ("untimed", UNTIMED)):
            flags = np.zeros(self.width, dtype=bool)
            for name in names:
                flags[self.first.column(name)] = True
            found[kind] = flags
        return found

    @cached_property
    def whole(self) -> TwoStageProgram:
        """The program of the tree as a two-stage one: all nodes first, then the outcomes."""
        tree, form = self.tree, self.first.form
        on, count = self.tree.paths().astype(float), len(self.tree)
        timed = np.where(self._is["untimed"], 1.0, tree.factor[:, None])
        money = np.zeros(form.rows, dtype=bool)
        if "within_budget" in form.constraints:
            money[form.constraints["within_budget"].slice] = True
        matrix = form.matrix.tocsr()
        finite = np.flatnonzero(np.isfinite(form.ub))
        ends = np.flatnonzero(tree.last)
        rows = sp.vstack(
            [
                sp.kron(on, matrix[~money]),
                sp.kron(on * tree.factor, matrix[money]),
                sp.kron(on[ends], sp.eye_array(self.width, format="csr")[finite]),
            ]
        )
        low = np.where(tree.last[:, None], form.row_lower, -np.inf)
        high = np.tile(form.row_upper, (count, 1))
        ub = np.tile(form.ub, (count, 1))
        limited = ub[:, self._is["limited"]]
        some = np.broadcast_to(tree.available[:, None] > 0, limited.shape)
        left = np.zeros_like(limited)  # also of what has no limit, where nothing is to be had
        np.multiply(limited, tree.available[:, None], out=left, where=some)
        ub[:, self._is["limited"]] = left
        ub[np.ix_(~tree.last, self._is["untimed"])] = 0.0
        joint = stage(
            rows,
            (tree.probability[:, None] * timed * form.c).ravel(),
            row_lower=np.concatenate(
                [low[:, ~money].ravel(), low[:, money].ravel(), np.full(len(ends) * len(finite), -np.inf)]
            ),
            row_upper=np.concatenate(
                [high[:, ~money].ravel(), high[:, money].ravel(), np.tile(form.ub[finite], len(ends))]
            ),
            lb=np.tile(form.lb, count),
            ub=ub.ravel(),
            integer=np.tile(form.integrality, count),
            offset=form.offset,
        )
        return TwoStageProgram(joint, tuple(self._outcome(number, on) for number in range(len(tree.leaf))))

    def _outcome(self, number: int, on: Floats) -> Scenario:
        one = self.scenarios[self.tree.scenario[number]]
        way = sp.csr_array(on[self.tree.leaf[number]][None, :])
        technology: Any = sp.csc_array(sp.kron(way, one.technology))
        name = ";".join((*self.tree.names[self.tree.leaf[number]], one.name))
        return Scenario(name, float(self.tree.chance[number]), technology, one.form)

    def decide(self, free: Flags, held: Floats, at: int = 0, outcome: int | None = None) -> tuple[float, Floats]:
        """Return the least cost seen from a node and what is decided, where only some nodes may decide.

        Parameters
        ----------
        free : ndarray of bool, shape (nodes,)
            Nodes that decide; the others do as `held` says.
        held : ndarray, shape (nodes, columns)
            What is decided elsewhere.
        at : int
            The node from which it is seen: what does not follow it does not count.
        outcome : int, optional
            The only outcome that counts; `at` is then its leaf, and money of the whole way is spent for sure.

        Returns
        -------
        cost : float
            Money of the nodes that count, and the mixture of the outcomes' costs, from there on.
        x : ndarray, shape (nodes, columns)
            What is decided.
        """
        tree, joint = self.tree, self.whole.first
        on = tree.paths()
        if outcome is None:
            some, counts = np.flatnonzero(on[tree.leaf, at]), on[:, at]
            weight = np.where(counts, 1.0 / tree.probability[at], 0.0)
        else:
            some, counts = np.array([outcome]), on[tree.leaf[outcome]]
            weight = np.where(counts, 1.0 / tree.probability, 0.0)
        scale = np.repeat(weight, self.width)
        # What stands for the event is decided at the last stage, whoever else may decide.
        mine = free[:, None] | (self._is["untimed"][None, :] & counts[:, None])
        lb, ub = (np.where(mine, bound.reshape(held.shape), held).ravel() for bound in (joint.lb, joint.ub))
        first = replace(joint, c=joint.c * scale, lb=lb, ub=np.maximum(lb, ub))
        program = replace(self.whole.of(some.tolist()), first=self._without_others(first, on, counts))
        answer = solve(program, risk=self.risk, options=self.options, executor=self.executor)
        if answer.x is None:
            raise SolverError(f"preparing from {';'.join(tree.names[at])} on ended {answer.status}")
        return answer.objective, answer.x.reshape(held.shape)

    def _without_others(self, form: Any, on: Flags, counts: Flags) -> Any:
        """Return the program without rows of nodes that do not count: their floors are no business of these."""
        here = counts | on[counts].any(axis=0)
        own = np.repeat(here, self.width)
        touched = np.abs(form.matrix[:, ~own]).sum(axis=1) > 0
        low = np.where(touched, -np.inf, form.row_lower)
        high = np.where(touched, np.inf, form.row_upper)
        return replace(form, row_lower=low, row_upper=high)

    def cost(self, x: Floats) -> float:
        """Return what decisions of all nodes cost, as seen now."""
        costs, _ = evaluate(self.whole, x.ravel(), options=self.options, executor=self.executor)
        return self.whole.first.objective(x.ravel()) + self.risk.of(costs, self.whole.probabilities)

    def money_along(self, x: Floats, leaf: int) -> float:
        """Return the weighed money, and the price of missing floors, of the way to a leaf."""
        way, form = self.tree.paths()[leaf], self.first.form
        timed = np.where(self._is["untimed"], 1.0, self.tree.factor[:, None])
        return float((timed * x * form.c)[way].sum()) + form.offset
