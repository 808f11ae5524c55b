"""Zones that may not be passed through: their connectors, so that no way through them is a shortcut.

The reason and the formula stand in :mod:`coordination.generation.public_roads`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.generation.travel import minutes_between

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

LONGER = 0.01
"""Minutes by which driving through a zone is longer than the shortest way round."""


def main_part(links: pd.DataFrame, first_thru: int) -> set[int]:
    """Return the largest set of nodes that may be passed through and all reach each other.

    Parameters
    ----------
    links : DataFrame
        ``init``, ``term``.
    first_thru : int
        Nodes below it may not be passed through.

    Returns
    -------
    set of int
        Of sets alike in size that with the smallest number; where no node may be passed through, the first link's
        ends.
    """
    import networkx as nx

    through = links[(links["init"] >= first_thru) & (links["term"] >= first_thru)]
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(sorted({*links["init"], *links["term"]} - set(range(first_thru))))
    graph.add_edges_from(zip(through["init"], through["term"], strict=True))
    parts = sorted(nx.strongly_connected_components(graph), key=lambda part: (-len(part), min(part)))
    return {int(node) for node in parts[0]} if parts else {int(links["init"].iloc[0])}


def without_shortcuts(roads: pd.DataFrame, zones: int, first_thru: int, part: set[int], limited: bool) -> pd.DataFrame:
    """Return the roads with connectors changed so that driving through a closed zone never pays.

    Parameters
    ----------
    roads : DataFrame
        Columns of :attr:`City.roads`, and ``init``, ``term`` (numbers of their ends).
    zones : int
        Number of zones.
    first_thru : int
        Zones below it may not be passed through.
    part : set of int
        As :func:`main_part` returns.
    limited : bool
        Whether roads have capacities: then connectors out of closed zones carry 0 tonnes.

    Returns
    -------
    DataFrame
        Without ``init`` and ``term``.
    """
    init, term = roads["init"].to_numpy(), roads["term"].to_numpy()
    closed = min(zones, first_thru - 1)
    leaving, entering = init <= closed, term <= closed
    keep = ~(leaving & entering) & ~_astray(init, term, closed, part)
    roads, init, term = roads[keep].reset_index(drop=True), init[keep], term[keep]
    leaving, entering = init <= closed, term <= closed
    minutes = roads["minutes"].to_numpy().copy()
    extra = _extra_minutes(roads, closed, leaving, entering, _places_of(part, zones))
    minutes[entering] += extra[term[entering] - 1]
    minutes[leaving] += extra[init[leaving] - 1]
    capacity = roads["capacity_tonnes"].to_numpy(dtype=float).copy()
    if limited:
        capacity[leaving] = 0.0
    roads = roads.assign(minutes=np.round(minutes, 4), capacity_tonnes=capacity)
    return roads.drop(columns=["init", "term"])


def _places_of(part: set[int], zones: int) -> set[str]:
    return {f"c{node}" if node <= zones else f"n{node}" for node in part}


def _astray(init: NDArray[np.int64], term: NDArray[np.int64], closed: int, part: set[int]) -> NDArray[np.bool_]:
    """Tell connectors to or from outside the main part, of zones that have others the same way."""
    inside = np.isin(np.arange(max(init.max(), term.max()) + 1), list(part))
    astray = np.zeros(len(init), dtype=bool)
    for zone_end, other in ((init, term), (term, init)):
        connector = (zone_end <= closed) & (other > closed)
        served = np.zeros(len(inside), dtype=bool)
        served[zone_end[connector & inside[other]]] = True
        astray |= connector & ~inside[other] & served[zone_end]
    return astray


def _extra_minutes(
    roads: pd.DataFrame, closed: int, leaving: NDArray[np.bool_], entering: NDArray[np.bool_], main: set[str]
) -> NDArray[np.float64]:
    """Half of m_z for each closed zone, minutes, shape (closed,)."""
    extra = np.zeros(closed)
    if not leaving.any() or not entering.any():
        return extra
    into, out, inner = roads[entering], roads[leaving], roads[~leaving & ~entering]
    ways = Ways.of(inner, {*into["from"], *out["to"]}, main)
    leave = dict(list(out.groupby("from")))
    for zone, arriving in into.groupby("to"):
        departing = leave.get(zone)
        if departing is None:
            continue
        saved = max(
            ways.saved(tail, head) - into_zone - out_of_zone
            for tail, into_zone in zip(arriving["from"], arriving["minutes"], strict=True)
            for head, out_of_zone in zip(departing["to"], departing["minutes"], strict=True)
        )
        extra[int(str(zone)[1:]) - 1] = (max(saved, 0.0) + LONGER) / 2
    return extra


@dataclass(frozen=True)
class Ways:
    """Shortest ways that pass no zone, between the places where a way through a zone could save most.

    A way from u through a zone (in at i, out at o) to v saves most, for u and v anywhere, where u is i itself, v is o
    itself; or, where i or o lies outside the main part (so that the other places may not be reached from i, or
    reach o, at all), at the ends of the links between the main part and the rest, or in the rest.

    Attributes
    ----------
    minutes : ndarray of float, shape (places, places)
        inf where no way leads.
    position : dict of str to int
        Position of each place in `minutes`.
    rest, exits, entries : list of int
        Places outside the main part; places in it with a link to the rest, and from the rest.
    main : set of str
        The main part.
    """

    minutes: NDArray[np.float64]
    position: dict[str, int]
    rest: list[int]
    exits: list[int]
    entries: list[int]
    main: set[str]

    @classmethod
    def of(cls, inner: pd.DataFrame, ends: set[str], main: set[str]) -> Ways:
        """Return the ways between these ends of connectors and the rest, on roads that touch no zone."""
        tail_in, head_in = inner["from"].isin(main), inner["to"].isin(main)
        rest = {*inner["from"], *inner["to"], *ends} - main
        exits, entries = {*inner.loc[tail_in & ~head_in, "from"]}, {*inner.loc[~tail_in & head_in, "to"]}
        places = sorted({*ends, *rest, *exits, *entries})
        position = {place: number for number, place in enumerate(places)}
        numbers = [[position[place] for place in sorted(group)] for group in (rest, exits, entries)]
        return cls(minutes_between(inner, places, places), position, numbers[0], numbers[1], numbers[2], main)

    def saved(self, tail: str, head: str) -> float:
        """Most minutes that a way saves which jumps from `tail` to `head`, over all starts and ends."""
        i, o = self.position[tail], self.position[head]
        starts = [i, *self.rest, *([] if tail in self.main else self.exits)]
        ends = [o, *self.rest, *([] if head in self.main else self.entries)]
        around = self.minutes[np.ix_(starts, ends)]
        through = self.minutes[starts, i][:, None] + self.minutes[o, ends][None, :]
        known = np.isfinite(around) & np.isfinite(through)
        return float(np.max(around[known] - through[known], initial=-np.inf))
