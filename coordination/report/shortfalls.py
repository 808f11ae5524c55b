"""The places that are served worst, and how evenly the shares fall over all places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.metrics import need_met
from coordination.report.scales import place
from coordination.report.view import records

if TYPE_CHECKING:
    from coordination.report.view import View

MOST = 10
BINS = 20


@dataclass(frozen=True)
class WorstPlace:
    """One place that goes short; tonnes."""

    place: str
    area: str
    people: float
    share: float
    short: float
    mostly: str
    mostly_share: float


@dataclass(frozen=True)
class Column:
    """One column of the distribution, in pixels."""

    x: str
    y: str
    height: str
    places: int
    least: float


@dataclass(frozen=True)
class Shortfalls:
    """The worst places, the distribution of shares over places, and its quartiles."""

    worst: list[WorstPlace]
    columns: list[Column]
    quartiles: tuple[float, float, float]
    places: int
    most: int


def shortfalls(view: View) -> Shortfalls | None:
    """Return the worst-served places by share of need met (by weight); None where nobody needs anything."""
    met = need_met(view.plan, ["place"])
    met = met[met["asked"] > 0]
    if met.empty:
        return None
    worst = met.sort_values(["share", "short"], ascending=[True, False], kind="stable")
    worst = worst[worst["share"] < 1 - 1e-9].head(MOST)
    by_goods = need_met(view.plan, ["place", "commodity"])
    people = dict(records(view.instance.places[["place", "population"]]))
    rows = []
    for identity, share, short in records(worst.reset_index()[["place", "share", "short"]]):
        goods = by_goods.loc[identity]
        mostly = str(goods["short"].idxmax())
        rows.append(
            WorstPlace(
                view.places[identity],
                view.zones[view.place_district[identity]],
                people[identity],
                share,
                short,
                view.commodities[mostly],
                float(goods.loc[mostly, "share"]),
            )
        )
    counts, edges = np.histogram(met["share"].clip(0, 1), bins=BINS, range=(0, 1))
    most = int(counts.max())
    columns = [
        Column(place(30 + 20 * n), place(90 - 74 * count / most), place(74 * count / most), int(count), float(edges[n]))
        for n, count in enumerate(counts)
        if count
    ]
    low, middle, high = (float(value) for value in met["share"].quantile([0.25, 0.5, 0.75]))
    return Shortfalls(rows, columns, (low, middle, high), len(met), most)
