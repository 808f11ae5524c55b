"""Routes: the chosen shortest one from a place to every other, and all simple ones between two places.

Of routes equal in minutes and km the chosen one has the fewest roads; at each place it is reached by the road whose
id comes first in text order. So it depends on the data alone, not on the order of rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coordination.network.distances import shortest_distances

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from coordination.network.arcs import ArcGraph


def last_arcs(graph: ArcGraph, origin: int) -> NDArray[np.int64]:
    """Return the last arc of the chosen shortest route from a place to every place.

    Parameters
    ----------
    graph : ArcGraph
        The open arcs.
    origin : int
        Where routes begin.

    Returns
    -------
    ndarray of int, shape (places,)
        Position of the arc in the graph; −1 for the origin and places that cannot be reached.
    """
    distances = shortest_distances(graph, np.array([origin]))
    minutes, km = distances.minutes[0], distances.km[0]
    tight = np.isfinite(minutes[graph.tail]) & (minutes[graph.tail] + graph.minutes == minutes[graph.head])
    tight &= np.where(tight, km[graph.tail], 0.0) + graph.km == km[graph.head]
    arcs = np.flatnonzero(tight)
    roads = _fewest_roads(graph, arcs, origin)
    arcs = arcs[roads[graph.tail[arcs]] + 1 == roads[graph.head[arcs]]]
    arcs = arcs[np.lexsort((graph.rank[arcs], graph.head[arcs]))]
    places, first = np.unique(graph.head[arcs], return_index=True)
    last = np.full(graph.places, -1, dtype=np.int64)
    last[places] = arcs[first]
    return last


def _fewest_roads(graph: ArcGraph, arcs: NDArray[np.int64], origin: int) -> NDArray[np.float64]:
    """Return the fewest of these arcs on a way from the origin to each place."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    ends = (graph.tail[arcs], graph.head[arcs])
    matrix = csr_array((np.ones(len(arcs)), ends), shape=(graph.places, graph.places))
    return np.asarray(np.asarray(dijkstra(matrix, indices=[origin], unweighted=True))[0])


def trace(graph: ArcGraph, last: NDArray[np.int64], destination: int) -> NDArray[np.int64]:
    """Return the positions of the arcs of a route, first to last, from the last arcs of a tree of routes."""
    arcs: list[int] = []
    place = destination
    while (arc := int(last[place])) >= 0:
        arcs.append(arc)
        place = int(graph.tail[arc])
    return np.array(arcs[::-1], dtype=np.int64)


def trace_many(
    graph: ArcGraph, last: NDArray[np.int64], destinations: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the arcs of the routes to many places: the row of the destination, and the position of the arc."""
    rows, arcs = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    row, arc = np.arange(len(destinations)), last[destinations]
    while len(row := row[arc >= 0]):
        arc = arc[arc >= 0]
        rows.append(row)
        arcs.append(arc)
        arc = last[graph.tail[arc]]
    return np.concatenate(rows), np.concatenate(arcs)


def simple_paths(
    graph: ArcGraph, origin: int, destination: int, among: NDArray[np.int64] | None = None
) -> Iterator[NDArray[np.int64]]:
    """Yield all simple paths between two places, roads side by side counting as different.

    A path is only continued where the destination can still be reached without a place twice, so the time between
    two paths is at most (roads on a path) · (arcs of the graph), however many dead ends there are.

    Parameters
    ----------
    graph : ArcGraph
        The open arcs.
    origin, destination : int
        Two different places.
    among : ndarray of int, optional
        Positions of the arcs to use; all by default.

    Yields
    ------
    ndarray of int
        Positions of the arcs, first to last; roads earlier in text order first.
    """
    arcs = np.arange(len(graph.arc)) if among is None else among
    leaving: dict[int, list[int]] = {}
    for arc in arcs[np.argsort(graph.rank[arcs], kind="stable")].tolist():
        leaving.setdefault(int(graph.tail[arc]), []).append(arc)
    head = graph.head.tolist()
    path: list[int] = []
    visited = {origin}
    waiting = [iter(leaving.get(origin, []))]
    while waiting:
        arc = next(waiting[-1], None)
        if arc is None:
            waiting.pop()
            if path:
                visited.discard(head[path.pop()])
        elif head[arc] == destination:
            yield np.array([*path, arc], dtype=np.int64)
        elif head[arc] not in visited and _leads_on(leaving, head, head[arc], destination, visited):
            path.append(arc)
            visited.add(head[arc])
            waiting.append(iter(leaving.get(head[arc], [])))


def _leads_on(leaving: dict[int, list[int]], head: list[int], place: int, destination: int, visited: set[int]) -> bool:
    """Return whether the destination can be reached from a place without entering a visited one."""
    seen, front = {place, *visited}, [place]
    while front:
        for arc in leaving.get(front.pop(), []):
            if head[arc] == destination:
                return True
            if head[arc] not in seen:
                seen.add(head[arc])
                front.append(head[arc])
    return False
