"""Consulted: parties with a stake in the zone or the skill, not too many, none with another role in the task."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

MOST = 3
"""Most parties consulted where the rule is on and the task does not say."""


def check(case: "Case") -> Findings:
    """Check number and fitness of consulted parties, and that they hold no other role."""
    findings = Findings("consulted")
    rows, tasks = case.coverage.of("consulted"), case.tasks.to_numpy(object)
    number = np.bincount(rows["task_code"], minlength=len(tasks))
    message = "task {task}: {found} consulted parties, at most {expected} allowed"
    findings.at_most({"task": tasks}, number, _most(case), message)
    where = {"task": rows["task"].to_numpy(object), "party": rows["party"].to_numpy(object)}
    message = "task {task}: {party} is consulted, but has neither a stake in the zone nor the skill"
    findings.require(where, _stake(case, rows) | _skilled(case, rows), message)
    others = case.coverage.roles[case.coverage.roles["role"].isin(["accountable", "responsible", "backup"])]
    busy = pd.MultiIndex.from_frame(rows[["task", "party"]]).isin(pd.MultiIndex.from_frame(others[["task", "party"]]))
    message = "task {task}: {party} is consulted, but holds another role in the task"
    findings.require(where, ~busy, message)
    return findings


def _most(case: "Case") -> npt.NDArray[np.float64]:
    """Return the most parties consulted by task: none where neither a task nor a mandate speaks of it."""
    given = case.given["tasks"]["consulted"]
    spoken = bool(given.notna().any()) or bool((case.given["mandates"]["role"] == "consulted").any())
    return np.asarray(given.fillna(MOST if spoken else 0), dtype=np.float64)


def _skilled(case: "Case", rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    skills = case.given["skills"]
    wanted = case.given["tasks"]["skill"].to_numpy(object)[rows["task_code"]]
    known = pd.MultiIndex.from_frame(skills[["party", "skill"]])
    return np.asarray(pd.MultiIndex.from_arrays([rows["party"], wanted]).isin(known))


def _stake(case: "Case", rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return whether a jurisdiction touches the task's zone, or a place in it or a need there is the party's."""
    zone, mine = case.task_zone[rows["task_code"]], case.party_zone[rows["party_code"]]
    near = case.zones.contains(mine, zone) | case.zones.contains(zone, mine)
    needs = case.given["needs"]
    at = np.concatenate([case.place_zone, case.place_zone[case.places.get_indexer(pd.Index(needs["place"]))]])
    whose = np.concatenate([case.given["places"]["owner"].to_numpy(object), needs["party"].to_numpy(object)])
    holdings: dict[str, npt.NDArray[np.int64]] = {}
    for party in set(rows["party"]):
        holdings[party] = at[whose == party]
    there = [
        bool(case.zones.contains(np.full(len(holdings[party]), code), holdings[party]).any())
        for party, code in zip(rows["party"], zone, strict=True)
    ]
    return np.asarray(near | np.array(there, dtype=bool))
