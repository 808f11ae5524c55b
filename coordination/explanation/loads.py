"""Hours that a plan takes of each party, beside those that it has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.case import Case
from coordination.planning.continuity import changing
from coordination.planning.recovery import refuse_damage
from coordination.planning.responsibility_data import Roles, windows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.plans import Plan

FULL = 1e-6
"""Hours left, relative to those there are (at least one), below which a limit binds."""


@dataclass(frozen=True)
class Loads:
    """The roles of a plan, and what they take.

    Attributes
    ----------
    plan : Plan
        The plan.
    roles : Roles
        Who may hold which role in its instance, and at what cost.
    """

    plan: Plan
    roles: Roles

    @classmethod
    def of(cls, plan: Plan) -> Loads:
        """Return the loads of a plan."""
        refuse_damage(plan.instance, "An explanation")
        return cls(plan, Roles(Case.of(plan.instance), tight=True))

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Pairs of `Roles.doers` with their ids, what they may, and whether doers of the task come and go.

        Columns ``task_id``, ``party_id``, ``able``, ``may_do``, ``may_stand_by``, ``by_period`` beside their own.
        """
        roles = self.roles
        return self.named(roles.doers).assign(
            able=roles.able,
            may_do=roles.mandates.permits("responsible", roles.doers),
            may_stand_by=roles.mandates.permits("backup", roles.doers),
            by_period=changing(roles),
        )

    def named(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Return pairs of codes with their ids."""
        coding = self.roles.case.coding
        return pairs.assign(
            task_id=coding.tasks.to_numpy()[pairs["task"].to_numpy()],
            party_id=coding.parties.to_numpy()[pairs["party"].to_numpy()],
        )

    @cached_property
    def work(self) -> pd.DataFrame:
        """Each period that a doer or backup works or keeps free: the pair's columns, ``role``, ``period``, ``covered``.

        ``covered`` are hours of the task, 0 for a backup; ``taken`` hours of the party.
        """
        held = self.plan.responsibilities[["task", "party", "role", "start", "end", "hours"]]
        held = held[held["role"].isin(["responsible", "backup"])]
        held = held.rename(columns={"task": "task_id", "party": "party_id", "hours": "covered"})
        pairs = self.pairs.drop(columns=["start", "end", "length", "backups"])
        rows: pd.DataFrame = held.merge(pairs, on=["task_id", "party_id"])
        rows = windows(rows)
        rows = rows.loc[self.roles.active[rows["task"].to_numpy(), rows["period"].to_numpy()]].reset_index(drop=True)
        share = self.roles.case.instance.policy.backup_reserve
        backup = rows["role"] == "backup"
        covered = rows["covered"].where(~backup, 0.0)
        taken = rows["factor"] * np.where(backup, share * rows["hours"], covered)
        return rows.assign(covered=covered, taken=taken, when=rows["period"])

    @cached_property
    def taken(self) -> NDArray[np.float64]:
        """Hours taken of each limit of `Roles.available` in each period."""
        total = np.zeros(self.roles.available.shape)
        rows = self.roles.limits_of(self.work)
        np.add.at(total, (rows["limit"].to_numpy(), rows["period"].to_numpy()), rows["taken"].to_numpy())
        return total

    def limits(self, pair: pd.Series, period: int) -> list[int]:
        """Return the limits that a pair takes hours from in a period."""
        return [int(limit) for limit in self.roles.limits_of(pair.to_frame().T.assign(when=period))["limit"]]

    def full(self, limit: int, period: int) -> bool:
        """Return whether no hours of a limit are left in a period."""
        hours, taken = float(self.roles.available[limit, period]), float(self.taken[limit, period])
        return hours < np.inf and hours - taken <= FULL * max(1.0, hours)

    def binding(self, pair: pd.Series, periods: list[int]) -> list[int]:
        """Return those of some periods in which a limit on the hours of a pair's party binds."""
        return [period for period in periods if any(self.full(limit, period) for limit in self.limits(pair, period))]

    def busiest(self, pair: pd.Series) -> tuple[float, float]:
        """Return the hours taken and there in the fullest period of a pair's window, of the tighter limit."""
        choices = [
            (float(self.roles.available[limit, period]), float(self.taken[limit, period]))
            for period in np.flatnonzero(self.roles.active[int(pair["task"])]).tolist()
            for limit in self.limits(pair, period)
        ]
        hours, taken = min(choices, key=lambda choice: (choice[0] - choice[1], -choice[1]), default=(np.inf, 0.0))
        return taken, hours
