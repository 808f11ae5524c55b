"""Changes cost: the plan anew differs only where it pays, and what is paid is what the independent model says."""

import dataclasses

import numpy as np
import pytest

import coordination as co
from coordination.errors import InstanceError, UsageError
from coordination.summary import summarise
from coordination.wording import amount
from tests.replanning.town import HEADER, event, town
from tests.support.oracle import oracle
from tests.support.random_instances import random_instance
from tests.support.thorough import often

TRUCKS = [
    {"fleet": "truck", "party": "core", "base": "depot", "vehicles": 1, "payload_tonnes": 1, "hours": 4},
    {"fleet": "van", "party": "core", "base": "depot", "vehicles": 1, "payload_tonnes": 1, "hours": 4,
     "cost_per_km": 1},
]  # fmt: skip
DEARER = event("fleets", "change", "fleet=truck", "cost_per_km", "3") | {"period": 1}


def planned(**prices: float) -> co.Plan:
    """Plan the town with two fleets, of which the truck costs nothing yet."""
    header = HEADER | {"policy": HEADER["policy"] | ({"change_cost": prices} if prices else {})}
    tables = {name: table for name, table in town(fleets=TRUCKS).tables.items() if len(table)}
    return co.plan(co.Instance.from_tables(header, tables), gap=0, threads=1)


def test_a_change_that_pays_is_made():
    """The truck becomes dearer by 2 for each kilometre and tonne there and back (4 in all): the van goes instead."""
    anew = co.replan(planned(), [DEARER], gap=0, threads=1)
    assert set(anew.shipments["fleet"]) == {"van"}
    assert anew.terms["change"] == 0.0
    tonnes = anew.shipments["quantity"].sum() * 0.1
    assert anew.replanned["keeping"] - anew.objective == pytest.approx(4 * tonnes)
    assert f"save {amount(4 * tonnes)}" in summarise(anew)


def test_a_change_that_does_not_pay_is_not_made():
    """With 100 for a tonne sent otherwise the truck goes on as chosen."""
    before = planned(shipment=100)
    anew = co.replan(before, [DEARER], gap=0, threads=1)
    assert set(anew.shipments["fleet"]) == {"truck"}
    assert anew.terms["change"] == pytest.approx(0.0)
    assert anew.changes.empty and co.verify(anew).ok


def test_what_a_change_costs_is_paid():
    """With half a unit of money for a tonne the van still goes, and each tonne chosen before is paid for."""
    before = planned(shipment=0.5)
    anew = co.replan(before, [DEARER], gap=0, threads=1)
    chosen = before.shipments.query("depart >= 1")["quantity"].sum() * 0.1
    assert set(anew.shipments["fleet"]) == {"van"}
    assert anew.terms["change"] == pytest.approx(0.5 * chosen)
    assert set(anew.changes["table"]) == {"shipments"} and co.verify(anew).ok
    wrong = dataclasses.replace(anew, terms={**anew.terms, "change": 0.0})
    assert "changes" in {violation.rule for violation in co.verify(wrong).violations}
    assert co.replan(anew, after=1, gap=0, threads=1).terms["change"] == pytest.approx(0.0)


def test_doers_are_kept_where_changing_them_costs_more():
    """A task to come keeps its doer though another has become cheaper, if the price is above what that saves."""
    later = [{"task": "watch", "domain": "safety", "zone": "z", "skill": "watch", "hours": 2, "start": 2}]
    cheaper = event("skills", "change", "party=helpers", "cost_per_hour", "0") | {"period": 1}
    for price, doer in ((3.0, "helpers"), (5.0, "guards")):
        header = HEADER | {"policy": HEADER["policy"] | {"change_cost": {"doer": price}}}
        tables = {name: table for name, table in town(tasks=later).tables.items() if len(table)}
        before = co.plan(co.Instance.from_tables(header, tables), gap=0, threads=1)
        anew = co.replan(before, [cheaper], gap=0, threads=1)
        done = anew.responsibilities[anew.responsibilities["role"] == "responsible"]
        assert set(done["party"]) == {doer}
        assert anew.terms["change"] == pytest.approx(price if doer == "helpers" else 0.0)
        assert anew.changes["saves"].tolist() == pytest.approx([1.0] if doer == "helpers" else [])
        assert co.verify(anew).ok


def with_priced_pins(seed: int) -> co.Instance:
    """Return a random instance whose pins are a plan of it with prices and needs changed."""
    instance = random_instance(seed, odd_ids=False)
    draw = np.random.default_rng([seed, 7])
    plan = co.plan(instance, gap=0, threads=1)
    sent = ["fleet", "origin", "destination", "commodity", "depart"]
    pins = [
        {"table": "shipments", "where": ";".join(f"{name}={row[name]}" for name in sent), "column": "quantity",
         "value": repr(float(row["quantity"])), "price": float(draw.choice([1, 20, 200]))}
        for row in plan.shipments.groupby(sent, as_index=False)[["quantity"]].sum().to_dict("records")
    ]  # fmt: skip
    doing = plan.responsibilities[plan.responsibilities["role"] == "responsible"][["task", "party"]].drop_duplicates()
    pins += [
        {"table": "responsibilities", "where": f"task={task};role=responsible", "column": "party", "value": party,
         "price": float(draw.choice([1, 20, 200]))}
        for task, party in doing.itertuples(index=False, name=None)
    ]  # fmt: skip
    skills, needs = instance.given("skills"), instance.given("needs")
    skills["cost_per_hour"] = draw.permutation(skills["cost_per_hour"].to_numpy())
    needs["quantity"] = draw.permutation(needs["quantity"].to_numpy())
    return instance.replace(skills=skills, needs=needs, pins=pins)


def check(seed: int) -> None:
    """Compare with the independent model."""
    instance = with_priced_pins(seed)
    plan, best = co.plan(instance, gap=0, threads=1), oracle(instance)
    assert plan.objective == pytest.approx(best.objective, rel=1e-6, abs=1e-6), (plan.terms, best.terms)
    assert co.verify(plan).ok, str(co.verify(plan))


@pytest.mark.parametrize("seed", [1, *often(4, 5)])
def test_priced_pins_equal_the_independent_model(seed):
    """Plans with priced pins are the optimum of the independent model."""
    check(seed)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(300, 400))
def test_priced_pins_equal_the_independent_model_on_a_hundred(seed):
    """The same on a hundred instances."""
    check(seed)


def test_what_pins_with_a_price_cannot_say_is_refused(monkeypatch):
    """Other tables, other roles, no number; and large cases refuse all of them by name."""
    pin = {"table": "responsibilities", "where": "task=watch;role=backup", "column": "party", "value": "guards"}
    wrong = [pin, pin | {"table": "gaps"},
             pin | {"table": "shipments", "where": "fleet=truck;origin=depot;destination=ward;commodity=can;depart=x",
                    "column": "quantity", "value": "some"}]  # fmt: skip
    with pytest.raises(InstanceError) as caught:
        co.plan(town(pins=[row | {"price": 1} for row in wrong]))
    found = [(problem.row, problem.column) for problem in caught.value.problems]
    assert found == [(2, "where"), (3, "table"), (4, "where"), (4, "value")]
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    with pytest.raises(UsageError, match="pins with a price"):
        co.plan(town(pins=[pin | {"where": "task=watch;role=responsible", "price": 1}]))


def test_change_cost_names_what_it_knows():
    """Other names are an error."""
    with pytest.raises(InstanceError, match="doer, shipment"):
        co.Instance.from_tables(HEADER | {"policy": {"change_cost": {"hall": 3}}}, {})
