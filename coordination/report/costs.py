"""The social cost term by term, as bars that start from a common zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coordination.terms import TERM_NAMES, TERMS

if TYPE_CHECKING:
    from coordination.report.view import View


@dataclass(frozen=True)
class Bar:
    """A term with its bar; `left` and `width` are shares of the drawing's width."""

    name: str
    label: str
    meaning: str
    value: float
    left: float
    width: float


@dataclass(frozen=True)
class Costs:
    """The terms that are not zero, the names of those that are, where zero lies, and the total."""

    bars: list[Bar]
    nothing: list[str]
    zero: float
    total: float


def costs(view: View) -> Costs | None:
    """Return the terms of the plan with their bars; None without a feasible plan."""
    plan, texts = view.plan, view.texts
    if plan.objective is None:
        return None
    meanings = {term.name: term.meaning for term in TERMS}
    ordered = [name for name in TERM_NAMES if name in plan.terms] + [n for n in plan.terms if n not in TERM_NAMES]
    values = {name: plan.terms[name] for name in ordered}
    low, high = min(0.0, *values.values(), 0.0), max(0.0, *values.values(), 0.0)
    span = (high - low) or 1.0
    bars = [
        Bar(
            name=name,
            label=texts.named("terms", name),
            meaning=meanings.get(name, ""),
            value=value,
            left=(min(value, 0.0) - low) / span,
            width=abs(value) / span,
        )
        for name, value in values.items()
        if value != 0
    ]
    nothing = [texts.named("terms", name) for name, value in values.items() if value == 0]
    return Costs(bars, nothing, -low / span, plan.objective)
