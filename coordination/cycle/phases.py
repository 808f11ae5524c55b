"""The phases of a cycle, told apart by the function curve of the city.

prepare: before anything happens. resist: from the first period to the lowest point of the curve (the last of equal
ones). recover: from there to the end. adapt: afterwards. Money of a phase is what its periods cost; what a task costs
once counts with its last period, the worst off with the last period of all.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.replanning import executed_terms
from coordination.resilience.curve import curves
from coordination.resilience.resilience import containment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.plans import Plan

COLUMNS = [
    "phase", "start", "end", "cost", "money", "deprivation", "lapsed", "transport", "work", "gap_hours", "worst_off",
    "lowest", "area_lost", "at_end",
]  # fmt: skip
TOLD = ("deprivation", "lapsed", "transport", "work", "gap_hours")
EQUAL = 1e-9


def city_curve(plan: Plan) -> NDArray[np.float64]:
    """Return the function of the core's zone in each period, 0 to 1."""
    parties = plan.instance.parties
    zone = parties.loc[parties["kind"] == "core", "zone"].iloc[0]
    return np.asarray(curves(plan, containment(plan, [zone]))[0], dtype=np.float64)


def turning_point(course: NDArray[np.float64]) -> int:
    """Return the period of the lowest point, the last of equal ones; the last period of all is left to recovery.

    Examples
    --------
    >>> turning_point(np.array([1.0, 0.4, 0.4, 0.8]))
    2
    """
    lowest = int(np.flatnonzero(course <= course.min() + EQUAL)[-1])
    return min(lowest, max(0, len(course) - 2))


def phases_table(played: Plan, money: float | None) -> pd.DataFrame:
    """Return a row for each phase: ``cost`` is the social cost of its periods, the other columns say of what.

    Parameters
    ----------
    played : Plan
        What came of the whole event.
    money : float or None
        What was spent before it; None where nothing could be prepared.
    """
    course, periods = city_curve(played), int(played.instance.periods)
    turn = turning_point(course) + 1
    rows = [{"phase": "prepare", "cost": money or 0.0, "money": money or 0.0, "at_end": 1.0}]
    done = [executed_terms(played, k) for k in (0, turn, periods)]
    for number, (phase, start, end) in enumerate((("resist", 0, turn), ("recover", turn, periods))):
        if start == end:
            continue
        terms = {name: done[number + 1][name] - value for name, value in done[number].items()}
        if end == periods:
            terms["worst_off"] = played.terms["worst_off"]
        part = course[start:end]
        row: dict[str, Any] = {"phase": phase, "start": start, "end": end - 1, "cost": math.fsum(terms.values())}
        row |= {name: terms[name] for name in TOLD} | {"worst_off": worst_share(played, start, end)}
        rows.append(row | {"lowest": part.min(), "area_lost": float((1 - part).sum()), "at_end": part[-1]})
    rows.append({"phase": "adapt", "cost": 0.0, "at_end": course[-1]})
    return pd.DataFrame(rows, columns=COLUMNS)


def worst_share(plan: Plan, start: int, end: int) -> float:
    """Return the largest share not served of what was due in some periods, over place and commodity.

    Parameters
    ----------
    start, end : int
        Periods from `start` up to, not including, `end`.
    """
    rows = plan.service[(plan.service["period"] >= start) & (plan.service["period"] < end)]
    keys = ["place", "commodity"]
    # What was due is what was served and what still waits at the end.
    waits = rows[rows["period"] == end - 1].groupby(keys)["backlog"].sum()
    served = rows.groupby(keys)["served"].sum()
    waits = waits.reindex(served.index, fill_value=0.0)
    due = served + waits
    return float((waits[due > 0] / due[due > 0]).max()) if (due > 0).any() else 0.0
