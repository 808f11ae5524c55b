"""Zones that may not be passed through: their connectors, so that no way through them is a shortcut.

The reason and the formula stand in :mod:`coordination.generation.public_roads`.
"""

from __future__ import annotations

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
    import networkx as nx  # noqa: PLC0415 - heavy: only when generating

    through = links[(links["init"] >= first_thru) & (links["term"] >= first_thru)]
    graph = nx.DiGraph()
    graph.add_nodes_from(sorted({*links["init"], *links["term"]} - set(range(first_thru))))
    graph.add_edges_from(zip(through["init"], through["term"], strict=True))
    parts = sorted(nx.strongly_connected_components(graph), key=lambda part: (-len(part), min(part)))
    return {int(node) for node in parts[0]} if parts else {int(links["init"].iloc[0])}


def without_shortcuts(
    roads: pd.DataFrame, zones: int, first_thru: int, part: set[int], limited: bool
) -> pd.DataFrame:
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
    extra = _extra_minutes(roads, closed, leaving, entering)
    minutes[entering] += extra[term[entering] - 1]
    minutes[leaving] += extra[init[leaving] - 1]
    capacity = roads["capacity_tonnes"].to_numpy(dtype=float).copy()
    if limited:
        capacity[leaving] = 0.0
    roads = roads.assign(minutes=np.round(minutes, 4), capacity_tonnes=capacity)
    return roads.drop(columns=["init", "term"])


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
    roads: pd.DataFrame, closed: int, leaving: NDArray[np.bool_], entering: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Half of m_z for each closed zone, minutes, shape (closed,)."""
    import pandas as pd  # noqa: PLC0415

    extra = np.zeros(closed)
    if not leaving.any() or not entering.any():
        return extra
    into, out = roads[entering], roads[leaving]
    sources = sorted(set(into["from"]))
    targets = sorted(set(out["to"]))
    around = pd.DataFrame(
        minutes_between(roads[~leaving & ~entering], sources, targets), index=sources, columns=targets
    )
    leave = dict(list(out.groupby("from")))
    for zone, arriving in into.groupby("to"):
        departing = leave.get(zone)
        if departing is None:
            continue
        through = arriving["minutes"].to_numpy()[:, None] + departing["minutes"].to_numpy()[None, :]
        detour = around.loc[arriving["from"].to_list(), departing["to"].to_list()].to_numpy()
        saved = np.where(np.isfinite(detour), detour - through, -np.inf)
        if saved.size:
            extra[int(str(zone)[1:]) - 1] = (max(float(saved.max()), 0.0) + LONGER) / 2
    return extra
