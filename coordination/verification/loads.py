"""Hours that parties work and keep free, and the hours there are, by skill and over all skills."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.recovery import crew_hours

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


class Loads:
    """The load of every row of ``skills``, and of every party over all its skills.

    Attributes
    ----------
    by_skill, overall : Load
        Rows as in the tables ``skills`` and ``parties``.
    """

    def __init__(self, case: "Case") -> None:
        coverage = case.coverage
        reserve = coverage.wanted[coverage.backups["task_code"]] * case.policy.backup_reserve
        taken = np.concatenate([coverage.hours, reserve]) * coverage.factors[:, None]
        zone = case.task_zone[coverage.everyone["task_code"].to_numpy()]
        normal = taken * (case.modes[zone] == "normal")
        hours, emergency = _skill_hours(case)
        rows, known = coverage.skill_rows, coverage.skill_rows >= 0
        sums = [_sum(part[known], rows[known], hours.shape) for part in (normal, taken)]
        crews, over_all = crew_hours(case)
        self.by_skill = Load(sums[0], sums[1] + crews, hours, np.maximum(hours, emergency))
        hours, emergency = _party_hours(case)
        rows = coverage.everyone["party_code"].to_numpy()
        sums = [_sum(part, rows, hours.shape) for part in (normal, taken)]
        self.overall = Load(sums[0], sums[1] + over_all, hours, np.maximum(hours, emergency))


def _skill_hours(case: "Case") -> tuple[Numbers, Numbers]:
    """Return hours and emergency hours of every row of ``skills`` under the scenario."""
    table = case.given["skills"]
    zone = case.party_zone[case.parties.get_indexer(pd.Index(table["party"]))]
    acting = case.effects.by_period("skills", pd.Index(table["party"]), [zone])
    hours, emergency = (table[name].to_numpy(np.float64)[:, None] * acting for name in ("hours", "emergency_hours"))
    return hours, emergency


def _party_hours(case: "Case") -> tuple[Numbers, Numbers]:
    """Return hours and emergency hours of every party, inf where unlimited."""
    table, shape = case.given["parties"], (len(case.parties), case.periods)
    cells = [table[name].to_numpy(np.float64) for name in ("hours", "emergency_hours")]
    hours, emergency = (np.broadcast_to(np.where(np.isnan(c), np.inf, c)[:, None], shape) for c in cells)
    return hours, emergency


def _sum(parts: Numbers, rows: npt.NDArray[np.int64], shape: tuple[int, ...]) -> Numbers:
    total = np.zeros(shape)
    np.add.at(total, rows, parts)
    return total
