"""Who answers, does and stands by under the field rule: the nearest party with the skill, and hours left.

Near is who has to cross the fewest levels of the tree of zones. Tasks are given out one after the other: handing out
supplies first, where somebody needs any, then by what an hour not covered costs. Doers stay: nobody hands over. Where
the policy has a delay of escalation, those from above are asked after the others, for the periods from then on.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.assignment import Assignment
from coordination.planning.continuity import acting_rows, from_above
from coordination.planning.escalation import LEAST_GAP

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.responsibility_data import Roles

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int64]

ANSWERING = ("core", "agency", "residents_committee", "hospital", "social_organisation", "social_enterprise")
"""Kinds of party in the order in which a planner would expect them to answer for a task, others after them."""
EPSILON = 1e-9
"""Hours below this are none."""


def appoint(roles: Roles) -> Assignment:
    """Return roles by the field rule.

    Parameters
    ----------
    roles : Roles
        Who may, in single periods.
    """
    desk = _Desk(roles)
    desk.give_out(_order(roles))
    values = desk.values() | {"accountable": _accountable(roles), "acting": desk.acting[acting_rows(roles)]}
    return Assignment.from_values(roles, values)


def appoint_rest(roles: Roles, values: dict[str, Floats], tasks: Rows) -> dict[str, Floats]:
    """Return roles with those of some tasks given out by the field rule, within the hours that the others leave.

    Parameters
    ----------
    roles : Roles
        Who may, in single periods.
    values : dict of str to ndarray
        Whole ``accountable``, ``doer`` and ``backup``, and ``cover``: nobody acts yet in `tasks`.
    tasks : ndarray of int
        Tasks to give out.
    """
    desk = _Desk(roles)
    desk.keep(values)
    wanted = set(tasks.tolist())
    desk.give_out([task for task in _order(roles) if task in wanted])
    return values | desk.values()


def _order(roles: Roles) -> list[int]:
    """Return the tasks in the order in which they are given out."""
    tasks, needed = roles.tasks, needed_in_zone(roles)
    first = (tasks["domain"] == "supply").to_numpy() & needed[tasks["zone"].to_numpy()]
    order: list[int] = np.lexsort((tasks["task"], -tasks["gap_cost"].to_numpy(), ~first)).tolist()
    return order


def needed_in_zone(roles: Roles) -> NDArray[np.bool_]:
    """Return whether anything is needed in a zone or the zones within it."""
    case = roles.case
    needy = np.zeros(len(case.coding.zones), dtype=bool)
    needy[case.coding.place_zone[np.flatnonzero(case.need_total.sum(axis=1) > 0)]] = True
    pairs = case.coding.ancestry
    needed = np.zeros(len(needy), dtype=bool)
    np.logical_or.at(needed, pairs["above"].to_numpy(), needy[pairs["zone"].to_numpy()])
    return needed


def _accountable(roles: Roles) -> Floats:
    """Return who is accountable: the fewest levels, then who could do it, then by kind; within the span of each."""
    pairs, span = roles.accountable, roles.case.instance.policy.span
    able = pd.MultiIndex.from_frame(pairs[["task", "party"]]).isin(
        pd.MultiIndex.from_frame(roles.doers[["task", "party"]])
    )
    kind = roles.parties["kind"].to_numpy(dtype=object)[pairs["party"].to_numpy()]
    rank = pd.Series(range(len(ANSWERING)), index=pd.Index(ANSWERING)).reindex(kind).fillna(len(ANSWERING)).to_numpy()
    party, core = pairs["party"].to_numpy(), pairs["core"].to_numpy()
    order = np.lexsort((party, rank, ~able, pairs["cost"].to_numpy(), pairs["task"].to_numpy()))
    chosen, answered = np.zeros(len(pairs)), np.zeros(len(roles.parties), dtype=np.int64)
    done, task = -1, pairs["task"].to_numpy()
    for row in order.tolist():
        free = span is None or core[row] or answered[party[row]] < span
        if task[row] != done and free:
            chosen[row], done = 1.0, task[row]
            answered[party[row]] += 1
    return chosen


class _Desk:
    """Roles given out so far, and the hours that they take.

    Parameters
    ----------
    roles : Roles
        Who may.
    """

    def __init__(self, roles: Roles) -> None:
        self.roles, pairs = roles, roles.doers
        self.doer, self.cover, self.acting = (
            np.zeros(len(pairs)),
            np.zeros(len(roles.cover)),
            np.zeros(len(roles.cover)),
        )
        self.backup = np.zeros(len(roles.backups))
        self.left = roles.available.copy()
        self.share = roles.case.instance.policy.min_share
        self.reserve = roles.case.instance.policy.backup_reserve
        self.party, self.factor = pairs["party"].to_numpy(), pairs["factor"].to_numpy()
        self.may_do = roles.mandates.permits("responsible", pairs)
        self.may_stand_by = roles.mandates.permits("backup", pairs)
        self.steps, self.effort = pairs["steps"].to_numpy(), pairs["effort"].to_numpy()
        self.hourly = (pairs["pay"] - pairs["benefit"]).to_numpy()
        skills = len(roles.case.instance.skills)
        self.by_skill, self.over_all = pairs["skill_row"].to_numpy(dtype=np.int64), skills + self.party
        self.everyday = skills + len(roles.parties)  # where the limits of zones in normal mode begin
        self.rows = _slices(pairs["task"].to_numpy(), len(roles.tasks))
        # A pair's coverage stands in one block, a row for each period in which the task is active.
        self.first_cover = np.concatenate([[0], np.cumsum(pairs["length"].to_numpy())[:-1]]).astype(np.int64)
        self.first_backup = np.cumsum((pairs["backups"] > 0).to_numpy()) - 1
        tasks = roles.tasks
        self.tasks = {name: tasks[name].to_numpy() for name in ("hours", "doers", "backups", "gap_cost")}
        needed = needed_in_zone(roles)[tasks["zone"].to_numpy()]
        self.delay, self.above = roles.case.instance.policy.escalation_delay, from_above(pairs)
        self.must = (tasks["domain"] == "supply").to_numpy() & needed
        self.kind = roles.parties["kind"].to_numpy(dtype=object)
        self.kinds: dict[int, set[str]] = {}
        for task, kind in zip(roles.kinds["task"], roles.kinds["kind"], strict=True):
            self.kinds.setdefault(int(task), set()).add(str(kind))

    def give_out(self, tasks: list[int]) -> None:
        """Give out tasks one after the other, doers of all before backups."""
        for task in tasks:
            self.find_doers(task)
        for task in tasks:
            self.find_backups(task)

    def values(self) -> dict[str, Floats]:
        """Return who does, who stands by, and the hours covered."""
        return {"doer": self.doer, "backup": self.backup, "cover": self.cover}

    def keep(self, values: dict[str, Floats]) -> None:
        """Take roles that are given out already, and the hours that they take."""
        self.doer, self.backup = np.round(values["doer"]), np.round(values["backup"])
        self.cover = values["cover"].copy()
        cover, backups = self.roles.cover, self.roles.backups
        pair, period = cover["pair"].to_numpy(), cover["period"].to_numpy()
        standing = np.flatnonzero((self.roles.doers["backups"] > 0).to_numpy())[np.flatnonzero(self.backup)]
        kept = self.roles.open_periods(backups[self.backup > 0])
        rows = np.concatenate([pair, standing[kept["pair"].to_numpy()]])
        when = np.concatenate([period, kept["period"].to_numpy()])
        hours = np.concatenate([self.cover * self.factor[pair], kept["reserve"].to_numpy()])
        tasks = self.roles.doers["task"].to_numpy()[rows]
        everyday = hours * self.roles.normal[tasks, when]
        for limit in (self.by_skill[rows], self.over_all[rows]):
            np.subtract.at(self.left, (limit, when), hours)
            np.subtract.at(self.left, (limit + self.everyday, when), everyday)

    def find_doers(self, task: int) -> None:
        """Give a task to the nearest; with a delay of escalation first to those at or below its zone."""
        rows, window = self._by_nearness(task), self._window(task)
        rows = rows[self.may_do[rows]]
        open_hours = np.full(len(window), float(self.tasks["hours"][task]))
        slots = int(self.tasks["doers"][task])
        if self.delay is None:
            self._give(task, rows, window, slots, open_hours)
            return
        slots = self._give(task, rows[~self.above[rows]], window, slots, open_hours)
        gap = np.flatnonzero(open_hours > 2 * LEAST_GAP * self.tasks["hours"][task])  # well beyond rounding
        later = int(gap[0]) + self.delay if len(gap) else len(open_hours)
        if later < len(open_hours):
            self._give(task, rows[self.above[rows]], window[later:], slots, open_hours[later:])

    def _give(self, task: int, rows: Rows, window: Rows, slots: int, open_hours: Floats) -> int:
        """Give hours of a task to the nearest who can do their least share; return how many more doers it may have.

        The last one covers what is left, if anybody can. What is given is taken from `open_hours`.
        """
        hours = float(self.tasks["hours"][task])
        for slot in range(slots, 0, -1):
            if open_hours.max(initial=0.0) <= EPSILON or not len(rows):
                return slot
            covers = np.minimum(open_hours, self._free(task, rows, window) / self.factor[rows][:, None])
            total = covers.sum(axis=1)
            fit = self._worth(task, rows, total) & (total >= self.share * hours * len(open_hours) * (1.0 - EPSILON))
            if not fit.any():
                return slot
            best = self._choice(fit, total, float(open_hours.sum()), last=slot == 1)
            self._take(task, int(rows[best]), covers[best], window)
            open_hours -= covers[best]
            rows = np.delete(rows, best)
        return 0

    def find_backups(self, task: int) -> None:
        """Ask who stands by: of kinds that are missing first, then the nearest with the hours to keep free."""
        wanted = int(self.tasks["backups"][task])
        rows, window = self._by_nearness(task), self._window(task)
        missing = self._missing(task, rows)
        rows = rows[(self.doer[rows] == 0) & self.may_stand_by[rows]]
        if not wanted or not len(rows):
            return
        reserve = self.reserve * self.factor * float(self.tasks["hours"][task])
        rows = rows[(self._free(task, rows, window) >= reserve[rows][:, None] * (1.0 - EPSILON)).all(axis=1)]
        for _ in range(min(wanted, len(rows))):
            useful = np.array([self.kind[self.party[row]] in missing for row in rows])
            best = int(np.argmax(useful)) if useful.any() else 0
            row = int(rows[best])
            self.backup[self.first_backup[row]] = 1.0
            self._use(task, row, np.full(len(window), reserve[row]), window)
            missing.discard(str(self.kind[self.party[row]]))
            rows = np.delete(rows, best)

    def _by_nearness(self, task: int) -> Rows:
        """Return who may do a task, the nearest first, then kinds that must take part, then by cost."""
        rows = np.arange(*self.rows[task], dtype=np.int64)
        wanted = self.kinds.get(task, set())
        strange = np.array([self.kind[party] not in wanted for party in self.party[rows]], dtype=bool)
        window = self._window(task)
        cost = self.hourly[rows] + self.effort[rows] / max(1e-12, self.tasks["hours"][task] * len(window))
        return rows[np.lexsort((rows, cost, strange, self.steps[rows]))]

    def _window(self, task: int) -> Rows:
        """Return the periods in which a task is active."""
        return np.flatnonzero(self.roles.active[task]).astype(np.int64)

    def _free(self, task: int, rows: Rows, window: Rows) -> Floats:
        """Return the hours that parties have left for a task, shape (rows, periods in which it is active)."""
        left = np.minimum(*(self.left[np.ix_(limits[rows], window)] for limits in (self.by_skill, self.over_all)))
        normal = self.roles.normal[task, window]
        if normal.any():
            for limits in (self.by_skill, self.over_all):
                everyday = self.left[np.ix_(limits[rows] + self.everyday, window)]
                left = np.where(normal, np.minimum(left, everyday), left)
        return np.asarray(np.maximum(left, 0.0))

    def _worth(self, task: int, rows: Rows, total: Floats) -> NDArray[np.bool_]:
        """Return who does something at no more than the gap costs; handing out to people always is worth it."""
        price = self.hourly[rows] - self.tasks["gap_cost"][task]
        worth = (price * total + self.effort[rows] <= 0.0) | bool(self.must[task])
        return np.asarray((total > EPSILON) & worth, dtype=np.bool_)

    @staticmethod
    def _choice(fit: NDArray[np.bool_], total: Floats, asked: float, *, last: bool) -> int:
        """Return the nearest who fits; for the last place who covers all that is left, else who covers most."""
        if not last:
            return int(np.argmax(fit))
        whole = fit & (total >= asked * (1.0 - EPSILON))
        return int(np.argmax(whole)) if whole.any() else int(np.argmax(np.where(fit, total, -1.0)))

    def _take(self, task: int, row: int, covers: Floats, window: Rows) -> None:
        self.doer[row] = 1.0
        first = self.first_cover[row] + int(np.searchsorted(self._window(task), window[0]))
        self.cover[first : first + len(covers)] = covers
        self.acting[first : first + len(covers)] = 1.0
        self._use(task, row, covers * self.factor[row], window)

    def _use(self, task: int, row: int, hours: Floats, window: Rows) -> None:
        """Take hours of every limit that the task counts against."""
        everyday = hours * self.roles.normal[task, window]
        for limit in (self.by_skill[row], self.over_all[row]):
            self.left[limit, window] -= hours
            self.left[limit + self.everyday, window] -= everyday

    def _missing(self, task: int, rows: Rows) -> set[str]:
        there = {str(self.kind[party]) for party in self.party[rows[self.doer[rows] > 0]]}
        return self.kinds.get(task, set()) - there


def _slices(of: NDArray[np.int64], count: int) -> list[tuple[int, int]]:
    """Return first and end of each task's rows, which stand together."""
    ends = np.searchsorted(of, np.arange(count + 1))
    return [(int(first), int(last)) for first, last in pairwise(ends)]
