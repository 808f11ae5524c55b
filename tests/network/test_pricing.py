"""Pricing of routes against all simple paths."""

import numpy as np
import pytest

from coordination.network import Network, cheapest_routes
from tests.network.cities import city, random_city, simple_edge_paths

SEEDS = [pytest.param(seed, marks=[pytest.mark.thorough] if seed >= 8 else []) for seed in range(120)]


def reduced_of_all(network, fleet, start, end, value, price, per_minute, per_km):
    """Return cost less value on arrival of every simple path, by arcs."""
    graph, ids = network.graph(0), network.instance.places["place"].tolist()
    paths = simple_edge_paths(graph, ids[start], ids[end])
    routes = [network.as_arcs([(key, tail) for tail, _, key in path]) for path in paths]
    trips = network.trips([fleet] * len(routes), [0] * len(routes), routes)
    cost = per_minute * trips["loaded_minutes"] + per_km * trips["loaded_km"]
    cost += [price[arcs].sum() for arcs in routes]
    return cost - value[np.minimum(trips["lag"], len(value) - 1)]


def requests(seed, falling):
    """Return a network and everything that `cheapest_routes` asks for."""
    rng = np.random.default_rng(seed)
    network = Network.of(random_city(seed))
    lanes = network.lanes[(network.lanes["fleet"] == 1) & (network.lanes["state"] == 0)]
    values = rng.integers(0, 40, (len(lanes), 4)).astype(float)
    if falling:
        values = np.sort(values, axis=1)[:, ::-1]
        values[rng.random(len(values)) < 0.3, 2:] = -np.inf
    price = np.where(rng.random(len(network.directions)) < 0.6, rng.integers(0, 30, len(network.directions)), 0.0)
    return network, lanes["origin"].to_numpy(), lanes["destination"].to_numpy(), values, price


@pytest.mark.parametrize("seed", SEEDS)
def test_where_value_does_not_rise_the_best_of_all_simple_paths_is_found(seed):
    """With values that do not rise with the lag, the route is the best of all and the bound is attained."""
    network, origins, ends, values, price = requests(seed, falling=True)
    money = {"cost_per_minute": 0.01, "cost_per_km": 0.5}
    found = cheapest_routes(network, 0, 1, origins, ends, values, arc_price=price, **money)
    for r, (start, end) in enumerate(zip(origins, ends, strict=True)):
        best = min(reduced_of_all(network, 1, start, end, values[r], price, 0.01, 0.5))
        assert found.reduced[r] == pytest.approx(best)
        assert found.bound[r] == pytest.approx(best)
        if best == np.inf:
            continue
        trip = network.trip(1, 0, network.as_route(found.routes[r]))
        assert (trip.origin, trip.destination, trip.lag) == (start, end, found.lag[r])
        assert trip.loaded_minutes == pytest.approx(found.minutes[r])
        assert price[found.routes[r]].sum() + 0.01 * trip.loaded_minutes + 0.5 * trip.loaded_km == pytest.approx(
            found.cost[r]
        )


@pytest.mark.parametrize("labels", [200_000, 3])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_bound_holds_for_any_values(seed, labels):
    """Whatever the values, no simple path is below the bound, also where the search was cut short."""
    network, origins, ends, values, price = requests(seed, falling=False)
    money = {"cost_per_minute": 0.0, "cost_per_km": 0.1}
    found = cheapest_routes(network, 0, 1, origins, ends, values, arc_price=price, labels=labels, **money)
    for r, (start, end) in enumerate(zip(origins, ends, strict=True)):
        best = min(reduced_of_all(network, 1, start, end, values[r], price, 0.0, 0.1))
        assert found.bound[r] <= best + 1e-9
        assert found.reduced[r] >= best - 1e-9


def test_a_dearer_road_that_arrives_a_period_earlier():
    """By hand: 61 minutes free of charge arrive a period later than 59 minutes at a price of 3."""
    network = Network.of(city([("a", "b", 59, 0), ("a", "b", 61, 0)], "ab"))
    price = np.array([3.0, 3.0, 0.0, 0.0])
    money = {"arc_price": price, "cost_per_minute": 0.0, "cost_per_km": 0.0}
    for worth, lag, reduced in ([10.0, 2.0], 0, -7.0), ([4.0, 2.0], 1, -2.0), ([-np.inf, -np.inf], 1, np.inf):
        found = cheapest_routes(network, 0, 0, [0], [1], [worth], **money)
        assert (found.lag[0], found.reduced[0], found.bound[0]) == (lag, reduced, reduced)
    quick = cheapest_routes(network, 0, 0, [0], [1], [[10.0, 2.0]], refine_below=-50.0, **money)
    assert (quick.reduced[0], quick.bound[0], len(quick.routes[0])) == (-2.0, -10.0, 0)


def test_no_way_and_no_requests():
    """Without a way nothing is worth anything; without requests nothing is returned."""
    network = Network.of(city([("a", "b")]))
    money = {"arc_price": np.zeros(2), "cost_per_minute": 0.0, "cost_per_km": 0.0}
    found = cheapest_routes(network, 0, 0, [0], [2], [[1.0]], **money)
    assert (found.reduced[0], found.bound[0], len(found.routes[0])) == (np.inf, np.inf, 0)
    assert cheapest_routes(network, 0, 0, [], [], np.zeros((0, 1)), **money).routes == []
