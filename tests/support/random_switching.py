"""Modes to be chosen, drawn onto a small instance: which zones choose, what modes cost, what was before, pins."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tests.support.random_modes import MODES, with_modes
from tests.support.switching import Deciding

ASKED = ("any", *MODES, *MODES, "normal;parallel", "emergency;parallel", "normal;emergency")


def with_choices(instance: Any, seed: int, most: int) -> Any:
    """Let the zones of an instance choose their modes, so that there are no more schedules than `most`.

    Parameters
    ----------
    instance : Instance
        Small.
    most : int
        Modes are pinned until no more are left.
    """
    rng = np.random.default_rng([seed, 7])
    given = instance
    if rng.random() < 0.7:
        seen = with_modes(instance, seed)
        given = instance.replace(indicators=seen.indicators, observations=seen.given("observations"))
    tasks = given.given("tasks")
    tasks["mode"] = rng.choice(ASKED, len(tasks)) if len(tasks) else tasks["mode"]
    zones = given.zones
    rules = [
        {
            "zone": zone, "mode": mode, "min_periods": int(rng.integers(0, 4)),
            "cost": float(rng.choice([0, 0, 10, 60])), "severity_cost": float(rng.choice([0, 0, 50, 200])),
            "switch_cost": float(rng.choice([0, 5, 30])),
        }
        for zone in zones["zone"] for mode in MODES if rng.random() < (0.6 if rng.random() < 0.7 else 0.1)
    ]  # fmt: skip
    root = zones.loc[zones["parent"].isna(), "level"].iloc[0]
    levels = ["street", "district", "city", root, root]
    policy: dict[str, Any] = {"mode": "optimise"}
    if rng.random() < 0.75 or len(given.observations):
        policy["mode_level"] = str(rng.choice(levels)) if len(zones) < 7 else root
    given = given.replace(policy=policy, mode_rules=rules, tasks=tasks)
    world = Deciding(given)
    leaders = list(dict.fromkeys(world.leader(zone) for zone in world.zones))
    held = [
        {"table": "zones", "id": zone, "mode": str(rng.choice(MODES)), "periods": int(rng.integers(0, 3))}
        for zone in leaders if rng.random() < 0.4
    ]  # fmt: skip
    others = given.given("held").astype(object)
    given = given.replace(held=[*others.where(others.notna(), None).to_dict("records"), *held])
    return _fewer(given, rng, leaders, most)


def _fewer(instance: Any, rng: np.random.Generator, leaders: list[str], most: int) -> Any:
    """Pin modes of some schedule until there are few enough."""
    world = Deciding(instance)
    cells = [(zone, t) for zone in leaders for t in world.horizon]
    courses = {zone: [course for course, _ in world.courses(zone)] for zone in leaders}
    kept = {zone: some[int(rng.integers(len(some)))] for zone, some in courses.items()}
    pins: list[dict[str, Any]] = []
    for number in rng.permutation(len(cells)).tolist():
        if math.prod(map(len, courses.values())) <= most:
            break
        zone, t = cells[number]
        courses[zone] = [course for course in courses[zone] if course[t] == kept[zone][t]]
        pins.append({"table": "modes", "where": f"zone={zone};period={t}", "column": "mode", "value": kept[zone][t]})
    before = instance.given("pins").astype(object)
    return instance.replace(pins=[*before.where(before.notna(), None).to_dict("records"), *pins])
