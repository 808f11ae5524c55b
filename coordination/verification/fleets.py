"""Fleets: hours of trips in each period of departure, and what their kilometres cost."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]


def check(case: "Case") -> Findings:
    """Check fleet hours by fleet and period, and the term ``transport``."""
    findings = Findings("fleets")
    used, limit = hours_used(case), hours_there(case)
    where = {
        "fleet": np.repeat(case.fleets.to_numpy(object), case.periods),
        "period": np.tile(np.arange(case.periods), len(case.fleets)),
    }
    message = "fleet {fleet}, period {period}: trips take {found} hours of {expected}, {amount} too many"
    findings.at_most(where, used.ravel(), limit.ravel(), message)
    compare(findings, case, "transport", transport(case))
    return findings


def hours_used(case: "Case") -> Numbers:
    """Return hours of all trips, shape (fleets, periods)."""
    trips = case.trips
    total = np.zeros((len(case.fleets), case.periods))
    np.add.at(total, (trips.fleet, trips.depart), np.nan_to_num(trips.loads * trips.hours))
    return total


def hours_there(case: "Case") -> Numbers:
    """Return hours of all vehicles under the scenario, shape (fleets, periods)."""
    table = case.given["fleets"]
    zone = case.place_zone[case.places.get_indexer(pd.Index(table["base"]))]
    vehicles = table["vehicles"].to_numpy()[:, None] * case.effects.by_period("fleets", case.fleets, [zone])
    return np.asarray(vehicles * table["hours"].to_numpy()[:, None])


def transport(case: "Case") -> float:
    """Return the money for all kilometres, empty ones included."""
    trips = case.trips
    cost = case.given["fleets"]["cost_per_km"].to_numpy(np.float64)[trips.fleet]
    return float(np.nan_to_num(trips.loads * trips.km * cost).sum())
