"""Why places go short: the limit that binds, found by prices and confirmed by a re-solve."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from coordination.planning.reasons.reason import Reason as Reason
from coordination.planning.reasons.search import limits_at as limits_at
from coordination.planning.reasons.search import reasons_for as reasons_for

if TYPE_CHECKING:
    from coordination.planning.answer import Answer
    from coordination.planning.clock import Clock
    from coordination.plans import Plan

__all__ = ["Reason", "explained", "limits_at", "reasons_for"]


def explained(answer: Answer, plan: Plan, clock: Clock) -> Plan:
    """Return the plan with the reasons why places go short, and let the answer's LP go.

    Parameters
    ----------
    answer : Answer
        With its LP open.
    plan : Plan
        What the answer means.
    clock : Clock
        Once it is over there are no more reasons. The time goes to its stage ``explain``, solves included.
    """
    try:
        solved = clock.seconds.get("solve", 0.0)
        with clock.stage("explain"):
            reasons = [reason.as_dict() for reason in reasons_for(answer, plan)]
        clock.seconds["explain"] -= clock.seconds.get("solve", 0.0) - solved
    finally:
        if answer.program is not None:
            answer.program.close()
    return dataclasses.replace(plan, reasons=reasons, seconds=dict(clock.seconds))
