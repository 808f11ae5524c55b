"""Who answers, does, stands by, as decided: whole roles, exact coverage, gaps that follow from both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.consulting import fill
from coordination.planning.continuity import acting_rows, changing
from coordination.planning.dependencies import waits
from coordination.planning.escalation import escalations
from coordination.planning.flows import ROUNDING
from coordination.planning.informing import informed
from coordination.planning.redundancy import reliance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from coordination.planning.responsibility_data import Roles

PAIR = ["task", "party"]
NONE_MISSING = 1e-9
"""Parts of the coverage asked for up to which none is missing: logarithms are rounded."""


@dataclass(frozen=True)
class Assignment:
    """Roles decided.

    Attributes
    ----------
    roles : Roles
        Who may.
    accountable, doer, backup : ndarray of bool
        By row of ``roles.accountable``, ``roles.doers``, ``roles.backups``.
    cover : ndarray
        Hours of the task covered, by row of ``roles.cover``.
    must_advise : ndarray of bool
        By row of ``roles.consulted``: whom the model chose where somebody must be consulted.
    acting : ndarray of bool
        Whether a doer is one in a period, by row of ``roles.cover``.
    """

    roles: Roles
    accountable: NDArray[np.bool_]
    doer: NDArray[np.bool_]
    backup: NDArray[np.bool_]
    cover: NDArray[np.float64]
    must_advise: NDArray[np.bool_]
    acting: NDArray[np.bool_]

    @classmethod
    def from_values(cls, roles: Roles, values: Mapping[str, NDArray[np.float64]]) -> Assignment:
        """Round a solver's values: roles to yes or no, coverage to what doers of the task can cover at most."""
        chosen, cover = values["doer"] > 0.5, _while_worked(roles, values)
        acting = _acting(roles, chosen, values)
        hours = np.where(acting, cover, 0.0).round(ROUNDING)
        hours = np.clip(hours, 0.0, roles.cover["hours"].to_numpy())
        total = roles.cover.assign(cover=hours).groupby(["task", "period"])["cover"].transform("sum").to_numpy()
        limit = roles.cover["hours"].to_numpy()
        hours = hours * np.minimum(1.0, np.divide(limit, total, out=np.ones_like(total), where=total > limit))
        must_advise = values["consulted"] > 0.5 if "consulted" in values else np.zeros(len(roles.consulted), dtype=bool)
        return cls(roles, values["accountable"] > 0.5, chosen, values["backup"] > 0.5, hours, must_advise, acting)

    @cached_property
    def consulted(self) -> pd.DataFrame:
        """Who is consulted: ``task``, ``party``."""
        roles = self.roles
        holding = [
            roles.accountable.loc[self.accountable, PAIR],
            roles.doers.loc[self.doer, PAIR],
            roles.backups.loc[self.backup, PAIR],
        ]
        return fill(roles, pd.concat(holding, ignore_index=True), roles.consulted.loc[self.must_advise])

    @cached_property
    def informed(self) -> pd.DataFrame:
        """Who is informed: ``task``, ``party``."""
        roles = self.roles
        return informed(roles, roles.accountable.loc[self.accountable], roles.doers.loc[self.doer])

    @cached_property
    def escalations(self) -> pd.DataFrame:
        """What was taken up from above: ``task``, ``from``, ``to`` (parties), ``period``, ``hours``."""
        taken = escalations(self.roles, self.acting, self.cover).rename(columns={"party": "to"})
        answering = self.roles.accountable.loc[self.accountable, PAIR].rename(columns={"party": "from"})
        return taken.merge(answering, on="task")[["task", "from", "to", "period", "hours"]]

    @cached_property
    def changes(self) -> int:
        """How many stints of doers begin after the first period of their task's window; 0 without handover."""
        if self.roles.case.instance.policy.handover_cost is None:
            return 0
        cover, acting = self.roles.cover, self.acting
        # The rows of a pair stand together, one for each period of the window.
        begins = acting & ~np.concatenate([[False], acting[:-1]])
        return int((begins & (cover["period"] > cover["start"]).to_numpy()).sum())

    @cached_property
    def gap(self) -> pd.DataFrame:
        """Hours not covered by task and period: the columns of tasks, ``period`` and ``gap``."""
        open_tasks = self.roles.open_periods(self.roles.tasks)
        covered = self.roles.cover.assign(cover=self.cover).groupby(["task", "period"])["cover"].sum()
        index = pd.MultiIndex.from_frame(open_tasks[["task", "period"]])
        gap = open_tasks["hours"].to_numpy() - covered.reindex(index, fill_value=0.0).to_numpy()
        return open_tasks.assign(gap=np.where(gap > 1e-9 * np.maximum(1.0, open_tasks["hours"]), gap, 0.0))

    @cached_property
    def backups_missing(self) -> pd.DataFrame:
        """Backups missing: ``task``, ``skill``, ``missing``."""
        tasks = self.roles.tasks
        there = self.roles.backups.loc[self.backup].groupby("task").size()
        missing = tasks["backups"] - there.reindex(tasks["task"], fill_value=0).to_numpy()
        return tasks.assign(missing=missing.astype(float)).loc[missing > 0, ["task", "skill", "missing"]]

    @cached_property
    def kinds_missing(self) -> pd.DataFrame:
        """Kinds missing: ``task``, ``kind``."""
        taking = pd.concat(
            [
                self.roles.doers.loc[self.doer, ["task", "party"]],
                self.roles.backups.loc[self.backup, ["task", "party"]],
            ]
        )
        taking["kind"] = self.roles.parties["kind"].to_numpy(dtype=object)[taking["party"].to_numpy(dtype=int)]
        present = pd.MultiIndex.from_frame(taking[["task", "kind"]])
        wanted = pd.MultiIndex.from_frame(self.roles.kinds[["task", "kind"]])
        return self.roles.kinds[~wanted.isin(present)]

    @cached_property
    def coverage_missing(self) -> pd.DataFrame:
        """Parts missing of the way to the coverage asked for: ``task``, ``skill``, ``missing``."""
        roles, tasks = self.roles, self.roles.tasks
        if not roles.case.instance.policy.coverage:
            return tasks.assign(missing=0.0).loc[:, ["task", "skill", "missing"]].iloc[:0]
        acting = pd.concat([roles.doers.loc[self.doer, PAIR], roles.backups.loc[self.backup, PAIR]])
        reached = np.zeros(len(tasks))
        np.add.at(reached, acting["task"].to_numpy(dtype=int), reliance(roles)[acting["party"].to_numpy(dtype=int)])
        missing = 1.0 - reached
        return tasks.assign(missing=missing).loc[missing > NONE_MISSING, ["task", "skill", "missing"]]

    def terms(self) -> dict[str, float]:
        """Return the terms of the responsibility side."""
        policy, cover = self.roles.case.instance.policy, self.roles.cover
        work = float((cover["pay"].to_numpy() * self.cover).sum())
        effort = float(self.roles.doers.loc[self.doer & ~changing(self.roles), "effort"].sum())
        apart = cover[acting_rows(self.roles) & self.acting]
        effort += float((apart["effort"] / apart["length"]).sum())
        return {
            "gap_hours": float((self.gap["gap"] * self.gap["gap_cost"]).sum()),
            "gap_backups": float(policy.backup_cost * self.backups_missing["missing"].sum()),
            "gap_kinds": float(policy.kind_cost * len(self.kinds_missing)),
            "gap_coverage": float(policy.coverage_cost * self.coverage_missing["missing"].sum()),
            "levels": float(self.roles.accountable.loc[self.accountable, "cost"].sum()),
            "work": work + effort,
            "interest": -float((cover["benefit"].to_numpy() * self.cover).sum()),
            "handover": float((policy.handover_cost or 0.0) * self.changes),
        }


def _while_worked(roles: Roles, values: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return coverage without the dust of periods in which a task waits for others."""
    cover = values["cover"]
    if not len(values.get("worked", ())):
        return cover
    idle = pd.MultiIndex.from_frame(waits(roles)[values["worked"] < 0.5])
    return np.where(pd.MultiIndex.from_frame(roles.cover[["task", "period"]]).isin(idle), 0.0, cover)


def _acting(roles: Roles, chosen: NDArray[np.bool_], values: Mapping[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Return whether a doer is one in a period, by row of ``roles.cover``: throughout, but where they come and go."""
    acting = np.asarray(chosen[roles.cover["pair"].to_numpy()], dtype=np.bool_)
    if len(values.get("acting", ())):
        acting[acting_rows(roles)] &= values["acting"] > 0.5
    return acting
