"""A plan as written, looked at again and again: what its instance alone says is computed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.verification.case import Case as Written

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from coordination.plans import Plan

OF_THE_INSTANCE = (
    "zones", "effects", "places", "place_zone", "junction", "storage", "commodities", "tonnes", "fleets", "parties",
    "party_zone", "core", "tasks", "task_zone",
)  # fmt: skip
"""What does not depend on what is decided, where nothing is repaired: in simulations nothing is."""


def looked_at(plan: Plan, tables: Mapping[str, pd.DataFrame], known: Written | None = None, *same: str) -> Written:
    """Return a plan as written.

    Parameters
    ----------
    plan : Plan
        Of which instance and options count.
    tables : mapping of str to DataFrame
        What is decided.
    known : Written, optional
        Another look at the same instance and scenario.
    *same : str
        What else is the same in both: coverage, with the same responsibilities.
    """
    look = Written(plan, tables)
    for name in (*OF_THE_INSTANCE, *same) if known is not None else ():
        look.__dict__[name] = getattr(known, name)
    return look
