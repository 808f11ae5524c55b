"""Preparing while a forecast sharpens: values by hand, the order of policies, dynamic programming, what is written."""

import dataclasses
import itertools

import numpy as np
import pandas as pd
import pytest

import coordination as co
from coordination.errors import InstanceError, UsageError
from coordination.planning.case import Case
from coordination.planning.options import PlanOptions
from coordination.preparation.first_stage import FirstStage
from coordination.preparation.multistage.program import TreeProgram
from coordination.preparation.multistage.simulated import interval
from coordination.preparation.multistage.tree import Tree
from coordination.preparation.preparing import _Preparing
from tests.support.tiny import need, tiny

from .cases import random_town

PLACES = [
    {"place": "depot", "kind": "depot", "zone": "city"},
    {"place": "home", "kind": "community", "zone": "east"},
]
OUTLOOKS = [
    {"forecast": "now", "next": "clear", "probability": 0.5},
    {"forecast": "now", "next": "cloud", "probability": 0.5},
    {"forecast": "clear", "scenario": "calm", "probability": 1},
    {"forecast": "cloud", "scenario": "storm", "probability": 0.8},
    {"forecast": "cloud", "scenario": "calm", "probability": 0.2},
]


def forecasts(**later):
    """Return the forecasts of two stages, the later ones with these columns."""
    return [{"forecast": "now", "stage": 0}, *({"forecast": name, "stage": 1, **later} for name in ("clear", "cloud"))]


def storm(unit_money, policy=None, later=None, **tables):
    """Return a home that needs 10 in a storm (0.4), nothing else; each missing costs 100, each bought `unit_money`."""
    given = {
        "places": PLACES,
        "needs": [need(10)],
        "purchases": [{"place": "home", "commodity": "rice", "owner": "core", "unit_money": unit_money, "max": 20}],
        "scenarios": [
            {"scenario": "calm", "hazard": "any", "probability": 0.6},
            {"scenario": "storm", "hazard": "storm", "probability": 0.4},
        ],
        "effects": [
            {"scenario": "calm", "table": "needs", "factor": 0},
            {"scenario": "storm", "table": "needs", "factor": 1},
        ],
        "forecasts": forecasts(**later or {}),
        "outlooks": OUTLOOKS,
    }
    return tiny(policy=policy, **given | tables)


def costs(preparation):
    """Return what each policy costs."""
    return {row["policy"]: row["cost"] for row in preparation.adapting}


@pytest.mark.parametrize(
    ("unit_money", "later", "expected"),
    [
        # Buying now costs 300, going without 0.4 · 1000: static and rolling buy now. Waiting for the cloud: 0.5 · 300.
        (30, {}, (300, 300, 150, 120)),
        # Buying now costs 450: nothing is bought now; in the cloud it is worth it (800): 0.5 · 450.
        (45, {}, (400, 225, 225, 180)),
        # Late it costs half as much again: 0.5 · 450, still less than 300 now; who knows buys the storm's 300 now.
        (30, {"money_factor": 1.5}, (300, 300, 225, 120)),
        # Late nothing can be had: all policies are static.
        (30, {"available": 0}, (300, 300, 300, 120)),
        # Late only a quarter of 20 can be had: 5 now for 150, 5 in the cloud for 0.5 · 150.
        (30, {"available": 0.25}, (300, 300, 225, 120)),
    ],
)
def test_by_hand(unit_money, later, expected):
    """One home, one good: every policy costs what one can reckon by hand."""
    found = co.prepare(storm(unit_money, later=later), gap=1e-9)
    order = ("static", "rolling", "tree", "wait and see")
    assert [costs(found)[name] for name in order] == pytest.approx(expected)
    assert found.objective == pytest.approx(expected[0])
    assert [row["saves"] for row in found.adapting] == pytest.approx([expected[0] - cost for cost in expected])


def test_what_is_done_when(tmp_path):
    """Nothing now, 10 units once there is a cloud; the folder reads back and verifies; a changed number is noticed."""
    found = co.prepare(storm(30), gap=1e-9)
    table = found.tables["adaptive"]
    assert table[["forecasts", "stage", "probability", "quantity", "money"]].to_numpy().tolist() == [
        ["now;cloud", 1, 0.5, pytest.approx(10), pytest.approx(300)]
    ]
    found.save(tmp_path / "out")
    again = co.Preparation.load(tmp_path / "out")
    assert again.header() == found.header()
    assert again.tables["adaptive"].equals(table)
    assert co.verify(tmp_path / "out").ok
    for change in ({"quantity": 99.0}, {"probability": 0.4}, {"money": 10.0}, {"forecasts": "now;fog"}):
        wrong = dataclasses.replace(found, tables=dict(found.tables) | {"adaptive": table.assign(**change)})
        assert not co.verify(wrong).ok, change
    less = [dict(found.adapting[0]), dict(found.adapting[1], saves=7.0), *found.adapting[2:]]
    assert not co.verify(dataclasses.replace(found, adapting=less)).ok


def test_budget_and_floors_hold_along_the_way():
    """Later money counts as it is paid then, within the budget; a floor is asked for when the event comes."""
    floors = [{"commodity": "rice", "quantity": 4, "place": "home"}]
    found = co.prepare(storm(30, {"budget": 200}, {"money_factor": 2}, floors=floors), gap=1e-9)
    # Of 200, 4 units for the floor take 120 now (240 late). What is left buys 2.67 now, or 1.33 in the cloud:
    # worth 0.4 · 267 or 0.4 · 133 in the mean.
    table = found.tables["adaptive"]
    assert table["stage"].tolist() == [0]
    assert table["quantity"].tolist() == [pytest.approx(200 / 30)]
    assert co.verify(found).ok


def sharpening(seed):
    """Return a random town of two or three stages of forecasts whose ways meet again: a Markov chain."""
    rng = np.random.default_rng(seed)
    town = random_town(seed)
    town = town.replace(floors=town.given("floors").iloc[:2], policy={"risk": {"lambda": 0.0, "level": 0.9}})
    stages = int(rng.integers(1, 3))
    states = ["low", "high"]
    table = [{"forecast": "now", "stage": 0}]
    outlooks = []
    before = ["now"]
    for stage in range(1, stages + 1):
        here = [f"{state}{stage}" for state in states]
        table += [
            {"forecast": name, "stage": stage, "money_factor": float(rng.choice([0.9, 1.0, 1.3])),
             "available": float(rng.choice([0.5, 1.0]))} for name in here
        ]  # fmt: skip
        for name in before:
            p = float(rng.uniform(0.2, 0.8))
            outlooks += [
                {"forecast": name, "next": to, "probability": q} for to, q in zip(here, (p, 1 - p), strict=True)
            ]
        before = here
    names = town.scenarios["scenario"].tolist()
    chance = {"now": 1.0}
    for row in outlooks:
        chance[row["next"]] = chance.get(row["next"], 0.0) + chance[row["forecast"]] * row["probability"]
    total = dict.fromkeys(names, 0.0)
    for name in before:
        p = rng.dirichlet(np.ones(len(names)))
        outlooks += [{"forecast": name, "scenario": s, "probability": float(q)} for s, q in zip(names, p, strict=True)]
        for s, q in zip(names, p, strict=True):
            total[s] += chance[name] * float(q)
    scenarios = town.scenarios.assign(probability=[total[name] for name in names])
    return town.replace(scenarios=scenarios, forecasts=table, outlooks=outlooks)


def in_order(seed):
    """Fail unless static, rolling, tree and wait and see cost less in turn, the mean counting, and verify agrees."""
    found = co.prepare(sharpening(seed), gap=1e-7)
    each = [row["cost"] for row in found.adapting]
    assert [row["policy"] for row in found.adapting] == ["static", "rolling", "tree", "wait and see"]
    assert each[0] == pytest.approx(found.objective, rel=1e-5)
    for dear, cheap in itertools.pairwise(each):
        assert cheap <= dear + 2e-5 * abs(dear)
    assert found.adapting[3]["cost"] <= found.figures["wait_and_see"] + 1e-4 * abs(each[0])
    verdict = co.verify(found)
    assert verdict.ok, str(verdict)


@pytest.mark.parametrize("seed", range(1))
def test_policies_are_in_order(seed):
    """Who knows more and may decide later pays no more, in the mean."""
    in_order(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 140))
def test_policies_are_in_order_often(seed):
    """The same, many times."""
    in_order(seed)


def by_dynamic_programming(unit_money, chances, dear, cost, step):
    """Return the least cost of buying for a need that only the last of two stages tells, on a grid of amounts.

    `chances` are the probabilities of the forecasts and, for each, of every need; going without costs `cost` a unit.
    """
    amounts = np.arange(0, 20 + step, step)
    needs = np.array([0.0, 10.0, 16.0])
    missing = cost * np.maximum(0.0, needs[None, :] - amounts[:, None])
    total = unit_money * amounts
    for p, outlook in chances:
        # What is in store may only grow: the least over all larger amounts, bought then.
        late = dear * unit_money * amounts + missing @ outlook
        total += p * (np.minimum.accumulate(late[::-1])[::-1] - dear * unit_money * amounts)
    return float(total.min())


@pytest.mark.parametrize("seed", range(4))
def test_the_tree_agrees_with_dynamic_programming(seed):
    """Two forecasts, three needs: the tree costs what dynamic programming over amounts in store finds."""
    rng = np.random.default_rng(seed)
    p = float(rng.uniform(0.2, 0.8))
    outlooks = [rng.dirichlet(np.ones(3)) for _ in range(2)]
    dear, unit_money = float(rng.uniform(0.8, 1.6)), float(rng.uniform(20, 60))
    total = p * outlooks[0] + (1 - p) * outlooks[1]
    names = ["calm", "storm", "flood"]
    instance = storm(
        unit_money,
        later={"money_factor": dear},
        scenarios=[
            {"scenario": s, "hazard": "any", "probability": float(q)} for s, q in zip(names, total, strict=True)
        ],
        effects=[{"scenario": s, "table": "needs", "factor": f} for s, f in zip(names, (0, 1, 1.6), strict=True)],
        outlooks=[
            *({"forecast": "now", "next": name, "probability": q} for name, q in (("clear", p), ("cloud", 1 - p))),
            *(
                {"forecast": name, "scenario": s, "probability": float(q)}
                for name, outlook in zip(("clear", "cloud"), outlooks, strict=True)
                for s, q in zip(names, outlook, strict=True)
            ),
        ],
    )
    expected = by_dynamic_programming(unit_money, list(zip((p, 1 - p), outlooks, strict=True)), dear, 100.0, 1.0)
    assert costs(co.prepare(instance, gap=1e-9))["tree"] == pytest.approx(expected)


def test_risk_keeps_the_tree_best():
    """With CVaR the tree is no dearer than static or rolling."""
    instance = storm(30, {"risk": {"lambda": 0.5, "level": 0.8}})
    found = costs(co.prepare(instance, gap=1e-9))
    assert found["tree"] <= found["static"] + 1e-6
    assert found["tree"] <= found["rolling"] + 1e-6


def test_ways_that_meet_are_kept_apart():
    """Two ways to one forecast are two nodes, each with its own chance."""
    table = [{"forecast": name, "stage": stage} for name, stage in (("now", 0), ("a", 1), ("b", 1), ("eve", 2))]
    outlooks = [
        {"forecast": "now", "next": "a", "probability": 0.3}, {"forecast": "now", "next": "b", "probability": 0.7},
        {"forecast": "a", "next": "eve", "probability": 1}, {"forecast": "b", "next": "eve", "probability": 1},
        {"forecast": "eve", "scenario": "calm", "probability": 0.6},
        {"forecast": "eve", "scenario": "storm", "probability": 0.4},
    ]  # fmt: skip
    tree = Tree.of(storm(30, forecasts=table, outlooks=outlooks))
    assert tree.names == [("now",), ("now", "a"), ("now", "b"), ("now", "a", "eve"), ("now", "b", "eve")]
    assert tree.probability.tolist() == [1, 0.3, 0.7, 0.3, 0.7]
    assert tree.last.tolist() == [False, False, False, True, True]
    assert tree.chance.tolist() == pytest.approx([0.18, 0.12, 0.42, 0.28])
    assert tree.paths()[4].tolist() == [True, False, True, False, True]


def test_simulated_out_of_sample():
    """The same draws for every policy; the interval holds its mean; static less tree is what is saved."""
    instance = storm(30)
    found = co.prepare(instance, gap=1e-9, draws=12, seed=3)
    rows = {row["policy"]: row for row in found.adapting}
    for name in ("static", "rolling", "tree"):
        assert rows[name]["low"] <= rows[name]["simulated"] <= rows[name]["high"]
    assert rows["static"]["saved"] == 0
    assert rows["tree"]["saved"] == pytest.approx(rows["static"]["simulated"] - rows["tree"]["simulated"])
    assert rows["tree"]["saved_low"] > 0
    assert co.prepare(instance, gap=1e-9, draws=12, seed=3).adapting == found.adapting
    assert co.verify(found).ok


def test_intervals_by_hand():
    """Of 1, 2, 3: mean 2, half-width 4.303 / sqrt(3)."""
    expected = (2, 2 - 4.30265 / 3**0.5, 2 + 4.30265 / 3**0.5)
    assert interval(np.array([1.0, 2.0, 3.0])) == pytest.approx(expected, rel=1e-4)
    assert interval(np.array([5.0])) == (5, 5, 5)


def test_non_anticipativity_costs_something():
    """Whoever must decide the same in every outcome of a node pays for it: the tree with ways known is cheaper."""
    instance = storm(30)
    run = _Preparing(instance, FirstStage(Case.of(instance)), PlanOptions(), None, None)
    program = TreeProgram(Tree.of(instance), run.first, run.program.scenarios, run.risk, run.exact)
    x = program.decide(np.ones(3, dtype=bool), np.zeros((3, program.width)))[1]
    assert program.cost(x) == pytest.approx(150)
    leaf = {program.tree.names[leaf][-1]: leaf for leaf in program.tree.leaf}
    assert program.money_along(x, leaf["cloud"]) == pytest.approx(300)
    assert program.money_along(x, leaf["clear"]) == pytest.approx(0)


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"forecasts": [{"forecast": "clear", "stage": 1}, {"forecast": "cloud", "stage": 1},
                        {"forecast": "now", "stage": 1}]}, "0 forecasts of stage 0"),
        ({"forecasts": [*forecasts(), {"forecast": "eve", "stage": 3}]}, "a stage after one that has forecasts"),
        ({"outlooks": [*OUTLOOKS[:4], {"forecast": "cloud", "scenario": "calm", "probability": 0.1}]},
         "'cloud', whose outlooks sum to 0.9"),
        ({"outlooks": [*OUTLOOKS[:2], {"forecast": "clear", "next": "cloud", "probability": 1}, *OUTLOOKS[3:]]},
         "a forecast of the next stage"),
        ({"outlooks": [{"forecast": "now", "scenario": "calm", "probability": 1}, *OUTLOOKS[2:]]},
         "the forecast is not of the last stage"),
        ({"outlooks": [{"forecast": "now", "probability": 1}, *OUTLOOKS[2:]]}, "exactly one of next, scenario"),
    ],
)  # fmt: skip
def test_forecasts_that_make_no_tree(tables, words):
    """What is wrong with stages and outlooks is named."""
    with pytest.raises(InstanceError, match=words):
        storm(30, **tables)


def test_probabilities_that_disagree():
    """Scenarios as likely as the forecasts do not say are named before anything is solved; too many ways as well."""
    scenarios = [
        {"scenario": "calm", "hazard": "any", "probability": 0.5},
        {"scenario": "storm", "hazard": "storm", "probability": 0.5},
    ]
    with pytest.raises(InstanceError, match=r"0\.5 of 'storm'.*0\.4, as the forecasts imply"):
        co.prepare(storm(30, scenarios=scenarios))
    count = 12
    table = [{"forecast": "now", "stage": 0}]
    table += [{"forecast": f"{name}{n}", "stage": n} for n in range(1, count) for name in "ab"]
    stages = pd.DataFrame(table).groupby("stage")["forecast"].apply(list).tolist()
    outlooks = [
        {"forecast": one, "next": other, "probability": 0.5}
        for here, after in itertools.pairwise(stages)
        for one in here
        for other in after
    ]
    outlooks += [
        {"forecast": one, "scenario": s, "probability": p}
        for one in stages[-1]
        for s, p in (("calm", 0.6), ("storm", 0.4))
    ]
    with pytest.raises(UsageError, match=r"more than 2,000 ways"):
        Tree.of(storm(30, forecasts=table, outlooks=outlooks))
