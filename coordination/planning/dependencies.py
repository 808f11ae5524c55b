"""Tasks that wait for others: in which periods, and for how many hours covered before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.planning.coding import encode
from coordination.planning.supply_data import relation, series

if TYPE_CHECKING:
    from coordination.planning.responsibility_data import Roles

ENTRY = ["task", "party", "period"]
DUST = 1e-9
"""Share of the hours waited for that rounding explains: what was covered before the horizon was rounded."""


def awaited(roles: Roles) -> pd.DataFrame:
    """Return what tasks wait for: ``task``, ``on``, ``period`` of the task's window, ``hours`` to be covered before.

    What was covered before the horizon counts. A task that waits for one that ended too soon waits for −1, in vain.
    """
    coding, table, tasks = roles.case.coding, roles.case.instance.depends, roles.tasks
    rows = pd.DataFrame({"task": encode(coding.tasks, table["task"]), "on": encode(coding.tasks, table["on"])})
    rows = rows.merge(roles.open_tasks[["task", "period"]], on="task")
    earlier = roles.active.cumsum(axis=1) - roles.active  # periods of each task before each period
    before = earlier[rows["on"].to_numpy(), rows["period"].to_numpy()]
    share = roles.case.instance.policy.depends_share
    held, on = roles.held, rows["on"].to_numpy()
    asked = share * tasks["hours"].to_numpy(dtype=float)[on] * (before + held.elapsed[on])
    rows["hours"] = asked - held.covered[on]
    rows = pd.DataFrame(rows[rows["hours"].to_numpy() > DUST * np.maximum(1.0, asked)])
    if len(held.barred):
        barred: pd.DataFrame = roles.open_tasks.loc[roles.open_tasks["task"].isin(held.barred), ["task", "period"]]
        rows = pd.concat([rows, barred.assign(on=-1, hours=1.0)], ignore_index=True)
    return rows.sort_values(["task", "on", "period"], ignore_index=True)


def waits(roles: Roles) -> pd.DataFrame:
    """Return ``task``, ``period`` in which a task waits for anything, in the order of the index set."""
    rows = awaited(roles)[["task", "period"]].drop_duplicates()
    return rows.sort_values(["task", "period"], ignore_index=True)


def dependency_data(roles: Roles) -> dict[str, Any]:
    """Return the data of the formulation of dependencies."""
    rows = awaited(roles)
    if rows.empty:
        return {}
    assert rows.empty or not roles.merged, "the order of periods is lost where they are merged"
    key, cover = ["task", "on", "period"], roles.cover[ENTRY]
    waiting = waits(roles)
    earlier = rows[key].merge(cover.rename(columns={"task": "on", "period": "when"}), on="on")
    earlier = earlier[earlier["when"] < earlier["period"]]
    members = earlier[["on", "party", "when"]].set_axis(["done", "party", "when"], axis=1)
    earlier = pd.concat([earlier[key], members], axis=1)
    return {
        "WAITS": pd.MultiIndex.from_frame(waiting),
        "AWAITED": pd.MultiIndex.from_frame(rows[key]),
        "WORKING": relation(cover.merge(waiting, on=["task", "period"]), ["task", "period"], ENTRY),
        "EARLIER": relation(earlier, key, ["done", "party", "when"]),
        "hours_awaited": series(rows, key, "hours"),
    }
