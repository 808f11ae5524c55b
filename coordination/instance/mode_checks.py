"""Rules about operating modes: one function and one sentence each."""

from collections.abc import Callable

import numpy as np

from coordination.instance.draft import Check
from coordination.instance.names import nearest
from coordination.instance.vocabulary import MODES


def check_zones_before(check: Check) -> None:
    """Every zone is in one operating mode before the horizon.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    held = check["held"]
    tables, ids, modes = held.texts("table"), held.texts("id"), held.texts("mode")
    first: dict[str, int] = {}
    for row in np.flatnonzero(held.usable("table", "id", "mode") & (tables == "zones")).tolist():
        one = first.setdefault(ids[row], row)
        if one != row:
            check.report("held", [row], "id", "one mode of a zone", f"Row {held.lines[one]} has one already.")
        if modes[row] not in MODES:
            check.report("held", [row], "mode", f"one of {', '.join(MODES)} for zones", nearest(modes[row], MODES))


MODE_RULES: tuple[Callable[[Check], None], ...] = (check_zones_before,)
"""All rules about operating modes."""
