"""The ideal instance: everything is whole as soon as any crew could have it so. No repairs cost less.

Each thing is repaired by the crew that can finish it first, from its home, as if that crew had nothing else to do; no
hours of tasks are taken for it, and nobody is paid. Every plan with repairs is then a plan of the ideal instance that
costs no more, as long as roads that are open do no harm. They can, for trips take the shortest way, which need not be
the cheapest, and arrive when they do. So

* vehicles cost less by the largest share by which any leg of theirs is longer than the shortest in km;
* places whose deliveries could be on the way for other numbers of periods store without a limit.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from coordination.network import Network
from coordination.network.legs import Legs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.planning.recovery.crews import Crews

    Floats = NDArray[np.float64]

TOUR = ["fleet", "origin", "destination"]


def ideal_instance(crews: Crews) -> Instance:
    """Return the instance in which everything is whole as soon as any crew could have it so."""
    instance = crews.instance
    soonest = crews.repairs.groupby("thing")["soonest"].min()
    damage = instance.given("damage")
    until = damage["until"].to_numpy(dtype=float, copy=True)
    until[soonest.index.to_numpy(dtype=int)] = soonest.to_numpy(dtype=float)
    sooner = instance.replace(damage=damage.assign(until=until))
    network = Network.of(sooner)
    fleets = instance.given("fleets")
    cost = instance.fleets["cost_per_km"].to_numpy(dtype=float) * _shortest_share(network)
    storage = instance.places["storage_tonnes"].to_numpy(dtype=float, copy=True)
    limited = np.isfinite(storage)
    storage[_late(network, Network.of(instance), limited)] = np.nan
    return sooner.replace(
        fleets=fleets.assign(cost_per_km=cost), places=instance.given("places").assign(storage_tonnes=storage)
    )


def _shortest_share(network: Network) -> Floats:
    """Return the least share that the shortest way in km is of the quickest one, of any leg of each fleet."""
    fleets = network.fleets
    share = np.ones(len(fleets))
    for state, condition in enumerate(network.states):
        quick = network.legs(state)
        short = Legs.of(network.directions, dataclasses.replace(condition, minutes=condition.km), fleets)
        legs, back = _ratio(short.km, quick.km), _ratio(short.back_km, quick.back_km)
        for fleet in range(len(fleets)):
            base, origins = fleets.base[fleet], fleets.origins[fleet]
            rows = quick.source_row[np.append(origins, base)]
            share[fleet] = min(share[fleet], legs[rows].min(), back[quick.base_row[base]].min())
    return share


def _ratio(short: Floats, quick: Floats) -> Floats:
    there = np.isfinite(quick) & (quick > 0)
    return np.minimum(1.0, np.divide(short, quick, out=np.ones(quick.shape), where=there))


def _late(ideal: Network, unrepaired: Network, limited: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the places with a storage limit at which goods could arrive in other periods than in the ideal one."""
    best = ideal.lanes.groupby(TOUR)["lag"].min().rename("best")
    worst = unrepaired.lanes.groupby(TOUR)["lag"].agg(["max", "size"])
    both = best.to_frame().join(worst).reset_index()
    states = len(unrepaired.states)
    late = both[(both["max"].isna()) | (both["max"] > both["best"]) | (both["size"] < states)]
    found = np.unique(late["destination"].to_numpy(dtype=np.int64))
    return np.asarray(found[limited[found]], dtype=np.int64)
