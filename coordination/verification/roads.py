"""Roads: tonnes of loaded legs in each direction and period of departure, within capacity."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]


def check(case: "Case") -> Findings:
    """Check the capacity of every road used, by direction and period."""
    findings = Findings("roads")
    use = case.trips.road_use
    limit = capacity(case)[use["road"].to_numpy(), use["period"].to_numpy()]
    where = {
        "road": case.given["roads"]["road"].to_numpy(object)[use["road"]],
        "from": case.places.to_numpy(object)[use["from"]],
        "period": use["period"].to_numpy(),
    }
    message = "road {road} from {from}, period {period}: {found} tonnes of {expected}, {amount} too many"
    findings.at_most(where, use["tonnes"], limit, message)
    return findings


def capacity(case: "Case") -> Numbers:
    """Return tonnes per direction under the scenario, shape (roads, periods), inf where unlimited."""
    roads = case.given["roads"]
    ends = [case.place_zone[case.places.get_indexer(pd.Index(roads[end]))] for end in ("from", "to")]
    factors = case.effects.by_period("roads", pd.Index(roads["road"]), ends)
    tonnes = roads["capacity_tonnes"].to_numpy(np.float64)
    return np.where(np.isnan(tonnes)[:, None], np.inf, np.nan_to_num(tonnes)[:, None] * factors)
