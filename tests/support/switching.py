"""Modes that zones choose, by brute force: every schedule of every zone, and the independent model's optimum for each.

Written from the contract's text, in plain loops, with the course of each zone decided period by period.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

from tests.support.changes import add_changes
from tests.support.halls import Town, add_visits
from tests.support.milp import Milp
from tests.support.modes import severity, window
from tests.support.reading import Plain
from tests.support.responsibility import add_handout, add_responsibility
from tests.support.supply import add_supply

MODES = ("normal", "emergency", "parallel")
Schedule = dict[str, tuple[str, ...]]


class Deciding(Town):
    """An instance whose zones are in given modes.

    Parameters
    ----------
    instance : Instance
        Small.
    """

    def __init__(self, instance: Any) -> None:
        super().__init__(instance)
        self.courses_taken: Schedule = {}

    def mode(self, zone: str, period: int) -> str:
        """Operating mode of a zone in a period: that of whom it follows."""
        return self.courses_taken[self.leader(zone)][period]

    def leader(self, zone: str) -> str:
        """Zone whose choice a zone follows."""
        level = self.policy.mode_level
        known = {row["indicator"] for row in self.tables["indicators"]}
        seen = {row["zone"] for row in self.tables["observations"] if row["indicator"] in known}
        for around in self.chain(zone):
            if (self.zones[around]["level"] == level) if level is not None else (around in seen):
                return around
        return self.chain(zone)[-1]

    def rule(self, zone: str, mode: str, column: str, default: float) -> float:
        """Look a number up in ``mode_rules``: the nearest row around a zone."""
        for around in self.chain(zone):
            for row in self.tables["mode_rules"]:
                if (row["zone"], row["mode"]) == (around, mode):
                    return default if row.get(column) is None else float(row[column])
        return default

    def before(self, zone: str) -> tuple[str, float]:
        """Mode of a zone before the horizon, and for how long."""
        for row in self.tables["held"]:
            if row["table"] == "zones" and row["id"] == zone:
                return row["mode"], row["periods"]
        return "normal", math.inf

    def pinned(self) -> dict[tuple[str, int], str]:
        """Modes that pins ask for."""
        pins = {}
        for row in self.tables["pins"]:
            if row["table"] == "modes":
                cells = dict(part.split("=", 1) for part in row["where"].split(";"))
                pins[cells["zone"], int(cells["period"])] = row["value"]
        return pins

    def courses(self, zone: str) -> Iterator[tuple[tuple[str, ...], float]]:
        """Yield every course of modes of a zone, with what it costs."""
        pins = self.pinned()
        severe = [severity(self, zone, t) or 0.0 for t in self.horizon]
        ways = [[pins[zone, t]] if (zone, t) in pins else MODES for t in self.horizon]
        for course in itertools.product(*ways):
            (mode, stayed), cost, fine = self.before(zone), 0.0, True
            for t, now in enumerate(course):
                if now != mode:
                    fine = fine and stayed >= self.rule(zone, mode, "min_periods", 1)
                    cost += self.rule(zone, now, "switch_cost", 0.0)
                    mode, stayed = now, 0
                stayed += 1
                cost += self.rule(zone, now, "cost", 0.0)
                cost += self.rule(zone, now, "severity_cost", 0.0) * severe[t]
            if fine:
                yield course, cost

    def schedules(self) -> Iterator[tuple[Schedule, float]]:
        """Yield every schedule of all zones that choose, with what it costs."""
        zones = list(dict.fromkeys(self.leader(zone) for zone in self.zones))
        lists = [list(self.courses(zone)) for zone in zones]
        for choice in itertools.product(*lists):
            yield (
                dict(zip(zones, (course for course, _ in choice), strict=True)),
                sum(cost for _, cost in choice),
            )

    def count(self) -> int:
        """Count the schedules."""
        zones = dict.fromkeys(self.leader(zone) for zone in self.zones)
        return math.prod(sum(1 for _ in self.courses(zone)) for zone in zones)

    def decided(self) -> Any:
        """List what the modes decide: two schedules alike in it have the same optimum, but for what they cost."""
        tasks = tuple(
            tuple((t, self.mode(task["zone"], t) == "normal") for t in window(self, task))
            for task in self.tables["tasks"]
        )
        floors = tuple(
            self.mode(row["zone"], t) == row["mode"] for row in self.tables["service_floors"] for t in self.horizon
        )
        return tasks, floors


def brute_force(instance: Any) -> tuple[float, Schedule, int]:
    """Return the least social cost over all schedules of all zones, one that has it, and how many there are.

    Parameters
    ----------
    instance : Instance
        Very small: the independent model is solved for every schedule that differs in what it decides, and for every
        course of facilities.
    """
    world = Deciding(instance)
    cheapest: dict[Any, tuple[float, Schedule]] = {}
    count = 0
    for schedule, price in world.schedules():
        count += 1
        world.courses_taken = schedule
        key = world.decided()
        if key not in cheapest or price < cheapest[key][0]:
            cheapest[key] = price, schedule
    floor = -math.inf if world.tables["interests"] else 0.0
    best, choice = math.inf, Schedule()
    for price, schedule in sorted(cheapest.values(), key=lambda entry: entry[0]):
        if price + floor >= best:
            break
        world.courses_taken = schedule
        cost = price + _solved(world)
        if cost < best - 1e-9:
            best, choice = cost, schedule
    return best, choice, count


def _solved(world: Deciding) -> float:
    """Return the optimum with the modes taken, over all courses of facilities."""
    if not world.tables["facilities"]:
        return _optimum(world)
    best, known = math.inf, dict[Any, float]()
    for taken in world.choices():
        world.taken = taken
        key = tuple(
            world.capacity(row["place"], row["emergency_use"], t)
            for row in world.tables["facilities"]
            for t in world.horizon
        )
        if key not in known:
            known[key] = _optimum(world)
        best = min(best, known[key] + world.price(taken))
    world.taken = {}
    return best


def _optimum(world: Plain) -> float:
    model = Milp(frozenset(), frozenset())
    add_supply(model, world)
    add_responsibility(model, world)
    add_handout(model, world)
    if world.tables["facilities"]:
        add_visits(model, world)
    add_changes(model, world)
    return model.solve().objective
