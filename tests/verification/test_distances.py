"""Shortest distances by minutes, then kilometres, and where routes may be chosen freely."""

import itertools
import math

import networkx as nx
import numpy as np
import pytest

from coordination.verification.distances import Arcs, Distances


def arcs(places, *rows):
    """Build arcs from rows of tail, head, minutes, km, capacitated."""
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Arcs(places, *columns[:2], *(column.astype(float) for column in columns[2:4]), columns[4].astype(bool))


def code(*places):
    """Return place codes as an array."""
    return np.array(places, dtype=np.int64)


def test_minutes_come_before_kilometres():
    """Among routes of fewest minutes the shortest in kilometres counts; parallel roads do not add up."""
    graph = arcs(3, (0, 1, 5, 9, 0), (0, 1, 5, 4, 0), (1, 2, 5, 4, 0), (0, 2, 10, 9, 0), (0, 2, 11, 1, 0))
    distances = Distances(graph, [0])
    assert distances.minutes(code(0, 0, 0), code(0, 1, 2)).tolist() == [0, 5, 10]
    assert distances.km(code(0, 0, 0), code(0, 1, 2)).tolist() == [0, 4, 8]


def test_no_way_is_infinite():
    """A place that cannot be reached is infinitely far."""
    distances = Distances(arcs(3, (0, 1, 5, 9, 0)), [0, 1])
    assert math.isinf(distances.minutes(code(1), code(0))[0])
    assert math.isinf(distances.km(code(0), code(2))[0])


def test_roads_of_no_length():
    """Roads of no minutes are roads: they join places and break ties by kilometres."""
    distances = Distances(arcs(3, (0, 1, 0, 3, 0), (1, 2, 0, 0, 0), (0, 2, 0, 4, 0)), [0])
    assert distances.minutes(code(0), code(2))[0] == 0
    assert distances.km(code(0), code(2))[0] == 3


def test_free_where_a_tied_route_is_capacitated():
    """Routes may be chosen where one of the shortest holds a capacitated road, not where a longer one does."""
    tied = arcs(4, (0, 1, 5, 5, 0), (1, 3, 5, 5, 0), (0, 2, 5, 5, 0), (2, 3, 5, 5, 1))
    longer = arcs(4, (0, 1, 5, 5, 0), (1, 3, 5, 5, 0), (0, 2, 5, 5, 0), (2, 3, 5, 6, 1))
    beside = arcs(4, (0, 1, 5, 5, 0), (1, 3, 5, 5, 0), (1, 2, 5, 5, 1))
    assert Distances(tied, [0]).may_choose(0, 3)
    assert not Distances(longer, [0]).may_choose(0, 3)
    assert not Distances(beside, [0]).may_choose(0, 3)


def test_a_circle_of_no_length_is_no_route():
    """A capacitated road that lies only on a detour of no length to a dead end frees nothing."""
    dead_end = arcs(3, (0, 1, 5, 5, 0), (1, 2, 0, 0, 1), (2, 1, 0, 0, 1))
    assert not Distances(dead_end, [0]).may_choose(0, 1)
    assert Distances(dead_end, [0]).may_choose(0, 2)


@pytest.mark.parametrize("seed", range(5))
def test_agrees_with_all_simple_routes(seed):
    """Distances and freedom are those of the list of all simple routes of a small random graph."""
    generator = np.random.default_rng(seed)
    pairs = [pair for pair in itertools.permutations(range(6), 2) if generator.random() < 0.5]
    rows = [(*pair, *generator.integers(0, 3, 2).tolist(), generator.random() < 0.15) for pair in pairs]
    graph, routes = arcs(6, *rows), nx.DiGraph()
    routes.add_nodes_from(range(6))
    for tail, head, minutes, km, limited in rows:
        routes.add_edge(tail, head, length=(minutes, km), limited=limited)
    distances = Distances(graph, range(6))
    for source, target in itertools.permutations(range(6), 2):
        ways = list(nx.all_simple_edge_paths(routes, source, target))
        lengths = [tuple(np.sum([routes.edges[step]["length"] for step in way], axis=0)) for way in ways]
        best = min(lengths, default=(math.inf, math.inf))
        found = distances.minutes(code(source), code(target))[0], distances.km(code(source), code(target))[0]
        assert found == best
        tied = [way for way, length in zip(ways, lengths, strict=True) if length == best]
        free = any(routes.edges[step]["limited"] for way in tied for step in way)
        assert bool(ways) * distances.may_choose(source, target) == free
