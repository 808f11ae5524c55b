"""Roads as they are in each period, and going along written routes."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.distances import Arcs, millionths

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Walk = tuple[str, list[tuple[int, int]]]
"""Why a route cannot be driven, empty if it can, and its steps: road and the place where it is entered."""


class Ways:
    """Roads under the scenario; periods in which all roads are alike share a state.

    Attributes
    ----------
    of_period : ndarray, shape (periods,)
        State of each period.
    minutes : list of ndarray
        Minutes of each road in millionths, by state; inf where closed.
    km : ndarray
        Kilometres of each road in millionths.
    """

    def __init__(self, case: "Case") -> None:
        roads = case.given["roads"]
        self._places = case.places
        self._ends = [case.places.get_indexer(pd.Index(roads[end])) for end in ("from", "to")]
        self._both = roads["both_ways"].to_numpy(bool)
        self._limited = roads["capacity_tonnes"].notna().to_numpy()
        zones = [case.place_zone[end] for end in self._ends]
        factors = case.effects.by_period("roads", pd.Index(roads["road"]), zones)
        self.of_period, states = _alike(factors)
        minutes = roads["minutes"].to_numpy(np.float64)
        self.minutes = [
            np.where(factor > 0, millionths(minutes / np.where(factor > 0, factor, 1.0)), np.inf) for factor in states
        ]
        self.km = millionths(roads["km"])
        self._code = {str(road): code for code, road in enumerate(roads["road"])}

    def arcs(self, state: int) -> Arcs:
        """Return the directed arcs of the roads open in a state."""
        is_open = np.isfinite(self.minutes[state])
        back = is_open & self._both
        road = np.concatenate([np.flatnonzero(is_open), np.flatnonzero(back)])
        first, second = self._ends
        return Arcs(
            places=len(self._places),
            tail=np.concatenate([first[is_open], second[back]]),
            head=np.concatenate([second[is_open], first[back]]),
            minutes=self.minutes[state][road],
            km=self.km[road],
            capacitated=self._limited[road],
        )

    def walk(self, state: int, origin: int, destination: int, route: object) -> Walk:
        """Go along a written route from ``origin``."""
        steps: list[tuple[int, int]] = []
        here, visited = origin, {origin}
        for name in route.split(";") if isinstance(route, str) else []:
            road = self._code.get(name)
            if road is None:
                return f"there is no road {name}", steps
            if not np.isfinite(self.minutes[state][road]):
                return f"road {name} is closed", steps
            there = self._other_end(road, here)
            if there is None:
                return f"road {name} cannot be entered at {self._places[here]}", steps
            if there in visited:
                return f"it passes {self._places[there]} twice", steps
            steps.append((road, here))
            visited.add(there)
            here = there
        return ("", steps) if here == destination else (f"it ends at {self._places[here]}", steps)

    def _other_end(self, road: int, here: int) -> int | None:
        first, second = (int(end[road]) for end in self._ends)
        if first == here:
            return second
        return first if second == here and self._both[road] else None


def _alike(factors: Numbers) -> tuple[Codes, list[Numbers]]:
    """Return the state of each period, and the factors of each state."""
    if not factors.size:
        # Without roads numpy has nothing to tell periods apart by.
        return np.zeros(factors.shape[1], dtype=np.int64), [np.ones(len(factors))]
    states, of_period = np.unique(factors, axis=1, return_inverse=True)
    return of_period.reshape(-1).astype(np.int64), list(states.T)
