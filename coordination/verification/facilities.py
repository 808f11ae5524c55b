"""Facilities: none is converted as yet, so that no mode is written and nothing is lost or paid."""

from typing import TYPE_CHECKING

import numpy as np

from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check that ``facilities`` is empty and the terms ``everyday_value`` and ``conversion`` are 0."""
    findings = Findings("facilities")
    table = case.decided["facilities"]
    where = {key: table[key].to_numpy(object) for key in ("place", "period", "mode")}
    message = "{place}, period {period}: mode {mode}, but facilities do not act in this kind of plan"
    findings.require(where, np.zeros(len(table), dtype=bool), message)
    compare(findings, case, "everyday_value", 0.0)
    compare(findings, case, "conversion", 0.0)
    return findings
