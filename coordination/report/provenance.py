"""Where the plan comes from: everything needed to make it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coordination.report.numbers import amount, seconds

if TYPE_CHECKING:
    from coordination.report.view import View


@dataclass(frozen=True)
class Provenance:
    """Pairs of label and value, in groups."""

    facts: list[tuple[str, str]]
    seconds: list[tuple[str, str]]
    sizes: list[tuple[str, str]]
    options: list[tuple[str, str]]
    versions: list[tuple[str, str]]
    solver: list[tuple[str, str]]
    notes: list[str]


def provenance(view: View) -> Provenance:
    """Return what the plan was made from and with."""
    plan, texts, instance = view.plan, view.texts, view.instance
    facts = [
        (texts("provenance.instance"), instance.name),
        (texts("provenance.sha256"), plan.sha256),
        (texts("provenance.source"), str(instance.source or texts("provenance.unknown"))),
        (texts("provenance.seed"), texts("provenance.unknown") if plan.seed is None else str(plan.seed)),
        (texts("provenance.status"), str(plan.status)),
    ]
    stages = [(texts.named("stages", name.replace(" ", "_")), seconds(value)) for name, value in plan.seconds.items()]
    return Provenance(
        facts,
        stages,
        _pairs(plan.sizes),
        _pairs(plan.options),
        sorted(plan.versions.items()),
        list(plan.solver.items()),
        list(plan.notes),
    )


def _pairs(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return names and values as text, nested ones with dotted names."""
    pairs: list[tuple[str, str]] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            pairs += _pairs(value, f"{prefix}{name}.")
        else:
            plain = isinstance(value, int) and not isinstance(value, bool)
            pairs.append((f"{prefix}{name}".replace("_", " "), amount(value) if plain else _said(value)))
    return pairs


def _said(value: Any) -> str:
    return "–" if value is None else str(value)
