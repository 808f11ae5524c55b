"""The large way on a small city: relaxed, rounded area by area, and what is left where time runs out."""

import numpy as np
import pytest

import coordination.planning
from coordination.generation import generate
from coordination.planning.case import Case
from coordination.planning.handing import covered_tonnes, tonnes_handed, within_hours
from coordination.planning.levels import representatives
from coordination.planning.model import ResponseModel
from coordination.verification import verify


@pytest.fixture(scope="module")
def city():
    """Make a city of 40 communities: small enough to be planned whole, large enough to have streets and districts."""
    return generate(communities=40, periods=4, commodities=4, shortage=0.2, seed=3)


@pytest.fixture(scope="module")
def whole(city):
    """Plan the city as one program."""
    return coordination.planning.plan(city, gap=1e-3)


@pytest.fixture
def large(monkeypatch):
    """Let everything count as large."""
    monkeypatch.setattr("coordination.planning.planning.DIRECT_SHIPMENTS", -1)


def test_both_ways_agree_within_what_they_prove(city, whole, large):
    """Each bound is below the other way's plan; the large way's plan is within half a percent of the whole one's."""
    apart = coordination.planning.plan(city, gap=1e-3)
    slack = 1e-6 * abs(whole.objective)
    assert apart.bound <= whole.objective + slack
    assert whole.bound <= apart.objective + slack
    assert apart.objective <= 1.005 * whole.objective
    assert apart.gap <= 0.01
    assert verify(apart).ok


def test_without_time_for_the_last_lp_the_relaxation_gives_the_plan(city, whole, large, monkeypatch):
    """Where the LP with the roles fixed is not solved the plan is the relaxation's, within the roles' hours."""
    monkeypatch.setattr("coordination.planning.separate.solve_linear", lambda *_: None)
    plan = coordination.planning.plan(city, gap=1e-3)
    assert "not solved in time" in " ".join(plan.notes)
    assert whole.bound <= plan.objective <= 1.05 * whole.objective
    assert len(plan.prices) == 0
    assert verify(plan).ok


def test_without_time_for_the_relaxation_the_coarser_case_gives_the_plan(city, whole, large, monkeypatch):
    """Where not even the relaxation is solved, streets' shipments are shared out: far better than sending nothing."""
    monkeypatch.setattr("coordination.planning.separate.relax", lambda *_, **__: None)
    plan = coordination.planning.plan(city, gap=1e-3)
    monkeypatch.setattr("coordination.planning.separate.start_from_above", lambda _: None)
    nothing = coordination.planning.plan(city, gap=1e-3)
    assert whole.bound <= plan.objective < nothing.objective
    assert plan.objective - whole.objective < 0.5 * (nothing.objective - whole.objective)
    assert plan.bound <= whole.objective
    assert verify(plan).ok, str(verify(plan))
    assert verify(nothing).ok


def test_needs_gather_at_the_most_populous_place_of_a_zone(city):
    """A representative lies in the same zone of the level and needs something itself; places without need stay."""
    places, zones = city.places, city.zones.set_index("zone")
    needy = set(city.needs["place"])
    at = representatives(city, "street")
    for row, head in enumerate(at):
        if places["place"][row] not in needy:
            assert head == row
        else:
            assert places["place"][head] in needy
            streets = {zones["parent"][places["zone"][place]] for place in (row, head)}
            assert head == row or len(streets) == 1


def test_service_keeps_within_hours_and_is_put_off(city):
    """Half the hours hand out no more than half the tonnes in any zone and period; what waits is served later."""
    model = ResponseModel.of(Case.of(city))
    serve = np.zeros(len(model.frame.service))
    serve[model.frame.service["period"].to_numpy() == 0] = 10.0
    batch = model.frame.service["batch"].to_numpy()
    tonnes = tonnes_handed(model, serve * model.case.batch_tonnes[batch])
    index = model.handout_data["HANDOUTS"]
    first = index.get_level_values(1).to_numpy() == 0
    capacity = np.where(first, tonnes / 2, 1e9)
    moved = within_hours(model, serve, capacity)
    after = tonnes_handed(model, moved * model.case.batch_tonnes[batch])
    assert (after <= capacity * (1 + 1e-9) + 1e-9).all()
    assert moved.sum() == pytest.approx(serve.sum())
    assert covered_tonnes(model, np.zeros(len(model.roles.cover))).sum() == 0
