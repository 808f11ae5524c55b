"""Escalation: parties from above a task's zone do it only so long after a gap, and each time is written down."""

from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.verification.continuity import stints
from coordination.verification.findings import TOLERANCE, Findings

if TYPE_CHECKING:
    import pandas as pd

    from coordination.verification.case import Case

LEAST_GAP = 0.01
"""Share of a task's hours that counts as a gap."""


def check(case: "Case") -> Findings:
    """Check when parties from above begin, and the table ``escalations``."""
    findings = Findings("escalation")
    written = case.decided["escalations"]
    delay = case.policy.escalation_delay
    if delay is None:
        findings.one("escalations", written.empty, "escalations: rows without policy.escalation_delay")
        return findings
    taken = stints(case)
    taken = taken[case.coverage.from_above[taken["row"].to_numpy()]]
    pairs = case.coverage.doers.iloc[taken["row"]]
    gap = first_gaps(case)[pairs["task_code"].to_numpy()]
    where = {
        "task": case.tasks.to_numpy(object)[pairs["task_code"]],
        "party": case.parties.to_numpy(object)[pairs["party_code"]],
        "period": taken["start"].to_numpy(object),
    }
    begin = taken["start"].to_numpy()
    message = f"task {{task}}: {{party}} is from above and a doer from period {{period}} on, not {delay} after a gap"
    findings.require(where, begin >= gap + delay, message)
    _written(case, findings, taken, where)
    return findings


def first_gaps(case: "Case") -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Return the first period in which those at or below a task's zone leave a gap; inf where they never do."""
    coverage = case.coverage
    below = np.zeros(coverage.wanted.shape)
    np.add.at(below, coverage.doers["task_code"].to_numpy(), coverage.hours * ~coverage.from_above[:, None])
    slack = TOLERANCE * np.maximum(1.0, coverage.wanted)
    short = coverage.active & (coverage.wanted - below >= LEAST_GAP * coverage.wanted - slack)
    return np.where(short.any(axis=1), short.argmax(axis=1), np.inf)


def _written(case: "Case", findings: Findings, taken: "pd.DataFrame", where: dict[str, Any]) -> None:
    """Check that every stint from above stands in ``escalations``, once, with who escalated it and its hours."""
    answering = case.coverage.of("accountable").set_index("task")["party"].to_dict()
    hours = [
        float(case.coverage.hours[row, start : end + 1].sum())
        for row, start, end in taken[["row", "start", "end"]].itertuples(index=False, name=None)
    ]
    keys = zip(where["task"], where["party"], where["period"], strict=True)
    expected = {(task, answering.get(task), to, int(t)): h for (task, to, t), h in zip(keys, hours, strict=True)}
    rows = case.decided["escalations"].itertuples(index=False, name=None)
    found = {(task, origin, to, int(t)): float(h) for task, origin, to, t, h in rows}
    both = sorted(set(expected) | set(found), key=str)
    columns = {name: [row[place] for row in both] for place, name in enumerate(("task", "from", "to", "period"))}
    message = "task {task}: the escalation from {from} to {to} in period {period} is "
    findings.require(columns, [row in found for row in both], message + "not written in escalations")
    findings.require(columns, [row in expected for row in both], message + "written, but not in responsibilities")
    shared = [row for row in both if row in expected and row in found]
    columns = {name: [row[place] for row in shared] for place, name in enumerate(("task", "from", "to", "period"))}
    message += "written with {found} hours, {expected} are covered"
    findings.equal(columns, [found[row] for row in shared], [expected[row] for row in shared], message)
