"""The lines of the summary on a plan made anew: what was carried out, the news, what changes, why, what it saves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from coordination.summary import strings
from coordination.wording import amount, counted, listed

if TYPE_CHECKING:
    from coordination.plans import Plan

MOST_NEWS = 3
MOST_CHANGES = 3


def changed_lines(plan: Plan) -> list[str]:
    """Return what a plan made anew says of the one before; nothing for others.

    Parameters
    ----------
    plan : Plan
        With a feasible solution.
    """
    origin = plan.replanned
    if origin is None:
        return []
    money = {name: _money(plan, float(origin[name])) for name in ("executed", "total", "before")}
    lines = [strings.ANEW.format(after=counted(origin["after"], "period"), **money)]
    if origin["news"]:
        more = [f"{len(origin['news']) - MOST_NEWS} more"] if len(origin["news"]) > MOST_NEWS else []
        lines.append(strings.HEARD.format(news=listed([*origin["news"][:MOST_NEWS], *more])))
    if origin["released"]:
        lines.append(strings.RELEASED.format(tasks=listed(origin["released"])))
    return lines + _changes(plan)


def _changes(plan: Plan) -> list[str]:
    table = plan.changes
    if table.empty:
        return [strings.UNCHANGED]
    roles = table[table["table"] == "responsibilities"].sort_values("saves", ascending=False, kind="stable")
    sent = counted(int((table["table"] == "shipments").sum()), "shipment")
    lines = [strings.CHANGED.format(shipments=sent, roles=counted(len(roles), "role"))]
    columns = ("key", "before", "after", "why", "saves")
    for key, before, after, why, saved in zip(*(roles[name].head(MOST_CHANGES) for name in columns), strict=True):
        saves = "" if math.isnan(saved) else strings.CHANGE_SAVES.format(money=_money(plan, saved))
        old, new = (text if isinstance(text, str) else strings.NOBODY for text in (before, after))
        lines.append(strings.CHANGE.format(key=key, before=old, after=new, why=why, saves=saves))
    origin, told = plan.replanned, min(len(roles), MOST_CHANGES)
    if origin is not None and origin["keeping"] is not None and plan.objective is not None:
        saved = float(origin["keeping"]) - plan.objective + plan.terms.get("change", 0.0)
        keeping = _money(plan, float(origin["keeping"]))
        lines.insert(1, strings.ALL_SAVE.format(keeping=keeping, saves=_money(plan, max(0.0, saved))))
    return lines + ([strings.AND_MORE.format(count=len(table) - told)] if len(table) > told else [])


def _money(plan: Plan, value: float) -> str:
    currency = plan.instance.currency
    return f"{amount(value)} {currency}" if currency else amount(value)
