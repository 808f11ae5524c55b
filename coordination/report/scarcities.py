"""Scarcity prices: what one more unit of each scarce thing would save, the dearest of each kind of limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coordination.metrics import scarcity
from coordination.report.scales import path, steps
from coordination.report.view import records

if TYPE_CHECKING:
    import pandas as pd

    from coordination.report.view import View

MOST = 10
STRIP_WIDTH, STRIP_HEIGHT = 84, 18


@dataclass(frozen=True)
class Scarce:
    """One scarce thing: its name, its price at the dearest, and its price through time as a small strip."""

    name: str
    goods: str
    price: float
    when: str
    periods: int
    strip: str


@dataclass(frozen=True)
class ScarceKind:
    """The dearest of one kind of limit, and how many there are."""

    limit: str
    title: str
    unit: str
    rows: list[Scarce]
    count: int


def scarcities(view: View) -> list[ScarceKind]:
    """Return for each kind of limit its dearest, the kind with the highest price first."""
    table = scarcity(view.plan)
    return [_kind(view, str(limit), rows) for limit, rows in table.groupby("limit", sort=False)]


def _kind(view: View, limit: str, rows: pd.DataFrame) -> ScarceKind:
    prices = view.plan.prices[view.plan.prices["limit"] == limit]
    shown = []
    columns = ["id", "commodity", "price", "period", "periods"]
    dearest = rows.drop_duplicates("commodity") if limit == "stock" else rows
    for identity, commodity, price, period, periods in records(dearest.head(MOST)[columns]):
        here = prices[prices["id"] == identity]
        of_goods = isinstance(commodity, str)
        here = here[here["commodity"] == commodity if of_goods else here["commodity"].isna()]
        shown.append(
            Scarce(
                name=name_of(view, limit, identity),
                goods=view.commodities.get(commodity, commodity) if of_goods else "",
                price=price,
                when=view.when(period),
                periods=periods,
                strip=_strip(here.groupby("period")["price"].max(), view.instance.periods),
            )
        )
    title, unit = view.texts.named("limits", limit), view.texts.named("limit_units", limit)
    return ScarceKind(limit, title, unit, shown, len(rows))


def name_of(view: View, limit: str, identity: str) -> str:
    """Return what the id of a limit stands for, in words; the id itself where it cannot be told."""
    first, _, second = identity.partition(";")
    if limit in ("stock", "storage"):
        return str(view.places.get(identity, identity))
    if limit == "fleet":
        return str(view.fleets.get(identity, identity))
    if limit == "handout":
        return str(view.zones.get(identity, identity))
    if limit == "hours":
        party = str(view.parties.get(first, first))
        return view.texts("prices.skill_of", party=party, skill=second) if second else party
    if limit == "road":
        return _direction(view, first, second)
    return identity


def _direction(view: View, road: str, start: str) -> str:
    roads = view.instance.roads
    found = list(records(roads.loc[roads["road"] == road, ["from", "to"]]))
    if not found:
        return f"{road};{start}"
    one, other = found[0]
    target = other if one == start else one
    return view.texts(
        "prices.direction", road=road, start=view.places.get(start, start), target=view.places.get(target, target)
    )


def _strip(prices: pd.Series[float], periods: int) -> str:
    """Return the area under the prices by period, as a path."""
    values = prices.reindex(range(periods), fill_value=0.0)
    scale = float(values.max()) or 1.0
    heights = [STRIP_HEIGHT - value / scale * (STRIP_HEIGHT - 2) for value in values]
    corners = steps(heights, 0, STRIP_WIDTH / periods)
    return path([(0, STRIP_HEIGHT), *corners, (STRIP_WIDTH, STRIP_HEIGHT)], closed=True)
