"""Shortest distances in bulk: exact in both keys, by one weight or by two searches."""

import math

import networkx as nx
import numpy as np
import pytest

from coordination.network import Network
from coordination.network import distances as module
from coordination.network.arcs import ArcGraph, Directions
from coordination.network.distances import fewest_km, shortest_distances
from coordination.world.conditions import road_conditions
from coordination.world.effects import Effects
from tests.network.cities import city, random_city


def graph_of(instance, backwards=False):
    """Return the open arcs of period 0."""
    conditions = road_conditions(instance, Effects(instance))
    return ArcGraph(Directions.of(instance), conditions.states[0], backwards)


def expected(instance, backwards=False):
    """Return distances as pairs of whole millionths, by networkx with tuples compared in Python."""
    graph = Network.of(instance).graph(0)
    graph = graph.reverse() if backwards else graph
    ids = instance.places["place"].tolist()
    small = math.ldexp(1, -60)  # exact in integers: minutes · 2^60 + km
    scale = round(1 / small)
    weights = nx.DiGraph()
    weights.add_nodes_from(graph)
    for tail, head, data in graph.edges(data=True):
        weight = round(data["minutes"] * 1e6) * scale + round(data["km"] * 1e6)
        if not weights.has_edge(tail, head) or weight < weights.edges[tail, head]["weight"]:
            weights.add_edge(tail, head, weight=weight)
    found = dict(nx.all_pairs_dijkstra_path_length(weights))
    return [[divmod(found[u][v], scale) if v in found[u] else None for v in ids] for u in ids]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("fine", [False, True])
@pytest.mark.parametrize("seed", range(100, 108))
def test_distances_are_lexicographic(seed, fine, backwards):
    """Minutes first, then km, exactly, also with roads of no minutes, no km, side by side; both searches agree."""
    instance = random_city(seed, fine)
    graph = graph_of(instance, backwards)
    sources = np.arange(graph.places)
    distances = shortest_distances(graph, sources)
    found = [
        [(m, k) if np.isfinite(m) else None for m, k in zip(minutes, km, strict=True)]
        for minutes, km in zip(distances.minutes, distances.km, strict=True)
    ]
    assert found == expected(instance, backwards)
    np.testing.assert_array_equal(fewest_km(graph, sources, distances.minutes), distances.km)


def test_one_weight_where_it_fits_two_searches_where_not(monkeypatch):
    """Ordinary data take one search; data too fine for one weight take the second, for these sources alone."""
    asked = []
    monkeypatch.setattr(module, "fewest_km", lambda g, s, m: asked.append(s.tolist()) or fewest_km(g, s, m))
    ordinary = [("a", "b", 2.5, 1.25), ("b", "c", 0, 3), ("a", "c", 2.5, 4.25)]
    shortest_distances(graph_of(city(ordinary)), np.arange(3))
    assert asked == []
    long = [("a", "b", 400_000.000001, 123.456789), ("b", "c", 1, 1), ("c", "b", 1, 0.999999), ("a", "d", 1, 1)]
    long = [dict(zip(("from", "to", "minutes", "km"), road, strict=True)) | {"both_ways": False} for road in long]
    distances = shortest_distances(graph_of(city(long, "abcd")), np.arange(4))
    assert asked == [[0]]
    assert distances.minutes[0].tolist() == [0, 400_000_000_001, 400_001_000_001, 1_000_000]
    assert distances.km[0].tolist() == [0, 123_456_789, 124_456_789, 1_000_000]


def test_km_decide_between_routes_equal_in_minutes_only():
    """More km in fewer minutes is shorter; equal minutes to 1e-6 are equal, and km decide."""
    graph = graph_of(city([("a", "b", 1.0000001, 9), ("a", "c", 0.5, 4), ("c", "b", 0.4999999, 4)]))
    distances = shortest_distances(graph, np.array([0]))
    assert (distances.minutes[0, 1], distances.km[0, 1]) == (1_000_000, 8_000_000)


def test_no_places_to_start_from():
    """No sources, no roads: empty or infinite, no error."""
    graph = graph_of(city([]))
    assert shortest_distances(graph, np.zeros(0, dtype=np.int64)).minutes.shape == (0, 3)
    assert shortest_distances(graph, np.array([1])).minutes.tolist() == [[np.inf, 0, np.inf]]
