"""Which loaded legs may choose their route: by hand, what random cities rarely hold."""

import pytest

from coordination.network import Network
from tests.network.cities import city


def free(roads, places="abcd"):
    """Return the pairs of places whose loaded leg may choose its route."""
    network = Network.of(city(roads, places))
    rows = network.lanes[network.lanes["free"]]
    return {places[o] + places[d] for o, d in zip(rows["origin"], rows["destination"], strict=True)}


def road(ends, minutes=1, km=1, limited=False):
    """Return a road."""
    row = {"from": ends[0], "to": ends[1], "minutes": minutes, "km": km}
    return row | ({"capacity_tonnes": 5} if limited else {})


@pytest.mark.parametrize(("km", "pairs"), [(1, {"ab", "ba"}), (1.000001, set()), (0.5, {"ab", "ba"})])
def test_roads_side_by_side(km, pairs):
    """A capacitated road beside an equal one counts; a longer one does not; a shorter one is the only shortest."""
    assert free([road("ab"), road("ab", km=km, limited=True)], "ab") == pairs


def test_only_pairs_on_whose_shortest_route_the_road_lies():
    """On a line a-b-c-d with b-c limited, exactly the pairs on both sides of it are free."""
    roads = [road("ab"), road("bc", limited=True), road("cd")]
    assert free(roads) == {"ac", "ad", "bc", "bd", "ca", "da", "cb", "db"}


def test_a_spur_of_no_length_is_on_no_simple_route():
    """A limited road of no length that leads nowhere else is on walks between others, on no simple route."""
    assert free([road("ab"), road("bc", 0, 0, limited=True)], "abc") == {"ac", "bc", "ca", "cb"}


def test_a_circle_of_no_length_may_be_driven_round_either_way():
    """In a circle of roads of no length every pair has a simple route over the limited one, and so has who passes."""
    roads = [road("bc", 0, 0), road("cd", 0, 0), road("bd", 0, 0, limited=True), road("ab")]
    assert free(roads) == {"bc", "bd", "cb", "cd", "db", "dc", "ac", "ad", "ca", "da"}


def test_a_large_knot_is_not_enumerated_for_a_spur():
    """A grid of roads of no length with a limited spur is answered at once: the spur is on no simple path across."""
    side = 6
    names = [f"n{row}{column}" for row in range(side) for column in range(side)]
    roads = [road((f"n{r}{c}", f"n{r}{c + 1}"), 0, 0) for r in range(side) for c in range(side - 1)]
    roads += [road((f"n{r}{c}", f"n{r + 1}{c}"), 0, 0) for r in range(side - 1) for c in range(side)]
    roads.append(road(("n00", "spur"), 0, 0, limited=True))
    places = [*names, "spur"]
    network = Network.of(city(roads, places))
    assert set(network.lanes.loc[network.lanes["free"], ["origin", "destination"]].min(axis=1)) <= set(range(37))
    pairs = network.lanes.loc[network.lanes["free"], ["origin", "destination"]].to_numpy()
    assert len(pairs) == 2 * side * side
    assert (pairs == 36).any(axis=1).all()
