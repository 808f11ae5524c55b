"""Handover and escalation in the independent model and in plans against every way to come and go, one by one."""

import itertools
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import coordination.planning
from coordination.errors import InstanceError
from coordination.instance import Instance
from tests.support.oracle import oracle
from tests.support.thorough import often
from tests.support.tiny import GROUND, HEADER

PARTIES = ("a0", "a1", "a2")
KIND = {"a0": "volunteers", "a1": "agency", "a2": "volunteers"}
PERIODS, HOURS, GAP, MISSING = 4, 4.0, 20.0, 15.0
RULES = ("handover", "escalation", "diversity", "mandates")
Acting = tuple[tuple[bool, ...], ...]
"""Whether each party is a doer, by period."""


def drawn(seed: int, rules: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw policy and tables: one task in the east, two parties there or in the city, one above; hours come and go."""
    rng = np.random.default_rng([seed, 9])
    homes = {"a0": "east", "a1": ("east", "city")[rng.integers(2)], "a2": "city"}
    parties = [{"party": p, "kind": KIND[p], "zone": homes[p], "superior": "core"} for p in PARTIES]
    skills = [
        {"party": p, "skill": "care", "hours": float(rng.integers(1, 6)), "cost_per_hour": float(rng.integers(1, 12))}
        for p in PARTIES
    ]
    task = {
        "task": "t", "domain": "safety", "zone": "east", "skill": "care", "hours": HOURS,
        "doers": int(rng.integers(1, 3)), "backups": int("diversity" in rules),
    }  # fmt: skip
    efforts = [{"task": "t", "party": p, "cost": float(rng.integers(3))} for p in PARTIES]
    effects = []
    for p in PARTIES:
        if rng.random() < 0.8:
            when = {("start", "end")[rng.integers(2)]: int(rng.integers(1, 3))}
            effects.append({"scenario": "storm", "table": "skills", "where": p, "factor": 0.0, **when})
    policy: dict[str, Any] = {
        "gap_cost": GAP, "backup_cost": MISSING, "level_cost": 10, "backup_reserve": 0.25,
        "min_share": float(rng.choice([0, 0.2, 0.5])), "backup_diversity": "diversity" in rules,
    }  # fmt: skip
    if "handover" in rules:
        policy |= {"handover_cost": float(rng.choice([0, 3, 15])), "overlap_periods": int(rng.integers(3))}
    if "escalation" in rules:
        policy["escalation_delay"] = int(rng.integers(3))
    tables: dict[str, Any] = {
        "parties": [GROUND["parties"][0], *parties], "skills": skills, "tasks": [task], "efforts": efforts,
        "effects": effects, "scenarios": [{"scenario": "storm", "hazard": "flood", "probability": 1}],
    }  # fmt: skip
    if "mandates" in rules:
        row = {"task": "t", "party": PARTIES[rng.integers(3)], "role": "responsible"}
        tables["mandates"] = [row | {"rule": ("must", "must", "must_not")[rng.integers(3)]}]
    return policy, tables


def instance(policy: dict[str, Any], tables: dict[str, Any]) -> Instance:
    """Return the instance in its storm, that takes hours away."""
    header = {**HEADER, "periods": PERIODS, "policy": policy}
    return Instance.from_tables(header, {**GROUND, **tables}).under("storm")


def moves(run: tuple[bool, ...], was: bool, now: bool) -> list[int]:
    """Return the periods after the first in which a party changes from one state to another."""
    return [t for t in range(1, PERIODS) if (run[t - 1], run[t]) == (was, now)]


def stays(acting: Acting, above: tuple[bool, ...], doers: int) -> bool:
    """Whether doers are chosen once for the whole window, those from above from any period on."""
    for run, up in zip(acting, above, strict=True):
        if moves(run, True, False) or (moves(run, False, True) and not up):
            return False
    return sum(any(run) for run in acting) <= doers


def hands_over(acting: Acting, doers: int, overlap: int) -> bool:
    """Whether for everybody who leaves another joined `overlap` periods before, and no more act at a time than may."""
    joins = [(p, t) for p, run in enumerate(acting) for t in moves(run, False, True)]
    leaves = [(p, t) for p, run in enumerate(acting) for t in moves(run, True, False)]
    for t in range(1, PERIODS):
        if sum(at == t for _, at in leaves) > sum(at == t - overlap for _, at in joins):
            return False
    if any(p == q and s < t <= s + overlap for p, s in joins for q, t in leaves):
        return False
    for t in range(PERIODS):
        handing = sum(t < at <= t + overlap for _, at in leaves)
        if sum(run[t] for run in acting) - handing > doers:
            return False
    return True


def least_cost(
    policy: dict[str, Any], tables: dict[str, Any], acting: Acting, backup: int | None, gap: int | None
) -> float:
    """Least cost of coverage by a small linear program; those at or below leave a gap in one period, if any."""
    free = np.array([[row["hours"]] * PERIODS for row in tables["skills"]])
    for effect in tables["effects"]:
        free[PARTIES.index(effect["where"]), effect.get("start", 0) : effect.get("end", PERIODS - 1) + 1] = 0.0
    if backup is not None:
        free[backup] -= policy["backup_reserve"] * HOURS
    if free.min() < 0:
        return np.inf
    names = [(p, t) for p in range(3) for t in range(PERIODS) if acting[p][t]]
    wage = [row["cost_per_hour"] for row in tables["skills"]]
    bounds, share, overlap = {}, policy["min_share"] * HOURS, policy.get("overlap_periods", 0)
    for p, t in names:
        leaving = "handover_cost" in policy and any(t < at <= t + overlap for at in moves(acting[p], True, False))
        bounds[p, t] = (share if leaving else 0.0, min(HOURS, free[p, t]))
    if any(low > high for low, high in bounds.values()):
        return np.inf
    rows = [[float(name[1] == t) for name in names] for t in range(PERIODS)]
    sides = [HOURS] * PERIODS
    for p in range(3):
        if any(acting[p]):
            rows.append([-float(name[0] == p) for name in names])
            sides.append(-share * sum(acting[p]))
    if gap is not None:
        homes = {row["party"]: row["zone"] for row in tables["parties"]}
        rows.append([float(t == gap and homes[PARTIES[p]] == "east") for p, t in names])
        sides.append(0.99 * HOURS)
    cost = GAP * HOURS * PERIODS + sum(tables["efforts"][p]["cost"] for p, _ in names)
    if not names:
        return cost
    found = linprog([wage[p] - GAP for p, _ in names], A_ub=rows, b_ub=sides, bounds=[bounds[name] for name in names])
    return cost + found.fun if found.status == 0 else np.inf


def brute_force(policy: dict[str, Any], tables: dict[str, Any]) -> float:
    """Try all ways to come and go, and all backups."""
    homes = {row["party"]: row["zone"] for row in tables["parties"]}
    above = tuple(homes[p] == "city" for p in PARTIES)
    task, best = tables["tasks"][0], np.inf
    delay, price = policy.get("escalation_delay"), policy.get("handover_cost")
    runs = list(itertools.product((False, True), repeat=PERIODS))
    for acting in itertools.product(runs, repeat=3):
        if price is None:
            upper = above if delay is not None else (False,) * 3
            if not stays(acting, upper, task["doers"]):
                continue
        elif not hands_over(acting, task["doers"], policy["overlap_periods"]):
            continue
        ever = {p for p in range(3) if any(acting[p])}
        if any((PARTIES.index(row["party"]) in ever) != (row["rule"] == "must") for row in tables.get("mandates", [])):
            continue
        begins = [run.index(True) for run, up in zip(acting, above, strict=True) if up and any(run)]
        gaps: list[int | None] = [None]
        if delay is not None and begins:
            gaps = [t for t in range(PERIODS) if t + delay <= min(begins)]
        fixed = 0.0 if price is None else price * sum(len(moves(run, False, True)) for run in acting)
        kinds = {KIND[PARTIES[p]] for p in ever}
        backups = [p for p in range(3) if p not in ever and task["backups"] and KIND[PARTIES[p]] not in kinds]
        for gap in gaps:
            for backup in (None, *backups):
                missing = MISSING * (task["backups"] - (backup is not None))
                best = min(best, fixed + missing + least_cost(policy, tables, acting, backup, gap))
    return best


def compare(seed: int, rules: tuple[str, ...]) -> None:
    """Hold the independent model and the plan against all ways; where none keeps the rules there is no plan."""
    policy, tables = drawn(seed, rules)
    best, given = brute_force(policy, tables), instance(policy, tables)
    if not np.isfinite(best):
        with pytest.raises(InstanceError, match="mandates"):
            coordination.planning.plan(given)
        with pytest.raises(AssertionError):
            oracle(given)
        return
    found = oracle(given)
    assert found.objective - found.terms["levels"] == pytest.approx(best)
    assert coordination.planning.plan(given, gap=0).objective == pytest.approx(found.objective)


@pytest.mark.parametrize("rules", [("handover",), ("escalation",), RULES], ids="-".join)
@pytest.mark.parametrize("seed", [2, *often(3, 4)])
def test_stints_equal_brute_force(seed, rules):
    """The best of all ways to come and go costs what model and plan say."""
    compare(seed, rules)


SETS = [("handover",), ("escalation",), RULES[:2], ("handover", "diversity"), ("escalation", "mandates"), RULES]


@pytest.mark.thorough
@pytest.mark.parametrize("rules", SETS, ids="-".join)
@pytest.mark.parametrize("seed", range(10, 60))
def test_stints_equal_brute_force_on_hundreds(seed, rules):
    """The same on hundreds."""
    compare(seed, rules)
