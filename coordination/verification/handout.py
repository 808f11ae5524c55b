"""Hand-out: tonnes served in a zone are limited by the hours covered of its supply tasks, and facilities."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]


def check(case: "Case") -> Findings:
    """Check every zone in every period in which a supply task of its own is active."""
    findings = Findings("handout")
    tonnes, limit = handed_out(case), limits(case)
    where = {
        "zone": np.repeat(case.zones.ids.to_numpy(object), case.periods),
        "period": np.tile(np.arange(case.periods), len(case.zones.ids)),
    }
    message = (
        "zone {zone}, period {period}: {found} tonnes handed out, the hours covered and facilities allow {expected}"
    )
    findings.at_most(where, tonnes.ravel(), limit.ravel(), message)
    return findings


def handed_out(case: "Case") -> Numbers:
    """Return tonnes served in each zone and the zones within it, shape (zones, periods)."""
    waiting = case.waiting
    # People go to a facility for services: nobody hands them out.
    goods = ~case.given["commodities"]["service"].to_numpy(dtype=bool)[waiting.commodity]
    tonnes = waiting.served * (case.tonnes[waiting.commodity] * goods)[:, None]
    total = np.zeros((len(case.zones.ids), case.periods))
    for above in case.zones.chain[case.place_zone[waiting.place]].T:
        np.add.at(total, above[above >= 0], tonnes[above >= 0])
    return total


def limits(case: "Case") -> Numbers:
    """Return tonnes that may be handed out, shape (zones, periods), inf without an active supply task."""
    coverage = case.coverage
    supply = np.asarray(case.given["tasks"]["domain"] == "supply")
    shape = (len(case.zones.ids), case.periods)
    hours, active = np.zeros(shape), np.zeros(shape, dtype=bool)
    np.add.at(hours, case.task_zone[supply], coverage.covered(len(case.tasks))[supply])
    np.logical_or.at(active, case.task_zone[supply], coverage.active[supply])
    added = np.zeros(shape)
    for place, capacity in case.halls.added("hand-out"):
        for above in case.zones.chain[case.place_zone[place]]:
            if above >= 0:
                added[above] += capacity
    return np.where(active, hours * case.policy.handout_tonnes_per_hour + added, np.inf)
