"""Schedules of modes of one zone: the cheapest that is allowed, with the fewest switches, least stay kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Course:
    """What one zone may do.

    Attributes
    ----------
    may : ndarray of bool, shape (modes, periods)
        Whether it may be in a mode.
    cost : ndarray, shape (modes, periods)
        Money that being in it costs.
    switch_cost : ndarray, shape (modes,)
        Money that going into it costs.
    least_stay : ndarray of int, shape (modes,)
        Periods that it stays at least, cut off at the horizon's end.
    before : (int, int)
        Mode before the horizon, and for how many periods.
    """

    may: Bools
    cost: Floats
    switch_cost: Floats
    least_stay: Ints
    before: tuple[int, int]

    def cheapest(self) -> Ints | None:
        """Return the mode by period: least cost, then fewest switches, then soonest back; None where none is allowed.

        Dynamic programming over mode and periods stayed, from the last period to the first.
        """
        modes, periods = self.may.shape
        stay = max(1, int(self.least_stay.max()))
        # Cost, and switches, of the best way on from a mode in which so many periods are stayed (counted up to stay).
        cost, switches = np.zeros((modes, stay + 1)), np.zeros((modes, stay + 1))
        follow = np.full((periods, modes, stay + 1), -1, dtype=np.int64)
        for t in range(periods - 1, -1, -1):
            now_cost, now_switches = np.full_like(cost, np.inf), np.full_like(switches, np.inf)
            for mode in range(modes):
                for stayed in range(stay + 1):
                    best = (np.inf, np.inf, -1)
                    for to in self._onward(mode, stayed, t):
                        counted = min(stayed + 1, stay) if to == mode else 1
                        paid = self.cost[to, t] + (self.switch_cost[to] if to != mode else 0.0) + cost[to, counted]
                        best = min(best, (paid, switches[to, counted] + (to != mode), to))
                    now_cost[mode, stayed], now_switches[mode, stayed], follow[t, mode, stayed] = best
            cost, switches = now_cost, now_switches
        mode, stayed = self.before[0], min(self.before[1], stay)
        if not np.isfinite(cost[mode, stayed]):
            return None
        course = np.zeros(periods, dtype=np.int64)
        for t in range(periods):
            to = int(follow[t, mode, stayed])
            stayed = min(stayed + 1, stay) if to == mode else 1
            mode = course[t] = to
        return course

    def holds(self, course: Ints) -> bool:
        """Return whether a course is allowed."""
        mode, stayed = self.before
        for t, to in enumerate(course.tolist()):
            if not self.may[to, t] or (to != mode and stayed < self.least_stay[mode]):
                return False
            mode, stayed = to, stayed + 1 if to == mode else 1
        return True

    def _onward(self, mode: int, stayed: int, period: int) -> Iterator[int]:
        free = stayed >= self.least_stay[mode]
        for to in range(len(self.least_stay)):
            if self.may[to, period] and (to == mode or free):
                yield to
