"""What it costs at least to bring a tonne to a place and hand it out there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance.areas import Areas
from coordination.world.undecided import surely_active

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.network.network import Network
    from coordination.network.reach import Reach


def bringing_cost(network: Network, reach: Reach) -> NDArray[np.float64]:
    """Return the least money for kilometres per tonne, from where goods lie or come in, over any number of trips.

    Returns
    -------
    ndarray, shape (places, commodities)
        Money per tonne; inf where nothing can be brought.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    lanes, places = network.lanes[reach.running], len(network.instance.places)
    payload = network.instance.fleets["payload_tonnes"].to_numpy(dtype=float)
    cost = lanes["cost_per_trip"].to_numpy() / payload[lanes["fleet"].to_numpy()]
    pair = lanes["origin"].to_numpy().astype(np.int64) * places + lanes["destination"].to_numpy()
    order = np.lexsort((cost, pair))
    pairs, first = np.unique(pair[order], return_index=True)
    origin, destination = np.divmod(pairs, max(places, 1))
    matrix = csr_array((cost[order][first], (origin, destination)), shape=(places, places))
    least = np.full((places, len(network.instance.commodities)), np.inf)
    for commodity in range(len(network.instance.commodities)):
        sources = np.flatnonzero(reach.lots[:, commodity] > 0)
        if len(sources):
            least[:, commodity] = np.asarray(dijkstra(matrix, indices=sources, min_only=True))
    return least


def handing_out_cost(instance: Instance) -> NDArray[np.float64]:
    """Return the least money for work that handing out a tonne at each place takes.

    An hour of a supply task costs factor · cost_per_hour, less the benefit of the party and the price of the gap that
    it fills, of the cheapest party that can do it; no less than nothing. Every zone around the place that has supply
    tasks takes its hours. Of all periods the cheapest counts, of tasks without a party none.

    Returns
    -------
    ndarray, shape (places,)
        Money per tonne; inf where nothing can be handed out.
    """
    zones = pd.Index(instance.zones["zone"])
    tasks = _cheapest_hour(instance)
    rate = instance.policy.handout_tonnes_per_hour
    hour = np.zeros((len(zones), int(instance.periods)))
    limited = np.zeros(hour.shape, dtype=bool)
    active = surely_active(instance)[tasks.index.to_numpy()]
    for row, window, cost in zip(zones.get_indexer(pd.Index(tasks["zone"])), active, tasks["cost"], strict=True):
        known = np.where(limited[row, window], hour[row, window], np.inf)
        hour[row, window] = np.minimum(known, cost)
        limited[row, window] = True
    per_tonne = hour / rate if rate > 0 else np.where(limited, np.inf, 0.0)
    parent = zones.get_indexer(pd.Index(instance.zones["parent"]))
    zone = zones.get_indexer(pd.Index(instance.places["zone"]))
    total = np.zeros((len(zone), hour.shape[1]))
    while (zone >= 0).any():
        total += np.where(zone[:, None] >= 0, per_tonne[zone], 0.0)
        zone = np.where(zone >= 0, parent[zone], -1)
    return np.asarray(total.min(axis=1))


def _cheapest_hour(instance: Instance) -> pd.DataFrame:
    """Return supply tasks with hours: ``zone``, ``start``, ``end``, ``cost`` of the cheapest hour (inf: nobody can)."""
    tasks = instance.tasks[(instance.tasks["domain"] == "supply") & (instance.tasks["hours"] > 0)]
    tasks = tasks[["task", "domain", "zone", "skill", "start", "end", "gap_cost"]]
    able = instance.skills[instance.skills[["hours", "emergency_hours"]].max(axis=1) > 0]
    pairs = tasks.merge(able[["party", "skill", "cost_per_hour"]], on="skill")
    pairs = pairs[(pairs["party"].map(instance.delivers) > 0.0).to_numpy(dtype=bool)]
    home = instance.parties.set_index("party")["zone"].reindex(pairs["party"]).to_numpy(dtype=object)
    parents = instance.zones["parent"].astype(object).where(instance.zones["parent"].notna(), None)
    areas, zone = Areas(dict(zip(instance.zones["zone"], parents, strict=True))), pairs["zone"].to_numpy(dtype=object)
    pairs = pairs[areas.contains(home, zone) | areas.contains(zone, home)]
    pairs = pairs.merge(instance.efforts[["task", "party", "factor"]], on=["task", "party"], how="left")
    pairs = pairs.merge(instance.interests, on=["party", "domain"], how="left")
    factor = pairs["factor"].fillna(1.0) / pairs["party"].map(instance.delivers)
    money = factor * pairs["cost_per_hour"] - pairs["benefit"].fillna(0.0) - pairs["gap_cost"]
    cheapest = money.clip(lower=0.0).groupby(pairs["task"]).min()
    return tasks.assign(cost=tasks["task"].map(cheapest).fillna(np.inf))
