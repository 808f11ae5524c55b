"""The separate way, for large cases: relax and bound, choose roles, fix them, price.

0. Prices from the city's hierarchy choose the shipments to start from (`coordination.planning.levels`).
1. The relaxation of the joint model, roles and what facilities do in shares, by pricing over all lanes and routes: a
   bound of the joint model that holds whatever follows (`coordination.planning.relaxation`,
   `coordination.planning.proof`).
   Where facilities can be converted, whole courses of them at its prices, with a bound of their own
   (`coordination.planning.courses`), and the relaxation once more with these held.
2. Whole roles, area by area, for the tonnes that the relaxation hands out (`coordination.planning.roles`).
3. The LP of the joint model with these roles fixed, over all lanes and routes: a plan, with prices.
4. Where the gap is not yet proven and time is left: the bound with whole roles at the relaxation's prices pi,

       S(pi) + R(pi),   S = least of supply + pi * tonnes served,   R = least of responsibility - pi * tonnes covered,

   (Geoffrion, A. (1974), Lagrangean relaxation for integer programming), and roles once more at the prices of 3.

Nothing is decided on a guess: what step 2 minimises are terms of the joint model, and the gap is the joint model's.
"""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.errors import UsageError
from coordination.planning.answer import Answer, nothing_found, trivial_bound
from coordination.planning.by_area import solve_by_area
from coordination.planning.clock import Clock
from coordination.planning.columns import drop_dear
from coordination.planning.courses import choose_courses, with_courses
from coordination.planning.gathering import area_of_places
from coordination.planning.handing import LEAST_SHIPMENT, covered_tonnes, relaxed_within_hours, within_hours
from coordination.planning.levels import start_from_above
from coordination.planning.linear import LinearAnswer, solve_linear, with_roles
from coordination.planning.pieces import of_places
from coordination.planning.proof import least_of_supply
from coordination.planning.recovery.worths import Priced
from coordination.planning.relaxation import relax
from coordination.planning.roles import (
    ROLES_GAP,
    Held,
    best_accountable,
    choose_roles,
    chosen_model,
    priced_bound,
    wanted,
)
from coordination.planning.spreading import serve_at_once, share_out, wanted_for
from coordination.planning.worths import LaneCosts, Prices

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from coordination.planning.columns import Columns
    from coordination.planning.levels import Gathered
    from coordination.planning.model import ResponseModel
    from coordination.planning.session import Session

    Floats = NDArray[np.float64]

LOG = logging.getLogger(__name__)
NEAREST = 1
"""Lanes per destination and batch to start from."""
VERY_LARGE = 2_000_000
"""Possible shipments from which on no LP of the whole city is tried."""
ROUNDS = 3
"""Times that roles and supply are chosen in turn."""
RELAXED_GAP = 0.4
"""Share of the requested gap that the relaxation may leave between its value and what is proven."""
FIXED_GAP = 0.2
"""Share of the requested gap within which the LP with the roles fixed is solved."""
COURSES_GAP = 0.05
"""Share of the requested gap that choosing what facilities do may leave on the table."""
COURSES_TIME = 0.3
"""Share of the time left that choosing it takes at most."""
SPARE = 0.25
"""Share of the time limit that the relaxation leaves for choosing roles and for the LP with the roles fixed."""
DEAR = 1e-3
"""Shipments whose reduced cost in the relaxation is above this share of the worth of goods are no use with whole roles
either: kept are all that could matter within a gap of that size, and the LP is a third smaller."""
BRANCHING_SECONDS = 40.0
"""Most time for the bound with whole roles: it improves slowly after that."""
LATE = 10.0
"""Seconds beyond the limit that choosing roles may take where there is no plan yet."""
ROLES_TIME = 0.6
"""Most of the time left that one choice of roles takes: without good roles no LP helps, without the LP prices lack."""


@dataclass(frozen=True)
class Candidate:
    """A plan of step 3: the model with the chosen roles alone, its values, and its LP's answer if there is one.

    Attributes
    ----------
    model : ResponseModel
        Only pairs that do or back up.
    ships : DataFrame
        Shipments in the model.
    values : dict of str to ndarray
        Roles, coverage, shipments and service.
    linear : LinearAnswer or None
        The LP with the roles fixed; None where the values are the relaxation's, brought within the roles' hours.
    """

    model: ResponseModel
    ships: pd.DataFrame
    values: dict[str, Floats]
    linear: LinearAnswer | None = None

    @property
    def cost(self) -> float:
        """Objective, infinite where no LP says."""
        return np.inf if self.linear is None else self.linear.objective


def is_very_large(columns: Columns) -> bool:
    """Return whether no LP of the whole city is tried."""
    return bool(columns.allowed.sum() > VERY_LARGE)


def solve_separately(session: Session) -> Answer:
    """Solve a large case: relax, choose roles, fix them, price."""
    target, merged = session.options.gap, session.model.tight(merged=True)
    accountable = best_accountable(session)
    if accountable is None:
        return nothing_found(session, trivial_bound(session.model), {"way": "separate"})
    start_from_nearest(session.columns)
    very_large = is_very_large(session.columns)
    area = of_places(session.model) if very_large else area_of_places(session.model.case.instance)
    gathered = start_from_above(session, area)
    if gathered is not None and very_large:
        answer = solve_by_area(session, accountable, gathered)
        return answer or _without_relaxation(session, merged, accountable, gathered)
    linear = relax(session, merged, accountable, "roles in shares", RELAXED_GAP * target, spare=SPARE)
    if linear is None:
        return _without_relaxation(session, merged, accountable, gathered)
    used = linear.ships[linear.values["ship"] > LEAST_SHIPMENT]
    drop_dear(LaneCosts(merged, session.columns), linear.prices, linear.cheapest, DEAR, used)
    bound, courses = linear.bound, {}
    if len(session.model.case.facilities.places):
        found = choose_courses(
            session, merged, accountable, linear, COURSES_GAP * target, session.clock.within(COURSES_TIME)
        )
        bound, courses = found.bound, found.values
        linear = relax(
            session, merged, accountable, "facilities held", RELAXED_GAP * target, spare=SPARE, held=courses
        ) or with_courses(linear, courses)
    bound, held = (
        max(bound, trivial_bound(session.model)),
        wanted(merged, linear.values["cover"], linear.prices.handout),
    )
    slack = ROLES_GAP * target * abs(linear.objective)
    best: Candidate | None = None
    for number in range(1, ROUNDS + 1):
        deciding = session if number > 1 else _late(session)
        seconds = deciding.clock.within(ROLES_TIME)
        chosen = choose_roles(deciding, held, accountable, linear.values, merged, slack, seconds)
        candidate = _fixed(session, chosen, linear, f"roles fixed, round {number}", courses)
        gain = np.inf if best is None else best.cost - candidate.cost
        best = _better(best, candidate)
        LOG.info("round %d: plan %.8g, gain %.3g, bound %.8g", number, candidate.cost, gain, bound)
        if candidate.linear is None or gain < 0.1 * target * abs(best.cost) or session.clock.over():
            break
        if number == 1 and not _proven(session, best, bound):
            price, seconds = linear.prices.handout, session.clock.within(ROLES_TIME)
            seconds = BRANCHING_SECONDS if seconds is None else min(seconds, BRANCHING_SECONDS)
            branched = priced_bound(session, price, accountable, gap=target / 4, seconds=seconds)
            bound = max(bound, linear.bound - linear.rest + branched) if not courses else bound
        if _proven(session, best, bound):
            break
        held = Held(held.tonnes, np.maximum(held.worth, candidate.linear.prices.handout))
    assert best is not None
    return _answer(session, best, bound)


def relaxation_of(session: Session) -> Priced | None:
    """Return the relaxation of a large case with its bound, whole courses of facilities looked at; None if not in time.

    Raises
    ------
    UsageError
        No LP of the whole city is tried for so large a case.
    """
    if is_very_large(session.columns):
        raise UsageError(
            f"{session.model.case.instance.name} is too large to plan repairs "
            f"({int(session.columns.allowed.sum()):,} possible shipments, {VERY_LARGE:,} at most). Plan a part of the "
            "city, or leave table damage out."
        )
    target, merged = session.options.gap, session.model.tight(merged=True)
    accountable = best_accountable(session)
    if accountable is None:
        return None
    start_from_nearest(session.columns)
    start_from_above(session, area_of_places(session.model.case.instance))
    linear = relax(session, merged, accountable, "all repaired", RELAXED_GAP * target, spare=SPARE)
    if linear is None:
        return None
    bound = max(linear.bound, trivial_bound(session.model))
    if len(session.model.case.facilities.places):
        seconds = session.clock.within(COURSES_TIME)
        bound = max(bound, choose_courses(session, merged, accountable, linear, COURSES_GAP * target, seconds).bound)
    sent = sent_between(session.columns, linear.ships, linear.values["ship"])
    return Priced(session.model, linear.prices, sent, bound)


def sent_between(columns: Columns, ships: pd.DataFrame, quantity: Floats) -> pd.DataFrame:
    """Return what is sent: ``origin``, ``destination``, ``batch``, ``period`` of departure, ``quantity``."""
    lane = columns.lanes.iloc[ships["lane"].to_numpy()]
    rows = ships[["batch", "period"]].assign(
        origin=lane["origin"].to_numpy(), destination=lane["destination"].to_numpy(), quantity=quantity
    )
    key = ["origin", "destination", "batch", "period"]
    return rows[rows["quantity"] > LEAST_SHIPMENT].groupby(key, as_index=False)[["quantity"]].sum()


def _without_relaxation(
    session: Session, merged: ResponseModel, accountable: Floats, gathered: Gathered | None
) -> Answer:
    """Return a plan from the coarser case, where there is one: no proof beyond the trivial one, no prices."""
    bound = trivial_bound(session.model)
    if gathered is None:
        return nothing_found(session, bound, {"way": "separate"})
    columns = session.columns
    bound = max(bound, bound + _coarse_bound(session, gathered))
    ships, quantity = share_out(columns, gathered)
    serve = serve_at_once(session.model, columns, ships, quantity)
    start = {
        "doer": np.zeros(len(merged.roles.doers)),
        "backup": np.zeros(len(merged.roles.backups)),
        "cover": np.zeros(len(merged.roles.cover)),
    }
    late = _late(session)
    held = wanted_for(merged, serve)
    chosen = choose_roles(late, held, accountable, start, merged, np.inf, late.clock.within(1.0))
    model, roles, cover = chosen_model(session.model, chosen)
    serve = within_hours(model, serve, covered_tonnes(model, cover))
    session.notes.append("The plan comes from a coarser case, shared out, for want of time: its proof is weak.")
    return _answer(session, Candidate(model, ships, roles | {"cover": cover, "serve": serve, "ship": quantity}), bound)


def _late(session: Session) -> Session:
    """Return the session with time to choose roles, whatever the clock says: without them there is no plan to keep.

    Who pressed Ctrl-C once waits that little longer; the second time interrupts as ever.
    """
    clock = session.clock
    if not clock.stopped and clock.has(LATE):
        return session
    return dataclasses.replace(session, clock=Clock(LATE, clock.seconds))


def _coarse_bound(session: Session, gathered: Gathered) -> float:
    """Return what supply costs at least at the coarser case's prices, handing out at no price: a weak bound."""
    case, coarse = session.model.case, gathered.prices
    prices = Prices(
        goods=np.where(np.isfinite(gathered.cheapest), gathered.cheapest, 0.0),
        hour=coarse.hour,
        toll=coarse.toll,
        storage=coarse.storage if case.facilities.uses.empty else np.zeros_like(coarse.storage),
        handout=np.zeros(len(session.model.handout_data["HANDOUTS"])),
        worst=np.zeros_like(case.need_total),
        visit=np.zeros((len(case.facilities.uses), case.periods)),
    )
    return least_of_supply(LaneCosts(session.model, session.columns), prices, session.routes_complete)[0]


def _proven(session: Session, best: Candidate, bound: float) -> bool:
    return best.cost - bound <= session.options.gap * abs(best.cost)


def _better(best: Candidate | None, candidate: Candidate) -> Candidate:
    """Return the better plan, and let the other one's LP go."""
    if best is None:
        return candidate
    better, other = (candidate, best) if candidate.cost < best.cost else (best, candidate)
    if other.linear is not None and other.linear.program is not None:
        other.linear.program.close()
    return better


def _fixed(
    session: Session, chosen: dict[str, Floats], relaxed: LinearAnswer, stage: str, courses: dict[str, Floats]
) -> Candidate:
    """Solve the joint LP with the chosen roles fixed; without time for it, bring the relaxation within their hours."""
    model, roles, cover = chosen_model(session.model, chosen)
    roles = roles | courses
    linear = solve_linear(
        dataclasses.replace(session, model=model),
        lambda form: with_roles(form, roles),
        stage,
        FIXED_GAP * session.options.gap,
    )
    if linear is not None:
        return Candidate(model, linear.ships, linear.values | roles, linear)
    values = roles | relaxed_within_hours(model, relaxed.values, cover)
    values |= {"visit": relaxed.values["visit"]} if courses else {}
    return Candidate(model, relaxed.ships, values)


def _answer(session: Session, best: Candidate, bound: float) -> Answer:
    figures: dict[str, float | int | str] = {"way": "separate"}
    if best.linear is None:
        session.notes.append("Prices and reasons are missing: the LP with the roles fixed was not solved in time.")
        duals, program = None, None
    else:
        figures["rounds_of_pricing"] = best.linear.rounds
        duals, program = best.linear.duals, best.linear.program
    return Answer(
        best.model, session.columns, best.ships, best.values, duals, bound, session.notes, figures, program
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
