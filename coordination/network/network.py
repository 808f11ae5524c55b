"""The network of an instance: places and roads in every state, lanes, routes and the figures of trips."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.network.arcs import ArcGraph, Directions
from coordination.network.fleets import Fleets
from coordination.network.lanes import lanes_table
from coordination.network.legs import Legs
from coordination.network.routes import last_arcs, simple_paths, trace, trace_many
from coordination.network.trips import FIGURES, Routes, Trip, trips_table
from coordination.world.conditions import MILLION, Condition, road_conditions
from coordination.world.effects import Effects

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx
    from numpy.typing import ArrayLike, NDArray

    from coordination.instance import Finding, Instance
    from coordination.world.conditions import Conditions

Route = tuple[tuple[str, str], ...]
"""A route as people read it: id of each road and of the place where it is entered."""


@dataclass(frozen=True)
class Network:
    """Places and roads of an instance under its active scenario.

    A state is one condition of all roads; periods in the same condition share it. Codes of fleets, places and roads
    are row numbers of the instance's tables. An arc is a direction of a road; arc codes are the same in all states.
    Everything is computed once, when first asked for.

    Attributes
    ----------
    instance : Instance
        The instance.
    directions : Directions
        All arcs.
    fleets : Fleets
        The fleets as arrays.
    conditions : Conditions
        States of the roads and the state of each period.
    """

    instance: Instance
    directions: Directions
    fleets: Fleets
    conditions: Conditions
    _graphs: dict[int, ArcGraph] = field(default_factory=dict, repr=False, compare=False)
    _legs: dict[int, Legs] = field(default_factory=dict, repr=False, compare=False)
    _last: dict[tuple[int, int], NDArray[np.int64]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, instance: Instance) -> Network:
        """Return the network of an instance under its active scenario, in all states of its roads."""
        conditions = road_conditions(instance, Effects(instance))
        return cls(instance, Directions.of(instance), Fleets.of(instance), conditions)

    @property
    def states(self) -> tuple[Condition, ...]:
        """The states of the roads, in order of first appearance."""
        return self.conditions.states

    @property
    def road_state(self) -> NDArray[np.int64]:
        """State of each period, shape (periods,)."""
        return self.conditions.state

    def graph(self, state: int = 0) -> nx.MultiDiGraph[str]:
        """Return places and open roads as a graph, frozen.

        Parameters
        ----------
        state : int
            State of the roads.

        Returns
        -------
        networkx.MultiDiGraph
            Nodes are the ids of all places, with ``kind`` and ``zone``; the key of an edge is the id of its road, the
            same in both directions. Edges have ``minutes`` (of a vehicle of speed 1) and ``km``, rounded to 1e-6, and
            ``capacity_tonnes`` (per period and direction; inf where unlimited).
        """
        import networkx as nx

        places, roads = self.instance.places, self.instance.roads
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=self.instance.name, state=state)
        for place, kind, zone in zip(places["place"], places["kind"], places["zone"], strict=True):
            graph.add_node(place, kind=kind, zone=zone)
        arcs = self.arcs(state)
        arcs = arcs[arcs["open"]]
        ids, names = places["place"].tolist(), roads["road"].tolist()
        columns = (arcs[column].tolist() for column in ("tail", "head", "road", "minutes", "km", "capacity_tonnes"))
        for tail, head, road, minutes, km, capacity in zip(*columns, strict=True):
            graph.add_edge(ids[tail], ids[head], names[road], minutes=minutes, km=km, capacity_tonnes=capacity)
        frozen: nx.MultiDiGraph[str] = nx.freeze(graph)
        return frozen

    def arcs(self, state: int = 0) -> pd.DataFrame:
        """Return all arcs, the row number being the arc's code, the same in all states.

        Returns
        -------
        DataFrame
            ``road``, ``tail``, ``head`` (codes), ``minutes`` and ``km`` (rounded to 1e-6; minutes inf where closed),
            ``capacity_tonnes`` (inf where unlimited, 0 where closed), ``open``. Each road's way back, where it has
            one, follows its way forth.
        """
        road, condition = self.directions.road, self.states[state]
        return pd.DataFrame(
            {
                "road": road.astype(np.int32),
                "tail": self.directions.tail.astype(np.int32),
                "head": self.directions.head.astype(np.int32),
                "minutes": np.where(condition.open, condition.minutes / MILLION, np.inf)[road],
                "km": condition.km[road] / MILLION,
                "capacity_tonnes": condition.capacity[road],
                "open": condition.open[road],
            }
        )

    @cached_property
    def lanes(self) -> pd.DataFrame:
        """Every state, fleet, origin and destination that has a trip, on shortest routes.

        Returns
        -------
        DataFrame
            ``state``, ``fleet``, ``origin``, ``destination`` (int32 codes, sorted in this order), ``minutes`` (base
            to origin to destination), ``loaded_minutes``, ``loaded_km`` (the loaded leg), ``trip_minutes``,
            ``trip_km`` (the whole trip; all on the road, for a vehicle of speed 1), ``hours_per_trip`` (of the
            vehicle, loading included), ``cost_per_trip`` (money), ``lag`` (periods from departure to arrival),
            ``free`` (whether some shortest loaded leg holds a capacitated road, so that it may take any route).
        """
        states = range(len(self.states))
        return lanes_table(
            self.fleets, [self.legs(state) for state in states], [condition.shut for condition in self.states]
        )

    def legs(self, state: int) -> Legs:
        """Return the shortest legs of a state."""
        if state not in self._legs:
            self._legs[state] = Legs.of(self.directions, self.states[state], self.fleets)
        return self._legs[state]

    def arc_graph(self, state: int) -> ArcGraph:
        """Return the open arcs of a state in compressed rows."""
        if state not in self._graphs:
            self._graphs[state] = ArcGraph(self.directions, self.states[state])
        return self._graphs[state]

    def route(self, state: int, origin: int, destination: int) -> Route:
        """Return the chosen shortest route between two places (see `coordination.network.routes`).

        Raises
        ------
        ValueError
            When there is no way.
        """
        return self.as_route(self.route_arcs(state, origin, destination))

    def route_arcs(self, state: int, origin: int, destination: int) -> NDArray[np.int64]:
        """Return the arc codes of `route`, first to last.

        Raises
        ------
        ValueError
            When there is no way.
        """
        graph = self.arc_graph(state)
        arcs = graph.arc[trace(graph, self._last_arcs(state, origin), destination)]
        if not len(arcs) and origin != destination:
            start, end = self.instance.places["place"].iloc[[origin, destination]]
            raise ValueError(f"there is no way from {start} to {end} in state {state} of the roads")
        return arcs

    def rolling(self, lanes: pd.DataFrame) -> pd.DataFrame:
        """Return the capacitated arcs on the chosen shortest routes of lanes.

        Parameters
        ----------
        lanes : DataFrame
            ``state``, ``origin``, ``destination``.

        Returns
        -------
        DataFrame
            ``lane`` (row number in `lanes`) and ``arc`` (code), sorted by lane, then along the route backwards.
        """
        parts = [pd.DataFrame({"lane": np.zeros(0, dtype=np.int64), "arc": np.zeros(0, dtype=np.int64)})]
        columns = (lanes[column].to_numpy(dtype=np.int64) for column in ("state", "origin", "destination"))
        states, origins, ends = columns
        for state, origin in np.unique(np.column_stack([states, origins]), axis=0):
            graph, rows = self.arc_graph(int(state)), np.flatnonzero((states == state) & (origins == origin))
            if not graph.capacitated.any():
                continue
            row, arc = trace_many(graph, self._last_arcs(int(state), int(origin)), ends[rows])
            row, arc = row[graph.capacitated[arc]], arc[graph.capacitated[arc]]
            parts.append(pd.DataFrame({"lane": rows[row], "arc": graph.arc[arc]}))
        return pd.concat(parts, ignore_index=True).sort_values("lane", kind="stable", ignore_index=True)

    def simple_routes(self, state: int, origin: int, destination: int, limit: int) -> tuple[list[Route], bool]:
        """Return simple routes between two places: enumeration, for small networks.

        Returns
        -------
        routes : list of Route
            At most `limit` of them; roads side by side make different routes.
        complete : bool
            Whether these are all.
        """
        graph = self.arc_graph(state)
        routes: list[Route] = []
        for arcs in simple_paths(graph, origin, destination):
            if len(routes) == limit:
                return routes, False
            routes.append(self.as_route(graph.arc[arcs]))
        return routes, True

    def as_route(self, arcs: NDArray[np.int64]) -> Route:
        """Return arcs as ids of roads and of the places where they are entered."""
        roads, places = self._names
        return tuple((roads[self.directions.road[arc]], places[self.directions.tail[arc]]) for arc in arcs)

    def as_arcs(self, route: Sequence[tuple[str, str]]) -> NDArray[np.int64]:
        """Return the arc codes of a route.

        Raises
        ------
        KeyError
            When a road of it cannot be entered there, or does not exist.
        """
        return np.array([self._arc_of[road, place] for road, place in route], dtype=np.int64)

    def trip(self, fleet: int, state: int, route: Sequence[tuple[str, str]]) -> Trip | None:
        """Return the figures of a trip whose loaded leg takes a given route.

        Parameters
        ----------
        fleet : int
            Row of ``fleets``.
        state : int
            State of the roads.
        route : sequence of (road, from)
            The loaded leg, from its origin to its destination.

        Returns
        -------
        Trip or None
            None where the fleet cannot come to the origin or home from the destination.

        Raises
        ------
        ValueError
            When the route is not a simple path over open roads.
        KeyError
            When a road of it cannot be entered there, or does not exist.
        """
        figures = self.trips([fleet], [state], [self.as_arcs(route)])
        trip = Trip(*(figures[name].item() for name in FIGURES))
        return trip if np.isfinite(trip.trip_minutes) else None

    def trips(self, fleets: ArrayLike, states: ArrayLike, routes: Sequence[NDArray[np.int64]]) -> pd.DataFrame:
        """Return the figures of trips on given loaded routes, as `lanes` has them, without ``free``.

        Parameters
        ----------
        fleets, states : array of int, shape (trips,)
            Row of ``fleets`` and state of the roads of each.
        routes : sequence of ndarray of int
            Arc codes of each loaded leg; origins are places from which `lanes` begin.

        Returns
        -------
        DataFrame
            Columns of `lanes` but ``free``; ``trip_minutes`` inf where there is no trip.

        Raises
        ------
        ValueError
            When a route is not a simple path over open roads.
        """
        fleet, state = np.asarray(fleets, dtype=np.int64), np.asarray(states, dtype=np.int64)
        legs = {int(number): self.legs(int(number)) for number in np.unique(state)}
        return trips_table(self.directions, self.states, self.fleets, legs, fleet, state, Routes.of(routes))

    def findings(self) -> tuple[Finding, ...]:
        """Return what is worth knowing before planning: needs that nothing can reach, by name, and more.

        Returns
        -------
        tuple of Finding
            See `coordination.network.findings`; empty when all is well.
        """
        from coordination.network.findings import network_findings

        return network_findings(self)

    def _last_arcs(self, state: int, origin: int) -> NDArray[np.int64]:
        if (state, origin) not in self._last:
            self._last[state, origin] = last_arcs(self.arc_graph(state), origin)
        return self._last[state, origin]

    @cached_property
    def _names(self) -> tuple[list[str], list[str]]:
        return self.instance.roads["road"].tolist(), self.instance.places["place"].tolist()

    @cached_property
    def _arc_of(self) -> dict[tuple[str, str], int]:
        roads, places = self._names
        ends = zip(self.directions.road, self.directions.tail, strict=True)
        return {(roads[road], places[tail]): arc for arc, (road, tail) in enumerate(ends)}
