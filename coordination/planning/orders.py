"""Orders for doers and backups where roles are chosen area by area: roles that keep them are set aside first.

An area chosen late could find no hours left for whom an order names. So the roles that keep all orders
(`coordination.planning.keeping`), found for the whole case at once, are there from the start: an area may use what it
uses now, so it can always keep its orders, and where no better roles are found in time it has these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.keeping import Holding
    from coordination.planning.responsibility_data import Roles

    Floats = NDArray[np.float64]

ROLES = {"responsible": "doer", "backup": "backup"}
"""Variables of the roles that orders are looked after for."""


@dataclass(frozen=True)
class Kept:
    """Roles that keep the orders.

    Attributes
    ----------
    values : dict of str to ndarray
        ``doer``, ``backup`` and ``cover`` in the tasks that orders are about, 0 in all others.
    ordered : dict of str to ndarray of bool
        Which rows of these are in such a task.
    """

    values: dict[str, Floats]
    ordered: dict[str, NDArray[np.bool_]]


def kept_orders(roles: Roles, holding: Holding | None) -> Kept | None:
    """Return roles that keep all orders for doers and backups; None without such orders.

    Parameters
    ----------
    roles : Roles
        In whose order they shall stand; in single periods.
    holding : Holding or None
        Roles that keep all rules.

    Raises
    ------
    UsageError
        No roles are known that do.
    """
    tasks = pd.concat([roles.mandates.ordered(role)["task"] for role in ROLES]).unique()
    if not len(tasks):
        return None
    found = {} if holding is None else holding.values(roles)
    tables = {"doer": roles.doers, "backup": roles.backups, "cover": roles.cover}
    ordered = {name: np.asarray(table["task"].isin(tasks), dtype=np.bool_) for name, table in tables.items()}
    values = {name: np.where(ordered[name], found.get(name, 0.0), 0.0) for name in tables}
    if not _all_kept(roles, values):
        raise UsageError(
            f"{roles.case.instance.name}: no roles that keep all orders for doers and backups were found in time "
            f"({len(tasks)} tasks with such orders). Plan a part of the city, or leave some of them out."
        )
    return Kept(values, ordered)


def _all_kept(roles: Roles, values: dict[str, Floats]) -> bool:
    for role, name in ROLES.items():
        pairs = roles.doers if name == "doer" else roles.backups
        holding = pairs.loc[values[name] > 0.5, ["task", "party"]]
        kept = roles.mandates.spelled(role, "must").merge(holding, on=["task", "party"])[["order", "task"]]
        orders = roles.mandates.ordered(role)
        if not pd.MultiIndex.from_frame(orders).isin(pd.MultiIndex.from_frame(kept)).all():
            return False
    return True
