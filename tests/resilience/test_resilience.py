"""Resilience: curve, figures and parts by hand, redundancy against maximum flows, bounds on draws."""

import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import coordination as co
from coordination.errors import PlanError
from coordination.resilience.curve import read_off
from coordination.resilience.redundancy import two_ways
from tests.support.random_instances import random_instance
from tests.support.thorough import often
from tests.verification import town


@pytest.fixture(scope="module")
def plan():
    """Two districts; one is cut off in period 1 of 4, nothing can be laid in before, so its water waits."""
    roads = [("r1", "d1", "a"), ("r2", "d1", "b"), ("r3", "a", "b"), ("r4", "d1", "d2")]
    instance = co.Instance.from_tables(
        {"name": "two", "periods": 4, "period_hours": 24, "policy": {"overflow_cost": 1e6}},
        {
            "zones": [
                {"zone": "city", "level": "city"},
                *({"zone": z, "level": "district", "parent": "city"} for z in ("east", "west")),
            ],
            "places": [
                {"place": "d1", "kind": "depot", "zone": "east", "storage_tonnes": 10},
                {"place": "d2", "kind": "depot", "zone": "west"},
                {"place": "a", "kind": "community", "zone": "east", "storage_tonnes": 0},
                {"place": "b", "kind": "community", "zone": "west", "storage_tonnes": 0},
            ],
            "roads": [
                {"road": road, "from": one, "to": other, "km": 1, "minutes": 1} for road, one, other in roads
            ],
            "parties": [
                {"party": "core", "kind": "core", "zone": "city"},
                {"party": "helpers", "kind": "volunteers", "zone": "east", "superior": "core"},
                {"party": "guards", "kind": "property_company", "zone": "west", "superior": "core"},
            ],
            "skills": [
                {"party": "helpers", "skill": "watch", "hours": 8},
                {"party": "guards", "skill": "watch", "hours": 8},
                {"party": "core", "skill": "watch", "hours": 8},
            ],
            "tasks": [
                {"task": "gate", "domain": "safety", "zone": "east", "skill": "watch", "hours": 4, "backups": 1},
                {"task": "desk", "domain": "governance", "zone": "west", "skill": "watch", "hours": 4},
            ],
            "commodities": [{"commodity": "water", "kg": 1, "cost_without": 5}],
            "stocks": [{"place": p, "commodity": "water", "quantity": 100, "owner": "core"} for p in ("d1", "d2")],
            "needs": [
                {"place": place, "commodity": "water", "period": period, "quantity": 10}
                for place in ("a", "b")
                for period in range(4)
            ],
            "fleets": [
                {"fleet": "f", "party": "core", "base": "d1", "vehicles": 5, "payload_tonnes": 1, "hours": 8}
            ],
            "facilities": [
                {
                    "place": "a", "service": "school", "everyday_value": 10, "emergency_use": "shelter",
                    "emergency_capacity": 5,
                }
            ],
            "scenarios": [{"scenario": "flood", "hazard": "flood", "probability": 1}],
            "effects": [
                {"scenario": "flood", "table": "roads", "where": road, "start": 1, "end": 1, "factor": 0}
                for road in ("r2", "r3")
            ],
        },
    )  # fmt: skip
    return co.plan(instance.under("flood"), gap=0)


def test_curves_by_hand(plan):
    """West, cut off in period 1, meets nothing of 10 then; in period 2 both what waited and what is new."""
    curve = co.measure_resilience(plan).curve.set_index(["zone", "period"])["function"]
    assert curve["west"].tolist() == [1, 0, 1, 1]
    assert curve["east"].tolist() == [1, 1, 1, 1]
    assert curve["city"].tolist() == [1, 0.5, 1, 1]


def test_figures_by_hand(plan):
    """Lowest 0.5, half a period lost, back after one period, half a share regained in it."""
    wide = co.measure_resilience(plan).wide()
    assert wide.loc["city", ["robustness", "area_lost", "time_to_90", "rapidity"]].tolist() == [0.5, 0.5, 1, 0.5]
    assert wide.loc["east", ["robustness", "area_lost", "time_to_90"]].tolist() == [1, 0, 0]
    assert np.isnan(wide.loc["east", "rapidity"])


def test_parts_by_hand(plan):
    """Each part counted by hand; the index is the mean of those there are."""
    parts = co.measure_resilience(plan).table.set_index(["zone", "dimension", "part"])["value"]
    assert parts["city", "infrastructure", "roads"] == 14 / 16
    assert parts["city", "infrastructure", "storage"] == 1
    assert parts["city", "infrastructure", "index"] == pytest.approx((14 / 16 + 1 + 1) / 3)
    assert parts["city", "economic", "index"] == 1
    assert ("west", "economic", "index") not in parts.index
    assert parts["city", "institutional", "covered"] == 0.5  # the gate has a backup, the desk none
    assert parts["city", "redundancy", "backups"] == 0.5
    assert (
        parts["city", "redundancy", "origins"] == 0
    )  # with r2 and r3 closed once, nothing has two ways in all periods
    assert parts["city", "social", "equity"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ([1, 1, 1], (1, 0, 0, None)),
        ([0.5, 0.5, 0.5], (0.5, 1.5, None, 0)),
        ([1, 0.4, 0.7], (0.4, 0.9, None, 0.3)),
        ([0.8, 1, 0.8, 0.9], (0.8, 0.5, 3, 0.1 / 3)),
    ],
)
def test_figures_of_curves(course, expected):
    """Robustness, area lost, time to 90 % and rapidity; what does not come back has no time."""
    figures = read_off(np.array(course, dtype=float))
    for name, value in zip(("robustness", "area_lost", "time_to_90", "rapidity"), expected, strict=True):
        assert np.isnan(figures[name]) if value is None else figures[name] == pytest.approx(value)


def by_flow(instance, is_open):
    """Whether a flow of two goes from all origins to each place, each road and each origin taken once."""
    network = nx.DiGraph()
    for road, one, other in instance.roads[is_open][["road", "from", "to"]].itertuples(index=False, name=None):
        # A middle edge of capacity one makes both directions of a road one.
        for end in (one, other):
            network.add_edge(("place", end), ("in", road), capacity=1)
            network.add_edge(("out", road), ("place", end), capacity=1)
        network.add_edge(("in", road), ("out", road), capacity=1)
    for place in {*instance.stocks["place"], *instance.arrivals["place"]}:
        network.add_edge("source", ("place", place), capacity=1)
    return [
        ("place", place) in network
        and "source" in network
        and nx.maximum_flow_value(network, "source", ("place", place)) >= 2
        for place in instance.places["place"]
    ]


@pytest.mark.parametrize("seed", [*range(6), *often(6, 20)])
def test_two_ways_are_those_of_maximum_flow(seed):
    """Places with two road-disjoint origins are those to which a flow of two goes."""
    instance = random_instance(seed, scenario=False)
    rows = {name: instance.tables[name][instance.tables[name]["quantity"] > 0] for name in ("stocks", "arrivals")}
    instance = instance.replace(**rows)
    assert two_ways(instance).tolist() == by_flow(instance, np.ones(len(instance.roads), dtype=bool))


@pytest.mark.parametrize("seed", range(6))
def test_figures_are_shares(seed):
    """On random plans every share lies between 0 and 1."""
    measured = co.measure_resilience(co.dispatch(random_instance(seed)))
    shares = measured.table[~measured.table["part"].isin(["area_lost", "time_to_90", "rapidity"])]["value"]
    assert shares.between(0, 1).all()
    assert measured.curve["function"].between(0, 1).all()


def test_nothing_is_measured_without_a_plan():
    """A plan without a feasible solution is refused."""
    infeasible = town.plan({}, status="infeasible", terms={}, objective=None, bound=None, gap=None)
    with pytest.raises(PlanError, match="nothing is served"):
        co.measure_resilience(infeasible)


def test_written_tables_read_back(plan, tmp_path):
    """Two tables are written, all numbers exact."""
    measured = co.measure_resilience(plan)
    measured.save(tmp_path / "out")
    for name, table in (("curve", measured.curve), ("resilience", measured.table)):
        again = pd.read_csv(tmp_path / "out" / f"{name}.csv", keep_default_na=False)
        assert all(a == b for a, b in zip(again.itertuples(index=False), table.itertuples(index=False), strict=True))
    assert not list(itertools.chain((tmp_path / "out").glob(".*")))
