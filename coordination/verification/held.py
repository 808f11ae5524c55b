"""Held: the roles of a task under way are those that it had before the horizon, no more, no fewer."""

from typing import TYPE_CHECKING

import numpy as np

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

ROLES = ("accountable", "responsible", "backup")


def check(case: "Case") -> Findings:
    """Check who holds which role in tasks of which ``held`` speaks."""
    findings = Findings("held")
    held, roles = case.coverage.held, case.coverage.roles
    held = held[held["task_code"] >= 0]
    now = roles[roles["role"].isin(ROLES) & roles["task_code"].isin(held["task_code"])]
    before = set(zip(held["task_code"], held["party_code"], held["mode"], strict=True))
    after = set(zip(now["task_code"], now["party_code"], now["role"], strict=True))
    every = sorted(before | after)
    where = {
        "task": [case.tasks[task] for task, _, _ in every],
        "party": [case.parties[party] for _, party, _ in every],
        "role": [role for _, _, role in every],
    }
    there = np.array([row in after for row in every], dtype=np.float64)
    expected = np.array([row in before for row in every], dtype=np.float64)
    message = "task {task} is under way: {party} as {role} found {found} times, expected {expected} as before"
    findings.equal(where, there, expected, message)
    return findings
