"""Small instances to prepare: one worked by hand, and random ones that use every table."""

import numpy as np

from coordination.instance import Instance
from tests.support.tiny import ROAD, TRUCK, need, stock, tiny

PLACES = [
    {"place": "depot", "kind": "depot", "zone": "city", "storage_tonnes": 5},
    {"place": "home", "kind": "community", "zone": "east"},
    {"place": "near", "kind": "depot", "zone": "east", "storage_tonnes": 0},
]
ROADS = [
    ROAD,
    {"road": "q", "from": "near", "to": "home", "km": 2, "minutes": 10},
    {"road": "s", "from": "near", "to": "depot", "km": 30, "minutes": 60},
]
SCENARIOS = [
    {"scenario": "calm", "hazard": "none", "probability": 0.5},
    {"scenario": "cut", "hazard": "flood", "probability": 0.3},
    {"scenario": "storm", "hazard": "storm", "probability": 0.2},
]
EFFECTS = [
    {"scenario": "calm", "table": "needs", "factor": 1},
    {"scenario": "cut", "table": "roads", "where": "r", "factor": 0},
    {"scenario": "storm", "table": "needs", "factor": 2},
    {"scenario": "storm", "table": "stocks", "where": "depot", "factor": 0.5},
]


def town(policy=None, **tables):
    """Return a depot, a site near a home, a truck; calm, a road cut, or a storm; with changes."""
    given = {
        "places": PLACES,
        "roads": ROADS,
        "fleets": [{**TRUCK, "loads_at": "depot;near"}],
        "stocks": [stock(20)],
        "needs": [need(15, 0), need(15, 1), need(10, 2)],
        "options": [
            {"place": "near", "use": "depot", "size": "small", "money": 100, "capacity": 2},
            {"place": "near", "use": "depot", "size": "big", "money": 300, "capacity": 6},
        ],
        "purchases": [
            {"place": "depot", "commodity": "rice", "owner": "core", "unit_money": 20, "max": 50},
            {"place": "near", "commodity": "rice", "owner": "core", "unit_money": 22},
        ],
        "moves": [{"fleet": "truck", "money_per_tonne_km": 1}],
        "standby": [{"party": "core", "fleet": "truck", "unit_money": 30, "max": 2}],
        "scenarios": SCENARIOS,
        "effects": EFFECTS,
    }
    return tiny(policy=policy, periods=3, **given | tables)


def random_town(seed, *, tasks=False):
    """Return a random instance with every table of a preparation: two goods, three stores, three homes, four scenarios.

    Every store may be opened, stocked, moved to; scenarios raise needs, lose stock and storage, slow or cut roads, and
    take vehicles and hours away.
    """
    rng = np.random.default_rng(seed)
    stores, homes = [f"store{n}" for n in range(3)], [f"home{n}" for n in range(3)]
    places = [
        {"place": name, "kind": "depot", "zone": "city", "storage_tonnes": float(rng.integers(0, 4))} for name in stores
    ]
    places += [{"place": name, "kind": "community", "zone": ["east", "west"][n % 2]} for n, name in enumerate(homes)]
    names = [*stores, *homes]
    roads = [
        {"road": f"{a}-{b}", "from": a, "to": b, "km": int(rng.integers(2, 30)), "minutes": int(rng.integers(5, 50))}
        for i, a in enumerate(names)
        for b in names[i + 1 :]
        if rng.random() < 0.7 or b == names[i + 1]
    ]
    goods = ["rice", "water"]
    count = 4
    p = rng.dirichlet(np.ones(count)).round(3)
    p[-1] = 1.0 - p[:-1].sum()
    scenarios = [{"scenario": f"s{n}", "hazard": "any", "probability": float(p[n])} for n in range(count)]
    tables = ["needs", "stocks", "places", "roads", "fleets", "arrivals"] + (["skills"] if tasks else [])
    effects = []
    for n in range(count):
        for table in rng.choice(tables, size=3):
            factor = float(rng.choice([1.5, 2.5])) if table == "needs" else float(rng.choice([0.0, 0.5]))
            where = {"stocks": rng.choice(stores), "places": rng.choice(stores)}.get(table, "*")
            if table == "roads":
                where = roads[int(rng.integers(len(roads)))]["road"]
            start = int(rng.integers(0, 2))
            effects.append(
                {"scenario": f"s{n}", "table": str(table), "where": str(where), "start": start, "factor": factor}
            )
    extra = {}
    if tasks:
        extra = {
            "tasks": [
                {"task": "hand out", "domain": "supply", "zone": "city", "skill": "carry", "hours": 6, "doers": 2},
                {"task": "watch", "domain": "safety", "zone": "east", "skill": "carry", "hours": 4},
            ],
            "skills": [{"party": "helpers", "skill": "carry", "hours": 5, "cost_per_hour": 1}],
        }
    return Instance.from_tables(
        {
            "name": "random", "periods": 3, "period_hours": 12,
            "policy": {
                "budget": float(rng.integers(100, 900)), "money_weight": float(rng.choice([0.2, 1.0])),
                "risk": {"lambda": float(rng.choice([0.0, 0.5])), "level": float(rng.choice([0.5, 0.9]))},
            },
        },
        {
            "zones": [
                {"zone": "city", "level": "city"},
                {"zone": "east", "level": "community", "parent": "city"},
                {"zone": "west", "level": "community", "parent": "city"},
            ],
            "places": places,
            "roads": roads,
            "parties": [
                {"party": "core", "kind": "core", "zone": "city"},
                {"party": "helpers", "kind": "volunteers", "zone": "city", "superior": "core", "hours": 5},
            ],
            "commodities": [
                {"commodity": "rice", "kg": 100, "cost_without": 40, "carry_over": 0.8},
                {"commodity": "water", "kg": 50, "cost_without": 30, "shelf_life": int(rng.integers(1, 4))},
            ],
            "stocks": [
                {"place": place, "commodity": good, "quantity": float(rng.integers(1, 12)), "owner": owner}
                for place, good, owner in zip(
                    rng.choice(stores, 4).tolist(), goods * 2, ["core", "helpers", "helpers", "core"], strict=True
                )
            ],
            "arrivals": [{"place": "store0", "commodity": "rice", "period": 1, "quantity": 3, "owner": "core"}],
            "needs": [
                {"place": home, "commodity": good, "period": t, "quantity": float(rng.integers(1, 9))}
                for home in homes for good in goods for t in range(3) if rng.random() < 0.7
            ],
            "fleets": [
                {"fleet": f"f{n}", "party": "helpers", "base": stores[n], "vehicles": float(rng.integers(1, 3)),
                 "payload_tonnes": 1, "hours": 3, "cost_per_km": 0.5, "loads_at": "*"} for n in range(2)
            ],
            "options": [
                {"place": store, "use": "depot", "size": size, "money": float(rng.integers(20, 200)), "capacity": room}
                for store in stores[:2] for size, room in (("small", 1.0), ("large", 3.0))
            ],
            "purchases": [
                {"place": store, "commodity": good, "owner": "core", "unit_money": float(rng.integers(2, 9)), "max": 15}
                for store in stores for good in goods
            ],
            "moves": [{"fleet": "f0", "money_per_tonne_km": 0.3}],
            "standby": [
                {"party": "helpers", "fleet": "f1", "unit_money": 4, "max": 1},
                *([{"party": "helpers", "skill": "carry", "unit_money": 3, "max": 4}] if tasks else []),
            ],
            "floors": [
                {"commodity": "rice", "quantity": 8, "zone": "city", "price": 5},
                {"commodity": "water", "quantity": 3, "owner": "core", "price": 7},
                {"commodity": "rice", "quantity": 2, "place": "store1"},
            ],
            "scenarios": scenarios,
            "effects": effects,
            **extra,
        },
    )  # fmt: skip
