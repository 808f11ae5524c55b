"""The roles of a plan as values of the formulation, and the hours that they are committed to.

Roles are fixed as in the plan: who answers, does and stands by. What a role obliges to is committed with it, whoever is
in a coalition: a backup keeps its hours free, a doer does its least share (`policy.min_share`), spread over the periods
as in the plan. Hours of tasks that wait for others, and of those they wait for, stay as planned. All other hours are
free to be given elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.coding import encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.responsibility_data import Roles
    from coordination.plans import Plan

    Floats = NDArray[np.float64]

PAIR = ["task", "party"]


@dataclass(frozen=True)
class Held:
    """Roles of a plan by row of the tables of `Roles`.

    Attributes
    ----------
    roles : Roles
        Who may hold which role.
    accountable, doer, backup : ndarray of 0 and 1
        By row of ``roles.accountable``, ``roles.doers``, ``roles.backups``.
    cover : ndarray, hours
        Covered, by row of ``roles.cover``.
    committed : ndarray, hours
        The part of it that the role obliges to.
    frozen : ndarray of bool
        Whether the hours of a row of ``roles.cover`` stay as planned.
    """

    roles: Roles
    accountable: Floats
    doer: Floats
    backup: Floats
    cover: Floats
    committed: Floats
    frozen: NDArray[np.bool_]

    @classmethod
    def of(cls, plan: Plan, roles: Roles) -> Held:
        """Return the roles of a plan."""
        coding, table = roles.case.coding, plan.responsibilities
        coded = table.assign(task=encode(coding.tasks, table["task"]), party=encode(coding.parties, table["party"]))
        found = {role: coded[coded["role"] == role] for role in ("accountable", "responsible", "backup")}
        cover = _cover(roles, found["responsible"])
        frozen = roles.cover["task"].isin(_waiting(roles)).to_numpy()
        return cls(
            roles,
            _held(roles.accountable, found["accountable"]),
            _held(roles.doers, found["responsible"]),
            _held(roles.backups, found["backup"]),
            cover,
            np.where(frozen, cover, _committed(roles, cover)),
            frozen,
        )

    def values(self) -> dict[str, Floats]:
        """Return the values of the variables of roles that enter the social cost."""
        return {"accountable": self.accountable, "doer": self.doer, "backup": self.backup}


def _held(pairs: pd.DataFrame, held: pd.DataFrame) -> Floats:
    found = pd.MultiIndex.from_frame(pairs[PAIR]).isin(pd.MultiIndex.from_frame(held[PAIR]))
    return np.asarray(found, dtype=float)


def _cover(roles: Roles, doing: pd.DataFrame) -> Floats:
    """Return the hours covered, by row of ``roles.cover``."""
    length = (doing["end"] - doing["start"] + 1).to_numpy(dtype=int)
    row = np.repeat(np.arange(len(doing)), length)
    step = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
    period = doing["start"].to_numpy(dtype=int)[row] + step
    index = pd.MultiIndex.from_arrays([doing["task"].to_numpy()[row], doing["party"].to_numpy()[row], period])
    hours = pd.Series(doing["hours"].fillna(0.0).to_numpy(dtype=float)[row], index).groupby(level=[0, 1, 2]).sum()
    wanted = pd.MultiIndex.from_frame(roles.cover[[*PAIR, "period"]])
    return np.asarray(hours.reindex(wanted, fill_value=0.0), dtype=float)


def _committed(roles: Roles, cover: Floats) -> Floats:
    """Return the least share of each doer, spread as what it covers."""
    pair = roles.cover["pair"].to_numpy()
    least = (roles.case.instance.policy.min_share * roles.doers["hours"] * roles.doers["length"]).to_numpy(dtype=float)
    total = np.bincount(pair, cover, len(roles.doers))
    share = np.divide(np.minimum(least, total), total, out=np.zeros(len(total)), where=total > 0.0)
    return np.asarray(cover * share[pair], dtype=np.float64)


def _waiting(roles: Roles) -> set[int]:
    """Return the tasks that wait for others, and those they wait for."""
    depends, tasks = roles.case.instance.depends, roles.case.coding.tasks
    return {*encode(tasks, depends["task"]).tolist(), *encode(tasks, depends["on"]).tolist()}
