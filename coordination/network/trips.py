"""Trips: the figures of a lane on any given loaded route."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.world.conditions import MILLION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


@dataclass(frozen=True)
class Routes:
    """Loaded legs given by their arcs, one after the other.

    Attributes
    ----------
    arcs : ndarray of int, shape (arcs of all routes,)
        Arc codes, route after route.
    first, size : ndarray of int, shape (routes,)
        Where a route begins in `arcs`, and how many it has.
    """

    arcs: NDArray[np.int64]
    first: NDArray[np.int64]
    size: NDArray[np.int64]

    @classmethod
    def of(cls, routes: Sequence[NDArray[np.int64]]) -> Routes:
        """Return routes laid end to end.

        Raises
        ------
        ValueError
            When one of them has no arc.
        """
        size = np.array([len(arcs) for arcs in routes], dtype=np.int64)
        if (size == 0).any():
            raise ValueError("a route holds at least one road: origin and destination differ")
        arcs = np.concatenate([np.asarray(arcs, dtype=np.int64) for arcs in routes] or [np.zeros(0, dtype=np.int64)])
        return cls(arcs, np.cumsum(size) - size, size)

    @property
    def owner(self) -> NDArray[np.int64]:
        """Route of each arc."""
        return np.repeat(np.arange(len(self.size)), self.size)

    def total(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum of one value per arc over each route."""
        return np.asarray(np.add.reduceat(values, self.first)) if len(self.first) else np.zeros(0)

    def check(self, directions: Directions, opened: NDArray[np.bool_]) -> None:
        """Check that each route is a simple path over open roads.

        Parameters
        ----------
        directions : Directions
            All arcs.
        opened : ndarray of bool
            Whether each of `arcs` is open.

        Raises
        ------
        ValueError
            When one is not.
        """
        if not opened.all():
            road = directions.road[self.arcs[np.flatnonzero(~opened)[0]]]
            raise ValueError(f"the road in row {road} of roads is closed in this state of the roads")
        owner, tail, head = self.owner, directions.tail[self.arcs], directions.head[self.arcs]
        if ((head[:-1] != tail[1:]) & (owner[:-1] == owner[1:])).any():
            raise ValueError("a road of the route does not begin where the one before ends")
        places = np.concatenate([tail[self.first], head])
        passed = np.concatenate([np.arange(len(self.size)), owner]) * directions.places + places
        if len(np.unique(passed)) < len(passed):
            raise ValueError("a route passes no place twice")


def trips_table(
    directions: Directions,
    states: Sequence[Condition],
    fleets: Fleets,
    legs: Mapping[int, Legs],
    fleet: NDArray[np.int64],
    state: NDArray[np.int64],
    routes: Routes,
) -> pd.DataFrame:
    """Return the figures of trips on given loaded routes, one row each, columns as in `FIGURES`.

    Parameters
    ----------
    directions, states, fleets : Directions, sequence of Condition, Fleets
        The network.
    legs : mapping of int to Legs
        Shortest legs of each state that occurs.
    fleet, state : ndarray of int, shape (trips,)
        Row of ``fleets`` and state of the roads.
    routes : Routes
        Loaded legs.

    Raises
    ------
    ValueError
        When a route is not a simple path over open roads.
    """
    origin, destination = directions.tail[routes.arcs[routes.first]], directions.head[routes.arcs[_last(routes)]]
    loaded = _loaded(directions, states, state, routes)
    empty = np.zeros((4, len(fleet)))
    for number, used in legs.items():
        rows = state == number
        base = fleets.base[fleet[rows]]
        start, first = used.source_row[base], np.searchsorted(fleets.ends, origin[rows])
        home, last = used.base_row[base], np.searchsorted(fleets.ends, destination[rows])
        empty[:2, rows] = used.minutes[start, first], used.km[start, first]
        empty[2:, rows] = used.back_minutes[home, last], used.back_km[home, last]
    exists = np.isfinite(empty[0] + empty[2])
    minutes, trip_minutes = (empty[0] + loaded[0]) / MILLION, (empty[0] + loaded[0] + empty[2]) / MILLION
    trip_km = np.where(exists, empty[1] + loaded[1] + empty[3], 0.0) / MILLION
    columns = (
        state.astype(np.int32),
        fleet.astype(np.int32),
        origin.astype(np.int32),
        destination.astype(np.int32),
        minutes,
        loaded[0] / MILLION,
        loaded[1] / MILLION,
        trip_minutes,
        np.where(exists, trip_km, np.inf),
        fleets.hours(fleet, trip_minutes),
        np.where(exists, trip_km * fleets.cost_per_km[fleet], np.inf),
        fleets.lag(fleet, minutes),
    )
    return pd.DataFrame(dict(zip(FIGURES, columns, strict=True)))


def _loaded(
    directions: Directions, states: Sequence[Condition], state: NDArray[np.int64], routes: Routes
) -> NDArray[np.float64]:
    """Return minutes and km of each route (whole millionths), shape (2, routes), having checked it."""
    road, of = directions.road[routes.arcs], state[routes.owner]
    opened, on_road = np.zeros(len(road), dtype=bool), np.zeros((2, len(road)))
    for number in np.unique(of):
        condition, arcs = states[number], of == number
        opened[arcs] = condition.open[road[arcs]]
        on_road[:, arcs] = condition.minutes[road[arcs]], condition.km[road[arcs]]
    routes.check(directions, opened)
    return np.stack([routes.total(on_road[0]), routes.total(on_road[1])])


def _last(routes: Routes) -> NDArray[np.int64]:
    return routes.first + routes.size - 1
