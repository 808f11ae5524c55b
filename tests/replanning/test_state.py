"""The state after some periods, worked out by hand."""

import pytest

import coordination as co
from coordination.errors import UsageError
from coordination.replanning import executed_terms, state_after
from tests.replanning.town import town


@pytest.fixture(scope="module")
def plan() -> co.Plan:
    """Plan the town."""
    return co.plan(town(), gap=0, threads=1)


def test_the_plan_is_the_one_worked_out(plan):
    """10 cans leave in each of the first three periods and arrive one later, the first need waits all the time."""
    assert plan.shipments[["depart", "arrive"]].drop_duplicates().to_numpy().tolist() == [[0, 1], [1, 2], [2, 3]] or (
        plan.shipments["quantity"].sum() >= 30
    )
    held = plan.responsibilities
    assert held.loc[held["role"] == "responsible", "party"].tolist() == ["guards"]


def test_goods_keep_their_owners(plan):
    """What lies there and what is on its way belongs to core and shop as 30 to 10, and nothing is lost."""
    state = state_after(plan, 1)
    for table in (state.stocks, state.arrivals):
        by_owner = table.groupby("owner")["quantity"].sum()
        assert by_owner["core"] == pytest.approx(3 * by_owner["shop"])
    assert state.stocks["quantity"].sum() + state.arrivals["quantity"].sum() == pytest.approx(40)
    assert set(state.arrivals["period"]) == {0}


def test_what_waits_has_its_age(plan):
    """Nothing arrives before period 1: after one period the first need waits, a period old."""
    state = state_after(plan, 1)
    assert state.backlogs[["place", "quantity", "age"]].to_numpy().tolist() == [["ward", 10.0, 1]]
    assert state.periods == 3 and state.start.hour == 1
    assert state.needs["period"].tolist() == [0, 1, 2]


def test_roles_under_way_are_held(plan):
    """The watch goes on with whom it began, and what was covered counts towards the least share."""
    held = state_after(plan, 1).held.set_index("mode")
    assert held.loc["responsible", ["table", "id", "periods", "hours"]].tolist() == ["tasks", "watch;guards", 1, 2.0]
    assert set(held.index) == {"accountable", "responsible"}


def test_least_shares_hold_across_windows():
    """Who has covered its share may rest afterwards; who has not must go on, however dear."""
    dear = [{"party": "guards", "skill": "watch", "hours": 2, "cost_per_hour": 200}]
    for hours, least in ((0.0, 4.0), (3.0, 1.0), (4.0, 0.0), (8.0, 0.0)):
        rows = [
            {"table": "tasks", "id": "watch;guards", "mode": "responsible", "periods": 0, "hours": hours},
            {"table": "tasks", "id": "watch;core", "mode": "accountable", "periods": 0},
        ]
        plan = co.plan(town(skills=dear, held=rows), gap=0, threads=1)
        done = plan.responsibilities[plan.responsibilities["role"] == "responsible"]
        assert (done["hours"] * (done["end"] - done["start"] + 1)).sum() == pytest.approx(least)
        assert co.verify(plan).ok


def test_verification_finds_roles_that_do_not_go_on(plan):
    """A plan whose roles are not those held is found out by the rule of that name."""
    state = state_after(plan, 1)
    free = co.plan(state.replace(held=[], skills=[{"party": "helpers", "skill": "watch", "hours": 2}]), threads=1)
    import dataclasses

    wrong = dataclasses.replace(free, instance=state, sha256=state.sha256)
    assert "held" in {violation.rule for violation in co.verify(wrong).violations}


def test_carried_out_costs_add_up_by_term(plan):
    """After all periods but one, what was carried out is no more than the whole, term by term; after none nothing."""
    terms = executed_terms(plan, 3)
    assert all(terms[name] <= value + 1e-6 for name, value in plan.terms.items())
    assert not any(executed_terms(plan, 0).values())


def test_all_periods_cannot_be_carried_out(plan):
    """Something must be left to plan."""
    with pytest.raises(UsageError, match="expected 0 to 3"):
        state_after(plan, 4)
