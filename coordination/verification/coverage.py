"""Who holds which role in which task, and how much doers cover, by period."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
ROLES = ("accountable", "responsible", "backup")


class Coverage:
    """Roles as codes, and the hours doers cover.

    Attributes
    ----------
    roles : DataFrame
        Rows of ``responsibilities`` with the codes ``task_code`` and ``party_code``.
    doers : DataFrame
        One row per doer: task_code, party_code.
    backups : DataFrame
        One row per backup: task_code, party_code.
    hours : ndarray, shape (doers, periods)
        Task hours covered.
    active : ndarray of bool, shape (tasks, periods)
        Whether a period lies in the task's window.
    wanted : ndarray, shape (tasks, periods)
        The task's hours in its window, else 0.
    """

    def __init__(self, case: "Case") -> None:
        table, tasks = case.decided["responsibilities"], case.given["tasks"]
        self.roles = table.assign(
            task_code=case.tasks.get_indexer(pd.Index(table["task"])),
            party_code=case.parties.get_indexer(pd.Index(table["party"])),
        )
        pairs = ["task_code", "party_code"]
        doing = self.of("responsible")
        self.doers = doing[pairs].drop_duplicates(ignore_index=True)
        self.backups = self.of("backup")[pairs].drop_duplicates(ignore_index=True)
        period = np.arange(case.periods)
        self.hours = np.zeros((len(self.doers), case.periods))
        rows = pd.MultiIndex.from_frame(self.doers).get_indexer(pd.MultiIndex.from_frame(doing[pairs]))
        within = (period >= doing["start"].to_numpy()[:, None]) & (period <= doing["end"].to_numpy()[:, None])
        np.add.at(self.hours, rows, within * np.nan_to_num(doing["hours"].to_numpy(np.float64))[:, None])
        self.times = np.zeros(self.hours.shape, dtype=np.int64)
        np.add.at(self.times, rows, within)
        self.active = (period >= tasks["start"].to_numpy()[:, None]) & (period <= tasks["end"].to_numpy()[:, None])
        self.wanted = self.active * tasks["hours"].to_numpy(np.float64)[:, None]

    def of(self, role: str) -> pd.DataFrame:
        """Return the rows of one role."""
        return self.roles[self.roles["role"] == role]

    def covered(self, tasks: int) -> Numbers:
        """Return hours covered by all doers together, shape (tasks, periods)."""
        total = np.zeros((tasks, self.hours.shape[1]))
        np.add.at(total, self.doers["task_code"].to_numpy(), self.hours)
        return total


def factors(case: "Case", pairs: pd.DataFrame) -> Numbers:
    """Return hours of the party per hour of the task (``efforts.factor``, 1 where absent)."""
    return np.where(np.isnan(effort := _effort(case, pairs, "factor")), 1.0, effort)


def effort_costs(case: "Case", pairs: pd.DataFrame) -> Numbers:
    """Return money per period of the window (``efforts.cost``, 0 where absent)."""
    return np.nan_to_num(_effort(case, pairs, "cost"))


def skill_rows(case: "Case", pairs: pd.DataFrame) -> Codes:
    """Return the row in ``skills`` of each party for its task's skill, −1 where it lacks the skill."""
    table = case.given["skills"]
    known = pd.MultiIndex.from_frame(table[["party", "skill"]])
    skill = case.given["tasks"]["skill"].to_numpy()[pairs["task_code"]]
    party = case.parties[pairs["party_code"]]
    return np.asarray(known.get_indexer(pd.MultiIndex.from_arrays([party, skill])), dtype=np.int64)


def _effort(case: "Case", pairs: pd.DataFrame, column: str) -> Numbers:
    table = case.given["efforts"]
    known = pd.MultiIndex.from_frame(table[["task", "party"]])
    wanted = pd.MultiIndex.from_arrays([case.tasks[pairs["task_code"]], case.parties[pairs["party_code"]]])
    rows = known.get_indexer(wanted)
    values = np.append(table[column].to_numpy(np.float64), np.nan)
    return np.asarray(values[rows])
