"""What a truth must share with what is believed: the same things, in the same order, at the same times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import UsageError, shown

if TYPE_CHECKING:
    from coordination.instance import Instance

KEYS = {
    "zones": "zone", "places": "place", "roads": "road", "parties": "party", "commodities": "commodity",
    "fleets": "fleet", "tasks": "task", "scenarios": "scenario",
}  # fmt: skip


def expect_alike(believed: Instance, truth: Instance) -> None:
    """Refuse a truth that is about other things than what is believed.

    Raises
    ------
    UsageError
        It names the first thing that differs.
    """
    for name in ("periods", "period_hours"):
        mine, its = getattr(believed, name), getattr(truth, name)
        if mine != its:
            raise UsageError(f"truth {truth.name}: found {name} {its:g}; expected {mine:g}, as in {believed.name}")
    for table, column in KEYS.items():
        mine, its = believed.tables[table][column].tolist(), truth.tables[table][column].tolist()
        if mine == its:
            continue
        pairs = enumerate(zip(mine, its, strict=False))
        row = next((number for number, (one, other) in pairs if one != other), min(len(mine), len(its)))
        found, wanted = (shown(ids[row]) if row < len(ids) else "no such row" for ids in (its, mine))
        raise UsageError(
            f"truth {truth.name}: {table}, row {row + 2}: found {column} {found}; expected {wanted}: a truth has the "
            f"{table} of {believed.name}, in the same order"
        )
