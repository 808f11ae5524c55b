"""Redundancy: how surely a doer or a backup shows up, against what the policy asks for; what is missing is a gap."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check what is written as missing of the coverage asked for, and the term ``gap_coverage``."""
    findings = Findings("redundancy")
    gaps = case.decided["gaps"]
    gaps = gaps[gaps["kind"] == "coverage"]
    tasks = case.tasks.to_numpy(object)
    written = np.bincount(case.tasks.get_indexer(pd.Index(gaps["task"])), gaps["amount"], minlength=len(tasks))
    missing = _missing(case)
    message = "task {task}: {found} of the coverage is written as missing, expected {expected}"
    findings.equal({"task": tasks}, written, missing, message)
    compare(findings, case, "gap_coverage", case.policy.coverage_cost * float(missing.sum()))
    return findings


def _missing(case: "Case") -> npt.NDArray[np.float64]:
    """Return the share of the logarithm of the failure allowed by which each task is less sure than asked for."""
    asked, number = case.policy.coverage or 0.0, len(case.tasks)
    if asked <= 0.0:
        return np.zeros(number)
    everyone, sure = case.coverage.everyone, case.given["parties"]["reliability"].to_numpy(np.float64)
    failing = np.ones(number)
    np.multiply.at(failing, everyone["task_code"].to_numpy(), 1.0 - sure[everyone["party_code"].to_numpy()])
    if asked >= 1.0:
        return np.asarray(failing > 0.0, dtype=np.float64)
    reached = np.log(np.maximum(failing, 1e-300)) / np.log(1.0 - asked)
    return np.asarray(np.maximum(1.0 - reached, 0.0))
