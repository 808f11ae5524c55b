"""Social cost: the objective is the sum of all terms, and each term is what the tables say."""

import math
from typing import TYPE_CHECKING

from coordination.terms import TERM_NAMES
from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check that every term is one we know and that the objective is their sum; one that is missing counts as 0."""
    findings = Findings("social_cost")
    terms, objective = case.plan.terms, case.plan.objective
    for name in terms:
        findings.one(f"term {name}", name in TERM_NAMES, f"plan.json has a term {name} that no rule knows")
    numbers = [_number(value) for value in terms.values()]
    message = "objective {found}, expected {expected}, the sum of the terms"
    findings.equal({"figure": ["objective"]}, [_number(objective)], [math.fsum(numbers)], message, *numbers)
    return findings


def compare(findings: Findings, case: "Case", term: str, expected: float) -> None:
    """Compare a term of plan.json with what the tables say; plans of earlier versions lack later terms: 0."""
    message = "term {term}: {found} in plan.json, the tables make it {expected}"
    if term not in case.plan.terms:
        message = "term {term} is missing in plan.json, which counts as 0; the tables make it {expected}"
    findings.equal({"term": [term]}, [_number(case.plan.terms.get(term, 0.0))], [expected], message)


def missing(terms: "Mapping[str, object]") -> tuple[str, ...]:
    """Return a remark on the terms that a plan does not state; none where it states all."""
    names = [name for name in TERM_NAMES if name not in terms]
    if not names:
        return ()
    return (f"plan.json states no {', '.join(names)}, as one of an earlier version: counted as 0 everywhere above",)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
