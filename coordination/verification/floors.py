"""Service floors: what of the everyday value of a zone's facilities is kept, in each of its operating modes."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

EVERYDAY = "everyday"


def check(case: "Case") -> Findings:
    """Check every row of ``service_floors`` in every period in which its zone is in its mode."""
    findings = Findings("floors")
    floors = case.given["service_floors"]
    facilities = case.given["facilities"].drop_duplicates("place")
    home = case.place_zone[case.places.get_indexer(pd.Index(facilities["place"]))]
    value = facilities["everyday_value"].to_numpy(np.float64)
    halls = case.halls
    home_again = np.array(
        [halls.halls[place].home_again(halls.before[place], case.periods) for place in facilities["place"]],
        dtype=np.int64,
    )
    away = np.zeros((len(facilities), case.periods), dtype=bool)
    used = case.decided["facilities"]
    used = used[used["mode"] != EVERYDAY]
    row = pd.Index(facilities["place"]).get_indexer(pd.Index(used["place"]))
    away[row[row >= 0], used["period"].to_numpy()[row >= 0]] = True  # places without a facility: another rule's
    for row, zone in zip(floors.to_dict("records"), case.zones.codes(floors["zone"]), strict=True):
        mine = (
            case.zones.contains(np.full(len(home), zone), home) & (facilities["service"] == row["service"]).to_numpy()
        )
        when = np.flatnonzero(case.modes[zone] == row["mode"])
        # What is away by what was under way does not break a floor, until it can be back.
        forced = (value[mine, None] * (np.arange(case.periods) < home_again[mine, None]))[:, when].sum(axis=0)
        asked = np.minimum(row["share"] * value[mine].sum(), value[mine].sum() - forced)
        kept = (value[mine, None] * ~away[mine])[:, when].sum(axis=0)
        where = {
            "zone": np.full(len(when), row["zone"], dtype=object),
            "service": np.full(len(when), row["service"], dtype=object),
            "period": when.astype(object),
        }
        message = (
            "zone {zone}, {service}, period {period}: everyday value of {found} kept, expected at least {expected}"
        )
        findings.at_least(where, kept, asked, message)
    return findings
