"""Backups: who stands by for a task; those missing are a gap."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.verification.doers import able, named
from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check number and fitness of backups, that none is a doer, and the term ``gap_backups``."""
    findings = Findings("backups")
    pairs, tasks = case.coverage.backups, case.tasks.to_numpy(object)
    number = np.bincount(pairs["task_code"], minlength=len(tasks))
    wanted = case.given["tasks"]["backups"].to_numpy(np.float64)
    findings.at_most({"task": tasks}, number, wanted, "task {task}: {found} backups, at most {expected} allowed")
    able(case, findings, pairs, case.coverage.skill_rows[len(case.coverage.doers) :], "a backup")
    doing = pd.MultiIndex.from_frame(case.coverage.doers)
    both = doing.get_indexer(pd.MultiIndex.from_frame(pairs)) >= 0
    findings.require(named(case, pairs), ~both, "task {task}: {party} is both a doer and a backup")
    missing = np.maximum(wanted - number, 0.0)
    gaps = case.decided["gaps"]
    gaps = gaps[gaps["kind"] == "backup"]
    written = np.bincount(case.tasks.get_indexer(pd.Index(gaps["task"])), gaps["amount"], minlength=len(tasks))
    message = "task {task}: a gap of {found} backups is written, {expected} are missing"
    findings.equal({"task": tasks}, written, missing, message)
    compare(findings, case, "gap_backups", case.policy.backup_cost * float(missing.sum()))
    return findings
