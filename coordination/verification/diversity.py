"""Diversity: where the policy asks for it, no backup is of the kind of a doer of the same task."""

from typing import TYPE_CHECKING

import pandas as pd

from coordination.verification.doers import named
from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check the kinds of backups against those of doers."""
    findings = Findings("diversity")
    if not case.policy.backup_diversity:
        return findings
    kinds = case.given["parties"]["kind"].to_numpy(object)
    doing, pairs = case.coverage.doers, case.coverage.backups
    there = pd.MultiIndex.from_arrays([doing["task_code"], kinds[doing["party_code"]]])
    kind = kinds[pairs["party_code"]]
    alike = pd.MultiIndex.from_arrays([pairs["task_code"], kind]).isin(there)
    where = {**named(case, pairs), "kind": kind}
    findings.require(where, ~alike, "task {task}: {party} is a backup, but a doer is of its kind {kind}, too")
    return findings
