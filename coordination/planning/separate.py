"""The separate way, for large cases: relax and bound, choose roles, fix them, price.

1. The LP of the joint model with the roles relaxed, over all lanes and routes: its bound is the bound of the case.
2. Roles: responsibility alone, asked to hand out the tonnes of step 1, each at what serving it is worth.
3. The LP with these roles fixed: the best supply for them, with prices; a plan.
4. Again from 2 with the tonnes of step 3, while that gains; the best plan is kept.

Costs of step 2's program are terms of the joint model, so nothing is decided on a guess: the gap between the plan of
step 3 and the bound of step 1 is the gap of the joint model.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np

from coordination.planning.answer import Answer, nothing_found, trivial_bound
from coordination.planning.held import solve_held, tonnes_of
from coordination.planning.linear import LinearAnswer, relaxed, solve_linear, with_roles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.columns import Columns
    from coordination.planning.held import HeldAnswer
    from coordination.planning.session import Session

LOG = logging.getLogger(__name__)
NEAREST = 4
"""Lanes per destination and batch to start from."""
ROUNDS = 3
"""Times that roles and supply are chosen in turn."""
ROLE_GAP = 0.01
"""Gap within which roles are chosen."""


def solve_separately(session: Session) -> Answer:
    """Solve a large case by relaxing, choosing roles, fixing them and pricing."""
    model, columns = session.model, session.columns
    start_from_nearest(columns)
    share = session.options.gap
    base = solve_linear(session, relaxed, "roles relaxed", share / 10)
    figures: dict[str, float | int | str] = {"way": "separate"}
    if base is None:
        return nothing_found(session, trivial_bound(model), figures)
    best: tuple[LinearAnswer, HeldAnswer] | None = None
    current = base
    for number in range(1, ROUNDS + 1):
        held = solve_held(
            session,
            tonnes_of(model, current),
            f"roles, round {number}",
            gap=ROLE_GAP,
            seconds=session.clock.within(0.4),
        )
        if held is None:
            break
        roles = held.values
        fixed = solve_linear(
            session, lambda form, roles=roles: with_roles(form, roles), f"roles fixed, round {number}", 0.0
        )
        if fixed is None:
            break
        LOG.info("round %d: plan %.8g, bound %.8g", number, fixed.objective, base.bound)
        gain = np.inf if best is None else best[0].objective - fixed.objective
        if gain > 0:
            best = fixed, held
        if gain < 0.1 * share * abs(fixed.objective) or session.clock.over():
            break
        current = fixed
    return _answer(session, base, best, figures)


def _answer(
    session: Session,
    base: LinearAnswer,
    best: tuple[LinearAnswer, HeldAnswer] | None,
    figures: dict[str, float | int | str],
) -> Answer:
    figures["rounds_of_pricing"] = base.rounds
    if best is None:
        return nothing_found(session, base.bound, figures)
    linear, held = best
    values: dict[str, NDArray[np.float64]] = linear.values | {
        name: held.values[name] for name in ("accountable", "doer", "backup")
    }
    return Answer(session.columns, linear.ships, values, linear.duals, base.bound, session.notes, figures)


def start_from_nearest(columns: Columns) -> None:
    """Put the shipments of the nearest lanes of each destination and batch into the model."""
    lanes = columns.lanes
    order = lanes["hours"].to_numpy().argsort(kind="stable")
    some = columns.allowed.any(axis=2)
    for batch in range(some.shape[1]):
        able = order[some[order, batch]]
        chosen = lanes.iloc[able].groupby(["state", "destination"]).head(NEAREST).index.to_numpy()
        columns.active[chosen, batch] = columns.allowed[chosen, batch]
