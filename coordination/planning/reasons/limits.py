"""What the price of one more unit along a chain is made of: limits that are scarce, and plain money."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.continuity import acting_rows
from coordination.planning.dependencies import awaited

if TYPE_CHECKING:
    from coordination.planning.reasons.chains import Chain
    from coordination.planning.reasons.market import Market

Row = tuple[str, int]
"""Constraint component and row within it."""
CENT = 1e-7
"""Less than this share of a price is rounding."""


@dataclass(frozen=True)
class Limit:
    """One limit on the way.

    Attributes
    ----------
    kind : str
        As ``prices`` names limits: stock, storage, fleet, road, hours, handout.
    key : tuple of int
        Codes: (place, batch, period), (place, period), (fleet, period), (arc, period), (limit, period) or
        (zone, period).
    rows : tuple of Row
        Rows of the LP that move when there is more of it.
    price : float
        Money that one more unit of it would save, by the duals.
    part : float
        Money of it in the price of one unit served.
    """

    kind: str
    key: tuple[int, ...]
    rows: tuple[Row, ...]
    price: float
    part: float

    @property
    def period(self) -> int:
        """Period in which it limits."""
        return self.key[-1]


@dataclass
class Parts:
    """The parts of a price.

    Attributes
    ----------
    money : float
        Kilometres and wages.
    limits : dict
        Limits by kind and key.
    """

    money: float = 0.0
    limits: dict[tuple[str, tuple[int, ...]], Limit] = field(default_factory=dict)

    def add(self, kind: str, key: tuple[int, ...], rows: tuple[Row, ...], price: float, units: float) -> None:
        """Add `units` of a limit at its price."""
        if price <= 0.0:
            return
        before = self.limits[kind, key].part if (kind, key) in self.limits else 0.0
        self.limits[kind, key] = Limit(kind, key, rows, price, before + price * units)

    def largest_first(self, worth: float) -> list[Limit]:
        """Return the limits that matter, those with the largest part of all periods together first."""
        together: dict[tuple[str, int], float] = defaultdict(float)
        for limit in self.limits.values():
            together[limit.kind, limit.key[0]] += limit.part
        able = [limit for limit in self.limits.values() if limit.part > CENT * max(1.0, worth)]
        return sorted(able, key=lambda limit: (-round(together[limit.kind, limit.key[0]], 9), -round(limit.part, 9)))


def parts_of(market: Market, chain: Chain, place: int, period: int) -> Parts:
    """Return what bringing one unit along a chain and handing it out at its end costs, by what it is made of."""
    parts, weight = Parts(), float(market.case.batch_tonnes[chain.batch])
    _add_stock(parts, market, chain)
    for step in chain.steps:
        tonnes = weight * step.units
        if step.lane < 0:
            _add_storage(parts, market, chain.batch, step.place, step.period, tonnes)
        else:
            _add_trip(parts, market, step.lane, step.period, tonnes)
    for above in market.zones_above(place):
        _add_handout(parts, market, int(above), period, weight)
    return parts


def _add_stock(parts: Parts, market: Market, chain: Chain) -> None:
    place, period = chain.source
    row = int(market.model.frame.holding[place, chain.batch, period])
    worth = float(market.goods[place, chain.batch, period])
    parts.add("stock", (place, chain.batch, period), (("inventory", row),), worth, chain.units)


def _add_storage(parts: Parts, market: Market, batch: int, place: int, period: int, tonnes: float) -> None:
    if market.stores[place, period] > 0 and market.case.batches.expires[batch] > period:
        row = _position(market, "stores", (place, period))
        parts.add("storage", (place, period), (("stores", row),), float(market.stores[place, period]), tonnes)


def _add_trip(parts: Parts, market: Market, lane: int, period: int, tonnes: float) -> None:
    fleet, lanes = int(market.lanes["fleet"][lane]), market.lanes
    parts.money += float(lanes["cost"][lane]) * tonnes
    if market.hours[fleet, period] > 0:
        row = fleet * market.case.periods + period
        price = float(market.hours[fleet, period])
        parts.add("fleet", (fleet, period), (("fleets", row),), price, float(lanes["hours"][lane]) * tonnes)
    if market.tolls[lane, period] > 0:
        rolling, prices = market.columns.rolling, market.duals["roads"]
        for arc in rolling.loc[rolling["lane"] == lane, "arc"].tolist():
            row = _position(market, "roads", (arc, period))
            if row >= 0:
                parts.add("road", (arc, period), (("roads", row),), -float(prices.iloc[row]), tonnes)


def _add_handout(parts: Parts, market: Market, zone: int, period: int, tonnes: float) -> None:
    """Add the price of handing out: wages as far as they explain it, else the doers' hours or the hours covered."""
    price = float(market.handout[zone, period])
    if price <= 0.0:
        return
    pairs = handing_out(market, zone, period)
    rate = market.case.instance.policy.handout_tonnes_per_hour
    pay, benefit, gap_cost = (pairs[name].to_numpy(dtype=float) for name in ("pay", "benefit", "gap_cost"))
    wages = np.maximum(pay - benefit - gap_cost, 0.0) / rate
    wage = float(wages[wages <= price * (1.0 + CENT)].max(initial=0.0))
    scarce = max(0.0, price - wage)
    parts.money += (price - scarce) * tonnes
    if scarce <= CENT * max(1.0, price):
        return
    for party, rows, worth in _hours_of(market, pairs, period):
        # An hour of the party is so much hand-out, so its price explains so much of what is scarce, and no more.
        factor = float(pairs.loc[pairs["party"] == party, "factor"].max())
        part = min(scarce, worth * factor / rate) * tonnes
        parts.limits["hours", (party, period)] = Limit("hours", (party, period), rows, worth, part)
    row = _position(market, "handout", (zone, period))
    parts.add("handout", (zone, period), (("handout", row),), scarce, tonnes)


def _hours_of(market: Market, pairs: pd.DataFrame, period: int) -> list[tuple[int, tuple[Row, ...], float]]:
    """Return the parties among doers of which one more hour saves anything: party, rows of its limits, price."""
    prices, found = market.duals["hours"], []
    limits = market.model.roles.limits_of(pairs)
    for party in sorted(set(limits["party"].tolist())):
        keys = [(limit, period) for limit in sorted(set(limits.loc[limits["party"] == party, "limit"].tolist()))]
        rows = [row for row in prices.index.get_indexer(pd.Index(keys)).tolist() if row >= 0] if len(prices) else []
        worth = float(-prices.iloc[rows].sum()) if rows else 0.0
        if worth > 0.0:
            found.append((party, tuple(("hours", row) for row in rows), worth))
    return sorted(found, key=lambda item: -item[2])


def handing_out(market: Market, zone: int, period: int) -> pd.DataFrame:
    """Return the doers of a zone's supply tasks in a period: rows of ``cover`` with ``covered`` (hours)."""
    cover = market.model.roles.cover
    doing = market.values["doer"][cover["pair"].to_numpy(dtype=int)] > 0.5
    doing[acting_rows(market.model.roles)] &= market.values["acting"] > 0.5
    here = ((cover["zone"] == zone) & (cover["period"] == period) & (cover["domain"] == "supply")).to_numpy() & doing
    chosen: pd.DataFrame = cover[here]
    return chosen.assign(covered=market.values["cover"][here])


def waited_for(market: Market, zone: int, period: int) -> list[int]:
    """Return the tasks (codes) that hold up a zone's supply tasks in a period: too little of them is done before."""
    roles, cover = market.model.roles, market.values["cover"]
    rows = awaited(roles)
    task = roles.tasks.iloc[rows["task"].to_numpy(dtype=int)]
    here = (task["zone"] == zone).to_numpy() & (task["domain"] == "supply").to_numpy() & (rows["period"] == period)
    before = roles.cover["period"].to_numpy() < period
    done = pd.Series(cover[before]).groupby(roles.cover["task"].to_numpy()[before]).sum()
    rows = rows[np.asarray(here)]
    short = rows["on"].map(done).fillna(0.0) < rows["hours"] * (1.0 - 1e-9)
    return sorted(set(rows.loc[short, "on"].astype(int)))


def wage_of_nobody(market: Market, zone: int, period: int) -> float | None:
    """Return the least pay for one tonne handed out where nobody does; None where somebody does or nobody could."""
    if len(handing_out(market, zone, period)):
        return None
    able = market.able
    active = market.model.roles.active[able["task"].to_numpy(dtype=int), period]
    able = able[(able["zone"] == zone) & active]
    if able.empty:
        return None
    effort = able["effort"] / (able["hours"] * able["length"]).clip(lower=1e-9)
    hourly = able["pay"] + effort - able["benefit"] - able["gap_cost"]
    rate = market.case.instance.policy.handout_tonnes_per_hour
    return max(0.0, float(hourly.min())) / rate if rate > 0 else None


def _position(market: Market, name: str, key: tuple[int, int]) -> int:
    """Return the row of a constraint component with an index."""
    return int(market.duals[name].index.get_indexer(pd.Index([key]))[0])
