"""Figures: kind and status, bound, gap, and the hash of the instance."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from coordination.verification.findings import TOLERANCE, Findings, show

if TYPE_CHECKING:
    from coordination.verification.case import Case

FIGURE_TOLERANCE = 1e-9
"""For the gap, which follows from two numbers of the same file and is small itself."""


def check(case: "Case") -> Findings:
    """Check the figures of plan.json that are not terms."""
    findings = Findings("figures")
    plan = case.plan
    status, requested = str(plan.status), _number(plan.options.get("gap"))
    kinds = ("plan", "settlement")
    findings.one("kind", plan.kind in kinds, f"kind is {plan.kind}; expected {' or '.join(kinds)}")
    findings.one("status", status in ("optimal", "feasible", "interrupted"), f"status is {status}, but there is a plan")
    _hash(findings, case)
    if plan.objective is None:
        findings.one("objective", False, "objective is missing")
    elif plan.bound is None:
        findings.one("gap", plan.gap is None, f"gap is {plan.gap}, but there is no bound")
    else:
        _bound(findings, float(plan.objective), float(plan.bound), _number(plan.gap))
    price = None if plan.rules is None else plan.rules.get("price")
    if plan.rules is not None and price is not None and plan.objective is not None:
        expected = max(0.0, float(plan.objective) - _number(plan.rules.get("without")))
        message = "rules: price {found}, expected {expected} from the social cost with and without them"
        findings.equal({"figure": ["rules"]}, [_number(price)], [expected], message, [float(plan.objective)])
        _allowance(findings, case, _number(price))
    if plan.baseline is not None and plan.objective is not None:
        _baseline(findings, plan.baseline, float(plan.objective))
    proven = not math.isnan(gap := _number(plan.gap)) and gap <= requested + 1e-6
    message = f"status is optimal, but the gap {show('', gap)} is not within the requested {show('', requested)}"
    findings.one("status", status != "optimal" or proven, message)
    return findings


def without_plan(case: "Case") -> Findings:
    """Check a plan folder that says there is no plan: hash, and no tables."""
    findings = Findings("figures")
    status = str(case.plan.status)
    _hash(findings, case)
    findings.one("status", status not in ("optimal", "feasible"), f"status is {status}, but objective is missing")
    for name, table in case.decided.items():
        findings.one(name, table.empty, f"{name} has rows, but status is {status}", len(table))
    return findings


def _hash(findings: Findings, case: "Case") -> None:
    given, here = case.plan.sha256, case.plan.instance.sha256
    message = f"the plan answers an instance with sha256 {given}, the one beside it has {here}"
    findings.one("sha256", given == here, message)


def _bound(findings: Findings, objective: float, bound: float, gap: float) -> None:
    largest = max(1.0, abs(objective), abs(bound))
    excess = bound - objective
    message = f"bound {bound!r} is above the objective {objective!r}"
    findings.one("bound", excess <= TOLERANCE * largest, message, excess)
    expected = max(0.0, objective - bound) / max(1e-10, abs(objective))
    off = abs(gap - expected)
    message = f"gap {gap!r}, expected {expected!r} from objective and bound"
    findings.one("gap", off <= FIGURE_TOLERANCE * max(1.0, expected), message, off)


def _allowance(findings: Findings, case: "Case", price: float) -> None:
    """Check that fair loads, where no other rule is there, cost no more than allowed (absent: the gap asked for)."""
    policy, plan = case.policy, case.plan
    others = policy.rationing != "social_cost" or policy.objective != "social_cost"
    if policy.load != "leximin" or others or policy.max_gini is not None or policy.max_ratio is not None:
        return
    share = _number(plan.options.get("gap")) if policy.load_allowance is None else policy.load_allowance
    without = abs(_number(plan.rules["without"] if plan.rules else None))
    message = "rules: fair loads cost {found}, at most {expected} allowed"
    findings.at_most({"figure": ["rules"]}, [price], [share * without], message, [without])


def _baseline(findings: Findings, baseline: Mapping[str, Any], objective: float) -> None:
    """Check that what the plan saves is the difference to the rule's own cost."""
    rule, saves = _number(baseline.get("objective")), _number(baseline.get("saves"))
    message = "baseline: saves {found}, expected {expected} from both objectives"
    findings.equal({"figure": ["baseline"]}, [saves], [rule - objective], message, [rule])
    expected = (rule - objective) / rule if rule > 0.0 else None
    share = baseline.get("share")
    same = share is None if expected is None else abs(_number(share) - expected) <= FIGURE_TOLERANCE
    findings.one("baseline", same, f"baseline: share {share!r}, expected {expected!r} from both objectives")


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
