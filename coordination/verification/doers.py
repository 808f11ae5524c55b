"""Doers: who works on a task and how much of its hours they cover; what nobody covers is a gap."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


def check(case: "Case") -> Findings:
    """Check doers, coverage, gaps in hours, and the terms ``gap_hours``, ``work`` and ``interest``."""
    findings = Findings("doers")
    pairs = case.coverage.doers
    number = np.bincount(pairs["task_code"], minlength=len(case.tasks))
    most = case.given["tasks"]["doers"].to_numpy(np.float64)
    most = np.where(case.policy.handover_cost is None, most, np.inf)  # by period: see ``continuity``
    message = "task {task}: {found} doers, at most {expected} allowed"
    findings.at_most({"task": case.tasks.to_numpy(object)}, number, most, message)
    able(case, findings, pairs, case.coverage.skill_rows[: len(pairs)], "a doer")
    _shares(case, findings)
    _coverage(case, findings)
    work, interest = _money(case)
    compare(findings, case, "work", work)
    compare(findings, case, "interest", interest)
    return findings


def able(case: "Case", findings: Findings, pairs: pd.DataFrame, skills: Codes, role: str) -> None:
    """Check skill (rows of ``skills``, −1 without) and jurisdiction of doers or backups."""
    task, party = pairs["task_code"].to_numpy(), pairs["party_code"].to_numpy()
    where = named(case, pairs)
    skill = {"skill": case.given["tasks"]["skill"].to_numpy(object)[task]}
    message = f"task {{task}}: {{party}} is {role}, but lacks the skill {{skill}}"
    findings.require({**where, **skill}, skills >= 0, message)
    counts = case.coverage.sure[party] > 0.0
    findings.require(where, counts, f"task {{task}}: {{party}} is {role}, but nothing can be expected of it")
    mine, its = case.party_zone[party], case.task_zone[task]
    near = case.zones.contains(mine, its) | case.zones.contains(its, mine)
    message = f"task {{task}}: {{party}} is {role}, but its jurisdiction neither contains the zone nor lies in it"
    findings.require(where, near, message)


def named(case: "Case", pairs: pd.DataFrame) -> dict[str, npt.NDArray[np.object_]]:
    """Return the ids of (task, party) pairs given by codes."""
    return {
        "task": case.tasks.to_numpy(object)[pairs["task_code"]],
        "party": case.parties.to_numpy(object)[pairs["party_code"]],
    }


def uncovered(case: "Case") -> Numbers:
    """Return hours that nobody covers, shape (tasks, periods)."""
    return np.asarray(case.coverage.wanted - case.coverage.covered(len(case.tasks)))


def _shares(case: "Case", findings: Findings) -> None:
    """Check that each doer covers its least share over the periods in which it is one, mostly the whole window."""
    coverage = case.coverage
    task, hours = coverage.doers["task_code"].to_numpy(), case.given["tasks"]["hours"].to_numpy(np.float64)
    whole = (coverage.wanted[task] * coverage.acting).sum(axis=1) + hours[task] * coverage.elapsed[task]
    message = "task {task}: {party} covers {found} hours as a doer, its least share is {expected}"
    least = case.policy.min_share * whole
    mine = coverage.held[coverage.held["mode"] == "responsible"]
    known = pd.MultiIndex.from_frame(mine[["task_code", "party_code"]])
    before = np.append(mine["hours"].to_numpy(), 0.0)[known.get_indexer(pd.MultiIndex.from_frame(coverage.doers))]
    findings.at_least(named(case, coverage.doers), coverage.hours.sum(axis=1) + before, least, message, whole)


def _coverage(case: "Case", findings: Findings) -> None:
    """Check that hours covered and hours written as gaps make up the task's hours in every period."""
    coverage = case.coverage
    wanted, covered = coverage.wanted.ravel(), coverage.covered(len(case.tasks)).ravel()
    where = {
        "task": np.repeat(case.tasks.to_numpy(object), case.periods),
        "period": np.tile(np.arange(case.periods), len(case.tasks)),
    }
    message = "task {task}, period {period}: {found} hours covered, the task has {expected}"
    findings.at_most(where, covered, wanted, message)
    gaps = case.decided["gaps"]
    gaps = gaps[(gaps["kind"] == "hours") & gaps["period"].notna()]
    written = np.zeros(coverage.wanted.shape)
    cells = case.tasks.get_indexer(pd.Index(gaps["task"])), gaps["period"].to_numpy(np.int64)
    np.add.at(written, cells, gaps["amount"].to_numpy(np.float64))
    missing = np.maximum(uncovered(case), 0.0)
    message = "task {task}, period {period}: a gap of {found} hours is written, {expected} are not covered"
    findings.equal(where, written.ravel(), missing.ravel(), message, wanted)
    price = case.given["tasks"]["gap_cost"].to_numpy(np.float64)
    compare(findings, case, "gap_hours", float((missing.sum(axis=1) * price).sum()))


def _money(case: "Case") -> tuple[float, float]:
    """Return the terms ``work`` and ``interest``."""
    coverage, pairs = case.coverage, case.coverage.doers
    task, covered = pairs["task_code"].to_numpy(), coverage.hours.sum(axis=1)
    wages = np.append(case.given["skills"]["cost_per_hour"].to_numpy(np.float64), 0.0)
    windows, mine = coverage.acting.sum(axis=1), slice(len(pairs))
    work = covered * coverage.factors[mine] * wages[coverage.skill_rows[mine]]
    work += coverage.effort_costs[mine] * windows
    interests = case.given["interests"]
    domain = case.given["tasks"]["domain"].to_numpy(object)[task]
    known = pd.MultiIndex.from_frame(interests[["party", "domain"]])
    rows = known.get_indexer(pd.MultiIndex.from_arrays([case.parties[pairs["party_code"]], domain]))
    benefit = np.append(interests["benefit"].to_numpy(np.float64), 0.0)[rows]
    return float(work.sum()), -float((covered * benefit).sum())
