"""Kinds: the kinds of parties that must take part in a task as doer or backup; those missing are a gap."""

from typing import TYPE_CHECKING

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
    written: dict[tuple[str, str], float] = {}
    for task, what, amount in gaps[["task", "what", "amount"]].itertuples(index=False, name=None):
        written[task, what] = written.get((task, what), 0.0) + amount
    missing = _missing(case)
    both = sorted(missing | set(written))
    where = {"task": [task for task, _ in both], "kind": [kind for _, kind in both]}
    found = [written.get(pair, 0.0) for pair in both]
    expected = [float(pair in missing) for pair in both]
    message = "task {task}: kind {kind} is written as missing {found} times, expected {expected}"
    findings.equal(where, found, expected, message)
    compare(findings, case, "gap_kinds", case.policy.kind_cost * float(len(missing)))
    return findings


def _missing(case: "Case") -> set[tuple[str, str]]:
    """Return (task, kind) pairs of which no doer and no backup is of the kind."""
    pairs = pd.concat([case.coverage.doers, case.coverage.backups])
    kinds = case.given["parties"]["kind"].to_numpy(object)[pairs["party_code"]]
    present = set(zip(case.tasks[pairs["task_code"]], kinds, strict=True))
    tasks = case.given["tasks"]
    wanted = {
        (str(task), kind)
        for task, text in zip(tasks["task"], tasks["kinds"], strict=True)
        if isinstance(text, str)
        for kind in text.split(";")
    }
    return wanted - present
