"""Rules on roles that the field rule does not know: its roles could break them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import UsageError
from coordination.planning.pins import hard_pins
from coordination.wording import counted

if TYPE_CHECKING:
    from coordination.instance import Instance


def unknown_rules(instance: Instance) -> list[str]:
    """Return the tables and keys with rules on roles that dispatchers would not look at."""
    found = [
        f"{name} ({counted(len(instance.tables[name]), 'row')})"
        for name in ("depends", "conflicts")
        if len(instance.tables[name])
    ]
    ordered = int((instance.mandates["rule"] == "must").sum())
    found += [f"mandates (must: {counted(ordered, 'row')})"] if ordered else []
    hard = hard_pins(instance)
    found += [f"pins ({counted(hard, 'row')})"] if hard else []
    under_way = int((instance.held["table"] == "tasks").sum())
    found += [f"held (tasks: {counted(under_way, 'row')})"] if under_way else []
    return found + (["policy.backup_diversity"] if instance.policy.backup_diversity else [])


def refuse_unknown_rules(instance: Instance) -> None:
    """Refuse to dispatch an instance with such rules.

    Raises
    ------
    UsageError
        It names them.
    """
    found = unknown_rules(instance)
    if found:
        raise UsageError(
            f"{instance.name}: the field rule does not know {'; '.join(found)}: it would break them. "
            "Plan it with rationing social_cost, or leave these rules out."
        )
