"""Conditions of the roads by period: which are open, how long they take, what they carry.

Periods in which all roads are in the same condition share one state, so that every route is computed once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.world.effects import Effects

MILLION = 1e6
"""Minutes and km are counted in whole millionths: sums of either are exact below 2^53, and ties are ties."""


@dataclass(frozen=True)
class Condition:
    """The roads in one state, one entry per row of ``roads``.

    Attributes
    ----------
    open : ndarray of bool, shape (roads,)
        Whether the road can be driven.
    minutes, km : ndarray, shape (roads,)
        Time of a vehicle of speed 1 and length, whole millionths of a minute and of a km; 0 minutes where closed.
    capacity : ndarray, shape (roads,)
        Tonnes per period and direction that loaded legs may carry; inf where unlimited, 0 where closed.
    shut : ndarray of bool, shape (places,)
        Places that are damaged so that nothing is loaded there.
    """

    open: NDArray[np.bool_]
    minutes: NDArray[np.float64]
    km: NDArray[np.float64]
    capacity: NDArray[np.float64]
    shut: NDArray[np.bool_]


@dataclass(frozen=True)
class Conditions:
    """The states of the roads.

    Attributes
    ----------
    states : tuple of Condition
        The different ones, in order of first appearance.
    state : ndarray of int, shape (periods,)
        State of each period.
    """

    states: tuple[Condition, ...]
    state: NDArray[np.int64]


def road_conditions(instance: Instance, effects: Effects) -> Conditions:
    """Return the conditions of the roads under the effects of a scenario.

    A factor of 0 closes a road; any other divides its minutes and multiplies its capacity. A road belongs to the
    zones of both its ends.
    """
    factors, shut = road_factors(instance, effects), places_shut(instance)
    found = [condition_of(instance, factors[:, period], shut[:, period]) for period in range(int(instance.periods))]
    return distinct(found)


def road_factors(instance: Instance, effects: Effects) -> NDArray[np.float64]:
    """Return the factors of effects on roads, shape (roads, periods)."""
    zone = instance.places.set_index("place")["zone"]
    ends = [zone.reindex(instance.roads[end]).to_numpy(dtype=object) for end in ("from", "to")]
    return effects.by_period("roads", instance.roads["road"].to_numpy(dtype=object), ends)


def condition_of(instance: Instance, factor: NDArray[np.float64], shut: NDArray[np.bool_]) -> Condition:
    """Return the condition of the roads under a factor for each road, with the places where nothing is loaded."""
    roads = instance.roads
    unlimited = roads["capacity_tonnes"].isna().to_numpy()
    limit = np.where(unlimited, 0.0, roads["capacity_tonnes"].to_numpy(dtype=float))
    minutes, km = roads["minutes"].to_numpy(dtype=float), whole_millionths(roads["km"].to_numpy(dtype=float))
    is_open = factor > 0
    taken = whole_millionths(np.divide(minutes, factor, out=np.zeros(len(minutes)), where=is_open))
    capacity = np.where(is_open, np.where(unlimited, np.inf, limit * factor), 0.0)
    return Condition(is_open, taken, km, capacity, shut)


def distinct(found: Sequence[Condition]) -> Conditions:
    """Return the different ones of a condition for each period, and which each period has."""
    states: dict[bytes, int] = {}
    conditions, state = [], np.zeros(len(found), dtype=np.int64)
    for period, condition in enumerate(found):
        parts = (condition.open, condition.minutes, condition.capacity, condition.shut)
        key = b"".join(part.tobytes() for part in parts)
        if key not in states:
            states[key] = len(states)
            conditions.append(condition)
        state[period] = states[key]
    return Conditions(tuple(conditions), state)


def places_shut(instance: Instance) -> NDArray[np.bool_]:
    """Return where nothing is loaded for damage that leaves no capacity, shape (places, periods)."""
    places, damage, periods = instance.places["place"], instance.damage, int(instance.periods)
    shut = np.zeros((len(places), periods), dtype=bool)
    lost = damage[damage["place"].notna() & (damage["capacity_left"] == 0)]
    rows = dict(zip(places.tolist(), range(len(places)), strict=True))
    for place, first, until in lost[["place", "from", "until"]].itertuples(index=False, name=None):
        shut[rows[place], int(first) : periods if np.isnan(until) else int(until) + 1] = True
    return shut


def whole_millionths(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers rounded to 1e-6, counted in millionths (as floats that hold whole numbers)."""
    return np.rint(numbers * MILLION)
