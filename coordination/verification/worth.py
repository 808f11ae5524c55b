"""Worth: how prices of goods hang together in time and along shipments.

In an optimum nothing is kept or sent at a loss. Where some of a batch is left at a period's end, one more
unit now saves what it saves a period later, less the price of the storage it takes, and nothing at the end
of the horizon or of its last usable period. Along a shipment prices rise by what bringing costs: kilometres,
and fleet hours and limited roads at their prices. Prices below 0 are not written (one more unit may be a
burden to storage): where a price should be below 0 there is none.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.changes import price_of_keeping
from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]

SLACKNESS = 1e-5
"""How far prices may be off, relative to the largest in the comparison: duals are not exact."""


def check(case: "Case") -> Findings:
    """Check prices in time and along every shipment, if there are prices at all."""
    findings = Findings("worth")
    if not case.decided["prices"].empty:
        _kept(case, findings)
        _sent(case, findings)
    return findings


def _kept(case: "Case", findings: Findings) -> None:
    """Check the prices of what is left over at a period's end."""
    goods = case.goods
    left = goods.level + goods.expired
    some = left > SLACKNESS * np.maximum(1.0, left.max(axis=1, initial=0.0))[:, None]
    price, storage = _by_lot(case), _by_place(case)
    tonnes = case.tonnes[goods.lots["commodity"].to_numpy()][:, None]
    later = np.zeros(price.shape)
    later[:, :-1] = price[:, 1:] * goods.kept[:, 1:]
    # What expires in a period neither goes on nor takes storage, and there is no period after the last.
    goes_on = (np.arange(case.periods) < goods.lots["expires"].to_numpy()[:, None]) & some
    worth = np.maximum(later - tonnes * storage[goods.lots["place"].to_numpy()], 0.0) * goes_on
    lot, period = cells = np.nonzero(some)
    lots = goods.lots.iloc[lot]
    where = {
        "place": case.places.to_numpy(object)[lots["place"]],
        "commodity": case.commodities.to_numpy(object)[lots["commodity"]],
        "expires": lots["expires"].to_numpy(object),
        "period": period,
        "left": left[cells],
        "price": price[cells],
        "worth": worth[cells],
    }
    message = (
        "{commodity} (expires {expires}) at {place}, period {period}: one more unit is said to save {price}, but {left}"
        " is left over, and keeping it saves {worth}"
    )
    off = np.abs(price[cells] - worth[cells])
    largest = np.maximum(np.maximum(price[cells], later[cells]), tonnes[lot, 0] * storage[lots["place"], period])
    findings.require(where, off <= SLACKNESS * np.maximum(1.0, largest), message, off)


def _by_lot(case: "Case") -> Numbers:
    """Return prices of goods, shape (lots, periods), 0 where there is none."""
    goods, prices = case.goods, case.decided["prices"]
    prices = prices[prices["limit"] == "stock"]
    names = [
        case.places.get_indexer(pd.Index(prices["id"])),
        case.commodities.get_indexer(pd.Index(prices["commodity"])),
        prices["expires"].fillna(np.inf).to_numpy(np.float64),
    ]
    rows = pd.MultiIndex.from_frame(goods.lots).get_indexer(pd.MultiIndex.from_arrays(names))
    price = np.zeros((len(goods.lots), case.periods))
    price[rows[rows >= 0], prices["period"].to_numpy(np.int64)[rows >= 0]] = prices["price"][rows >= 0]
    return price


def _by_place(case: "Case") -> Numbers:
    """Return prices of storage, shape (places, periods), 0 where there is none."""
    prices = case.decided["prices"]
    prices = prices[prices["limit"] == "storage"]
    rows = case.places.get_indexer(pd.Index(prices["id"]))
    price = np.zeros((len(case.places), case.periods))
    price[rows[rows >= 0], prices["period"].to_numpy(np.int64)[rows >= 0]] = prices["price"][rows >= 0]
    return price


def _sent(case: "Case", findings: Findings) -> None:
    """Check prices along every shipment."""
    table = case.decided["shipments"]
    there, here = _stock_prices(case, "origin", "depart"), _stock_prices(case, "destination", "arrive")
    bringing = _bringing(case)
    dearest = there + bringing
    where = {
        **{key: table[key].to_numpy(object) for key in ("fleet", "origin", "destination", "commodity", "depart")},
        "there": there,
        "here": here,
        "bringing": bringing,
    }
    message = (
        "shipment of {commodity} by {fleet} from {origin} to {destination} in period {depart}: one more unit is said to"
        " save {there} at the origin and {here} at the destination, but bringing it costs {bringing}"
    )
    slack = SLACKNESS * np.maximum(1.0, np.maximum(dearest, here))
    # A shipment chosen before may be sent for its price's sake, though it costs more than it is worth.
    kept = price_of_keeping(case)
    fits = (here <= dearest + slack) & ((there <= slack) | (here >= dearest - kept - slack))
    quantity = table["quantity"].to_numpy(np.float64)
    fits |= quantity <= SLACKNESS * max(1.0, float(quantity.max(initial=0.0)))  # traces, left by the solver
    # What arrives after the horizon is worth nothing here: it is sent only where it is a burden.
    findings.require(where, fits, message, np.abs(here - dearest))


def _stock_prices(case: "Case", place: str, period: str) -> Numbers:
    """Return the price of each shipment's goods at one end, per unit; 0 where there is no row."""
    prices = case.decided["prices"]
    prices = prices[prices["limit"] == "stock"].rename(columns={"id": place, "period": period})
    keys = [place, "commodity", "expires", period]
    blank = {"expires": -1.0}
    prices = prices.drop_duplicates(keys)  # doubled rows are for ``tables`` to report
    known = pd.MultiIndex.from_frame(prices[keys].fillna(blank))
    rows = known.get_indexer(pd.MultiIndex.from_frame(case.decided["shipments"][keys].fillna(blank)))
    return np.asarray(np.append(prices["price"].to_numpy(np.float64), 0.0)[rows])


def _bringing(case: "Case") -> Numbers:
    """Return what bringing one unit costs: kilometres, and fleet hours and limited roads at their prices."""
    trips, table, fleets = case.trips, case.decided["shipments"], case.given["fleets"]
    commodity = case.commodities.get_indexer(pd.Index(table["commodity"]))
    tonnes = case.tonnes[commodity]
    loads = tonnes / fleets["payload_tonnes"].to_numpy(np.float64)[trips.fleet]
    money = trips.km * fleets["cost_per_km"].to_numpy(np.float64)[trips.fleet]
    each = loads * (money + trips.hours * _hour(case)) + tonnes * trips.tolls(_roads(case))
    return np.asarray(np.nan_to_num(each))


def _hour(case: "Case") -> Numbers:
    """Return the price of an hour of each shipment's fleet when it leaves."""
    prices = case.decided["prices"]
    prices = prices[prices["limit"] == "fleet"].drop_duplicates(["id", "period"])
    known = pd.MultiIndex.from_frame(prices[["id", "period"]])
    table = case.decided["shipments"]
    rows = known.get_indexer(pd.MultiIndex.from_frame(table[["fleet", "depart"]]))
    return np.asarray(np.append(prices["price"].to_numpy(np.float64), 0.0)[rows])


def _roads(case: "Case") -> pd.DataFrame:
    """Return the prices of roads: codes of road and of the place where it is entered, period, price."""
    prices = case.decided["prices"]
    prices = prices[prices["limit"] == "road"]
    ends = prices["id"].str.rsplit(";", n=1)
    road = pd.Index(case.given["roads"]["road"]).get_indexer(pd.Index(ends.str[0]))
    entered = case.places.get_indexer(pd.Index(ends.str[-1]))
    columns = {"road": road, "from": entered, "period": prices["period"], "price": prices["price"]}
    return pd.DataFrame(columns)
