"""Tasks that must stay apart: which roles of which parties clash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.planning.coding import encode

if TYPE_CHECKING:
    from coordination.planning.coding import Coding
    from coordination.planning.responsibility_data import Roles

CLASH = ["task", "party", "other_task", "other"]


def conflict_data(roles: Roles) -> dict[str, Any]:
    """Return the data of the formulation of conflicts."""
    coding, table = roles.case.coding, roles.case.instance.conflicts
    if table.empty:
        return {}
    apart = pd.DataFrame(
        {
            "task": encode(coding.tasks, table["task"]),
            "other_task": encode(coding.tasks, table["other"]),
            "chain": table["chain"].to_numpy(dtype=bool),
        }
    )
    turned = apart.rename(columns={"task": "other_task", "other_task": "task"})
    both_ways = pd.concat([apart, turned[apart.columns]], ignore_index=True)
    related, pairs = kin(coding), (roles.accountable[["task", "party"]], roles.doers[["task", "party"]])
    return {
        "ANSWER_CLASHES": _clashes(apart, related, pairs[0], pairs[0]),
        "MIXED_CLASHES": _clashes(both_ways, related, pairs[0], pairs[1]),
        "DOER_CLASHES": _clashes(apart, related, pairs[1], pairs[1]),
    }


def _clashes(apart: pd.DataFrame, related: pd.DataFrame, one: pd.DataFrame, other: pd.DataFrame) -> pd.MultiIndex:
    """Return the pairs of `one` and of `other` that no plan may hold together."""
    rows = apart.merge(one, on="task").merge(related, on="party")
    rows = rows[rows["chain"] | (rows["party"] == rows["other"])]
    there = other.rename(columns={"task": "other_task", "party": "other"})
    rows = rows.merge(there, on=["other_task", "other"])[CLASH].drop_duplicates()
    return pd.MultiIndex.from_frame(rows.sort_values(CLASH))


def kin(coding: Coding) -> pd.DataFrame:
    """Return every party with itself and all above and below it on the chain of superiors: ``party``, ``other``."""
    superior = encode(coding.parties, coding.instance.parties["superior"])
    party = np.arange(len(superior))
    above, rows = party.copy(), [pd.DataFrame({"party": party, "other": party})]
    while len(party):
        above = superior[above]
        party, above = party[above >= 0], above[above >= 0]
        rows += [pd.DataFrame({"party": party, "other": above}), pd.DataFrame({"party": above, "other": party})]
    return pd.concat(rows, ignore_index=True)
