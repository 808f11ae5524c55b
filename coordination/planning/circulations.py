"""Goods that go round in one period and end where they began: taken out, nobody misses them.

Where kilometres and minutes cost nothing (or a solver stops short of a vertex) a period may hold shipments a -> b and
b -> a of the same batch that arrive in the period they leave. Taking the smallest off all shipments of such a cycle
keeps every balance, and frees fleet hours and roads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def cancel_circulations(ships: pd.DataFrame) -> NDArray[np.float64]:
    """Return the quantities of shipments without circulations.

    Parameters
    ----------
    ships : DataFrame
        ``batch``, ``period``, ``arrive``, ``origin``, ``destination``, ``quantity``.
    """
    quantity = ships["quantity"].to_numpy(copy=True)
    within = ships[ships["arrive"] == ships["period"]]
    onward = within.merge(
        within[["batch", "period", "origin"]].drop_duplicates(),
        left_on=["batch", "period", "destination"],
        right_on=["batch", "period", "origin"],
        how="left",
        indicator=True,
    )
    onward.index = within.index
    for _, rows in within[(onward["_merge"] == "both").to_numpy()].groupby(["batch", "period"]):
        _cancel(rows, quantity)
    return quantity


def _cancel(rows: pd.DataFrame, quantity: NDArray[np.float64]) -> None:
    """Take out the circulations of one batch and period, in place."""
    import networkx as nx

    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    for row, origin, destination in zip(rows.index, rows["origin"], rows["destination"], strict=True):
        if quantity[row] > 0:
            graph.add_edge(origin, destination, key=row)
    while True:
        try:
            cycle = [key for _, _, key in nx.find_cycle(graph)]
        except nx.NetworkXNoCycle:
            return
        smallest = quantity[cycle].min()
        for origin, destination, key in list(graph.edges(keys=True)):
            if key in cycle:
                quantity[key] -= smallest
                if quantity[key] <= 0:
                    graph.remove_edge(origin, destination, key)
