"""Tasks of one kind put together by area, and what they cost the parties that do them.

Tasks below the level that no rule names, and that differ in nothing but where they are to be done and for how many
hours, become one: hours add up, doers and backups are as many as at one of them, for parties of one kind are one as
well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coordination.aggregation.naming import named
from coordination.instance.areas import Areas

if TYPE_CHECKING:
    from coordination.instance import Instance

COUNTED = ["task", "name", "hours", "doers", "backups"]
"""Columns in which tasks that are put together may differ."""


def task_heads(instance: Instance, above: pd.Series[str]) -> pd.Series[str]:
    """Return, by task, the task into which it goes: itself, or the first of its kind and area."""
    tasks = instance.given("tasks")
    zone = above.reindex(tasks["zone"]).to_numpy(dtype=object)
    apart = tasks["task"].isin(named(instance, "tasks")) | (zone == tasks["zone"].to_numpy())
    rows = tasks.assign(zone=zone)[~apart]
    key = [name for name in rows.columns if name not in COUNTED]
    first = rows.groupby(key, dropna=False, sort=False)["task"].transform("first")
    return pd.Series(tasks["task"].where(apart, first).to_numpy(dtype=object), tasks["task"].to_numpy())


def tasks_together(
    instance: Instance, above: pd.Series[str], into: pd.Series[str], party_into: pd.Series[str]
) -> dict[str, pd.DataFrame]:
    """Return the tables ``tasks`` and ``efforts``.

    Parameters
    ----------
    instance, above
        As for `task_heads`.
    into, party_into : Series
        What every task, and every party, goes into.
    """
    tasks = instance.given("tasks")
    to = into.reindex(tasks["task"]).to_numpy(dtype=object)
    kept = tasks[to == tasks["task"].to_numpy()]
    order, groups = pd.Index(kept["task"]), tasks.groupby(to)
    count = groups.size().reindex(order).to_numpy()
    name = kept["name"].fillna(kept["task"]).to_numpy(dtype=object)
    told = [f"{one} and {more - 1} more" for one, more in zip(name, count, strict=True)]
    table = kept.assign(
        zone=above.reindex(kept["zone"]).to_numpy(dtype=object),
        name=kept["name"].mask(count > 1, pd.Series(told, kept.index)),
        hours=groups["hours"].sum().reindex(order).to_numpy(),
        doers=groups["doers"].max().reindex(order).to_numpy(),
        backups=groups["backups"].max().reindex(order).to_numpy(),
    )  # fmt: skip
    return {"tasks": table.reset_index(drop=True), "efforts": _efforts(instance, into, party_into)}


def _efforts(instance: Instance, into: pd.Series[str], party_into: pd.Series[str]) -> pd.DataFrame:
    """Return efforts: factors as the mean over the pairs that could work, weighted by hours; costs of all of them."""
    efforts, key = instance.efforts, ["task", "party"]
    if efforts.empty:
        return instance.given("efforts")
    together = {
        "task_to": into.reindex(efforts["task"]).to_numpy(dtype=object),
        "party_to": party_into.reindex(efforts["party"]).to_numpy(dtype=object),
    }
    known = pd.DataFrame(together).drop_duplicates(ignore_index=True)
    pairs = _able(instance, known, into, party_into).merge(efforts, on=key, how="outer")
    weight = instance.tasks.set_index("task")["hours"].reindex(pairs["task"]).clip(lower=1e-9).to_numpy(dtype=float)
    rows = pd.DataFrame(
        {
            "task": into.reindex(pairs["task"]).to_numpy(dtype=object),
            "party": party_into.reindex(pairs["party"]).to_numpy(dtype=object),
            "product": pairs["factor"].fillna(1.0).to_numpy() * weight,
            "weight": weight,
            "cost": pairs["cost"].fillna(0.0).to_numpy(),
        }
    )
    total = rows.groupby(key, sort=False, as_index=False)[["product", "weight", "cost"]].sum()
    return total.assign(factor=total["product"] / total["weight"])[[*key, "factor", "cost"]]


def _able(instance: Instance, known: pd.DataFrame, into: pd.Series[str], party_into: pd.Series[str]) -> pd.DataFrame:
    """Return the pairs of task and party behind known ones, of which one's zone lies within the other's."""
    members = [
        pd.DataFrame({f"{name}_to": series.to_numpy(), name: series.index, f"{name}_zone": zone.to_numpy(dtype=object)})
        for name, series, zone in (
            ("task", into, instance.tasks.set_index("task")["zone"].reindex(into.index)),
            ("party", party_into, instance.parties.set_index("party")["zone"].reindex(party_into.index)),
        )
    ]
    pairs = known.merge(members[0], on="task_to").merge(members[1], on="party_to")
    zones = instance.zones
    areas = Areas(
        dict(zip(zones["zone"], zones["parent"].astype(object).where(zones["parent"].notna(), None), strict=True))
    )
    task, party = (pairs[name].to_numpy(dtype=object) for name in ("task_zone", "party_zone"))
    able = areas.contains(party, task) | areas.contains(task, party)
    return pairs.loc[able, ["task", "party"]].reset_index(drop=True)
