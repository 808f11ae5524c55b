"""Small random instances in which every rule of the plan may bind.

Each feature of the contract has a switch that is drawn with its own probability; a test that wants it for
sure passes ``feature=True``, or ``False`` to do without. Quantities are scaled against each other (stock
to need, fleets to tonnes, hours to hand-out), so that scarcity is common and nowhere the rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from coordination.instance import Instance
from tests.support.random_people import draw_people
from tests.support.random_scenario import draw_effects
from tests.support.random_supply import draw_supply
from tests.support.random_town import draw_town

FEATURES = {
    "backlogs": 0.6,
    "backups": 0.8,
    "capacities": 0.7,
    "curve": 0.75,
    "efforts": 0.5,
    "groups": 0.6,
    "interests": 0.6,
    "junctions": 0.5,
    "kinds": 0.65,
    "lapse": 0.7,
    "nested": 0.5,
    "normal": 0.4,
    "odd_ids": 0.1,
    "owners": 0.3,
    "one_way": 0.5,
    "perishable": 0.6,
    "scenario": 0.7,
    "slow": 0.6,
    "span": 0.5,
    "storage": 0.7,
    "supply_tasks": 0.65,
    "tasks": 0.85,
    "ties": 0.5,
    "worst_off": 0.5,
}
"""Probability of each feature."""


class Draw:
    """A stream of random choices with the features of one instance.

    Parameters
    ----------
    seed : int
        The instance's number.
    switches : dict of str to bool
        Features that are not left to chance.
    """

    def __init__(self, seed: int, switches: dict[str, bool]) -> None:
        unknown = sorted(set(switches) - set(FEATURES))
        if unknown:
            raise ValueError(f"no such features: {unknown}; there are {sorted(FEATURES)}")
        self.generator = np.random.default_rng(seed)
        drawn = {feature: bool(self.generator.random() < chance) for feature, chance in FEATURES.items()}
        self.features = {**drawn, **switches}

    def has(self, feature: str) -> bool:
        """Whether the instance has a feature."""
        return self.features[feature]

    def chance(self, probability: float) -> bool:
        """Toss a coin."""
        return bool(self.generator.random() < probability)

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number from low to high, both included."""
        return int(self.generator.integers(low, high + 1))

    def number(self, low: float, high: float, digits: int = 2) -> float:
        """Draw a number with few digits."""
        return round(float(self.generator.uniform(low, high)), digits)

    def one(self, things: Any) -> Any:
        """Pick one."""
        things = list(things)
        return things[self.whole(0, len(things) - 1)]

    def some(self, things: Any, count: int) -> list[Any]:
        """Pick so many different ones, or all, in their own order."""
        things = list(things)
        picked = self.generator.permutation(len(things))[:count]
        return [things[index] for index in sorted(picked)]


def random_tables(seed: int, **switches: bool) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """Header and tables of a random instance, as plain rows; deterministic in the seed."""
    draw = Draw(seed, switches)
    header: dict[str, Any] = {
        "name": f"random-{seed}",
        "periods": draw.whole(3, 6),
        "period_hours": draw.one([1, 2, 3, 6]) if draw.has("slow") else 12,
        "policy": draw_policy(draw),
    }
    tables: dict[str, list[dict[str, Any]]] = {}
    draw_town(draw, tables)
    draw_supply(draw, header, tables)
    draw_people(draw, header, tables)
    draw_effects(draw, header, tables)
    if draw.has("odd_ids"):
        rename(tables)
    return header, tables


def random_instance(seed: int, **switches: bool) -> Instance:
    """Draw a small instance; under its scenario where it has one.

    Parameters
    ----------
    seed : int
        Same seed, same instance.
    **switches : bool
        Features (keys of `FEATURES`) to have or to do without for sure.
    """
    header, tables = random_tables(seed, **switches)
    instance = Instance.from_tables(header, tables)
    return instance.under("storm") if tables["effects"] else instance


def draw_policy(draw: Draw) -> dict[str, Any]:
    """Prices and rules; absent keys keep their defaults."""
    policy: dict[str, Any] = {
        "group_weights": {"vulnerable": draw.one([1.5, 3, 5])},
        "handout_tonnes_per_hour": draw.one([0.2, 0.3, 0.5]),
        "gap_cost": draw.one([10, 40, 200]),
        "backup_cost": draw.one([5, 60, 150]),
        "kind_cost": draw.one([10, 80, 250]),
        "overflow_cost": draw.one([10, 40, 150]),
        "level_cost": draw.one([1, 10, 40]),
        "backup_reserve": draw.one([0.2, 0.5, 1]),
        "min_share": draw.one([0, 0.1, 0.3, 0.5]),
        "mode": "normal" if draw.has("normal") else draw.one(["emergency", "parallel"]),
    }
    if draw.has("worst_off"):
        policy["worst_off"] = draw.one([200, 1500, 6000])
    if draw.has("span"):
        policy["span"] = draw.whole(0, 2)
    return {key: value for key, value in policy.items() if key in ("mode", "worst_off", "span") or draw.chance(0.8)}


def rename(tables: dict[str, list[dict[str, Any]]]) -> None:
    """Give some things ids that careless readers change: leading zeros, NA, spaces inside."""
    odd = {"p0": "001", "p1": "NA", "r0": "1e5", "c0": "0", "z0": "nan", "f0": "fleet one", "core": "None"}
    for rows in tables.values():
        for row in rows:
            for key, value in row.items():
                if isinstance(value, str) and key != "kind":
                    row[key] = ";".join(odd.get(part, part) for part in value.split(";"))
