"""Shortest distances in bulk, compared by minutes, then by km, exactly.

Minutes m and km k are whole numbers (millionths, divided by what all of them share). With a base B the one weight
m·B + k orders routes by minutes, then km, as long as

* no sum reaches 2^53: then every sum is exact in a float. What exceeds it while searching is never the least;
* k < B on every shortest route: a route of one more unit of minutes then always weighs more. With r the largest
  ratio k/m over arcs and K the km that arcs of no minutes can add, k <= r·m + K.

Both are checked on the result. Sources for which they fail (distances too long for the precision of the data) are
computed again: minutes alone, then the fewest km along the arcs that are tight in minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.network.arcs import ragged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.network.arcs import ArcGraph

EXACT = 2.0**53
"""Whole numbers below this are exact in a float."""


@dataclass(frozen=True)
class Distances:
    """Distances from some places to all.

    Attributes
    ----------
    minutes, km : ndarray, shape (sources, places)
        Whole millionths; inf where there is no way.
    """

    minutes: NDArray[np.float64]
    km: NDArray[np.float64]


@dataclass(frozen=True)
class _Weights:
    """Whole-number weights of the links of a graph and the base that joins them."""

    minutes: NDArray[np.float64]
    km: NDArray[np.float64]
    minute_unit: float
    km_unit: float
    base: float
    ratio: float
    extra: float

    @classmethod
    def of(cls, graph: ArcGraph) -> _Weights:
        minutes, minute_unit = _divided(graph.minutes[graph.first])
        km, km_unit = _divided(graph.km[graph.first])
        timed = minutes > 0
        ratio = float(np.max(km[timed] / minutes[timed], initial=0.0))
        untimed = np.sort(km[~timed])[::-1]
        extra = float(untimed[: max(graph.places - 1, 0)].sum())
        # The base that leaves most room: longest · (ratio · longest + extra + 2) = 2^53.
        room = ((extra + 2) ** 2 + 4 * ratio * EXACT) ** 0.5
        longest = 2 * EXACT / (extra + 2 + room)
        base = float(np.floor(ratio * longest + extra)) + 2.0
        return cls(minutes, km, minute_unit, km_unit, base, ratio, extra)


def shortest_distances(graph: ArcGraph, sources: NDArray[np.int64]) -> Distances:
    """Return the shortest distances from several places to all places.

    Parameters
    ----------
    graph : ArcGraph
        The open arcs.
    sources : ndarray of int, shape (sources,)
        Places where routes begin.
    """
    weights = _Weights.of(graph)
    joined, _ = graph.dijkstra(weights.minutes * weights.base + weights.km, sources)
    reached = np.isfinite(joined)
    known = np.where(reached, joined, 0.0)
    minutes = np.floor(known / weights.base)
    km = known - minutes * weights.base
    # A quotient just below a whole number may round up to it.
    minutes, km = np.where(km < 0, minutes - 1, minutes), np.where(km < 0, km + weights.base, km)
    longest = minutes.max(axis=1, initial=0.0)
    sure = (known.max(axis=1, initial=0.0) < EXACT) & (weights.ratio * longest + weights.extra + 1 <= weights.base)
    minutes, km = minutes * weights.minute_unit, km * weights.km_unit
    minutes[~reached], km[~reached] = np.inf, np.inf
    if not sure.all():
        minutes[~sure], _ = graph.dijkstra(graph.minutes[graph.first], sources[~sure])
        km[~sure] = fewest_km(graph, sources[~sure], minutes[~sure])
    return Distances(minutes, km)


def fewest_km(graph: ArcGraph, sources: NDArray[np.int64], minutes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the fewest km among the routes of fewest minutes, whole millionths.

    Labels spread along the arcs that are tight in minutes and are corrected until none improves; each round handles
    all sources at once.

    Parameters
    ----------
    graph : ArcGraph
        The open arcs.
    sources : ndarray of int, shape (sources,)
        Places where routes begin.
    minutes : ndarray, shape (sources, places)
        Fewest minutes, whole millionths.
    """
    # The first arc of a link is the best in both: no other is on a shortest route by minutes and km.
    link_minutes, link_km = graph.minutes[graph.first], graph.km[graph.first]
    km = np.full(minutes.shape, np.inf)
    flat, taken = km.ravel(), minutes.ravel()
    front = np.arange(len(sources)) * graph.places + sources
    flat[front] = 0.0
    while len(front):
        row, place = np.divmod(front, graph.places)
        begin = graph.indptr[place].astype(np.int64)
        link, owner = ragged(begin, graph.indptr[place + 1] - begin)
        target = row[owner] * graph.places + graph.indices[link]
        label = flat[front][owner] + link_km[link]
        better = (taken[front][owner] + link_minutes[link] == taken[target]) & (label < flat[target])
        np.minimum.at(flat, target[better], label[better])
        front = np.unique(target[better])
    return km


def _divided(numbers: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return whole numbers divided by what they all share, and that unit."""
    if not len(numbers) or float(numbers.max()) >= EXACT:
        return numbers, 1.0
    unit = float(np.gcd.reduce(numbers.astype(np.int64))) or 1.0
    return numbers / unit, unit
