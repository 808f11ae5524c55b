"""The independent model against every assignment of a few duties, tried one by one."""

import itertools
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from tests.support.oracle import oracle
from tests.support.thorough import often
from tests.support.tiny import GROUND, tiny


def random_duties(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw a policy and the tables of two tasks and three parties with one skill."""
    rng = np.random.default_rng(seed)
    zones = ["city", "east", "west"]
    kinds = ["volunteers", "agency", "hospital"]
    parties = [
        {
            "party": f"a{n}", "kind": kinds[n], "zone": zones[rng.integers(3)], "superior": "core",
            "hours": float(rng.integers(1, 7)),
        }
        for n in range(3)
    ]  # fmt: skip
    skills = [
        {"party": f"a{n}", "skill": "care", "hours": float(rng.integers(1, 6)), "cost_per_hour": float(n)}
        for n in range(3)
    ]
    tasks = [
        {
            "task": f"t{n}", "domain": "safety", "zone": zones[rng.integers(3)], "skill": "care",
            "hours": float(rng.integers(1, 5)), "doers": int(rng.integers(1, 3)), "backups": 1,
            "start": int(rng.integers(2)), "kinds": kinds[rng.integers(3)],
        }
        for n in range(2)
    ]  # fmt: skip
    efforts = [
        {"task": f"t{n}", "party": f"a{m}", "factor": float(rng.choice([0.5, 1, 2])), "cost": float(rng.integers(4))}
        for n in range(2)
        for m in range(3)
    ]
    interests = [{"party": f"a{n}", "domain": "safety", "benefit": float(rng.integers(-3, 4))} for n in range(3)]
    policy = {"gap_cost": 6, "backup_cost": 5, "kind_cost": 4, "backup_reserve": 0.5, "min_share": 0.3, "span": 1}
    tables = {
        "parties": [GROUND["parties"][0], *parties], "skills": skills, "tasks": tasks,
        "efforts": efforts, "interests": interests,
    }  # fmt: skip
    return policy, tables


def brute_force(policy: dict[str, Any], tables: dict[str, Any]) -> float:
    """Try all doers and backups of both tasks, coverage by a small LP each, and all accountable parties."""
    parents = {"city": ("city",), "east": ("east", "city"), "west": ("west", "city")}
    zone = {party["party"]: party["zone"] for party in tables["parties"]}
    choices = []
    for task in tables["tasks"]:
        home = task["zone"]
        able = [p for p in ("a0", "a1", "a2") if zone[p] in parents[home] or home in parents[zone[p]]]
        choices.append(
            [
                (doers, backups)
                for size in range(task["doers"] + 1)
                for doers in itertools.combinations(able, size)
                for number in (0, 1)
                for backups in itertools.combinations([p for p in able if p not in doers], number)
            ]
        )
    doing = min(duties_cost(policy, tables, roles) for roles in itertools.product(*choices))
    level = {"city": 3, "east": 0, "west": 0}
    answering = min(
        sum(
            policy.get("level_cost", 10) * ((5 if who == "core" else level[zone[who]]) - level[task["zone"]])
            for who, task in zip(pair, tables["tasks"], strict=True)
        )
        for pair in itertools.product(("core", "a0", "a1", "a2"), repeat=2)
        if all(who == "core" or zone[who] in parents[t["zone"]] for who, t in zip(pair, tables["tasks"], strict=True))
        and (pair[0] != pair[1] or pair[0] == "core")
    )
    return doing + answering


def duties_cost(policy: dict[str, Any], tables: dict[str, Any], roles: Any) -> float:
    """Cost of given doers and backups: an LP over coverage; infinite where there is none."""
    efforts = {(row["task"], row["party"]): row for row in tables["efforts"]}
    kinds = {party["party"]: party["kind"] for party in tables["parties"]}
    wage = {row["party"]: row["cost_per_hour"] for row in tables["skills"]}
    benefit = {row["party"]: row["benefit"] for row in tables["interests"]}
    limit = {row["party"]: row["hours"] for row in tables["skills"]}
    for row in tables["parties"][1:]:
        limit[row["party"]] = min(limit[row["party"]], row["hours"])
    fixed, names, cost, rows, sides = 0.0, [], [], [], []
    free = {(party, t): hours for party, hours in limit.items() for t in range(2)}
    for task, (doers, backups) in zip(tables["tasks"], roles, strict=True):
        window = range(task["start"], 2)
        fixed += 5 * (1 - len(backups)) + 4 * (task["kinds"] not in {kinds[p] for p in doers + backups})
        fixed += sum(efforts[task["task"], p]["cost"] * len(window) for p in doers)
        fixed += 6 * task["hours"] * len(window)
        for t in window:
            for p in backups:
                free[p, t] -= 0.5 * efforts[task["task"], p]["factor"] * task["hours"]
            for p in doers:
                names.append((task["task"], p, t))
                cost.append(efforts[task["task"], p]["factor"] * wage[p] - benefit[p] - 6)
    for task, (doers, _) in zip(tables["tasks"], roles, strict=True):
        window = range(task["start"], 2)
        for t in window:
            rows.append([float(name[0] == task["task"] and name[2] == t) for name in names])
            sides.append(task["hours"])
        for p in doers:
            rows.append([-float(name[:2] == (task["task"], p)) for name in names])
            sides.append(-0.3 * task["hours"] * len(window))
    for (p, t), hours in free.items():
        rows.append([efforts[name[0], p]["factor"] * float(name[1:] == (p, t)) for name in names])
        sides.append(hours)
    if not names:
        return fixed if min(sides) >= 0 else float("inf")
    result = linprog(cost, A_ub=rows, b_ub=sides)
    return fixed + result.fun if result.status == 0 else float("inf")


@pytest.mark.parametrize("seed", [*range(3), *often(3, 6)])
def test_responsibility_equals_brute_force(seed):
    """The best of all assignments of two tasks, tried one by one, costs what the model says."""
    policy, tables = random_duties(seed)
    assert oracle(tiny(policy, 2, **tables)).objective == pytest.approx(brute_force(policy, tables))
