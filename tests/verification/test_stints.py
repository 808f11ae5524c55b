"""Handover and escalation, broken once in a plan that keeps them, are named with task, party and period."""

import dataclasses
from functools import cache

import pandas as pd
import pytest

import coordination as co
from coordination.planning.clock import Clock
from coordination.planning.options import PlanOptions
from coordination.planning.reopening import reopened
from tests.support.tiny import GROUND, HEADER

TASK = {"task": "watch", "domain": "safety", "zone": "east", "skill": "care", "hours": 4.0}
HOMES = {"ann": "east", "ben": "east", "city": "city"}
WAGES = {"ann": 1.0, "ben": 1.0, "city": 2.0}


def town(policy, hours, **task):
    """Build a town of one task over four periods; `hours` by party are those of each period from a first to a last."""
    parties = [{"party": p, "kind": "volunteers", "zone": HOMES[p], "superior": "core"} for p in hours]
    skills = [{"party": p, "skill": "care", "hours": h, "cost_per_hour": WAGES[p]} for p, (h, _, _) in hours.items()]
    effects = [
        {"scenario": "storm", "table": "skills", "where": p, "factor": 0.0, "start": start, "end": end}
        for p, (_, first, last) in hours.items()
        for start, end in ((0, first - 1), (last + 1, 3))
        if start <= end
    ]
    tables = {
        "parties": [GROUND["parties"][0], *parties], "skills": skills, "tasks": [TASK | task], "effects": effects,
        "scenarios": [{"scenario": "storm", "hazard": "flood", "probability": 1}],
    }  # fmt: skip
    header = {**HEADER, "periods": 4, "policy": {"min_share": 0.2, "gap_cost": 20, **policy}}
    return co.Instance.from_tables(header, {**GROUND, **tables}).under("storm")


@cache
def handing(**task):
    """Plan a handover: Ann is there in periods 0 and 1, Ben from 1 on."""
    return co.plan(town({"handover_cost": 3}, {"ann": (4.0, 0, 1), "ben": (4.0, 1, 3)}, **task), gap=0)


@cache
def escalating(**policy):
    """Plan an escalation: Ann can cover half, somebody of the city everything."""
    hours = {"ann": (2.0, 0, 3), "city": (4.0, 0, 3)}
    return co.plan(town({"escalation_delay": 1, **policy}, hours, doers=2), gap=0)


def told(plan, rule, **tables):
    """Return the messages of one rule's violations in a plan with other tables."""
    changed = dataclasses.replace(plan, tables={**plan.tables, **tables})
    return [violation.message for violation in co.verify(changed).violations if violation.rule == rule]


def rows(plan, *changes):
    """Return the roles of a plan without its doers, but with others: party, start, end, hours."""
    kept = plan.responsibilities[plan.responsibilities["role"] != "responsible"]
    doing = pd.DataFrame(changes, columns=["party", "start", "end", "hours"]).assign(task="watch", role="responsible")
    return pd.concat([kept, doing], ignore_index=True)


def test_handing_over_holds():
    """Ann works beside Ben in period 1 and then leaves: one change for 3, each hour covered once."""
    plan = handing()
    doing = plan.responsibilities[plan.responsibilities["role"] == "responsible"]
    assert plan.terms["handover"] == 3.0 and plan.objective == pytest.approx(16.0 + 3.0 + plan.terms["levels"])
    beside = doing[(doing["start"] <= 1) & (doing["end"] >= 1)]
    assert set(beside["party"]) == {"ann", "ben"} and beside["hours"].sum() == pytest.approx(4.0)
    assert set(doing.loc[doing["end"] > 1, "party"]) == {"ben"}
    assert co.verify(plan).ok, str(co.verify(plan))


BROKEN = [
    ([("ann", 0, 0, 4.0), ("ben", 1, 3, 4.0)], "1 doers leave at the start of period 1, 0 joined in time"),
    ([("ann", 0, 3, 2.0), ("ben", 1, 3, 2.0)], "2 doers in period 1, those handing over aside, at most 1"),
    ([("ann", 0, 0, 4.0), ("ann", 1, 1, 0.0), ("ben", 1, 3, 4.0)], "ann hands over in period 1 and covers 0 hours"),
    ([("ann", 0, 3, 2.0), ("ben", 1, 1, 2.0)], "ben leaves at the start of period 2, too soon"),
    ([("ann", 0, 1, 2.0)], "1 doers leave at the start of period 2, 0 joined in time"),
    ([("ann", 0, 1, 2.0), ("ben", 1, 2, 2.0), ("ann", 3, 3, 4.0)], "leave at the start of period 3, 0 joined in time"),
    ([("ben", 0, 3, 4.0)], "term handover: 3 in plan.json, the tables make it 0"),
]


@pytest.mark.parametrize(("doing", "message"), BROKEN)
def test_broken_handover_is_named(doing, message):
    """Each thing that a handover asks for is missed where it is not done."""
    plan = handing()
    assert any(message in one for one in told(plan, "continuity", responsibilities=rows(plan, *doing)))


def test_least_share_is_of_the_own_periods():
    """A doer of two periods covers its least share of these, not of the window."""
    plan = handing()
    few = rows(plan, ("ann", 0, 1, 0.8), ("ben", 1, 3, 1.0))
    assert not told(plan, "doers", responsibilities=few)[0].startswith("task watch: ann")
    less = rows(plan, ("ann", 0, 1, 0.7), ("ben", 1, 3, 1.0))
    assert "ann covers 1.4 hours as a doer, its least share is 1.6" in told(plan, "doers", responsibilities=less)[0]


def test_escalation_holds():
    """Two of four hours are a gap in period 0; from period 1 the city covers them, and it is written down."""
    plan = escalating()
    assert plan.gaps[["period", "amount"]].to_numpy().tolist() == [[0.0, 2.0]]
    accountable = plan.responsibilities.loc[plan.responsibilities["role"] == "accountable", "party"].iloc[0]
    assert plan.escalations.to_numpy().tolist() == [["watch", accountable, "city", 1, 6.0]]
    assert co.verify(plan).ok, str(co.verify(plan))
    assert escalating(handover_cost=0).escalations.equals(plan.escalations)


WRONG = [
    ([("ann", 0, 3, 2.0), ("city", 0, 3, 2.0)], "city is from above and a doer from period 0 on, not 1 after a gap"),
    ([("ann", 0, 3, 2.0), ("city", 2, 3, 2.0)], "to city in period 1 is written, but not in responsibilities"),
    ([("ann", 0, 3, 2.0), ("city", 2, 3, 2.0)], "to city in period 2 is not written in escalations"),
    ([("ann", 0, 3, 2.0), ("city", 1, 3, 1.0)], "written with 6 hours, 3 are covered"),
]


@pytest.mark.parametrize(("doing", "message"), WRONG)
def test_broken_escalation_is_named(doing, message):
    """Beginning too soon, and what the table says of it, are compared with the doers' rows."""
    plan = escalating()
    assert any(message in one for one in told(plan, "escalation", responsibilities=rows(plan, *doing)))


def test_without_handover_doers_stay():
    """Where escalation alone lets doers come, those at or below do not, and nobody leaves."""
    plan = escalating()
    late = rows(plan, ("ann", 1, 3, 2.0), ("city", 1, 2, 2.0))
    messages = " ".join(told(plan, "continuity", responsibilities=late))
    assert "ann is a doer only from period 1 on" in messages
    assert "city is no doer any more in period 3" in messages


def test_escalations_without_the_key_are_found():
    """A plan of an instance without a delay has no escalations."""
    plan, without = escalating(), town({}, {"ann": (2.0, 0, 3), "city": (4.0, 0, 3)}, doers=2)
    changed = dataclasses.replace(plan, instance=without, sha256=without.sha256)
    messages = [violation.message for violation in co.verify(changed).violations if violation.rule == "escalation"]
    assert messages == ["escalations: rows without policy.escalation_delay"]


def test_the_field_rule_escalates():
    """Dispatchers ask those from above only after the delay; they hand nothing over."""
    instance = town({"escalation_delay": 1, "handover_cost": 3}, {"ann": (2.0, 0, 3), "city": (4.0, 0, 3)}, doers=2)
    plan = co.dispatch(instance)
    assert plan.escalations[["to", "period", "hours"]].to_numpy().tolist() == [["city", 1, 6.0]]
    assert co.verify(plan).ok, str(co.verify(plan))


def test_a_plan_is_opened_again_with_its_stints(tmp_path):
    """A plan read back is the same, and its LP with doers as they come and go costs what the plan does."""
    for plan in (escalating(), handing()):
        saved = plan.save(tmp_path / "p")
        assert co.Plan.load(tmp_path / "p") == saved
        answer = reopened(plan, PlanOptions(), Clock())
        answer.program.close()
        assert answer.figures["objective"] == pytest.approx(plan.objective)
