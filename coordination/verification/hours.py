"""Hours: what parties work and keep free, per skill and over all skills, in normal mode and emergency."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.coverage import factors, skill_rows
from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Load:
    """Hours taken or kept free, and their limits; all of shape (rows, periods).

    Attributes
    ----------
    normal, all : ndarray
        For tasks in zones in normal mode, and for all tasks.
    normal_limit, all_limit : ndarray
        Hours, and the larger of hours and emergency hours; inf where unlimited.
    """

    normal: Numbers
    all: Numbers
    normal_limit: Numbers
    all_limit: Numbers


def check(case: "Case") -> Findings:
    """Check hours by skill and over all skills."""
    findings = Findings("hours")
    skills, parties = case.given["skills"], case.given["parties"]
    where = {"party": skills["party"].to_numpy(object), "skill": skills["skill"].to_numpy(object)}
    _compare(case, findings, by_skill(case), where, "{party} as {skill}")
    _compare(case, findings, overall(case), {"party": parties["party"].to_numpy(object)}, "{party} over all skills")
    return findings


def by_skill(case: "Case") -> Load:
    """Return the load of every row of ``skills``."""
    table = case.given["skills"]
    zone = case.party_zone[case.parties.get_indexer(pd.Index(table["party"]))]
    acting = case.effects.by_period("skills", pd.Index(table["party"]), [zone])
    hours = table["hours"].to_numpy(np.float64)[:, None] * acting
    emergency = table["emergency_hours"].to_numpy(np.float64)[:, None] * acting
    rows, normal, taken = _taken(case)
    known = rows >= 0
    totals = [np.zeros(hours.shape), np.zeros(hours.shape)]
    np.add.at(totals[0], rows[known], taken[known] * normal[known, None])
    np.add.at(totals[1], rows[known], taken[known])
    return Load(totals[0], totals[1], hours, np.maximum(hours, emergency))


def overall(case: "Case") -> Load:
    """Return the load of every party over all its skills."""
    table = case.given["parties"]
    shape = (len(table), case.periods)
    hours, emergency = (
        np.broadcast_to(np.where(np.isnan(cells), np.inf, cells)[:, None], shape)
        for cells in (table[name].to_numpy(np.float64) for name in ("hours", "emergency_hours"))
    )
    _, normal, taken = _taken(case)
    party = _everyone(case)["party_code"].to_numpy()
    totals = [np.zeros(shape), np.zeros(shape)]
    np.add.at(totals[0], party, taken * normal[:, None])
    np.add.at(totals[1], party, taken)
    return Load(totals[0], totals[1], hours, np.maximum(hours, emergency))


def _everyone(case: "Case") -> pd.DataFrame:
    return pd.concat([case.coverage.doers, case.coverage.backups], ignore_index=True)


def _taken(case: "Case") -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_], Numbers]:
    """Return, for doers and then backups: row of ``skills``, whether in normal mode, hours by period."""
    pairs = _everyone(case)
    reserve = case.coverage.wanted[case.coverage.backups["task_code"]] * case.policy.backup_reserve
    taken = np.concatenate([case.coverage.hours, reserve]) * factors(case, pairs)[:, None]
    # One mode everywhere until operating modes are computed; the table ``modes`` is held against it.
    normal = np.full(len(pairs), case.policy.mode == "normal")
    return skill_rows(case, pairs), normal, taken


def _compare(case: "Case", findings: Findings, load: Load, named: dict[str, npt.NDArray[np.object_]], who: str) -> None:
    rows = len(load.all)
    where = {key: np.repeat(cells, case.periods) for key, cells in named.items()}
    where["period"] = np.tile(np.arange(case.periods, dtype=object), rows)
    message = who + ", period {period}: {found} hours taken or kept free in zones in normal mode, {expected} there"
    findings.at_most(where, load.normal.ravel(), load.normal_limit.ravel(), message)
    message = who + ", period {period}: {found} hours taken or kept free, {expected} there"
    findings.at_most(where, load.all.ravel(), load.all_limit.ravel(), message)
