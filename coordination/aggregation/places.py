"""Communities put together: the needs of each area at the community that lies to its stores as they do on average.

Places stay where they are and so do roads: communities whose needs are gathered elsewhere become junctions, and what is
brought to an area runs to a real place. That place is the one whose minutes from the places where goods lie or fleets
load are nearest to the mean over the area's communities, weighted by tonnes needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from coordination.aggregation.gathering import gathered_tables
from coordination.aggregation.naming import named

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance

    Codes = NDArray[np.int64]

FAR = 1e6
"""Minutes that stand for a place that cannot be reached."""


def heads_of(instance: Instance, above: pd.Series[str]) -> Codes:
    """Return the row of the place at which each place's needs are gathered, shape (places,).

    Parameters
    ----------
    instance : Instance
        In full.
    above : Series
        By zone the zone that stays.
    """
    places, stays = instance.places, named(instance, "places")
    head, zone = np.arange(len(places)), above.reindex(places["zone"]).to_numpy(dtype=object)
    apart = places["place"].isin(stays) | (places["kind"] != "community") | (zone == places["zone"].to_numpy())
    free = np.flatnonzero(~apart.to_numpy())
    minutes, weight = _minutes(instance, stays)[free], _tonnes(instance)[free]
    for members in pd.Series(np.arange(len(free))).groupby(zone[free]).indices.values():
        head[free[members]] = free[members[_middle(minutes[members], weight[members])]]
    return head


def _middle(minutes: NDArray[np.float64], weight: NDArray[np.float64]) -> int:
    """Return which row is nearest to the weighted mean of all."""
    mean = np.average(minutes, axis=0, weights=weight if weight.sum() > 0 else None)
    return int(np.abs(minutes - mean).sum(axis=1).argmin())


def _minutes(instance: Instance, stores: set[str]) -> NDArray[np.float64]:
    """Return minutes from each store to each place, shape (places, stores)."""
    ids, roads = pd.Index(instance.places["place"]), instance.roads
    ends = ids.get_indexer(roads["from"]), ids.get_indexer(roads["to"])
    back = roads["both_ways"].to_numpy(dtype=bool)
    tail, tip = np.concatenate([ends[0], ends[1][back]]), np.concatenate([ends[1], ends[0][back]])
    time = roads["minutes"].to_numpy(dtype=float)
    arcs = pd.DataFrame({"tail": tail, "tip": tip, "minutes": np.concatenate([time, time[back]])})
    arcs = arcs.groupby(["tail", "tip"], as_index=False)[["minutes"]].min()
    # A stored zero would count as no road.
    matrix = (np.maximum(arcs["minutes"], 1e-9), (arcs["tail"], arcs["tip"]))
    graph = sp.csr_array(matrix, shape=(len(ids), len(ids)))
    at = ids.get_indexer(sorted(stores))
    if not len(at):
        return np.zeros((len(ids), 1))
    return np.minimum(dijkstra(graph, indices=at), FAR).T


def _tonnes(instance: Instance) -> NDArray[np.float64]:
    """Return the tonnes needed at each place, shape (places,)."""
    kg = instance.commodities.set_index("commodity")["kg"]
    parts = [table[["place", "commodity", "quantity"]] for table in (instance.needs, instance.backlogs)]
    rows = pd.concat(parts, ignore_index=True)
    tonnes = rows["quantity"].astype(float) * kg.reindex(rows["commodity"]).to_numpy(dtype=float) / 1000.0
    total: NDArray[np.float64] = (
        tonnes.groupby(rows["place"].to_numpy())
        .sum()
        .reindex(instance.places["place"])
        .fillna(0.0)
        .to_numpy(dtype=float)
    )
    return total


def places_together(
    instance: Instance, above: pd.Series[str], head: Codes, party_into: pd.Series[str]
) -> dict[str, pd.DataFrame]:
    """Return the tables ``places``, ``needs``, ``backlogs`` with the needs of each area gathered.

    Parameters
    ----------
    instance, above
        As for `heads_of`.
    head : ndarray of int
        What it returns.
    party_into : Series
        By party the party into which it goes.
    """
    tables = gathered_tables(instance, head)
    if (head == np.arange(len(head))).all():  # also whose needs they are stays
        tables |= {name: instance.given(name) for name in ("needs", "backlogs")}
    given, row = instance.given("places"), np.arange(len(head))
    gone, several = head != row, np.bincount(head, minlength=len(head)) > 1
    people = given["population"].astype(float)
    share = (people * given["vulnerable"].astype(float)).groupby(head).sum().reindex(row).fillna(0.0)
    people = people.groupby(head).sum().reindex(row).fillna(0.0)
    vulnerable = np.divide(share, people, out=np.zeros(len(row)), where=(people > 0).to_numpy())
    zone = above.reindex(given["zone"]).to_numpy(dtype=object)
    title = instance.zones.set_index("zone")["name"].reindex(zone)
    shown = title.where(title.notna(), pd.Series(zone, title.index)).to_numpy(dtype=object)
    places = given.assign(
        zone=zone,
        kind=given["kind"].mask(gone, "junction"),
        population=people.to_numpy(),
        vulnerable=given["vulnerable"].where(~several & ~gone, vulnerable),
        storage_tonnes=tables["places"]["storage_tonnes"].mask(gone),
        owner=given["owner"].map(party_into).mask(gone),
        name=given["name"].mask(several, pd.Series(shown)),
    )
    return tables | {"places": places}
