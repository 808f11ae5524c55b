"""Gaps: what tasks ask for and nobody gives, added up by district and kind, the largest tasks first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coordination.instance.titles import titles
from coordination.report.view import records

if TYPE_CHECKING:
    from coordination.report.view import View

MOST = 20


@dataclass(frozen=True)
class Total:
    """One kind of gap of one skill or kind of party, over the whole city."""

    kind: str
    what: str
    amount: float
    tasks: int


@dataclass(frozen=True)
class TaskGap:
    """One task's gap."""

    task: str
    zone: str
    kind: str
    what: str
    amount: float


@dataclass(frozen=True)
class Gaps:
    """Totals, the largest single gaps, and how many there are."""

    totals: list[Total]
    largest: list[TaskGap]
    count: int


def gaps(view: View) -> Gaps:
    """Return the gaps of the plan."""
    table, texts = view.plan.gaps, view.texts
    by_kind = table.groupby(["kind", "what"], as_index=False).agg(amount=("amount", "sum"), tasks=("task", "nunique"))
    by_kind = by_kind.sort_values(["kind", "amount"], ascending=[True, False], kind="stable")
    by_task = table.groupby(["task", "kind", "what"], as_index=False).agg(amount=("amount", "sum"))
    by_task = by_task.sort_values("amount", ascending=False, kind="stable")
    zones = dict(records(view.instance.tasks[["task", "zone"]]))
    names = titles(view.instance.tasks, "task")
    largest = [
        TaskGap(names[task], view.zones[zones[task]], texts.named("gap_kinds", kind), _what(view, kind, what), amount)
        for task, kind, what, amount in records(by_task.head(MOST))
    ]
    totals = [Total(kind, _what(view, kind, what), amount, tasks) for kind, what, amount, tasks in records(by_kind)]
    return Gaps(totals, largest, len(by_task))


def _what(view: View, kind: str, what: str) -> str:
    """Return what is missing for people: a skill as it is called, a kind of party in words."""
    return view.texts.named("party_kinds", what) if kind == "kind" else what
