"""Lapsing: the share of a backlog that does not carry over is lost, and counted."""

from typing import TYPE_CHECKING

import numpy as np

from coordination.verification.curves import Curves
from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check the term ``lapsed``."""
    findings = Findings("lapsed")
    compare(findings, case, "lapsed", lapsed(case))
    return findings


def lapsed(case: "Case") -> float:
    """Return Σ weight · cost_lapsed · (1 − carry_over) · b[t−1] over all periods."""
    waiting, table = case.waiting, case.given["commodities"]
    cost = table["cost_lapsed"].to_numpy(np.float64)
    by_curve = Curves(case).height(np.arange(len(table)), 1)
    cost = np.where(np.isnan(cost), by_curve, cost)
    each = cost * (1 - table["carry_over"].to_numpy(np.float64))
    return float((waiting.weight * each[waiting.commodity] * waiting.before().sum(axis=1)).sum())
