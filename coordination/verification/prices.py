"""Prices: one more unit saves something only of what is used up, and of what is there."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification import fleets, handout, overflow, roads
from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]
Slack = tuple[pd.MultiIndex | pd.Index, Numbers, Numbers]
"""Names of a limit's rows; what is used and the limit itself, both of shape (rows, periods)."""

SLACKNESS = 1e-5
"""How much of a limit may be left where it has a price, relative to the limit: duals are not exact."""

WORTH = 1e-6
"""Prices up to this, relative to the largest of the kind, are the solver's noise."""


def check(case: "Case") -> Findings:
    """Check that prices are for limits that are there, and full."""
    findings = Findings("prices")
    table = case.decided["prices"]
    known = {"stock": None, **LIMITS}
    where = _where(table)
    findings.require(where, table["limit"].isin(list(known)), "prices: there is no limit called {limit}")
    goods = np.asarray(table["limit"] == "stock")
    blank = table["commodity"].isna().to_numpy() & table["expires"].isna().to_numpy()
    message = "prices, {limit} {id}, period {period}: commodity and expires stand with stock, and only with it"
    findings.require(where, np.where(goods, table["commodity"].notna(), blank), message)
    findings.require(where, table["price"] > 0, "prices, {limit} {id}, period {period}: not above 0")
    _stock(case, findings, table[goods & table["commodity"].notna().to_numpy()])
    for limit, slack in LIMITS.items():
        priced = table[table["limit"] == limit]
        if len(priced):
            _full(case, findings, priced, slack(case))
    _overflow(case, findings, table[table["limit"] == "storage"])
    return findings


def _full(case: "Case", findings: Findings, table: pd.DataFrame, slack: Slack) -> None:
    """Check that the limits of ``table`` exist and are used up where they have a price."""
    names, used, limit = slack
    rows = names.get_indexer(pd.Index(table["id"]))
    message = "prices, {limit} {id}, period {period}: there is no such limit"
    findings.require(_where(table), rows >= 0, message)
    table, rows = table[rows >= 0], rows[rows >= 0]
    period = table["period"].to_numpy(np.int64)
    there, limits = used[rows, period], limit[rows, period]
    # An unlimited amount is never used up; it must not pass as infinite tolerance.
    left = np.where(np.isfinite(limits), limits - there, np.inf)
    allowed = SLACKNESS * np.maximum(1.0, np.where(np.isfinite(limits), np.abs(limits), 1.0))
    noise = table["price"].to_numpy() <= WORTH * max(1.0, float(table["price"].max() if len(table) else 0))
    where = {**_where(table), "used": there, "there": limits}
    message = "prices, {limit} {id}, period {period}: a price of {price}, but only {used} of {there} is used"
    findings.require(where, (left <= allowed) | noise, message, left)


def _overflow(case: "Case", findings: Findings, table: pd.DataFrame) -> None:
    """Check that storage saves at most what a tonne above it costs, and just that where some lie above it."""
    rows = case.places.get_indexer(pd.Index(table["id"]))
    table, rows = table[rows >= 0], rows[rows >= 0]
    cost, price = case.policy.overflow_cost, table["price"].to_numpy(np.float64)
    above = (overflow.stored(case) - case.storage)[rows, table["period"].to_numpy(np.int64)]
    where = {**_where(table), "above": above, "cost": np.full(len(table), cost)}
    message = "prices, {limit} {id}, period {period}: found {price}, but a tonne above storage costs {cost}"
    slack = SLACKNESS * max(1.0, cost)
    findings.require(where, price <= cost + slack, message, price - cost)
    message = (
        "prices, {limit} {id}, period {period}: found {price}, but {above} tonnes lie above storage at {cost} each"
    )
    holds = (above <= SLACKNESS * np.maximum(1.0, case.storage[rows, 0])) | (price >= cost - slack)
    findings.require(where, holds, message, cost - price)


def _stock(case: "Case", findings: Findings, table: pd.DataFrame) -> None:
    """Check that prices of goods are for batches that there are; what they are worth is for ``worth``."""
    goods = case.goods
    expires = table["expires"].to_numpy(np.float64)
    expires = np.where(np.isnan(expires), np.inf, expires)
    place = case.places.get_indexer(pd.Index(table["id"]))
    commodity = case.commodities.get_indexer(pd.Index(table["commodity"]))
    where, period = _where(table), table["period"].to_numpy(np.int64)
    exists = goods.batches.get_indexer(pd.MultiIndex.from_arrays([commodity, expires])) >= 0
    findings.require(where, (place >= 0) & exists, "prices, {limit} {id}: there is no such place or batch")
    message = "prices, {limit} {id}, period {period}: {commodity} has a price after it expired"
    findings.require(where, period <= expires, message)


def _storage(case: "Case") -> Slack:
    return case.places, overflow.stored(case), case.storage


def _fleet(case: "Case") -> Slack:
    return case.fleets, fleets.hours_used(case), fleets.hours_there(case)


def _road(case: "Case") -> Slack:
    table, capacity, use = case.given["roads"], roads.capacity(case), case.trips.road_use
    ends = np.stack([case.places.get_indexer(pd.Index(table[end])) for end in ("from", "to")])
    count = len(table)
    used = np.zeros((2 * count, case.periods))
    against = use["from"].to_numpy() != ends[0][use["road"].to_numpy()]
    np.add.at(used, (use["road"].to_numpy() + count * against, use["period"].to_numpy()), use["tonnes"])
    names = pd.Index(np.concatenate([table["road"] + ";" + table[end] for end in ("from", "to")]))
    both = np.concatenate([np.ones(count, dtype=bool), table["both_ways"].to_numpy(bool)])
    return names[both], used[both], np.concatenate([capacity, capacity])[both]


def _hours(case: "Case") -> Slack:
    loads = [case.loads.by_skill, case.loads.overall]
    skills = case.given["skills"]
    names = pd.Index(np.concatenate([skills["party"] + ";" + skills["skill"], case.parties]))
    # One more hour counts in both limits: the fuller of the two decides.
    left = [load.all_limit - load.all for load in loads]
    everyday = (case.modes == "normal").any(axis=0)
    left = [
        np.where(everyday, np.minimum(rest, load.normal_limit - load.normal), rest)
        for rest, load in zip(left, loads, strict=True)
    ]
    limit = np.concatenate([load.all_limit for load in loads])
    with np.errstate(invalid="ignore"):
        used = np.where(np.isfinite(limit), limit - np.concatenate(left), 0.0)
    return names, used, limit


def _handout(case: "Case") -> Slack:
    return case.zones.ids, handout.handed_out(case), handout.limits(case)


LIMITS: Mapping[str, Callable[["Case"], Slack]] = {
    "storage": _storage,
    "fleet": _fleet,
    "road": _road,
    "hours": _hours,
    "handout": _handout,
}
"""Every limit that may have a price, except goods, by its name in ``prices``."""


def _where(table: pd.DataFrame) -> dict[str, npt.NDArray[np.object_]]:
    return {key: table[key].to_numpy(object) for key in ("limit", "id", "commodity", "period", "price")}
