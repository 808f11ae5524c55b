"""Parties from above a task's zone: from when on they may be doers, and who escalated what to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.planning.continuity import ENTRY, from_above
from coordination.planning.supply_data import relation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.responsibility_data import Roles

LEAST_GAP = 0.01
"""Share of a task's hours from which on hours not covered are a gap that escalates."""


def escalation_data(roles: Roles) -> dict[str, Any]:
    """Return the data of the formulation of escalation."""
    delay, cover = roles.case.instance.policy.escalation_delay, roles.cover
    if delay is None:
        return {}
    above = from_above(cover)
    upper, below = cover[above], cover[~above]
    gaps = gap_periods(roles)
    since = upper[ENTRY].merge(gaps.rename(columns={"period": "gap"}), on="task")
    since = since[since["gap"] + delay <= since["period"]]
    return {
        "GAPS": pd.MultiIndex.from_frame(gaps),
        "COVER_BELOW": relation(below.merge(gaps, on=["task", "period"]), ["task", "period"], ENTRY),
        "ESCALATED": pd.MultiIndex.from_frame(upper[ENTRY]),
        "GAPS_BEFORE": relation(since, ENTRY, ["task", "gap"]),
        "least_gap": LEAST_GAP * roles.tasks["hours"],
    }


def gap_periods(roles: Roles) -> pd.DataFrame:
    """Return ``task``, ``period`` in which a gap may open that is early enough to escalate: in order of ``GAPS``."""
    delay, cover = roles.case.instance.policy.escalation_delay, roles.cover
    called = cover.loc[from_above(cover), "task"] if delay is not None else cover["task"].iloc[:0]
    gaps = roles.open_tasks[roles.open_tasks["task"].isin(called)]
    gaps = gaps.loc[gaps["period"] + (delay or 0) <= gaps["end"], ["task", "period"]]
    return gaps.sort_values(["task", "period"], ignore_index=True)


def first_gaps(roles: Roles, spread: pd.DataFrame) -> NDArray[np.float64]:
    """Return 1 for the first period in which those at or below a task's zone leave a gap, by row of `gap_periods`.

    Parameters
    ----------
    spread : DataFrame
        ``task``, ``party``, ``period``, ``hours`` of doers.
    """
    gaps, pairs = gap_periods(roles), roles.doers[["task", "party"]][~from_above(roles.doers)]
    below = spread.merge(pairs, on=["task", "party"]).groupby(["task", "period"])["hours"].sum()
    covered = below.reindex(pd.MultiIndex.from_frame(gaps), fill_value=0.0).to_numpy(dtype=float)
    hours = roles.tasks["hours"].to_numpy()[gaps["task"].to_numpy(dtype=int)]
    short = gaps[hours - covered >= LEAST_GAP * hours * (1.0 - 1e-6)].drop_duplicates("task")
    return np.asarray(gaps.index.isin(short.index), dtype=np.float64)


def escalations(roles: Roles, acting: NDArray[np.bool_], cover: NDArray[np.float64]) -> pd.DataFrame:
    """Return what was taken up from above: ``task``, ``party``, ``period`` (of a stint's begin), ``hours`` (over it).

    Parameters
    ----------
    acting : ndarray of bool
        Whether a party is a doer in a period, by row of `Roles.cover`.
    cover : ndarray
        Hours of the task covered, by row of `Roles.cover`.
    """
    rows = roles.cover[["pair", *ENTRY]].assign(hours=cover)
    taken = acting & from_above(roles.cover)
    if roles.case.instance.policy.escalation_delay is None:
        taken = np.zeros_like(taken)
    rows = rows[taken].sort_values(["pair", "period"], ignore_index=True)
    begins = (rows["pair"].diff() != 0) | (rows["period"].diff() != 1)
    stints = rows.groupby(begins.cumsum())
    first = stints[ENTRY].first()
    return first.assign(hours=stints["hours"].sum()).reset_index(drop=True)
