"""Who holds which role in which task, and how much doers cover, by period."""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


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
    times : ndarray of int, shape (doers, periods)
        Rows that speak of the period.
    everyone : DataFrame
        Doers, then backups.
    skill_rows : ndarray of int
        For everyone, the row of ``skills`` for the task's skill, −1 where the party lacks it.
    factors, effort_costs : ndarray
        For everyone, hours per hour of the task, and money per period of its window.
    active : ndarray of bool, shape (tasks, periods)
        Whether a period lies in the task's window and its zone is in a mode that asks for it.
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
        self.everyone = pd.concat([self.doers, self.backups], ignore_index=True)
        self.skill_rows = _skill_rows(case, self.everyone)
        efforts, rows = case.given["efforts"], _effort_rows(case, self.everyone)
        self.factors = np.append(efforts["factor"].to_numpy(np.float64), 1.0)[rows]
        self.effort_costs = np.append(efforts["cost"].to_numpy(np.float64), 0.0)[rows]
        self.active = (period >= tasks["start"].to_numpy()[:, None]) & (period <= tasks["end"].to_numpy()[:, None])
        for task in np.flatnonzero(tasks["mode"].notna()).tolist():
            wanted = str(tasks["mode"].iloc[task]).split(";")
            if "any" not in wanted:
                self.active[task] &= np.isin(case.modes[case.task_zone[task]].astype(str), wanted)
        self.wanted = self.active * tasks["hours"].to_numpy(np.float64)[:, None]

    def of(self, role: str) -> pd.DataFrame:
        """Return the rows of one role."""
        return self.roles[self.roles["role"] == role]

    def covered(self, tasks: int) -> Numbers:
        """Return hours covered by all doers together, shape (tasks, periods)."""
        total = np.zeros((tasks, self.hours.shape[1]))
        np.add.at(total, self.doers["task_code"].to_numpy(), self.hours)
        return total


def _skill_rows(case: "Case", pairs: pd.DataFrame) -> Codes:
    """Return the row in ``skills`` of each party for its task's skill, −1 where it lacks the skill."""
    skill = case.given["tasks"]["skill"].to_numpy()[pairs["task_code"]]
    return _rows(case.given["skills"], {"party": case.parties[pairs["party_code"]], "skill": skill})


def _effort_rows(case: "Case", pairs: pd.DataFrame) -> Codes:
    """Return the row in ``efforts`` of each task and party, −1 where there is none."""
    keys = {"task": case.tasks[pairs["task_code"]], "party": case.parties[pairs["party_code"]]}
    return _rows(case.given["efforts"], keys)


def _rows(table: pd.DataFrame, keys: dict[str, Any]) -> Codes:
    known = pd.MultiIndex.from_frame(table[list(keys)])
    return np.asarray(known.get_indexer(pd.MultiIndex.from_arrays(list(keys.values()))), dtype=np.int64)
