"""Facilities: by hand, why, refusals, planning anew, and a second opinion that notices what is wrong."""

import dataclasses

import pandas as pd
import pytest

import coordination as co
from coordination.errors import InstanceError, UsageError
from coordination.plans.tables import PLAN_TABLES, canonical
from coordination.replanning.executed import executed_terms
from coordination.replanning.state import state_after
from coordination.report.rendering import render
from coordination.summary import summarise
from tests.support.tiny import GROUND, tiny

BEDS = {
    "place": "hall", "service": "sports", "everyday_value": 100, "emergency_use": "beds", "emergency_capacity": 10,
    "convert_periods": 1, "convert_cost": 200, "min_periods": 2,
}  # fmt: skip
PLACES = [*GROUND["places"], {"place": "hall", "kind": "facility", "zone": "east"}]
ROADS = [{"road": "s", "from": "home", "to": "hall", "km": 2, "minutes": 10}]
BED = {"commodity": "bed", "kg": 1, "cost_without": 50, "service": True}


def sick(periods=3, policy=None, **tables):
    """Ten people at home need a bed in each period; the hall can have ten."""
    needs = [{"place": "home", "commodity": "bed", "period": t, "quantity": 10} for t in range(periods)]
    ground = {"places": PLACES, "roads": ROADS, "commodities": [BED], "needs": needs, "facilities": [BEDS]}
    return tiny(policy, periods, **{**ground, **tables})


def test_by_hand():
    """Converted at once, the hall costs 200 and three times 100, and ten wait for one period: 3 * 500 more.

    Without it 10, 20, 30 wait: 3000.
    """
    plan = co.plan(sick(), gap=0)
    assert plan.objective == pytest.approx(2000.0)
    assert (plan.terms["everyday_value"], plan.terms["conversion"]) == pytest.approx((300.0, 200.0))
    assert plan.facilities["mode"].tolist() == ["converting to beds", "beds", "beds"]
    assert plan.visits["quantity"].tolist() == [10.0, 10.0]
    assert co.verify(plan).ok
    assert "hall (beds)" in summarise(plan)
    assert "converting to beds: period 0" in render(plan)
    (reason,) = plan.reasons
    assert reason["limit"] == "facility" and "full in periods 1-2" in reason["sentence"]


def test_why_it_is_converted():
    """What the hall saves is told by planning again without its beds: 3000 against 2000."""
    plan = co.plan(sick(), gap=0)
    told = co.explain(plan, place="hall")
    (finding,) = told.findings
    assert (finding.what, finding.cost) == ("unused", pytest.approx(1000.0))
    assert any("everyday sports" in line and "beds in periods 1-2" in line for line in told.lines)
    quiet = co.explain(co.plan(sick(needs=[]), gap=0), place="hall")
    assert not quiet.findings


def test_out_of_reach_or_kept():
    """Ten minutes are too far where the reach is nine; a floor keeps all of the sports in emergency."""
    far = co.plan(sick(facilities=[{**BEDS, "reach_minutes": 9}]), gap=0)
    floors = [{"zone": "city", "service": "sports", "mode": "emergency", "share": 0.5}]
    kept = co.plan(sick(service_floors=floors), gap=0)
    for plan in (far, kept):
        assert plan.objective == pytest.approx(3000.0) and plan.facilities.empty
        assert co.verify(plan).ok
    assert co.plan(sick(service_floors=floors, policy={"mode": "normal"}), gap=0).objective == pytest.approx(2000.0)


@pytest.mark.parametrize("periods", [1, 2, 3])
def test_going_on(periods):
    """What was carried out and the plan made anew cost what the whole plan does; least stays go on."""
    plan = co.plan(sick(4, facilities=[{**BEDS, "min_periods": 3, "restore_cost": 5}]), gap=0)
    state = state_after(plan, periods)
    again = co.plan(state, gap=0)
    assert sum(executed_terms(plan, periods).values()) + again.objective == pytest.approx(plan.objective)
    assert co.verify(again).ok
    held = state.held[state.held["table"] == "facilities"]
    assert held["mode"].tolist() == ["converting to beds" if periods == 1 else "beds"]


def test_a_stay_begun_before_is_kept():
    """Nobody needs a bed any more, but the hall has to stay for two periods, and floors bear with that."""
    floors = [{"zone": "city", "service": "sports", "mode": "emergency", "share": 1}]
    held = [{"table": "facilities", "id": "hall", "mode": "beds", "periods": 1}]
    hall = {**BEDS, "min_periods": 3, "restore_periods": 1, "restore_cost": 7}
    plan = co.plan(sick(5, needs=[], facilities=[hall], held=held, service_floors=floors), gap=0)
    assert plan.facilities["mode"].tolist() == ["beds", "beds", "restoring from beds"]
    assert plan.objective == pytest.approx(307.0)
    assert co.verify(plan).ok


WRONG = [
    ("facilities", "facilities", [("hall", 1, "beds"), ("hall", 2, "beds")], "lead time"),
    ("facilities", "facilities", [("hall", 0, "converting to beds"), ("hall", 1, "beds")], "least stay"),
    ("facilities", "facilities", [("hall", 0, "tents")], "none of that place"),
    ("modules", "modules", [("hall", "beds", "tent", 0, 2)], "not in the instance"),
    ("visits", "visits", [("home", "bed", "general", 1, "hall", "beds", 12.0)], "it takes 10"),
    ("visits", "visits", [("home", "bed", "general", 0, "hall", "beds", 1.0)], "it takes 0"),
    ("visits", "visits", [("home", "bed", "general", 1, "home", "beds", 1.0)], "has no use beds"),
]


@pytest.mark.parametrize(("rule", "table", "rows", "text"), WRONG)
def test_second_opinion_notices(rule, table, rows, text):
    """Lead time, least stay, capacity and names are checked from the tables."""
    plan = co.plan(sick(), gap=0)
    frame = pd.DataFrame(rows, columns=list(PLAN_TABLES[table].columns))
    wrong = dataclasses.replace(plan, tables={**plan.tables, table: canonical(PLAN_TABLES[table], frame)})
    found = [violation for violation in co.verify(wrong).violations if violation.rule == rule]
    assert any(text in violation.message for violation in found), found


def test_large_cases_convert_whole(monkeypatch):
    """By the large way the hall is converted all the same, and that is proven; by area it is refused by name."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    plan = co.plan(sick())
    assert (plan.objective, plan.bound) == pytest.approx((2000.0, 2000.0))
    assert plan.facilities["mode"].tolist() == ["converting to beds", "beds", "beds"]
    assert co.verify(plan).ok
    assert co.plan(sick(needs=[])).facilities.empty
    monkeypatch.setattr("coordination.planning.separate.VERY_LARGE", -1)
    with pytest.raises(UsageError, match=r"facilities .1 places that can be converted"):
        co.plan(sick())


BROKEN = [
    ({"facilities": [{**BEDS, "emergency_use": "everyday"}]}, "emergency_use"),
    ({"facilities": [BEDS, {**BEDS, "emergency_use": "storage", "service": "school"}]}, "service"),
    ({"modules": [{"place": "hall", "emergency_use": "bed", "module": "a", "capacity": 1}]}, "emergency_use"),
    ({"held": [{"table": "facilities", "id": "hall", "mode": "tents", "periods": 1}]}, "mode"),
    ({"stocks": [{"place": "home", "commodity": "bed", "quantity": 1, "owner": "core"}]}, "commodity"),
]


@pytest.mark.parametrize(("tables", "column"), BROKEN)
def test_wrong_rows_are_named(tables, column):
    """Rows that say what cannot be are problems of that column."""
    with pytest.raises(InstanceError) as caught:
        sick(**tables)
    assert {problem.column for problem in caught.value.problems} == {column}
