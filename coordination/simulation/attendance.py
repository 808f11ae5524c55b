"""Hours promised and hours given: who shows up for what a plan counts on.

A party that is to cover h hours of a task in a period sets h / a aside and gives h · s / a: s is the share of its hours
that it gives in that period (1: it can be relied on), a the share that the plan counted with (its reliability where
``policy.reliability`` is expected, else 1). All together they cover at most the hours of the task. Hazards that leave
somebody fewer hours than the plan knew cut them further. What is missing is made up by those who stand by, up to the
hours they keep free for it (backup_reserve · the task's hours), as far as they show up themselves; what they cover
stands in the doers' rows, each doer's in proportion to what it misses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.verification.case import Case as Written

    Floats = NDArray[np.float64]

NEAR = 1e-9
"""A share this near to the whole is the whole."""


def delivered(
    planned: Written, truth: Instance, periods: int, shares: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what is covered in the periods carried out.

    Parameters
    ----------
    planned : Written
        The plan as its tables say.
    truth : Instance
        What is really there.
    periods : int
        Periods carried out.
    shares : DataFrame or None
        Share of its hours that each party (index) gives in each period (columns 0, 1, …); None: all of them.

    Returns
    -------
    responsibilities : DataFrame
        Rows of the plan table: roles as planned, doers with the hours covered.
    record : DataFrame
        ``task``, ``party``, ``role``, ``period``, ``promised``, ``given``, ``covered``: hours of the task. Promised are
        those set aside, so that as many as the plan wants can be expected; given are those for which the party showed
        up, needed or not, hazards left out; of a backup only those that were asked for.
    """
    coverage, tasks = planned.coverage, planned.tasks.to_numpy(object)
    doers, backups = coverage.doers, coverage.backups
    share = _shares(planned, periods, shares)
    counted = np.where(coverage.sure > 0, coverage.sure, 1.0)[coverage.everyone["party_code"].to_numpy()][:, None]
    given = share / counted * _left(planned, truth, periods)
    given = np.where(np.abs(given - 1.0) < NEAR, 1.0, given)
    promised = coverage.hours[:, :periods]
    hours = promised * given[: len(doers)]
    hours *= _within(_by_task(planned, doers, hours), coverage.wanted[:, :periods])[doers["task_code"].to_numpy()]
    missing = np.maximum(_by_task(planned, doers, promised) - _by_task(planned, doers, hours), 0.0)
    short = np.maximum(promised - hours, 0.0)
    lacking = _by_task(planned, doers, short)
    kept = planned.policy.backup_reserve * coverage.wanted[backups["task_code"].to_numpy(), :periods]
    there = kept * given[len(doers) :]
    able = _by_task(planned, backups, there)
    filled = np.divide(np.minimum(missing, able), lacking, out=np.zeros_like(missing), where=lacking > 0)
    used = np.divide(np.minimum(missing, able), able, out=np.zeros_like(able), where=able > 0)
    covered = hours + short * filled[doers["task_code"].to_numpy()]
    asked = np.divide(missing, able, out=np.zeros_like(able), where=able > 0).clip(max=1.0)
    stood_by = backups["task_code"].to_numpy()
    count, called = len(doers), kept * asked[stood_by]
    mine, its = counted[:count], counted[count:]
    record = pd.concat(
        [
            _record(planned, doers, "responsible", promised / mine, promised * share[:count] / mine, hours),
            _record(planned, backups, "backup", called / its, called * share[count:] / its, there * used[stood_by]),
        ],
        ignore_index=True,
    )
    others = planned.decided["responsibilities"]
    others = others[(others["role"] != "responsible").to_numpy()]
    party = planned.parties.to_numpy(object)[doers["party_code"]]
    working = _stretches(tasks[doers["task_code"]], party, covered, coverage.active[doers["task_code"], :periods])
    return pd.concat([others, working], ignore_index=True), record


def _shares(planned: Written, periods: int, shares: pd.DataFrame | None) -> Floats:
    """Return the share of its hours that everyone gives, doers, then backups, shape (everyone, periods)."""
    party = planned.coverage.everyone["party_code"].to_numpy()
    if shares is None:
        return np.repeat(planned.coverage.sure[party][:, None], periods, axis=1)
    found: Floats = shares.reindex(planned.parties).fillna(1.0).to_numpy(dtype=float)[party, :periods]
    return found


def _left(planned: Written, truth: Instance, periods: int) -> Floats:
    """Return the share of the hours known to the plan that hazards leave everyone, shape (everyone, periods)."""
    from coordination.world import World

    known = World.of(planned.instance).skill_emergency_hours
    real = World.of(truth).skill_emergency_hours
    keys = [pd.MultiIndex.from_frame(table[["party", "skill"]]) for table in (planned.instance.skills, truth.skills)]
    real = np.vstack([real, np.zeros((1, real.shape[1]))])[keys[1].get_indexer(keys[0])]
    left = np.divide(real, known, out=np.ones_like(known), where=known > 0)
    left = np.vstack([left, np.ones((1, left.shape[1]))])[planned.coverage.skill_rows]
    return np.minimum(left[:, :periods], 1.0)


def _within(total: Floats, wanted: Floats) -> Floats:
    """Return by what hours of each task are cut so that they are no more than it wants."""
    share = np.divide(wanted, total, out=np.ones_like(total), where=total > wanted)
    return np.where(np.abs(share - 1.0) < NEAR, 1.0, share)


def _by_task(planned: Written, pairs: pd.DataFrame, hours: Floats) -> Floats:
    total = np.zeros((len(planned.tasks), hours.shape[1]))
    np.add.at(total, pairs["task_code"].to_numpy(), hours)
    return total


def _record(
    planned: Written, pairs: pd.DataFrame, role: str, promised: Floats, given: Floats, covered: Floats
) -> pd.DataFrame:
    row, period = np.nonzero(promised > 0)
    return pd.DataFrame(
        {
            "task": planned.tasks.to_numpy(object)[pairs["task_code"].to_numpy()[row]],
            "party": planned.parties.to_numpy(object)[pairs["party_code"].to_numpy()[row]],
            "role": role,
            "period": period.astype(np.int64),
            "promised": promised[row, period],
            "given": given[row, period],
            "covered": covered[row, period],
        }
    )


def _stretches(
    task: NDArray[np.object_], party: NDArray[np.object_], hours: Floats, active: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return doers' rows, periods of equal hours in one."""
    row, period = np.nonzero(active)
    cells = pd.DataFrame({"row": row, "period": period, "hours": hours[row, period]})
    changed = (cells[["row", "period"]].diff() != [0, 1]).any(axis=1) | (cells["hours"].diff().abs() > 0)
    parts = cells.groupby(changed.cumsum())
    first, last = parts.first(), parts["period"].last()
    pair = first["row"].to_numpy(dtype=int)
    return pd.DataFrame(
        {
            "task": task[pair],
            "party": party[pair],
            "role": "responsible",
            "start": first["period"].to_numpy(dtype=np.int64),
            "end": last.to_numpy(dtype=np.int64),
            "hours": first["hours"].to_numpy(dtype=float),
        }
    )
