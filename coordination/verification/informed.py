"""Informed: all superiors of the accountable party and all doers of tasks that wait, and whom a mandate adds."""

from typing import TYPE_CHECKING

import pandas as pd

from coordination.verification.findings import Findings
from coordination.verification.mandates import spelled

if TYPE_CHECKING:
    from coordination.verification.case import Case

Pairs = set[tuple[str, str]]


def check(case: "Case") -> Findings:
    """Check that those who must know are informed, and nobody else but by a mandate."""
    findings = Findings("informed")
    told, expected, ordered = _pairs(case, "informed"), _expected(case), _ordered(case)
    both = sorted(told | expected)
    where = {"task": [task for task, _ in both], "party": [party for _, party in both]}
    message = "task {task}: {party} is not informed, but is above the accountable party or waits for the task"
    findings.require(where, [pair in told or pair not in expected for pair in both], message)
    message = "task {task}: {party} is informed, but has no reason to be"
    findings.require(where, [pair in expected or pair in ordered or pair not in told for pair in both], message)
    return findings


def _pairs(case: "Case", role: str) -> Pairs:
    return set(case.coverage.of(role)[["task", "party"]].itertuples(index=False, name=None))


def _expected(case: "Case") -> Pairs:
    """Return who follows from the other roles, less those who know already and those whom mandates bar."""
    if not _on(case):
        return set()
    accountable, doers = _pairs(case, "accountable"), _pairs(case, "responsible")
    waits = set(case.given["depends"][["task", "on"]].itertuples(index=False, name=None))
    expected = {(on, party) for task, on in waits for doing, party in doers if doing == task}
    parties = case.given["parties"]
    superior = dict(zip(parties["party"], parties["superior"], strict=True))
    for task, party in accountable:
        above = superior[party]
        while pd.notna(above):
            expected.add((task, above))
            above = superior[above]
    return expected - accountable - doers - _barred(case, expected)


def _on(case: "Case") -> bool:
    given, spoken = case.given["tasks"]["consulted"], case.given["mandates"]["role"]
    return bool(len(case.given["depends"]) or given.notna().any() or spoken.isin(["consulted", "informed"]).any())


def _barred(case: "Case", pairs: Pairs) -> Pairs:
    """Return those of `pairs` who may not be informed."""
    rows = spelled(case)
    named: dict[str, set[str]] = {}
    for _, task, role, parties in rows["may"]:
        if role == "informed":
            named.setdefault(task, set()).update(parties)
    barred = {(task, party) for task, party in pairs if task in named and party not in named[task]}
    for _, task, role, parties in rows["must_not"]:
        if role == "informed":
            barred |= {(task, party) for party in parties}
    return barred


def _ordered(case: "Case") -> Pairs:
    rows = spelled(case)["must"]
    return {(task, party) for _, task, role, parties in rows if role == "informed" for party in parties}
