"""Lanes, routes and trips, against networkx and by hand."""

import math
import time

import networkx as nx
import numpy as np
import pytest

from coordination.network import Network
from tests.network.cities import city, fleet, lengths, random_city, simple_edge_paths

SEEDS = [pytest.param(seed, marks=[pytest.mark.thorough] if seed >= 6 else []) for seed in range(60)]
"""A few seeds always, the rest in the thorough run."""


def lane(network, fleet="f", origin="a", destination="b", state=0):
    """Return one lane by names."""
    places, fleets = network.instance.places["place"].tolist(), network.instance.fleets["fleet"].tolist()
    lanes = network.lanes
    found = lanes[
        (lanes["state"] == state)
        & (lanes["fleet"] == fleets.index(fleet))
        & (lanes["origin"] == places.index(origin))
        & (lanes["destination"] == places.index(destination))
    ]
    return found.iloc[0] if len(found) else None


def brute_shortest(graph, start, end):
    """Return the shortest (minutes, km) and the paths that have it; None without a way."""
    if start == end:
        return (0, 0), [[]]
    paths = simple_edge_paths(graph, start, end)
    if not paths:
        return None
    least = min(lengths(graph, path) for path in paths)
    return least, [path for path in paths if lengths(graph, path) == least]


@pytest.mark.parametrize("fine", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_lanes_are_those_of_brute_force(seed, fine):
    """A lane exists where all three legs do, and minutes, km, hours, money, lag, free are those of the definition."""
    network = Network.of(random_city(seed, fine))
    instance, lanes = network.instance, network.lanes
    ids, kinds = instance.places["place"].tolist(), instance.places["kind"].tolist()
    expected = 0
    for state in range(len(network.states)):
        graph = network.graph(state)
        best = {(u, v): brute_shortest(graph, u, v) for u in ids for v in ids}
        for number, row in enumerate(instance.fleets.to_dict("records")):
            ends = [place for place, kind in zip(ids, kinds, strict=True) if kind != "junction"]
            origins = ends if row["loads_at"] == "*" else row["loads_at"].split(";")
            for origin in origins:
                for end in ends:
                    legs = [best[row["base"], origin], best[origin, end], best[end, row["base"]]]
                    if origin == end or None in legs:
                        continue
                    expected += 1
                    found = lane(network, row["fleet"], origin, end, state)
                    (to, to_km), (loaded, loaded_km), (back, back_km) = (leg[0] for leg in legs)
                    hours = ((to + loaded + back) / 1e6 / row["speed"] + row["loading_minutes"]) / 60
                    x = ((to + loaded) / 1e6 / row["speed"] + row["loading_minutes"]) / 60
                    figures = found[["minutes", "loaded_minutes", "loaded_km", "trip_minutes", "trip_km"]].to_numpy(
                        float
                    )
                    want = [(to + loaded), loaded, loaded_km, to + loaded + back, to_km + loaded_km + back_km]
                    assert np.rint(figures * 1e6).tolist() == want
                    assert found["hours_per_trip"] == pytest.approx(hours)
                    assert found["cost_per_trip"] == pytest.approx(2 * (to_km + loaded_km + back_km) / 1e6)
                    assert found["lag"] == math.floor(x + 1e-9)
                    held = any(
                        math.isfinite(graph.edges[edge]["capacity_tonnes"]) for path in legs[1][1] for edge in path
                    )
                    assert found["free"] == held
                    assert number == found["fleet"]
    assert len(lanes) == expected


@pytest.mark.parametrize("fine", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_chosen_route_is_a_shortest_simple_one(seed, fine):
    """The chosen route has the lane's minutes and km, runs over open roads, and is the same whatever the row order."""
    instance = random_city(seed, fine)
    network = Network.of(instance)
    shuffled = Network.of(
        instance.replace(
            roads=instance.given("roads").sample(frac=1, random_state=seed),
            places=instance.given("places").sample(frac=1, random_state=seed),
        )
    )
    ids, other = instance.places["place"].tolist(), shuffled.instance.places["place"].tolist()
    lanes = network.lanes
    rows = lanes.drop_duplicates(["state", "origin", "destination"]).to_dict("records")
    for row in rows:
        route = network.route(row["state"], row["origin"], row["destination"])
        arcs = network.as_arcs(route)
        table = network.arcs(row["state"]).iloc[arcs]
        assert table["open"].all()
        assert round(table["minutes"].sum() * 1e6) == round(row["loaded_minutes"] * 1e6)
        assert round(table["km"].sum() * 1e6) == round(row["loaded_km"] * 1e6)
        trip = network.trip(row["fleet"], row["state"], route)
        assert trip.lag == row["lag"]
        assert trip.cost_per_trip == pytest.approx(row["cost_per_trip"])
        again = shuffled.route(row["state"], other.index(ids[row["origin"]]), other.index(ids[row["destination"]]))
        assert again == route
    rolling = network.rolling(lanes)
    limited = np.isfinite(network.arcs(0)["capacity_tonnes"].to_numpy())
    for number in range(0, len(lanes), 7):
        row = lanes.iloc[number]
        arcs = network.route_arcs(int(row["state"]), int(row["origin"]), int(row["destination"]))
        on = rolling.loc[rolling["lane"] == number, "arc"].tolist()
        assert sorted(on) == sorted(arcs[limited[arcs]].tolist())


@pytest.mark.parametrize("seed", SEEDS[:40])
def test_simple_routes_are_all_and_said_to_be(seed):
    """Enumeration finds every simple path once, roads side by side apart, and says when it was cut short."""
    network = Network.of(random_city(seed))
    graph, ids = network.graph(0), network.instance.places["place"].tolist()
    for start, end in [(0, len(ids) - 1), (len(ids) - 1, 0), (1, 2)]:
        want = {tuple((key, tail) for tail, _, key in path) for path in simple_edge_paths(graph, ids[start], ids[end])}
        routes, complete = network.simple_routes(0, start, end, 10_000)
        assert complete
        assert len(routes) == len(want)
        assert set(routes) == want
        if len(want) > 1:
            cut, complete = network.simple_routes(0, start, end, len(want) - 1)
            assert (len(cut), complete) == (len(want) - 1, False)
            assert network.simple_routes(0, start, end, len(want))[1]


@pytest.mark.parametrize(("minutes", "lag"), [(59.9999999, 1), (60, 1), (59.99999, 0), (119.999999999, 2), (0, 0)])
def test_lag_is_rounded_down_with_1e_9_to_spare(minutes, lag):
    """A way within 1e-9 of a whole number of periods counts as that number."""
    network = Network.of(city([("a", "b", minutes)]))
    assert lane(network)["lag"] == lag


def test_lag_counts_base_to_origin_loading_and_speed():
    """The way counts as (minutes base to origin to destination / speed + loading) / (60 period_hours)."""
    roads = [("a", "b", 30), ("b", "c", 30)]
    network = Network.of(city(roads, fleets=[fleet(loads_at="b", speed=2, loading_minutes=30)]))
    found = lane(network, origin="b", destination="c")
    assert (found["minutes"], found["trip_minutes"]) == (60, 120)
    assert found["lag"] == 1
    assert found["hours_per_trip"] == pytest.approx(1.5)


def test_no_way_back_no_trip():
    """A destination from which the base cannot be reached has no lane, though it can be reached."""
    network = Network.of(city([{"from": "a", "to": "b", "both_ways": False}, ("b", "c"), ("a", "c")][:2]))
    assert network.lanes.empty
    with pytest.raises(ValueError, match="no way from b to a"):
        network.route(0, 1, 0)


def test_destination_may_be_the_base_but_not_the_origin_or_a_junction():
    """Goods may be brought home; junctions are only passed."""
    network = Network.of(city([("a", "b"), ("b", "c")], junctions="b", fleets=[fleet(loads_at="*")]))
    pairs = network.lanes[["origin", "destination"]].to_numpy().tolist()
    assert pairs == [[0, 2], [2, 0]]


def test_periods_in_one_condition_share_a_state():
    """States are the different conditions; a factor halves capacity and doubles minutes, 0 closes."""
    effects = [
        {"scenario": "s", "table": "roads", "where": "r0", "factor": 0.5, "start": 1, "end": 1},
        {"scenario": "s", "table": "roads", "where": "r1", "factor": 0, "start": 1, "end": 1},
    ]
    roads = [{"from": "a", "to": "b", "minutes": 10, "capacity_tonnes": 8}, ("b", "c")]
    scenarios = [{"scenario": "s", "hazard": "h", "probability": 1}]
    instance = city(roads, scenarios=scenarios, effects=effects)
    assert len(Network.of(instance).states) == 1
    network = Network.of(instance.under("s"))
    assert network.road_state.tolist() == [0, 1, 0]
    assert network.graph(1).edges["a", "b", "r0"] == {"minutes": 20, "km": 1, "capacity_tonnes": 4}
    assert network.graph(0).has_edge("b", "c", "r1") and not network.graph(1).has_edge("b", "c", "r1")
    assert set(network.lanes["state"]) == {0, 1}


def test_graph_is_frozen_and_keyed_by_road():
    """Both directions of a road have its id as key; places without roads are nodes; nobody can change it."""
    graph = Network.of(city([("a", "b"), ("a", "b", 2), {"from": "b", "to": "c", "both_ways": False}], "abcd")).graph()
    assert sorted(graph.edges(keys=True)) == [
        ("a", "b", "r0"), ("a", "b", "r1"), ("b", "a", "r0"), ("b", "a", "r1"), ("b", "c", "r2")
    ]  # fmt: skip
    assert "d" in graph
    assert graph.edges["a", "b", "r0"]["capacity_tonnes"] == math.inf
    with pytest.raises(nx.NetworkXError, match="Frozen"):
        graph.add_node("e")


@pytest.mark.parametrize(
    ("route", "message"),
    [
        ([("r0", "a"), ("r0", "b")], "twice"),
        ([("r0", "a"), ("r2", "a")], "does not begin"),
        ([("r3", "a")], "closed"),
        ([], "at least one"),
    ],
)
def test_trip_refuses_what_is_no_route(route, message):
    """A route is a simple path over open roads."""
    roads = [("a", "b"), ("b", "c"), ("a", "c"), ("a", "c", 5)]
    effects = [{"scenario": "s", "table": "roads", "where": "r3", "factor": 0}]
    scenarios = [{"scenario": "s", "hazard": "h", "probability": 1}]
    network = Network.of(city(roads, scenarios=scenarios, effects=effects).under("s"))
    with pytest.raises(ValueError, match=message):
        network.trip(0, 0, route)


def test_trip_without_a_way_back_is_none():
    """No way home: no trip, said by None."""
    network = Network.of(city([{"from": "a", "to": "b", "both_ways": False}], "ab"))
    assert network.trip(0, 0, [("r0", "a")]) is None


def test_no_fleets_no_roads():
    """An instance without fleets or roads has no lanes and no error."""
    assert Network.of(city([], fleets=[fleet()])).lanes.empty
    assert Network.of(city([("a", "b")]).replace(fleets=[])).lanes.empty


def big_city(rng, places, extra, fleets, loads_at):
    """Return an instance on a random tree of places with further roads."""
    ids = [f"p{n}" for n in range(places)]
    pairs = [(int(rng.integers(max(0, n - 50), n)), n) for n in range(1, places)]
    pairs += [(int(n), int(min(places - 1, n + rng.integers(1, 60)))) for n in rng.integers(0, places - 1, extra)]
    pairs = [pair for pair in pairs if pair[0] != pair[1]]
    roads = [
        {
            "from": ids[u],
            "to": ids[v],
            "minutes": round(float(rng.uniform(1, 9)), 1),
            "km": round(float(rng.uniform(0.5, 5)), 2),
        }
        for u, v in pairs
    ]
    rows = [fleet(fleet=f"f{n}", base=ids[n * 7], loads_at=loads_at or ids[n * 7]) for n in range(fleets)]
    return city(roads, ids, fleets=rows)


def test_trip_figures_of_a_city_come_in_seconds():
    """Lanes of 2,000 places from 20 depots are computed in bulk, far below a second a depot."""
    instance = big_city(np.random.default_rng(1), 2000, 2500, 20, None)
    started = time.perf_counter()
    lanes = Network.of(instance).lanes
    assert time.perf_counter() - started < 5
    assert len(lanes) == 20 * 1999
