"""Repairs by brute force: every schedule of every crew, each a plan of the independent model.

Written from the text of the contract alone. A schedule says which crew repairs what in which order and after which
period each is whole; the hours in between are left to the model, so that they fit beside the tasks.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.reading import Plain, Row

if TYPE_CHECKING:
    from collections import defaultdict

    from tests.support.milp import Milp

Thing = tuple[str, str]
"""Whether a road or a place, and its id."""
Crew = tuple[str, str]
"""Party and skill."""


@dataclass(frozen=True)
class Job:
    """A repair by a crew: hours with the way there, first and last period for them, when the thing is given back.

    It is whole from the period after `finish`.
    """

    crew: Crew
    thing: Thing
    hours: float
    first: int
    by: int
    finish: int


Schedule = tuple[Job, ...]


def thing_of(row: Row) -> Thing:
    """Return what a row of damage is about."""
    return ("road", row["road"]) if row.get("road") is not None else ("place", row["place"])


def schedules(instance: Any) -> Iterator[Schedule]:
    """Give every schedule, that in which nothing is repaired among them."""
    world = Plain(instance)
    damage = {thing_of(row): row for row in world.tables["damage"]}
    crews = [
        (row["party"], row["skill"])
        for row in world.tables["skills"]
        if any(row["skill"] == broken["skill"] for broken in damage.values())
    ]
    for orders in _orders(crews, list(damage), damage):
        jobs = [_sequence(world, damage, crew, things) for crew, things in orders.items()]
        if any(part is None for part in jobs):
            continue
        for finished in itertools.product(*(_finishes(world, part) for part in jobs)):
            yield tuple(job for part in finished for job in part)


def quickest(instance: Any) -> list[Schedule]:
    """Return the schedules of which one must be best where what is open never does harm and no task wants the hours.

    That is so where kilometres cost nothing and there are no tasks. Then everything is given back when it is finished,
    and a schedule is left out where another one has nothing back later, for no more pay: so all orders of all crews
    can be looked at for up to six things.
    """
    world = Plain(instance)
    assert not world.tables["tasks"]
    assert not any(row.get("cost_per_km") for row in world.tables["fleets"])
    damage = {thing_of(row): row for row in world.tables["damage"]}
    rates = {(row["party"], row["skill"]): row.get("cost_per_hour") or 0.0 for row in world.tables["skills"]}
    crews = [crew for crew in rates if any(crew[1] == broken["skill"] for broken in damage.values())]
    found: dict[tuple[int, ...], tuple[float, Schedule]] = {}
    known: dict[tuple[Crew, tuple[Thing, ...]], list[Job] | None] = {}
    for orders in _orders(crews, list(damage), damage):
        parts = []
        for crew, things in orders.items():
            if (crew, things) not in known:
                known[crew, things] = _sequence(world, damage, crew, things)
            parts.append(known[crew, things])
        if any(part is None for part in parts):
            continue
        jobs = tuple(job for part in parts for job in part)
        back = {job.thing: job.finish for job in jobs}
        pay = sum(job.hours * rates[job.crew] for job in jobs)
        key = tuple(back.get(thing, world.periods) for thing in damage)
        if pay < found.get(key, (math.inf, ()))[0]:
            found[key] = pay, jobs
    return [
        jobs for key, (pay, jobs) in found.items()
        if not any(
            other != key and cost <= pay and all(a <= b for a, b in zip(other, key, strict=True))
            for other, (cost, _) in found.items()
        )
    ]  # fmt: skip


def _orders(
    crews: list[Crew], things: list[Thing], damage: dict[Thing, Row]
) -> Iterator[dict[Crew, tuple[Thing, ...]]]:
    """Give every way to hand things out to crews, in every order."""
    choices = [[None, *(crew for crew in crews if crew[1] == damage[thing]["skill"])] for thing in things]
    for chosen in itertools.product(*choices):
        mine = {
            crew: [t for t, who in zip(things, chosen, strict=True) if who == crew] for crew in crews if crew in chosen
        }
        for orders in itertools.product(*(itertools.permutations(part) for part in mine.values())):
            yield dict(zip(mine, orders, strict=True))


def _sequence(world: Plain, damage: dict[Thing, Row], crew: Crew, things: tuple[Thing, ...]) -> list[Job] | None:
    """Return the jobs of a crew, each finished as soon as it can be; None where one cannot."""
    from tests.support.responsibility import sure

    (row,) = (r for r in world.tables["skills"] if (r["party"], r["skill"]) == crew)
    most = max(row["hours"], row["hours"] if row.get("emergency_hours") is None else row["emergency_hours"])
    home, jobs, first = home_of(world, crew[0]), [], 0
    left = [min(max(world.skill_hours(row, t)), max(world.party_hours(crew[0]))) for t in world.horizon]
    here = None if home is None else {home}
    for thing in things:
        there, broken = ends(world, thing), damage[thing]
        if here is None or sure(world, crew[0]) <= 0 or most <= 0:
            return None
        minutes = min(minutes_between(world, a, b) for a in here for b in there)
        hours = minutes / 60 / world.period_hours * most + broken["repair_hours"] / sure(world, crew[0])
        first = max(first, int(broken.get("from") or 0))
        finish = _worked(left, hours, first)
        last = world.periods - 1 if broken.get("until") is None else int(broken["until"])
        if finish is None or finish >= min(last, world.periods - 1):
            return None  # it would be whole by itself, or too late
        jobs.append(Job(crew, thing, hours, first, finish, finish))
        here = there
    return jobs


def _worked(left: list[float], hours: float, first: int) -> int | None:
    """Take hours from what is left, period by period; return the last, None where they are too few."""
    for t in range(first):
        left[t] = 0.0
    for t in range(first, len(left)):
        taken = min(left[t], hours)
        left[t], hours = left[t] - taken, hours - taken
        if hours <= 1e-9:
            for earlier in range(t):
                left[earlier] = 0.0
            return t
    return None


def _finishes(world: Plain, jobs: list[Job]) -> Iterator[list[Job]]:
    """Give every choice of periods after which the things of a crew are whole, none sooner than it can be."""
    last = {
        thing_of(row): world.periods - 1 if row.get("until") is None else int(row["until"])
        for row in world.tables["damage"]
    }
    spans = [range(job.finish, min(last[job.thing], world.periods - 1)) for job in jobs]
    for finishes in itertools.product(*spans):
        # What comes first is worked through before what comes next is finished, even where it is given back later.
        by = [min(finishes[number:]) for number in range(len(finishes))]
        yield [Job(j.crew, j.thing, j.hours, j.first, w, f) for j, w, f in zip(jobs, by, finishes, strict=True)]


def ends(world: Plain, thing: Thing) -> set[str]:
    """Return the places where a thing is reached."""
    if thing[0] == "place":
        return {thing[1]}
    (road,) = (row for row in world.tables["roads"] if row["road"] == thing[1])
    return {road["from"], road["to"]}


def home_of(world: Plain, party: str) -> str | None:
    """Return where a party's crews come from."""
    bases = [row["base"] for row in world.tables["fleets"] if row["party"] == party]
    own = [name for name, row in world.places.items() if row.get("owner") == party]
    near = [name for name, row in world.places.items() if world.contains(world.parties[party]["zone"], row["zone"])]
    return next(iter([*bases, *own, *near]), None)


def minutes_between(world: Plain, start: str, end: str) -> float:
    """Return the fewest minutes on sound roads, by relaxing every road again and again."""
    far = dict.fromkeys(world.places, math.inf) | {start: 0.0}
    for _ in world.places:
        for row in world.tables["roads"]:
            far[row["to"]] = min(far[row["to"]], far[row["from"]] + row["minutes"])
            if row.get("both_ways") in (None, True):
                far[row["from"]] = min(far[row["from"]], far[row["to"]] + row["minutes"])
    return far[end]


def damage_effects(world: Plain, schedule: Schedule) -> list[Row]:
    """Return what is damaged as effects that last until it is whole."""
    done = {job.thing: job.finish for job in schedule}
    rows = []
    for row in world.tables.get("damage", []):
        kind, name = thing_of(row)
        last = world.periods - 1 if row.get("until") is None else row["until"]
        left = 0.0 if row.get("capacity_left") is None else row["capacity_left"]
        span = {"start": row.get("from") or 0, "end": min(last, done.get((kind, name), last))}
        rows.append({"table": f"{kind}s", "where": name, "commodity": None, "factor": left, **span})
    return rows


def shut(world: Plain, place: str, period: int) -> bool:
    """Return whether nothing can be loaded at a place for damage that leaves nothing of it."""
    return any(
        row["table"] == "places"
        and row["where"] == place
        and row["factor"] == 0
        and row["start"] <= period <= row["end"]
        for row in world.damaged
    )


def add_crews(model: Milp, world: Plain, taken: defaultdict) -> None:
    """Add the hours of each job, within the periods that its schedule leaves for it."""
    for number, job in enumerate(world.schedule):
        (row,) = (r for r in world.tables["skills"] if (r["party"], r["skill"]) == job.crew)
        work = []
        for t in range(job.first, job.by + 1):
            column = model.column("crew", number, t)
            model.price("repair", column, row.get("cost_per_hour") or 0.0)
            taken[(*job.crew, t, False)].append((column, 1.0))
            work.append((column, 1.0))
        model.row("repair", number, entries=work, lower=job.hours, upper=job.hours)
