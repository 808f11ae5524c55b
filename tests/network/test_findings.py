"""Findings before planning, by hand; and what can be where, against a search over all trips."""

import itertools

import numpy as np
import pytest

from coordination.network import Network
from coordination.network.reach import Reach
from coordination.network.worth import bringing_cost, handing_out_cost
from coordination.world import World
from tests.network.cities import HEADER, city, fleet


def need(place="b", commodity="water", quantity=10, period=0, **more):
    """Return a need."""
    return {"place": place, "commodity": commodity, "quantity": quantity, "period": period} | more


def stock(place="a", commodity="water", quantity=10, **more):
    """Return a stock of the core."""
    return {"place": place, "commodity": commodity, "quantity": quantity, "owner": "core"} | more


def told(roads, **tables):
    """Return (kind, subject, message) of the findings of a city."""
    return [(f.kind, f.subject, f.message) for f in Network.of(city(roads, **tables)).findings()]


COMMODITY = {"commodity": "water", "kg": 1, "unit": "l", "cost_without": 1}


def test_all_is_well():
    """Goods that can be brought in time at a price worth it: nothing to say."""
    assert told([("a", "b")], needs=[need()], stocks=[stock()]) == []


def test_a_place_without_a_way_is_named():
    """A need at a place to which no fleet has a trip is told by place, quantity, unit and commodity."""
    found = told([("a", "b")], needs=[need("c"), need("b")], stocks=[stock()], commodities=[COMMODITY])
    assert [f[:2] for f in found] == [("unreachable", "place 'c'")]
    assert found[0][2] == "nothing can bring 10 l of water: no fleet has a trip there and back to its base."


def test_a_commodity_that_is_nowhere_is_told_once():
    """Needs of what nobody has are one finding for the commodity, whatever the number of places."""
    found = told([("a", "b"), ("b", "c")], needs=[need("c"), need("b", quantity=2.5)])
    assert [f[:2] for f in found] == [("unreachable", "commodity 'water'")]
    assert "12.5 units of water are needed at 2 place(s)" in found[0][2]


def test_goods_where_no_fleet_loads():
    """Stock that no fleet can load is told, and the need that waits for it; stock that serves its own place is not."""
    roads = [("a", "b"), ("b", "c")]
    found = told(roads, needs=[need("b")], stocks=[stock("c")], fleets=[{"loads_at": "a"}])
    assert [f[:2] for f in found] == [("unreachable", "place 'b'"), ("unloadable", "place 'c'")]
    assert "no fleet that can load it has a trip there that arrives in time" in found[0][2]
    assert told(roads, needs=[need("b")], stocks=[stock("b")], fleets=[{"loads_at": "a"}]) == []


def test_relays_count():
    """Goods that one fleet brings to where another loads reach what the second one serves."""
    roads = [{"from": "a", "to": "b", "minutes": 25}, {"from": "b", "to": "c", "minutes": 25}]
    fleets = [{"loads_at": "a"}, fleet(fleet="g", base="b", loads_at="b")]
    alone = [{"loads_at": "b"}]
    assert told(roads, needs=[need("c")], stocks=[stock("a")], fleets=fleets) == []
    assert len(told(roads, needs=[need("c")], stocks=[stock("a")], fleets=alone)) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"needs": [need(period=0)], "commodities": [COMMODITY | {"carry_over": 0}]}, "nothing can bring 10 l"),
        (
            {"needs": [need(period=0), need(period=1)], "commodities": [COMMODITY | {"carry_over": 0}]},
            "10 l of water of",
        ),
        ({"needs": [need(period=0)]}, None),
        (
            {"needs": [need(period=2)], "stocks": [stock(expires=1)], "commodities": [COMMODITY]},
            "nothing can bring 10 l",
        ),
        ({"needs": [need(period=1)], "stocks": [stock(expires=1)]}, None),
        ({"needs": [need(period=1)], "stocks": [stock(expires=0)], "commodities": [COMMODITY]}, "nothing can bring"),
    ],
)
def test_time_counts(changes, words):
    """A trip of one period is too late for need that lapses, and for goods that expire first; else it is in time."""
    found = told([("a", "b", 60)], **({"stocks": [stock()]} | changes))
    assert len(found) == (words is not None)
    assert words is None or words in found[0][2]


def test_a_fleet_without_vehicles_brings_nothing():
    """Vehicles and hours of the scenario decide, period by period."""
    scenario = {"scenarios": [{"scenario": "s", "hazard": "h", "probability": 1}]}
    effects = [{"scenario": "s", "table": "fleets", "where": "f", "factor": 0, "start": 0, "end": 1}]
    instance = city([("a", "b", 59)], needs=[need()], stocks=[stock()], effects=effects, **scenario).under("s")
    assert Network.of(instance).findings() == ()
    always = instance.replace(effects=[effects[0] | {"end": 2}])
    assert [f.kind for f in Network.of(always).findings()] == ["unreachable", "unloadable"]


def test_goods_that_a_hazard_destroys_are_gone():
    """Stock that a factor of 0 destroys before the roads open reaches nobody."""
    effects = [
        {"scenario": "s", "table": "roads", "where": "*", "factor": 0, "end": 1},
        {"scenario": "s", "table": "stocks", "where": "a", "factor": 0, "start": 2},
    ]
    scenario = {"scenarios": [{"scenario": "s", "hazard": "h", "probability": 1}], "effects": effects}
    instance = city([("a", "b")], needs=[need()], stocks=[stock()], **scenario).under("s")
    assert [f.kind for f in Network.of(instance).findings()] == ["unreachable"]
    assert Network.of(instance.replace(effects=effects[:1])).findings() == ()


def test_many_places_are_listed_in_one_line():
    """Beyond the first twenty, places without a way share one finding that names them."""
    places = [f"p{n}" for n in range(30)]
    found = told([], places=places, needs=[need(place) for place in places[1:]], stocks=[stock("p0", quantity=1)])
    lost = [f for f in found if f[0] == "unreachable"]
    assert len(lost) == 21
    assert lost[-1][1] == "9 further places"
    assert "p21, p22" in lost[-1][2] and "p29" in lost[-1][2]


@pytest.mark.parametrize(("cost_without", "told_of"), [(0.0039, True), (0.0041, False)])
def test_bringing_that_costs_more_than_going_without(cost_without, told_of):
    """A trip of 2 km there and back at 2 a km for a tonne costs 4: below that per tonne and period, it is told."""
    commodity = COMMODITY | {"cost_without": cost_without}
    found = told([("a", "b")], commodities=[commodity], needs=[need()], stocks=[stock()])
    assert [f[:2] for f in found] == ([("deprivation", "commodity 'water'")] if told_of else [])
    assert not told_of or ("at 1 of 1 place(s)" in found[0][2] and "3.9 against 4 at place 'b'" in found[0][2])


def test_handing_out_takes_the_cheapest_able_party_in_every_zone_around():
    """Factor times pay less benefit, by hour, over tonnes per hour; both zones; only periods with a task."""
    instance = city(
        [("a", "b")],
        zones=[
            {"zone": "z", "level": "city"},
            {"zone": "y", "level": "district", "parent": "z"},
            {"zone": "x", "level": "city"},
        ],
        parties=[
            {"party": "core", "kind": "core", "zone": "z"},
            {"party": "near", "kind": "volunteers", "zone": "y", "superior": "core"},
            {"party": "far", "kind": "volunteers", "zone": "x", "superior": "core"},
        ],
        skills=[
            {"party": "near", "skill": "carry", "hours": 1, "cost_per_hour": 8},
            {"party": "core", "skill": "carry", "hours": 1, "cost_per_hour": 20},
            {"party": "far", "skill": "carry", "hours": 1, "cost_per_hour": 1},
        ],
        tasks=[
            {"task": "inner", "domain": "supply", "zone": "y", "skill": "carry", "hours": 5},
            {"task": "outer", "domain": "supply", "zone": "z", "skill": "carry", "hours": 5, "start": 1},
        ],
        efforts=[{"task": "inner", "party": "near", "factor": 2}],
        interests=[{"party": "near", "domain": "supply", "benefit": 3}],
    )
    placed = instance.given("places").assign(zone=["y", "z", "x"])
    assert handing_out_cost(instance.replace(places=placed)).tolist() == [26, 0, 0]
    whole = instance.given("tasks").assign(start=0)
    assert handing_out_cost(instance.replace(places=placed, tasks=whole)).tolist() == [36, 10, 0]
    nobody = instance.replace(places=placed, tasks=whole, skills=[])
    assert handing_out_cost(nobody).tolist() == [np.inf, np.inf, 0]


def test_bringing_adds_up_over_relays():
    """The cheapest chain of trips counts, nothing where goods lie, inf where none come."""
    roads = [("a", "b", 1, 1), ("b", "c", 1, 3)]
    fleets = [{"loads_at": "a", "payload_tonnes": 2}, fleet(fleet="g", base="b", loads_at="b", cost_per_km=0.5)]
    network = Network.of(city(roads, "abcd", fleets=fleets, stocks=[stock("a")]))
    cost = bringing_cost(network, Reach.of(network, World.of(network.instance)))
    assert cost[:, 0].tolist() == [0, 2, 5, np.inf]


@pytest.mark.parametrize("seed", range(20))
def test_reach_is_that_of_single_trips(seed):
    """What can be where is what a search over single trips, period by period, finds."""
    rng = np.random.default_rng(seed)
    places = "abcde"
    roads = [
        {"from": str(u), "to": str(v), "minutes": float(rng.choice([0, 20, 50])), "both_ways": bool(rng.random() < 0.8)}
        for u, v in (rng.choice(list(places), 2, replace=False) for _ in range(6))
    ]
    fleets = [{"loads_at": "a;b"}, fleet(fleet="g", base="c", loads_at="c;d")]
    lots = [stock(str(rng.choice(list(places))), expires=int(rng.integers(0, 4)))]
    arrivals = [stock(str(rng.choice(list(places)))) | {"period": int(rng.integers(0, 4))}]
    instance = city(roads, places, fleets=fleets, stocks=lots, arrivals=arrivals, header=HEADER | {"periods": 4})
    network = Network.of(instance)
    code = {place: number for number, place in enumerate(places)}
    seen = {(code[lots[0]["place"]], 0, lots[0]["expires"]), (code[arrivals[0]["place"]], arrivals[0]["period"], 99)}
    trips = network.lanes[["origin", "destination", "lag"]].to_numpy().tolist()
    while True:
        more = {(place, period + 1, expires) for place, period, expires in seen}
        more |= {
            (end, period + lag, expires)
            for (place, period, expires), (origin, end, lag) in itertools.product(seen, trips)
            if place == origin
        }
        more = {(place, period, expires) for place, period, expires in more | seen if period <= min(expires, 3)}
        if more == seen:
            break
        seen = more
    want = np.zeros((5, 1, 4), dtype=bool)
    for place, period, _ in seen:
        want[place, 0, period] = True
    np.testing.assert_array_equal(Reach.of(network, World.of(instance)).holds, want)
