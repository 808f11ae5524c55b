"""Worst off: the largest unserved share of a place and commodity, priced."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check the term ``worst_off``."""
    findings = Findings("worst_off")
    compare(findings, case, "worst_off", case.policy.worst_off * unserved(case))
    return findings


def unserved(case: "Case") -> float:
    """Return the largest 1 − served/need over place and commodity, backlogs and what was before counted in need."""
    waiting = case.waiting
    shape = (len(case.places), len(case.commodities))
    need, served = np.zeros(shape), np.zeros(shape)
    cells = (waiting.place, waiting.commodity)
    np.add.at(need, cells, waiting.initial + waiting.need.sum(axis=1))
    np.add.at(served, cells, waiting.served.sum(axis=1))
    before = case.given["held"]
    before = before[before["table"] == "needs"]
    parts = [str(text).split(";") for text in before["id"]]
    place = case.places.get_indexer(pd.Index([part[0] for part in parts], dtype="str"))
    commodity = case.commodities.get_indexer(pd.Index([part[1] for part in parts], dtype="str"))
    np.add.at(need, (place, commodity), before["need"].fillna(0.0).to_numpy(np.float64))
    np.add.at(served, (place, commodity), before["served"].fillna(0.0).to_numpy(np.float64))
    some = need > 0
    return float((1 - served[some] / need[some]).max(initial=0.0))
