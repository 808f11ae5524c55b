"""How surely somebody shows up for each task: what each party adds to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.planning.supply_data import relation, series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.responsibility_data import Roles

PAIR = ["task", "party"]


def reliance(roles: Roles) -> NDArray[np.float64]:
    """Return what part of the way to ``policy.coverage`` each party goes alone, by party; 0 where nothing is asked for.

    A party of reliability 1 goes all of it; where the coverage asked for is 1, nobody else goes any.
    """
    asked = roles.case.instance.policy.coverage or 0.0
    sure = roles.case.instance.parties["reliability"].to_numpy(dtype=float)
    if asked <= 0.0:
        return np.zeros(len(sure))
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.log1p(-sure) / np.log1p(-asked)
    return np.where(sure >= 1.0, 1.0, np.where(asked < 1.0, np.minimum(part, 1.0), 0.0))


def relying(roles: Roles) -> NDArray[np.int64]:
    """Return the tasks for which somebody should surely show up: all, where the policy asks for it."""
    return np.arange(len(roles.tasks) if roles.case.instance.policy.coverage else 0, dtype=np.int64)


def redundancy_data(roles: Roles) -> dict[str, Any]:
    """Return the data of the formulation of redundancy."""
    policy = roles.case.instance.policy
    if not policy.coverage:
        return {"coverage_cost": policy.coverage_cost}
    weight = reliance(roles)

    def relied_on(pairs: pd.DataFrame) -> pd.DataFrame:
        return relation(pairs[weight[pairs["party"].to_numpy(dtype=int)] > 0.0], ["task"], PAIR)

    pairs = roles.doers[PAIR].assign(reliance=weight[roles.doers["party"].to_numpy(dtype=int)])
    return {
        "RELYING": pd.Index(relying(roles)),
        "DOERS_TO_RELY_ON": relied_on(roles.doers),
        "BACKUPS_TO_RELY_ON": relied_on(roles.backups),
        "reliance": series(pairs[pairs["reliance"] > 0.0], PAIR, "reliance"),
        "coverage_cost": policy.coverage_cost,
    }
