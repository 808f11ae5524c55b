"""What tables name: ids that decisions, rules or owners refer to, and that therefore stay themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.instance.tables import TABLES

if TYPE_CHECKING:
    from coordination.instance import Instance

COUNTED = {
    "zones": {
        ("zones", "parent"), ("places", "zone"), ("parties", "zone"), ("tasks", "zone"), ("observations", "zone"),
    },
    "places": {("roads", "from"), ("roads", "to"), ("needs", "place"), ("backlogs", "place")},
    "parties": {
        ("places", "owner"), ("parties", "superior"), ("skills", "party"), ("needs", "party"), ("efforts", "party"),
        ("interests", "party"),
    },
    "tasks": {("efforts", "task")},
}  # fmt: skip
"""By table referred to: columns that follow what is put together, and so name nothing. Every other reference does."""


def named(instance: Instance, target: str) -> set[str]:
    """Return the ids of a table that others name.

    Parameters
    ----------
    instance : Instance
        Whose tables.
    target : str
        zones, places, parties or tasks.
    """
    lost = instance.tables["losses"]
    found: set[str] = set(lost.loc[lost["table"] == target, "id"].tolist())
    for name, table in TABLES.items():
        for column in table.columns.values():
            if column.kind.reference != target or (name, column.name) in COUNTED[target]:
                continue
            cells = instance.tables[name][column.name].dropna().unique().tolist()
            listed = column.kind.writing == "list"
            found |= {part for cell in cells for part in (cell.split(";") if listed else [cell]) if part != "*"}
    return found
