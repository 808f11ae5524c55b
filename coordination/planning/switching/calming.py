"""Schedules without switches that decide nothing: of those alike to a chosen one, the one with the fewest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coordination.instance.vocabulary import MODES
from coordination.planning.switching.schedule import Course
from coordination.world.modes import NORMAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.switching.data import Switching

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


def course_of(switching: Switching, zone: int) -> Course:
    """Return what a chooser may do."""
    choosing = switching.choosing
    mode, since = choosing.before
    return Course(
        switching.fixed[1][zone],
        choosing.cost[zone],
        choosing.switch_cost[zone],
        choosing.least_stay[zone],
        (int(mode[zone]), int(since[zone])),
    )


def calmed(switching: Switching, schedule: Ints) -> Ints:
    """Return a schedule that costs no more than a chosen one and lets all else be as it is, with the fewest switches.

    A mode stands in for another where it asks for the same tasks, leaves no fewer hours (normal only for normal), keeps
    no more of everyday services, and pins and least stays allow it.

    Parameters
    ----------
    schedule : ndarray of int, shape (choosers, periods)
        Index into ``MODES``.
    """
    best = schedule.copy()
    for zone in range(len(schedule)):
        course = course_of(switching, zone)
        alike = course.may & _alike(switching, zone, schedule[zone])
        found = Course(alike, course.cost, course.switch_cost, course.least_stay, course.before).cheapest()
        if found is not None:
            best[zone] = found
    return best


def _alike(switching: Switching, zone: int, course: Ints) -> Bools:
    """Return which modes could stand in for those of a course, shape (modes, periods)."""
    roles, instance = switching.model.roles, switching.model.case.instance
    mine = switching.task_zone == zone
    asks, open_then = switching.asking[mine], roles.active[mine]
    same = (asks[:, :, None] == asks[:, course][:, None, :]) | ~open_then[:, None, :]
    alike = same.all(axis=0)
    normal = np.arange(len(MODES)) == NORMAL
    alike &= ~normal[:, None] | (course == NORMAL)[None, :]
    floors = switching.model.case.facilities.floors
    within = switching.choosing.follows[floors["zone"].to_numpy(dtype=np.int64)] == zone
    table = instance.service_floors[within]
    for _, rows in table.groupby(["zone", "service"]):
        kept = np.zeros(len(MODES))
        kept[[MODES.index(str(mode)) for mode in rows["mode"]]] = rows["share"].to_numpy(dtype=float)
        alike &= kept[:, None] <= kept[course][None, :]
    return np.asarray(alike, dtype=np.bool_)
