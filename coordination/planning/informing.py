"""Who is informed: all superiors of the accountable party, the doers of tasks that wait, and who must be.

What follows from the other roles is no choice: the party that answers for the task and those who do it know already,
everybody above the one and everybody who waits for the others is told. Mandates act last: ``may`` and ``must_not`` take
away, ``must`` adds, of several the first in the order of the table of parties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.coding import encode

if TYPE_CHECKING:
    from coordination.planning.responsibility_data import Roles

PAIR = ["task", "party"]


def informs(roles: Roles) -> bool:
    """Return whether anybody is informed: where tasks wait, parties are consulted, or a mandate speaks of informed."""
    instance = roles.case.instance
    spoken = instance.mandates["role"].isin(["consulted", "informed"]).any()
    return bool(len(instance.depends) > 0 or instance.tasks["consulted"].notna().any() or spoken)


def informed(roles: Roles, accountable: pd.DataFrame, doers: pd.DataFrame) -> pd.DataFrame:
    """Return who is informed: ``task``, ``party``.

    Parameters
    ----------
    accountable, doers : DataFrame
        ``task``, ``party`` of those who answer and do.
    """
    accountable, doers = (pairs[PAIR].astype(np.int64) for pairs in (accountable, doers))
    if not informs(roles):
        return accountable.iloc[:0]
    told = pd.concat([_superiors(roles, accountable), _waiting(roles, doers)]).drop_duplicates(ignore_index=True)
    know = pd.MultiIndex.from_frame(pd.concat([accountable, doers]))
    told = told[~pd.MultiIndex.from_frame(told).isin(know)]
    told = told[roles.mandates.permits("informed", told)]
    return _with_ordered(roles, told).sort_values(PAIR, ignore_index=True)


def _superiors(roles: Roles, accountable: pd.DataFrame) -> pd.DataFrame:
    """Return everybody above the accountable parties."""
    superior = encode(roles.case.coding.parties, roles.case.instance.parties["superior"])
    rows, above = [accountable.iloc[:0]], accountable
    while len(above):
        above = above.assign(party=superior[above["party"].to_numpy()])
        above = above[above["party"] >= 0]
        rows.append(above)
    return pd.concat(rows, ignore_index=True)


def _waiting(roles: Roles, doers: pd.DataFrame) -> pd.DataFrame:
    """Return the doers of tasks that wait, for the tasks they wait for."""
    coding, table = roles.case.coding, roles.case.instance.depends
    rows = pd.DataFrame({"waits": encode(coding.tasks, table["task"]), "task": encode(coding.tasks, table["on"])})
    return rows.merge(doers.rename(columns={"task": "waits"}), on="waits")[PAIR]


def _with_ordered(roles: Roles, told: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs with those added that orders ask for and do not name any of."""
    orders = roles.mandates.spelled("informed", "must")
    orders = orders[roles.mandates.permits("informed", orders)].sort_values(["order", "task", "party"])
    for _, named in orders.groupby(["order", "task"]):
        if told.merge(named[PAIR], on=PAIR).empty:
            told = pd.concat([told, named[PAIR].iloc[:1]], ignore_index=True)
    return told
