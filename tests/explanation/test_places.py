"""What binds at a place: known by hand, each saving that of a new plan of the changed instance."""

import pytest

import coordination as co
from coordination.errors import UsageError
from coordination.planning.clock import Clock
from coordination.planning.options import PlanOptions
from coordination.planning.reopening import reopened
from tests.planning.small import row, street
from tests.planning.test_reasons import CAUSES, FEWER, eased
from tests.support.random_duties import RULES, feasible_duties
from tests.support.thorough import often

TWO = {"stocks": row("stocks", quantity=60), "fleets": row("fleets", hours=0.4)}
"""The truck brings 40 boxes in a period, of 50 wanted; there are 60."""


@pytest.mark.parametrize("cause", ["stock", "fleet", "road", "hours"])
def test_the_limit_that_binds_is_told(cause):
    """The limit is named with its id, and its saving is the difference of two plans."""
    changed, limit, identity = CAUSES[cause]
    before = co.plan(street(**changed), gap=0)
    finding = co.explain(before, place="home").findings[0]
    assert (finding.what, finding.limit, finding.id, finding.commodity) == ("limit", limit, identity, "box")
    after = co.plan(street(**eased(cause)), gap=0, scenario=None if cause == "stock" else "more")
    assert finding.cost == finding.least == finding.most
    assert finding.cost == pytest.approx(after.objective - before.objective, rel=1e-6)
    assert finding.sentence.startswith("Home (") and "would save" in finding.sentence


def test_further_limits_are_told_too():
    """Where stock and truck both bind, more of either saves something, and both are told with their savings."""
    before = co.plan(street(**TWO), gap=0)
    findings = {finding.limit: finding for finding in co.explain(before, place="home").findings}
    assert set(findings) == {"stock", "fleet"}
    more = co.plan(street(**TWO | {"stocks": row("stocks", quantity=61)}), gap=0)
    assert findings["stock"].cost == pytest.approx(more.objective - before.objective, rel=1e-6)
    hour = {"scenario": "more", "table": "fleets", "where": "truck", "start": 0, "end": 0, "factor": 1.4 / 0.4}
    scenario = [{"scenario": "more", "hazard": "none", "probability": 1}]
    more = co.plan(street(**TWO, scenarios=scenario, effects=[hour]), gap=0, scenario="more")
    assert findings["fleet"].cost == pytest.approx(more.objective - before.objective, rel=1e-6)


def test_large_cases_are_told_what_is_saved_at_least(monkeypatch):
    """Where shipments are priced in, the same limit is found; nothing is claimed beyond what was saved."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    explanation = co.explain(co.plan(street(**FEWER), gap=0), place="home")
    assert (explanation.findings[0].limit, explanation.findings[0].least) == ("stock", None)
    assert explanation.findings[0].cost < 0
    assert any("at least so much" in line for line in explanation.lines)


def test_who_lacks_nothing_and_who_needs_nothing():
    """A place with all it needs, and one without need, are told as such."""
    plan = co.plan(street(), gap=0)
    assert co.explain(plan, place="home").lines == (
        "Home (home): 100 % of its need met by weight.",
        "It lacks nothing that it needs.",
    )
    assert co.explain(plan, place="depot").lines == ("Depot 一号 (depot): Nothing is needed there.",)


@pytest.mark.parametrize("seed", [*range(3), *often(3, 30)])
def test_the_reopened_lp_is_the_plan(seed):
    """With the roles as planned and all rules on roles, the LP's optimum is the plan's social cost."""
    plan = co.plan(feasible_duties(seed, RULES), gap=0)
    answer = reopened(plan, PlanOptions(), Clock())
    answer.program.close()
    assert answer.figures["objective"] == pytest.approx(plan.objective, rel=1e-6, abs=1e-6)


def test_no_time_and_wrong_questions():
    """Without time it says so; an unknown place names the nearest; fair plans are refused."""
    plan = co.plan(street(**FEWER), gap=0)
    late = co.explain(plan, place="home", time_limit=1e-9)
    assert "not solved in time" in late.lines[1] and not late.findings
    with pytest.raises(UsageError, match="Did you mean 'home'"):
        co.explain(plan, place="hom")
    with pytest.raises(UsageError, match="exactly one"):
        co.explain(plan, place="home", task="hand")
    fair = co.Instance.from_tables(
        {**plan.instance.given_header(), "policy": {"max_gini": 0.5}},
        {name: plan.instance.given(name) for name in plan.instance.tables},
    )
    with pytest.raises(UsageError, match="fairness"):
        co.explain(co.plan(fair), place="home")
