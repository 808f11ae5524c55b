"""Who sends what: goods by origin, and the largest flows from place to place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coordination.report.view import records

if TYPE_CHECKING:
    from coordination.report.view import View

MOST_ORIGINS, MOST_FLOWS = 16, 16


@dataclass(frozen=True)
class Origin:
    """What leaves one place (or all others), tonnes by commodity and in all."""

    name: str
    tonnes: list[float]
    total: float
    destinations: int


@dataclass(frozen=True)
class Flow:
    """What goes from one place to another over the horizon."""

    origin: str
    destination: str
    goods: str
    tonnes: float
    trips: float


@dataclass(frozen=True)
class Flows:
    """Origins by commodity with the totals, and the largest flows."""

    commodities: list[str]
    origins: list[Origin]
    others: Origin | None
    total: Origin
    largest: list[Flow]
    count: int


def flows(view: View) -> Flows | None:
    """Return who sends what; None where nothing is sent."""
    moved = view.plan.shipments
    if moved.empty:
        return None
    payload = view.instance.fleets.set_index("fleet")["payload_tonnes"]
    moved = moved.assign(tonnes=moved["quantity"] * moved["commodity"].map(view.tonnes))
    moved = moved.assign(trips=moved["tonnes"] / moved["fleet"].map(payload))
    sent = moved.pivot_table(index="origin", columns="commodity", values="tonnes", aggfunc="sum", fill_value=0.0)
    shown = [name for name in view.instance.commodities["commodity"] if name in sent.columns]
    sent = sent[shown]
    order = sent.sum(axis=1).sort_values(ascending=False, kind="stable").index
    reached = moved.groupby("origin")["destination"].nunique()

    def row(name: str, places: list[str], destinations: int) -> Origin:
        tonnes = sent.loc[places].sum()
        return Origin(name, tonnes.tolist(), float(tonnes.sum()), destinations)

    first, rest = list(order[:MOST_ORIGINS]), list(order[MOST_ORIGINS:])
    pairs = moved.groupby(["origin", "destination"], as_index=False)[["tonnes", "trips"]].sum()
    largest = pairs.sort_values("tonnes", ascending=False, kind="stable").head(MOST_FLOWS)
    goods = moved.merge(largest[["origin", "destination"]]).groupby(["origin", "destination"])["commodity"].unique()
    all_reached = int(moved["destination"].nunique())
    return Flows(
        commodities=[view.commodities[name] for name in shown],
        origins=[row(view.places[place], [place], int(reached[place])) for place in first],
        others=row("", rest, int(moved[moved["origin"].isin(rest)]["destination"].nunique())) if rest else None,
        total=row("", list(order), all_reached),
        largest=[
            Flow(
                view.places[one],
                view.places[other],
                ", ".join(view.commodities[good] for good in sorted(goods[one, other])),
                tonnes,
                trips,
            )
            for one, other, tonnes, trips in records(largest)
        ],
        count=len(pairs),
    )
