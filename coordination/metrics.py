"""Figures that people ask of a plan: shares of need met, days of stock, hours covered, what is scarce.

Read from the plan's tables alone, so that summary, report and workbook say the same. Goods of different
units are added up by weight (tonnes).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from coordination.plans.plan import Plan

SHORT = 1e-6
"""Less than this share of what was asked for is rounding, not lacking."""


def need_met(plan: Plan, by: Sequence[str] = (), tonnes: bool = True) -> pd.DataFrame:
    """Return how much was asked for and how much of it was met.

    Parameters
    ----------
    plan : Plan
        Any plan.
    by : sequence of str
        Columns of the service table to tell apart (place, commodity, group, period); none for one row in all.
        With ``period``, backlogs from before the horizon count in period 0.
    tonnes : bool
        Whether amounts are weights; else in the commodity's unit, which only makes sense by commodity.

    Returns
    -------
    DataFrame
        Index: `by` (a single 0 for none). ``asked``: need of the horizon and backlogs from before it;
        ``served``; ``short``: asked but not served, waiting or lapsed, at least 0; ``share``: served / asked,
        1 where nothing was asked.
    """
    instance, service = plan.instance, plan.service
    before = instance.backlogs[["place", "commodity", "group", "quantity"]]
    before = before.rename(columns={"quantity": "asked"}).assign(period=0, served=0.0)
    during = service[["place", "commodity", "group", "period", "need", "served"]].rename(columns={"need": "asked"})
    rows = pd.concat([part for part in (during, before) if len(part)] or [during], ignore_index=True)
    if tonnes:
        weight = rows["commodity"].map(instance.commodities.set_index("commodity")["kg"]) / 1000
        rows = rows.assign(asked=rows["asked"] * weight, served=rows["served"] * weight)
    keys = list(by) or np.zeros(len(rows), dtype=int)
    sums = rows.groupby(keys)[["asked", "served"]].sum().astype(float)
    if not by and sums.empty:
        sums = pd.DataFrame({"asked": [0.0], "served": [0.0]})
    share = (sums["served"] / sums["asked"]).where(sums["asked"] > 0, 1.0)
    return sums.assign(short=(sums["asked"] - sums["served"]).clip(lower=0.0), share=share)


def shortest(plan: Plan, most: int = 10) -> pd.DataFrame:
    """Return the places that are served the smallest share of their need, each with its worst commodity.

    Parameters
    ----------
    plan : Plan
        Any plan.
    most : int
        How many places at most.

    Returns
    -------
    DataFrame
        ``place``; ``met``: share of all its need by weight; ``commodity``: the one of which it lacks the largest
        share (then the most tonnes); ``asked``, ``served``, ``short`` (units of it), ``share`` (served / asked).
        The smallest ``met`` first, then the most tonnes short, then by id; places that lack nothing are left out.
    """
    return shortages(plan).drop_duplicates("place").head(most).reset_index(drop=True)


def shortages(plan: Plan) -> pd.DataFrame:
    """Return what each place lacks, commodity by commodity.

    Parameters
    ----------
    plan : Plan
        Any plan.

    Returns
    -------
    DataFrame
        As `shortest`, with a row for every commodity that a place lacks, the largest share first.
    """
    rows = need_met(plan, ["place", "commodity"], tonnes=False).reset_index()
    rows["tonnes"] = rows["short"] * rows["commodity"].map(plan.instance.commodities.set_index("commodity")["kg"]) / 1e3
    whole = need_met(plan, ["place"])
    rows["met"], rows["lacking"] = rows["place"].map(whole["share"]), rows["place"].map(whole["short"])
    rows = rows[rows["short"] > SHORT * rows["asked"].clip(lower=1.0)]
    order = rows.round(9).assign(lacking=-rows["lacking"].round(9), tonnes=-rows["tonnes"].round(9))
    rows = rows.loc[order.sort_values(["met", "lacking", "place", "share", "tonnes", "commodity"]).index]
    columns = ["place", "met", "commodity", "asked", "served", "short", "share"]
    return rows[columns].reset_index(drop=True)


def vulnerable_group(plan: Plan) -> str | None:
    """Return the group of people that weighs most above the general one; None if nobody of such a group needs anything.

    Parameters
    ----------
    plan : Plan
        Any plan.

    Returns
    -------
    str or None
        Of groups of one weight ``vulnerable``, else the first by name.
    """
    weights = plan.instance.policy.group_weights
    groups = set(plan.service["group"].unique()) | set(plan.instance.backlogs["group"].unique())
    heavier = [group for group in groups if weights.get(group, 0.0) > weights["general"]]
    return max(sorted(heavier), key=lambda group: (weights[group], group == "vulnerable"), default=None)


def hours_covered(plan: Plan) -> pd.DataFrame:
    """Return the hours that each task asks for and how many are covered, over its whole window.

    Parameters
    ----------
    plan : Plan
        Any plan.

    Returns
    -------
    DataFrame
        Index: task, in the instance's order. ``asked``, ``covered`` (hours), ``share`` (1 where none are asked).
    """
    tasks = plan.instance.tasks.set_index("task")
    asked = tasks["hours"] * _active_periods(plan).to_numpy()
    roles = plan.responsibilities[plan.responsibilities["role"] == "responsible"]
    worked = roles["hours"].fillna(0.0) * (roles["end"] - roles["start"] + 1)
    covered = worked.groupby(roles["task"]).sum().reindex(tasks.index, fill_value=0.0)
    share = (covered / asked).where(asked > 0, 1.0)
    return pd.DataFrame({"asked": asked, "covered": covered, "share": share})


def _active_periods(plan: Plan) -> pd.Series[int]:
    """Return in how many periods each task is to be done, by its window and the modes of its zone."""
    tasks = plan.instance.tasks
    whole = tasks["end"] - tasks["start"] + 1
    if tasks["mode"].isna().all():
        return whole
    here = tasks[["task", "zone", "start", "end"]].assign(wanted=tasks["mode"].fillna("any").str.split(";"))
    here = here.explode("wanted").drop_duplicates(["task", "wanted"]).merge(plan.modes, on="zone")
    here = here[(here["period"] >= here["start"]) & (here["period"] <= here["end"])]
    here = here[(here["wanted"] == "any") | (here["wanted"] == here["mode"])]
    return here.drop_duplicates(["task", "period"]).groupby("task").size().reindex(tasks["task"], fill_value=0)


def stock_days(plan: Plan) -> pd.DataFrame:
    """Return for how many days of average need the goods in store would last.

    Parameters
    ----------
    plan : Plan
        Any plan.

    Returns
    -------
    DataFrame, shape (commodities, periods)
        Index: commodity; columns: periods. Goods in all places at a period's end, over the commodity's need per
        day averaged over the horizon; infinite where there are goods and no need, NaN where neither.
    """
    instance = plan.instance
    commodities, periods = pd.Index(instance.commodities["commodity"]), range(instance.periods)
    stored = plan.inventory.pivot_table(index="commodity", columns="period", values="quantity", aggfunc="sum")
    stored = stored.reindex(index=commodities, columns=periods).fillna(0.0)
    need = plan.service.groupby("commodity")["need"].sum().reindex(commodities, fill_value=0.0)
    per_day = need / (instance.periods * instance.period_hours / 24)
    with np.errstate(divide="ignore", invalid="ignore"):
        days = stored.to_numpy(dtype=float) / per_day.to_numpy(dtype=float)[:, None]
    return pd.DataFrame(days, index=commodities, columns=periods)


def scarcity(plan: Plan) -> pd.DataFrame:
    """Return what is scarce, the dearest first.

    Parameters
    ----------
    plan : Plan
        Any plan.

    Returns
    -------
    DataFrame
        One row per limit, id and commodity: ``limit``, ``id``, ``commodity``, ``price`` (the highest of any
        period and batch, money per unit), ``period`` (when it is), ``periods`` (in how many there is a price);
        by limit in the order of the highest price, then by price.
    """
    prices = plan.prices
    keys = ["limit", "id", "commodity"]
    dearest = prices.sort_values(["price", "period"], ascending=[False, True], kind="stable")
    dearest = dearest.drop_duplicates(keys)[[*keys, "price", "period"]]
    often = prices.groupby(keys, dropna=False)["period"].nunique().rename("periods").reset_index()
    result = dearest.merge(often, on=keys, how="left")
    top = result.groupby("limit")["price"].transform("max")
    order = pd.DataFrame({"top": -top, "limit": result["limit"], "price": -result["price"]})
    return result.loc[order.sort_values(["top", "limit", "price"], kind="stable").index].reset_index(drop=True)
