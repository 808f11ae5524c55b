"""What going on as planned would cost: the plan that keeps as near as may be to the one under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coordination.errors import CoordinationError
from coordination.planning import plan as plan_instance
from coordination.replanning.choosing import with_chosen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coordination.plans import Plan

MOST_SHIPMENTS = 5_000
"""Possible shipments up to which it is found out: it takes planning twice more."""
NEAR = {"doer": 10.0, "shipment": 1.0}
"""A doer changed counts as much as ten tonnes sent otherwise."""


def keeping_cost(before: Plan, made: Plan, periods: int, options: Mapping[str, Any]) -> float | None:
    """Return the social cost of the instance, kept as near as may be to the plan before; None where it is not known.

    Changes are made as few as news allows (`NEAR`), then the social cost as low as may be; prices of changes, paid or
    not, are left out, so that the difference to the new plan's cost without its term ``change`` is what changing saves.

    Parameters
    ----------
    before, made : Plan
        The plan under way, and the new one.
    periods : int
        Periods of the former that are carried out.
    options : mapping
        Of planning.
    """
    policy = made.instance.policy
    plain = policy.objective == "social_cost" and policy.rationing == "social_cost"
    plain = plain and policy.max_gini is None and policy.max_ratio is None
    small = int(made.sizes.get("shipments_possible", MOST_SHIPMENTS + 1)) <= MOST_SHIPMENTS
    if not (plain and small and made.feasible):
        return None
    near = made.instance.replace(policy={"objective": "lexicographic", "order": "change", "change_cost": NEAR})
    try:
        kept = plan_instance(with_chosen(near, before, periods), **options)
    except CoordinationError:
        return None
    return None if kept.objective is None else kept.objective - kept.terms["change"]
