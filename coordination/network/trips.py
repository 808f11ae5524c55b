"""Trips: the figures of a lane on any given loaded route."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.world.conditions import MILLION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coordination.network.arcs import Directions
    from coordination.network.fleets import Fleets
    from coordination.network.legs import Legs
    from coordination.world.conditions import Condition


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


FIGURES: tuple[str, ...] = tuple(column.name for column in fields(Trip))
"""Columns of a table of trips."""


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


def trips_table(
    directions: Directions,
    states: Sequence[Condition],
    fleets: Fleets,
    legs: Sequence[Legs | None],
    fleet: NDArray[np.int64],
    state: NDArray[np.int64],
    routes: Sequence[NDArray[np.int64]],
) -> pd.DataFrame:
    """Return the figures of trips on given loaded routes, one row each, columns as in `FIGURES`.

    Parameters
    ----------
    directions, states, fleets : Directions, sequence of Condition, Fleets
        The network.
    legs : sequence of Legs or None
        Shortest legs of each state that occurs.
    fleet, state : ndarray of int, shape (trips,)
        Row of ``fleets`` and state of the roads.
    routes : sequence of ndarray of int
        Arc codes of each loaded leg.

    Raises
    ------
    ValueError
        When a route is not a simple path over open roads.
    """
    rows = np.zeros((len(routes), 8))
    for number, arcs in enumerate(routes):
        used = legs[state[number]]
        if used is not None:
            condition = states[state[number]]
            rows[number] = _legs_of(directions, condition, fleets, used, int(fleet[number]), arcs)
    origin, destination, to, to_km, loaded, loaded_km, back, back_km = rows.T
    exists = np.isfinite(to + back)
    minutes, trip_minutes = (to + loaded) / MILLION, (to + loaded + back) / MILLION
    trip_km = np.where(exists, to_km + loaded_km + back_km, 0.0) / MILLION
    cost = np.where(exists, trip_km * fleets.cost_per_km[fleet], np.inf)
    columns = (
        state.astype(np.int32),
        fleet.astype(np.int32),
        origin.astype(np.int32),
        destination.astype(np.int32),
        minutes,
        loaded / MILLION,
        loaded_km / MILLION,
        trip_minutes,
        np.where(exists, trip_km, np.inf),
        fleets.hours(fleet, trip_minutes),
        cost,
        fleets.lag(fleet, minutes),
    )
    return pd.DataFrame(dict(zip(FIGURES, columns, strict=True)))


def _legs_of(
    directions: Directions, condition: Condition, fleets: Fleets, legs: Legs, fleet: int, arcs: NDArray[np.int64]
) -> tuple[float, ...]:
    """Return origin, destination, then minutes and km (millionths) to the origin, loaded, and back."""
    check_route(directions, condition, arcs)
    origin, destination = directions.tail[arcs[0]], directions.head[arcs[-1]]
    start, back = legs.source_row[fleets.base[fleet]], legs.base_row[fleets.base[fleet]]
    first, last = np.searchsorted(fleets.ends, [origin, destination])
    road = directions.road[arcs]
    return (
        float(origin),
        float(destination),
        float(legs.minutes[start, first]),
        float(legs.km[start, first]),
        float(condition.minutes[road].sum()),
        float(condition.km[road].sum()),
        float(legs.back_minutes[back, last]),
        float(legs.back_km[back, last]),
    )
