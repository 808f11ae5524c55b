"""Whether some shortest route holds a capacitated road, so that the loaded leg may choose its route.

From a place o, an arc (u, v) is tight if it continues a shortest route: d(o, u) + w = d(o, v), in minutes and in km.
A route to d holds a capacitated road exactly if d can be reached along tight arcs from the head of a tight
capacitated arc. So capacitated arcs are the seeds of one search, for all origins at once.

Roads of no minutes and no km that close a circle need more care: there a tight walk need not be a simple path.
Their arcs are no seeds. Within such a *knot* (places joined by arcs of no length both ways) all arcs are tight from
anywhere, so whether a simple path through the knot from place a to place b can hold a capacitated arc depends on
the knot alone, and is found there once, by enumeration. A route enters and leaves a knot once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from coordination.network.arcs import ragged
from coordination.network.routes import simple_paths

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    from coordination.network.arcs import ArcGraph
    from coordination.network.distances import Distances


@dataclass(frozen=True)
class Knots:
    """Places joined by roads of no length.

    Attributes
    ----------
    inside : ndarray of bool, shape (open arcs,)
        Whether both ends of an arc of no length lie in one knot.
    knot : ndarray of int, shape (places,)
        Number of the knot of a place; a place of its own where nothing of no length joins it to others both ways.
    entry, leave : ndarray of int, shape (pairs,)
        Pairs of places of one knot between which some simple path within it holds a capacitated arc.
    """

    inside: NDArray[np.bool_]
    knot: NDArray[np.int64]
    entry: NDArray[np.int64]
    leave: NDArray[np.int64]

    @classmethod
    def of(cls, graph: ArcGraph) -> Knots:
        """Return the knots of a graph; only those with capacitated arcs are searched."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        no_length = (graph.minutes == 0) & (graph.km == 0)
        tail, head = graph.tail[no_length], graph.head[no_length]
        matrix = csr_array((np.ones(len(tail)), (tail, head)), shape=(graph.places, graph.places))
        _, knot = connected_components(matrix, connection="strong")
        inside = no_length & (knot[graph.tail] == knot[graph.head])
        pairs = [
            pair
            for number in np.unique(knot[graph.tail[inside & graph.capacitated]])
            for pair in _charged_pairs(graph, np.flatnonzero(inside & (knot[graph.tail] == number)))
        ]
        entry, leave = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return cls(inside, knot.astype(np.int64), entry, leave)


def _charged_pairs(graph: ArcGraph, arcs: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return the pairs of places between which a simple path over these arcs can hold a capacitated one."""
    import networkx as nx

    ends = list(zip(graph.tail[arcs].tolist(), graph.head[arcs].tolist(), strict=True))
    charged = [(*pair, arc) for pair, arc in zip(ends, arcs.tolist(), strict=True) if graph.capacitated[arc]]
    pairs = []
    for start, end in permutations(sorted({place for pair in ends for place in pair}), 2):
        between = _between(nx.Graph(ends), start, end)
        wanted = [arc for u, v, arc in charged if u != end and v != start and frozenset((u, v)) in between]
        paths = simple_paths(graph, start, end, arcs) if wanted else iter(())
        if any(np.isin(path, wanted).any() for path in paths):
            pairs.append((start, end))
    return pairs


def _between(skeleton: nx.Graph[int], start: int, end: int) -> set[frozenset[int]]:
    """Return the edges on simple paths between two places, directions aside.

    With the edge (start, end) added these are the edges of its biconnected component. Where no capacitated road is
    among them, nothing needs to be enumerated.
    """
    import networkx as nx

    skeleton.add_edge(start, end)
    blocks = ({frozenset(edge) for edge in block} for block in nx.biconnected_component_edges(skeleton))
    return next(block for block in blocks if frozenset((start, end)) in block)


def may_choose(graph: ArcGraph, knots: Knots, sources: NDArray[np.int64], distances: Distances) -> NDArray[np.bool_]:
    """Return whether some shortest route from each source to each place holds a capacitated road.

    Parameters
    ----------
    graph : ArcGraph
        The open arcs.
    knots : Knots
        Of the same graph.
    sources : ndarray of int, shape (sources,)
        Places where routes begin.
    distances : Distances
        From these sources.

    Returns
    -------
    ndarray of bool, shape (sources, places)
    """
    search = _Search(graph, distances)
    seeds = np.flatnonzero(graph.capacitated & ~knots.inside)
    free = search.spread(search.heads(seeds))
    if len(knots.entry):
        through = _through_knots(search, knots, sources)
        rows, places = np.nonzero(through)
        begin = search.indptr[places]
        arc, owner = ragged(begin, search.indptr[places + 1] - begin)
        arc, row = arc[~knots.inside[arc]], rows[owner][~knots.inside[arc]]
        tight = search.tight(row, arc)
        beyond = search.spread(row[tight] * graph.places + graph.head[arc[tight]])
        free |= through | beyond
    return free


def _through_knots(search: _Search, knots: Knots, sources: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the places that a shortest route reaches within a knot over a capacitated arc of no length."""
    graph, shape = search.graph, search.shape
    entered = np.zeros(shape, dtype=bool)
    entered[np.arange(len(sources)), sources] = True
    interesting = np.isin(knots.knot, knots.knot[knots.entry])
    arcs = np.flatnonzero(~knots.inside & interesting[graph.head])
    entered.ravel()[search.heads(arcs)] = True
    through = np.zeros(shape, dtype=bool)
    np.logical_or.at(through.T, knots.leave, entered[:, knots.entry].T)
    return through


class _Search:
    """Searches along tight arcs, for all sources at once; a state is source row times places plus place."""

    def __init__(self, graph: ArcGraph, distances: Distances) -> None:
        self.graph = graph
        self.shape = distances.minutes.shape
        self.indptr = np.searchsorted(graph.tail, np.arange(graph.places + 1))
        self._minutes, self._km = distances.minutes.ravel(), distances.km.ravel()

    def tight(self, row: NDArray[np.int64], arc: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether arcs are tight from the sources of given rows."""
        graph = self.graph
        tail, head = row * graph.places + graph.tail[arc], row * graph.places + graph.head[arc]
        tight = (self._minutes[tail] + graph.minutes[arc] == self._minutes[head]) & np.isfinite(self._minutes[tail])
        tight[tight] = (self._km[tail] + graph.km[arc] == self._km[head])[tight]
        return np.asarray(tight, dtype=bool)

    def heads(self, arcs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the states at the heads of these arcs where they are tight."""
        states = [
            row * self.graph.places + self.graph.head[arcs[self.tight(np.full(len(arcs), row), arcs)]]
            for row in range(self.shape[0])
        ]
        return np.unique(np.concatenate(states)) if states else np.zeros(0, dtype=np.int64)

    def spread(self, front: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return what can be reached from these states along tight arcs, themselves included."""
        graph = self.graph
        reached = np.zeros(self.shape, dtype=bool)
        flat = reached.ravel()
        flat[front] = True
        front = np.unique(front)
        while len(front):
            row, place = np.divmod(front, graph.places)
            begin = self.indptr[place]
            arc, owner = ragged(begin, self.indptr[place + 1] - begin)
            target = row[owner] * graph.places + graph.head[arc]
            ahead = ~flat[target]
            ahead[ahead] = self.tight(row[owner][ahead], arc[ahead])
            front = np.unique(target[ahead])
            flat[front] = True
        return reached
