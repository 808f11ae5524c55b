"""What is agreed before anybody trades: roles as in the plan of everybody, told to those who hold them.

Each coalition hears of the roles of its own parties (task, period, hours, how many of them are a doer's least share,
how many a backup keeps free) and, for its own tasks, how many hours the least shares of all doers come to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from coordination.planning.responsibility_data import Roles

WORK = ("task", "party", "skill", "domain", "period", "hours", "normal", "factor", "least", "committed")
STANDBY = ("task", "party", "skill", "period", "normal", "reserve")
OWN = ("task", "period", "committed", "several")


@dataclass(frozen=True)
class Agreed:
    """Roles as agreed; tasks and parties by id.

    Attributes
    ----------
    work : DataFrame
        Doers by period: columns `WORK`.
    standby : DataFrame
        Backups by period: columns `STANDBY`.
    own : DataFrame
        Tasks by period: columns `OWN`; ``several`` says whether parties of several coalitions are in it.
    """

    work: pd.DataFrame
    standby: pd.DataFrame
    own: pd.DataFrame

    def of(self, parties: Sequence[str], tasks: Sequence[str]) -> Agreed:
        """Return what those who have some parties and tasks are told."""
        work, standby, own = self.work, self.standby, self.own
        return Agreed(
            work[work["party"].isin(parties)].reset_index(drop=True),
            standby[standby["party"].isin(parties)].reset_index(drop=True),
            own[own["task"].isin(tasks)].reset_index(drop=True),
        )


def agreed_roles(
    roles: Roles, values: Mapping[str, NDArray[np.float64]], coalition: Mapping[str, int], owner: Mapping[str, str]
) -> Agreed:
    """Return roles as agreed.

    Parameters
    ----------
    roles, values : Roles, mapping of str to ndarray
        Who may hold roles and who does, hours covered.
    coalition : mapping of str to int
        Coalition of each party.
    owner : mapping of str to str
        Party of each task.
    """
    tasks, parties = (ids.to_numpy(dtype=object) for ids in (roles.case.coding.tasks, roles.case.coding.parties))
    cover = roles.cover.assign(
        cover=values["cover"], doing=values["doer"][roles.cover["pair"].to_numpy()] > 0.5,
        normal=roles.normal[roles.cover["task"], roles.cover["period"]],
    )  # fmt: skip
    total = cover.groupby("pair")["cover"].transform("sum").to_numpy()
    least = cover["least"].to_numpy(dtype=float)
    share = np.divide(np.minimum(least, total), total, out=np.zeros(len(total)), where=total > 0.0)
    work = cover.assign(committed=share * cover["cover"])[cover["doing"].to_numpy()]
    work = work.assign(task=tasks[work["task"]], party=parties[work["party"]])[list(WORK)]
    held = roles.backups[values["backup"] > 0.5]
    standby = roles.open_periods(held)
    standby = standby.assign(normal=roles.normal[standby["task"], standby["period"]])
    standby = standby.assign(task=tasks[standby["task"]], party=parties[standby["party"]])[list(STANDBY)]
    own = roles.open_periods(roles.tasks).assign(task=lambda rows: tasks[rows["task"]])[["task", "period"]]
    given = work.groupby(["task", "period"], as_index=False)[["committed"]].sum()
    own = own.merge(given, on=["task", "period"], how="left").fillna({"committed": 0.0})
    crossing = work["party"].map(coalition) != work["task"].map(owner).map(coalition)
    several = set(work.loc[crossing, "task"])
    return Agreed(
        work.reset_index(drop=True), standby.reset_index(drop=True), own.assign(several=own["task"].isin(several))
    )  # fmt: skip
