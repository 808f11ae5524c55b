"""What was decided and met before the horizon: table ``held``, in codes.

A task that has ended is not in its table any more; what is held of it still counts in the span of control.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.errors import InstanceError, Problem, UsageError, shown
from coordination.planning.coding import encode
from coordination.wording import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.planning.coding import Coding
    from coordination.planning.responsibility_data import Roles

    Floats = NDArray[np.float64]

FIRST_LINE = 2
"""Line of the first row in a file, the header being 1."""
BARRED = "barred"
COME_AND_GO = ("handover_cost", "escalation_delay")
"""Keys of the policy with which doers come and go within a task's window."""
PAIR = ["task", "party"]


@dataclass(frozen=True)
class Held:
    """The table ``held`` of an instance.

    Attributes
    ----------
    coding : Coding
        Codes of tasks, parties, places and commodities, and the instance.
    """

    coding: Coding

    @cached_property
    def roles(self) -> pd.DataFrame:
        """Roles in tasks under way: ``line``, ``task``, ``party`` (codes), ``role``, ``periods``, ``hours``."""
        rows = self._roles
        return rows[(rows["task"] >= 0) & (rows["role"] != BARRED)].reset_index(drop=True)

    @cached_property
    def ended(self) -> pd.DataFrame:
        """Roles in tasks that have ended: ``party`` (code), ``role``."""
        rows = self._roles
        return rows.loc[(rows["task"] < 0) & (rows["role"] != BARRED), ["party", "role"]].reset_index(drop=True)

    @cached_property
    def barred(self) -> NDArray[np.int64]:
        """Tasks that wait for what did not come: nobody can work on them any more."""
        rows = self._roles
        tasks: NDArray[np.int64] = np.unique(rows.loc[rows["role"] == BARRED, "task"].to_numpy(dtype=np.int64))
        return tasks[tasks >= 0]

    @cached_property
    def elapsed(self) -> NDArray[np.int64]:
        """Periods of each task's window that have passed."""
        passed = np.zeros(len(self.coding.tasks), dtype=np.int64)
        np.maximum.at(passed, self.roles["task"].to_numpy(), self.roles["periods"].to_numpy())
        return passed

    @cached_property
    def under_way(self) -> NDArray[np.bool_]:
        """Whether the roles of each task are held."""
        found = np.zeros(len(self.coding.tasks), dtype=bool)
        found[self.roles["task"].to_numpy()] = True
        return found

    @cached_property
    def covered(self) -> Floats:
        """Hours of each task covered so far."""
        return np.bincount(self.roles["task"], self.roles["hours"], len(self.coding.tasks)).astype(np.float64)

    def answered_for(self, parties: int) -> NDArray[np.int64]:
        """Return how many tasks that have ended each party was accountable for."""
        ended = self.ended
        count = np.bincount(ended.loc[ended["role"] == "accountable", "party"], minlength=parties)
        return np.asarray(count, dtype=np.int64)

    def allowed(self, role: str, pairs: pd.DataFrame) -> NDArray[np.bool_]:
        """Return which pairs of ``task`` and ``party`` may hold a role: in a task under way, who holds it."""
        free: NDArray[np.bool_] = ~self.under_way[pairs["task"].to_numpy(dtype=np.int64)]
        return free | self.holds(role, pairs)

    def holds(self, role: str, pairs: pd.DataFrame) -> NDArray[np.bool_]:
        """Return which pairs of ``task`` and ``party`` hold a role in a task under way."""
        if self.roles.empty:
            return np.zeros(len(pairs), dtype=bool)
        found = pd.MultiIndex.from_frame(self.roles.loc[self.roles["role"] == role, PAIR])
        return np.asarray(pd.MultiIndex.from_frame(pairs[PAIR]).isin(found), dtype=np.bool_)

    def hours_of(self, pairs: pd.DataFrame) -> Floats:
        """Return the hours that each pair of ``task`` and ``party`` has covered so far as a doer."""
        if self.roles.empty:
            return np.zeros(len(pairs))
        rows = self.roles[self.roles["role"] == "responsible"]
        hours = pd.Series(rows["hours"].to_numpy(dtype=float), pd.MultiIndex.from_frame(rows[PAIR]))
        found = hours.reindex(pd.MultiIndex.from_frame(pairs[PAIR]), fill_value=0.0)
        return np.asarray(found.to_numpy(), dtype=np.float64)

    def met(self) -> tuple[Floats, Floats]:
        """Return what was needed and what was served before the horizon, shape (places, commodities)."""
        table, coding = self.coding.instance.held, self.coding
        shape = (len(coding.places), len(coding.commodities))
        need, served = np.zeros(shape), np.zeros(shape)
        rows = table[table["table"] == "needs"]
        if len(rows):
            parts = rows["id"].str.split(";")
            at = encode(coding.places, parts.str[0]), encode(coding.commodities, parts.str[1])
            np.add.at(need, at, rows["need"].fillna(0.0).to_numpy())
            np.add.at(served, at, rows["served"].fillna(0.0).to_numpy())
        return need, served

    @cached_property
    def _roles(self) -> pd.DataFrame:
        table = self.coding.instance.held
        table = table.assign(line=np.arange(len(table)) + FIRST_LINE)
        rows = table[table["table"] == "tasks"]
        parts = rows["id"].str.split(";")
        return pd.DataFrame(
            {
                "line": rows["line"].to_numpy(dtype=np.int64),
                "task": encode(self.coding.tasks, parts.str[0]) if len(rows) else np.zeros(0, dtype=np.int64),
                "party": encode(self.coding.parties, parts.str[1]) if len(rows) else np.zeros(0, dtype=np.int64),
                "role": rows["mode"].to_numpy(dtype=object),
                "periods": rows["periods"].to_numpy(dtype=np.int64),
                "hours": rows["hours"].fillna(0.0).to_numpy(dtype=float),
            }
        )


def without_roles_under_way(instance: Instance) -> Instance:
    """Return the instance without roles in tasks under way: they are chosen anew, or agreed already."""
    held = instance.given("held")
    mine = (held["table"] == "tasks").to_numpy()
    return instance.replace(held=held[~mine]) if mine.any() else instance


def refuse_held_with_others(instance: Instance) -> None:
    """Refuse roles in tasks under way beside rules with which it is not said what of them goes on.

    Raises
    ------
    UsageError
        It names both.
    """
    held = instance.held[instance.held["table"] == "tasks"]
    if held.empty:
        return
    policy, tasks = instance.policy, instance.tasks
    under_way = tasks["task"].isin(held["id"].str.split(";").str[0])
    some = tasks.loc[under_way & by_mode(tasks), "task"].tolist()
    beside = [f"policy.{key}" for key in COME_AND_GO if getattr(policy, key) is not None]
    beside += [f"tasks.mode ({len(some)} of these tasks, such as {some[0]})"] if some else []
    if beside:
        raise UsageError(
            f"{instance.name}: table held has roles in tasks under way ({counted(len(held), 'row')}) beside "
            f"{', '.join(beside)}: both together are not carried out yet. Remove one of them."
        )


def by_mode(tasks: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which tasks are active in some modes only."""
    return np.array(["any" not in str(modes).split(";") for modes in tasks["mode"].fillna("any")], dtype=np.bool_)


def refuse_lost_roles(roles: Roles) -> None:
    """Refuse roles held by parties that cannot hold them (any more).

    Raises
    ------
    InstanceError
        It names the rows of ``held``.
    """
    lost = lost_roles(roles)
    if lost.empty:
        return
    ids = roles.case.instance.held["id"].to_numpy(dtype=object)
    problems = [
        Problem("held", line, "id", shown(ids[line - FIRST_LINE]), f"a party that can be {role} in the task",
                "Remove the rows of this task: its roles are then chosen anew.")
        for line, role in zip(lost["line"].tolist(), lost["role"].tolist(), strict=True)
    ]  # fmt: skip
    raise InstanceError(problems)


def lost_roles(roles: Roles) -> pd.DataFrame:
    """Return the rows of `Held.roles` whose party cannot hold the role: no skill, no jurisdiction, a ban."""
    held = roles.held.roles
    if held.empty:
        return held
    tables = {"accountable": roles.accountable, "responsible": roles.doers, "backup": roles.doers}
    fine = np.zeros(len(held), dtype=bool)
    for role, pairs in tables.items():
        mine = (held["role"] == role).to_numpy()
        known = np.asarray(pd.MultiIndex.from_frame(held[PAIR]).isin(pd.MultiIndex.from_frame(pairs[PAIR])))
        allowed = roles.mandates.permits(role, held)
        fine |= mine & known & allowed
    # An accountable party that mandates bar is in no pair of its task, which then has none at all.
    return held[~fine].reset_index(drop=True)
