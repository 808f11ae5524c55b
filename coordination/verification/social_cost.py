"""Social cost: the objective is the sum of all terms, and each term is what the tables say."""

import math
from typing import TYPE_CHECKING

from coordination.terms import TERM_NAMES
from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check that every term is there and that the objective is their sum."""
    findings = Findings("social_cost")
    terms, objective = case.plan.terms, case.plan.objective
    for name in TERM_NAMES:
        findings.one(f"term {name}", name in terms, f"term {name} is missing in plan.json")
    for name in terms:
        findings.one(f"term {name}", name in TERM_NAMES, f"plan.json has a term {name} that no rule knows")
    numbers = [_number(value) for value in terms.values()]
    message = "objective {found}, expected {expected}, the sum of the terms"
    findings.equal({"figure": ["objective"]}, [_number(objective)], [math.fsum(numbers)], message, *numbers)
    return findings


def compare(findings: Findings, case: "Case", term: str, expected: float) -> None:
    """Compare a term of plan.json with what the tables say; a missing one is reported by ``social_cost``."""
    if term in case.plan.terms:
        message = "term {term}: {found} in plan.json, the tables make it {expected}"
        findings.equal({"term": [term]}, [_number(case.plan.terms[term])], [expected], message)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
