"""What drives of what was to be sent: roads as they really are, fleets' real hours, real road capacity.

A shipment whose written route cannot be driven, or is no shortest one any more, takes a shortest way on the real roads;
where there is none, or it would arrive after its goods have expired, it does not leave. Where the trips of a fleet in a
period take more hours than it has, or what goes along a road is more than it takes, all of them are cut in proportion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.simulation.looking import looked_at
from coordination.verification.trips import Trips

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.network import Network
    from coordination.plans import Plan
    from coordination.verification.case import Case as Written
    from coordination.world import World

NEAR = 1.0 - 1e-9


def moved(blank: Plan, shipments: pd.DataFrame, network: Network, world: World, known: Written) -> pd.DataFrame:
    """Return the shipments that leave, before it is asked what lies at their origins.

    Parameters
    ----------
    blank : Plan
        Any plan of the truth, for its instance.
    shipments : DataFrame
        What was to be sent, rows of the plan table.
    network : Network
        The real roads.
    world : World
        The real vehicles.
    known : Written
        Any look at the truth.

    Returns
    -------
    DataFrame
        Rows of the plan table, with real routes and arrivals.
    """
    asked = shipments.reset_index(drop=True)
    trips = _trips(blank, asked, known)
    rows = _rerouted(trips, asked, network)
    trips = trips if rows is asked else _trips(blank, rows, known)
    expires = rows["expires"].fillna(np.inf).to_numpy(dtype=float)
    arrive = rows["depart"].to_numpy(dtype=float) + trips.lag
    goes = np.isfinite(trips.hours) & np.isfinite(arrive) & (arrive <= expires)
    rows = rows.assign(arrive=np.where(goes, arrive, 0).astype(np.int64))
    share = _fleet_share(trips, world, goes)
    share = np.minimum(share, _road_share(rows, trips, network, share * goes))
    rows = rows.assign(quantity=rows["quantity"].to_numpy(dtype=float) * share)
    left: pd.DataFrame = rows[goes & (share > 0)].reset_index(drop=True)
    return left


def _trips(blank: Plan, rows: pd.DataFrame, known: Written) -> Trips:
    return Trips(looked_at(blank, {**blank.tables, "shipments": rows}, known))


def _rerouted(trips: Trips, rows: pd.DataFrame, network: Network) -> pd.DataFrame:
    """Return the shipments on ways that are there; those without one are left out."""
    if rows.empty:
        return rows
    wrong = [row for row in np.flatnonzero(~trips.shortest).tolist() if trips.broken[row] or not trips.may_choose(row)]
    if not wrong:
        return rows
    routes, gone = rows["route"].astype(object).to_list(), list[int]()
    found: dict[tuple[int, int, int], str | None] = {}
    for row in wrong:
        key = (int(network.road_state[trips.depart[row]]), int(trips.origin[row]), int(trips.destination[row]))
        if key not in found:
            found[key] = _way(network, key)
        way = found[key]
        if way is None:
            gone.append(row)
        else:
            routes[row] = way
    return rows.assign(route=routes).drop(index=gone).reset_index(drop=True)


def _way(network: Network, key: tuple[int, int, int]) -> str | None:
    try:
        return ";".join(road for road, _ in network.route(*key))
    except ValueError:
        return None


def _fleet_share(trips: Trips, world: World, goes: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the share of each shipment for which its fleet has hours."""
    hours = world.vehicles * world.instance.fleets["hours"].to_numpy(dtype=float)[:, None]
    need = np.zeros_like(hours)
    np.add.at(need, (trips.fleet, trips.depart), np.where(goes, trips.loads * np.nan_to_num(trips.hours), 0.0))
    return np.asarray(_share(hours, need)[trips.fleet, trips.depart], dtype=np.float64)


def _road_share(rows: pd.DataFrame, trips: Trips, network: Network, share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of each shipment that the roads on its way take."""
    whole: NDArray[np.float64] = np.ones(len(rows))
    if not any(np.isfinite(state.capacity[state.open]).any() for state in network.states):
        return whole
    steps = _steps(rows, network, trips.origin)
    if steps.empty:
        return whole
    row = steps["row"].to_numpy()
    steps = steps.assign(period=trips.depart[row], tonnes=(trips.tonnes * share)[row])
    states = np.array([state.capacity for state in network.states])
    use = steps.groupby(["arc", "period"])["tonnes"].transform("sum").to_numpy()
    capacity = states[network.road_state[steps["period"].to_numpy()], network.directions.road[steps["arc"].to_numpy()]]
    np.minimum.at(whole, row, _share(capacity, use))
    return np.asarray(whole * share, dtype=np.float64)


def _steps(rows: pd.DataFrame, network: Network, origin: NDArray[np.int64]) -> pd.DataFrame:
    """Return ``row`` and ``arc`` of each road on the way of each shipment."""
    roads = {road: code for code, road in enumerate(network.instance.roads["road"].tolist())}
    heads = [dict[int, tuple[int, int]]() for _ in roads]
    directions = network.directions
    for arc, (road, tail, head) in enumerate(zip(directions.road, directions.tail, directions.head, strict=True)):
        heads[road][int(tail)] = (arc, int(head))
    found = list[tuple[int, int]]()
    for row, (start, route) in enumerate(zip(origin.tolist(), rows["route"].tolist(), strict=True)):
        here = start
        for name in route.split(";") if isinstance(route, str) and route else []:
            arc, here = heads[roads[name]][here]
            found.append((row, arc))
    return pd.DataFrame(found, columns=["row", "arc"], dtype=np.int64)


def _share(there: NDArray[np.float64], asked: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of what is asked that is there, 1 where it is enough."""
    share = np.divide(there, asked, out=np.ones_like(asked), where=asked > 0)
    return np.asarray(np.where(share >= NEAR, 1.0, share), dtype=np.float64)
