"""Why a facility is converted: what it does, whom and what it serves, what it would cost to leave it as it is.

The instance is planned again with a facility that could take nothing in any emergency use, so that converting it would
only cost: everything else is free to change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.explanation import strings
from coordination.explanation.changes import Change
from coordination.instance.facility_rules import EVERYDAY
from coordination.instance.titles import labels, titles
from coordination.wording import amount, listed, periods

if TYPE_CHECKING:
    from coordination.explanation.explanation import Finding
    from coordination.explanation.telling import Teller

CARRIES = {"storage": strings.STORES, "hand-out": strings.HANDS_OUT}


def explain_facility(teller: Teller, place: str) -> tuple[list[str], list[Finding]]:
    """Return what a facility does and why; nothing where the place is none.

    Parameters
    ----------
    teller : Teller
        Asks and says.
    place : str
        Id of a place.
    """
    plan = teller.plan
    rows = plan.instance.facilities[plan.instance.facilities["place"] == place]
    if rows.empty:
        return [], []
    first, name = rows.iloc[0], labels(plan.instance.places, "place")[place]
    words = {"place": name, "service": first["service"], "value": teller.money(float(first["everyday_value"]))}
    mine = plan.facilities[plan.facilities["place"] == place]
    if mine.empty:
        return [strings.FACILITY.format(course=EVERYDAY, **words), strings.STAYS], []
    course = [
        f"{mode} {strings.IN} {periods(part['period'].tolist())}" for mode, part in mine.groupby("mode", sort=False)
    ]
    lines = [strings.FACILITY.format(course=listed(course), **words), *_served(teller, place)]
    asked = Change(unused=place)
    return lines, [teller.finding(asked, strings.UNUSED, "unused", place=place)]


def _served(teller: Teller, place: str) -> list[str]:
    """Return what the facility adds in each use."""
    plan = teller.plan
    names = titles(plan.instance.commodities, "commodity")
    visits = plan.visits[plan.visits["facility"] == place]
    lines = [
        strings.COME.format(quantity=amount(float(part["quantity"].sum())), commodity=names[str(commodity)],
                            places=amount(part["place"].nunique()))
        for commodity, part in visits.groupby("commodity")
    ]  # fmt: skip
    capacity = plan.instance.facilities.set_index(["place", "emergency_use"])["emergency_capacity"]
    used = set(plan.facilities.loc[plan.facilities["place"] == place, "mode"])
    for use, text in CARRIES.items():
        if use in used:
            lines.append(text.format(tonnes=amount(float(capacity[place, use]))))
    return lines
