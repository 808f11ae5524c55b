"""Accountability: exactly one party answers for each task, near enough to it, and not for too many."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.instance.vocabulary import LEVELS
from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case

Codes = npt.NDArray[np.int64]


def check(case: "Case") -> Findings:
    """Check number, eligibility, span and the term ``levels``."""
    findings = Findings("accountability")
    rows = case.coverage.of("accountable")
    task, party = rows["task_code"].to_numpy(), rows["party_code"].to_numpy()
    where = {"task": rows["task"].to_numpy(object), "party": rows["party"].to_numpy(object)}
    number = np.bincount(task, minlength=len(case.tasks))
    message = "task {task}: {found} accountable parties, expected exactly 1"
    findings.equal({"task": case.tasks.to_numpy(object)}, number, np.ones(len(number)), message)
    core = case.core[party]
    inside = case.zones.contains(case.party_zone[party], case.task_zone[task])
    message = "task {task}: {party} is accountable, but its jurisdiction does not contain the task's zone"
    findings.require(where, core | inside, message)
    # A blank accountable_level is in no list: −1, which every level reaches.
    least = pd.Index(LEVELS).get_indexer(pd.Index(case.given["tasks"]["accountable_level"]))
    level = party_levels(case)
    message = "task {task}: {party} is accountable, but its level is below the task's accountable_level"
    findings.require(where, core | (level[party] >= least[task]), message, least[task] - level[party])
    _span(case, findings, party)
    climbed = level[party] - case.zones.level[case.task_zone[task]]
    compare(findings, case, "levels", case.policy.level_cost * float(climbed.sum()))
    return findings


def party_levels(case: "Case") -> Codes:
    """Return each party's level as its place in the list of levels; the core is one above the highest."""
    return np.where(case.core, len(LEVELS), case.zones.level[case.party_zone])


def _span(case: "Case", findings: Findings, party: Codes) -> None:
    span = case.policy.span
    if span is None:
        return
    held = case.coverage.held
    ended = held.loc[(held["task_code"] < 0) & (held["mode"] == "accountable"), "party_code"]
    both = np.concatenate([party, ended.to_numpy(np.int64)])
    number = np.bincount(both, minlength=len(case.parties))[~case.core]
    where = {"party": case.parties.to_numpy(object)[~case.core]}
    message = "{party} is accountable for {found} tasks, policy.span allows {expected}"
    findings.at_most(where, number, np.full(len(number), float(span)), message)
