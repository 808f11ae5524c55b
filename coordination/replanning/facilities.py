"""What facilities are in after the first periods of a plan, as rows of ``held``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.instance.facility_rules import EVERYDAY

if TYPE_CHECKING:
    from coordination.planning.case import Case
    from coordination.plans import Plan


def facilities_held(case: Case, plan: Plan, periods: int) -> list[dict[str, Any]]:
    """Return the mode of each facility, and its modules, after some periods.

    Parameters
    ----------
    periods : int
        Periods carried out, at least 1.

    Returns
    -------
    list of dict
        ``table``, ``id``, ``mode``, ``periods`` (without a break up to now); facilities in everyday use have no row.
    """
    before = case.instance.held[case.instance.held["table"] == "facilities"]
    known = dict(zip(zip(before["id"], before["mode"], strict=True), before["periods"].tolist(), strict=True))
    rows = []
    for place, mine in plan.facilities.groupby("place"):
        modes = np.full(case.periods, EVERYDAY, dtype=object)
        modes[mine["period"].to_numpy()] = mine["mode"].to_numpy(dtype=object)
        mode, length = modes[periods - 1], 0
        while length < periods and modes[periods - 1 - length] == mode:
            length += 1
        if mode != EVERYDAY:
            length += known.get((place, mode), 0) if length == periods else 0
            rows.append({"table": "facilities", "id": place, "mode": mode, "periods": length})
    there = plan.modules[(plan.modules["start"] < periods) & (plan.modules["end"] >= periods - 1)]
    for row in there.to_dict("records"):
        key = (f"{row['place']};{row['module']}", row["emergency_use"])
        length = periods - int(row["start"]) + (known.get(key, 0) if row["start"] == 0 else 0)
        rows.append({"table": "facilities", "id": key[0], "mode": key[1], "periods": length})
    return rows
