"""The state after some periods of a plan, as an ordinary instance: what is planned anew is that."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.errors import PlanError, UsageError
from coordination.planning.case import Case
from coordination.replanning.backlogs import backlogs_after, dense
from coordination.replanning.duties import Duties
from coordination.replanning.facilities import facilities_held
from coordination.replanning.lacking import refuse_what_does_not_go_on
from coordination.replanning.ownership import owned_after

if TYPE_CHECKING:
    from coordination.instance import Instance
    from coordination.plans import Plan

SHIFTED = {"needs": ("period",), "observations": ("period",), "events": ("period",)}
"""Tables of which the rows of periods carried out fall away."""


def state_after(plan: Plan, periods: int) -> Instance:
    """Return the state after some periods of a plan: the rest of the horizon, period 0 being the next one.

    Parameters
    ----------
    plan : Plan
        A feasible plan; its first periods are taken as carried out.
    periods : int
        How many, from 0 to all but one.

    Returns
    -------
    Instance
        Stocks are what lies there, with each owner's share; what is on its way are arrivals; what waits are
        ``backlogs`` by age; ``held`` says which roles are under way and how many hours were covered. Windows, effects
        and expiry periods count from the new period 0. Going on as planned is a plan of it, and costs what the plan
        costs less what the periods carried out did.

    Raises
    ------
    PlanError
        There is no plan to carry out.
    UsageError
        So many periods there are not, or none would be left; or rules are asked for that do not go on yet.
    """
    instance = plan.instance
    if plan.kind != "plan" or not plan.feasible:
        raise PlanError(f"{instance.name}: a {plan.kind} with status {plan.status} cannot be carried out")
    if not 0 <= periods < instance.periods:
        raise UsageError(
            f"{instance.name}: {periods} periods cannot be carried out so that some are left: there are "
            f"{instance.periods}; expected 0 to {instance.periods - 1}"
        )
    refuse_what_does_not_go_on(instance)
    if periods == 0:
        return instance
    case = Case.of(instance)
    duties = Duties(plan, periods)
    tables = duties.tables() | _goods(case, plan, periods) | _shifted(instance, periods)
    tables["backlogs"] = backlogs_after(case, plan, periods)
    tables["effects"] = _effects(instance, periods)
    held = duties.held() + _needs_met(case, plan, periods) + facilities_held(case, plan, periods)
    tables["held"] = held
    start = instance.start + timedelta(hours=periods * instance.period_hours)
    return instance.replace(periods=instance.periods - periods, start=start.isoformat(), **tables)


def _shifted(instance: Instance, periods: int) -> dict[str, pd.DataFrame]:
    """Return tables of things in single periods, without those that are over."""
    tables = {}
    for name, columns in SHIFTED.items():
        table = instance.given(name)
        table = table[table[columns[0]] >= periods].copy()
        for column in columns:
            table[column] = table[column] - periods
        tables[name] = table
    return tables


def _goods(case: Case, plan: Plan, periods: int) -> dict[str, pd.DataFrame]:
    """Return what lies where, and what comes in, be it on its way already or from outside."""
    owned = owned_after(plan, case.world, periods)
    arrivals = case.instance.given("arrivals")
    # An effect on arrivals acts on what comes from outside, not on what is on its way: it is carried out here.
    arrivals["quantity"] = case.world.arrivals["quantity"].to_numpy()
    arrivals = arrivals[arrivals["period"] >= periods].copy()
    for column in ("period", "expires"):
        arrivals[column] = arrivals[column] - periods
    coming = _told(owned.coming, periods).assign(period=owned.coming["period"].to_numpy() - periods)
    # What arrives after the last period serves nothing here.
    coming = coming[coming["period"] < case.periods - periods]
    order = ["place", "commodity", "period", "quantity", "owner", "expires"]
    return {
        "stocks": _told(owned.lying, periods),
        "arrivals": pd.concat([arrivals[order], coming[order]], ignore_index=True),
    }


def _told(goods: pd.DataFrame, periods: int) -> pd.DataFrame:
    """Return goods as rows of ``stocks``: expiry counted from the new beginning, blank where there is none."""
    last = goods["expires"].to_numpy(dtype=float) - periods
    expires = np.where(np.isinf(last), np.nan, last)
    return goods.assign(expires=expires)[["place", "commodity", "quantity", "owner", "expires"]]


def _effects(instance: Instance, periods: int) -> pd.DataFrame:
    """Return effects that still act: on stocks those that are still to strike, on others those not yet over."""
    effects = instance.given("effects")
    end = instance.effects["end"]
    gone = np.where(effects["table"] == "stocks", effects["start"] < periods, end < periods)
    done = (effects["table"] == "arrivals") & (effects["scenario"] == instance.scenario)
    effects = effects[~(gone | done.to_numpy())].copy()
    struck = effects["table"] == "stocks"
    effects["start"] = (effects["start"] - periods).clip(lower=0)
    # Of an effect on stocks only its start counts; its end only must not lie before it.
    effects["end"] = np.where(struck, np.nan, effects["end"] - periods)
    return effects


def _needs_met(case: Case, plan: Plan, periods: int) -> list[dict[str, Any]]:
    """Return what was needed and served so far, as rows of ``held``: the worst off count over the whole horizon."""
    if case.instance.policy.worst_off <= 0:
        return []
    waiting, (need, served) = case.waiting, case.met_before
    need, served = need.copy(), served.copy()
    at = tuple(waiting.keys[name].to_numpy(dtype=int) for name in ("place", "commodity"))
    left = dense(case, plan.service, "backlog")[:, periods - 1]
    np.add.at(need, at, waiting.start + waiting.need[:, :periods].sum(axis=1) - left)
    np.add.at(served, at, dense(case, plan.service, "served")[:, :periods].sum(axis=1))
    place, commodity = np.nonzero((need > 0) | (served > 0))
    places, goods = case.coding.places.to_numpy(dtype=object), case.coding.commodities.to_numpy(dtype=object)
    return [
        {"table": "needs", "id": f"{places[n]};{goods[c]}", "mode": "met", "periods": periods,
         "need": max(0.0, float(need[n, c])), "served": float(served[n, c])}
        for n, c in zip(place.tolist(), commodity.tolist(), strict=True)
    ]  # fmt: skip
