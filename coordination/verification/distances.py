"""Shortest distances over the roads open in a period, compared by minutes, then by kilometres.

Every road's minutes and kilometres are rounded to 1e-6 and counted in whole millionths, so that sums
of either are exact and ties are ties.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, dijkstra

MILLION = 1e6
Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Yes = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Arcs:
    """Directed arcs of the open roads, as columns.

    Attributes
    ----------
    places : int
        Number of places; codes run from 0.
    tail, head : ndarray of int
        Place codes at which an arc begins and ends.
    minutes, km : ndarray
        Whole millionths.
    capacitated : ndarray of bool
        Whether its road has a capacity.
    """

    places: int
    tail: Codes
    head: Codes
    minutes: Numbers
    km: Numbers
    capacitated: Yes

    @property
    def reversed(self) -> "Arcs":
        """The same arcs the other way round, for distances to a place."""
        return replace(self, tail=self.head, head=self.tail)


class Distances:
    """Distances from chosen sources, computed once each.

    Parameters
    ----------
    arcs : Arcs
        The graph.
    sources : iterable of int
        Place codes from which distances will be asked.
    """

    def __init__(self, arcs: Arcs, sources: Iterable[int]) -> None:
        self.arcs = arcs
        self._sources = pd.Index(np.unique(np.asarray(list(sources), dtype=np.int64)))
        shape = (len(self._sources), arcs.places)
        self._minutes, self._km = np.full(shape, np.inf), np.full(shape, np.inf)
        if len(self._sources):
            self._minutes[:] = _shortest(arcs, np.ones(len(arcs.tail), bool), arcs.minutes, self._sources)
        for row, source in enumerate(self._sources):
            tight = self._tight_minutes(row)
            self._km[row] = _shortest(arcs, tight, arcs.km, pd.Index([source]))[0]

    def minutes(self, source: Codes, target: Codes) -> Numbers:
        """Return the fewest minutes, in millionths, elementwise; inf where there is no way."""
        return np.asarray(self._minutes[self._sources.get_indexer(pd.Index(source)), target])

    def km(self, source: Codes, target: Codes) -> Numbers:
        """Return the fewest kilometres, in millionths, among the routes of fewest minutes."""
        return np.asarray(self._km[self._sources.get_indexer(pd.Index(source)), target])

    def may_choose(self, source: int, target: int) -> bool:
        """Return whether some shortest route holds a capacitated road, so that any route may be used."""
        tight = self._tight(int(self._sources.get_indexer(pd.Index([source]))[0]))
        arcs = self.arcs
        back = csr_array((np.ones(tight.sum()), (arcs.head[tight], arcs.tail[tight])), shape=(arcs.places,) * 2)
        reaching = np.zeros(arcs.places, dtype=bool)
        reaching[breadth_first_order(back, target, return_predecessors=False)] = True
        # The tail of a tight arc is reached on a shortest route; its head must lead on to the target.
        held = np.flatnonzero(tight & arcs.capacitated & reaching[arcs.head])
        if not len(held):
            return False
        return self._simple(tight & reaching[arcs.head], source, target)

    def _simple(self, tight: Yes, source: int, target: int) -> bool:
        """Tell routes from walks, which differ only where roads of no length close a circle."""
        arcs = self.arcs
        graph = csr_array((np.ones(tight.sum()), (arcs.tail[tight], arcs.head[tight])), shape=(arcs.places,) * 2)
        if connected_components(graph, connection="strong")[0] == arcs.places:
            return True
        import networkx as nx

        # Any: the stubs take the edges of these paths for nodes.
        routes: Any = nx.MultiDiGraph()
        for arc in np.flatnonzero(tight).tolist():
            routes.add_edge(int(arcs.tail[arc]), int(arcs.head[arc]), key=arc)
        held = set(np.flatnonzero(arcs.capacitated).tolist())
        simple: Any = nx.all_simple_edge_paths(routes, source, target)
        return any(arc in held for route in simple for _, _, arc in route)

    def _tight_minutes(self, row: int) -> Yes:
        distance, arcs = self._minutes[row], self.arcs
        reached = np.isfinite(distance[arcs.tail])
        return np.asarray(reached & (np.where(reached, distance[arcs.tail], 0) + arcs.minutes == distance[arcs.head]))

    def _tight(self, row: int) -> Yes:
        distance, arcs = self._km[row], self.arcs
        tight = self._tight_minutes(row)
        return np.asarray(tight & (np.where(tight, distance[arcs.tail], 0) + arcs.km == distance[arcs.head]))


def millionths(numbers: npt.ArrayLike) -> Numbers:
    """Return numbers in whole millionths."""
    return np.asarray(np.rint(np.asarray(numbers, dtype=np.float64) * MILLION))


def _shortest(arcs: Arcs, chosen: Yes, length: Numbers, sources: pd.Index) -> Numbers:
    tail, head, length = arcs.tail[chosen], arcs.head[chosen], length[chosen]
    # A sparse matrix would add parallel roads up: keep the shortest of each pair of places.
    order = np.lexsort((length, head, tail))
    tail, head, length = tail[order], head[order], length[order]
    first = np.ones(len(tail), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    graph = csr_array((length[first], (tail[first], head[first])), shape=(arcs.places,) * 2)
    return np.atleast_2d(np.asarray(dijkstra(graph, indices=sources.to_numpy())))
