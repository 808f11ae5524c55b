r"""Rounds of consensus: what coalitions would take and what the core lays out for them grow together.

Besides a price the core tells each coalition how much it lays out for it of each thing that is shared; the coalition
answers with what it would take, deviations from that priced by their squares:

.. math:: e_S = \arg\min_{x \in X_S} \; c_S x + y e + \tfrac12 \sum_r \rho_r (e_r - \hat e_{S,r})^2

The core lays out anew, what lies in the pool and runs over chosen with it, s being what is asked for too much:

.. math:: \min_{z} \; h(z) + y A z + \tfrac12 \sum_r \frac{\rho_r}{n_r} s_r^2, \qquad
          s = \sum_S e_S + A z - b, \qquad y_r \mathrel{+}= \frac{\rho_r}{n_r} s_r, \qquad
          \hat e_{S,r} = e_{S,r} - s_r / n_r

with n the coalitions that deal with a thing: the alternating direction method of multipliers for sharing (Boyd, S.,
Parikh, N., Chu, E., Peleato, B. and Eckstein, J. (2011), Distributed optimization and statistical learning via the
alternating direction method of multipliers, section 7.3). Prices come of what is asked for too much or too little, of no
clearing and no offers: this is what tells it from rounds of prices. Each coalition also says what it would pay at least at
the same prices without the squares: the bound of the round, valid whatever the prices (Lasdon 1970). As what is asked
for never fits to the last unit, the core clears what was said so far for a plan that keeps every rule.
"""

from __future__ import annotations

import dataclasses
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from coordination.errors import SolverError
from coordination.planning.networked.coalition import LARGEST_COST, SHARED, Offers, reply
from coordination.planning.networked.rounds import OFFERS, PRICES, Round, Traded, opened, take_up, told_shares
from coordination.solver import SolverOptions, solve_quadratic
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from coordination.planning.networked.clearing import Clearing
    from coordination.planning.networked.coalition import Coalition, Program
    from coordination.planning.networked.messages import Messages

    Floats = NDArray[np.float64]

LOG = logging.getLogger(__name__)
MOST_ROUNDS = 500
TARGETS = ("row", "quantity", "weight")
FIRMNESS = 1.0
"""Weight of squares at first, as a share of what prices and quantities of the same kind suggest."""
APART, FIRMER = 5.0, 2.0
"""Where what does not fit outweighs by so much how far the core still moves, squares weigh so many times more; or less
the other way round (He, B., Yang, H. and Wang, S. (2000), Journal of Optimization Theory and Applications 106)."""
SETTLING = 10
"""Rounds between two changes of the weights."""


@dataclass(frozen=True)
class Answer:
    """A coalition's answer to prices and to what is laid out for it.

    Attributes
    ----------
    value : float
        Least own cost and payments at these prices alone, money.
    takes : ndarray, shape (shared rows,)
        What it would take, what it brings not taken off.
    offers : Offers
        What it would do, part by part.
    basis : tuple or None
        Where the next answer starts from.
    """

    value: float
    takes: Floats
    offers: Offers
    basis: Any


def answer(coalition: Program, prices: Floats, laid_out: Floats, weights: Floats, basis: Any) -> Answer:
    """Return what a coalition answers to prices and to what is laid out for it.

    Parameters
    ----------
    prices, laid_out, weights : ndarray, shape (shared rows,)
        Money per unit, units, money per square of a unit.
    """
    least = reply(coalition, prices, np.full(coalition.parts, -np.inf), basis)
    form, taken = coalition.form, coalition.taken
    net = laid_out - coalition.appears
    c, diagonal = form.c.copy(), np.zeros(form.columns)
    c[taken], diagonal[taken] = prices - weights * net, weights
    scale = 2.0 ** -max(0.0, np.ceil(np.log2(max(float(np.abs(c).max(initial=0.0)), 1.0) / LARGEST_COST)))
    squared = dataclasses.replace(form, c=c * scale, offset=0.0)
    solution = solve_quadratic(squared, diagonal * scale, SolverOptions(threads=1))
    if solution.status is not Status.OPTIMAL or solution.x is None:
        raise SolverError(f"networked: the squares of {coalition.name} ended {solution.status}")
    x = np.clip(solution.x[coalition.own], form.lb[coalition.own], form.ub[coalition.own])
    whole = coalition.offers(np.arange(coalition.parts), coalition.by_part(x))
    return Answer(least.value, np.asarray(coalition.shared @ x), whole, least.basis)


def agree(
    coalitions: Sequence[Coalition], clearing: Clearing, constant: float, messages: Messages, *,
    rounds: int | None = None, gap: float = 1e-6, executor: Executor | None = None,
    over: Callable[[], bool] = lambda: False,
) -> Traded:  # fmt: skip
    """Come to terms until the gap is proven, the rounds are over or the time is; parameters as for `trade`."""
    began = time.monotonic()
    first, bound = opened(coalitions, clearing, messages, executor)
    bound += constant
    value, prices, x = clearing.clear()
    history = [Round(0, value + constant, bound, clearing.offers, time.monotonic() - began)]
    core = _Core(coalitions, clearing, clearing.signed(prices), first, clearing.done(x))
    bases: list[Any] = [None] * len(coalitions)
    for number in range(1, (MOST_ROUNDS if rounds is None else rounds) + 1):
        if over():
            break
        answers = _asked(coalitions, core, bases, executor)
        bases = [one.basis for one in answers]
        found = sum(one.value for one in answers) + clearing.core_bound(core.prices) + constant
        bound = max(bound, found)
        for n, one in enumerate(answers):
            messages.say(number, coalitions[n].name, "told prices", PRICES, len(core.laid_out[n]))
            messages.say(number, coalitions[n].name, "told what is laid out", TARGETS, len(core.laid_out[n]))
            take_up(coalitions, clearing, messages, number, n, one.offers)
        value, _, x = clearing.clear()
        taken = sum(len(one.offers.part) for one in answers)
        history.append(Round(number, value + constant, bound, taken, time.monotonic() - began))
        LOG.info("round %d: cost %.10g, bound %.10g", number, value + constant, bound)
        if value + constant - bound <= gap * max(1e-9, abs(value + constant)):
            break
        core.lay_out([one.takes for one in answers], number)
    done = clearing.done(x)
    told_shares(coalitions, messages, history[-1].number, done)
    return Traded(history, done, core.prices)


def _asked(
    coalitions: Sequence[Coalition], core: _Core, bases: Sequence[Any], executor: Executor | None
) -> list[Answer]:
    """Return the answers of all coalitions, in their order, wherever the executor has them answered."""
    columns = (
        [one.program for one in coalitions],
        [core.prices[rows] for rows in core.rows],
        core.laid_out,
        [core.weights[rows] for rows in core.rows],
        list(bases),
    )
    return list(map(answer, *columns) if executor is None else executor.map(answer, *columns))


class _Core:
    """What the core posts, and how it lays out anew.

    Attributes
    ----------
    prices, weights : ndarray, shape (rows of the clearing,)
        y and rho.
    laid_out : list of ndarray
        Of each coalition, by its shared rows.
    """

    def __init__(
        self, coalitions: Sequence[Coalition], clearing: Clearing, prices: Floats, worths: Floats, done: Sequence[Floats]
    ) -> None:
        self.clearing, self.rows = clearing, clearing.row
        form = clearing.form
        self.shared = np.ones(form.rows, dtype=bool)
        for name in ("decided", "stores"):
            if name in form.constraints:
                self.shared[form.constraints[name].slice] = False
        self.dealing = np.maximum(np.bincount(np.concatenate(self.rows), minlength=form.rows), 1).astype(float)
        self.prices = np.where(self.shared, prices, 0.0)
        self.laid_out = [np.asarray(one.program.shared @ x) for one, x in zip(coalitions, done, strict=True)]
        self.weights = FIRMNESS * self._weights(coalitions, worths)

    def _weights(self, coalitions: Sequence[Coalition], worths: Floats) -> Floats:
        """Return weights that suit prices and quantities: of each kind of thing, worth over units as they are usual."""
        kind = np.zeros(len(worths), dtype=np.int64)
        size = np.zeros(len(worths))
        for rows, one in zip(self.rows, coalitions, strict=True):
            program = one.program
            kind[rows] = np.where(program.batch >= 0, len(SHARED) + program.batch, program.kind)
            # Of a coalition's own columns the largest in a row says in what quantities it deals.
            most = np.minimum(program.form.ub[program.own], 1e9)
            size[rows] = np.maximum(size[rows], np.asarray(np.abs(program.shared) @ np.where(most < 1e9, most, 0.0)))
        weights = np.zeros(len(worths))
        money = [float(np.mean(worths[worths > 0.0]))] if (worths > 0.0).any() else [1.0]
        for one_kind in np.unique(kind):
            of = np.flatnonzero(kind == one_kind)
            worth = worths[of][worths[of] > 0.0]
            usual = size[of][size[of] > 0.0]
            weights[of] = (float(worth.mean()) if len(worth) else money[0]) / (float(usual.mean()) if len(usual) else 1.0)
        return weights

    def lay_out(self, takes: Sequence[Floats], number: int) -> None:
        """Lay out anew from what coalitions would take, and move the prices."""
        form = self.clearing.form
        asked = np.zeros(form.rows)
        for rows, e in zip(self.rows, takes, strict=True):
            np.add.at(asked, rows, e)
        excess = self._excess(asked)
        step = self.weights / self.dealing
        self.prices = self.clearing.signed(self.prices + step * excess)
        share = excess / self.dealing
        laid_out = [e - share[rows] for rows, e in zip(self.rows, takes, strict=True)]
        moved = sum(
            float(self.weights[rows] @ (after - before) ** 2)
            for rows, after, before in zip(self.rows, laid_out, self.laid_out, strict=True)
        )
        self.laid_out = laid_out
        unfit = float(step @ excess**2)
        LOG.info("does not fit: %.4g, moved: %.4g", unfit, moved)
        if number % SETTLING == 0:
            if unfit > APART**2 * moved:
                self.weights = self.weights * FIRMER
            elif moved > APART**2 * unfit:
                self.weights = self.weights / FIRMER

    def _excess(self, asked: Floats) -> Floats:
        """Return what is asked for too much in each row, what lies in the pool and runs over chosen with it."""
        form, at = self.clearing.form, np.flatnonzero(self.shared)
        step = (self.weights / self.dealing)[at]
        matrix = sp.csc_array(form.matrix)
        entries = sp.coo_array((-np.ones(len(at)), (at, np.arange(len(at)))), shape=(form.rows, len(at)))
        whole = sp.csc_array(sp.hstack([matrix, entries], format="csc"))
        whole.sort_indices()
        gone = np.where(self.shared, asked, 0.0)
        decided = form.constraints["decided"].slice
        lower, upper = form.row_lower - gone, form.row_upper - gone
        lower[decided], upper[decided] = -np.inf, np.inf
        unbounded = np.full(len(at), np.inf)
        squared = dataclasses.replace(
            form, start=whole.indptr.astype(form.start.dtype), index=whole.indices.astype(form.index.dtype),
            value=whole.data, c=np.concatenate([form.c, self.prices[at]]), lb=np.concatenate([form.lb, -unbounded]),
            ub=np.concatenate([form.ub, unbounded]), row_lower=lower, row_upper=upper,
            integrality=np.zeros(form.columns + len(at), dtype=form.integrality.dtype), offset=0.0,
        )  # fmt: skip
        scale = 2.0 ** -max(0.0, np.ceil(np.log2(max(float(np.abs(squared.c).max(initial=0.0)), 1.0) / LARGEST_COST)))
        diagonal = np.concatenate([np.zeros(form.columns), step])
        solution = solve_quadratic(
            dataclasses.replace(squared, c=squared.c * scale), diagonal * scale, SolverOptions(threads=1)
        )
        if solution.status is not Status.OPTIMAL or solution.x is None:
            raise SolverError(f"networked: what the core lays out ended {solution.status}")
        excess = np.zeros(form.rows)
        excess[at] = solution.x[form.columns :]
        return excess
