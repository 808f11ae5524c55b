"""The independent model's rules on roles against every assignment of two small tasks, tried one by one."""

import itertools
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from coordination.errors import InstanceError
from tests.support.oracle import oracle
from tests.support.thorough import often
from tests.support.tiny import GROUND, tiny

PARTIES = ("core", "a0", "a1", "a2")
SUPERIOR = {"core": None, "a0": "core", "a1": "a0", "a2": "core"}
KIND = {"core": "core", "a0": "volunteers", "a1": "agency", "a2": "volunteers"}
TASKS = ("t0", "t1")
RULES = ("mandates", "conflicts", "depends", "diversity", "consulted", "reliability", "coverage")
HOURS, GAP, MISSING, LEVEL, UNSURE = 3.0, 20.0, 15.0, 1.0, 25.0


def drawn(seed: int, rules: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw policy and tables: two tasks of two periods, four parties everywhere able, some rules."""
    rng = np.random.default_rng([seed, len(rules)])
    parties = [
        {"party": p, "kind": KIND[p], "zone": "city", **({"superior": SUPERIOR[p]} if p != "core" else {})}
        for p in PARTIES
    ]
    skills = [
        {"party": p, "skill": "care", "hours": float(rng.integers(1, 5)), "cost_per_hour": float(rng.integers(1, 9))}
        for p in PARTIES[1:]
    ]
    tasks = [
        {
            "task": t, "domain": "safety", "zone": "city", "skill": "care", "hours": HOURS, "backups": 1,
            "doers": int(rng.integers(1, 3)), **({"consulted": 1} if "consulted" in rules else {}),
        }
        for t in TASKS
    ]  # fmt: skip
    tables: dict[str, Any] = {"parties": parties, "skills": skills, "tasks": tasks, "mandates": []}
    if "mandates" in rules:
        for _ in range(2):
            who = {"party": PARTIES[rng.integers(4)]} if rng.random() < 0.5 else {"kind": "volunteers"}
            role = ("accountable", "responsible", "backup")[rng.integers(3)]
            what = {"role": role, "rule": ("must", "may", "must_not")[rng.integers(3)]}
            tables["mandates"].append({"task": TASKS[rng.integers(2)], **who, **what})
    if "consulted" in rules:
        who = {"party": PARTIES[rng.integers(4)]}
        tables["mandates"].append({"task": "t0", **who, "role": "consulted", "rule": "must"})
    if "conflicts" in rules:
        tables["conflicts"] = [{"task": "t0", "other": "t1", "chain": bool(rng.random() < 0.4)}]
    if "depends" in rules:
        tables["depends"] = [{"task": "t1", "on": "t0"}]
    policy = {
        "gap_cost": GAP, "backup_cost": MISSING, "level_cost": LEVEL, "backup_reserve": 0.5, "min_share": 0.2,
        "depends_share": float(rng.choice([0.5, 1.0])), "backup_diversity": "diversity" in rules,
    }  # fmt: skip
    if "reliability" in rules or "coverage" in rules:
        for row in parties:
            row["reliability"] = float(rng.choice([0.0, 0.4, 0.7, 0.9, 1.0]))
    if "reliability" in rules:
        policy["reliability"] = "expected"
    if "coverage" in rules:
        policy |= {"coverage": float(rng.choice([0.8, 0.96, 1.0])), "coverage_cost": UNSURE}
    return policy, tables


def sure_of(policy: dict[str, Any], tables: dict[str, Any]) -> dict[str, float]:
    """Share of the hours set down for each party that count."""
    expected = policy.get("reliability") == "expected"
    return {row["party"]: row["reliability"] if expected else 1.0 for row in tables["parties"]}


def cost_of_failing(policy: dict[str, Any], tables: dict[str, Any], acting: Any) -> float:
    """Price of what doers and backups of both tasks are less sure than asked for, by the logarithm of failing."""
    asked, cost = policy.get("coverage"), 0.0
    fails = {row["party"]: 1.0 - row.get("reliability", 1.0) for row in tables["parties"]}
    for parties in acting if asked else ():
        together = float(np.prod([fails[p] for p in parties]))
        if together > 0.0:
            cost += UNSURE * (1.0 if asked == 1.0 else max(0.0, 1.0 - np.log(together) / np.log(1.0 - asked)))
    return cost


def above(party: str) -> set[str]:
    """All superiors of a party."""
    superior = SUPERIOR[party]
    return set() if superior is None else {superior, *above(superior)}


def keeps(policy: dict[str, Any], tables: dict[str, Any], roles: dict[tuple[str, str], set[str]]) -> bool:
    """Whether roles by task and name keep mandates, conflicts, diversity and consulting."""
    for row in tables["mandates"]:
        named = {p for p in PARTIES if p == row.get("party") or KIND[p] == row.get("kind")}
        held = roles[row["task"], row["role"]]
        same = [r for r in tables["mandates"] if (r["task"], r["role"]) == (row["task"], row["role"])]
        alone = {
            p for r in same if r["rule"] == "may" for p in PARTIES if p == r.get("party") or KIND[p] == r.get("kind")
        }
        if row["rule"] == "must" and not held & named:
            return False
        if row["rule"] == "must_not" and held & named:
            return False
        if row["rule"] == "may" and held - alone:
            return False
    for row in tables.get("conflicts", []):
        one, other = (roles[t, "accountable"] | roles[t, "responsible"] for t in (row["task"], row["other"]))
        if any(p == q or (row["chain"] and (p in above(q) or q in above(p))) for p in one for q in other):
            return False
    if policy["backup_diversity"]:
        for t in TASKS:
            if {KIND[p] for p in roles[t, "responsible"]} & {KIND[p] for p in roles[t, "backup"]}:
                return False
    return True


def cost_of_work(policy: dict[str, Any], tables: dict[str, Any], doers: Any, backups: Any, worked: bool) -> float:
    """Least cost of coverage for given doers and backups; t1 is worked in its second period or not."""
    sure = sure_of(policy, tables)
    if any(sure[p] == 0.0 for task in range(2) for p in (*doers[task], *backups[task])):
        return float("inf")
    wage = {row["party"]: row["cost_per_hour"] for row in tables["skills"]}
    free = {(row["party"], t): row["hours"] for row in tables["skills"] for t in range(2)}
    for task in range(2):
        for p, t in itertools.product(backups[task], range(2)):
            free[p, t] -= 0.5 * HOURS / sure[p]
    names = [(task, p, t) for task in range(2) for p in doers[task] for t in range(2)]
    rows = [[float(name[::2] == (task, t)) for name in names] for task in range(2) for t in range(2)]
    waits = bool(tables.get("depends"))
    sides = [HOURS, HOURS, HOURS, HOURS if worked or not waits else 0.0]
    for task in range(2):
        for p in doers[task]:
            rows.append([-float(name[:2] == (task, p)) for name in names])
            sides.append(-policy["min_share"] * HOURS * 2)
    for limit, hours in free.items():
        rows.append([float(name[1:] == limit) / sure[name[1]] for name in names])
        sides.append(hours)
    if waits and worked:
        rows.append([-float(name[::2] == (0, 0)) for name in names])
        sides.append(-policy["depends_share"] * HOURS)
    fixed = GAP * HOURS * 4
    if not names:
        impossible = min(free.values()) < 0 or (waits and worked)
        return float("inf") if impossible else fixed
    result = linprog([wage[name[1]] / sure[name[1]] - GAP for name in names], A_ub=rows, b_ub=sides)
    return fixed + result.fun if result.status == 0 else float("inf")


def brute_force(policy: dict[str, Any], tables: dict[str, Any]) -> float:
    """Try all accountable parties, doers, backups and consulted ones of both tasks; infinite where none keeps all."""
    able = PARTIES[1:]
    jobs = [
        [
            (frozenset(doers), frozenset(backups))
            for size in range(task["doers"] + 1)
            for doers in itertools.combinations(able, size)
            for number in (0, 1)
            for backups in itertools.combinations([p for p in able if p not in doers], number)
        ]
        for task in tables["tasks"]
    ]
    hearing = [None, *PARTIES] if any("consulted" in task for task in tables["tasks"]) else [None]
    best = float("inf")
    for pair in itertools.product(*jobs):
        doers, backups = zip(*pair, strict=True)
        work = min(cost_of_work(policy, tables, doers, backups, worked) for worked in (True, False))
        if work == float("inf"):
            continue
        work += sum(MISSING * (1 - len(backups[task])) for task in range(2))
        work += cost_of_failing(policy, tables, [doers[task] | backups[task] for task in range(2)])
        for answers in itertools.product(PARTIES, repeat=2):
            cost = work + sum(LEVEL * (2.0 if p == "core" else 0.0) for p in answers)
            if cost >= best:
                continue
            for heard in hearing:
                roles = {(t, "accountable"): {answers[n]} for n, t in enumerate(TASKS)}
                roles |= {(t, "responsible"): set(doers[n]) for n, t in enumerate(TASKS)}
                roles |= {(t, "backup"): set(backups[n]) for n, t in enumerate(TASKS)}
                roles |= {("t0", "consulted"): {heard} - {None}, ("t1", "consulted"): set()}
                busy = roles["t0", "accountable"] | roles["t0", "responsible"] | roles["t0", "backup"]
                if heard not in busy and keeps(policy, tables, roles):
                    best = min(best, cost)
    return best


def compare(seed: int, rules: tuple[str, ...]) -> None:
    """Hold the independent model against all assignments; where none keeps the rules there must be no plan."""
    policy, tables = drawn(seed, rules)
    best = brute_force(policy, tables)
    try:
        found = oracle(tiny(policy, 2, **{**GROUND, **tables})).objective
    except (InstanceError, AssertionError):
        found = float("inf")
    assert found == pytest.approx(best)


@pytest.mark.parametrize("rules", [*((rule,) for rule in RULES), RULES], ids="-".join)
def test_rules_on_roles_equal_brute_force(rules):
    """The best of all assignments that keep the rules costs what the model says."""
    compare(1, rules)


@pytest.mark.thorough
@pytest.mark.parametrize("rules", [*((rule,) for rule in RULES), RULES], ids="-".join)
@pytest.mark.parametrize("seed", [*range(2, 5), *often(5, 12)])
def test_rules_on_roles_equal_brute_force_on_many(seed, rules):
    """The same on many."""
    compare(seed, rules)
