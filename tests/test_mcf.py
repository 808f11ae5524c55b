"""Minimum-cost flow as a special case of the plan: DIMACS cases and random ones against networkx.

The embedding. Every node is a place: with supply a depot that holds stock, with demand a community in need,
else a junction. Every arc is a one-way road of one minute, its cost in km, its capacity in tonnes; a unit
weighs a tonne. One fleet has its base at a hub, carries a tonne, costs 1 per km and has hours for any flow.
From the hub a road of 0 km and 0 minutes runs to every depot and from every community back to it, with
capacity 0: capacity is taken by loaded legs only, so these roads carry empty vehicles for nothing and goods
never. Every loaded leg starts with an arc, so every shortest one holds a capacity and the leg may run on any
simple path. Money is then the sum over arcs of flow times cost. A unit of demand not met costs more than a
simple path through all nodes at the dearest arc, so nothing goes unmet that could be served; there is one
period, long enough for every path to arrive in it.
"""

from collections.abc import Sequence
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

import coordination.planning
from coordination.instance import Instance
from tests.support.oracle import oracle
from tests.support.thorough import often

DIMACS = Path(__file__).resolve().parents[2] / "shared" / "data" / "mcf"
CASES = ("diamond_graph", "grid_5x5", "path_10node", "path_5node", "star_graph", "transport_2x3", "transport_40x30")

Arc = tuple[str, str, int, int]
"""Tail, head, capacity, cost."""


def embed(supplies: dict[str, int], arcs: Sequence[Arc]) -> Instance:
    """Write a feasible minimum-cost flow problem as an instance (see the head of this file)."""
    nodes = list(dict.fromkeys([node for arc in arcs for node in arc[:2]]))
    sources = [node for node in nodes if supplies.get(node, 0) > 0]
    sinks = [node for node in nodes if supplies.get(node, 0) < 0]
    kinds = {**dict.fromkeys(nodes, "junction"), **dict.fromkeys(sources, "depot")}
    kinds |= {"hub": "depot", **dict.fromkeys(sinks, "community")}
    flow = sum(supplies[node] for node in sources)
    dearest = max(cost for *_, cost in arcs)
    goods = {"commodity": "goods"}
    roads = [
        {"road": f"arc {n}", "from": tail, "to": head, "km": cost, "minutes": 1, "capacity_tonnes": upper}
        for n, (tail, head, upper, cost) in enumerate(arcs)
    ]
    free = [("hub", node) for node in sources] + [(node, "hub") for node in sinks]
    roads += [
        {"road": f"{tail} {head}", "from": tail, "to": head, "km": 0, "minutes": 0, "capacity_tonnes": 0}
        for tail, head in free
    ]
    return Instance.from_tables(
        {"name": "minimum-cost flow", "periods": 1, "period_hours": 24},
        {
            "zones": [{"zone": "all", "level": "city"}],
            "places": [{"place": node, "kind": kind, "zone": "all"} for node, kind in kinds.items()],
            "roads": [{**road, "both_ways": False} for road in roads],
            "parties": [{"party": "core", "kind": "core", "zone": "all"}],
            "commodities": [{**goods, "kg": 1000, "cost_without": 1 + dearest * len(nodes)}],
            "stocks": [{"place": node, **goods, "quantity": supplies[node], "owner": "core"} for node in sources],
            "needs": [{"place": node, **goods, "period": 0, "quantity": -supplies[node]} for node in sinks],
            "fleets": [
                {
                    "fleet": "carrier", "party": "core", "base": "hub", "vehicles": 1 + flow * len(nodes),
                    "payload_tonnes": 1, "hours": 1, "cost_per_km": 1, "loads_at": ";".join(sources),
                }
            ],
        },
    )  # fmt: skip


def flow_cost(supplies: dict[str, int], arcs: Sequence[Arc]) -> int:
    """Solve with networkx (a simplex of its own, in whole numbers)."""
    graph = nx.MultiDiGraph()
    for node, supply in supplies.items():
        graph.add_node(node, demand=-supply)
    for tail, head, upper, cost in arcs:
        graph.add_edge(tail, head, capacity=upper, weight=cost)
    return sum(
        graph.edges[tail, head, key]["weight"] * flow
        for tail, heads in nx.network_simplex(graph)[1].items()
        for head, keys in heads.items()
        for key, flow in keys.items()
    )


def read_dimacs(path: Path) -> tuple[dict[str, int], list[Arc]]:
    """Read a DIMACS problem; lower bounds on arcs must be zero."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    supplies = {line[1]: int(line[2]) for line in lines if line and line[0] == "n"}
    rows = [line[1:] for line in lines if line and line[0] == "a"]
    assert all(int(row[2]) == 0 for row in rows), path
    return supplies, [(row[0], row[1], int(row[3]), int(row[4])) for row in rows]


def random_flow(seed: int, nodes: int) -> tuple[dict[str, int], list[Arc]]:
    """Draw a feasible problem: flows along random walks, capacities that leave room for others."""
    rng = np.random.default_rng(seed)
    names = [f"n{number}" for number in range(nodes)]
    pairs = [(tail, head) for tail in names for head in names if tail != head]
    chosen = [pairs[index] for index in rng.choice(len(pairs), size=min(3 * nodes, len(pairs)), replace=False)]
    chosen += chosen[:2]  # parallel arcs
    used = [0] * len(chosen)
    supplies = dict.fromkeys(names, 0)
    walks = nodes // 2
    while walks > 0 or not any(supplies.values()):
        walks -= 1
        place, amount = names[rng.integers(nodes)], int(rng.integers(1, 9))
        supplies[place] += amount
        for _ in range(rng.integers(1, nodes)):
            leaving = [index for index, arc in enumerate(chosen) if arc[0] == place]
            if not leaving:
                break
            arc = leaving[rng.integers(len(leaving))]
            used[arc] += amount
            place = chosen[arc][1]
        supplies[place] -= amount
    arcs = [
        (tail, head, used[index] + int(rng.integers(0, 6)), int(rng.integers(0, 12)))
        for index, (tail, head) in enumerate(chosen)
    ]
    return supplies, arcs


def check(supplies: dict[str, int], arcs: Sequence[Arc], cost: int) -> None:
    """Plan the embedded problem and compare."""
    plan = coordination.planning.plan(embed(supplies, arcs), gap=0)
    assert plan.terms["deprivation"] == pytest.approx(0, abs=1e-6 * max(1, cost))
    assert plan.objective == pytest.approx(cost, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_dimacs_cases(case):
    """The plan costs what the published solution costs, and networkx agrees."""
    path = DIMACS / f"{case}.min"
    if not path.exists():
        pytest.skip(f"{case}: the DIMACS cases are not beside the repository")
    supplies, arcs = read_dimacs(path)
    published = [line.split() for line in path.with_suffix(".sol").read_text(encoding="utf-8").splitlines()]
    (cost,) = (int(line[1]) for line in published if line and line[0] == "s")
    assert flow_cost(supplies, arcs) == cost
    check(supplies, arcs, cost)


@pytest.mark.parametrize("seed", [*range(4), *often(4, 8)])
def test_random_flows(seed):
    """A plan of a random flow problem costs what networkx says."""
    supplies, arcs = random_flow(seed, nodes=5 + seed)
    check(supplies, arcs, flow_cost(supplies, arcs))


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(8, 108))
def test_many_random_flows(seed):
    """Plans of a hundred random flow problems of up to twenty nodes cost what networkx says."""
    supplies, arcs = random_flow(seed, nodes=5 + seed % 16)
    check(supplies, arcs, flow_cost(supplies, arcs))


@pytest.mark.parametrize("seed", range(4))
def test_the_embedding_is_faithful(seed):
    """The independent model of the embedded problem costs what networkx says, too."""
    supplies, arcs = random_flow(seed, nodes=5)
    assert oracle(embed(supplies, arcs)).objective == pytest.approx(flow_cost(supplies, arcs))
