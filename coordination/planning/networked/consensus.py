r"""Rounds of consensus: what is shared need not fit at once; what does not is priced by its square.

The method of multipliers on what coalitions share. In each round the core mixes what coalitions offered so far so that
cost, and the squares of what does not fit, come to least; what does not fit then moves the prices:

.. math:: \min_{\lambda, z} \; \sum_o \bar c_o \lambda_o + h(z) + \hat y s + \tfrac12 \sum_r \rho_r s_r^2, \qquad
          s = \sum_o \bar e_o \lambda_o + A z - b, \qquad y = \hat y + \rho s

with lambda shares of offers, part by part, z what lies in the pool and runs over. Coalitions answer y with what they
would do and what they would pay at least: the bound of the round, valid whatever the prices (Lasdon 1970). The
multipliers move from y hat to y where the bound rises by a fair part of what the offers so far promise; else the offers
were too few, and answers to y complete them. In rounds of prices the core's prices are duals of a clearing that must
fit, and jump from corner to corner; here they are multipliers that move as far as what is shared does not fit.

What is mixed need never fit to the last unit, so the core clears what was offered, too, for a plan that keeps every
rule.

Source: Hestenes, M. (1969), Multiplier and gradient methods, Journal of Optimization Theory and Applications 4; the
inner problem by offers: Boland, N., Christiansen, J., Dandurand, B., Eberhard, A. and Oliveira, F. (2019), A
parallelizable augmented Lagrangian method applied to large-scale non-convex-constrained optimization problems,
Mathematical Programming 175, whose test for a step this is.
"""

from __future__ import annotations

import dataclasses
import logging
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from coordination.planning.networked.coalition import SHARED
from coordination.planning.networked.rounds import (
    FIRST,
    NEAR,
    PRICES,
    STANDINGS,
    Round,
    Traded,
    answered_besides,
    ask,
    opened,
    take_up,
    told_shares,
)
from coordination.solver import SolverOptions, solve_quadratic
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from coordination.planning.networked.clearing import Clearing
    from coordination.planning.networked.coalition import Coalition
    from coordination.planning.networked.messages import Messages

    Floats = NDArray[np.float64]

LOG = logging.getLogger(__name__)
MOST_ROUNDS = 500
FIRMNESS = 1.0
"""Weight of squares at first, as a share of what prices and quantities of the same kind suggest."""
FAIR = 0.1
"""Part of the rise of the bound that offers promise from which on multipliers move."""
FIRMER, LOOSER = 1.5, 0.7
"""What weights are multiplied by after a step, and after an answer that only completed the offers."""
LEAP = 10.0
"""Times the largest price so far that prices may come to at most in a step."""
CLOSEST = 1e-3
"""Least weights, as a share of those at first."""


def agree(
    coalitions: Sequence[Coalition], clearing: Clearing, constant: float, messages: Messages, *,
    rounds: int | None = None, gap: float = 1e-6, executor: Executor | None = None,
    over: Callable[[], bool] = lambda: False,
) -> Traded:  # fmt: skip
    """Come to terms until the gap is proven, the rounds are over or the time is; parameters as for `trade`."""
    began = time.monotonic()
    worths, bound = opened(coalitions, clearing, messages, executor)
    bound += constant
    value, cleared, x = clearing.clear()
    history = [Round(0, value + constant, bound, clearing.offers, time.monotonic() - began)]
    weights = FIRMNESS * usual_weights(coalitions, clearing, worths)
    centre, post, firm = np.zeros_like(worths), worths, 1.0
    bases: list[Any] = [None] * len(coalitions)
    for number in range(1, (MOST_ROUNDS if rounds is None else rounds) + 1):
        if over():
            break
        standing = clearing.best_offers(post)
        posted = [(clearing.of(n, post), standing[n]) for n in range(len(coalitions))]
        replies = ask(coalitions, posted, bases, executor)
        bases = [one.basis for one in replies]
        if number == 1:
            for share in FIRST:
                answered_besides(coalitions, clearing, messages, share * post, bases, executor)
        free = clearing.core_bound(post) + constant
        found = sum(one.value for one in replies) + free
        promised = sum(float(rows.sum()) for rows in standing) + free - clearing.brought(post)
        taken = 0
        for n, one in enumerate(replies):
            messages.say(number, coalitions[n].name, "told prices", PRICES, len(posted[n][0]))
            messages.say(number, coalitions[n].name, "told standings", STANDINGS, coalitions[n].program.parts)
            take_up(coalitions, clearing, messages, number, n, one.offers)
            taken += len(one.offers.part)
        # Far from the optimum the bound says little of where prices should be: multipliers move with every round.
        far = value + constant - bound > NEAR * abs(value + constant)
        if far or found - bound >= FAIR * (promised - bound):
            centre = post
            firm *= FIRMER
        else:
            firm = max(firm * LOOSER, CLOSEST)
        bound = max(bound, found)
        value, cleared, x = clearing.clear()
        history.append(Round(number, value + constant, bound, taken, time.monotonic() - began))
        LOG.info(
            "round %d: cost %.10g, bound %.10g, found %.10g, firm %.3g", number, value + constant, bound, found, firm
        )
        if value + constant - bound <= gap * max(1e-9, abs(value + constant)):
            break
        post = clearing.signed(mixed_prices(clearing, centre, firm * weights, cleared))
    done = clearing.done(x)
    told_shares(coalitions, messages, history[-1].number, done)
    return Traded(history, done, post)


def usual_weights(coalitions: Sequence[Coalition], clearing: Clearing, worths: Floats) -> Floats:
    """Return weights that suit prices and quantities: of each kind of thing its usual worth over its usual quantity.

    Returns
    -------
    ndarray, shape (rows of the clearing,)
        Money per square of a unit.
    """
    kind, size = np.full(len(worths), -1, dtype=np.int64), np.zeros(len(worths))
    for rows, one in zip(clearing.row, coalitions, strict=True):
        kind[rows] = np.where(one.program.batch >= 0, len(SHARED) + one.program.batch, one.program.kind)
    for row, quantity in clearing.quantities():
        np.maximum.at(size, row, quantity)
    weights, some = np.zeros(len(worths)), worths > 0.0
    for one_kind in np.unique(kind[kind >= 0]):
        of = kind == one_kind
        worth = worths[of & some] if (of & some).any() else worths[some]
        usual = size[of & (size > 0.0)]
        weights[of] = (worth.mean() if len(worth) else 1.0) / (usual.mean() if len(usual) else 1.0)
    return weights


def mixed_prices(clearing: Clearing, centre: Floats, weights: Floats, cleared: Floats) -> Floats:
    """Return the prices that what does not fit in the best mixture of offers moves multipliers to.

    Where the solver comes to nothing, half of the way to the prices of the clearing.
    """
    form = clearing.program.form
    at = np.flatnonzero(weights)
    minus = sp.coo_array((-np.ones(len(at)), (at, np.arange(len(at)))), shape=(form.rows, len(at)))
    whole = sp.csc_array(sp.hstack([sp.csc_array(form.matrix), minus], format="csc"))
    whole.sort_indices()
    unbounded = np.full(len(at), np.inf)
    squared = dataclasses.replace(
        form, start=whole.indptr.astype(form.start.dtype), index=whole.indices.astype(form.index.dtype),
        value=whole.data, c=np.concatenate([form.c, clearing.scale * centre[at]]),
        lb=np.concatenate([form.lb, -unbounded]), ub=np.concatenate([form.ub, unbounded]),
        integrality=np.zeros(form.columns + len(at), dtype=form.integrality.dtype), offset=0.0,
    )  # fmt: skip
    diagonal = np.concatenate([np.zeros(form.columns), clearing.scale * weights[at]])
    solution = solve_quadratic(squared, diagonal, SolverOptions(threads=1))
    if solution.status is not Status.OPTIMAL or solution.x is None:
        LOG.info("the mixture of offers ended %s", solution.status)
        return np.where(weights > 0.0, 0.5 * (centre + cleared), centre)
    prices = centre.copy()
    prices[at] += weights[at] * solution.x[form.columns :]
    # A solver may take for solved what it has not: multipliers that leap are no multipliers.
    largest = max(float(np.abs(centre).max(initial=0.0)), float(np.abs(cleared[at]).max(initial=0.0)))
    if not np.abs(prices).max(initial=0.0) <= LEAP * largest:
        LOG.info("the mixture of offers leapt")
        return np.where(weights > 0.0, 0.5 * (centre + cleared), centre)
    return prices
