"""The second opinion: every rule and every figure of a plan, recomputed from its tables.

One file a rule, named as the formulation's concept; each has ``check(case) -> Findings``. It shares the
declarations of tables, the readers and the list of terms with the rest of the package, and nothing else.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from coordination.errors import PlanError
from coordination.plans import Plan, Preparation
from coordination.plans.reading import read_header
from coordination.verification import (
    accountability,
    assurance,
    backups,
    batches,
    changes,
    conflicts,
    consulted,
    continuity,
    curve,
    dependencies,
    deprivation,
    diversity,
    doers,
    escalation,
    facilities,
    figures,
    fleets,
    floors,
    handout,
    held,
    hours,
    inequality,
    informed,
    inventory,
    kinds,
    lapsed,
    ledger,
    losses,
    mandates,
    modes,
    modules,
    mutual_aid,
    overflow,
    pins,
    preparation,
    prices,
    reasons,
    recovery,
    redundancy,
    roads,
    rotation,
    scenario,
    service,
    shares,
    shipments,
    simulated,
    social_cost,
    tables,
    visits,
    windows,
    worst_off,
    worth,
)
from coordination.verification.case import Case
from coordination.verification.findings import Findings
from coordination.verification.folder import written_tables
from coordination.verification.verdict import Verdict, Violation

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RULES", "Verdict", "Violation", "verify"]

RULES: Mapping[str, Callable[[Case], Findings]] = MappingProxyType(
    {
        "figures": figures.check,
        "scenario": scenario.check,
        "batches": batches.check,
        "shipments": shipments.check,
        "fleets": fleets.check,
        "roads": roads.check,
        "inventory": inventory.check,
        "overflow": overflow.check,
        "service": service.check,
        "deprivation": deprivation.check,
        "lapsed": lapsed.check,
        "worst_off": worst_off.check,
        "inequality": inequality.check,
        "handout": handout.check,
        "windows": windows.check,
        "accountability": accountability.check,
        "doers": doers.check,
        "backups": backups.check,
        "kinds": kinds.check,
        "redundancy": redundancy.check,
        "hours": hours.check,
        "dependencies": dependencies.check,
        "diversity": diversity.check,
        "conflicts": conflicts.check,
        "consulted": consulted.check,
        "informed": informed.check,
        "mandates": mandates.check,
        "continuity": continuity.check,
        "escalation": escalation.check,
        "pins": pins.check,
        "held": held.check,
        "changes": changes.check,
        "recovery": recovery.check,
        "curve": curve.check,
        "modes": modes.check,
        "facilities": facilities.check,
        "modules": modules.check,
        "visits": visits.check,
        "floors": floors.check,
        "prices": prices.check,
        "worth": worth.check,
        "reasons": reasons.check,
        "social_cost": social_cost.check,
        "shares": shares.check,
        "ledger": ledger.check,
        "mutual_aid": mutual_aid.check,
    }
)
"""Every rule that reads a case, in the order in which violations are listed."""

PREPARATION_RULES: tuple[Callable[[Preparation], Findings], ...] = (
    preparation.check,
    rotation.check,
    assurance.check,
    losses.check,
)
"""Every rule that reads a preparation, in the order in which violations are listed."""

NOT_CHECKED = (
    "whether the bound is valid: that takes a solver; only that it is not above the objective, and the gap",
    "how large prices are: only that limits with a price are full, that goods left over are worth what they are"
    " worth later, and goods sent what bringing them costs",
    "why places go short: only how much they lack; the limits and savings named took a solver",
    "what leximin, an order of terms and fronts ask for, and what rules cost: that takes a solver",
    "what the field rule costs: only that the savings stated follow from it; its own plan can be verified",
    "what coalitions of a settlement would pay, its epsilon and worst coalition: that takes a solver; only that shares"
    " and payments fit them",
    "bounds of rounds of prices: only that they do not fall, nor pass what was cleared; that takes a solver",
    "seconds, sizes, versions, seed, solver and notes: they say how the plan came about",
    "report.html, orders and workbooks: they are made from the tables checked here",
)


def verify(plan: Plan | Preparation | str | Path) -> Verdict:
    """Recompute every rule and every figure of a plan, or of a preparation; of a cycle or a comparison what adds up.

    Parameters
    ----------
    plan : Plan, Preparation, str or Path
        A plan or a preparation, or the folder of one, or of a cycle or a comparison.

    Returns
    -------
    Verdict
        Whether all holds, and each violation with its place and amount. A plan folder that is damaged
        gives a violation of ``tables`` that names file and row.

    Raises
    ------
    PlanError
        The path is not a plan folder at all.
    """
    if isinstance(plan, Plan):
        return _judged(plan, plan.tables)
    if isinstance(plan, Preparation):
        return _prepared(plan)
    path = Path(plan)
    kind = simulated.kind_of(path)
    if kind == "comparison":
        return simulated.comparison(path)
    if kind == "cycle":
        path = path / "played"
    try:
        if (path / "plan.json").is_file() and read_header(path).kind == "preparation":
            return _prepared(Preparation.load(path))
        loaded = Plan.load(path)
        verdict = _judged(loaded, written_tables(path, loaded))
        return verdict if kind != "cycle" else simulated.cycle(path.parent, verdict, float(loaded.objective or 0.0))
    except PlanError as error:
        if not (path / "plan.json").is_file():
            raise
        damage = Violation("tables", str(path), 1.0, str(error))
        return Verdict((damage,), {"tables": 1}, ("everything else: the folder cannot be read",), path.name)


def _prepared(found: Preparation) -> Verdict:
    checked, violations = {}, []
    for rule in PREPARATION_RULES:
        findings = rule(found)
        checked[findings.rule] = findings.compared
        violations += list(findings)
    for plan in found.plans.values():
        verdict = _judged(plan, plan.tables)
        violations += verdict.violations
        checked |= {name: checked.get(name, 0) + count for name, count in verdict.checked.items()}
    return Verdict(tuple(violations), checked, preparation.NOT_CHECKED, found.instance.name)


def _judged(plan: Plan, written: "Mapping[str, pd.DataFrame]") -> Verdict:
    # Absurd numbers may overflow on the way; what comes of it is compared, and violates.
    with np.errstate(over="ignore", invalid="ignore"):
        return _compared(plan, written)


def _compared(plan: Plan, written: "Mapping[str, pd.DataFrame]") -> Verdict:
    form, sound = tables.check(plan.instance, written)
    results = {"tables": form}
    case = Case(plan, sound)
    if plan.feasible:
        results |= {name: check(case) for name, check in RULES.items()}
        remarks: tuple[str, ...] = (*NOT_CHECKED, *social_cost.missing(plan.terms))
    else:
        results["figures"] = figures.without_plan(case)
        remarks = (*NOT_CHECKED, f"whether there is really no plan: the status says {plan.status}")
    violations = tuple(violation for findings in results.values() for violation in findings)
    checked = {name: findings.compared for name, findings in results.items()}
    return Verdict(violations, checked, remarks, plan.instance.name)
