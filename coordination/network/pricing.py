r"""Pricing of routes: the loaded leg that is worth most at the prices of roads, hours and goods.

Where roads are capacitated the loaded leg may take any simple path P. One tonne on it costs

.. math:: g(P) = \sum_{a \in P} (\pi_a + \alpha m_a + \beta k_a), \qquad \pi, \alpha, \beta \ge 0

(price of the arc's capacity, money per minute and per km) and is worth v[lag(P)] on arrival, where the lag does not
fall as the minutes m(P) grow. Wanted: the least g(P) − v[lag(P)], and a bound below which no simple path goes.

Let V[l] be the largest v of lag l or later. For any set S of paths that holds, for every simple path P, one that is
no dearer and no slower,

.. math:: \min_{Q \in S} \; g(Q) - V[\mathrm{lag}(Q)] \;\le\; \min_P \; g(P) - v[\mathrm{lag}(P)],

since lag(Q) <= lag(P), hence V[lag(Q)] >= v[lag(P)]. Where v does not rise with the lag (what comes earlier can
wait), V = v and the bound is attained: the route is the best there is. Otherwise a detour that comes later on
purpose might be better, and the bound says by how much at most.

1. One run of Dijkstra gives the least g to every place; with the fewest minutes of any path it gives the bound
   min g − V[lag of the fewest minutes], attained where the cheapest path has that lag (nearly always).
2. Elsewhere the paths that are cheapest for their minutes are found by labels (g, m), taken by g, then m: a label is
   kept if it is faster than all kept before at its place (Hansen, P. (1980), Bicriterion path problems; Martins, E.
   (1984), On a multicriteria shortest path problem). As nothing is negative a path that comes back to a place is never
   kept: labels are simple paths. Labels no faster than the slowest cheapest path add nothing and are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from coordination.network.routes import trace
from coordination.world.conditions import MILLION

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from coordination.network.arcs import ArcGraph
    from coordination.network.network import Network

LABELS = 200_000
"""Labels kept per origin before the search stops with the bound it has."""


@dataclass(frozen=True)
class PricedRoutes:
    """The best route found for each request, and what no route can beat.

    Attributes
    ----------
    routes : list of ndarray of int
        Arc codes of the loaded leg, first to last; empty where there is no way or the bound is not of use.
    minutes : ndarray, shape (requests,)
        Of the loaded leg, for a vehicle of speed 1.
    cost : ndarray, shape (requests,)
        Money per tonne for the leg: prices of its arcs, its minutes and its km; inf where there is no way.
    lag : ndarray of int, shape (requests,)
        Periods from departure to arrival on the route.
    reduced : ndarray, shape (requests,)
        ``cost`` less the value on arrival; inf where there is no way or arrival is not allowed.
    bound : ndarray, shape (requests,)
        No simple path has a smaller ``reduced``; inf where none is allowed.
    """

    routes: list[NDArray[np.int64]]
    minutes: NDArray[np.float64]
    cost: NDArray[np.float64]
    lag: NDArray[np.int64]
    reduced: NDArray[np.float64]
    bound: NDArray[np.float64]


class _Label(NamedTuple):
    """A path to a place: what it costs, its minutes (millionths), its last arc and the label before."""

    cost: float
    minutes: float
    arc: int
    before: int


def cheapest_routes(
    network: Network,
    state: int,
    fleet: int,
    origins: ArrayLike,
    destinations: ArrayLike,
    values: ArrayLike,
    *,
    arc_price: ArrayLike,
    cost_per_minute: float,
    cost_per_km: float,
    refine_below: float = np.inf,
    labels: int = LABELS,
) -> PricedRoutes:
    """Return the simple paths of least cost less value on arrival.

    Parameters
    ----------
    network : Network
        The network.
    state : int
        State of the roads in the departure period.
    fleet : int
        Row of ``fleets``: its base, speed and loading decide the lag.
    origins, destinations : array of int, shape (requests,)
        Places; the origins are among those from which the network's lanes begin.
    values : array, shape (requests, lags)
        What a tonne is worth on arrival after 0, 1, … periods; the last column holds for all longer lags; −inf
        where arrival is not allowed.
    arc_price : array, shape (arcs,)
        Money per tonne for the capacity of each arc (see ``Network.arcs``), >= 0; closed arcs do not count.
    cost_per_minute : float
        Money per tonne and minute on the road of a vehicle of speed 1, >= 0.
    cost_per_km : float
        Money per tonne and km, >= 0.
    refine_below : float
        Where the quick bound is not below this no route is given: it could not be of use.
    labels : int
        Labels kept per origin before the search stops with the bound that it has.

    Returns
    -------
    PricedRoutes
        One entry per request.
    """
    graph = network.arc_graph(state)
    weight = np.asarray(arc_price, dtype=float)[graph.arc]
    weight = weight + cost_per_minute * graph.minutes / MILLION + cost_per_km * graph.km / MILLION
    pricing = _Pricing(network, state, fleet, graph, weight)
    origin, end = np.asarray(origins, dtype=np.int64), np.asarray(destinations, dtype=np.int64)
    value = np.asarray(values, dtype=float)
    found = pricing.quick(origin, end, value, refine_below)
    open_gap = (found.reduced > found.bound) & (found.bound < refine_below)
    for place in np.unique(origin[open_gap]):
        pricing.refine(found, np.flatnonzero(open_gap & (origin == place)), int(place), end, value, labels)
    return found


class _Pricing:
    """Routes of one fleet in one state at one set of prices."""

    def __init__(self, network: Network, state: int, fleet: int, graph: ArcGraph, weight: NDArray[np.float64]) -> None:
        self.network, self.fleet, self.graph, self.weight = network, fleet, graph, weight
        self.legs = network.legs(state)
        self._start = self.legs.source_row[network.fleets.base[fleet]]

    def lags(self, origin: NDArray[np.int64], minutes: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the lags of loaded legs of so many minutes (millionths)."""
        before = self.legs.minutes[self._start, np.searchsorted(self.network.fleets.ends, origin)]
        return self.network.fleets.lag(self.fleet, (before + minutes) / MILLION)

    def quick(
        self, origin: NDArray[np.int64], end: NDArray[np.int64], value: NDArray[np.float64], below: float
    ) -> PricedRoutes:
        """Return the cheapest path of each request, and the bound from it and the fewest minutes."""
        graph = self.graph
        sources, row = np.unique(origin, return_inverse=True)
        link_weight, chosen = graph.cheapest(self.weight)
        distance, before = graph.dijkstra(link_weight, sources, predecessors=True)
        last = np.full(distance.shape, -1, dtype=np.int64)
        where, place = np.nonzero(before >= 0)
        last[where, place] = chosen[graph.links(before[where, place], place)]
        cost = distance[row, end]
        minutes = np.where(np.isfinite(cost), self._along(last, before)[row, end], np.inf)
        fewest = self.legs.minutes[self.legs.source_row[origin], np.searchsorted(self.network.fleets.ends, end)]
        lag = self.lags(origin, minutes)
        bound = cost - _at(_later(value), self.lags(origin, fewest))
        none = np.zeros(0, dtype=np.int64)
        tree = {key: graph.arc[trace(graph, last[key[0]], key[1])] for key in _pairs(row, end, bound < below)}
        return PricedRoutes(
            routes=[tree.get(key, none) for key in zip(row.tolist(), end.tolist(), strict=True)],
            minutes=minutes / MILLION,
            cost=cost,
            lag=lag,
            reduced=cost - _at(value, lag),
            bound=bound,
        )

    def _along(self, last: NDArray[np.int64], before: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the minutes (millionths) along trees of paths, by doubling the steps looked back."""
        minutes: NDArray[np.float64] = np.append(self.graph.minutes, 0.0)[last]
        back = np.where(before >= 0, before, np.arange(last.shape[1]))
        while True:
            minutes = minutes + np.take_along_axis(minutes, back, 1)  # nothing at the root, which looks back at itself
            further = np.take_along_axis(back, back, 1)
            if np.array_equal(further, back):
                return minutes
            back = further

    def refine(
        self,
        found: PricedRoutes,
        rows: NDArray[np.int64],
        origin: int,
        end: NDArray[np.int64],
        value: NDArray[np.float64],
        most: int,
    ) -> None:
        """Close the gaps of the requests from one origin with labels, writing into `found`."""
        tree, at, beyond = self._labels(origin, float(np.rint(found.minutes[rows].max() * MILLION)), most)
        later = _later(value[rows])
        for r, best_later in zip(rows, later, strict=True):
            kept = np.array(at.get(int(end[r]), []), dtype=np.int64)
            cost = np.array([tree[label].cost for label in kept])
            minutes = np.array([tree[label].minutes for label in kept])
            lag = self.lags(np.full(len(kept), origin), minutes)
            last = value.shape[1] - 1
            reduced = cost - value[r, np.minimum(lag, last)]
            # The cheapest path stands for all that are no faster than it.
            own = found.cost[r] - best_later[min(found.lag[r], last)]
            bounds = np.append(cost - best_later[np.minimum(lag, last)], own)
            # Where the search was stopped, what it has not seen costs at least what it would have taken next.
            unseen = found.bound[r] + (beyond - found.cost[r])
            found.bound[r] = max(found.bound[r], min(bounds.min(), unseen))
            if len(kept) and reduced.min() < found.reduced[r]:
                best = int(reduced.argmin())
                found.routes[r] = self.graph.arc[_trace_label(tree, int(kept[best]))]
                found.cost[r], found.lag[r], found.reduced[r] = cost[best], lag[best], reduced[best]
                found.minutes[r] = minutes[best] / MILLION

    def _labels(self, origin: int, slowest: float, most: int) -> tuple[list[_Label], dict[int, list[int]], float]:
        """Return labels of paths, their numbers by place, and the cost of the next one where stopped (else inf)."""
        graph, tree, at = self.graph, [_Label(0.0, 0.0, -1, -1)], {origin: [0]}
        fastest = np.full(graph.places, np.inf)
        fastest[origin] = 0.0
        begin = np.searchsorted(graph.tail, np.arange(graph.places + 1))
        head, minutes, weight = graph.head.tolist(), graph.minutes.tolist(), self.weight.tolist()
        heap: list[tuple[float, float, int, int]] = []
        label, place = 0, origin
        while True:
            cost, taken = tree[label].cost, tree[label].minutes
            for arc in range(begin[place], begin[place + 1]):
                longer = taken + minutes[arc]
                if longer <= slowest and longer < fastest[head[arc]]:
                    heappush(heap, (cost + weight[arc], longer, arc, label))
            while heap and heap[0][1] >= fastest[head[heap[0][2]]]:
                heappop(heap)
            if not heap:
                return tree, at, np.inf
            if len(tree) >= most:
                return tree, at, heap[0][0]
            tree.append(_Label(*heappop(heap)))
            label, place = len(tree) - 1, head[tree[-1].arc]
            fastest[place] = tree[-1].minutes
            at.setdefault(place, []).append(label)


def _trace_label(tree: list[_Label], label: int) -> NDArray[np.int64]:
    arcs: list[int] = []
    while tree[label].arc >= 0:
        arcs.append(tree[label].arc)
        label = tree[label].before
    return np.array(arcs[::-1], dtype=np.int64)


def _at(value: NDArray[np.float64], lag: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the value at each row's lag, the last column standing for all longer ones."""
    return np.asarray(value[np.arange(len(value)), np.minimum(lag, value.shape[1] - 1)])


def _later(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the largest value of each lag or a longer one."""
    return np.asarray(np.maximum.accumulate(value[:, ::-1], axis=1)[:, ::-1])


def _pairs(row: NDArray[np.int64], end: NDArray[np.int64], wanted: NDArray[np.bool_]) -> set[tuple[int, int]]:
    return set(zip(row[wanted].tolist(), end[wanted].tolist(), strict=True))
