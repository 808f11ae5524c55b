"""Roles as a coalition tells them to others: by the ids of tasks and parties."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from coordination.planning.answer import Answer

TABLES = (("accountable", "accountable"), ("doers", "doer"), ("backups", "backup"), ("cover", "cover"))
"""Tables of `Roles`, and the values that say who of them holds the role, or how many hours it covers."""

Told = dict[str, "pd.DataFrame"]
"""By name of the values: ``task``, ``party`` (ids), ``period`` of hours, ``value``; rows of some value alone."""


def told_of(answer: Answer) -> Told:
    """Return the roles of an answer."""
    roles, coding = answer.model.roles, answer.model.case.coding
    tasks, parties = (ids.to_numpy(dtype=object) for ids in (coding.tasks, coding.parties))
    found: Told = {}
    for table, name in TABLES:
        rows = getattr(roles, table)
        columns = ["task", "party", "period"] if name == "cover" else ["task", "party"]
        rows = rows[columns].assign(value=answer.values[name])
        rows = rows[(rows["value"] != 0.0).to_numpy()].astype(dict.fromkeys(columns, int))
        found[name] = rows.assign(task=tasks[rows["task"]], party=parties[rows["party"]])
    return found
