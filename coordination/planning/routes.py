"""Alternative routes where roads are capacitated: all of them on small networks, else none until priced."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from coordination.planning.columns import Columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.case import Case

MOST_ROUTES = 200
"""Routes between two places beyond which enumeration gives way to pricing."""
MOST_SHIPMENTS = 60_000
"""Shipments beyond which enumerated routes would make the model too large."""


def first_columns(case: Case) -> Columns:
    """Return lanes on shortest routes with every allowed shipment marked, none in the model yet."""
    lanes = case.lanes
    allowed = case.reach.allowed(lanes, case.batches)
    free = lanes.index[lanes["free"]].to_numpy(dtype=np.int64)
    rolling = case.network.rolling(lanes.iloc[free])
    rolling = rolling.assign(lane=free[rolling["lane"].to_numpy()])
    ends = zip(*(lanes[column].to_numpy()[free].tolist() for column in ("state", "origin", "destination")), strict=True)
    known = {(int(lane), tuple(case.network.route_arcs(*pair).tolist())) for lane, pair in zip(free, ends, strict=True)}
    return Columns(case, lanes, rolling, {}, known, allowed, np.zeros_like(allowed))


def add_all_routes(case: Case, columns: Columns) -> bool:
    """Append every other simple route of every free lane; return whether that was possible.

    Nothing is appended when there are too many, or when the model would become too large.
    """
    free = columns.lanes[columns.lanes["free"]]
    found: list[tuple[int, NDArray[np.int64]]] = []
    for (state, origin, destination), lanes in free.groupby(["state", "origin", "destination"]):
        pair = int(cast("int", state)), int(cast("int", origin)), int(cast("int", destination))
        routes, complete = case.network.simple_routes(*pair, MOST_ROUTES)
        if not complete:
            return False
        shortest = case.network.route(*pair)
        others = [case.network.as_arcs(route) for route in routes if route != shortest]
        found += [(int(lane), arcs) for lane in lanes.index for arcs in others]
        if len(found) * len(case.batches) * case.periods > MOST_SHIPMENTS:
            return False
    append_routes(case, columns, found)
    return True


def append_routes(case: Case, columns: Columns, found: list[tuple[int, NDArray[np.int64]]]) -> None:
    """Append lanes that run on other routes.

    Parameters
    ----------
    found : list of (lane, arcs)
        The lane on the shortest route that it is like, and the arcs of its own.
    """
    if not found:
        return
    like = columns.lanes.iloc[[lane for lane, _ in found]].reset_index(drop=True)
    routes = [arcs for _, arcs in found]
    trips = case.network.trips(like["fleet"].to_numpy(), like["state"].to_numpy(), routes)
    payload = case.payload[like["fleet"].to_numpy()]
    lanes = like.assign(
        lag=trips["lag"].to_numpy(dtype=np.int64),
        hours=trips["hours_per_trip"].to_numpy() / payload,
        cost=trips["cost_per_trip"].to_numpy() / payload,
    )
    lane = np.repeat(np.arange(len(routes)), [len(arcs) for arcs in routes])
    rolling = pd.DataFrame({"lane": lane, "arc": np.concatenate(routes)})
    limited = np.asarray(np.isfinite(case.road_capacity).any(axis=1), dtype=np.bool_)
    columns.known |= {(lane, tuple(arcs.tolist())) for lane, arcs in found}
    columns.append_lanes(lanes, routes, rolling[limited[rolling["arc"].to_numpy()]])
