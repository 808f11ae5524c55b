"""The rules of the independent model beyond its first roles: mandates, conflicts, diversity, waiting, consulting.

Each names the family of its rows, or what it tests for in ``without``, so that a test can leave it out.
"""

from __future__ import annotations

from typing import Any

from tests.support.milp import Milp
from tests.support.modes import window
from tests.support.reading import Plain, Row

Columns = dict[tuple[str, str], int]
"""Columns of one role by task and party."""


def columns_of(model: Milp) -> dict[str, Columns]:
    """Find the columns of each role by their names."""
    roles: dict[str, Columns] = {"accountable": {}, "responsible": {}, "backup": {}, "consulted": {}}
    calls = {"accountable": "accountable", "doer": "responsible", "backup": "backup", "consulted": "consulted"}
    for column, name in enumerate(model.names):
        if name[0] in calls:
            roles[calls[name[0]]][name[1], name[2]] = column
    return roles


def add_duties(model: Milp, world: Plain) -> None:
    """Add all of them (after accountability, doers and backups)."""
    add_consulted(model, world)
    roles = columns_of(model)
    add_mandates(model, world, roles)
    add_conflicts(model, world, roles)
    add_diversity(model, world, roles)
    add_waiting(model, world)


def meant(world: Plain, row: Row) -> tuple[list[str], list[str]]:
    """Tasks and parties that a mandate is about."""
    tasks = [t["task"] for t in world.tables["tasks"] if t["task"] == row["task"] or t["domain"] == row["domain"]]
    parties = [p for p, party in world.parties.items() if p == row["party"] or party["kind"] == row["kind"]]
    return tasks, parties


def add_mandates(model: Milp, world: Plain, roles: dict[str, Columns]) -> None:
    """At least one of those ordered holds the role; nobody barred does, nor others than those who alone may."""
    allowed: dict[tuple[str, str], set[str]] = {}
    for row in world.tables["mandates"]:
        if row["role"] == "informed":
            continue
        tasks, parties = meant(world, row)
        for task in tasks:
            held = [(roles[row["role"]][task, p], 1.0) for p in parties if (task, p) in roles[row["role"]]]
            if row["rule"] == "must":
                model.row("must", task, row["role"], entries=held, lower=1.0)
            if row["rule"] == "must_not":
                model.row("must not", task, row["role"], entries=held, upper=0.0)
            if row["rule"] == "may":
                allowed.setdefault((task, row["role"]), set()).update(parties)
    for (task, role), parties in allowed.items():
        others = [(column, 1.0) for (t, p), column in roles[role].items() if t == task and p not in parties]
        model.row("may", task, role, entries=others, upper=0.0)


def chain_of(world: Plain, party: str) -> set[str]:
    """All superiors of a party."""
    above = world.parties[party].get("superior")
    return set() if above is None else {above, *chain_of(world, above)}


def add_conflicts(model: Milp, world: Plain, roles: dict[str, Columns]) -> None:
    """No party acts in both tasks; with chain, no two of which one is above the other act in one each."""
    for row in world.tables["conflicts"]:
        for one in world.parties:
            for other in world.parties:
                related = one in chain_of(world, other) or other in chain_of(world, one)
                chained = row["chain"] and related and "chain" not in world.without
                if one != other and not chained:
                    continue
                for first in ("accountable", "responsible"):
                    for second in ("accountable", "responsible"):
                        pair = [roles[first].get((row["task"], one)), roles[second].get((row["other"], other))]
                        if None not in pair:
                            entries = [(column, 1.0) for column in pair]
                            model.row("conflict", row["task"], row["other"], one, other, entries=entries, upper=1.0)


def add_diversity(model: Milp, world: Plain, roles: dict[str, Columns]) -> None:
    """No backup is of the kind of a doer."""
    if not world.policy.backup_diversity:
        return
    for (task, party), backup in roles["backup"].items():
        for (other, doing), doer in roles["responsible"].items():
            if task == other and world.parties[party]["kind"] == world.parties[doing]["kind"]:
                model.row("diversity", task, party, doing, entries=[(backup, 1.0), (doer, 1.0)], upper=1.0)


def add_waiting(model: Milp, world: Plain) -> None:
    """In a period nobody works on a task unless enough hours of each task it waits for were covered before."""
    tasks = world.by_id("tasks", "task")
    share = world.policy.depends_share
    covers: dict[tuple[str, int], list[int]] = {}
    for column, name in enumerate(model.names):
        if name[0] == "cover":
            covers.setdefault((name[1], name[3]), []).append(column)
    for row in world.tables["depends"]:
        task, on = tasks[row["task"]], tasks[row["on"]]
        for t in window(world, task):
            before = [s for s in window(world, on) if s < t]
            asked = share * on["hours"] * len(before)
            go = model.column("go", row["task"], row["on"], t, upper=1.0, integer=True)
            now = [(column, 1.0) for column in covers.get((row["task"], t), [])]
            model.row("waiting", row["task"], t, entries=[*now, (go, -1e3)], upper=0.0)
            done = [(column, 1.0) for s in before for column in covers.get((row["on"], s), [])]
            model.row("waiting", row["task"], row["on"], t, entries=[*done, (go, -asked)], lower=0.0)


def most_consulted(world: Plain, task: Row) -> int:
    """Most parties consulted on a task: three where the rule is on and it does not say."""
    if task["consulted"] is not None:
        return int(task["consulted"])
    on = any(row["consulted"] is not None for row in world.tables["tasks"])
    return 3 if on or any(row["role"] == "consulted" for row in world.tables["mandates"]) else 0


def has_stake(world: Plain, task: Row, party: str) -> bool:
    """Whether a party has a jurisdiction, a place or a need around or in the task's zone, or the skill."""
    zone, home = task["zone"], world.parties[party]["zone"]
    inside = {place for place, row in world.places.items() if world.contains(zone, row["zone"])}
    return (
        world.contains(home, zone)
        or world.contains(zone, home)
        or any(world.places[place]["owner"] == party for place in inside)
        or any(row["party"] == party and row["place"] in inside for row in world.tables["needs"])
        or any((row["party"], row["skill"]) == (party, task["skill"]) for row in world.tables["skills"])
    )


def add_consulted(model: Milp, world: Plain) -> None:
    """Choose whom to consult: parties with a stake or the skill, not too many, none with another role."""
    roles = columns_of(model)
    for task in world.tables["tasks"]:
        name, most = task["task"], most_consulted(world, task)
        if not most:
            continue
        entries: list[tuple[int, float]] = []
        for party in world.parties:
            if not has_stake(world, task, party):
                continue
            consulted = model.column("consulted", name, party, upper=1.0, integer=True)
            entries.append((consulted, 1.0))
            for role in ("accountable", "responsible", "backup"):
                if (name, party) in roles[role]:
                    both = [(consulted, 1.0), (roles[role][name, party], 1.0)]
                    model.row("consulted apart", name, party, role, entries=both, upper=1.0)
        model.row("most consulted", name, entries=entries, upper=most)


def informed(world: Plain, held: dict[str, set[tuple[str, str]]]) -> set[tuple[str, str]]:
    """Who is informed, given all other roles: above the accountable party, or waiting; as mandates have it."""
    mandates = world.tables["mandates"]
    on = any(row["consulted"] is not None for row in world.tables["tasks"]) or bool(world.tables["depends"])
    if not on and not any(row["role"] in ("consulted", "informed") for row in mandates):
        return set()
    told = {(task, above) for task, party in held["accountable"] for above in chain_of(world, party)}
    waits = [(row["task"], row["on"]) for row in world.tables["depends"]]
    told |= {(on, party) for task, on in waits for doing, party in held["responsible"] if doing == task}
    told -= held["accountable"] | held["responsible"]
    spoken: list[tuple[Any, str, list[str]]] = []
    for row in mandates:
        if row["role"] == "informed":
            tasks, parties = meant(world, row)
            spoken += [(row["rule"], task, parties) for task in tasks]
    reserved: dict[str, set[str]] = {}
    barred = {(task, party) for rule, task, parties in spoken if rule == "must_not" for party in parties}
    for rule, task, parties in spoken:
        if rule == "may":
            reserved.setdefault(task, set()).update(parties)

    def fine(pair: tuple[str, str]) -> bool:
        return pair not in barred and pair[1] in reserved.get(pair[0], {pair[1]})

    told = {pair for pair in told if fine(pair)}
    for rule, task, parties in spoken:
        if rule == "must" and not any((task, party) in told for party in parties):
            told |= {next((task, party) for party in parties if fine((task, party)))}
    return told
