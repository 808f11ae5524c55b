"""Roads, routes and trips by plain enumeration: every simple route between two places of a small network."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from tests.support.reading import Plain, Row, split
from tests.support.repairs import shut

MICRO = 1_000_000
"""Minutes and kilometres are compared as whole millionths, so that equal sums are equal."""


@dataclass(frozen=True)
class Arc:
    """One direction of an open road in one period; minutes and km in millionths."""

    road: str
    tail: str
    head: str
    minutes: int
    km: int
    capacity: float | None


@dataclass(frozen=True)
class Lane:
    """A fleet's way from origin to destination along one route in one period."""

    fleet: str
    origin: str
    destination: str
    route: tuple[Arc, ...]
    hours_per_trip: float
    cost_per_trip: float
    lag: int


def open_arcs(world: Plain, period: int) -> tuple[Arc, ...]:
    """All directions of all roads as the effects leave them in a period."""
    arcs = []
    for row in world.tables["roads"]:
        ends = (row["from"], row["to"])
        zones = [zone for end in ends for zone in world.chain(world.places[end]["zone"])]
        factor = world.factor("roads", period, [row["road"]], list(dict.fromkeys(zones)))
        if factor == 0:
            continue
        minutes, km = round(row["minutes"] / factor * MICRO), round(row["km"] * MICRO)
        capacity = None if row.get("capacity_tonnes") is None else row["capacity_tonnes"] * factor
        both = row.get("both_ways") in (None, True) or "one way" in world.without
        for tail, head in (ends, ends[::-1]) if both else (ends,):
            arcs.append(Arc(row["road"], tail, head, minutes, km, capacity))
    return tuple(arcs)


@cache
def simple_routes(arcs: tuple[Arc, ...], origin: str, destination: str) -> tuple[tuple[Arc, ...], ...]:
    """Every route that visits no place twice; one empty route where origin is destination."""
    if origin == destination:
        return ((),)
    leaving: dict[str, list[Arc]] = {}
    for arc in arcs:
        leaving.setdefault(arc.tail, []).append(arc)
    routes: list[tuple[Arc, ...]] = []

    def extend(place: str, seen: frozenset[str], route: tuple[Arc, ...]) -> None:
        if place == destination:
            routes.append(route)
            return
        for arc in leaving.get(place, []):
            if arc.head not in seen:
                extend(arc.head, seen | {arc.head}, (*route, arc))

    extend(origin, frozenset({origin}), ())
    return tuple(routes)


def length(route: tuple[Arc, ...]) -> tuple[int, int]:
    """Minutes, then km of a route, in millionths."""
    return sum(arc.minutes for arc in route), sum(arc.km for arc in route)


@cache
def shortest(arcs: tuple[Arc, ...], origin: str, destination: str) -> tuple[int, int] | None:
    """Minutes and km of a shortest route; None where there is none."""
    return min(map(length, simple_routes(arcs, origin, destination)), default=None)


def loaded_routes(
    arcs: tuple[Arc, ...], origin: str, destination: str, detours: bool = True
) -> tuple[tuple[Arc, ...], ...]:
    """Routes a loaded leg may run on.

    Any simple one where a shortest one holds a road with a capacity, else a shortest one.
    """
    routes = simple_routes(arcs, origin, destination)
    best = shortest(arcs, origin, destination)
    tied = tuple(route for route in routes if length(route) == best)
    if any(arc.capacity is not None for route in tied for arc in route):
        return routes if detours else tied
    return tied[:1]


def lanes(world: Plain, period: int) -> list[Lane]:
    """All lanes of all fleets in a period, trips running base -> origin -> destination -> base."""
    arcs = open_arcs(world, period)
    found = []
    for fleet in world.tables["fleets"]:
        loads_at = split(fleet.get("loads_at")) or [fleet["base"]]
        for origin in world.stores if loads_at == ["*"] else loads_at:
            if shut(world, origin, period):
                continue
            for destination in world.stores:
                if destination != origin:
                    found += _lanes_between(world, arcs, fleet, origin, destination)
    return found


def _lanes_between(world: Plain, arcs: tuple[Arc, ...], fleet: Row, origin: str, destination: str) -> list[Lane]:
    """Lanes of one fleet between two places; none where a leg of the trip has no route."""
    out, back = shortest(arcs, fleet["base"], origin), shortest(arcs, destination, fleet["base"])
    if out is None or back is None or shortest(arcs, origin, destination) is None:
        return []
    speed, loading = fleet.get("speed") or 1.0, fleet.get("loading_minutes") or 0.0
    found = []
    for route in loaded_routes(arcs, origin, destination, "detours" not in world.without):
        minutes, km = length(route)
        until_arrival = (out[0] + minutes) / MICRO / speed + loading
        whole_trip = (out[0] + minutes + back[0]) / MICRO / speed + loading
        lag = math.floor(until_arrival / (60 * world.period_hours) + 1e-9)
        found.append(
            Lane(
                fleet=fleet["fleet"],
                origin=origin,
                destination=destination,
                route=route,
                hours_per_trip=whole_trip / 60,
                cost_per_trip=(out[1] + km + back[1]) / MICRO * (fleet.get("cost_per_km") or 0.0),
                lag=0 if "transit time" in world.without else lag,
            )
        )
    return found
