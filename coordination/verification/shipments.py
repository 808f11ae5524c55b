"""Shipping: who may go where, on which way, when it arrives, and with goods that are still usable."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.findings import Findings, Where

if TYPE_CHECKING:
    from coordination.verification.case import Case

LEAST = 1e-6
"""Smallest quantity that is a shipment."""

NAMED = ["fleet", "origin", "destination", "commodity", "depart"]
LANE = "shipment of {commodity} by {fleet} from {origin} to {destination} in period {depart}"


def check(case: "Case") -> Findings:
    """Check every row of ``shipments``."""
    findings = Findings("shipments")
    table = case.decided["shipments"]
    where = {name: table[name].to_numpy(object) for name in NAMED}
    _lanes(case, findings, where)
    _routes(case, findings, where)
    _times(case, findings, where)
    quantity = table["quantity"].to_numpy()
    message = LANE + f": less than {LEAST:g} of a unit is no shipment, found {{amount}}"
    findings.require(where, quantity >= LEAST, message, quantity)
    return findings


def _lanes(case: "Case", findings: Findings, where: Where) -> None:
    trips = case.trips
    findings.require(where, _loads_there(case), LANE + ": the fleet does not load at {origin}")
    findings.require(where, ~case.junction[trips.destination], LANE + ": {destination} is a junction")
    findings.require(where, trips.origin != trips.destination, LANE + ": it goes nowhere")
    findings.require(where, np.isfinite(trips.out_minutes), LANE + ": no way from the base to {origin}")
    findings.require(where, np.isfinite(trips.back_minutes), LANE + ": no way from {destination} back to the base")


def _loads_there(case: "Case") -> npt.NDArray[np.bool_]:
    """Return whether each shipment's origin is one of the places where its fleet loads."""
    trips, written = case.trips, case.given["fleets"]["loads_at"].to_numpy(object)
    anywhere = np.array([text == "*" for text in written], dtype=bool)
    allowed = np.zeros((len(case.fleets), len(case.places)), dtype=bool)
    for fleet, text in enumerate(written):
        places = case.places.get_indexer(pd.Index(text.split(";"), dtype="str"))
        allowed[fleet, places[places >= 0]] = True
    listed = allowed[trips.fleet, trips.origin]
    return np.asarray(listed | (anywhere[trips.fleet] & ~case.junction[trips.origin]))


def _routes(case: "Case", findings: Findings, where: Where) -> None:
    trips = case.trips
    route = case.decided["shipments"]["route"].to_numpy(object)
    reason = np.array(trips.broken, dtype=object)
    whole = reason == ""
    message = LANE + ": route {route} cannot be driven, {reason}"
    findings.require({**where, "route": route, "reason": reason}, whole, message)
    longer = np.maximum(trips.loaded_minutes - trips.best_minutes, trips.loaded_km - trips.best_km)
    # The search for a capacitated road on a tied route is for the few that do not take a shortest one.
    holds = np.array(
        [
            shortest or not driven or trips.may_choose(row)
            for row, (shortest, driven) in enumerate(zip(trips.shortest, whole, strict=True))
        ],
        dtype=bool,
    )
    shown = {
        **where,
        "route": route,
        "minutes": trips.loaded_minutes,
        "km": trips.loaded_km,
        "fewest": trips.best_minutes,
        "least": trips.best_km,
    }
    message = (
        LANE + ": route {route} takes {minutes} min and {km} km, the shortest {fewest} min and {least} km,"
        " and no limited road lies on it that would make others allowed"
    )
    findings.require(shown, holds, message, np.nan_to_num(longer))


def _times(case: "Case", findings: Findings, where: Where) -> None:
    trips, table = case.trips, case.decided["shipments"]
    known = np.isfinite(trips.lag)
    arrives = np.where(known, table["depart"] + np.where(known, trips.lag, 0), table["arrive"])
    message = LANE + ": arrives in period {found}, expected {expected}"
    findings.equal(where, table["arrive"], arrives, message)
    expires = table["expires"].to_numpy(np.float64)
    labels = np.where(np.isnan(expires), np.inf, expires)
    shown = {**where, "expires": expires}
    message = LANE + ": leaves in period {found} but expires in period {expected}"
    findings.at_most(shown, table["depart"], labels, message)
    message = LANE + ": arrives in period {found} but expires in period {expected}"
    findings.at_most(shown, table["arrive"], labels, message)
