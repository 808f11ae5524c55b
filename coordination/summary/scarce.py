"""What is scarce and what one more unit of it would save: one line for each kind of limit, the dearest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.instance.titles import titles
from coordination.metrics import scarcity
from coordination.summary import strings
from coordination.wording import amount, periods

if TYPE_CHECKING:
    import pandas as pd

    from coordination.plans import Plan

SHOWN = 2
"""Limits of one kind that are named."""
KEYS = ["limit", "id", "commodity"]


def scarce_lines(plan: Plan) -> list[str]:
    """Return the lines on scarcity.

    Parameters
    ----------
    plan : Plan
        A plan with a feasible solution.

    Returns
    -------
    list of str
        One line for each kind of limit with a price, or one that says why there is none.
    """
    table = scarcity(plan)
    if table.empty:
        if any(note.startswith("Prices ") for note in plan.notes):
            return [strings.PRICES_MISSING]
        unpriced = plan.tables["service"]["backlog"].gt(0).any()
        return [strings.NO_PRICES if unpriced else strings.NOTHING_SCARCE]
    return [_line(plan, str(limit), rows) for limit, rows in table.groupby("limit", sort=False)]


def _line(plan: Plan, limit: str, rows: pd.DataFrame) -> str:
    prices, items = plan.prices[plan.prices["limit"] == limit], list[str]()
    if limit == "stock":
        rows = rows.drop_duplicates("commodity")
    columns = (rows.head(SHOWN)[name].tolist() for name in ("id", "commodity", "price"))
    for identity, commodity, price in zip(*columns, strict=True):
        here = prices["id"] == identity
        if isinstance(commodity, str):
            here &= prices["commodity"] == commodity
        when = periods(prices.loc[here, "period"].tolist())
        words = {"name": _name(plan, limit, identity, commodity), "price": _money(plan, price), "periods": when}
        unit = _unit(plan, limit, commodity)
        items.append(strings.ITEM_NEXT.format(**words) if items else strings.ITEM.format(unit=unit, **words))
    more = strings.MORE.format(count=amount(len(rows) - SHOWN)) if len(rows) > SHOWN else ""
    return strings.SCARCE.format(kind=strings.LIMITS.get(limit, limit), items="; ".join(items), more=more)


def _money(plan: Plan, price: float) -> str:
    currency = plan.instance.currency
    return f"{amount(price)} {currency}" if currency else amount(price)


def _unit(plan: Plan, limit: str, commodity: object) -> str:
    if isinstance(commodity, str):
        units = plan.instance.commodities.set_index("commodity")["unit"].fillna(strings.UNIT).to_dict()
        return str(units.get(commodity, strings.UNIT))
    return strings.UNITS.get(limit, strings.UNIT)


def _name(plan: Plan, limit: str, identity: str, commodity: object) -> str:
    """Return what a limit is called; its id where it cannot be told."""
    tables, (first, _, second) = plan.instance.tables, identity.partition(";")
    places = titles(tables["places"], "place")
    if isinstance(commodity, str):
        goods = titles(tables["commodities"], "commodity")
        return strings.GOODS.format(commodity=goods.get(commodity, commodity), place=places.get(identity, identity))
    if limit == "road":
        return strings.ROAD.format(road=first, start=places.get(second, second))
    if limit == "hours":
        party = titles(tables["parties"], "party").get(first, first)
        return strings.HOURS.format(party=party, skill=second) if second else party
    if limit == "handout":
        return titles(tables["zones"], "zone").get(identity, identity)
    return places.get(identity, identity) if limit == "storage" else identity
