"""Inventory: every batch at every place balances in every period, and leaves when it expires."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

LOT = "{place}, {commodity} (expires {expires}), period {period}: "


def check(case: "Case") -> Findings:
    """Check all balances; batches without a row in ``inventory`` count as 0."""
    findings = Findings("inventory")
    goods = case.goods
    where = _where(case)
    label, period = where["expires"].astype(np.float64), where["period"].astype(np.float64)
    parts = [
        array.ravel() for array in (goods.before(), goods.arrivals, goods.into, goods.out, goods.level, goods.expired)
    ]
    level, expired, consumed = parts[4], parts[5], goods.consumed().ravel()
    message = LOT + "{amount} more leaves or lies there than there is"
    findings.at_least(where, consumed, np.zeros(len(consumed)), message, *parts)
    late = np.where(period > label, consumed, 0.0)
    findings.at_most(where, late, np.zeros(len(late)), LOT + "{amount} used after it expired", *parts)
    kept = np.where(period >= label, level, 0.0)
    message = LOT + "{amount} still lies there at the end of its last usable period"
    findings.at_most(where, kept, np.zeros(len(kept)), message)
    early = np.where(period == label, 0.0, expired)
    message = LOT + "{found} written as expired, expected in its last usable period only"
    findings.at_most(where, early, np.zeros(len(early)), message)
    _served(case, findings)
    return findings


def _served(case: "Case", findings: Findings) -> None:
    """Check that what is handed out at a place is what leaves its batches there."""
    goods, waiting = case.goods, case.waiting
    shape = (len(case.places), len(case.commodities), case.periods)
    cells = goods.lots["place"].to_numpy(), goods.lots["commodity"].to_numpy()
    left, served, largest = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    np.add.at(left, cells, goods.consumed())
    for part in (goods.before(), goods.arrivals, goods.into, goods.out, goods.level):
        np.maximum.at(largest, cells, part)
    goods_only = ~case.given["commodities"]["service"].to_numpy(dtype=bool)[waiting.commodity]
    np.add.at(served, (waiting.place, waiting.commodity), waiting.served * goods_only[:, None])
    some = np.zeros(shape[:2], dtype=bool)
    some[cells] = True
    some[waiting.place, waiting.commodity] = True
    place, commodity = np.nonzero(some)
    where = {
        "place": np.repeat(case.places.to_numpy(object)[place], case.periods),
        "commodity": np.repeat(case.commodities.to_numpy(object)[commodity], case.periods),
        "period": np.tile(np.arange(case.periods), len(place)),
    }
    message = "{place}, {commodity}, period {period}: {found} served, but {expected} leaves the inventory for it"
    findings.equal(where, served[some].ravel(), left[some].ravel(), message, largest[some].ravel())


def _where(case: "Case") -> dict[str, npt.NDArray[np.object_]]:
    lots, periods = case.goods.lots, case.periods
    return {
        "place": np.repeat(case.places.to_numpy(object)[lots["place"]], periods),
        "commodity": np.repeat(case.commodities.to_numpy(object)[lots["commodity"]], periods),
        "expires": np.repeat(lots["expires"].to_numpy(object), periods),
        "period": np.tile(np.arange(periods, dtype=object), len(lots)),
    }
