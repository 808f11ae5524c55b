"""A coarser instance holds the same people, hours and work, and costs the same where it may."""

import numpy as np
import pytest
from click.testing import CliRunner

import coordination as co
from coordination.cli import cli
from coordination.errors import UsageError
from coordination.world import World
from tests.preparation.cases import random_town
from tests.support.tiny import TRUCK, need, stock, tiny

ZONES = [
    {"zone": "city", "level": "city"},
    {"zone": "north", "level": "district", "parent": "city"},
    {"zone": "east", "level": "community", "parent": "north"},
    {"zone": "west", "level": "community", "parent": "north"},
]
PLACES = [
    {"place": "depot", "kind": "depot", "zone": "city"},
    {"place": "home", "kind": "community", "zone": "east", "population": 10, "vulnerable": 0.5, "owner": "team_e"},
    {"place": "farm", "kind": "community", "zone": "west", "population": 30, "vulnerable": 0.1},
]
ROADS = [
    {"road": "r", "from": "depot", "to": "home", "km": 30, "minutes": 60},
    {"road": "q", "from": "depot", "to": "farm", "km": 30, "minutes": 60},
]
TEAM = {"kind": "volunteers", "superior": "core"}
PARTIES = [
    {"party": "core", "kind": "core", "zone": "city"},
    {"party": "team_e", "zone": "east", "reliability": 0.5, "hours": 9, **TEAM},
    {"party": "team_w", "zone": "west", "reliability": 1.0, **TEAM},
]
SKILLS = [
    {"party": "team_e", "skill": "carry", "hours": 4, "cost_per_hour": 10},
    {"party": "team_w", "skill": "carry", "hours": 12, "cost_per_hour": 2},
]
HAND_OUT = {"domain": "supply", "skill": "carry", "doers": 2, "backups": 1}
TASKS = [
    {"task": "give_e", "zone": "east", "hours": 3, **HAND_OUT},
    {"task": "give_w", "zone": "west", "hours": 5, **HAND_OUT},
]


def two(policy=None, **tables):
    """Return a depot and two communities of one district, equally far, each with a team and a task to hand out."""
    given = {
        "zones": ZONES, "places": PLACES, "roads": ROADS, "parties": PARTIES, "skills": SKILLS, "tasks": TASKS,
        "fleets": [TRUCK], "stocks": [stock(20)], "needs": [need(9, 0), need(3, 1, "farm"), need(6, 0, "farm")],
    }  # fmt: skip
    return tiny(policy=policy, periods=2, **given | tables)


def test_two_communities_become_one():
    """People, needs, hours and tasks add up at one of them; pay and reliability are means over hours."""
    coarse = co.aggregate(two(), "district")
    assert coarse.zones["zone"].tolist() == ["city", "north"]
    places = coarse.places.set_index("place")
    kinds = {"depot": "depot", "home": "community", "farm": "junction"}
    assert places["kind"].to_dict() == kinds  # the first of two that are equally far
    assert (places.loc["home", "population"], places.loc["home", "vulnerable"]) == (40, pytest.approx(0.2))
    needs = coarse.needs.set_index(["place", "period"])["quantity"].to_dict()
    assert needs == {("home", 0): 15, ("home", 1): 3}
    party = coarse.parties.set_index("party").loc["team_e"]
    assert (party["zone"], party["hours"]) == ("north", 9 + 12)  # without hours of its own: those of its skills
    assert party["reliability"] == pytest.approx((4 * 0.5 + 12 * 1.0) / 16)
    skill = coarse.skills.iloc[0]
    assert (skill["hours"], skill["cost_per_hour"]) == (16, pytest.approx((4 * 10 + 12 * 2) / 16))
    assert coarse.tasks[["task", "zone", "hours", "doers", "backups"]].to_numpy().tolist() == [
        ["give_e", "north", 8, 2, 1]
    ]


def test_efforts_are_means_over_the_pairs_that_could_work():
    """Each team can do its own task: 3 hours at factor 2, 5 hours at the default of 1; what doing costs adds up."""
    coarse = co.aggregate(two(efforts=[{"task": "give_e", "party": "team_e", "factor": 2, "cost": 7}]), "district")
    assert coarse.efforts[["factor", "cost"]].to_numpy().tolist() == [[pytest.approx((3 * 2 + 5 * 1) / 8), 7]]


def test_equally_far_costs_the_same():
    """Without tasks, two communities that are equally far cost together what they cost apart."""
    full = two(tasks=[], skills=[])
    costs = [co.plan(one, gap=1e-9).objective for one in (full, co.aggregate(full, "district"))]
    assert costs[0] == pytest.approx(costs[1])
    assert costs[0] > 0


def test_hours_are_shared_and_never_dearer():
    """Hours shared in the district can only help where communities are equally far."""
    full = two(needs=[need(60, 0), need(60, 1, "farm")], stocks=[stock(200)])
    cheap, dear = (co.plan(one, gap=1e-9).objective for one in (co.aggregate(full, "district"), full))
    assert cheap <= dear + 1e-6


def test_the_level_of_all_changes_nothing():
    """Where nothing lies below the level, the instance is the same, to the fingerprint."""
    for instance in (two(), random_town(0, tasks=True)):
        assert co.aggregate(instance, "community") == instance


def test_what_is_named_stays():
    """Who owns stock or stands by, where goods lie or may be bought, tasks in conflict, zones of floors: all stay."""
    full = two(
        stocks=[stock(20), stock(1, "farm", owner="team_w")],
        standby=[{"party": "team_e", "skill": "carry", "unit_money": 1, "max": 2}],
        conflicts=[{"task": "give_e", "other": "give_w"}],
    )
    coarse = co.aggregate(full, "district")
    assert coarse.parties["party"].tolist() == ["core", "team_e", "team_w"]
    assert coarse.places.set_index("place").loc["farm", "kind"] == "community"
    assert coarse.tasks["task"].tolist() == ["give_e", "give_w"]
    assert set(coarse.tasks["zone"]) == {"north"}
    floors = [{"commodity": "rice", "quantity": 1, "zone": "west", "price": 1}]
    assert co.aggregate(two(floors=floors), "district").zones["zone"].tolist() == ["city", "north", "west"]


SCENARIO = [{"scenario": "s", "hazard": "any", "probability": 1}]


@pytest.mark.parametrize("where", ["east", "home"])
def test_effects_on_parts_become_means(where):
    """Twice the need of one community is more need of both; half the hours of one team is fewer hours of both."""
    effects = [
        {"scenario": "s", "table": "needs", "where": where, "factor": 2},
        {"scenario": "s", "table": "needs", "start": 1, "factor": 3},
        {"scenario": "s", "table": "skills", "where": "team_w", "start": 1, "factor": 0.5},
        {"scenario": "s", "table": "fleets", "factor": 0.5},
    ]
    world = World.of(co.aggregate(two(scenarios=SCENARIO, effects=effects), "district").under("s"))
    assert world.needs.set_index("period")["quantity"].to_dict() == pytest.approx({0: 2 * 9 + 6, 1: 3 * 3})
    np.testing.assert_allclose(world.skill_hours, [[16, 4 + 12 * 0.5]])
    np.testing.assert_allclose(world.vehicles, [[0.5, 0.5]])


def test_effects_on_districts_stay_as_they_are():
    """What names no part is kept, row by row."""
    full = two(scenarios=SCENARIO, effects=[{"scenario": "s", "table": "needs", "where": "north", "factor": 2}])
    assert co.aggregate(full, "district").effects.equals(full.effects)


def test_observations_are_means_over_people():
    """A zone's own observation counts; else the mean of those within it, weighted by people."""
    rows = [
        {"period": t, "zone": zone, "indicator": "fever", "value": value}
        for t, zone, value in [(0, "east", 8), (0, "west", 4), (1, "east", 8), (1, "north", 1)]
    ]
    coarse = co.aggregate(two(observations=rows), "district").observations.set_index("period")
    assert coarse["value"].to_dict() == {0: pytest.approx((10 * 8 + 30 * 4) / 40), 1: 1}


def test_superiors_never_go_round():
    """Two kinds that answer to each other in turn answer to the core once they are put together."""
    parties = [
        PARTIES[0],
        {"party": "a1", "kind": "volunteers", "zone": "east", "superior": "b1"},
        {"party": "b1", "kind": "social_workers", "zone": "east", "superior": "core"},
        {"party": "b2", "kind": "social_workers", "zone": "west", "superior": "a2"},
        {"party": "a2", "kind": "volunteers", "zone": "west", "superior": "core"},
    ]
    places = [{key: value for key, value in place.items() if key != "owner"} for place in PLACES]
    for order in (parties, parties[::-1]):
        coarse = co.aggregate(two(places=places, parties=order, skills=[], tasks=[]), "district")
        assert len(coarse.parties) == 3


def test_a_city_keeps_its_totals():
    """Of a generated city people, needs, hours and work stay the same, and plans of it verify."""
    full = co.generate(communities=12, periods=2, commodities=3, seed=5)
    coarse = co.aggregate(full, "street")
    assert len(coarse.tasks) < len(full.tasks)
    assert len(coarse.parties) < len(full.parties)
    for table, column in [("places", "population"), ("needs", "quantity"), ("tasks", "hours"), ("skills", "hours")]:
        assert coarse.tables[table][column].sum() == pytest.approx(full.tables[table][column].sum())
    people = [(one.places["population"] * one.places["vulnerable"]).sum() for one in (full, coarse)]
    assert people[0] == pytest.approx(people[1])
    assert co.verify(co.dispatch(coarse)).ok


def test_what_does_not_add_up_is_refused():
    """Pins name single rows: refused by name. A level that is none is answered with the nearest."""
    pins = [
        {"table": "responsibilities", "where": "task=give_e;role=responsible", "column": "party", "value": "team_e"}
    ]
    with pytest.raises(UsageError, match=r"corrections by hand \(table pins, 1 row\)"):
        co.aggregate(two(pins=pins), "district")
    with pytest.raises(UsageError, match=r"level is 'distrikt'.*district"):
        co.aggregate(two(), "distrikt")


def test_the_command_writes_an_instance(tmp_path):
    """`aggregate` writes an instance that reads back, and says how much smaller it is."""
    two().save(tmp_path / "full")
    out = tmp_path / "coarse"
    done = CliRunner().invoke(cli, ["aggregate", str(tmp_path / "full"), "--out", str(out)])
    assert (done.exit_code, "zones 4 to 2" in done.output) == (0, True), done.output
    assert co.load(out) == co.aggregate(two(), "district")


def prepared_by_district():
    """Return the two communities with something to prepare."""
    return two(
        purchases=[{"place": "depot", "commodity": "rice", "owner": "core", "unit_money": 1, "max": 5}],
        standby=[{"party": "team_e", "skill": "carry", "unit_money": 0.1, "max": 2}],
        scenarios=[{"scenario": "calm", "hazard": "none", "probability": 0.5},
                   {"scenario": "more", "hazard": "flood", "probability": 0.5}],
        effects=[{"scenario": "more", "table": "needs", "where": "east", "factor": 4}],
    )  # fmt: skip


def test_a_preparation_by_level_is_replayed_in_full(tmp_path):
    """What is decided by district holds in the city: full plans of it, their difference, a folder that verifies."""
    full = prepared_by_district()
    found = co.prepare(full, level="district", replay=2, keep=["more"])
    assert (found.level, len(found.instance.tasks)) == ("district", 1)
    for row in found.replayed:
        after = co.plan(found.prepared(full), scenario=row["scenario"])
        assert row["plan"] == pytest.approx(after.objective)
        assert row["difference"] == pytest.approx(row["plan"] - row["response"])
    assert len(found.plans["more"].instance.tasks) == 2
    found.save(tmp_path / "out")
    again = co.Preparation.load(tmp_path / "out")
    assert again.level == "district"
    assert co.verify(tmp_path / "out").ok
