"""The town with rules on roles: the plan worked out by hand keeps them, with the rows they ask for.

The hand-out and the patrol stay apart (the committee does the one; core and volunteers act in the other); the patrol
waits for half of the hand-out, of which half is covered; backups are of other kinds; by agreement the committee answers
for what it does, nobody but volunteers stands by; the core is consulted on the hand-out. Informed of the hand-out are
the core, above the committee, and the volunteers, whose patrol waits; of the patrol, for which the core answers, by
agreement the committee.
"""

from typing import Any

import pandas as pd

from coordination.instance import Instance
from coordination.plans import Plan
from tests.verification import town

DUTIES: dict[str, list[dict[str, Any]]] = {
    "depends": [{"task": "patrol", "on": "handout"}],
    "conflicts": [{"task": "handout", "other": "patrol"}],
    "mandates": [
        {"domain": "supply", "kind": "residents_committee", "role": "accountable", "rule": "must"},
        {"task": "handout", "party": "volunteers", "role": "backup", "rule": "may"},
        {"task": "handout", "party": "core", "role": "responsible", "rule": "must_not"},
        {"task": "patrol", "party": "committee", "role": "informed", "rule": "must"},
    ],
}
ROWS = [
    ("handout", "core", "consulted", 0, 2, town.NEVER),
    ("handout", "core", "informed", 0, 2, town.NEVER),
    ("handout", "volunteers", "informed", 0, 2, town.NEVER),
    ("patrol", "committee", "informed", 0, 1, town.NEVER),
]
BROKEN = ("mandates", "conflicts", "dependencies", "diversity", "consulted", "informed")
"""Rules that are off in the plain town and broken here."""


def instance(**changed: Any) -> Instance:
    """Return the town with rules on roles, some tables changed."""
    policy = town.HEADER["policy"] | {"depends_share": 0.5, "backup_diversity": True}
    tasks = [dict(task) for task in town.TABLES["tasks"]]
    tasks[0]["consulted"] = 1
    return Instance.from_tables(town.HEADER | {"policy": policy}, {**town.TABLES, **DUTIES, "tasks": tasks, **changed})


def responsibilities(more: list[tuple[Any, ...]] | None = None) -> pd.DataFrame:
    """Return the rows of roles, these among them, in contract order."""
    columns, rows = town.DECIDED["responsibilities"]
    rows = sorted([*rows, *(ROWS if more is None else more)], key=lambda row: row[:5])
    return pd.DataFrame(rows, columns=columns)


def plan(rows: pd.DataFrame | None = None, **changed: Any) -> Plan:
    """Return the plan, perhaps with other rows of roles or tables of the instance."""
    table = responsibilities() if rows is None else rows
    return town.plan({"responsibilities": table}, instance(**changed))
