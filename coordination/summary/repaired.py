"""The lines of the summary on repairs: by whom, from when things are whole, what that saves, what is lost meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.summary import strings
from coordination.wording import amount, listed

if TYPE_CHECKING:
    from coordination.plans import Plan

MOST_REPAIRS = 5


def repaired_lines(plan: Plan) -> list[str]:
    """Return what a plan says of repairs; nothing where nothing is damaged.

    Parameters
    ----------
    plan : Plan
        With a feasible solution.
    """
    figures = plan.recovery
    if figures is None:
        return []
    told = [_repair(plan, row) for row in figures["repairs"][:MOST_REPAIRS]]
    more = len(figures["repairs"]) - len(told)
    texts = [*told, *([f"{more} more"] if more else [])]
    root = str(plan.instance.zones.loc[plan.instance.zones["parent"].isna(), "zone"].iloc[0])
    area = amount(float(figures["area_lost"][root]))
    lines = [strings.REPAIRED.format(repairs=listed(texts) if texts else strings.NO_REPAIR, zone=root, area=area)]
    return lines + ([strings.LEFT.format(things=listed(figures["left"]))] if figures["left"] else [])


def _repair(plan: Plan, row: dict[str, object]) -> str:
    """Return one repair in words, with what it saves where that was found out."""
    saves, currency = row["saves"], plan.instance.currency
    money = "" if not isinstance(saves, float) else f"{amount(saves)} {currency}".strip()
    words = strings.REPAIR_SAVES.format(money=money) if money else ""
    return strings.REPAIR.format(thing=row["thing"], party=row["party"], period=row["whole_from"], saves=words)
