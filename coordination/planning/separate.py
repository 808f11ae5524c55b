"""The separate way, for large cases: supply and responsibility apart, joined by what handing out is worth.

0. Prices from the city's hierarchy choose the shipments to start from (`coordination.planning.aggregate`).
1. What is wanted: all that is needed, as far as all hours of the supply tasks could hand it out.
2. Roles: responsibility alone, asked to hand out these tonnes, each at what serving it is worth.
3. The LP of the joint model with these roles fixed, over all lanes and routes: a plan, with prices.
4. The bound. With the prices pi of handing out from 3, any plan of the joint model costs at least

       S(pi) + R(pi),   S = least of supply + pi * tonnes served,   R = least of responsibility - pi * tonnes covered,

   because served <= covered and pi >= 0 (Lagrange; Geoffrion, A. (1974), Lagrangean relaxation for integer
   programming). S is read off the LP of step 3 (its lanes and routes are priced), R is the bound of a mixed-integer
   program of responsibility alone.
5. Again from 2 with the prices of 3, while that gains. The best plan is kept.

Nothing is decided on a guess: what step 2 minimises are terms of the joint model, and the gap is the joint model's.
"""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.aggregate import start_from_streets
from coordination.planning.answer import Answer, nothing_found, trivial_bound
from coordination.planning.held import (
    Held,
    HeldAnswer,
    best_accountable,
    handout_prices,
    held_by,
    most_tonnes,
    priced_bound,
    solve_held,
)
from coordination.planning.linear import LinearAnswer, solve_linear, with_roles
from coordination.terms import RESPONSIBILITY_TERMS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.columns import Columns
    from coordination.planning.model import ResponseModel
    from coordination.planning.session import Session

LOG = logging.getLogger(__name__)
NEAREST = 1
"""Lanes per destination and batch to start from."""
ROUNDS = 3
"""Times that roles and supply are chosen in turn."""
MARGIN = 1.5
"""Hand-out to provide for, as a share of what is needed in the period."""
ROLE_GAP = 0.005
"""Gap within which roles are chosen and bounded."""
ROLE_SECONDS = 40.0
"""Most time for one choice of roles, and for one bound: both improve slowly after that."""


@dataclass(frozen=True)
class Candidate:
    """A plan of step 3: the model with the chosen roles alone, its LP's answer, and the roles.

    Attributes
    ----------
    model : ResponseModel
        Only pairs that do or back up.
    linear : LinearAnswer
        The LP with the roles fixed.
    roles : dict of str to ndarray
        ``accountable``, ``doer``, ``backup`` in the order of the model's index sets.
    """

    model: ResponseModel
    linear: LinearAnswer
    roles: dict[str, NDArray[np.float64]]


def solve_separately(session: Session) -> Answer:
    """Solve a large case: supply, roles, both joined, the bound."""
    columns = session.columns
    start_from_nearest(columns)
    start_from_streets(session)
    accountable = best_accountable(session)
    if accountable is None:
        return nothing_found(session, trivial_bound(session.model), {"way": "separate"})
    best: Candidate | None = None
    held = _wanted(session.model)
    bound = trivial_bound(session.model)
    for number in range(1, ROUNDS + 1):
        chosen = solve_held(
            session, session.model.merged("all"), held, accountable, f"roles, round {number}", gap=ROLE_GAP,
            seconds=ROLE_SECONDS,
        )  # fmt: skip
        candidate = None if chosen is None else _joined(session, chosen, f"roles fixed, round {number}")
        if chosen is None or candidate is None:
            break
        gain = np.inf if best is None else best.linear.objective - candidate.linear.objective
        best = _better(best, candidate)
        bound = max(bound, _bound(session, candidate, accountable))
        LOG.info("round %d: plan %.8g, gain %.3g, bound %.8g", number, candidate.linear.objective, gain, bound)
        if gain < 0.1 * session.options.gap * abs(candidate.linear.objective) or session.clock.over():
            break
        held = Held(held.tonnes, np.maximum(held.worth, handout_prices(candidate.linear)))
    return _answer(session, best, bound)


def _better(best: Candidate | None, candidate: Candidate) -> Candidate:
    """Return the better plan, and let the other one's LP go."""
    if best is None:
        return candidate
    better, other = (candidate, best) if candidate.linear.objective < best.linear.objective else (best, candidate)
    if other.linear.program is not None:
        other.linear.program.close()
    return better


def _wanted(model: ResponseModel) -> Held:
    """Return what is needed, by hand-out, with a margin, at what two periods without would cost.

    The margin is there because goods do not come evenly: what waits in one period is handed out in the next.
    """
    case, waiting, handed = model.case, model.case.waiting, model.handout_data["HANDED_OUT"]
    index = model.handout_data["HANDOUTS"]
    service = model.frame.service.merge(model.frame.needs, on=["place", "commodity", "group", "period"])
    first = service.drop_duplicates(["place", "commodity", "group", "period"])
    pairs = handed.merge(first, left_on=["m0", "m1", "m2", "m3"], right_on=["place", "batch", "group", "period"])
    limit = index.get_indexer(pd.MultiIndex.from_frame(pairs[["i0", "i1"]]))
    row, commodity = pairs["row"].to_numpy(), pairs["commodity"].to_numpy()
    units = waiting.need[row, pairs["period"].to_numpy()]
    tonnes = np.bincount(limit, units * case.tonnes[commodity], len(index)).astype(float)
    worth = np.bincount(limit, units * waiting.weight[row] * waiting.slope[commodity, :2].sum(axis=1), len(index))
    mean = np.divide(worth, tonnes, out=np.zeros(len(index)), where=tonnes > 1e-9)
    return Held(np.minimum(MARGIN * tonnes, most_tonnes(model)), mean)


def _joined(session: Session, chosen: HeldAnswer, stage: str) -> Candidate | None:
    """Solve the joint LP with the chosen roles fixed."""
    full = session.model.roles
    doing, backing = chosen.values["doer"] > 0.5, np.zeros(len(full.doers), dtype=bool)
    backing[np.flatnonzero(full.doers["backups"].to_numpy() > 0)] = chosen.values["backup"] > 0.5
    keep = doing | backing
    model = session.model.restricted(keep)
    wanted = model.roles.doers["backups"].to_numpy() > 0
    roles = {
        "accountable": chosen.values["accountable"],
        "doer": doing[keep].astype(float),
        "backup": backing[keep][wanted].astype(float),
    }
    target = session.options.gap / 3
    linear = solve_linear(
        dataclasses.replace(session, model=model), lambda form: with_roles(form, roles), stage, target
    )
    return None if linear is None else Candidate(model, linear, roles)


def _bound(session: Session, candidate: Candidate, accountable: NDArray[np.float64]) -> float:
    """Return S(pi) + R(pi) at the candidate's prices."""
    linear = candidate.linear
    price = handout_prices(linear)
    served = held_by(candidate.model, linear).tonnes
    supply = linear.objective - sum(linear.terms[name] for name in RESPONSIBILITY_TERMS)
    least = sum(linear.terms[name] for name in RESPONSIBILITY_TERMS) - float(price @ served)
    # The program's value may be far larger than what matters of it: its gap is asked for in the joint model's money.
    gap = session.options.gap / 4 * abs(linear.objective) / max(1e-9, abs(least))
    apart = priced_bound(session, price, accountable, gap=min(gap, ROLE_GAP), seconds=ROLE_SECONDS)
    return supply + float(price @ served) - linear.shortfall + apart


def _answer(session: Session, best: Candidate | None, bound: float) -> Answer:
    if best is None:
        return nothing_found(session, bound, {"way": "separate"})
    figures: dict[str, float | int | str] = {"way": "separate", "rounds_of_pricing": best.linear.rounds}
    return Answer(
        best.model, session.columns, best.linear.ships, best.linear.values | best.roles, best.linear.duals, bound,
        session.notes, figures, best.linear.program,
    )  # fmt: skip


def start_from_nearest(columns: Columns) -> None:
    """Put the shipments of the nearest lanes of each destination and batch into the model."""
    lanes = columns.lanes
    order = lanes["hours"].to_numpy().argsort(kind="stable")
    some = np.asarray(columns.allowed.any(axis=2), dtype=np.bool_)
    for batch in range(some.shape[1]):
        able = order[some[order, batch]]
        chosen = lanes.iloc[able].groupby(["state", "destination"]).head(NEAREST).index.to_numpy()
        columns.active[chosen, batch] = columns.allowed[chosen, batch]
