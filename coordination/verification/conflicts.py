"""Conflicts: no party is accountable or doer in two tasks that must stay apart, nor, with chain, its superiors."""

from typing import TYPE_CHECKING

import pandas as pd

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check every row of ``conflicts``."""
    findings = Findings("conflicts")
    acting, above = _acting(case), _superiors(case)
    pairs = []
    for task, other, chain in case.given["conflicts"][["task", "other", "chain"]].itertuples(index=False, name=None):
        one, two = acting.get(task, set()), acting.get(other, set())
        clashing = [
            (party, its)
            for party in one
            for its in two
            if party == its or (chain and (party in above[its] or its in above[party]))
        ]
        pairs.append((task, other, ", ".join(sorted({party for pair in clashing for party in pair}))))
    where = {name: [pair[place] for pair in pairs] for place, name in enumerate(("task", "other", "parties"))}
    message = "tasks {task} and {other} must stay apart, but {parties} answers for or does both, itself or by its chain"
    findings.require(where, [not parties for parties in where["parties"]], message)
    return findings


def _acting(case: "Case") -> dict[str, set[str]]:
    """Return who is accountable or doer, by task."""
    rows = case.coverage.roles
    rows = rows[rows["role"].isin(["accountable", "responsible"])]
    acting: dict[str, set[str]] = {}
    for task, party in rows[["task", "party"]].itertuples(index=False, name=None):
        acting.setdefault(task, set()).add(party)
    return acting


def _superiors(case: "Case") -> dict[str, set[str]]:
    """Return everybody above each party."""
    parties = case.given["parties"]
    superior = dict(zip(parties["party"], parties["superior"], strict=True))
    above: dict[str, set[str]] = {}
    for party, first in superior.items():
        above[party], current = set(), first
        while pd.notna(current):
            above[party].add(current)
            current = superior[current]
    return above
