"""First prices from the city's own hierarchy: the case with needs gathered street by street.

Pricing lanes needs prices, and good first ones are worth most of the time it takes. The needs of all places of a zone
one level above the communities are gathered at one of them, the one with most people or need; roads, depots, fleets
and stocks stay as they are and hand-out is left out. The small LP over *all* lanes of this case says what goods are
worth in each street, batch by batch and period by period. These prices choose the lanes that the full model starts
from; they decide nothing else: every lane is priced again with the full model's own duals.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.case import Case
from coordination.planning.coding import encode
from coordination.planning.columns import reduced_costs_of, value_of_goods
from coordination.planning.linear import PricedProgram
from coordination.planning.model import ResponseModel
from coordination.planning.routes import first_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.planning.columns import Columns
    from coordination.planning.session import Session

LOG = logging.getLogger(__name__)
BEST = 3
"""Lanes per destination, batch and period of arrival that the prices choose."""


def gathered(instance: Instance) -> tuple[Instance, NDArray[np.int64]]:
    """Return the instance with needs gathered one level above communities, and where each place's needs went.

    Returns
    -------
    instance : Instance
        Other tables as they were.
    representative : ndarray of int, shape (places,)
        Row of ``places``; a place outside of any community is its own.
    """
    places, zones = instance.places, instance.zones
    zone = encode(pd.Index(zones["zone"]), places["zone"])
    parent = encode(pd.Index(zones["zone"]), zones["parent"])
    lowest = (zones["level"] == "community").to_numpy()
    area = np.where(lowest[zone] & (parent[zone] >= 0), parent[zone], -1)
    size = places["population"].to_numpy(dtype=float)
    need = instance.needs.groupby("place")["quantity"].sum().reindex(places["place"]).fillna(0.0).to_numpy()
    frame = pd.DataFrame({"area": area, "needy": need > 0, "size": size, "need": need, "row": np.arange(len(places))})
    heads = frame[frame["needy"] & (frame["area"] >= 0)].sort_values(["size", "need"], ascending=False)
    head = heads.groupby("area")["row"].first()
    found = head.reindex(area).to_numpy()
    representative = np.where((area >= 0) & (need > 0), found, np.arange(len(places))).astype(np.int64)
    ids = pd.Index(places["place"])

    def moved(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
        to = places["place"].to_numpy()[representative[ids.get_indexer(table["place"])]]
        return table.assign(place=to).groupby(keys, as_index=False)["quantity"].sum()

    return (
        instance.replace(
            needs=moved(instance.needs, ["place", "commodity", "period", "group"]),
            backlogs=moved(instance.backlogs, ["place", "commodity", "group", "age"]),
        ),
        representative,
    )


def start_from_streets(session: Session) -> bool:
    """Put the lanes into the model that the gathered case's prices choose; False when there was no time for it."""
    columns = session.columns
    with session.clock.stage("build"):
        instance, representative = gathered(session.model.case.instance)
        model = ResponseModel.of(Case.of(instance))
        small = first_columns(model.case)
        small.active = small.allowed.copy()
        unlimited = np.full(len(model.handout_data["HANDOUTS"]), np.inf)
    from coordination.planning.session import Session

    inner = Session(model, small, True, session.options, session.clock, session.on_progress, [], session.solved)
    program = PricedProgram(inner, lambda: model.compile_supply(small, unlimited))
    try:
        answer = program.optimum("supply by streets", 1.0)
    finally:
        program.close()
    if answer is None:
        return False
    with session.clock.stage("price"):
        worth = value_of_goods(model, answer.duals["inventory"])
        hour = np.maximum(-answer.duals["fleets"].to_numpy(dtype=float).reshape(model.case.fleet_hours.shape), 0.0)
        _choose(columns, worth[representative], worth, hour)
    return True


def _choose(
    columns: Columns, gained: NDArray[np.float64], given: NDArray[np.float64], hour: NDArray[np.float64]
) -> None:
    """Activate the `BEST` shipments of each destination, batch and period of arrival at the given prices."""
    lanes, periods = columns.lanes, columns.case.periods
    lane, batch, period = np.nonzero(columns.allowed)
    cost = reduced_costs_of(columns.case, lanes, gained, given, hour)[lane, batch, period]
    rows = pd.DataFrame(
        {
            "destination": lanes["destination"].to_numpy()[lane],
            "batch": batch,
            "arrive": np.minimum(period + lanes["lag"].to_numpy()[lane], periods),
            "cost": cost,
        }
    )
    chosen = rows.sort_values("cost", kind="stable").groupby(["destination", "batch", "arrive"]).head(BEST).index
    columns.active[lane[chosen], batch[chosen], period[chosen]] = True
    LOG.info("prices by streets: %d of %d shipments to start from", len(chosen), len(rows))
