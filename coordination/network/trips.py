"""Trips: the figures of a lane on any given loaded route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.network.arcs import Directions
    from coordination.network.conditions import Condition


@dataclass(frozen=True)
class Trip:
    """What one trip of a vehicle takes: base to origin to destination to base.

    Attributes
    ----------
    state, fleet, origin, destination : int
        State of the roads; rows of ``fleets`` and ``places``.
    minutes : float
        Base to origin to destination on the road, for a vehicle of speed 1.
    loaded_minutes, loaded_km : float
        Of the loaded leg.
    trip_minutes, trip_km : float
        Of the whole trip.
    hours_per_trip : float
        Hours of the vehicle, loading included.
    cost_per_trip : float
        Money for the kilometres.
    lag : int
        Periods from departure to arrival.
    """

    state: int
    fleet: int
    origin: int
    destination: int
    minutes: float
    loaded_minutes: float
    loaded_km: float
    trip_minutes: float
    trip_km: float
    hours_per_trip: float
    cost_per_trip: float
    lag: int


def check_route(directions: Directions, condition: Condition, arcs: NDArray[np.int64]) -> None:
    """Check that arcs form a simple path over open roads.

    Raises
    ------
    ValueError
        When they do not; the message says which arc is the first that does not fit.
    """
    if not len(arcs):
        raise ValueError("a route holds at least one road: origin and destination differ")
    if not condition.open[directions.road[arcs]].all():
        arc = arcs[~condition.open[directions.road[arcs]]][0]
        raise ValueError(f"road number {directions.road[arc]} is closed in this state of the roads")
    breaks = np.flatnonzero(directions.head[arcs[:-1]] != directions.tail[arcs[1:]])
    if len(breaks):
        raise ValueError(f"road {breaks[0] + 2} of the route does not begin where the one before ends")
    if len(np.unique(directions.head[arcs])) < len(arcs) or directions.tail[arcs[0]] in directions.head[arcs]:
        raise ValueError("a route passes no place twice")
