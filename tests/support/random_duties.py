"""Mandates, conflicts, waiting, diversity, consulting, reliability and coverage for a random instance that has none.

Each is switched on alone. Drawn from a stream of their own, so that the instances without them stay what they are. What
cannot hold is possible: `random_duties` says nothing of it; `feasible_duties` draws until the independent model finds a
plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.errors import InstanceError
from coordination.instance import Instance
from tests.support.duties import informed
from tests.support.oracle import oracle
from tests.support.random_instances import Draw, random_tables
from tests.support.reading import Plain

if TYPE_CHECKING:
    from tests.support.random_town import Tables

RULES = ("mandates", "conflicts", "chains", "depends", "diversity", "consulted", "reliability", "coverage")
"""What can be switched on."""
BY_PERIOD = ("handover", "escalation")
"""What lets doers come and go; apart, so that the instances without it stay what they are."""
ROLES = ("accountable", "accountable", "responsible", "responsible", "backup", "consulted", "informed")
TRIES = 40


def random_duties(seed: int, rules: tuple[str, ...] = RULES) -> Instance:
    """Draw an instance with some rules switched on; it may be one that no plan can keep.

    Parameters
    ----------
    seed : int
        Same seed and rules, same instance.
    rules : tuple of str
        Of `RULES` and `BY_PERIOD`.

    Raises
    ------
    InstanceError
        What was drawn contradicts itself: an order against a ban.
    """
    header, tables = random_tables(seed, tasks=True, odd_ids=False)
    draw = Draw(seed, {})
    draw.generator = np.random.default_rng([seed, 4])
    if "depends" in rules:
        draw_depends(draw, header, tables)
    if "mandates" in rules:
        draw_mandates(draw, tables, ROLES if "consulted" in rules else ROLES[:5])
    if "conflicts" in rules or "chains" in rules:
        draw_conflicts(draw, tables, "chains" in rules)
    if "diversity" in rules:
        header["policy"]["backup_diversity"] = True
        header["policy"]["backup_cost"] = draw.one([60, 150])
        for party in tables["parties"][1:]:
            party["kind"] = draw.one(["volunteers", "agency"])
        for task in tables["tasks"]:
            task["doers"], task["backups"] = draw.whole(1, 2), draw.whole(1, 2)
    if "consulted" in rules:
        draw_consulted(draw, tables)
    if "reliability" in rules or "coverage" in rules:
        draw_reliability(draw, header, tables, rules)
    if set(BY_PERIOD) & set(rules):
        draw_by_period(seed, rules, header, tables)
    instance = Instance.from_tables(header, tables)
    return instance.under("storm") if tables["effects"] else instance


def feasible_duties(seed: int, rules: tuple[str, ...] = RULES) -> Instance:
    """Draw until there is a plan: the first of the seeds seed, seed + 10 000, … that has one."""
    for number in range(TRIES):
        try:
            instance = random_duties(seed + 10_000 * number, rules)
            oracle(instance)
            informed(Plain(instance), {role: set() for role in ROLES})
        except (InstanceError, AssertionError, StopIteration):
            continue
        return instance
    raise ValueError(f"no plan for seed {seed} with {rules}")


def draw_depends(draw: Draw, header: dict[str, Any], tables: Tables) -> None:
    """Let tasks wait for others that are drawn before them, windows moved apart a little."""
    tasks = tables["tasks"]
    if len(tasks) < 2:
        first = dict(tasks[0], task="t9", start=0, end=header["periods"] - 2)
        tasks.append(first)
    header["policy"]["depends_share"] = draw.one([0.3, 0.6, 1])
    tables["depends"] = []
    for number, task in enumerate(tasks):
        for other in tasks[:number]:
            if draw.chance(0.7):
                for name in (task, other):
                    name.pop("start", None)
                    name.pop("end", None)
                if draw.chance(0.5):
                    other["end"] = draw.whole(0, header["periods"] - 2)
                tables["depends"].append({"task": task["task"], "on": other["task"]})


def around(tables: Tables, task: dict[str, Any], role: str) -> list[str]:
    """Parties that could hold a role in a task, or all where none could: most orders shall be such as can be kept."""
    parents = {zone["zone"]: zone.get("parent") for zone in tables["zones"]}

    def chain(zone: str | None) -> list[str]:
        return [] if zone is None else [zone, *chain(parents[zone])]

    skilled = {row["party"] for row in tables["skills"] if row["skill"] == task["skill"]}
    found = []
    for party in tables["parties"]:
        above, below = party["zone"] in chain(task["zone"]), task["zone"] in chain(party["zone"])
        if role == "accountable":
            fits = above or party["kind"] == "core"
        else:
            fits = (above or below) and (party["party"] in skilled or role in ("consulted", "informed"))
        if fits:
            found.append(party["party"])
    return found or [party["party"] for party in tables["parties"]]


def draw_mandates(draw: Draw, tables: Tables, roles: tuple[str, ...]) -> None:
    """Draw a few orders, reservations and bans, of parties and kinds, on tasks and domains."""
    kinds = {party["party"]: party["kind"] for party in tables["parties"]}
    tables["mandates"] = []
    for _ in range(draw.whole(2, 4)):
        row = {"role": draw.one(roles), "rule": draw.one(["must", "may", "must_not"])}
        task = draw.one(tables["tasks"])
        parties = around(tables, task, row["role"]) if draw.chance(0.9) else list(kinds)
        party = draw.one(parties)
        if row["role"] == "backup":
            task["backups"] = max(1, task.get("backups", 0))
        if row["role"] == "accountable":
            task.pop("accountable_level", None)
        row |= {"task": task["task"]} if draw.chance(0.75) else {"domain": task["domain"]}
        row |= {"party": party} if draw.chance(0.6) else {"kind": kinds[party]}
        tables["mandates"].append(row)
        if row["rule"] == "may" and draw.chance(0.6):
            tables["mandates"].append(row | {"party": draw.one(parties), "kind": None})


def draw_conflicts(draw: Draw, tables: Tables, chain: bool) -> None:
    """Let one or two pairs of tasks stay apart."""
    tasks = [task["task"] for task in tables["tasks"]]
    pairs = [(one, other) for place, one in enumerate(tasks) for other in tasks[place + 1 :]]
    tables["conflicts"] = [
        {"task": one, "other": other, "chain": chain and draw.chance(0.5)} for one, other in draw.some(pairs, 2)
    ]


def draw_consulted(draw: Draw, tables: Tables) -> None:
    """Say for some tasks how many are consulted, and order somebody into it."""
    for task in tables["tasks"]:
        if draw.chance(0.7):
            task["consulted"] = draw.whole(0, 2)
    tables["tasks"][0]["consulted"] = draw.whole(1, 2)
    for task in draw.some([task for task in tables["tasks"] if task.get("consulted", 3)], 2):
        row = {"task": task["task"], "party": draw.one(around(tables, task, "responsible"))}
        tables.setdefault("mandates", []).append(row | {"role": "consulted", "rule": "must"})


def draw_reliability(draw: Draw, header: dict[str, Any], tables: Tables, rules: tuple[str, ...]) -> None:
    """Let parties be less than sure, some not at all; count on expected hours, ask for somebody to be there."""
    for party in tables["parties"]:
        party["reliability"] = 0 if draw.chance(0.08) else draw.one([0.3, 0.5, 0.8, 0.9, 1])
    if "reliability" in rules:
        header["policy"]["reliability"] = "expected"
    if "coverage" in rules:
        header["policy"] |= {"coverage": draw.one([0.6, 0.9, 0.95, 0.99, 1]), "coverage_cost": draw.one([20, 90, 300])}
        for task in tables["tasks"]:
            task["doers"], task["backups"] = draw.whole(1, 2), draw.whole(0, 2)


def draw_by_period(seed: int, rules: tuple[str, ...], header: dict[str, Any], tables: Tables) -> None:
    """Let doers come and go: windows long enough, skills that come and go with the periods, gaps that cost."""
    draw = Draw(seed, {})
    draw.generator = np.random.default_rng([seed, 5])
    policy = header["policy"]
    policy["gap_cost"] = draw.one([20, 60, 200])
    if "handover" in rules:
        policy["handover_cost"] = draw.one([0, 2, 10, 40])
        policy["overlap_periods"] = draw.one([0, 1, 1, 2])
    if "escalation" in rules:
        policy["escalation_delay"] = draw.one([0, 1, 1, 2])
    for task in tables["tasks"]:
        if "depends" not in rules:
            for name in ("start", "end"):
                task.pop(name, None)
        if draw.chance(0.7):
            task.pop("gap_cost", None)
        task["doers"] = draw.one([1, 1, 2])
    skilled = [row["party"] for row in tables["skills"]]
    if not tables["effects"]:
        tables["scenarios"] = [{"scenario": "storm", "name": "storm", "hazard": "storm", "probability": 0.5}]
    for party in draw.some(dict.fromkeys(skilled), 3):
        period = draw.whole(0, header["periods"] - 1)
        row = {"scenario": "storm", "table": "skills", "where": party, "factor": draw.one([0, 0.3, 2])}
        row |= {"start": period} if draw.chance(0.5) else {"end": period}
        tables["effects"].append(row)
