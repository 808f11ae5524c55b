"""A plan from a coarser case: what was sent to an area's representative is shared out among its places.

Where there is no time for the relaxation by communities, what the case by districts or streets sends is a plan, too:
each place gets its share by need, on the lane of the same fleet from the same store; what fleets and roads cannot carry
is cut by the same share; what arrives is handed out at once, to those who weigh most first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.handing import tonnes_handed
from coordination.planning.roles import TIMES_PAY, Held, pay_per_tonne

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.columns import Columns
    from coordination.planning.levels import Gathered
    from coordination.planning.model import ResponseModel

    Floats = NDArray[np.float64]


def share_out(columns: Columns, gathered: Gathered) -> tuple[pd.DataFrame, Floats]:
    """Return shipments to every place and their quantities.

    Returns
    -------
    ships : DataFrame
        ``lane``, ``batch``, ``period``.
    quantity : ndarray
        Units, within the hours of fleets and the capacities of roads.
    """
    case, lanes = columns.case, columns.lanes.iloc[: len(columns.case.lanes)]  # each on its shortest route
    tour = ["state", "fleet", "origin"]
    head = gathered.representative[lanes["destination"].to_numpy()]
    ways = lanes[tour].assign(head=head, to=lanes.index, place=lanes["destination"])
    sent = gathered.ships[gathered.ships["lane"] < len(case.lanes)]
    named = lanes.iloc[sent["lane"]][[*tour, "destination"]].rename(columns={"destination": "head"})
    sent = pd.concat([sent.reset_index(drop=True), named.reset_index(drop=True)], axis=1)
    parts = sent.merge(ways, on=[*tour, "head"])
    commodity = case.batches.commodity[parts["batch"].to_numpy()]
    need = case.need_total[parts["place"].to_numpy(), commodity]
    of_head = np.zeros_like(case.need_total)
    np.add.at(of_head, gathered.representative, case.need_total)
    whole = of_head[parts["head"].to_numpy(), commodity]
    alone = (parts["place"] == parts["head"]).to_numpy(dtype=float)
    share = np.divide(need, whole, out=alone, where=whole > 0)
    may = columns.allowed[parts["to"].to_numpy(), parts["batch"].to_numpy(), parts["period"].to_numpy()]
    parts = parts.assign(quantity=parts["quantity"] * share)[may & (share > 0)]
    ships = parts[["to", "batch", "period"]].rename(columns={"to": "lane"}).reset_index(drop=True)
    return ships, _carried(columns, ships, parts["quantity"].to_numpy(dtype=float))


def _carried(columns: Columns, ships: pd.DataFrame, quantity: Floats) -> Floats:
    """Return the quantities that fleets and roads carry: what goes to stores as planned, of the rest what is left."""
    case, lanes = columns.case, columns.lanes
    lane, period = ships["lane"].to_numpy(), ships["period"].to_numpy()
    last = ~case.reach.origin[lanes["destination"].to_numpy()[lane]]
    tonnes = quantity * case.batch_tonnes[ships["batch"].to_numpy()]
    fleet, hours = lanes["fleet"].to_numpy()[lane], lanes["hours"].to_numpy()[lane]
    least = _share_left(case.fleet_hours, (fleet, period), tonnes * hours, last)[fleet, period]
    if len(columns.rolling):
        on = ships.assign(ship=np.arange(len(ships))).merge(columns.rolling, on="lane")
        arc, ship, when = on["arc"].to_numpy(), on["ship"].to_numpy(), on["period"].to_numpy()
        free = _share_left(case.road_capacity, (arc, when), (tonnes * np.where(last, least, 1.0))[ship], last[ship])
        roads = np.ones(len(ships))
        np.minimum.at(roads, ship, free[arc, when])
        least = least * roads
    return np.asarray(np.where(last, quantity * least, quantity), dtype=np.float64)


def _share_left(
    limit: Floats, where: tuple[NDArray[np.int64], NDArray[np.int64]], use: Floats, last: NDArray[np.bool_]
) -> Floats:
    """Return the share of the last legs' use that a limit leaves room for besides the other use."""
    first, rest = np.zeros_like(limit), np.zeros_like(limit)
    np.add.at(first, where, np.where(last, 0.0, use))
    np.add.at(rest, where, np.where(last, use, 0.0))
    room = np.maximum(limit - first, 0.0)
    return np.minimum(1.0, np.divide(room, rest, out=np.ones_like(rest), where=rest > 0))


def serve_at_once(model: ResponseModel, columns: Columns, ships: pd.DataFrame, quantity: Floats) -> Floats:
    """Return what is served when all that is there and not to be sent on is served as soon as it is needed.

    Returns
    -------
    ndarray
        Units, by row of ``frame.service``: those who weigh most first, from what expires first.
    """
    case, service = model.case, model.frame.service
    moves = _moves(columns, ships, quantity)
    order = sorted(range(len(case.batches)), key=lambda k: (case.batches.expires[k], k))
    groups = sorted(range(len(case.coding.groups)), key=lambda g: (-_weight(model, g), g))
    rows = _rows(model)
    stock, waiting, serve = np.zeros(moves.shape[:2]), case.waiting.start.copy(), np.zeros(len(service))
    for t in range(case.periods):
        waiting = case.waiting.carry_over * waiting + case.waiting.need[:, t]
        stock = np.maximum(stock + moves[:, :, t], 0.0)
        for k in order:
            for g in groups:
                if (t, k, g) not in rows:
                    continue
                row, place, need = rows[t, k, g]
                given = np.minimum(stock[place, k], waiting[need])
                serve[row] = given
                stock[place, k] -= given
                waiting[need] -= given
        stock[:, case.batches.expires <= t] = 0.0
    return serve


def _weight(model: ResponseModel, group: int) -> float:
    waiting = model.case.waiting
    rows = waiting.keys["group"].to_numpy() == group
    return float(waiting.weight[rows].max(initial=0.0))


def _rows(model: ResponseModel) -> dict[tuple[int, int, int], tuple[NDArray[np.intp], ...]]:
    """Return service by period, batch and group: its rows, its places, its rows of need."""
    service, keys = model.frame.service, model.case.waiting.keys
    index = pd.MultiIndex.from_frame(keys[["place", "commodity", "group"]])
    need = index.get_indexer(pd.MultiIndex.from_frame(service[["place", "commodity", "group"]]))
    place = service["place"].to_numpy(dtype=np.int64)
    key = pd.MultiIndex.from_frame(service[["period", "batch", "group"]])
    code, names = key.factorize()
    order = np.argsort(code, kind="stable")
    parts = np.split(order, np.searchsorted(code[order], np.arange(1, len(names))))
    return {
        (int(period), int(batch), int(group)): (rows, place[rows], need[rows])
        for (period, batch, group), rows in zip(names.tolist(), parts, strict=True)
    }


def _moves(columns: Columns, ships: pd.DataFrame, quantity: Floats) -> Floats:
    """Return what comes in less what leaves, shape (places, batches, periods)."""
    case, lanes = columns.case, columns.lanes
    moves = np.zeros((len(case.coding.places), len(case.batches), case.periods))
    supply = case.supply
    np.add.at(moves, tuple(supply[name].to_numpy() for name in ("place", "batch", "period")), supply["quantity"])
    lane, batch, period = (ships[name].to_numpy() for name in ("lane", "batch", "period"))
    np.add.at(moves, (lanes["origin"].to_numpy()[lane], batch, period), -quantity)
    arrive = period + lanes["lag"].to_numpy()[lane]
    inside = arrive < case.periods
    into = lanes["destination"].to_numpy()[lane]
    np.add.at(moves, (into[inside], batch[inside], arrive[inside]), quantity[inside])
    return moves


def wanted_for(model: ResponseModel, serve: Floats) -> Held:
    """Return the tonnes that service hands out, each at what a period without costs, or a multiple of the pay for it.

    Parameters
    ----------
    serve : ndarray
        Units, by row of ``frame.service``.
    """
    case, service = model.case, model.frame.service
    index = pd.MultiIndex.from_frame(case.waiting.keys[["place", "commodity", "group"]])
    row = index.get_indexer(pd.MultiIndex.from_frame(service[["place", "commodity", "group"]]))
    value = serve * case.waiting.weight[row] * case.waiting.slope[service["commodity"].to_numpy(), 0]
    tonnes = tonnes_handed(model, serve * case.batch_tonnes[service["batch"].to_numpy()])
    money = tonnes_handed(model, value)
    worth = np.divide(money, tonnes, out=np.zeros(len(tonnes)), where=tonnes > 1e-9)
    return Held(tonnes, np.maximum(worth, TIMES_PAY * pay_per_tonne(model)))
