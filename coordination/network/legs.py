"""Legs in bulk: what every trip of every fleet is put together from, in one state of the roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.network.arcs import ArcGraph
from coordination.network.distances import shortest_distances
from coordination.network.ties import Knots, may_choose

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.network.arcs import Directions
    from coordination.network.fleets import Fleets
    from coordination.world.conditions import Condition

CHUNK = 2**22
"""Distances held at once while legs are computed: sources times places."""


@dataclass(frozen=True)
class Legs:
    """Shortest legs from the places where trips begin or load, and back to the bases.

    Attributes
    ----------
    source_row : ndarray of int, shape (places,)
        Row of a place among the sources (bases and origins), −1 for others.
    minutes, km : ndarray, shape (sources, ends)
        Whole millionths from a source to every place that is not a junction, in the order of places; inf: no way.
    free : ndarray of bool, shape (sources, ends)
        Whether some shortest route holds a capacitated road.
    base_row : ndarray of int, shape (places,)
        Row of a place among the bases, −1 for others.
    back_minutes, back_km : ndarray, shape (bases, ends)
        Whole millionths from every place that is not a junction to a base.
    """

    source_row: NDArray[np.int64]
    minutes: NDArray[np.float64]
    km: NDArray[np.float64]
    free: NDArray[np.bool_]
    base_row: NDArray[np.int64]
    back_minutes: NDArray[np.float64]
    back_km: NDArray[np.float64]

    @classmethod
    def of(cls, directions: Directions, condition: Condition, fleets: Fleets) -> Legs:
        """Return the legs that some fleets need."""
        graph = ArcGraph(directions, condition)
        knots = Knots.of(graph) if graph.capacitated.any() else None
        source_row, minutes, km, free = _bulk(graph, fleets.sources, fleets.ends, knots)
        back = ArcGraph(directions, condition, backwards=True)
        base_row, back_minutes, back_km, _ = _bulk(back, fleets.bases, fleets.ends, None)
        return cls(source_row, minutes, km, free, base_row, back_minutes, back_km)


def _bulk(
    graph: ArcGraph, sources: NDArray[np.int64], ends: NDArray[np.int64], knots: Knots | None
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return row by place, minutes, km and free, a chunk of sources at a time: junctions are dropped as it goes."""
    row = np.full(graph.places, -1, dtype=np.int64)
    row[sources] = np.arange(len(sources))
    minutes, km = np.empty((len(sources), len(ends))), np.empty((len(sources), len(ends)))
    free = np.zeros((len(sources), len(ends)), dtype=bool)
    size = max(1, CHUNK // max(graph.places, 1))
    for first in range(0, len(sources), size):
        part = slice(first, first + size)
        distances = shortest_distances(graph, sources[part])
        minutes[part], km[part] = distances.minutes[:, ends], distances.km[:, ends]
        if knots is not None:
            free[part] = may_choose(graph, knots, sources[part], distances)[:, ends]
    return row, minutes, km, free
