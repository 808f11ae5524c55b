"""Public road networks: reading them, their traps, and the files that are wrong."""

from pathlib import Path

import networkx as nx
import pytest

from coordination.errors import CoordinationError, InstanceError
from coordination.generation import generate
from coordination.generation.tntp import read_network

DATA = Path(__file__).parents[3] / "shared" / "data" / "tntp"
NETWORKS = {
    "SiouxFalls/SiouxFalls_net.tntp": (24, 24, 76, 1, 360600),
    "Anaheim/Anaheim_net.tntp": (38, 416, 914, 39, 104694),
    "Berlin-Friedrichshain/friedrichshain-center_net.tntp": (23, 224, 523, 24, 11205),
}


def graph_of(roads) -> nx.DiGraph:
    """Roads as a graph, the quickest of parallel ones."""
    graph = nx.DiGraph()
    for road in roads.to_dict("records"):
        ends = [(road["from"], road["to"])] + [(road["to"], road["from"])] * road["both_ways"]
        for tail, head in ends:
            known = graph.get_edge_data(tail, head, {"minutes": float("inf")})
            graph.add_edge(tail, head, minutes=min(road["minutes"], known["minutes"]))
    return graph


def minutes_from(roads, start: str) -> dict[str, float]:
    """Minutes on the shortest way from a place to all others."""
    return nx.single_source_dijkstra_path_length(graph_of(roads), start, weight="minutes")


def test_a_zone_is_no_shortcut(net):
    """Zone 2 touches nodes 4 and 6 at no distance; driving through it must not beat the road of 8 minutes."""
    instance = generate(network=net, periods=2, commodities=2)
    here, there = minutes_from(instance.roads, "n4"), minutes_from(instance.roads, "c2")
    assert here["n6"] == pytest.approx(8)
    assert here["c2"] + there["n6"] == pytest.approx(8.01)
    assert here["c2"] == there["n4"] == pytest.approx(4.005)


def test_with_capacities_no_load_leaves_through_a_zone(net):
    """Loads may stray from the shortest way where roads are capacitated: connectors out of zones carry none."""
    roads = generate(network=net, road_tonnes=0.5, periods=2, commodities=2).roads
    leaving = roads["from"].isin(["c1", "c2"]) & ~roads["road"].str.startswith("to_")
    assert (roads.loc[leaving, "capacity_tonnes"] == 0).all()
    inner = roads[roads["from"].isin(["n4", "n5"]) & roads["to"].isin(["n4", "n5"])]
    assert sorted(inner["capacity_tonnes"]) == [10, 10, 25, 25]


def test_without_a_factor_no_road_has_a_capacity(net):
    """Capacities of the format are vehicles: tonnes stay blank unless a factor is given."""
    assert generate(network=net, periods=2, commodities=2).roads["capacity_tonnes"].isna().all()


def test_parallel_links_stay_apart(net):
    """Two links between the same nodes are two roads, with their own minutes and km."""
    roads = generate(network=net, periods=2, commodities=2).roads
    pair = roads[(roads["from"] == "n4") & (roads["to"] == "n5")]
    assert sorted(zip(pair["minutes"], pair["km"], strict=True)) == [(4, 3), (5, 2)]


def test_people_are_the_trips_that_begin_in_a_zone(net):
    """Zone populations are the trip table's row sums, rounded so that they sum to all trips."""
    places = generate(network=net, periods=2, commodities=2).places.set_index("place")
    assert places.loc[["c1", "c2", "c3"], "population"].tolist() == [401, 399, 200]


def test_ids_with_no_link_and_dead_ends(net, caplog):
    """A node without a link is left out, a zone without one stays and is named; a road of no return is kept."""
    instance = generate(network=net, periods=2, commodities=2)
    places = set(instance.places["place"])
    assert {"c3", "n7"} <= places
    assert "n8" not in places
    assert "c3" in caplog.text
    assert "c1" not in caplog.text
    assert not ((instance.roads["from"] == "c2") & (instance.roads["to"] == "n7")).any()  # leads to no return


def test_without_trips_every_zone_counts_alike(net):
    """Without a trip table every zone has the same people."""
    (net.parent / "tiny_trips.tntp").unlink()
    places = generate(network=net, periods=2, commodities=2).places.set_index("place")
    assert places.loc[["c1", "c2", "c3"], "population"].tolist() == [1000, 1000, 1000]


def test_nodes_beside_it_give_the_map(net):
    """Coordinates come from the node file; what cannot be degrees is drawn to scale around 0."""
    rows = "".join(f"{node} {1000 * node} {500 * node} ;\n" for node in range(1, 9))
    (net.parent / "tiny_node.tntp").write_text("Node X Y ;\n" + rows)
    places = generate(network=net, periods=2, commodities=2).places.set_index("place")
    assert places.loc["c1", "lon"] == pytest.approx(-0.5)
    assert places.loc["c1", "lat"] == pytest.approx(-0.25)


def test_units_come_from_the_heading_or_the_caller(net):
    """Units that the heading names are taken; the caller's go first."""
    plain = generate(network=net, periods=2, commodities=2).roads
    scaled = generate(network=net, periods=2, commodities=2, minutes_per_unit=0.5, km_per_unit=2).roads
    first = (plain["from"] == "n4") & (plain["to"] == "n5") & (plain["minutes"] == 4)
    assert scaled.loc[first, ["minutes", "km"]].to_numpy().tolist() == [[2, 6]]


def test_units_nobody_knows_are_asked_for(net):
    """A network whose links have no plausible speed in any unit is refused, unless its units are given."""
    text = net.read_text().replace(" (km)", "").replace(" (min)", "").replace("\t3\t4\t", "\t3000000\t4\t")
    net.write_text(text.replace("\t2\t5\t0", "\t3000000\t5\t0").replace("\t1\t2\t0", "\t3000000\t2\t0"))
    with pytest.raises(CoordinationError, match="Give the minutes and the km"):
        generate(network=net, periods=2, commodities=2)
    assert len(generate(network=net, periods=2, commodities=2, minutes_per_unit=1, km_per_unit=1e-6).roads)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<NUMBER OF LINKS> 14", "<NUMBER OF LINKS> 15", ("14 links", "15")),
        ("<NUMBER OF LINKS> 14", "", ("NUMBER OF LINKS", "nothing")),
        ("<NUMBER OF NODES> 8", "<NUMBER OF NODES> many", ("NUMBER OF NODES", "'many'")),
        ("<NUMBER OF ZONES> 3", "<NUMBER OF ZONES> 30", ("NUMBER OF ZONES", "1 to 8")),
        ("<END OF METADATA>", "", ("END OF METADATA",)),
        ("\t4\t5\t50\t3", "\t4\t9\t50\t3", ("row 15", "term node", "'9'", "1 to 8")),
        ("\t4\t5\t50\t3", "\t4\t4\t50\t3", ("row 15", "another node")),
        ("\t4\t5\t50\t3", "\t4\t5\t50\t-3", ("row 15", "length", "'-3'")),
        ("\t4\t5\t50\t3\t4", "\t4\t5\t50\t3\tfast", ("row 15", "free flow time", "'fast'")),
        ("\t4\t5\t50\t3\t4", "\t4\t5\tinf\t3\t4", ("row 15", "capacity")),
        ("\t4\t5\t50\t3\t4\t0.15\t4\t0\t0\t1", "\t4\t5\t50", ("row 15", "init term")),
    ],
)
def test_bad_networks_are_named_by_line(net, old, new, words):
    """What is wrong in a network file is an error with its line, the value and what was expected."""
    net.write_text(net.read_text().replace(old, new, 1))
    with pytest.raises(InstanceError) as error:
        read_network(net)
    assert all(word in str(error.value) for word in words)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("1000.0", "2000.0", ("sum to 1,000.0", "2,000.0")),
        ("Origin 2", "Origin 4", ("row 7", "Origin", "'4'")),
        ("Origin 1\n", "", ("Origin before",)),
        ("2 :  300.5", "7 :  300.5", ("row 6", "7 :  300.5")),
        ("2 :  300.5", "2 :  -1", ("row 6", "-1")),
        ("2 :  300.5", "2  300.5", ("row 6", "zone : trips")),
        ("2 :  300.5", "1 :  300.5", ("row 6", "once")),
        ("<END OF METADATA>", "", ("END OF METADATA",)),
    ],
)
def test_bad_trips_are_named_by_line(net, old, new, words):
    """What is wrong in a trip table is an error with its line, the value and what was expected."""
    trips = net.parent / "tiny_trips.tntp"
    trips.write_text(trips.read_text().replace(old, new, 1))
    with pytest.raises(InstanceError) as error:
        read_network(net)
    assert all(word in str(error.value) for word in words)


def test_bad_points_are_named(net):
    """A node file with a node that is not there, or no GeoJSON where the name says so, is an error."""
    (net.parent / "tiny_node.tntp").write_text("Node X Y ;\n9 1 1 ;\n")
    with pytest.raises(InstanceError, match="nodes 1 to 8"):
        read_network(net)
    (net.parent / "tiny_node.tntp").unlink()
    (net.parent / "tiny_nodes.geojson").write_text("{}")
    with pytest.raises(InstanceError, match="GeoJSON"):
        read_network(net)


def test_a_missing_network_is_refused(tmp_path):
    """A file that is not there is an error of ours."""
    with pytest.raises(InstanceError, match="readable"):
        read_network(tmp_path / "none_net.tntp")


@pytest.mark.parametrize("name", NETWORKS)
def test_published_networks(name):
    """The published networks are read as their owners count them, and make valid instances nobody is cut off in."""
    if not DATA.is_dir():
        pytest.skip("the published networks are not beside the repository")
    zones, nodes, links, first_thru, people = NETWORKS[name]
    network = read_network(DATA / name)
    assert (network.zones, network.nodes, len(network.links), network.first_thru) == (zones, nodes, links, first_thru)
    instance = generate(network=DATA / name, periods=2, commodities=3, road_tonnes=0.1)
    assert instance.places["population"].sum() == people
    graph, start = graph_of(instance.roads), instance.fleets["base"].iloc[0]
    round_trip = nx.descendants(graph, start) & nx.ancestors(graph, start)
    assert set(instance.needs["place"]) <= round_trip


@pytest.mark.parametrize("name", list(NETWORKS)[1:])
def test_ways_between_nodes_stay_as_published(name):
    """Between nodes that may be passed through, the shortest way is the one that passes no zone."""
    if not DATA.is_dir():
        pytest.skip("the published networks are not beside the repository")
    instance = generate(network=DATA / name, periods=2, commodities=1)
    closed = instance.roads["from"].str.startswith("c") | instance.roads["to"].str.startswith("c")
    part = max(nx.strongly_connected_components(graph_of(instance.roads[~closed])), key=len)
    for start in sorted(node for node in part if node.startswith("n"))[::20]:
        published, made = minutes_from(instance.roads[~closed], start), minutes_from(instance.roads, start)
        assert {node: made[node] for node in published} == pytest.approx(published, abs=1e-6)
