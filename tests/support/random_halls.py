"""Very small random instances with facilities: every course that they can take is tried (`tests.support.halls`)."""

from __future__ import annotations

from typing import Any

import numpy as np

from coordination.instance import Instance


def random_halls(seed: int) -> Instance:
    """Draw a depot, two places, a school and a hall in a street, rice to bring and beds to go to."""
    generator = np.random.default_rng(seed)

    def chance(probability: float) -> bool:
        return bool(generator.random() < probability)

    def number(low: float, high: float) -> float:
        return round(float(generator.uniform(low, high)), 1)

    def whole(low: int, high: int) -> int:
        return int(generator.integers(low, high + 1))

    periods = whole(3, 4)
    mode = str(generator.choice(["normal", "emergency", "parallel"]))
    policy: dict[str, Any] = {"mode": mode, "worst_off": 50 if chance(0.3) else 0, "overflow_cost": 40}
    tables: dict[str, list[dict[str, Any]]] = {
        "zones": [
            {"zone": "street", "level": "street"},
            {"zone": "east", "level": "community", "parent": "street"},
            {"zone": "west", "level": "community", "parent": "street"},
        ],
        "places": [
            {"place": "depot", "kind": "depot", "zone": "street", "storage_tonnes": number(0, 2)},
            {"place": "here", "kind": "community", "zone": "east"},
            {"place": "there", "kind": "community", "zone": "west"},
            {"place": "school", "kind": "facility", "zone": "east"},
        ],
        "parties": [{"party": "core", "kind": "core", "zone": "street"}],
        "roads": [
            {"road": "r1", "from": "depot", "to": "here", "km": 9, "minutes": 20},
            {"road": "r2", "from": "here", "to": "school", "km": 1, "minutes": number(5, 25)},
            {"road": "r3", "from": "there", "to": "school", "km": 2, "minutes": number(20, 50)},
            {"road": "r4", "from": "depot", "to": "there", "km": 9, "minutes": 20},
        ],
        "commodities": [
            {"commodity": "rice", "kg": 100, "cost_without": number(40, 90), "carry_over": 0.5 if chance(0.3) else 1},
            {"commodity": "bed", "kg": 1, "cost_without": number(20, 60), "service": True, "carry_over": number(0, 1)},
        ],
        "fleets": [
            {"fleet": "truck", "party": "core", "base": "depot", "vehicles": 1, "payload_tonnes": 2,
             "hours": number(0.4, 2)}
        ],
        "stocks": [{"place": "depot", "commodity": "rice", "quantity": whole(5, 40), "owner": "core"}],
        "needs": [
            {"place": place, "commodity": commodity, "period": period, "quantity": number(0, 9)}
            for place in ("here", "there") for commodity in ("rice", "bed") for period in range(periods) if chance(0.7)
        ],
        "facilities": [],
    }  # fmt: skip
    if chance(0.5):
        tables["skills"] = [{"party": "core", "skill": "carry", "hours": number(0, 1), "emergency_hours": number(0, 1)}]
        zone = str(generator.choice(["street", "east"]))
        tables["tasks"] = [{"task": "give", "domain": "supply", "zone": zone, "skill": "carry", "hours": 2}]

    def facility(place: str, use: str, value: float, service: str) -> dict[str, Any]:
        row = {
            "place": place, "service": service, "everyday_value": value, "emergency_use": use,
            "emergency_capacity": number(0.2, 1.5) if use in ("storage", "hand-out") else number(2, 12),
            "convert_periods": whole(0, 2), "convert_cost": number(0, 60), "min_periods": whole(0, 2),
            "restore_cost": number(0, 20) if chance(0.5) else 0, "reach_minutes": number(10, 60),
        }  # fmt: skip
        return row | ({"restore_periods": whole(0, 1)} if chance(0.6) else {})

    value = number(0, 40)
    uses = [str(use) for use in generator.permutation(["bed", "shelter", "hand-out"])[: whole(1, 2)]]
    tables["facilities"] += [facility("school", use, value, "school") for use in uses]
    if chance(0.6):
        tables["facilities"].append(facility("depot", "storage", number(0, 10), "shop"))
    if chance(0.4):
        first = tables["facilities"][0]["emergency_use"]
        tables["modules"] = [
            {"place": "school", "emergency_use": first, "module": f"m{n}", "capacity": number(1, 6),
             "convert_periods": whole(0, 1), "convert_cost": number(0, 15)}
            for n in (9, 10)[: whole(1, 2)]
        ]  # fmt: skip
    held = chance(0.3)
    if held:
        mode = str(generator.choice(["", "converting to ", "restoring from "])) + uses[0]
        tables["held"] = [{"table": "facilities", "id": "school", "mode": mode, "periods": whole(0, 2)}]
    elif chance(0.3):
        tables["service_floors"] = [
            {"zone": "street", "service": "school", "mode": policy["mode"] if chance(0.7) else "normal", "share": 0.5}
        ]
    scenario = None
    if chance(0.3):
        scenario = "storm"
        tables["scenarios"] = [{"scenario": "storm", "hazard": "storm", "probability": 0.5}]
        tables["effects"] = [
            {"scenario": "storm", "table": "facilities", "where": "school", "start": 1, "factor": number(0.2, 1.5)},
            {
                "scenario": "storm",
                "table": "roads",
                "where": "r3",
                "start": 1,
                "factor": str(generator.choice([0, 0.5])),
            },
        ]
    header = {"name": f"halls {seed}", "periods": periods, "period_hours": 6, "policy": policy}
    instance = Instance.from_tables(header, tables)
    return instance if scenario is None else instance.under(scenario)
