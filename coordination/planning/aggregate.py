"""First prices from the city's own hierarchy: the case with needs gathered street by street.

Pricing lanes needs prices, and good first ones are worth most of the time it takes. The needs of all places of a zone
one level above the communities are gathered at one of them, the one with most people or need; roads, depots, fleets
and stocks stay as they are, hand-out hours are gathered with the needs. The small LP over all lanes of this case says
what goods are worth in each street, batch by batch and period by period, and which lanes serve it. They are the lanes
that the full model starts from, and decide nothing else: every lane is priced again with the full model's own duals.

Lanes from store to store are priced in here, not put in: of the many ways goods could go round between stores few are
of use, and with all of them an interior point takes nine times as long (measured on xian: 66 s against 7 s).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.case import Case
from coordination.planning.coding import encode
from coordination.planning.columns import reduced_costs_of, value_of_goods
from coordination.planning.flows import DUST
from coordination.planning.held import most_tonnes
from coordination.planning.linear import PricedProgram
from coordination.planning.model import ResponseModel
from coordination.planning.routes import first_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.planning.columns import Columns
    from coordination.planning.linear import LinearAnswer
    from coordination.planning.session import Session

LOG = logging.getLogger(__name__)
ROUNDS = 2
"""Rounds of pricing: lanes between stores come in with the second, later ones gain little (xian: 0.2 %)."""
BEST = 2
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
        return table.assign(place=to).groupby(keys, as_index=False)[["quantity"]].sum()

    return (
        instance.replace(
            needs=moved(instance.needs, ["place", "commodity", "period", "group"]),
            backlogs=moved(instance.backlogs, ["place", "commodity", "group", "age"]),
        ),
        representative,
    )


def start_from_streets(session: Session) -> bool:
    """Put the lanes into the model that the gathered case's optimum uses; False when there was no time for it."""
    from coordination.planning.session import Session

    columns = session.columns
    with session.clock.stage("build"):
        instance, representative = gathered(session.model.case.instance)
        model = ResponseModel.of(Case.of(instance))
        small = first_columns(model.case)
        small.active = small.allowed & ~between_stores(small)
        capacity = gathered_capacity(session.model, model, representative)
    inner = Session(model, small, True, session.options, session.clock, session.on_progress, [], session.solved)
    program = PricedProgram(inner, lambda: model.compile_supply(small, capacity))
    try:
        answer = program.optimum("supply by streets", 0.0, most=ROUNDS, warm=False)
    finally:
        program.close()
    if answer is None:
        return False
    with session.clock.stage("price"):
        worth = value_of_goods(model, answer.duals["inventory"])
        hour = np.maximum(-answer.duals["fleets"].to_numpy(dtype=float).reshape(model.case.fleet_hours.shape), 0.0)
        _choose(columns, worth[representative], worth, hour)
        _follow(columns, answer, representative)
    LOG.info("supply by streets: %d of %d shipments to start from", columns.active.sum(), columns.allowed.sum())
    return True


def gathered_capacity(
    full: ResponseModel, small: ResponseModel, representative: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the tonnes that all hours could hand out where needs are gathered, by row of the small ``HANDOUTS``.

    The zone of a representative hands out what the zones of all its places can; without limit if one has none.
    """
    index = full.handout_data["HANDOUTS"]
    limit = pd.Series(most_tonnes(full), index)
    zone = encode(full.case.coding.zones, full.case.instance.places["zone"])
    pairs = pd.DataFrame({"zone": zone, "head": zone[representative]}).drop_duplicates()
    moved = pairs[pairs["zone"] != pairs["head"]]
    target = small.handout_data["HANDOUTS"]
    own = np.array(limit.reindex(target).to_numpy(), dtype=np.float64)
    heads = target.get_level_values(0).to_numpy()
    period = target.get_level_values(1).to_numpy()
    for member, head in zip(moved["zone"], moved["head"], strict=True):
        rows = np.flatnonzero(heads == head)
        more = limit.reindex(pd.MultiIndex.from_arrays([np.full(len(rows), member), period[rows]]))
        own[rows] += more.fillna(np.inf).to_numpy()
    return own


def between_stores(columns: Columns) -> NDArray[np.bool_]:
    """Return the shipments to a place from which fleets load and where nobody needs the batch, as ``allowed``."""
    reach, destination = columns.case.reach, columns.lanes["destination"].to_numpy()
    needy = np.asarray(reach.usable.any(axis=2), dtype=np.bool_)[destination]
    idle: NDArray[np.bool_] = reach.origin[destination][:, None] & ~needy
    return idle[:, :, None]


def _choose(
    columns: Columns, gained: NDArray[np.float64], given: NDArray[np.float64], hour: NDArray[np.float64]
) -> None:
    """Activate the `BEST` shipments of each destination, batch and period of arrival at the given prices."""
    lanes, periods = columns.lanes, columns.case.periods
    lane, batch, period = np.nonzero(columns.allowed & ~between_stores(columns))
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


def _follow(columns: Columns, answer: LinearAnswer, representative: NDArray[np.int64]) -> None:
    """Activate what the gathered optimum ships, in all periods, to every place whose needs were gathered there."""
    lanes = columns.lanes
    used = answer.ships[answer.values["ship"] > DUST]
    used = used[used["lane"] < len(lanes)]
    tour = ["state", "fleet", "origin"]
    shipped = lanes.iloc[used["lane"]][[*tour, "destination"]].assign(batch=used["batch"].to_numpy()).drop_duplicates()
    heads = lanes[tour].assign(destination=representative[lanes["destination"].to_numpy()], lane=lanes.index)
    both = heads.merge(shipped, on=[*tour, "destination"])
    columns.active[both["lane"], both["batch"]] |= columns.allowed[both["lane"], both["batch"]]
