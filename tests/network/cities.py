"""Small instances for tests of the network: given roads, or drawn from a seed with everything that is awkward."""

import networkx as nx
import numpy as np

from coordination.instance import Instance

HEADER = {"name": "small", "periods": 3, "period_hours": 1}


def city(roads, places="abc", junctions="", fleets=None, header=None, **tables):
    """Return an instance with one zone, a commodity, and roads given as mappings or (from, to, minutes, km)."""
    rows = [
        road if isinstance(road, dict) else dict(zip(("from", "to", "minutes", "km"), road, strict=False))
        for road in roads
    ]
    base = {
        "zones": [{"zone": "z", "level": "city"}],
        "parties": [{"party": "core", "kind": "core", "zone": "z"}],
        "places": [{"place": p, "kind": "junction" if p in junctions else "depot", "zone": "z"} for p in places],
        "roads": [{"road": f"r{n}", "km": 1, "minutes": 1} | row for n, row in enumerate(rows)],
        "commodities": [{"commodity": "water", "kg": 1, "cost_without": 1}],
        "fleets": [fleet(base=places[0]) | chosen for chosen in (fleets or [{}])],
    }
    return Instance.from_tables(HEADER | (header or {}), base | tables)


def fleet(**changes):
    """Return a fleet of one vehicle that loads everywhere."""
    row = {"fleet": "f", "party": "core", "base": "a", "vehicles": 1, "payload_tonnes": 1, "hours": 8}
    return row | {"loads_at": "*", "cost_per_km": 2} | changes


def random_city(seed, fine=False):
    """Return a random instance: ties, roads of no minutes or km, side by side, one way, capacitated, closed.

    `fine` draws minutes with six decimals and large ones, so that the two keys do not fit into one weight.
    """
    rng = np.random.default_rng(seed)
    places = [f"p{n}" for n in range(int(rng.integers(3, 8)))]
    kinds = ["depot"] + ["junction" if rng.random() < 0.2 else "community" for _ in places[1:]]
    roads = []
    for number in range(int(rng.integers(3, 16))):
        start, end = rng.choice(len(places), 2, replace=False)
        minutes = float(rng.integers(1, 10**12)) / 1e6 if fine else float(rng.integers(0, 4)) * 10
        roads.append(
            {
                "road": f"r{number}",
                "from": places[start],
                "to": places[end],
                "minutes": 30.0 if fine and rng.random() < 0.4 else minutes,
                "km": float(rng.integers(0, 3)) + (0.000001 if fine and rng.random() < 0.3 else 0.0),
                "both_ways": bool(rng.random() < 0.6),
                "capacity_tonnes": float(rng.integers(0, 9)) if rng.random() < 0.25 else None,
            }
        )
    ends = [place for place, kind in zip(places, kinds, strict=True) if kind != "junction"]
    fleets = [
        fleet(
            fleet=f"f{n}",
            base=str(rng.choice(ends)),
            loads_at="*" if n else ";".join(sorted(rng.choice(ends, min(2, len(ends)), replace=False).tolist())),
            speed=float(rng.choice([0.5, 1.0, 1.5])),
            loading_minutes=float(rng.integers(0, 40)),
        )
        for n in range(2)
    ]
    zones = [{"zone": "z", "level": "city"}, {"zone": "y", "level": "district", "parent": "z"}]
    effects = [
        {
            "scenario": "s",
            "table": "roads",
            "where": str(rng.choice(["y", "*", "r0", "r1"])),
            "factor": float(rng.choice([0.0, 0.5, 0.7])),
            "start": int(rng.integers(0, 3)),
        }
        for _ in range(2)
    ]
    return Instance.from_tables(
        HEADER,
        {
            "zones": zones,
            "parties": [{"party": "core", "kind": "core", "zone": "z"}],
            "places": [
                {"place": place, "kind": kind, "zone": str(rng.choice(["y", "z"]))}
                for place, kind in zip(places, kinds, strict=True)
            ],
            "roads": roads,
            "fleets": fleets,
            "scenarios": [{"scenario": "s", "hazard": "flood", "probability": 1}],
            "effects": effects,
        },
    ).under("s" if rng.random() < 0.7 else None)


def lengths(graph, path):
    """Return the whole millionths of minutes and km of a path of (tail, head, key)."""
    edges = [graph.edges[edge] for edge in path]
    return tuple(sum(round(edge[name] * 1e6) for edge in edges) for name in ("minutes", "km"))


def simple_edge_paths(graph, start, end):
    """Return all simple paths as lists of (tail, head, key), by brute force."""
    return [list(path) for path in nx.all_simple_edge_paths(graph, start, end)]
