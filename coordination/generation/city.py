"""A city before anybody plans for it: areas, people and roads, whichever source they come from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.generation.streets import lay_roads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.generation.settlement import Settlement


@dataclass(frozen=True)
class City:
    """Areas, people and roads.

    Attributes
    ----------
    name, title, source : str
        As in the header of the instance.
    zones : DataFrame
        ``zone``, ``name``, ``level``, ``parent``; the root comes first.
    districts : DataFrame
        ``zone``, ``name``, ``node`` (place where its depot and hospital join the roads), ``lon``, ``lat``,
        ``population``, ``elderly``.
    streets : DataFrame
        ``zone``, ``name``, ``district`` (position in `districts`).
    communities : DataFrame
        ``place``, ``zone``, ``name``, ``street``, ``district`` (positions), ``population``, ``elderly``, ``lon``,
        ``lat``.
    junctions : DataFrame
        ``place``, ``name``, ``zone``, ``lon``, ``lat``.
    roads : DataFrame
        Columns of the contract without owner, and ``bridge`` (bool).
    """

    name: str
    title: str
    source: str
    zones: pd.DataFrame
    districts: pd.DataFrame
    streets: pd.DataFrame
    communities: pd.DataFrame
    junctions: pd.DataFrame
    roads: pd.DataFrame

    @property
    def root(self) -> str:
        """Zone of the whole city."""
        return str(self.zones["zone"].iloc[0])

    def with_bridges(self, tonnes: NDArray[np.float64]) -> City:
        """Return the city with these capacities on its bridges, tonnes per period."""
        roads = self.roads.copy()
        roads.loc[roads["bridge"], "capacity_tonnes"] = tonnes
        return replace(self, roads=roads)


def city_of(settlement: Settlement, name: str, title: str, source: str) -> City:
    """Return the city of a settlement, its roads laid by rule.

    Parameters
    ----------
    settlement : Settlement
        Districts, streets and communities.
    name, title, source : str
        Header of the instance.

    Returns
    -------
    City
    """
    districts, streets, communities = settlement.districts, settlement.streets, settlement.communities
    above, district_parent = _upper_zones(districts["code"].to_list(), title)
    district_zone = "z" + districts["code"]
    street_zone = "z" + streets["code"]
    zones = pd.concat(
        [
            above,
            _zones(district_zone, districts["name"], "district", district_parent),
            _zones(street_zone, streets["name"], "street", district_zone.to_numpy()[streets["district"]]),
            _zones(
                "z" + communities["code"],
                communities["name"],
                "community",
                street_zone.to_numpy()[communities["street"]],
            ),
        ],
        ignore_index=True,
    )
    junctions = pd.concat(
        [
            _junctions(districts, district_zone),
            _junctions(streets, street_zone),
        ],
        ignore_index=True,
    )
    return City(
        name=name,
        title=title,
        source=source,
        zones=zones,
        districts=districts.assign(zone=district_zone, node="j" + districts["code"]),
        streets=streets.assign(zone=street_zone),
        communities=communities.assign(place="c" + communities["code"], zone="z" + communities["code"]),
        junctions=junctions,
        roads=lay_roads(settlement),
    )


def _upper_zones(codes: list[str], title: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the zones above the districts, and the parent of each district.

    Six-digit codes are China's (GB/T 2260): their first four digits name the prefecture, a city of its own.
    """
    coded = all(len(code) == 6 and code.isdigit() for code in codes)
    cities = [code[:4] for code in codes] if coded else ["city"] * len(codes)
    several = sorted(set(cities))
    if len(several) == 1:
        return _zones([f"z{several[0]}"], [title], "city", [None]), [f"z{city}" for city in cities]
    root = _zones(["zmetro"], [title], "metro", [None])
    below = _zones([f"z{city}" for city in several], several, "city", ["zmetro"] * len(several))
    return pd.concat([root, below], ignore_index=True), [f"z{city}" for city in cities]


def _zones(zone: object, name: object, level: str, parent: object) -> pd.DataFrame:
    return pd.DataFrame(
        {"zone": np.asarray(zone), "name": np.asarray(name), "level": level, "parent": np.asarray(parent)}
    )


def _junctions(areas: pd.DataFrame, zone: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "place": "j" + areas["code"],
            "name": areas["name"],
            "zone": zone,
            "lon": areas["lon"],
            "lat": areas["lat"],
        }
    )
