"""Roads laid by rule."""

import networkx as nx
import pytest

from coordination.generation import generate


def reached(instance) -> set[str]:
    """Places that can be driven to from the first depot, and back."""
    graph = nx.DiGraph()
    graph.add_nodes_from(instance.places["place"])
    for road in instance.roads.to_dict("records"):
        graph.add_edge(road["from"], road["to"])
        if road["both_ways"]:
            graph.add_edge(road["to"], road["from"])
    start = instance.fleets["base"].iloc[0]
    return nx.descendants(graph, start) & nx.ancestors(graph, start) | {start}


@pytest.mark.parametrize("communities", [1, 2, 7, 60])
def test_every_place_of_a_made_up_city_can_be_reached(communities):
    """Made-up cities of any size hang together."""
    instance = generate(communities=communities, periods=2, commodities=2)
    assert reached(instance) == set(instance.places["place"])


def test_a_city_of_four_districts_has_bridges_with_capacity(table):
    """The northern quarter lies across the river: at least two roads are bridges, and without them it is cut off."""
    instance = generate(population=table, communities=12, periods=2)
    bridges = instance.roads["capacity_tonnes"].notna()
    assert bridges.sum() >= 2
    dry = instance.replace(roads=instance.roads[~bridges], scenarios=[], effects=[])
    assert reached(dry) != set(instance.places["place"])


def test_no_road_is_laid_twice():
    """Two places are joined by one road, in one direction or the other."""
    roads = generate(communities=60, periods=2, commodities=2).roads
    pairs = [frozenset(pair) for pair in zip(roads["from"], roads["to"], strict=True)]
    assert len(pairs) == len(set(pairs))
    assert all(len(pair) == 2 for pair in pairs)
