"""What of an instance a simulation does not carry out yet: refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import UsageError
from coordination.instance.tables import TABLES
from coordination.replanning.lacking import refuse_what_does_not_go_on
from coordination.wording import counted

if TYPE_CHECKING:
    from coordination.instance import Instance

TABLES_LEFT_OUT = ("facilities", "modules", "damage")
"""Halls that are converted and roads that are repaired take decisions that nothing here carries out."""


def refuse_what_is_not_played(instance: Instance) -> None:
    """Refuse what plans decide and simulations do not carry out.

    Raises
    ------
    UsageError
        It names the tables and columns.
    """
    refuse_what_does_not_go_on(instance)
    found = [
        f"{name} ({counted(len(instance.tables[name]), 'row')})"
        for name in TABLES_LEFT_OUT
        if name in TABLES and len(instance.tables[name])
    ]
    services = int(instance.commodities["service"].fillna(False).sum()) if "service" in instance.commodities else 0
    found += [f"commodities.service ({counted(services, 'row')})"] if services else []
    if found:
        raise UsageError(
            f"{instance.name}: found {'; '.join(found)}; a simulation does not carry them out yet. Leave them out."
        )
