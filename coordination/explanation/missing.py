"""Why a task has gaps: which hours bind, and what one more of them would save."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.explanation import strings
from coordination.explanation.changes import Change
from coordination.wording import amount, periods

if TYPE_CHECKING:
    import pandas as pd

    from coordination.explanation.explanation import Finding
    from coordination.explanation.tasks import Subject


def why_missing(subject: Subject) -> list[str | Finding]:
    """Return why hours, backups, kinds and coverage are missing; nothing where none are.

    Parameters
    ----------
    subject : Subject
        The task.
    """
    gaps = subject.teller.plan.gaps
    mine = gaps[gaps["task"] == subject.id]
    return [*_hours(subject, mine[mine["kind"] == "hours"]), *_others(subject, mine[mine["kind"] != "hours"])]


def _hours(subject: Subject, rows: pd.DataFrame) -> list[str | Finding]:
    """Return why hours are not covered: parties whose hours bind then, doers at their most, hours left over."""
    if rows.empty:
        return []
    when, lacking = sorted(int(period) for period in rows["period"]), float(rows["amount"].sum())
    cost = subject.teller.money(lacking * float(subject.task["gap_cost"]))
    told: list[str | Finding] = [strings.GAP_HOURS.format(hours=amount(lacking), periods=periods(when), cost=cost)]
    idle, doing = [], subject.holders("responsible")
    for _, pair in subject.pairs[subject.pairs["may_do"]].iterrows():
        binds = when if not pair["able"] else subject.loads.binding(pair, when)
        if binds:
            told.append(_one_hour(subject, str(pair["party_id"]), binds))
        elif pair["party_id"] not in doing:
            idle.append(str(pair["party_id"]))
    if not subject.room("responsible"):
        words = {"most": str(len(doing))}
        change = Change(doers={subject.id: 1})
        told.append(subject.teller.finding(change, strings.DOERS_BIND, "doers", words, task=subject.id))
    if idle:
        told.append(strings.NOT_BINDING.format(names=subject.names(idle)))
    return told


def _one_hour(subject: Subject, party: str, binds: list[int]) -> Finding:
    words = {"party": subject.teller.parties[party], "periods": periods(binds)}
    change = Change(hours={party: 1.0})
    return subject.teller.finding(change, strings.BINDING, "hours", words, task=subject.id, party=party)


def _others(subject: Subject, rows: pd.DataFrame) -> list[str | Finding]:
    """Return which backups, kinds and coverage are missing; what who could fill in costs is told with the roles."""
    policy = subject.teller.plan.instance.policy
    texts = {
        "backup": (strings.GAP_BACKUP, policy.backup_cost),
        "kind": (strings.GAP_KIND, policy.kind_cost),
        "coverage": (strings.GAP_COVERAGE, policy.coverage_cost),
    }
    told: list[str | Finding] = []
    for kind, number, what in rows[["kind", "amount", "what"]].itertuples(index=False, name=None):
        text, price = texts[kind]
        told.append(
            text.format(
                number=amount(number), kind=what, asked=amount(policy.coverage or 0.0),
                cost=subject.teller.money(price * number),
            )
        )  # fmt: skip
    return told
