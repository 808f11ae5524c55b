"""A preparation costs what planning after it costs, cannot be bettered, and says what it found."""

import dataclasses
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import coordination as co
from coordination.errors import InstanceError, PlanError, UsageError
from coordination.planning.case import Case
from coordination.plans.prepared import prepared
from coordination.preparation.asking import check_floors
from coordination.preparation.first_stage import FirstStage
from coordination.status import Status
from coordination.twostage import Risk
from tests.support.thorough import often

from .cases import EFFECTS, SCENARIOS, random_town, town

GAP = 1e-7


def replayed(instance, preparation):
    """Plan what is prepared for every scenario, and return the costs in the order of the scenarios."""
    after = preparation.prepared()
    return [co.plan(after, scenario=name, gap=GAP).objective for name in preparation.scenario_costs["scenario"]]


def total(instance, money, floor, costs):
    """Return the objective of a first stage from its parts."""
    policy = instance.policy
    risk = Risk(weight=policy.risk["lambda"], level=policy.risk["level"])
    p = instance.scenarios.sort_values("scenario")["probability"].to_numpy(dtype=float)
    return policy.money_weight * money + floor + risk.of(np.array(costs), p)


@pytest.mark.parametrize("method", ["extensive", "benders"])
def test_a_town(method, tmp_path):
    """Both ways: the same objective; planning after it costs just that; what is written reads back and verifies."""
    instance = town({"budget": 2000, "risk": {"lambda": 0.3, "level": 0.8}})
    found = co.prepare(instance, method=method, gap=GAP)
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(2374.99)
    assert found.sizes["method"] == method
    assert replayed(instance, found) == pytest.approx(found.scenario_costs["cost"].tolist(), rel=1e-6)
    assert found.first_stage["money"].sum() == pytest.approx(2000)
    found.save(tmp_path / "out")
    again = co.Preparation.load(tmp_path / "out")
    assert again.header() == found.header()
    assert again.first_stage.equals(found.first_stage)
    assert again.scenario_costs.equals(found.scenario_costs)
    assert co.verify(tmp_path / "out").ok
    assert co.verify(found).checked["preparation"] > 20


def hard_floor(instance):
    """Return a random instance without its hard floor where nothing can meet it."""
    try:
        check_floors(FirstStage(Case.of(instance)))
    except InstanceError:
        return instance.replace(floors=instance.given("floors").iloc[:2])
    return instance


def replay(seed):
    """Fail unless a random preparation costs what planning after it costs, its figures hold and verify agrees."""
    instance = hard_floor(random_town(seed))
    found = co.prepare(instance, gap=GAP)
    assert found.status is Status.OPTIMAL
    costs = replayed(instance, found)
    assert costs == pytest.approx(found.scenario_costs["cost"].tolist(), rel=1e-5, abs=1e-4)
    verdict = co.verify(found)
    assert verdict.ok, str(verdict)
    for name in ("evpi", "vss", "ignoring_disruption"):
        assert found.figures[name] >= -1e-5 * abs(found.objective), name
    assert found.figures["balance"] >= 1 - 1e-6
    apart = co.prepare(instance, gap=GAP, method="benders", figures=False)
    assert apart.objective == pytest.approx(found.objective, rel=1e-5)
    return instance


@pytest.mark.parametrize("seed", [0, *often(1, 2)])
def test_random_preparations_are_replayed(seed):
    """Every table, every kind of effect: the cost of each scenario is that of a plan of the prepared instance."""
    replay(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 160))
def test_random_preparations_are_replayed_often(seed):
    """The same, many times, with other first stages that are never better."""
    never_better(replay(seed), seed)


def test_no_other_first_stage_is_better():
    """A random first stage within all limits, planned scenario by scenario, costs no less."""
    never_better(hard_floor(random_town(0)), 0, most=1)


def never_better(instance, seed, most=6):
    """Fail if a random first stage near the best or anywhere costs less."""
    rng = np.random.default_rng(seed)
    instance = instance.replace(floors=[])
    best = co.prepare(instance, gap=GAP, figures=False)
    tried = 0
    for _ in range(6):
        table = other_first_stage(instance, best, rng)
        money = float(table["money"].sum())
        if money > instance.policy.budget or not fits(instance, table):
            continue
        after = prepared(instance, table)
        names = best.scenario_costs["scenario"]
        costs = [co.plan(after, scenario=name, gap=GAP).objective for name in names]
        assert total(instance, money, 0.0, costs) >= best.objective - 1e-5 * abs(best.objective)
        tried += 1
        if tried == most:
            break
    assert tried


def other_first_stage(instance, best, rng):
    """Return a first stage that does some of what the best does, and buys something else."""
    kept = best.first_stage[rng.random(len(best.first_stage)) < 0.7]
    share = rng.choice([0.0, 0.5, 1.0], len(kept))
    share = np.where(kept["what"] == "option", 1.0, share)
    kept = kept.assign(quantity=kept["quantity"] * share, money=kept["money"] * share)
    offer = instance.purchases.iloc[int(rng.integers(len(instance.purchases)))]
    quantity = float(rng.integers(0, 4))
    more = {"what": "purchase", "place": offer["place"], "party": "core", "commodity": offer["commodity"]}
    more |= {"quantity": quantity, "money": quantity * offer["unit_money"]}
    return pd.concat([kept, pd.DataFrame([more])], ignore_index=True)


def fits(instance, table):
    """Return whether a first stage finds room, lies within what may be bought and lies there."""
    found = co.prepare(instance, figures=False)
    found = dataclasses.replace(found, tables=dict(found.tables) | {"first_stage": table})
    return not [v for v in co.verify(found).violations if "room" in v.message or "lie there" in v.message]


@pytest.mark.parametrize("seed", [0, *often(1, 2)])
def test_roles_in_shares_cost_no_more_than_plans(seed):
    """With tasks, the response in shares is a bound on the plan after it, hours on standby included."""
    instance = hard_floor(random_town(seed, tasks=True))
    found = co.prepare(instance, gap=1e-6, figures=False)
    costs = np.array(replayed(instance, found))
    assert (found.scenario_costs["cost"].to_numpy() <= costs + 1e-5 * np.abs(costs)).all()
    assert co.verify(found).ok


def test_certain_without_scenarios():
    """Without scenarios there is nothing to know: the instance as it is, certain."""
    found = co.prepare(town(scenarios=[], effects=[]), gap=GAP)
    assert found.scenario_costs["scenario"].tolist() == ["as given"]
    assert (found.figures["evpi"], found.figures["vss"]) == (0.0, 0.0)
    assert "no scenarios" in found.notes[0]
    assert co.plan(found.prepared(), gap=GAP).objective == pytest.approx(found.scenario_costs["cost"][0])


def test_nothing_may_happen():
    """A scenario of hazard none needs no effect: it is as one whose effect is of factor 1."""
    found = [co.prepare(town(effects=effects), gap=GAP, figures=False) for effects in (EFFECTS, EFFECTS[1:])]
    assert found[0].objective == pytest.approx(found[1].objective)


def test_less_money_never_helps():
    """The objective does not fall as the budget does; without any, nothing is done."""
    costs = [co.prepare(town({"budget": budget}), gap=GAP, figures=False) for budget in (5000, 1000, 300, 0)]
    assert all(a.objective <= b.objective + 1e-6 for a, b in pairwise(costs))
    assert costs[-1].first_stage["money"].sum() == 0


def test_stock_is_moved_where_it_is_better():
    """Rice that lies at the wrong store is moved to the right one, for its kilometres; the balance says how much."""
    instance = town(
        {"money_weight": 0.001},
        places=[
            {"place": "depot", "kind": "depot", "zone": "city"},
            {"place": "home", "kind": "community", "zone": "east"},
            {"place": "near", "kind": "depot", "zone": "east"},
        ],
        options=[], purchases=[],
    )  # fmt: skip
    found = co.prepare(instance, gap=GAP)
    moved = found.first_stage.iloc[0]
    assert (moved["what"], moved["origin"], moved["place"], moved["id"]) == ("move", "depot", "near", "truck")
    assert moved["quantity"] == pytest.approx(20)
    assert moved["money"] == pytest.approx(20 * 0.1 * 30)
    assert found.figures["balance"] == pytest.approx(
        found.figures["cost_as_it_lies"] / found.figures["expected_cost"], rel=1e-3
    )


def test_more_is_worth_its_marginal_value():
    """One more unit at the near store saves what its value says."""
    instance = town({"budget": 2000})
    found = co.prepare(instance, gap=GAP)
    value = {(row["place"], row["commodity"]): row["value"] for row in found.marginal}
    after = found.prepared()
    small = 0.01
    stocks = pd.concat(
        [after.stocks, pd.DataFrame([{"place": "near", "commodity": "rice", "quantity": small, "owner": "core"}])]
    )
    costs = [
        co.plan(after.replace(stocks=stocks), scenario=name, gap=1e-9).objective
        for name in found.scenario_costs["scenario"]
    ]
    p = found.scenario_costs["probability"].to_numpy()
    saved = (p @ found.scenario_costs["cost"].to_numpy() - p @ np.array(costs)) / small
    assert value["near", "rice"] >= saved - 1e-4
    assert saved >= 0


BAD = [
    ({"scenarios": SCENARIOS[:2], "effects": EFFECTS[:2]}, "a sum of 0.8; expected a sum of 1"),
    ({"effects": EFFECTS[:2]}, "row 4, column scenario: found 'storm' without any effect"),
    ({"effects": [*EFFECTS, {"scenario": "cut", "table": "roads", "where": "rr", "factor": 0}]}, "found 'rr'"),
    ({"effects": [*EFFECTS, {"scenario": "cutt", "table": "roads", "factor": 0}]}, "found 'cutt'"),
    ({"options": [{"place": "near", "use": "ward", "size": "s", "money": 1, "capacity": 5}]}, "expected depot"),
    ({"options": [{"place": "home", "use": "depot", "size": "s", "money": 1, "capacity": 5}]}, "storage is unlimited"),
    ({"floors": [{"commodity": "rice", "quantity": 1, "place": "near", "zone": "east"}]}, "2 of them"),
    ({"floors": [{"commodity": "rice", "quantity": 1}]}, "0 of them"),
    ({"floors": [{"commodity": "rice", "quantity": 1, "place": "near", "period": 2}]}, "later floors"),
    ({"standby": [{"party": "core", "unit_money": 1, "max": 1}]}, "0 of them"),
    ({"standby": [{"party": "core", "skill": "s", "unit_money": 1, "max": 1}]}, "a skill of the party"),
]


@pytest.mark.parametrize(("tables", "message"), BAD)
def test_bad_input_is_named(tables, message):
    """What is wrong is named with its row before anything is solved."""
    with pytest.raises(InstanceError, match=message):
        co.prepare(town(**tables))


def test_a_budget_below_the_floors_is_named():
    """By how much the budget falls short, and of which floors; without a budget, what nothing can meet."""
    floors = [
        {"commodity": "rice", "quantity": 30, "place": "near"},
        {"commodity": "rice", "quantity": 5, "zone": "city", "price": 3},
    ]
    # 30 units are 3 tonnes: the big store, 300; the cheapest way is to move 20 (2 t, 30 km, 60) and buy 10 (220).
    with pytest.raises(
        InstanceError, match=r"found 500; expected at least 580,.*80 is missing.*30 of rice, place near \(row 2\)"
    ):
        co.prepare(town({"budget": 500}, floors=floors))
    assert co.prepare(town({"budget": 580}, floors=floors), figures=False).status is Status.OPTIMAL
    floors[0]["quantity"] = 70
    with pytest.raises(InstanceError, match=r"cannot be met: 10 to 70 of rice, place near"):
        co.prepare(town(floors=floors))


def test_floors_have_a_price():
    """A floor with a price is met where that is cheaper, and paid for where it is not."""
    floor = {"commodity": "rice", "quantity": 100, "zone": "city"}
    dear, cheap = (
        co.prepare(town(floors=[floor | {"price": price}]), gap=GAP, figures=False) for price in (1000.0, 0.5)
    )
    assert dear.terms["floor"] == pytest.approx(0.0, abs=1e-6)
    assert 0 < cheap.terms["floor"] <= 0.5 * 100
    assert co.verify(cheap).ok


@pytest.mark.parametrize(
    ("policy", "message"),
    [({"rationing": "leximin"}, "policy.rationing leximin"), ({"max_gini": 0.2}, "policy.max_gini")],
)
def test_rules_not_kept_are_named(policy, message):
    """Rules that a preparation does not keep are refused by name."""
    with pytest.raises(UsageError, match=message):
        co.prepare(town(policy))
    with pytest.raises(UsageError, match="over all scenarios"):
        co.prepare(town().under("cut"))


def test_large_cases_are_refused(monkeypatch):
    """A response too large to be built in every scenario is named before anything is built."""
    monkeypatch.setattr("coordination.preparation.second_stage.MOST_SHIPMENTS", 3)
    with pytest.raises(UsageError, match="possible shipments; a preparation takes at most 3 a scenario"):
        co.prepare(town())


@pytest.mark.parametrize(
    ("risk", "message"), [({"lamda": 0.5}, "lambda or level"), ({"level": 1.5}, "level in 0..1")]
)  # fmt: skip
def test_risk_is_checked(risk, message):
    """Risk has two keys, both shares."""
    with pytest.raises(InstanceError, match=message):
        town({"risk": risk})


def test_tables_off_change_no_plan():
    """The tables of a preparation act on no plan."""
    bare = town(options=[], purchases=[], moves=[], standby=[])
    assert co.plan(town(), scenario="storm").objective == co.plan(bare, scenario="storm").objective


def test_a_preparation_is_no_plan(tmp_path):
    """Reading a preparation as a plan says what it is."""
    co.prepare(town(), figures=False).save(tmp_path / "out")
    with pytest.raises(PlanError, match="found a preparation; expected a plan"):
        co.Plan.load(tmp_path / "out")
    co.plan(town()).save(tmp_path / "plan")
    with pytest.raises(PlanError, match="found a plan; expected a preparation"):
        co.Preparation.load(tmp_path / "plan")


CHANGES = {
    "first_stage": ["quantity", "money"],
    "scenario_costs": ["probability", "cost"],
}


@pytest.mark.parametrize(("table", "column"), [(table, one) for table, columns in CHANGES.items() for one in columns])
def test_a_changed_number_is_noticed(table, column):
    """Verification fails on every number of the tables that is changed, and on every figure of the objective."""
    found = co.prepare(town({"budget": 2000}), gap=GAP, figures=False)
    for row in range(len(found.tables[table])):
        frame = found.tables[table].copy()
        frame.loc[row, column] = frame.loc[row, column] * 1.1 + 1.0
        assert not co.verify(dataclasses.replace(found, tables=dict(found.tables) | {table: frame})).ok, row
    for field in ("objective", "bound", "gap"):
        assert not co.verify(dataclasses.replace(found, **{field: getattr(found, field) + 9.0})).ok, field


def test_plans_and_preparations_replace_only_their_own(tmp_path):
    """Neither is lost where the other is asked to be written."""
    made, planned = co.prepare(town(), gap=GAP, figures=False), co.plan(town(), scenario="calm", gap=GAP)
    made.save(tmp_path / "made")
    planned.save(tmp_path / "planned")
    with pytest.raises(PlanError, match="a preparation is there"):
        planned.save(tmp_path / "made")
    with pytest.raises(PlanError, match="a plan is there, which would be lost"):
        made.save(tmp_path / "planned")
    made.save(tmp_path / "made")
    planned.save(tmp_path / "planned")
