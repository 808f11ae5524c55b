"""Kinds: the kinds of parties that must take part in a task as doer or backup; those missing are a gap."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check that the kinds written as missing are those that are, and the term ``gap_kinds``."""
    findings = Findings("kinds")
    gaps = case.decided["gaps"]
    gaps = gaps[gaps["kind"] == "kind"]
    written = gaps.groupby(["task", "what"])["amount"].sum()
    missing = _missing(case)
    both = missing.union(pd.MultiIndex.from_tuples(list(written.index), names=["task", "what"]))
    where = {"task": both.get_level_values(0).to_numpy(object), "kind": both.get_level_values(1).to_numpy(object)}
    expected = both.isin(missing).astype(np.float64)
    found = written.reindex(both, fill_value=0.0)
    message = "task {task}: kind {kind} is written as missing {found} times, expected {expected}"
    findings.equal(where, found, expected, message)
    compare(findings, case, "gap_kinds", case.policy.kind_cost * float(len(missing)))
    return findings


def _missing(case: "Case") -> pd.MultiIndex:
    """Return (task, kind) pairs of which no doer and no backup is of the kind."""
    pairs = pd.concat([case.coverage.doers, case.coverage.backups])
    kinds = case.given["parties"]["kind"].to_numpy(object)[pairs["party_code"]]
    present = set(zip(case.tasks[pairs["task_code"]], kinds, strict=True))
    tasks = case.given["tasks"]
    wanted = [
        (task, kind)
        for task, text in zip(tasks["task"], tasks["kinds"], strict=True)
        if isinstance(text, str)
        for kind in dict.fromkeys(text.split(";"))
    ]
    return pd.MultiIndex.from_tuples([pair for pair in wanted if pair not in present], names=["task", "what"])
