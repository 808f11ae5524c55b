"""Redundancy of supply: which places have two origins that no single closed road cuts off.

By Menger's theorem two ways from two origins that share no road exist if and only if no single road, nor the link of a
single origin, lies on every way: with all origins joined to one source, place and source lie in one two-edge-connected
component. One pass over the roads finds these components for all places (Tarjan 1974). Directions of roads are left
out; roads that are closed in any period are not there. Goods that lie at the place itself are an origin, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.world import World
from coordination.world.conditions import road_conditions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance

SOURCE = ("source",)
"""A node that no place can be: places are texts."""


def two_ways(instance: Instance) -> NDArray[np.bool_]:
    """Return whether each place has two road-disjoint origins, shape (places,).

    Origins are the places with stock or arrivals.
    """
    import networkx as nx

    conditions = road_conditions(instance, World.of(instance).effects)
    used = [conditions.states[state] for state in sorted(set(conditions.state.tolist()))]
    is_open = (
        np.logical_and.reduce([state.open for state in used]) if used else np.ones(len(instance.roads), dtype=bool)
    )
    graph: Any = nx.MultiGraph()
    graph.add_nodes_from(instance.places["place"])
    graph.add_node(SOURCE)
    roads = instance.roads[is_open]
    graph.add_edges_from(zip(roads["from"], roads["to"], strict=True))
    origins = set(instance.stocks.loc[instance.stocks["quantity"] > 0, "place"])
    origins |= set(instance.arrivals.loc[instance.arrivals["quantity"] > 0, "place"])
    graph.add_edges_from((SOURCE, origin) for origin in sorted(origins))
    graph.remove_edges_from(list(nx.bridges(graph)))
    safe = nx.node_connected_component(graph, SOURCE)
    return np.array([place in safe for place in instance.places["place"]], dtype=bool)
