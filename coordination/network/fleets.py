"""Fleets as arrays: where they load, and what a trip takes of hours and money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance

ROUNDING = 1e-9
"""A transit time this close below a whole number of periods counts as that number."""

LONGEST_LAG = 2.0**40
"""Transit times are cut here, far beyond any horizon, so that they stay whole numbers."""


@dataclass(frozen=True)
class Fleets:
    """The fleets of an instance, one entry per row of ``fleets``.

    Attributes
    ----------
    base : ndarray of int, shape (fleets,)
        Place where trips begin and end.
    origins : tuple of ndarray of int
        Places where each fleet loads, ascending.
    speed, loading_minutes, cost_per_km : ndarray, shape (fleets,)
        As in the table.
    ends : ndarray of int
        Places that are not junctions: where a loaded leg may end, ascending.
    period_minutes : float
        Length of a period.
    """

    base: NDArray[np.int64]
    origins: tuple[NDArray[np.int64], ...]
    speed: NDArray[np.float64]
    loading_minutes: NDArray[np.float64]
    cost_per_km: NDArray[np.float64]
    ends: NDArray[np.int64]
    period_minutes: float

    @classmethod
    def of(cls, instance: Instance) -> Fleets:
        """Return the fleets of an instance."""
        fleets, ids = instance.fleets, pd.Index(instance.places["place"])
        ends = np.flatnonzero((instance.places["kind"] != "junction").to_numpy())
        origins = tuple(
            ends if text == "*" else np.unique(ids.get_indexer(pd.Index(text.split(";")))).astype(np.int64)
            for text in fleets["loads_at"].tolist()
        )
        return cls(
            base=ids.get_indexer(pd.Index(fleets["base"])).astype(np.int64),
            origins=origins,
            speed=fleets["speed"].to_numpy(dtype=float),
            loading_minutes=fleets["loading_minutes"].to_numpy(dtype=float),
            cost_per_km=fleets["cost_per_km"].to_numpy(dtype=float),
            ends=ends,
            period_minutes=60.0 * float(instance.period_hours),
        )

    def __len__(self) -> int:
        """Return the number of fleets."""
        return len(self.base)

    @property
    def bases(self) -> NDArray[np.int64]:
        """Places that are the base of a fleet, ascending."""
        return np.unique(self.base)

    @property
    def sources(self) -> NDArray[np.int64]:
        """Places from which legs begin, but for the way back: bases and origins, ascending."""
        return np.unique(np.concatenate([self.base, *self.origins]))

    def hours(self, fleet: NDArray[np.int64] | int, minutes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return hours of a vehicle for trips of so many minutes on the road (speed 1), loading included."""
        return np.asarray((minutes / self.speed[fleet] + self.loading_minutes[fleet]) / 60.0)

    def lag(self, fleet: NDArray[np.int64] | int, minutes: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return periods from departure to arrival: ⌊x + 1e-9⌋ with x the way to the destination in periods.

        Parameters
        ----------
        fleet : int or ndarray of int
            Row of ``fleets``.
        minutes : ndarray
            Base to origin to destination on the road, speed 1; inf gives the longest lag.
        """
        periods = (minutes / self.speed[fleet] + self.loading_minutes[fleet]) / self.period_minutes
        return np.floor(np.minimum(periods + ROUNDING, LONGEST_LAG)).astype(np.int64)
