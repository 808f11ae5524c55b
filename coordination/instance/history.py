"""Rules about what was before and what is new: tables ``held`` and ``events``."""

from collections.abc import Callable

import numpy as np

from coordination.instance.draft import Check
from coordination.instance.names import nearest
from coordination.instance.vocabulary import ROLES

NOT_CHANGED = ("events",)
"""Tables of the contract that news does not change."""
HELD_ROLES = (*ROLES[:3], "barred")
"""What ``held.mode`` may be for tasks."""


def check_held(check: Check) -> None:
    """Held rows name what there is: parties, places, commodities, zones, a role.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    held = check["held"]
    tables, ids, modes = held.texts("table"), held.texts("id"), held.texts("mode")
    parts = {"tasks": (None, "parties"), "needs": ("places", "commodities"), "facilities": ("places",)}
    parts["zones"] = ("zones",)
    keys = {"parties": "party", "places": "place", "commodities": "commodity", "zones": "zone"}
    known = {name: check[name].ids(key) for name, key in keys.items() if check[name].complete}
    for row in np.flatnonzero(held.usable("table", "id")).tolist():
        names, expected = ids[row].split(";"), parts[tables[row]]
        if tables[row] == "tasks" and modes[row] == "barred":
            expected = (None,)
        if tables[row] == "facilities" and len(names) == 2:
            expected = ("places", None)  # a module of it: see facility_rules
        if len(names) != len(expected):
            form = {"tasks": "task;party", "needs": "place;commodity"}.get(tables[row], "one id")
            check.report("held", [row], "id", form)
            continue
        for name, table in zip(names, expected, strict=True):
            if table in known and name not in known[table]:
                check.report("held", [row], "id", f"ids of {table}", nearest(name, known[table]))
    wrong = held.usable("table", "mode") & (tables == "tasks") & ~np.isin(modes.astype(str), HELD_ROLES)
    check.report("held", wrong, "mode", f"one of {', '.join(HELD_ROLES)} for tasks")


def check_events(check: Check) -> None:
    """Events change tables that there are.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    events = check["events"]
    names = [name for name in check.drafts if name not in NOT_CHANGED]
    for row in np.flatnonzero(events.usable("table")).tolist():
        table = events.texts("table")[row]
        if table not in names:
            check.report("events", [row], "table", "a table of the instance", nearest(table, names))


HISTORY_RULES: tuple[Callable[[Check], None], ...] = (check_held, check_events)
"""All rules about what was before and what is new."""
