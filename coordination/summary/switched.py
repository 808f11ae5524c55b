"""The lines of the summary on operating modes that zones choose: when they switch, and why then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coordination.summary import strings
from coordination.wording import amount, listed

if TYPE_CHECKING:
    from coordination.plans import Plan

MOST_SWITCHES = 5


def switched_lines(plan: Plan) -> list[str]:
    """Return what a plan says of the modes that zones choose; nothing where they choose none.

    Parameters
    ----------
    plan : Plan
        With a feasible solution.
    """
    if plan.switching is None:
        return []
    rows = plan.switching["switches"]
    told = [_switch(row, plan.instance.currency or "") for row in rows[:MOST_SWITCHES]]
    more = [f"{len(rows) - len(told)} more"] if len(rows) > len(told) else []
    return [strings.SWITCHED.format(switches=listed([*told, *more]) if told else strings.NO_SWITCH)]


def _switch(row: dict[str, Any], currency: str) -> str:
    """Return one switch in words, with what another period would cost where that was found out."""
    ways = [
        strings.SWITCH_OTHERWISE.format(money=f"{amount(row[way])} {currency}".strip(), way=way)
        for way in ("earlier", "later")
        if isinstance(row[way], float)
    ]
    why = f" ({listed(ways)})" if ways else ""
    words = {name: row[name] for name in ("zone", "period", "left", "entered")}
    return strings.SWITCH.format(**words, why=why)
