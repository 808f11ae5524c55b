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
        For everyone, hours per hour of the task (under reliability expected, per hour of it in expectation), and money
        per period of its window.
    sure : ndarray, shape (parties,)
        The share of hours set down for each party that counts: 1 but under reliability expected.
    active : ndarray of bool, shape (tasks, periods)
        Whether a period lies in the task's window and its zone is in a mode that asks for it.
    wanted : ndarray, shape (tasks, periods)
        The task's hours in its window, else 0.
    from_above : ndarray of bool
        For doers, whether the jurisdiction contains the task's zone and is not that zone.
    by_period : ndarray of bool
        For tasks, whether doers may come and go: with handover, or where escalation may call somebody from above.
    acting : ndarray of bool, shape (doers, periods)
        Whether a doer is one in the period: in every period of the window, but of tasks with `by_period` where a row
        says so.
    elapsed : ndarray of int
        Periods of each task's window before the horizon.
    before : ndarray
        Hours of each task covered in them.
    held : DataFrame
        Roles held since: task_code (−1: it has ended), party_code, mode, hours.
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
        self.sure = _sure(case)
        counts = self.sure[self.everyone["party_code"].to_numpy()]
        # Of whom nothing can be expected is no doer and no backup: a violation of its own.
        counts = np.where(counts > 0.0, counts, 1.0)
        self.factors = np.append(efforts["factor"].to_numpy(np.float64), 1.0)[rows] / counts
        self.effort_costs = np.append(efforts["cost"].to_numpy(np.float64), 0.0)[rows]
        self.active = (period >= tasks["start"].to_numpy()[:, None]) & (period <= tasks["end"].to_numpy()[:, None])
        for row in np.flatnonzero(tasks["mode"].notna()).tolist():
            wanted = str(tasks["mode"].iloc[row]).split(";")
            if "any" not in wanted:
                self.active[row] &= np.isin(case.modes[case.task_zone[row]].astype(str), wanted)
        self.wanted = self.active * tasks["hours"].to_numpy(np.float64)[:, None]
        self.from_above = _from_above(case, self.doers["task_code"].to_numpy(), self.doers["party_code"].to_numpy())
        self.by_period = _by_period(case)
        task = self.doers["task_code"].to_numpy()
        self.acting = np.where(self.by_period[task][:, None], self.times > 0, self.active[task])
        self.held = _held(case)
        under_way = self.held[self.held["task_code"] >= 0]
        self.elapsed, self.before = np.zeros(len(tasks), dtype=np.int64), np.zeros(len(tasks))
        np.maximum.at(self.elapsed, under_way["task_code"].to_numpy(), under_way["periods"].to_numpy())
        np.add.at(self.before, under_way["task_code"].to_numpy(), under_way["hours"].to_numpy())

    def of(self, role: str) -> pd.DataFrame:
        """Return the rows of one role."""
        return self.roles[self.roles["role"] == role]

    def covered(self, tasks: int) -> Numbers:
        """Return hours covered by all doers together, shape (tasks, periods)."""
        total = np.zeros((tasks, self.hours.shape[1]))
        np.add.at(total, self.doers["task_code"].to_numpy(), self.hours)
        return total


def _sure(case: "Case") -> Numbers:
    """Return the share of hours set down for each party that counts."""
    sure = case.given["parties"]["reliability"].to_numpy(np.float64)
    return sure if case.policy.reliability == "expected" else np.ones(len(sure))


def _held(case: "Case") -> pd.DataFrame:
    """Return roles held since before the horizon, by codes."""
    table = case.given["held"]
    table = table[(table["table"] == "tasks") & (table["mode"] != "barred")].reset_index(drop=True)
    parts = [str(text).split(";") for text in table["id"]]
    return pd.DataFrame(
        {
            "task_code": case.tasks.get_indexer(pd.Index([part[0] for part in parts], dtype="str")),
            "party_code": case.parties.get_indexer(pd.Index([part[1] for part in parts], dtype="str")),
            "mode": table["mode"],
            "periods": table["periods"].to_numpy(np.int64),
            "hours": table["hours"].fillna(0.0).to_numpy(np.float64),
        }
    )


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


def _from_above(case: "Case", task: Codes, party: Codes) -> npt.NDArray[np.bool_]:
    """Return whether the jurisdiction of parties contains the zone of tasks and is not that zone."""
    mine, its = case.party_zone[party], case.task_zone[task]
    return np.asarray(case.zones.contains(mine, its) & (mine != its), dtype=np.bool_)


def _by_period(case: "Case") -> npt.NDArray[np.bool_]:
    """Return for each task whether its doers may come and go."""
    if case.policy.handover_cost is not None:
        return np.ones(len(case.tasks), dtype=bool)
    called = np.zeros(len(case.tasks), dtype=bool)
    if case.policy.escalation_delay is None:
        return called
    asked = pd.DataFrame({"task": np.arange(len(case.tasks)), "skill": case.given["tasks"]["skill"]})
    skills = case.given["skills"]
    skilled = pd.DataFrame({"party": case.parties.get_indexer(pd.Index(skills["party"])), "skill": skills["skill"]})
    pairs = asked.merge(skilled, on="skill")
    task = pairs["task"].to_numpy(dtype=np.int64)
    called[task[_from_above(case, task, pairs["party"].to_numpy(dtype=np.int64))]] = True
    return called
