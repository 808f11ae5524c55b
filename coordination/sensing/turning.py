r"""The four turning points of a crisis in each zone, from the change signals and the severity.

A crisis is a run of periods in which the lowest threshold is latched on (see ``world.modes``); of several the latest
counts.

===========  ==========================================================================================================
point        the first period in which
===========  ==========================================================================================================
inducement   the change began that was first signalled after the run before, of any indicator of the zone; where no
             run follows, only a change that is under way
trigger      severity reaches the lowest ``on``: the run begins
critical     severity reaches ``on`` of emergency, in the run
turning      severity is highest in the run, once it has fallen from there by as much as lies between on and off
===========  ==========================================================================================================

Each is graded by the severity then, in four equal steps, I the worst, as emergencies are in China; and classified by
the hazard of the indicator that adds most to it (an inducement by that of the indicator that changed).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.world.modes import latched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.world.severity import Severity

THRESHOLDS: Mapping[str, tuple[float, float]] = {"emergency": (0.6, 0.4), "parallel": (0.3, 0.2)}
"""Where ``policy.thresholds`` does not say."""


GRADES = ("IV", "III", "II", "I")
UNCLASSIFIED = "unclassified"
COLUMNS = ["zone", "point", "period", "grade", "hazard"]


def thresholds_of(instance: Instance) -> Mapping[str, tuple[float, float]]:
    """Return the thresholds of an instance, or the defaults."""
    given = instance.policy.thresholds
    return {str(mode): pair for mode, pair in given.items()} if given else THRESHOLDS


def grade(severity: float) -> str:
    """Return the grade of a severity.

    Examples
    --------
    >>> [grade(severity) for severity in (0.1, 0.25, 0.6, 1.0)]
    ['IV', 'III', 'II', 'I']
    """
    return GRADES[min(int(np.nan_to_num(severity) * 4), 3)]


def turning_points(instance: Instance, severity: Severity, changes: pd.DataFrame) -> pd.DataFrame:
    """Return the turning points of every zone with observations of its own.

    Parameters
    ----------
    instance : Instance
        With forecasts among its observations, where they shall count.
    severity : Severity
        Of that instance.
    changes : DataFrame
        ``zone``, ``indicator``, ``period`` (of the signal), ``onset`` (period), ``under_way``.

    Returns
    -------
    DataFrame
        Columns ``zone``, ``point``, ``period``, ``grade``, ``hazard``: the points that were reached.
    """
    thresholds = thresholds_of(instance)
    lowest = thresholds.get("parallel") or thresholds["emergency"]
    highest = thresholds.get("emergency") or lowest
    hazards = instance.indicators["hazard"].fillna(UNCLASSIFIED).to_numpy(dtype=object)
    hazard_of = dict(zip(instance.indicators["indicator"], hazards, strict=True))
    weight = instance.indicators["weight"].to_numpy(dtype=float)
    points: list[dict[str, Any]] = []
    for code, zone in enumerate(instance.zones["zone"].tolist()):
        course = severity.own[code]
        mine = changes[changes["zone"] == zone].sort_values(["onset", "period"])
        if np.isnan(course).all() and mine.empty:
            continue
        run, before = last_run(latched(course[None, :], *lowest)[0])
        found: dict[str, int] = {} if run is None else _points(course, run, lowest, highest, "emergency" in thresholds)
        end = found.get("trigger", len(course))
        onset = mine["onset"].to_numpy(dtype=np.int64) - severity.first
        early = mine[(onset > before) & (onset <= end) & ((run is not None) | mine["under_way"].to_numpy(dtype=bool))]
        named: dict[str, str] = {}
        if len(early):
            found = {"inducement": int(early["onset"].iloc[0]) - severity.first, **found}
            named["inducement"] = hazard_of.get(early["indicator"].iloc[0], UNCLASSIFIED)
        for point, time in found.items():
            said = np.nan_to_num(severity.parts[code, :, time]) * weight
            most = hazards[int(said.argmax())] if len(said) and said.max() > 0 else UNCLASSIFIED
            row = [zone, point, time + severity.first, grade(course[time]), named.get(point, most)]
            points.append(dict(zip(COLUMNS, row, strict=True)))
    return pd.DataFrame(points, columns=COLUMNS)


def last_run(on: NDArray[np.bool_]) -> tuple[slice | None, int]:
    """Return the last run of True, None where there is none, and the last time of the run before it (or −1).

    Examples
    --------
    >>> last_run(np.array([True, False, True, True]))
    (slice(2, 4, None), 0)
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(int), [0]])))
    if not len(edges):
        return None, -1
    return slice(int(edges[-2]), int(edges[-1])), int(edges[-3]) - 1 if len(edges) > 2 else -1


def _points(
    course: NDArray[np.float64], run: slice, lowest: tuple[float, float], highest: tuple[float, float], emergency: bool
) -> dict[str, int]:
    within = course[run]
    found = {"trigger": run.start}
    critical = np.flatnonzero(within >= highest[0]) if emergency else np.zeros(0, dtype=int)
    if len(critical):
        found["critical"] = run.start + int(critical[0])
    peak = run.start + int(np.nanargmax(within))
    on, off = highest if len(critical) else lowest
    if (course[peak:] <= course[peak] - (on - off)).any():
        found["turning"] = peak
    return found
