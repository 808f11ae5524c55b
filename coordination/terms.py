"""The terms of the social cost, declared once: name, sign, the policy key or column that prices it.

The default objective is the sum of these terms, each a figure of the plan with the sign it enters with
(section "Social cost" of the notation in ``models/README.md``).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One term of the social cost.

    Attributes
    ----------
    name : str
        Key in ``plan.json`` and name of the expression in the formulation.
    meaning : str
        One phrase for people.
    priced_by : str
        Table column or policy key that turns amounts into money.
    responsibility : bool
        Whether the term belongs to the responsibility side (else to supply).
    """

    name: str
    meaning: str
    priced_by: str
    responsibility: bool = False


TERMS: tuple[Term, ...] = (
    Term("deprivation", "going without, by time without", "commodities.cost_without or deprivation"),
    Term("lapsed", "need that lapsed unmet", "commodities.cost_lapsed"),
    Term("overflow", "tonnes above storage", "policy.overflow_cost"),
    Term("gap_hours", "task hours not covered", "tasks.gap_cost", responsibility=True),
    Term("gap_backups", "backups missing", "policy.backup_cost", responsibility=True),
    Term("gap_kinds", "kinds missing", "policy.kind_cost", responsibility=True),
    Term("gap_coverage", "tasks less sure than asked for", "policy.coverage_cost", responsibility=True),
    Term("transport", "kilometres driven", "fleets.cost_per_km"),
    Term("levels", "accountability far above the task", "policy.level_cost", responsibility=True),
    Term("work", "hours worked and efforts", "skills.cost_per_hour, efforts.cost", responsibility=True),
    Term("interest", "what parties gain from tasks (negative)", "interests.benefit", responsibility=True),
    Term("everyday_value", "everyday use lost while converted", "facilities.everyday_value"),
    Term("conversion", "converting facilities", "facilities.convert_cost"),
    Term("worst_off", "the worst unserved share", "policy.worst_off"),
    Term("handover", "changes of doers within a task's window", "policy.handover_cost", responsibility=True),
    Term("change", "decided otherwise than before", "policy.change_cost"),
    Term("repair", "hours of crews that repair", "skills.cost_per_hour"),
    Term("mode", "operating modes, and going into them", "mode_rules"),
)
"""All terms, in the order in which plans list them."""

TERM_NAMES: tuple[str, ...] = tuple(term.name for term in TERMS)
RESPONSIBILITY_TERMS: tuple[str, ...] = tuple(term.name for term in TERMS if term.responsibility)
