"""Arcs: the directions in which roads can be driven, coded alike in every state of the roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.world.conditions import Condition


@dataclass(frozen=True)
class Directions:
    """Every direction of every road, open or not: forward in the order of ``roads``, each followed by its way back.

    Attributes
    ----------
    places : int
        Number of places.
    road, tail, head : ndarray of int, shape (arcs,)
        Row of the road, and of the places where the arc begins and ends.
    rank : ndarray of int, shape (arcs,)
        Position of the road's id among all ids in text order: what decides between equals.
    """

    places: int
    road: NDArray[np.int64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    rank: NDArray[np.int64]

    @classmethod
    def of(cls, instance: Instance) -> Directions:
        """Return the directions of an instance's roads."""
        roads, ids = instance.roads, pd.Index(instance.places["place"])
        start, end = (ids.get_indexer(pd.Index(roads[column])).astype(np.int64) for column in ("from", "to"))
        both = roads["both_ways"].to_numpy(dtype=bool)
        number = np.arange(len(roads), dtype=np.int64)
        road = np.concatenate([number, number[both]])
        back = np.concatenate([np.zeros(len(roads), dtype=bool), np.ones(int(both.sum()), dtype=bool)])
        order = np.lexsort((back, road))
        road, back = road[order], back[order]
        names = sorted(roads["road"].tolist())
        rank = pd.Index(names, dtype="str").get_indexer(pd.Index(roads["road"])).astype(np.int64)
        return cls(
            places=len(ids),
            road=road,
            tail=np.where(back, end[road], start[road]),
            head=np.where(back, start[road], end[road]),
            rank=rank[road],
        )

    def __len__(self) -> int:
        """Return the number of arcs."""
        return len(self.road)


class ArcGraph:
    """The open arcs of one state in compressed rows: by tail, head, minutes, km and road id.

    Roads that join the same two places lie side by side, the shortest first; together they are one link.

    Parameters
    ----------
    directions : Directions
        All arcs.
    condition : Condition
        State of the roads.
    backwards : bool
        Whether every arc is turned round: distances to a place become distances from it.

    Attributes
    ----------
    arc : ndarray of int, shape (open arcs,)
        Code of the arc in `directions`.
    tail, head, minutes, km, capacitated : ndarray, shape (open arcs,)
        Its ends, whole millionths of minutes and km, and whether a capacity limits it.
    first : ndarray of int, shape (links,)
        Position of the first arc of each link.
    indptr, indices : ndarray of int32
        Compressed rows of the links.
    """

    def __init__(self, directions: Directions, condition: Condition, backwards: bool = False) -> None:
        arc = np.flatnonzero(condition.open[directions.road])
        tail, head = directions.tail[arc], directions.head[arc]
        if backwards:
            tail, head = head, tail
        minutes, km = condition.minutes[directions.road[arc]], condition.km[directions.road[arc]]
        order = np.lexsort((directions.rank[arc], km, minutes, head, tail))
        self.places = directions.places
        self.arc, self.tail, self.head = arc[order], tail[order], head[order]
        self.minutes, self.km = minutes[order], km[order]
        self.capacitated = np.isfinite(condition.capacity[directions.road[self.arc]])
        self.rank = directions.rank[self.arc]
        new = np.ones(len(arc), dtype=bool)
        new[1:] = (self.tail[1:] != self.tail[:-1]) | (self.head[1:] != self.head[:-1])
        self.first = np.flatnonzero(new)
        self.indices = self.head[self.first].astype(np.int32)
        self.indptr = np.searchsorted(self.tail[self.first], np.arange(self.places + 1)).astype(np.int32)
        self._link_keys = self.tail[self.first] * self.places + self.head[self.first]

    def links(self, tail: NDArray[np.int64], head: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the link from each tail to each head; they must exist."""
        return np.searchsorted(self._link_keys, tail * self.places + head)

    def cheapest(self, weight: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return, for each link, the least weight of its arcs and the position of the first arc that has it.

        Parameters
        ----------
        weight : ndarray, shape (open arcs,)
            Weight of each arc.
        """
        if not len(self.first):
            return np.zeros(0), np.zeros(0, dtype=np.int64)
        least = np.minimum.reduceat(weight, self.first)
        size = np.diff(np.append(self.first, len(weight)))
        position = np.where(weight == np.repeat(least, size), np.arange(len(weight)), len(weight))
        return least, np.minimum.reduceat(position, self.first)

    def dijkstra(
        self, link_weight: NDArray[np.float64], sources: NDArray[np.int64], predecessors: bool = False
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Run scipy's Dijkstra from several sources.

        Weights of 0 are kept: in compressed rows a stored 0 is a link of no length, not a missing one.

        Returns
        -------
        distance : ndarray, shape (sources, places)
            inf where there is no way.
        predecessor : ndarray of int, shape (sources, places)
            Place before on the way, −9999 where none; empty unless `predecessors`.
        """
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        if not len(sources):
            return np.zeros((0, self.places)), np.zeros((0, self.places), dtype=np.int64)
        matrix = csr_array((link_weight, self.indices, self.indptr), shape=(self.places, self.places))
        if not predecessors:
            return np.asarray(dijkstra(matrix, indices=sources)), np.zeros((0, self.places), dtype=np.int64)
        distance, before = dijkstra(matrix, indices=sources, return_predecessors=True)
        return np.asarray(distance), np.asarray(before, dtype=np.int64)


def ragged(begin: NDArray[np.int64], count: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the members of ranges one after the other, and the range each is of.

    Parameters
    ----------
    begin, count : ndarray of int, shape (ranges,)
        First member and length of each range.
    """
    owner = np.repeat(np.arange(len(begin)), count)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    return begin[owner] + offset, owner
