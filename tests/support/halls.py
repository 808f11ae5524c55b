"""Facilities by brute force: every course that each can take, and the optimum of the independent model for each.

Written from the contract's text: decisions one after the other, as a person with a calendar would take them.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.support.geography import open_arcs
from tests.support.milp import Milp
from tests.support.reading import Plain, Row
from tests.support.responsibility import add_handout, add_responsibility
from tests.support.supply import add_supply

EVERYDAY = "everyday"


@dataclass(frozen=True)
class Course:
    """What one facility does: its mode by period, what it pays, and the module sets that are ready by period."""

    modes: tuple[str, ...]
    paid: float
    ready: tuple[frozenset[str], ...] = field(default=())


def courses(rows: list[Row], modules: list[Row], periods: int, held: tuple[str, int] | None) -> list[Course]:
    """Return every course of a facility, modules included.

    Parameters
    ----------
    rows : list of dict
        Its rows of ``facilities``.
    modules : list of dict
        Its rows of ``modules``.
    held : (mode, periods) or None
        What was under way before the horizon.
    """
    uses = {row["emergency_use"]: row for row in rows}
    found: list[Course] = []
    for modes, paid in _walks(uses, periods, held):
        found += [
            Course(tuple(modes[:periods]), paid + more, ready) for ready, more in _stages(modes[:periods], modules)
        ]
    return found


def _walks(uses: dict[str, Row], periods: int, held: tuple[str, int] | None) -> Iterator[tuple[list[str], float]]:
    mode, passed = held or (EVERYDAY, 0)
    if mode == EVERYDAY:
        yield from _at_home(uses, [], 0.0, periods)
    elif mode.startswith("restoring from "):
        row = uses[mode.removeprefix("restoring from ")]
        yield from _at_home(uses, [mode] * max(0, _back(row) - passed), 0.0, periods)
    else:
        use = mode.removeprefix("converting to ")
        lead = max(0, uses[use]["convert_periods"] - passed) if mode != use else 0
        stay = max(1, uses[use]["min_periods"]) - (passed if mode == use else 0)
        yield from _in_use(uses, use, [f"converting to {use}"] * lead + [use] * max(0, stay), 0.0, periods)


def _at_home(uses: dict[str, Row], past: list[str], paid: float, periods: int) -> Iterator[tuple[list[str], float]]:
    """Go on from a moment in which the facility is, or may be, in everyday use."""
    if len(past) >= periods:
        yield past, paid
        return
    yield from _at_home(uses, [*past, EVERYDAY], paid, periods)
    for use in uses:
        yield from _converted(uses, use, past, paid, periods)


def _converted(
    uses: dict[str, Row], use: str, past: list[str], paid: float, periods: int
) -> Iterator[tuple[list[str], float]]:
    row = uses[use]
    stay = [f"converting to {use}"] * row["convert_periods"] + [use] * max(1, row["min_periods"])
    yield from _in_use(uses, use, past + stay, paid + row["convert_cost"], periods)


def _in_use(
    uses: dict[str, Row], use: str, past: list[str], paid: float, periods: int
) -> Iterator[tuple[list[str], float]]:
    """Go on from a moment in which the facility may leave its use."""
    if len(past) >= periods:
        yield past, paid
        return
    yield from _in_use(uses, use, [*past, use], paid, periods)
    for other in uses:
        if other != use:
            yield from _converted(uses, other, past, paid, periods)
    back = [f"restoring from {use}"] * _back(uses[use])
    yield from _at_home(uses, past + back, paid + uses[use]["restore_cost"], periods)


def _back(row: Row) -> int:
    return int(row["convert_periods"] if row["restore_periods"] is None else row["restore_periods"])


def _stages(modes: list[str], modules: list[Row]) -> Iterator[tuple[tuple[frozenset[str], ...], float]]:
    """Yield what modules are ready in each period, and what they cost, for every choice of when each begins."""
    runs: list[tuple[str, list[int]]] = []
    for period, mode in enumerate(modes):
        use = mode.removeprefix("converting to ")
        fresh = mode != use and period > 0 and modes[period - 1] == use
        if use == EVERYDAY or use.startswith("restoring"):
            continue
        if runs and runs[-1][0] == use and runs[-1][1][-1] == period - 1 and not fresh:
            runs[-1][1].append(period)
        else:
            runs.append((use, [period]))
    choices = []
    for use, periods in runs:
        mine = sorted((row for row in modules if row["emergency_use"] == use), key=lambda row: _number(row["module"]))
        begins = itertools.product([*periods, math.inf], repeat=len(mine))
        choices.append([(use, periods, mine, starts) for starts in begins if list(starts) == sorted(starts)])
    for choice in itertools.product(*choices):
        ready: list[set[str]] = [set() for _ in modes]
        cost = 0.0
        for use, periods, mine, starts in choice:
            for row, start in zip(mine, starts, strict=True):
                cost += row["convert_cost"] if start < math.inf else 0.0
                for period in periods:
                    if period >= start + row["convert_periods"] and modes[period] == use:
                        ready[period].add(row["module"])
        yield tuple(frozenset(some) for some in ready), cost


def _number(module: str) -> int:
    return int(re.sub(r"\D", "", module))


class Town(Plain):
    """An instance whose facilities take given courses.

    Parameters
    ----------
    instance : Instance
        Small.
    """

    def __init__(self, instance: Any) -> None:
        super().__init__(instance)
        self.taken: dict[str, Course] = {}

    def halls(self) -> dict[str, list[Row]]:
        """Rows of ``facilities`` by place."""
        found: dict[str, list[Row]] = {}
        for row in self.tables["facilities"]:
            found.setdefault(row["place"], []).append(row)
        return found

    def choices(self) -> Iterator[dict[str, Course]]:
        """Yield every choice of a course for each facility that keeps the service floors."""
        halls, held = self.halls(), {}
        for row in self.tables["held"]:
            held[row["id"]] = (row["mode"], int(row["periods"]))
        modules = self.tables["modules"]
        lists = [
            courses(rows, [row for row in modules if row["place"] == place], self.periods, held.get(place))
            for place, rows in halls.items()
        ]
        for choice in itertools.product(*lists):
            taken = dict(zip(halls, choice, strict=True))
            if self.kept(taken):
                yield taken

    def kept(self, taken: dict[str, Course]) -> bool:
        """Whether every service floor holds."""
        halls = self.halls()
        for floor in self.tables["service_floors"]:
            mine = [
                place for place, rows in halls.items()
                if rows[0]["service"] == floor["service"] and self.contains(floor["zone"], self.places[place]["zone"])
            ]  # fmt: skip
            value = {place: halls[place][0]["everyday_value"] for place in mine}
            for t in self.horizon:
                left = sum(value[place] for place in mine if taken[place].modes[t] == EVERYDAY)
                if self.mode(floor["zone"], t) == floor["mode"] and left < floor["share"] * sum(value.values()) - 1e-9:
                    return False
        return True

    def price(self, taken: dict[str, Course]) -> float:
        """Money lost of everyday value, and paid."""
        halls = self.halls()
        away = {place: sum(mode != EVERYDAY for mode in course.modes) for place, course in taken.items()}
        return sum(course.paid + halls[place][0]["everyday_value"] * away[place] for place, course in taken.items())

    def capacity(self, place: str, use: str, t: int) -> float:
        """Capacity of a facility in a use in a period, 0 where it is in another mode."""
        course = self.taken.get(place)
        if course is None or course.modes[t] != use:
            return 0.0
        (row,) = (row for row in self.halls()[place] if row["emergency_use"] == use)
        more = sum(
            module["capacity"] for module in self.tables["modules"]
            if (module["place"], module["emergency_use"]) == (place, use) and module["module"] in course.ready[t]
        )  # fmt: skip
        return (row["emergency_capacity"] + more) * self.at_place("facilities", place, t)

    def storage(self, place: str, period: int) -> float:
        """Tonnes that a place can store in a period."""
        return super().storage(place, period) + self.capacity(place, "storage", period)

    def handed_more(self, zone: str, period: int) -> float:
        """Tonnes that facilities in a zone hand out."""
        inside = [place for place in self.halls() if self.contains(zone, self.places[place]["zone"])]
        return sum(self.capacity(place, "hand-out", period) for place in inside)

    def open_to(self, commodity: str, place: str, period: int) -> list[tuple[str, str]]:
        """Facilities and their uses where people of a place are served with a service."""
        if not self.commodities[commodity]["service"]:
            return []
        services = {name for name, row in self.commodities.items() if row["service"]}
        uses = {row["emergency_use"] for row in self.tables["facilities"]}
        found = []
        for row in self.tables["facilities"]:
            use = row["emergency_use"]
            general = use not in services and use not in ("storage", "hand-out") and commodity not in uses
            if (use == commodity or general) and self.minutes(place, row["place"], period) <= row[
                "reach_minutes"
            ] + 1e-9:
                found.append((row["place"], use))
        return found

    def minutes(self, start: str, end: str, period: int) -> float:
        """Minutes by road: every label corrected until none improves."""
        far = {start: 0}
        arcs = open_arcs(self, period)
        for _ in self.places:
            for arc in arcs:
                if arc.tail in far:
                    far[arc.head] = min(far.get(arc.head, far[arc.tail] + arc.minutes), far[arc.tail] + arc.minutes)
        return far[end] / 1e6 if end in far else math.inf


def brute_force(instance: Any) -> tuple[float, dict[str, Course], int]:
    """Return the least social cost over all courses of all facilities, one choice that has it, and how many there are.

    Parameters
    ----------
    instance : Instance
        Very small: the independent model is solved for every different set of capacities.
    """
    world = Town(instance)
    cheapest: dict[Any, tuple[float, dict[str, Course]]] = {}
    count = 0
    for taken in world.choices():
        count += 1
        world.taken = taken
        key = tuple(
            world.capacity(row["place"], row["emergency_use"], t)
            for row in world.tables["facilities"]
            for t in world.horizon
        )
        price = world.price(taken)
        if key not in cheapest or price < cheapest[key][0]:
            cheapest[key] = price, taken
    best, choice = math.inf, dict[str, Course]()
    for price, taken in sorted(cheapest.values(), key=lambda entry: entry[0]):
        if price + least(world) >= best:
            break
        world.taken = taken
        cost = price + solved(world)
        if cost < best - 1e-9:
            best, choice = cost, taken
    return best, choice, count


def least(world: Town) -> float:
    """Return a bound of everything but facilities."""
    return -math.inf if world.tables["interests"] else 0.0


def solved(world: Town) -> float:
    """Return the optimum of the independent model with the courses taken."""
    model = Milp(frozenset(), frozenset())
    add_supply(model, world)
    add_responsibility(model, world)
    add_handout(model, world)
    add_visits(model, world)
    return model.solve().objective


def add_visits(model: Milp, world: Town) -> None:
    """Limit who goes to a facility by what it takes."""
    going: dict[tuple[str, str, int], list[tuple[int, float]]] = {}
    for column, name in enumerate(model.names):
        if name[0] == "served" and name[4] == "going":
            going.setdefault((name[5], name[6], name[-1]), []).append((column, 1.0))
    for (place, use, t), entries in going.items():
        model.row("beds", place, use, t, entries=entries, upper=world.capacity(place, use, t))
