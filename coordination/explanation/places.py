"""Why a place goes short: what binds on the way to it, and what more of each limit would save.

The plan's roles are held and the LP of everything else is solved again with more of one limit in one period
(`coordination.planning.reasons`). The optimum of an LP is exact, so with the roles held a saving is the true one; with
roles free to change as well it could only be larger. On cases too large to be solved whole, only shipments that
the prices call for are in the LP: there, too, it could be larger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.explanation import strings
from coordination.explanation.explanation import Explanation, Finding
from coordination.explanation.facilities import explain_facility
from coordination.instance.titles import labels
from coordination.metrics import need_met, shortages
from coordination.planning.reasons import limits_at
from coordination.planning.reopening import reopened
from coordination.wording import percent

if TYPE_CHECKING:
    from coordination.explanation.telling import Teller
    from coordination.planning.reasons import Reason

WHOLE = "direct"


def explain_place(teller: Teller, place: str) -> Explanation:
    """Return why a place goes short.

    Parameters
    ----------
    teller : Teller
        Asks and says.
    place : str
        Id of a place of the instance.
    """
    teller.asker.need_least_cost()
    plan = teller.plan
    hall, why = explain_facility(teller, place)
    said = [*hall, *(finding.sentence for finding in why)]
    name, met = labels(plan.instance.places, "place")[place], need_met(plan, ["place"])
    asked, share = (float(met[column].get(place, 0.0)) for column in ("asked", "share"))
    if asked <= 0.0:
        return Explanation("place", place, tuple(said) or (f"{name}: {strings.NO_NEED}",), tuple(why))
    line = strings.PLACE.format(place=name, met=percent(share))
    if not (shortages(plan)["place"] == place).any():
        return Explanation("place", place, (line, strings.NOT_SHORT, *said), tuple(why))
    head, told = _told(teller, place)
    lines = (line, *head, *(finding.sentence for finding in told))
    return Explanation("place", place, (*lines, *said), (*told, *why))


def _told(teller: Teller, place: str) -> tuple[list[str], list[Finding]]:
    """Return what savings are compared with, and each limit."""
    asker, plan = teller.asker, teller.plan
    with asker.clock.interruptible():
        answer = reopened(plan, asker.options, asker.clock)
        if answer is None or answer.program is None:
            return [strings.NO_REASON.format(why=strings.NOT_SOLVED)], []
        try:
            found = limits_at(answer, plan, place)
        finally:
            answer.program.close()
    assert plan.objective is not None
    head = [
        strings.HELD.format(cost=teller.money(float(answer.figures["objective"])), planned=teller.money(plan.objective))
    ]
    exact = plan.sizes["way"] == WHOLE
    if not exact:
        head.append(strings.HELD_LARGE)
    told = [
        _finding(reason, reason.sentence if reason is main else strings.ALSO_BINDS.format(text=reason.sentence), exact)
        for main, others in found
        for reason in (main, *others)
    ]
    return (head, told) if told else ([strings.NO_REASON.format(why=strings.NO_TIME)], [])


def _finding(reason: Reason, sentence: str, exact: bool) -> Finding:
    cost = None if reason.saving is None else -reason.saving
    return Finding(
        "limit", sentence, place=reason.place, commodity=reason.commodity, limit=reason.limit, id=reason.id,
        periods=tuple(reason.periods), more=reason.more, cost=cost, least=cost if exact else None, most=cost,
        gap=0.0 if exact and cost is not None else None, why="" if cost is not None else reason.sentence,
    )  # fmt: skip
