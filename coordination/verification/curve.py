"""Curve: the function of each zone by period is the share of what was wanted that was met, goods by their worth."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.verification.curves import Curves
from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check ``curve``: there where anything is repaired, for all zones and periods, and right."""
    findings = Findings("curve")
    table = case.decided["curve"]
    findings.one(
        "curve", len(table) > 0 or case.decided["repairs"].empty, "curve: no rows, though something is repaired"
    )
    if table.empty:
        return findings
    zones = pd.Index(case.given["zones"]["zone"])
    found = np.full((len(zones), case.periods), np.nan)
    found[zones.get_indexer(pd.Index(table["zone"])), table["period"].to_numpy(np.int64)] = table["function"]
    row, period = np.indices(found.shape)
    named = {"zone": zones.to_numpy(object)[row.ravel()], "period": period.ravel()}
    message = "curve: zone {zone}, period {period}: {found}, the service makes it {expected}"
    findings.equal(named, found.ravel(), _expected(case).ravel(), message)
    return findings


def _expected(case: "Case") -> np.ndarray:
    """Return the function of every zone, shape (zones, periods)."""
    rows = case.decided["service"]
    commodity = case.commodities.get_indexer(pd.Index(rows["commodity"]))
    weight = rows["group"].map(dict(case.policy.group_weights)).to_numpy(np.float64)
    worth = Curves(case).height(np.asarray(commodity, dtype=np.int64), 1.0) * weight
    served, backlog = rows["served"].to_numpy(np.float64), rows["backlog"].to_numpy(np.float64)
    place = case.places.get_indexer(pd.Index(rows["place"]))
    sums = np.zeros((2, len(case.places), case.periods))
    at = (place, rows["period"].to_numpy(np.int64))
    np.add.at(sums[0], at, worth * served)
    np.add.at(sums[1], at, worth * (served + backlog))
    zones = np.arange(len(case.given["zones"]))
    outer, inner = np.repeat(zones, len(case.places)), np.tile(case.place_zone, len(zones))
    within = case.zones.contains(outer, inner).reshape(len(zones), len(case.places)).astype(float)
    met, wanted = within @ sums[0], within @ sums[1]
    return np.asarray(np.divide(met, wanted, out=np.ones_like(wanted), where=wanted > 0))
