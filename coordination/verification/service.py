"""Service: the need written is the instance's, and backlogs follow from what was served."""

from typing import TYPE_CHECKING

import numpy as np

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

QUEUE = "{place}, {commodity} for {group}, period {period}: "


def check(case: "Case") -> Findings:
    """Check need, and b[t] = carry_over · b[t−1] + need[t] − served[t] ≥ 0."""
    findings = Findings("service")
    waiting, where = case.waiting, case.waiting.where(case)
    need, served, backlog = waiting.need.ravel(), waiting.served.ravel(), waiting.backlog.ravel()
    message = QUEUE + "need {found}, expected {expected} as in the instance"
    findings.equal(where, waiting.written_need.ravel(), need, message)
    carry_over = case.given["commodities"]["carry_over"].to_numpy(np.float64)[waiting.commodity]
    carried = (waiting.before() * carry_over[:, None]).ravel()
    message = QUEUE + "backlog {found}, expected {expected} (carried over + need − served)"
    findings.equal(where, backlog, carried + need - served, message, carried, need, served)
    zero = np.zeros(len(need))
    findings.at_least(where, served, zero, QUEUE + "{found} served")
    findings.at_least(where, backlog, zero, QUEUE + "backlog {found}")
    return findings
