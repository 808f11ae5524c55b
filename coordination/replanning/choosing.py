"""What the plan under way has chosen for the rest, as pins with a price: ``policy.change_cost`` says which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from coordination.instance import Instance
    from coordination.plans import Plan

SENT = ["fleet", "origin", "destination", "commodity", "depart"]
COLUMNS = ["table", "where", "column", "value", "price"]


def with_chosen(state: Instance, plan: Plan, periods: int) -> Instance:
    """Return the state with pins for what is still to be done and costs something to change.

    Roles of tasks under way are held anyway, unless news lets them go: then keeping a doer saves the price.

    Parameters
    ----------
    state : Instance
        News carried out. What it has of pins with a price is of an earlier plan, and replaced.
    plan : Plan
        The plan under way.
    periods : int
        Periods of it that are carried out.
    """
    prices = state.policy.change_cost or {}
    given = state.given("pins").astype(object)
    hard = given[state.pins["price"].isna().to_numpy()]
    chosen = _doers(state, plan, prices.get("doer", 0.0)) + _shipments(plan, periods, prices.get("shipment", 0.0))
    if not chosen and len(hard) == len(given):
        return state
    pins = pd.concat([hard, pd.DataFrame(chosen, columns=COLUMNS).astype(object)], ignore_index=True)
    return state.replace(pins=pins.where(pins.notna(), None))


def _doers(state: Instance, plan: Plan, price: float) -> list[dict[str, Any]]:
    roles = plan.responsibilities
    doing = roles[(roles["role"] == "responsible") & roles["task"].isin(state.tasks["task"])]
    pairs = doing[["task", "party"]].drop_duplicates().itertuples(index=False, name=None)
    return [
        {"table": "responsibilities", "where": f"task={task};role=responsible", "column": "party", "value": party,
         "price": price}
        for task, party in pairs
        if price > 0
    ]  # fmt: skip


def _shipments(plan: Plan, periods: int, price: float) -> list[dict[str, Any]]:
    left = plan.shipments[plan.shipments["depart"] >= periods]
    left = left.assign(depart=left["depart"] - periods).groupby(SENT, as_index=False)[["quantity"]].sum()
    return [
        {"table": "shipments", "where": ";".join(f"{name}={row[name]}" for name in SENT), "column": "quantity",
         "value": repr(float(row["quantity"])), "price": price}
        for row in left.to_dict("records")
        if price > 0
    ]  # fmt: skip
