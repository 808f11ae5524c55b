"""The responsibility half of the independent model, and the hand-out that joins it to supply."""

from __future__ import annotations

import math
from collections import defaultdict

from tests.support.duties import add_duties
from tests.support.milp import Milp
from tests.support.modes import is_normal, window
from tests.support.reading import LEVELS, Plain, Row, split
from tests.support.repairs import add_crews
from tests.support.stints import add_escalating, add_handing_over, add_stints, by_period


def add_responsibility(model: Milp, world: Plain) -> None:
    """Add accountability, doers with coverage, backups, kinds, gaps and the hours they all take."""
    taken: defaultdict[tuple[str, str, int, bool], list[tuple[int, float]]] = defaultdict(list)
    accountable_for: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for task in world.tables["tasks"]:
        add_accountable(model, world, task, accountable_for)
        doers, backups = add_doers(model, world, task, taken), add_backups(model, world, task, taken)
        add_kinds(model, world, task, doers, backups)
        add_redundancy(model, world, task, doers, backups)
        if "backup is a doer" not in world.without:
            for party in set(doers) & set(backups):
                both = [(doers[party], 1.0), (backups[party], 1.0)]
                model.row("backup apart", task["task"], party, entries=both, upper=1.0)
    if world.policy.span is not None:
        for party, entries in accountable_for.items():
            if party != world.core:
                model.row("span", party, entries=entries, upper=world.policy.span)
    add_crews(model, world, taken)
    add_hours(model, world, taken)
    add_duties(model, world)


def add_accountable(model: Milp, world: Plain, task: Row, accountable_for: defaultdict) -> None:
    """Choose exactly one accountable party; each level above the task's zone costs."""
    at_least = task.get("accountable_level")
    if at_least is None or "accountable level" in world.without:
        at_least = LEVELS[0]
    choices = []
    for party, row in world.parties.items():
        level = len(LEVELS) if party == world.core else world.level(row["zone"])
        contains = world.contains(row["zone"], task["zone"])
        if party != world.core and not (contains and level >= LEVELS.index(at_least)):
            continue
        chosen = model.column("accountable", task["task"], party, upper=1.0, integer=True)
        model.price("levels", chosen, world.policy.level_cost * (level - world.level(task["zone"])))
        choices.append((chosen, 1.0))
        accountable_for[party].append((chosen, 1.0))
    model.row("accountable", task["task"], entries=choices, lower=1.0, upper=1.0)


def able(world: Plain, task: Row) -> list[str]:
    """Parties with the skill whose jurisdiction contains or lies within the task's zone."""
    skilled = {row["party"] for row in world.tables["skills"] if row["skill"] == task["skill"]}
    return [
        party
        for party, row in world.parties.items()
        if party in skilled
        and (
            world.contains(row["zone"], task["zone"])
            or world.contains(task["zone"], row["zone"])
            or "jurisdiction" in world.without
        )
    ]


def sure(world: Plain, party: str) -> float:
    """Share of the hours set down for a party that it is counted on to deliver."""
    expected = world.policy.reliability == "expected" and "reliability" not in world.without
    return float(world.parties[party]["reliability"]) if expected else 1.0


def acting(world: Plain, task: Row) -> list[str]:
    """Parties that may do a task or stand by: able, and not without any reliability where that counts."""
    return [party for party in able(world, task) if sure(world, party) > 0.0]


def effort(world: Plain, task: Row, party: str) -> tuple[float, float]:
    """Hours of the party per hour of the task; money per period for a doer."""
    for row in world.tables["efforts"]:
        if row["task"] == task["task"] and row["party"] == party:
            factor = 1.0 if row.get("factor") is None else row["factor"]
            return (1.0 if "effort factors" in world.without else factor), row.get("cost") or 0.0
    return 1.0, 0.0


def find(rows: list[Row], default: float, column: str, **key: str) -> float:
    """Find a cell of the one row with a key, or a default."""
    for row in rows:
        if all(row[name] == value for name, value in key.items()) and row.get(column) is not None:
            return float(row[column])
    return default


def add_doers(model: Milp, world: Plain, task: Row, taken: defaultdict) -> dict[str, int]:
    """Choose doers and what each covers; what nobody covers is a gap."""
    name, hours, periods = task["task"], task["hours"], window(world, task)
    supplying = task["domain"] == "supply"
    gap_cost = task.get("gap_cost")
    if gap_cost is None:
        gap_cost = 0.0 if supplying else world.policy.gap_cost
    doers, covered = {}, defaultdict(list)
    coming, stints, covers = by_period(world, task, able(world, task)), {}, defaultdict(dict)
    for party in acting(world, task):
        factor, cost = effort(world, task, party)
        doer = doers[party] = model.column("doer", name, party, upper=1.0, integer=True)
        if not coming:
            model.price("work", doer, cost * len(periods))
        wage = find(world.tables["skills"], 0.0, "cost_per_hour", party=party, skill=task["skill"])
        benefit = find(world.tables["interests"], 0.0, "benefit", party=party, domain=task["domain"])
        whole = []
        for t in periods:
            cover, set_down = model.column("cover", name, party, t), model.column("set down", name, party, t)
            covers[party][t] = cover
            model.row("delivered", name, party, t, entries=[(cover, 1.0), (set_down, -sure(world, party))],
                      lower=0.0, upper=0.0)  # fmt: skip
            model.price("work", set_down, factor * wage)
            model.price("interest", cover, -benefit)
            limit = 1e4 if "task hours" in world.without else hours
            model.row("only doers", name, party, t, entries=[(cover, 1.0), (doer, -limit)], upper=0.0)
            covered[t].append((cover, 1.0))
            whole.append((cover, 1.0))
            taken[party, task["skill"], t, is_normal(world, task, t)].append((set_down, factor))
        if coming:
            columns = {"doer": doer, "cover": covers[party], "effort": cost}
            stints[party] = add_stints(model, world, task, party, columns)
            continue
        share = world.policy.min_share * hours * len(periods)
        model.row("min share", name, party, entries=[*whole, (doer, -share)], lower=0.0)
    if world.policy.handover_cost is None:
        model.row("doers", name, entries=[(doer, 1.0) for doer in doers.values()], upper=task_count(task, "doers", 1))
    else:
        add_handing_over(model, world, task, stints, task_count(task, "doers", 1))
    if coming:
        add_escalating(model, world, task, stints, covers)
    for t in periods:
        gap = model.column("gap", name, t)
        model.price("gap_hours", gap, gap_cost)
        upper = math.inf if "task hours" in world.without else hours
        model.row("cover", name, t, entries=[*covered[t], (gap, 1.0)], lower=hours, upper=upper)
    return doers


def task_count(task: Row, column: str, default: int) -> float:
    """Read a whole number of a task, or its default."""
    return float(default if task.get(column) is None else task[column])


def add_backups(model: Milp, world: Plain, task: Row, taken: defaultdict) -> dict[str, int]:
    """Choose backups, each keeping hours free in every period; those missing are gaps."""
    name, wanted = task["task"], task_count(task, "backups", 0)
    reserve = 0.0 if "reserve" in world.without else world.policy.backup_reserve
    backups = {}
    for party in acting(world, task):
        factor = effort(world, task, party)[0] / sure(world, party)
        backup = backups[party] = model.column("backup", name, party, upper=1.0, integer=True)
        for t in window(world, task):
            taken[party, task["skill"], t, is_normal(world, task, t)].append((backup, reserve * factor * task["hours"]))
    entries = [(backup, 1.0) for backup in backups.values()]
    model.row("backups", name, entries=entries, upper=wanted)
    missing = model.column("backups missing", name)
    model.price("gap_backups", missing, world.policy.backup_cost)
    model.row("backups wanted", name, entries=[*entries, (missing, 1.0)], lower=wanted)
    return backups


def add_kinds(model: Milp, world: Plain, task: Row, doers: dict[str, int], backups: dict[str, int]) -> None:
    """Ask that a party of each kind is a doer or a backup; a kind missing is a gap."""
    for kind in split(task.get("kinds")):
        missing = model.column("kind missing", task["task"], kind)
        model.price("gap_kinds", missing, world.policy.kind_cost)
        present = [
            (column, 1.0)
            for roles in (doers, backups)
            for party, column in roles.items()
            if world.parties[party]["kind"] == kind
        ]
        model.row("kinds", task["task"], kind, entries=[*present, (missing, 1.0)], lower=1.0)


def add_redundancy(model: Milp, world: Plain, task: Row, doers: dict[str, int], backups: dict[str, int]) -> None:
    """Ask that all together fail no more often than allowed; of the exponent that takes, what is missing is a gap.

    A party that never fails is enough, even where nothing may ever fail: it takes out the whole row.
    """
    asked = world.policy.coverage
    if not asked:
        return
    missing = model.column("coverage missing", task["task"], upper=1.0)
    model.price("gap_coverage", missing, world.policy.coverage_cost)
    # 10^-digits is how often all may fail; who never fails counts for all digits, as many as there may be.
    digits = -math.log10(1.0 - asked) if asked < 1.0 else 1.0
    entries = [(missing, digits)]
    for roles in (doers, backups):
        for party, column in roles.items():
            fails = 1.0 - world.parties[party]["reliability"]
            if fails == 0.0:
                entries.append((column, digits))
            elif asked < 1.0:
                entries.append((column, -math.log10(fails)))
    model.row("redundancy", task["task"], entries=entries, lower=digits)


def add_hours(model: Milp, world: Plain, taken: defaultdict) -> None:
    """Limit the hours of each party, by skill and over all skills: everyday ones in normal mode, all of them always."""
    by_skill: defaultdict[tuple[str, str, int, bool], list[tuple[int, float]]] = defaultdict(list)
    by_party: defaultdict[tuple[str, int, bool], list[tuple[int, float]]] = defaultdict(list)
    for (party, skill, t, normal), entries in taken.items():
        for everyday in {False, normal}:
            by_skill[party, skill, t, everyday] += entries
            by_party[party, t, everyday] += entries
    # Where all tasks are in normal mode, the everyday row is the only one: it implies the other.
    for (party, skill, t, everyday), entries in by_skill.items():
        (row,) = (r for r in world.tables["skills"] if (r["party"], r["skill"]) == (party, skill))
        hours, emergency = world.skill_hours(row, t)
        limit = hours if everyday else max(hours, emergency)
        mixed = len(by_skill[party, skill, t, False]) > len(by_skill.get((party, skill, t, True), []))
        if everyday or mixed:
            family = "everyday skill hours" if everyday and mixed else "skill hours"
            model.row(family, party, skill, t, entries=entries, upper=limit)
    for (party, t, everyday), entries in by_party.items():
        hours, emergency = world.party_hours(party)
        limit = hours if everyday else max(hours, emergency)
        mixed = len(by_party[party, t, False]) > len(by_party.get((party, t, True), []))
        if everyday or mixed:
            family = "everyday party hours" if everyday and mixed else "party hours"
            model.row(family, party, t, entries=entries, upper=limit)


def add_handout(model: Milp, world: Plain) -> None:
    """Limit what is served within a zone by the hours covered of its supply tasks."""
    rate = world.policy.handout_tonnes_per_hour
    numbers: defaultdict[str, list[tuple[int, tuple]]] = defaultdict(list)
    for column, name in enumerate(model.names):
        numbers[name[0]].append((column, name))
    supply_tasks = [task for task in world.tables["tasks"] if task["domain"] == "supply"]
    for zone in dict.fromkeys(task["zone"] for task in supply_tasks):
        nested = nesting(world, zone, [task["zone"] for task in supply_tasks])
        for t in world.horizon:
            active = {row["task"] for row in supply_tasks if row["zone"] == zone and t in window(world, row)}
            if not active:
                continue
            served = [
                (column, world.tonnes(name[2]))
                for column, name in numbers["served"]
                if name[-1] == t and world.contains(zone, world.places[name[1]]["zone"])
            ]
            covered = [(column, -rate) for column, name in numbers["cover"] if name[1] in active and name[-1] == t]
            if "hand-out" not in world.without and f"hand-out {nested}" not in world.without:
                model.row("hand-out", zone, t, entries=[*served, *covered], upper=0.0)


def nesting(world: Plain, zone: str, others: list[str]) -> str:
    """Whether a zone with supply tasks lies above another such zone, within one, or neither."""
    if any(other != zone and world.contains(zone, other) for other in others):
        return "above"
    if any(other != zone and world.contains(other, zone) for other in others):
        return "within"
    return "alone"
