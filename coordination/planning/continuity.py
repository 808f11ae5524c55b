"""Doers that come or go within a task's window: which pairs may, in which periods, and what that asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.errors import UsageError
from coordination.planning.supply_data import relation, series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.responsibility_data import Roles

PAIR, ENTRY = ["task", "party"], ["task", "party", "period"]


def from_above(pairs: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which pairs have a jurisdiction that contains the task's zone and is not that zone.

    Parameters
    ----------
    pairs : DataFrame
        Rows of `Roles.doers`.
    """
    return np.asarray((pairs["party_zone"] != pairs["zone"]) & (pairs["above"] == pairs["party_zone"]), dtype=np.bool_)


def changing(roles: Roles) -> NDArray[np.bool_]:
    """Return which pairs are of a task whose doers may come or go, by row of `Roles.doers`.

    With handover all; else, with escalation, those of tasks that somebody from above may do.
    """
    policy, pairs = roles.case.instance.policy, roles.doers
    if policy.handover_cost is not None:
        return np.ones(len(pairs), dtype=bool)
    if policy.escalation_delay is None:
        return np.zeros(len(pairs), dtype=bool)
    called = pairs.loc[from_above(pairs), "task"]
    return np.asarray(pairs["task"].isin(called), dtype=np.bool_)


def refuse_interrupted(roles: Roles) -> None:
    """Refuse doers that come and go in tasks that are interrupted by a mode: what goes on across the break is not said.

    Raises
    ------
    UsageError
        It names tasks.
    """
    if not changing(roles).any():
        return
    tasks = np.unique(roles.doers.loc[changing(roles), "task"].to_numpy(dtype=np.int64))
    window = roles.tasks.loc[tasks, "end"].to_numpy() - roles.tasks.loc[tasks, "start"].to_numpy() + 1
    broken = tasks[roles.active[tasks].sum(axis=1) < window]
    if len(broken):
        names = ", ".join(roles.case.coding.tasks[broken[:3]])
        raise UsageError(
            f"{roles.case.instance.name}: {len(broken)} tasks, such as {names}, are active in some modes only "
            "(tasks.mode), and policy.handover_cost or escalation_delay lets their doers come and go: both together "
            "are not carried out yet. Remove one of them."
        )


def acting_rows(roles: Roles) -> NDArray[np.bool_]:
    """Return which rows of `Roles.cover` are of such pairs: the index set of ``acting``, in its order."""
    return np.asarray(changing(roles)[roles.cover["pair"].to_numpy()], dtype=np.bool_)


def continuity_data(roles: Roles) -> dict[str, Any]:
    """Return the data of the formulation of continuity, and what the doers' own lacks or has more for it."""
    policy, cover = roles.case.instance.policy, roles.cover
    if not changing(roles).any():
        return {"handover_cost": policy.handover_cost or 0.0}
    acting = cover[acting_rows(roles)]
    assert acting.empty or not roles.merged, "the order of periods is lost where they are merged"
    handing = policy.handover_cost is not None
    later = acting[acting["period"] > acting["start"]]
    follows = later[ENTRY].assign(before=later["period"] - 1)
    above, handed = from_above(later), np.full(len(follows), handing)
    actors = roles.doers[changing(roles)]
    return {
        "ACTING": pd.MultiIndex.from_frame(acting[ENTRY]),
        "ACTORS": pd.MultiIndex.from_frame(actors[PAIR]),
        "ACTING_OF": relation(acting, PAIR, ENTRY),
        "STEADY": pd.MultiIndex.from_frame(follows[~handed & ~above]),
        "LASTING": pd.MultiIndex.from_frame(follows[~handed & above]),
        "period_effort": series(roles.doers.assign(effort=_by_period(roles)), PAIR, "effort"),
        "period_hours": policy.min_share * roles.tasks["hours"],
        "handover_cost": policy.handover_cost or 0.0,
        **_handover(roles, acting if handing else acting.iloc[:0], follows[handed]),
    }


def _by_period(roles: Roles) -> NDArray[np.float64]:
    """Return the money for a period as a doer, by row of `Roles.doers`; 0 where it is for the window."""
    each = roles.doers["effort"] / roles.doers["length"]
    return np.where(changing(roles), each.to_numpy(dtype=float), 0.0)


def _handover(roles: Roles, acting: pd.DataFrame, follows: pd.DataFrame) -> dict[str, Any]:
    """Return who may join, leave and hand over in which periods.

    Parameters
    ----------
    acting : DataFrame
        Rows of `Roles.cover`.
    follows : DataFrame
        ``task``, ``party``, ``period`` after the first, ``before``.
    """
    overlap = roles.case.instance.policy.overlap_periods
    changes = follows[ENTRY]
    points = changes[["task", "period"]].drop_duplicates().sort_values(["task", "period"], ignore_index=True)
    joined = changes.assign(period=changes["period"] + overlap, when=changes["period"])
    joined = joined.merge(points, on=["task", "period"])
    now = acting[["task", "period"]].drop_duplicates().sort_values(["task", "period"], ignore_index=True)
    most = roles.tasks["doers"].to_numpy(dtype=float)[now["task"].to_numpy(dtype=int)]
    soon = _within(changes, overlap)
    early = soon.rename(columns={"period": "joins"}).merge(
        changes.rename(columns={"period": "joins"}), on=["task", "party", "joins"]
    )
    return {
        "FOLLOWING": pd.MultiIndex.from_frame(follows),
        "CHANGES": pd.MultiIndex.from_frame(changes),
        "HANDOVERS": pd.MultiIndex.from_frame(points),
        "LEAVING_IN": relation(changes, ["task", "period"], ENTRY),
        "SUCCEEDING": relation(joined, ["task", "period"], ["task", "party", "when"]),
        "TOO_SOON": pd.MultiIndex.from_frame(early[["task", "party", "joins", "leaves"]]),
        "AT_ONCE": pd.MultiIndex.from_frame(now),
        "ACTING_IN": relation(acting, ["task", "period"], ENTRY),
        "HANDING_OVER": relation(soon, ["task", "period"], ["task", "party", "leaves"]),
        "BESIDE": pd.MultiIndex.from_frame(soon[["task", "party", "period", "leaves"]]),
        "most_at_once": pd.Series(most, pd.MultiIndex.from_frame(now)),
    }


def _within(changes: pd.DataFrame, overlap: int) -> pd.DataFrame:
    """Return ``task``, ``party``, ``period`` and ``leaves``: leaving so soon after the period is handing over in it."""
    spread = changes.rename(columns={"period": "leaves"})
    spread = spread.loc[spread.index.repeat(overlap)].reset_index(drop=True)
    step = np.tile(np.arange(1, overlap + 1), len(changes))
    spread = spread.assign(period=spread["leaves"] - step)
    first = changes.groupby("task")["period"].min() - 1
    kept: pd.DataFrame = spread[spread["period"] >= spread["task"].map(first)]
    return kept.sort_values(["task", "party", "period", "leaves"], ignore_index=True)
