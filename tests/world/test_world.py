"""The world: effects of the active scenario by period, by hand."""

import numpy as np
import pandas as pd
import pytest

from coordination.instance import Instance
from coordination.world import World

TABLES = {
    "zones": [
        {"zone": "metro", "level": "metro"},
        {"zone": "north", "level": "district", "parent": "metro"},
        {"zone": "lane", "level": "community", "parent": "north"},
        {"zone": "south", "level": "district", "parent": "metro"},
    ],
    "parties": [
        {"party": "core", "kind": "core", "zone": "metro"},
        {"party": "doctors", "kind": "hospital", "zone": "north", "superior": "core"},
    ],
    "skills": [
        {"party": "core", "skill": "carry", "hours": 10},
        {"party": "doctors", "skill": "care", "hours": 4, "emergency_hours": 8},
    ],
    "places": [
        {"place": "depot", "kind": "depot", "zone": "south", "storage_tonnes": 100},
        {"place": "home", "kind": "community", "zone": "lane"},
        {"place": "hall", "kind": "facility", "zone": "north", "storage_tonnes": 10},
        {"place": "fork", "kind": "junction", "zone": "north"},
    ],
    "roads": [
        {"road": "r1", "from": "depot", "to": "fork", "minutes": 10, "km": 5, "capacity_tonnes": 6},
        {"road": "r2", "from": "depot", "to": "home", "minutes": 30, "km": 9},
        {"road": "r3", "from": "depot", "to": "depot2", "minutes": 1, "km": 1},
    ],
    "commodities": [
        {"commodity": "water", "kg": 1, "cost_without": 5},
        {"commodity": "bread", "kg": 1, "cost_without": 5, "shelf_life": 2},
    ],
    "stocks": [
        {"place": "depot", "commodity": "water", "quantity": 7, "owner": "core"},
        {"place": "depot", "commodity": "bread", "quantity": 7, "owner": "core"},
        {"place": "home", "commodity": "bread", "quantity": 1, "owner": "core", "expires": 3},
    ],
    "arrivals": [
        {"place": "depot", "commodity": "water", "quantity": 7, "owner": "core", "period": 2},
        {"place": "depot", "commodity": "bread", "quantity": 8, "owner": "core", "period": 2},
        {"place": "home", "commodity": "bread", "quantity": 9, "owner": "core", "period": 1, "expires": 1},
    ],
    "needs": [
        {"place": "home", "commodity": "water", "period": 0, "quantity": 10},
        {"place": "home", "commodity": "water", "period": 1, "quantity": 10, "group": "vulnerable"},
        {"place": "hall", "commodity": "bread", "period": 1, "quantity": 4},
    ],
    "fleets": [
        {"fleet": "vans", "party": "core", "base": "depot", "vehicles": 4, "payload_tonnes": 1, "hours": 8},
        {"fleet": "bikes", "party": "core", "base": "home", "vehicles": 2.5, "payload_tonnes": 1, "hours": 8},
    ],
    "facilities": [
        {"place": "hall", "service": "sport", "everyday_value": 1, "emergency_use": "beds", "emergency_capacity": 50}
    ],
}


def world(*effects, tables=TABLES):
    """Return the world of a small town under a scenario with these effects."""
    places = [*tables["places"], {"place": "depot2", "kind": "depot", "zone": "south"}]
    scenarios = [{"scenario": s, "hazard": "flood", "probability": 0.5} for s in ("flood", "other")]
    rows = [{"scenario": "flood"} | effect for effect in effects]
    header = {"name": "town", "periods": 4, "period_hours": 6}
    instance = Instance.from_tables(header, tables | {"places": places, "scenarios": scenarios, "effects": rows})
    return World.of(instance.under("flood"))


def effect(table, where="*", factor=0.5, **more):
    """Return an effect."""
    return {"table": table, "where": where, "factor": factor} | more


def test_without_a_scenario_it_is_the_instance():
    """With no scenario active, or another one, nothing is changed."""
    flood = world(effect("needs"), effect("fleets"), effect("skills"), effect("roads", factor=0), effect("stocks"))
    for scenario in (None, "other"):
        plain = World.of(flood.instance.under(scenario))
        assert plain.needs["quantity"].tolist() == [10, 10, 4]
        assert plain.vehicles.tolist() == [[4] * 4, [2.5] * 4]
        assert plain.skill_hours.tolist() == [[10] * 4, [4] * 4]
        assert plain.skill_emergency_hours.tolist() == [[10] * 4, [8] * 4]
        assert plain.storage[:3, 0].tolist() == [100, np.inf, 10]
        assert plain.emergency_capacity.tolist() == [[50] * 4]
        assert plain.road_state.tolist() == [0, 0, 0, 0]
        assert plain.keep.empty and list(plain.keep) == ["place", "commodity", "period", "factor"]


def test_effects_multiply_and_compound():
    """Two effects on one row and period multiply; start and end are inclusive; absent ones are the horizon."""
    flood = world(effect("fleets", "vans", 0.5, start=1, end=2), effect("fleets", "*", 0.5, start=2))
    assert flood.vehicles.tolist() == [[4, 2, 1, 2], [2.5, 2.5, 1.25, 1.25]]


@pytest.mark.parametrize(
    ("where", "hit"),
    [
        ("depot", [True, False, False]),
        ("north", [False, False, True]),
        ("metro", [True, False, True]),
        ("lane", [False] * 3),
    ],
)
def test_where_is_an_id_or_a_zone_with_all_zones_within(where, hit):
    """A zone acts on all places in it and in zones within it; unlimited storage stays unlimited."""
    storage = world(effect("places", where)).storage[:3, 0]
    assert storage.tolist() == [50 if hit[0] else 100, np.inf, 5 if hit[2] else 10]


def test_needs_and_arrivals_by_place_commodity_and_period():
    """The commodity filters; quantities change in the periods given; zero stays as a row."""
    flood = world(
        effect("needs", "north", 0, commodity="water", start=1),
        effect("needs", "home", 3, end=0),
        effect("arrivals", "depot", 0.25, commodity="bread"),
    )
    assert flood.needs["quantity"].tolist() == [30, 0, 4]
    assert flood.needs["group"].tolist() == ["general", "vulnerable", "general"]
    assert flood.arrivals["quantity"].tolist() == [7, 2, 9]


def test_stocks_lose_at_the_beginning_of_start_only():
    """What lies at a place at the beginning of start is hit once, end does not matter; the table stays as it is."""
    flood = world(
        effect("stocks", "depot", 0.5, start=2, end=3),
        effect("stocks", "south", 0.5, commodity="bread", start=2),
        effect("stocks", "home", 0, start=0),
    )
    assert flood.stocks["quantity"].tolist() == [7, 7, 1]
    assert flood.stocks["period"].tolist() == [0, 0, 0]
    expected = pd.DataFrame(
        [
            ("depot", "water", 2, 0.5),
            ("depot", "bread", 2, 0.25),
            ("home", "water", 0, 0.0),
            ("home", "bread", 0, 0.0),
            ("depot2", "bread", 2, 0.5),
        ],
        columns=["place", "commodity", "period", "factor"],
    )
    pd.testing.assert_frame_equal(flood.keep, expected)


def test_effective_expiry():
    """Given, else shelf_life − 1 after the first period, else never."""
    assert world().stocks["expires"].tolist() == [np.inf, 1, 3]
    assert world().arrivals["expires"].tolist() == [np.inf, 3, 1]


def test_skills_by_party_or_zone_of_the_party():
    """Both kinds of hours are hit, by party or by the zone of its jurisdiction."""
    by_party = world(effect("skills", "doctors", start=3))
    assert by_party.skill_hours[1].tolist() == [4, 4, 4, 2]
    assert by_party.skill_emergency_hours[1].tolist() == [8, 8, 8, 4]
    assert world(effect("skills", "north")).skill_hours[:, 0].tolist() == [10, 2]
    assert world(effect("skills", "metro")).skill_hours[:, 0].tolist() == [5, 2]


def test_fleets_lie_in_the_zone_of_their_base_and_facilities_in_that_of_their_place():
    """A zone's effect hits the fleets based in it, and the facilities in it."""
    flood = world(effect("fleets", "north"), effect("facilities", "north", 2))
    assert flood.vehicles[:, 0].tolist() == [4, 1.25]
    assert flood.emergency_capacity[:, 0].tolist() == [100]


@pytest.mark.parametrize(
    ("where", "closed"),
    [
        ("r1", {"r1"}),
        ("lane", {"r2"}),
        ("north", {"r1", "r2"}),
        ("south", {"r1", "r2", "r3"}),
        ("*", {"r1", "r2", "r3"}),
    ],
)
def test_roads_with_an_end_in_the_zone(where, closed):
    """A zone's effect hits each road with an end in it, once."""
    from coordination.network import Network

    network = Network.of(world(effect("roads", where, 0, start=1)).instance)
    assert network.road_state.tolist() == [0, 1, 1, 1]
    open_roads = {key for _, _, key in network.graph(1).edges(keys=True)}
    assert open_roads == {"r1", "r2", "r3"} - closed
    halved = Network.of(world(effect("roads", where, 0.5)).instance).graph(0)
    assert halved.edges["depot", "fork", "r1"]["minutes"] == (20 if "r1" in closed else 10)
    assert halved.edges["depot", "fork", "r1"]["capacity_tonnes"] == (3 if "r1" in closed else 6)


def test_road_states_of_world_and_network_agree():
    """The world's state of a period is an index into the network's states."""
    from coordination.network import Network

    flood = world(effect("roads", "r2", 0.5, start=1, end=1), effect("roads", "r2", 2, start=3))
    assert flood.road_state.tolist() == [0, 1, 0, 2]
    assert Network.of(flood.instance).road_state.tolist() == [0, 1, 0, 2]
    assert len(Network.of(flood.instance).states) == 3


def test_an_id_of_the_table_wins_over_a_zone_of_that_name():
    """Where a zone and a place are called alike, the place is meant."""
    places = [*TABLES["places"], {"place": "north", "kind": "depot", "zone": "south", "storage_tonnes": 8}]
    storage = world(effect("places", "north"), tables=TABLES | {"places": places}).storage[:, 0]
    assert storage.tolist() == [100, np.inf, 10, np.inf, 4, np.inf]
