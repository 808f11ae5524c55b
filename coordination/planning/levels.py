"""First prices from coarser cases: needs gathered by district, then by groups of alike places within districts.

Pricing lanes needs prices, and good first ones are worth most of the time it takes. The needs of many places are
gathered at one of them (`coordination.planning.gathering` says which); roads, depots, fleets and stocks stay as they
are, hand-out hours are gathered with the needs. The LP of such a case says what goods are worth in each area, batch by
batch and period by period. Its prices choose the lanes that the next finer case starts from, down to the full one.
Every lane is priced again there: coarser cases decide nothing but where to start, and, by area, who gets what share.
"""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.case import Case
from coordination.planning.columns import best_shipments, reduced_costs_of
from coordination.planning.gathering import (
    Units,
    gathered_handout,
    gathered_instance,
    heads,
    mean_lanes,
    most_tonnes,
)
from coordination.planning.linear import PricedProgram
from coordination.planning.model import ResponseModel
from coordination.planning.routes import first_columns
from coordination.planning.worths import LaneCosts, Prices, cheapest_goods

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.columns import Columns
    from coordination.planning.linear import LinearAnswer
    from coordination.planning.session import Session

    Floats = NDArray[np.float64]

LOG = logging.getLogger(__name__)
GROUPS = 8
"""Heads per area of the finer of the two coarser cases; the coarsest has one."""
HEADS = 200
"""Heads of all areas together up to which that case is quick enough to be priced several times."""
ROUNDS = (2, 8)
"""Most rounds of pricing of the coarsest case, whose prices are but a start, and of a finer one."""
TARGET = 1e-3
"""Relative gap within which a gathered case is solved."""
NEAR = 10
"""Lanes per destination that the coarsest case starts from."""
BEST = 2
"""Lanes per destination, batch and period of arrival that the prices choose."""
SPARE = 0.5
"""Share of the time limit that gathered cases leave for what comes after."""
USED = 0.1
"""Units from which on a shipment counts as made."""
TOUR = ["state", "fleet", "origin"]
FINER = 0.35
"""Heads of the finer of the two cases, as a share of the needy places: more, and it takes longer than it saves."""
COARSER = 0.7
"""A case counts if it leaves at most this share of the needy places of the next finer one."""


@dataclass(frozen=True)
class Gathered:
    """What a coarser case says: its prices by place of the full case.

    Attributes
    ----------
    prices : Prices
        Of fleet hours, roads, storage and hand-out (by row of the full model's ``HANDOUTS``).
    cheapest : ndarray, shape (places, batches, periods)
        What goods cost there.
    representative : ndarray of int, shape (places,)
        Where the needs of each place are gathered.
    used : DataFrame
        ``state``, ``fleet``, ``origin``, ``destination``, ``batch`` of lanes that carry anything.
    ships : DataFrame
        ``lane``, ``batch``, ``period``, ``quantity``: what it sends, on the lanes of the full case.
    serve : DataFrame
        ``place``, ``batch``, ``group``, ``period``, ``quantity``: what it serves.
    cost : float
        Its supply's social cost.
    """

    prices: Prices
    cheapest: NDArray[np.float64]
    representative: NDArray[np.int64]
    used: pd.DataFrame
    ships: pd.DataFrame
    serve: pd.DataFrame
    cost: float


def coarse_cost(session: Session, area: NDArray[np.int64]) -> float | None:
    """Return the social cost of supply with the needs of each area gathered; None when there was no time for it."""
    found = _solve(session, heads(session.model, area, 1), None)
    return None if found is None else found.cost


def start_from_above(session: Session, area: NDArray[np.int64]) -> Gathered | None:
    """Put the lanes into the model that the prices of gathered cases choose; return what the finest of them says.

    Parameters
    ----------
    area : ndarray of int, shape (places,)
        Areas of whole streets, within which needs are gathered.
    """
    model, found = session.model, None
    needy = model.case.need_total.any(axis=1)
    cases: list[NDArray[np.int64]] = []
    count = len(np.unique(area[needy]))
    few = int(min(HEADS, FINER * needy.sum())) // max(count, 1)
    for most in (max(2, min(GROUPS, few)), 1):
        head = heads(model, area, most)
        if len(np.unique(head[needy])) <= COARSER * (len(np.unique(cases[0][needy])) if cases else needy.sum()):
            cases.insert(0, head)
    for head in cases:
        answer = _solve(session, head, found)
        found = answer or found
    if found is not None:
        with session.clock.stage("price"):
            choose(model, session.columns, found)
        LOG.info("%d of %d shipments to start from", session.columns.active.sum(), session.columns.allowed.sum())
    return found


def _solve(session: Session, head: NDArray[np.int64], above: Gathered | None) -> Gathered | None:
    """Solve one gathered case; None when there was no time for it."""
    from coordination.planning.session import Session

    full = session.model
    with session.clock.stage("build"):
        case = Case.of(gathered_instance(full.case.instance, head))
        case.__dict__["lanes"] = mean_lanes(full.case, case, head)
        model = ResponseModel.of(case).tight(merged=True)
        model.__dict__["handout_data"] = gathered_handout(model, full, head)
        small = first_columns(model.case)
    if above is None:
        small.active = small.allowed & ~between_stores(small) & near(small)[:, None, None]
    else:
        choose(model, small, above)
    inner = Session(model, small, True, session.options, session.clock, session.on_progress, [], session.solved)
    capacity = most_tonnes(model)
    program = PricedProgram(inner, lambda: model.compile_supply(small, capacity), basis=False)
    stage = f"needs of {len(np.unique(head[full.case.need_total.any(axis=1)])):,} groups"
    try:
        answer = program.optimum(stage, TARGET, most=ROUNDS[above is not None], spare=SPARE)
    finally:
        program.close()
    if answer is None:
        return None
    cheapest = cheapest_goods(LaneCosts(model, small), answer.prices)
    # A place whose needs were gathered elsewhere has goods at what they cost there.
    cheapest = np.where(model.frame.holding >= 0, cheapest, cheapest[head])
    return Gathered(
        prices=dataclasses.replace(answer.prices, handout=_handout(full, model, head, answer.prices.handout)),
        cheapest=cheapest,
        representative=head,
        used=_used(small, answer),
        ships=answer.ships.assign(quantity=answer.values["ship"]),
        serve=model.frame.service.assign(quantity=answer.values["serve"]),
        cost=answer.objective,
    )


def _handout(full: ResponseModel, model: ResponseModel, head: NDArray[np.int64], price: Floats) -> Floats:
    """Return the price of handing out in the full case, by row of its ``HANDOUTS``: that at the zone's head."""
    zone, index = Units.of(full).zone, full.handout_data["HANDOUTS"]
    at, needy = np.arange(len(full.case.coding.zones)), full.case.need_total.any(axis=1)
    at[zone[needy]] = zone[head[needy]]
    there = pd.MultiIndex.from_arrays([at[index.get_level_values(0)], index.get_level_values(1)])
    known = pd.Series(price, model.handout_data["HANDOUTS"]).reindex(there).fillna(0.0)
    return np.asarray(known.to_numpy(), dtype=np.float64)


def _used(columns: Columns, answer: LinearAnswer) -> pd.DataFrame:
    """Return the lanes and batches that carry anything, by what names them in any case of the same fleets."""
    used = answer.ships[answer.values["ship"] > USED].drop_duplicates(["lane", "batch"])
    used = used[used["lane"] < len(columns.case.lanes)]
    named = columns.lanes.iloc[used["lane"]][[*TOUR, "destination"]]
    return named.assign(batch=used["batch"].to_numpy()).drop_duplicates()


def between_stores(columns: Columns) -> NDArray[np.bool_]:
    """Return the shipments to a place from which fleets load and where nobody needs the batch, as ``allowed``."""
    reach, destination = columns.case.reach, columns.lanes["destination"].to_numpy()
    needy = np.asarray(reach.usable.any(axis=2), dtype=np.bool_)[destination]
    idle: NDArray[np.bool_] = reach.origin[destination][:, None] & ~needy
    return idle[:, :, None]


def near(columns: Columns) -> NDArray[np.bool_]:
    """Return the lanes that are among the `NEAR` with the fewest hours to their destination, of any fleet."""
    rank = columns.lanes.groupby(["state", "destination"])["hours"].rank(method="first")
    return np.asarray(rank <= NEAR, dtype=np.bool_)


def choose(model: ResponseModel, columns: Columns, above: Gathered) -> None:
    """Activate shipments that the coarser case speaks for.

    The `BEST` of each destination, batch and period of arrival at its prices, and what it ships, in all periods, to
    every place whose needs were gathered there.
    """
    lanes = LaneCosts(model, columns)
    worth = np.where(np.isfinite(above.cheapest), above.cheapest, 0.0)
    cost = reduced_costs_of(columns.case, columns.lanes, worth, worth, lanes.per_tonne(above.prices))
    columns.active[best_shipments(columns, cost, columns.allowed & ~between_stores(columns), BEST)] = True
    heads = columns.lanes[TOUR].assign(
        destination=above.representative[columns.lanes["destination"].to_numpy()], lane=columns.lanes.index
    )
    both = heads.merge(above.used, on=[*TOUR, "destination"])
    columns.active[both["lane"], both["batch"]] |= columns.allowed[both["lane"], both["batch"]]
