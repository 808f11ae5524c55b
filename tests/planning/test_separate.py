"""The large way on a small city: relaxed, rounded area by area, and what is left where time runs out."""

import dataclasses
import itertools

import numpy as np
import pytest

import coordination
import coordination.planning
import coordination.planning.by_area
import coordination.planning.roles
from coordination.generation import generate
from coordination.instance.tables import LEVELS
from coordination.planning.answer import trivial_bound
from coordination.planning.areas import zones_of_level
from coordination.planning.case import Case
from coordination.planning.dispatching.appointing import appoint_rest
from coordination.planning.gathering import area_of_places, gathered_instance, heads, mean_lanes
from coordination.planning.handing import covered_tonnes, tonnes_handed, within_hours
from coordination.planning.model import ResponseModel
from coordination.planning.pieces import across, pieces
from coordination.status import Status
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
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)


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
    monkeypatch.setattr("coordination.planning.planning.field_decision", lambda *_: None)
    plan = coordination.planning.plan(city, gap=1e-3)
    monkeypatch.setattr("coordination.planning.separate.start_from_above", lambda *_: None)
    nothing = coordination.planning.plan(city, gap=1e-3)
    assert whole.bound <= plan.objective < nothing.objective
    assert plan.objective - whole.objective < 0.5 * (nothing.objective - whole.objective)
    assert plan.bound <= whole.objective
    assert verify(plan).ok, str(verify(plan))
    assert verify(nothing).ok


def test_no_plan_is_worse_than_the_field_rules(city, whole, large, monkeypatch):
    """Where nothing better is found the plan is the field rule's: it says so, saves nothing, and has no prices."""
    monkeypatch.setattr("coordination.planning.separate.relax", lambda *_, **__: None)
    monkeypatch.setattr("coordination.planning.separate.start_from_above", lambda *_: None)
    plan, rule = coordination.planning.plan(city, gap=1e-3), coordination.dispatch(city)
    assert plan.sizes["way"] == "field rule"
    assert plan.objective == pytest.approx(rule.objective, rel=1e-12)
    assert plan.bound <= whole.objective
    assert "Nothing better than the field rule's plan" in plan.notes[0]
    assert plan.baseline["saves"] == pytest.approx(0.0)
    assert plan.prices.empty and not plan.reasons
    assert verify(plan).ok


@pytest.mark.parametrize("most", [1, 3])
def test_heads_lie_in_the_same_area_and_are_few(city, most):
    """A head lies in the same district and needs something itself; places without need, and stores, stay."""
    model = ResponseModel.of(Case.of(city))
    needy = model.case.need_total.any(axis=1)
    head, area = heads(model, area_of_places(city), most), area_of_places(city)
    assert (head[head] == head).all()
    assert (area[head] == area).all()
    assert needy[head[needy]].all()
    still = ~needy | model.case.reach.origin
    assert (head[still] == np.flatnonzero(still)).all()
    for number in np.unique(area):
        gathered = (area == number) & (head != np.arange(len(head)))
        assert len(np.unique(head[gathered])) <= most


def test_gathering_keeps_all_need(city):
    """What is needed is needed still, at the heads; a head of several places has no storage limit."""
    head = heads(ResponseModel.of(Case.of(city)), area_of_places(city), 2)
    small = gathered_instance(city, head)
    key = ["commodity", "period", "group"]
    before, after = (table.groupby(key)["quantity"].sum() for table in (city.needs, small.needs))
    assert np.allclose(before, after)
    several = np.bincount(head, minlength=len(head)) > 1
    assert set(small.needs["place"]) <= set(city.places["place"][np.unique(head)])
    assert small.places["storage_tonnes"][several].isna().all()


def test_lanes_to_heads_cost_what_their_places_cost_on_average(city):
    """What is shared out by need takes the hours it was sent with."""
    full = Case.of(city)
    head = heads(ResponseModel.of(full), area_of_places(city), 1)
    small = Case.of(gathered_instance(city, head))
    lanes, mean, weight = full.lanes, mean_lanes(full, small, head), full.need_total @ full.tonnes
    assert len(mean) == len(small.lanes)
    rows = np.random.default_rng(1).choice(np.flatnonzero(np.isin(mean["destination"], head[weight > 0])), 20)
    for row in mean.iloc[rows].itertuples():
        same = (lanes["state"] == row.state) & (lanes["fleet"] == row.fleet) & (lanes["origin"] == row.origin)
        part = lanes[same & (head[lanes["destination"]] == row.destination)]
        tonnes = weight[part["destination"]]
        if tonnes.sum() > 0:
            assert row.hours == pytest.approx((part["hours"] * tonnes).sum() / tonnes.sum())


@pytest.fixture
def very_large(large, monkeypatch):
    """Let everything count as too large for one LP, and gather a small city as a large one would be."""
    monkeypatch.setattr("coordination.planning.separate.VERY_LARGE", -1)
    monkeypatch.setattr("coordination.planning.levels.COARSER", 2.0)
    monkeypatch.setattr("coordination.planning.levels.FINER", 1.0)


def test_by_area_agrees_within_what_is_proven(city, whole, very_large):
    """The plan by area holds; the bounds are below the other way's plan, and not far."""
    apart = coordination.planning.plan(city, gap=1e-3)
    assert apart.sizes["way"] == "by area"
    assert whole.bound <= apart.objective * (1 + 1e-9)
    assert apart.bound <= whole.objective * (1 + 1e-9)
    assert apart.objective <= whole.objective * 1.01
    assert apart.gap < 0.01
    assert verify(apart).ok


def test_what_is_not_solved_to_the_end_proves_nothing(city, very_large, monkeypatch):
    """Areas' values count where their LP was stopped, their duals do not: the bound is the one that needs no solver."""
    found = coordination.planning.by_area.solve

    def stopped(form, **options):
        solution = found(form, **options)
        return dataclasses.replace(solution, status=Status.FEASIBLE, row_dual=1e3 * np.ones(form.rows))

    monkeypatch.setattr("coordination.planning.by_area.solve", stopped)
    plan = coordination.planning.plan(city, gap=1e-3)
    assert plan.sizes["way"] == "by area"
    assert plan.bound == pytest.approx(trivial_bound(ResponseModel.of(Case.of(city))))
    assert verify(plan).ok


def test_by_area_out_of_time_still_holds(city, very_large):
    """With hardly any time there is a plan, and it keeps all rules."""
    plan = coordination.planning.plan(city, time_limit=2.0)
    assert verify(plan).ok
    assert plan.baseline is None or plan.objective <= plan.baseline["objective"] * (1 + 1e-9)


@pytest.mark.parametrize("way", ["by area", "separate"])
def test_areas_without_roles_in_time_are_given_out_as_the_field_rule_would(city, whole, large, monkeypatch, way):
    """Where every second area's roles are not found the plan keeps all rules and is far better than nobody acting."""
    if way == "by area":
        monkeypatch.setattr("coordination.planning.separate.VERY_LARGE", -1)
        monkeypatch.setattr("coordination.planning.levels.COARSER", 2.0)
        monkeypatch.setattr("coordination.planning.levels.FINER", 1.0)
    monkeypatch.setattr("coordination.planning.planning.field_decision", lambda *_: None)
    found, calls = coordination.planning.roles.solve, itertools.count()

    def every_second(form, *, options, **rest):
        short = dataclasses.replace(options, time_limit=0.0) if next(calls) % 2 else options
        return found(form, options=short, **rest)

    monkeypatch.setattr("coordination.planning.roles.solve", every_second)
    plan = coordination.planning.plan(city, gap=1e-3)
    assert plan.sizes["way"] == way
    assert next(calls) > 2
    assert whole.bound <= plan.objective * (1 + 1e-9)
    assert plan.objective <= whole.objective * 1.05
    assert verify(plan).ok, str(verify(plan))


def test_the_rest_is_given_out_within_the_hours_that_are_left(city):
    """Giving out the second half of the tasks after the first keeps the first half's roles and everybody's hours."""
    roles = ResponseModel.of(Case.of(city)).roles
    tasks = np.arange(len(roles.tasks))
    nobody = {name: np.zeros(len(getattr(roles, f"{name}s"))) for name in ("doer", "backup")}
    nobody["cover"] = np.zeros(len(roles.cover))
    first = appoint_rest(roles, nobody, tasks[::2])
    both = appoint_rest(roles, first, tasks[1::2])
    kept = first["doer"] > 0
    assert kept.any()
    assert (both["doer"][kept] == 1).all()
    assert both["doer"].sum() > kept.sum()
    cover = roles.cover.assign(hours_taken=both["cover"] * roles.cover["factor"])
    stands = roles.backups[both["backup"] > 0]
    assert len(stands) > 0
    taken = cover.groupby(["party", "period"])["hours_taken"].sum()
    for row in stands.itertuples():
        for period in range(row.start, row.end + 1):
            taken.loc[row.party, period] = taken.get((row.party, period), 0.0) + row.reserve
    party, period = (taken.index.get_level_values(level).to_numpy() for level in (0, 1))
    over_all = roles.available[len(city.skills) + party, period]
    assert (taken.to_numpy() <= over_all + 1e-6).all()


def test_large_areas_are_cut_into_pieces_of_whole_streets(city, monkeypatch):
    """No street is cut, no piece crosses districts, and pieces are smaller than what they are cut from."""
    monkeypatch.setattr("coordination.planning.pieces.LARGEST_PIECE", 1000)
    model = ResponseModel.of(Case.of(city))
    whole = pieces(model)
    monkeypatch.setattr("coordination.planning.pieces.LARGEST_PIECE", 5)
    parts = pieces(model)
    street = zones_of_level(model, LEVELS.index("street"))
    for number in np.unique(street[street >= 0]):
        assert len(np.unique(parts[street == number])) == 1
    for number in np.unique(parts):
        assert len(np.unique(whole[parts == number])) == 1
    assert len(np.unique(parts)) > len(np.unique(whole))


def test_the_cut_across_mixes_all_pieces(city, monkeypatch):
    """Every area across has zones of several pieces, and there are as many of them."""
    monkeypatch.setattr("coordination.planning.pieces.LARGEST_PIECE", 5)
    model = ResponseModel.of(Case.of(city))
    cut, mixed = pieces(model), across(model)
    assert len(np.unique(mixed)) == len(np.unique(cut))
    for number in np.unique(mixed):
        assert len(np.unique(cut[mixed == number])) > 1


@pytest.mark.thorough
def test_deciding_across_areas_only_gains(city, very_large, monkeypatch):
    """A wanted gap of nothing makes areas decide across, too: no worse than without, and all rules are kept."""
    monkeypatch.setattr("coordination.planning.pieces.LARGEST_PIECE", 5)
    cuts = []
    monkeypatch.setattr("coordination.planning.by_area.across", lambda model: cuts.append(across(model)) or cuts[-1])
    with_it = coordination.planning.plan(city, gap=1e-9)
    assert len(cuts) == 1
    monkeypatch.setattr("coordination.planning.by_area.ACROSS", np.inf)
    without = coordination.planning.plan(city, gap=1e-9)
    assert with_it.objective <= without.objective * (1 + 1e-4)
    assert len(cuts) == 1
    assert with_it.bound <= with_it.objective
    assert verify(with_it).ok


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


@pytest.mark.thorough
@pytest.mark.parametrize("way", ["separate", "by area"])
def test_large_cities_keep_reliability_and_coverage(city, way, large, monkeypatch):
    """Expected hours and coverage hold on large instances by either way, and loads are made fair there, too."""
    if way == "by area":
        monkeypatch.setattr("coordination.planning.separate.VERY_LARGE", -1)
        monkeypatch.setattr("coordination.planning.levels.COARSER", 2.0)
        monkeypatch.setattr("coordination.planning.levels.FINER", 1.0)
    policy = city.given_header().get("policy", {}) | {"reliability": "expected", "coverage": 0.99}
    plain = coordination.planning.plan(city.replace(policy=policy), gap=1e-3)
    assert plain.sizes["way"] == way
    assert plain.bound <= plain.objective
    fair = coordination.planning.plan(city.replace(policy=policy | {"load": "leximin"}), gap=1e-3)
    assert any(note.startswith("Fair loads of") for note in fair.notes)
    for plan in (plain, fair):
        assert verify(plan).ok, str(verify(plan))
