"""Scenario: the plan answers the instance as it stands, or a scenario that it has."""

from typing import TYPE_CHECKING

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check the scenario in the plan's options."""
    findings = Findings("scenario")
    name = case.scenario
    known = name is None or bool((case.given["scenarios"]["scenario"] == name).any())
    findings.one("options", known, f"options name a scenario {name} that the instance does not have")
    return findings
