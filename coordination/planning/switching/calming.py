"""Schedules without switches that decide nothing: of those alike to a chosen one, the one with the fewest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance.vocabulary import MODES
from coordination.planning.switching.schedule import Course
from coordination.world.modes import NORMAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.switching.data import Switching
    from coordination.world.choosing import Choosing

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

FITS = 1e-9
"""Share by which hours may be too many from rounding."""


def course_of(choosing: Choosing, zone: int) -> Course:
    """Return what a chooser may do."""
    mode, since = choosing.before
    return Course(
        choosing.fixed[1][zone],
        choosing.cost[zone],
        choosing.switch_cost[zone],
        choosing.least_stay[zone],
        (int(mode[zone]), int(since[zone])),
    )


def calmed(switching: Switching, schedule: Ints, form: MatrixForm, x: Floats) -> Ints:
    """Return a schedule that costs no more than a chosen one and lets all else be as it is, with the fewest switches.

    A mode stands in for another where it asks for the same tasks, keeps no more of everyday services, and pins and
    least stays allow it; normal, where what is worked and kept free fits into everyday hours.

    Parameters
    ----------
    schedule : ndarray of int, shape (choosers, periods)
        Index into ``MODES``.
    form : MatrixForm
        The program that chose.
    x : ndarray
        Its solution.
    """
    best, loads = schedule.copy(), _Loads.of(form, x)
    for zone in range(len(schedule)):
        course = course_of(switching.choosing, zone)
        alike = course.may & _alike(switching, zone, schedule[zone])
        alike[NORMAL] &= (schedule[zone] == NORMAL) | loads.fit(zone, best)
        found = Course(alike, course.cost, course.switch_cost, course.least_stay, course.before).cheapest()
        if found is not None:
            best[zone] = found
    return best


@dataclass(frozen=True)
class _Loads:
    """What is worked and kept free of everyday hours, were all zones in normal mode.

    Attributes
    ----------
    rows : ndarray of int, shape (loads, 3)
        Limit, chooser, period.
    hours : ndarray
        Of each row.
    left : dict of (int, int) to float
        Everyday hours of a limit in a period that tasks of the normal mode alone leave.
    """

    rows: Ints
    hours: Floats
    left: dict[tuple[int, int], float]

    @classmethod
    def of(cls, form: MatrixForm, x: Floats) -> _Loads:
        """Read the loads off a solution."""
        if "load_counts" not in form.constraints:
            return cls(np.zeros((0, 3), dtype=np.int64), np.zeros(0), {})
        worked = np.zeros(form.columns)
        for name in ("cover", "backup", "on_call"):
            if name in form.variables:
                worked[form.variables[name].slice] = x[form.variables[name].slice]
        taken, counts = form.matrix @ worked, form.constraints["load_counts"]
        limits = form.constraints["everyday_hours"]
        left = form.row_upper[limits.slice] - taken[limits.slice]
        keys = [(int(limit), int(period)) for limit, period in limits.index.tolist()]
        rows = counts.index.to_frame(index=False).to_numpy(dtype=np.int64)
        return cls(rows, taken[counts.slice], dict(zip(keys, left.tolist(), strict=True)))

    def fit(self, zone: int, schedule: Ints) -> Bools:
        """Return whether a chooser could be in normal mode beside the others, by period."""
        fits = np.ones(schedule.shape[1], dtype=bool)
        limit, other, period = self.rows.T
        counted = (schedule[other, period] == NORMAL) | (other == zone)
        used = pd.Series(np.where(counted, self.hours, 0.0)).groupby([limit, period]).sum()
        for (number, t), hours in zip(used.index.tolist(), used.tolist(), strict=True):
            mine = (limit == number) & (period == t) & (other == zone)
            if mine.any() and hours > self.left[number, t] + FITS * max(1.0, hours):
                fits[t] = False
        return fits


def _alike(switching: Switching, zone: int, course: Ints) -> Bools:
    """Return which modes could stand in for those of a course, shape (modes, periods)."""
    roles, instance = switching.model.roles, switching.model.case.instance
    mine = switching.task_zone == zone
    asks, open_then = switching.asking[mine], roles.active[mine]
    same = (asks[:, :, None] == asks[:, course][:, None, :]) | ~open_then[:, None, :]
    alike = same.all(axis=0)
    floors = switching.model.case.facilities.floors
    within = switching.choosing.follows[floors["zone"].to_numpy(dtype=np.int64)] == zone
    table = instance.service_floors[within]
    for _, rows in table.groupby(["zone", "service"]):
        kept = np.zeros(len(MODES))
        kept[[MODES.index(str(mode)) for mode in rows["mode"]]] = rows["share"].to_numpy(dtype=float)
        alike &= kept[:, None] <= kept[course][None, :]
    return np.asarray(alike, dtype=np.bool_)
