r"""A city on a public road network: every zone a community, every other node a junction.

Zones that may not be passed through
------------------------------------
In the format a zone below the first through node is where trips begin and end, tied to the roads by connectors, often
of no length: whoever may drive through it has a shortcut that does not exist. In an instance every place may be driven
through, and goods at a place are one stock, so such a zone cannot be cut in two. Instead its connectors take the
time that the streets inside the zone take: together

.. math:: m_z = \max_{u, i, o, v} \; (d(u, v) - d(u, i) - w(i, z) - w(z, o) - d(o, v))^+ + 0.01 \text{ minutes,}

half going in, half coming out, over the ends i of connectors into z and o of those out of it, and all nodes u and v
that reach each other anyway; d is the shortest way that passes no zone. Then driving through is never shorter than
driving round, all ways between other places stay as they are, and every visit of the zone takes the same time longer.
With ``road_tonnes`` (where loads may leave the shortest way) connectors out of such a zone also carry 0 tonnes: a load
can end there and cannot go through. Connectors to and from nodes outside the largest part of the network in which
everything reaches everything are left out where the zone has others. A zone that may be passed through is its node.

What else
---------
* A link is a one-way road of its own: parallel links stay apart. Nodes with no link are left out; a zone with none
  stays, as a place that nothing reaches (``check`` names it).
* Units: those that the file's heading names; else the first of ``UNITS`` that gives the links a plausible
  speed in the middle, else what the caller says.
* People: one for each trip that begins in the zone, rounded so that they sum to all trips; without a trip table 1,000 a
  zone. One in eight is 65 or over in the middle, 8 to 17 in 100.
* Zones are grouped into streets of about 4 and districts of about 3 streets by halving the map (the order of the
  numbers, where there is no map) along its longer side.
* Depots, hospitals and suppliers hang on the node nearest to the most populous zone of their district.
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.errors import CoordinationError
from coordination.generation.apportionment import apportion, rank_within
from coordination.generation.city import City
from coordination.generation.connectors import main_part, without_shortcuts
from coordination.generation.travel import minutes_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.generation.tntp import PublicNetwork

KM = {"km": 1.0, "mi": 1.609344, "mile": 1.609344, "miles": 1.609344, "ft": 0.0003048, "feet": 0.0003048, "m": 0.001}
MINUTES = {"min": 1.0, "minutes": 1.0, "h": 60.0, "hours": 60.0, "s": 1 / 60, "sec": 1 / 60, "seconds": 1 / 60}
UNITS = (
    ("km", 1.0, "minutes", 1.0), ("miles", 1.609344, "minutes", 1.0), ("feet", 0.0003048, "minutes", 1.0),
    ("metres", 0.001, "minutes", 1.0), ("metres", 0.001, "thousandths of an hour", 0.06),
    ("metres", 0.001, "seconds", 1 / 60), ("km", 1.0, "hours", 60.0),
)  # fmt: skip
"""Units tried in turn where a file names none: length and km, time and minutes."""
PLAUSIBLE_KM_PER_HOUR = (12.0, 110.0)
PEOPLE_WITHOUT_TRIPS = 1_000
ZONES_PER_STREET = 4
STREETS_PER_DISTRICT = 3

logger = logging.getLogger(__name__)


def city_on(
    network: PublicNetwork,
    road_tonnes: float | None = None,
    minutes_per_unit: float | None = None,
    km_per_unit: float | None = None,
    name: str | None = None,
    title: str | None = None,
) -> City:
    """Return a city on a public road network.

    Parameters
    ----------
    network : PublicNetwork
        The network.
    road_tonnes : float, optional
        Tonnes per period for each vehicle of a link's capacity; absent, roads have no capacity.
    minutes_per_unit, km_per_unit : float, optional
        Units of its times and lengths.
    name, title : str, optional
        Of the instance.

    Returns
    -------
    City

    Raises
    ------
    CoordinationError
        The network has no link, or no units can be told.
    """
    if not len(network.links):
        raise CoordinationError(f"Network {network.name} has no link; expected at least one.")
    km, minutes, words = _units(network, minutes_per_unit, km_per_unit)
    roads = _roads(network, km, minutes, road_tonnes)
    part = main_part(network.links, network.first_thru)
    roads = without_shortcuts(roads, network.zones, network.first_thru, part, road_tonnes is not None)
    lon, lat = _positions(network)
    street, district = _areas(network.zones, lon, lat)
    people, elderly = _people(network)
    zone_node = np.arange(1, network.zones + 1)
    homes = pd.DataFrame(
        {
            "place": [f"c{node}" for node in zone_node],
            "zone": [f"z{node}" for node in zone_node],
            "name": [f"Zone {node}" for node in zone_node],
            "street": street,
            "district": district[street],
            "population": people,
            "elderly": elderly,
            "lon": lon[: network.zones],
            "lat": lat[: network.zones],
        }
    )
    streets, districts = _upper(homes, district)
    districts["node"] = _district_nodes(homes, len(districts), roads, sorted(part), network)
    nodes = np.array(
        sorted({*network.links["init"], *network.links["term"]} - set(range(network.zones + 1))), dtype=int
    )
    junctions = pd.DataFrame(
        {
            "place": pd.Series([f"n{node}" for node in nodes], dtype="str"),
            "name": pd.Series([f"Node {node}" for node in nodes], dtype="str"),
            "zone": "zcity",
            "lon": lon[nodes - 1],
            "lat": lat[nodes - 1],
        }
    )
    lost = [str(place) for place in _unreached(homes, districts, roads)]
    if lost:
        logger.warning("No way leads to these places and back: %s.", ", ".join(lost))
    return City(
        name=name or network.name,
        title=title or f"A city on the road network {network.name}",
        source=f"Road network {network.name} of TransportationNetworks (github bstabler/TransportationNetworks; "
        f"donated data, for academic research only); lengths in {words[0]}, times in {words[1]}; "
        f"{'1,000 people a zone, without trips' if network.trips is None else 'a person for each trip'}; all else "
        "by the rules of coordination generate.",
        zones=_zones(homes, streets, districts, title or network.name),
        districts=districts,
        streets=streets,
        communities=homes,
        junctions=junctions,
        roads=roads,
    )


def _units(
    network: PublicNetwork, minutes_per_unit: float | None, km_per_unit: float | None
) -> tuple[float, float, tuple[str, str]]:
    """Kilometres per unit of length, minutes per unit of time, and what they are called."""
    import re

    length = re.search(r"length\s*\(([a-z]+)\)", network.units)
    time = re.search(r"time\s*\(([a-z]+)\)", network.units)
    named_km = KM.get(length.group(1)) if length else None
    named_minutes = MINUTES.get(time.group(1)) if time else None
    km, minutes = km_per_unit or named_km, minutes_per_unit or named_minutes
    links = network.links[(network.links["time"] > 0) & (network.links["length"] > 0)]
    ratio = float((links["length"] / links["time"]).median()) if len(links) else math.nan
    low, high = PLAUSIBLE_KM_PER_HOUR
    for length_word, length_km, time_word, time_minutes in UNITS:
        speed = ratio * (km or length_km) / (minutes or time_minutes) * 60
        if (km and minutes) or math.isnan(ratio) or low <= speed <= high:
            words = (
                f"units of {km:g} km" if km else length_word,
                f"units of {minutes:g} minutes" if minutes else time_word,
            )
            return km or length_km, minutes or time_minutes, words
    raise CoordinationError(
        f"Network {network.name}: half of its links are below {ratio:g} units of length per unit of time, which is no "
        "speed of a road in any unit we know. Give the minutes and the km of its units."
    )


def _place(network: PublicNetwork, node: NDArray[np.int64]) -> list[str]:
    """Place of each node: zones are communities."""
    return [f"c{number}" if number <= network.zones else f"n{number}" for number in node]


def _roads(network: PublicNetwork, km: float, minutes: float, road_tonnes: float | None) -> pd.DataFrame:
    links = network.links
    width = len(str(len(links)))
    return pd.DataFrame(
        {
            "road": [f"l{number + 1:0{width}d}" for number in range(len(links))],
            "from": _place(network, links["init"].to_numpy()),
            "to": _place(network, links["term"].to_numpy()),
            "km": np.round(links["length"] * km, 4),
            "minutes": np.round(links["time"] * minutes, 4),
            "capacity_tonnes": np.nan if road_tonnes is None else np.round(links["capacity"] * road_tonnes, 4),
            "both_ways": False,
            "bridge": False,
            "init": links["init"],
            "term": links["term"],
        }
    )


def _people(network: PublicNetwork) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """People of each zone, and how many are 65 or over."""
    trips = np.full(network.zones, float(PEOPLE_WITHOUT_TRIPS)) if network.trips is None else network.trips
    people = apportion(round(float(trips.sum())), trips)
    # A fixed spread over the zones: nothing here is drawn, so that the seed only moves what is made up around it.
    share = 0.08 + 0.09 * ((np.arange(network.zones) * 0.6180339887) % 1.0)
    return people, np.floor(people * share + 0.5).astype(np.int64)


def _positions(network: PublicNetwork) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Degrees of each node, nan where unknown; what cannot be degrees is drawn into one degree around 0."""
    if network.points is None:
        nothing = np.full(network.nodes, math.nan)
        return nothing, nothing
    points = network.points.reindex(np.arange(1, network.nodes + 1)).to_numpy(dtype=float)
    if not (np.nanmax(np.abs(points[:, 0])) <= 180 and np.nanmax(np.abs(points[:, 1])) <= 90):
        low, high = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
        points = (points - (low + high) / 2) / max(float((high - low).max()), 1e-12)
    return np.round(points[:, 0], 6), np.round(points[:, 1], 6)


def _areas(
    zones: int, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Street of each zone, and district of each street, by halving the map."""
    position = np.c_[lon[:zones], lat[:zones]]
    if np.isnan(position).any():
        position = np.c_[np.arange(zones), np.zeros(zones)].astype(float)
    street_count = max(1, round(zones / ZONES_PER_STREET))
    street = _halved(position, np.arange(zones), street_count)
    middle = np.c_[[np.bincount(street, position[:, axis]) / np.bincount(street) for axis in (0, 1)]].T
    district = _halved(middle, np.arange(street_count), max(1, round(street_count / STREETS_PER_DISTRICT)))
    order = np.argsort(district, kind="stable")  # streets are numbered district by district
    rank = np.empty(street_count, dtype=np.int64)
    rank[order] = np.arange(street_count)
    return rank[street], district[order]


def _halved(position: NDArray[np.float64], members: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    """Cut points into so many groups of nearly one size, halving along the longer side."""
    label = np.zeros(len(position), dtype=np.int64)
    if groups <= 1:
        return label
    here = position[members]
    axis = int(np.argmax(here.max(axis=0) - here.min(axis=0)))
    order = members[np.argsort(here[:, axis], kind="stable")]
    left = groups // 2
    cut = round(len(members) * left / groups)
    label[order[:cut]] = _halved(position, order[:cut], left)[order[:cut]]
    label[order[cut:]] = left + _halved(position, order[cut:], groups - left)[order[cut:]]
    return label


def _upper(homes: pd.DataFrame, district: NDArray[np.int64]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Streets and districts, in the middle of their zones."""
    rank = rank_within(district)
    streets = pd.DataFrame(
        {
            "zone": [f"zD{i + 1}S{k + 1}" for i, k in zip(district, rank, strict=True)],
            "name": [f"District {i + 1}, Street {k + 1}" for i, k in zip(district, rank, strict=True)],
            "district": district,
        }
    )
    middle = homes.groupby("district")[["lon", "lat"]].mean().round(6)
    sums = homes.groupby("district")[["population", "elderly"]].sum()
    districts = pd.concat([middle, sums], axis=1).reset_index(drop=True)
    districts.insert(0, "zone", [f"zD{i + 1}" for i in range(len(districts))])
    districts.insert(1, "name", [f"District {i + 1}" for i in range(len(districts))])
    return streets, districts


def _zones(homes: pd.DataFrame, streets: pd.DataFrame, districts: pd.DataFrame, title: str) -> pd.DataFrame:
    root = pd.DataFrame({"zone": ["zcity"], "name": [title], "level": "city", "parent": [None]})
    over_street = districts["zone"].to_numpy()[streets["district"]]
    over_home = streets["zone"].to_numpy()[homes["street"]]
    frames = [
        root,
        districts[["zone", "name"]].assign(level="district", parent="zcity"),
        streets[["zone", "name"]].assign(level="street", parent=over_street),
        homes[["zone", "name"]].assign(level="community", parent=over_home),
    ]
    return pd.concat(frames, ignore_index=True)


def _district_nodes(
    homes: pd.DataFrame, count: int, roads: pd.DataFrame, part: list[int], network: PublicNetwork
) -> list[str]:
    """Node nearest (there and back) to the most populous zone of each district that can be driven to and back."""
    nodes = _place(network, np.array(part))
    places = homes["place"].to_list()
    both = minutes_between(roads, places, nodes) + minutes_between(roads, nodes, places).T
    reached = np.isfinite(both.min(axis=1))
    chosen = []
    for i in range(count):
        here = np.flatnonzero((homes["district"] == i).to_numpy())
        good = here[reached[here]]
        best = good[np.argmax(homes["population"].to_numpy()[good])] if len(good) else None
        chosen.append(nodes[0] if best is None else nodes[int(np.argmin(both[best]))])
    return chosen


def _unreached(homes: pd.DataFrame, districts: pd.DataFrame, roads: pd.DataFrame) -> list[str]:
    places, start = homes["place"].to_list(), [str(districts["node"].iloc[0])]
    both = minutes_between(roads, start, places)[0] + minutes_between(roads, places, start)[:, 0]
    return [place for place, minutes in zip(places, both, strict=True) if not math.isfinite(minutes)]
