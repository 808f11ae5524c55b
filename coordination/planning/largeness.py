"""Rules that large cases do not keep yet: refused by name.

A large case is planned area by area, with periods merged and accountability apart (`coordination.planning.separate`).
Kept all the same are ``may`` and ``must_not``, orders for all but the consulted, diversity of backups, and who is
consulted where nobody must be: they bar pairs, stay within one task, or follow from the other roles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import UsageError
from coordination.planning.amounts import set_rows
from coordination.planning.ruled import ruled
from coordination.wording import counted

if TYPE_CHECKING:
    from coordination.planning.case import Case

BY_PERIOD = ("handover_cost", "escalation_delay")
"""Keys of the policy with which doers are chosen by period."""


def refuse_what_large_cases_lack(case: Case, *, by_area: bool = False) -> None:
    """Refuse a large case with rules that are not kept there.

    Parameters
    ----------
    case : Case
        The case.
    by_area : bool
        Whether the case is so large that no LP of the whole city is solved.

    Raises
    ------
    UsageError
        It names the tables and rows, and the keys of the policy.
    """
    instance = case.instance
    mandates = instance.mandates
    ordered = (mandates["rule"] == "must") & (mandates["role"] == "consulted")
    lacking = [f"{name} ({counted(len(instance.tables[name]), 'row')})" for name in ("depends", "conflicts")]
    lacking = [text for name, text in zip(("depends", "conflicts"), lacking, strict=True) if len(instance.tables[name])]
    lacking += [f"policy.{key}" for key in BY_PERIOD if getattr(instance.policy, key) is not None]
    amounts = [line for line, _ in set_rows(instance)]
    if amounts:
        lacking.append(f"pins (on amounts: {counted(len(amounts), 'row')})")
    if ordered.any():
        rows = ", ".join(str(row + 2) for row in ordered[ordered].index[:5])
        lacking.append(f"mandates (must for consulted: {int(ordered.sum())} rows, such as {rows})")
    priced = int(instance.pins["price"].notna().sum())
    lacking += [f"pins with a price ({counted(priced, 'row')})"] if priced else []
    met = int((instance.held["table"] == "needs").sum()) if instance.policy.worst_off > 0 else 0
    lacking += [f"policy.worst_off with needs met before (held: {counted(met, 'row')})"] if met else []
    halls = case.facilities.places
    fair = bool(ruled(instance.policy))
    if len(halls) and (by_area or fair):
        beside = "" if by_area else ", beside rules on who goes short"
        lacking.append(f"facilities ({len(halls)} places that can be converted{beside})")
    if lacking:
        raise UsageError(
            f"{instance.name} is too large for {'; '.join(lacking)}: large cases are planned area by area, where these "
            "rules are not kept yet. Plan a part of the city, or leave them out."
        )
