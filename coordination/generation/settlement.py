"""Districts divided into sub-districts (streets) and communities, to the last person.

The rule
--------
Communities are apportioned to districts by population, at least one each; a district has a street for every
``COMMUNITIES_PER_STREET`` communities. People, and people of 65 and over, are apportioned within a district by drawn
weights: whole numbers that sum to the district's exactly (:mod:`coordination.generation.apportionment`).

People live on the settled part of a district's area, a disc around its centre of at most ``SETTLED_DENSITY`` people
per square kilometre on average; streets lie on it on a sunflower spiral (Vogel 1979, *A better way to construct the
sunflower head*), communities the same way around their street. Only district totals are data; all within is made up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.errors import CoordinationError
from coordination.generation.apportionment import apportion, apportion_within, rank_within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.generation.draws import Draws

COMMUNITIES_PER_STREET = 4.5
SETTLED_DENSITY = 2_500.0
KM_PER_DEGREE = (111.32, 110.57)
"""Kilometres per degree of longitude at the equator, and of latitude."""
GOLDEN_ANGLE = math.radians(137.50776405)


@dataclass(frozen=True)
class Settlement:
    """Who lives where.

    Attributes
    ----------
    districts : DataFrame
        ``code``, ``name``, ``population``, ``elderly``, ``lon``, ``lat``.
    streets : DataFrame
        ``code``, ``name``, ``district`` (position in `districts`), ``lon``, ``lat``.
    communities : DataFrame
        ``code``, ``name``, ``street``, ``district`` (positions), ``population``, ``elderly``, ``lon``, ``lat``.
    """

    districts: pd.DataFrame
    streets: pd.DataFrame
    communities: pd.DataFrame


def settle(districts: pd.DataFrame, communities: int, draws: Draws) -> Settlement:
    """Divide districts into streets and communities.

    Parameters
    ----------
    districts : DataFrame
        As :func:`coordination.generation.population.read_population` returns.
    communities : int
        How many communities in all.
    draws : Draws
        Seeded draws.

    Returns
    -------
    Settlement

    Raises
    ------
    CoordinationError
        There are fewer communities than districts.
    """
    if communities < len(districts):
        raise CoordinationError(
            f"{communities} communities for {len(districts)} districts; expected at least one each. "
            "Ask for more communities, or fewer districts (a longer prefix)."
        )
    people = districts["population"].to_numpy()
    per_district = apportion(communities, people.astype(float), minimum=1)
    streets_of = np.maximum(1, np.floor(per_district / COMMUNITIES_PER_STREET + 0.5).astype(np.int64))
    street_district = np.repeat(np.arange(len(districts)), streets_of)
    per_street = apportion_within(per_district, np.ones(len(street_district)), street_district, minimum=1)
    street = np.repeat(np.arange(len(street_district)), per_street)
    district = street_district[street]
    population, elderly = _people(districts, district, draws)
    reach = _settled_radius(districts)
    street_lon, street_lat = _spiral(
        districts["lon"].to_numpy(), districts["lat"].to_numpy(), reach, street_district, streets_of
    )
    street_reach = 0.8 * (reach / np.sqrt(streets_of))[street_district]
    lon, lat = _spiral(street_lon, street_lat, street_reach, street, per_street)
    codes, names = districts["code"].to_numpy(), districts["name"].to_numpy()
    street_code = _codes(codes[street_district], rank_within(street_district))
    chinese = any("\u4e00" <= letter <= "\u9fff" for name in names for letter in name)
    street_name = _names(names[street_district], rank_within(street_district), "街道" if chinese else "Street")
    return Settlement(
        districts,
        pd.DataFrame(
            {
                "code": street_code,
                "name": street_name,
                "district": street_district,
                "lon": street_lon,
                "lat": street_lat,
            }
        ),
        pd.DataFrame(
            {
                "code": _codes(street_code[street], rank_within(street)),
                "name": _names(street_name[street], rank_within(street), "社区" if chinese else "Community"),
                "street": street,
                "district": district,
                "population": population,
                "elderly": elderly,
                "lon": lon,
                "lat": lat,
            }
        ),
    )


def _people(
    districts: pd.DataFrame, district: NDArray[np.int64], draws: Draws
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Apportion people and people of 65 and over to communities, both exactly."""
    totals, old = districts["population"].to_numpy(), districts["elderly"].to_numpy()
    population = apportion_within(totals, draws.uniform("people", len(district), 0.6, 1.4), district)
    # Where few are young the spread narrows, so that nowhere more are 65 and over than live there.
    spread = np.clip(0.7 - old / np.maximum(totals, 1), 0.0, 0.5)[district]
    weights = population * (1 + spread * draws.uniform("people of 65 and over", len(district), -0.5, 0.5))
    elderly = apportion_within(old, weights, district)
    too_many = np.unique(district[elderly > population])
    for crowded in too_many:  # tiny communities, where rounding alone can do it
        members = district == crowded
        elderly[members] = apportion(int(old[crowded]), population[members].astype(float))
    return population, elderly


def _settled_radius(districts: pd.DataFrame) -> NDArray[np.float64]:
    """Radius of the settled disc of each district, km."""
    area = np.minimum(districts["area_km2"].to_numpy(), districts["population"].to_numpy() / SETTLED_DENSITY)
    radius: NDArray[np.float64] = np.sqrt(np.maximum(area, 0.01) / math.pi)
    return radius


def _spiral(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    radius: NDArray[np.float64],
    parent: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Spread the children of each parent evenly over its disc, degrees."""
    rank = rank_within(parent)
    distance = radius[parent] * np.sqrt((rank + 0.5) / counts[parent])
    angle = GOLDEN_ANGLE * (rank + parent)
    lon_km = KM_PER_DEGREE[0] * np.cos(np.radians(lat[parent]))
    east = lon[parent] + distance * np.cos(angle) / lon_km
    north = lat[parent] + distance * np.sin(angle) / KM_PER_DEGREE[1]
    return np.round(east, 5), np.round(north, 5)


def _codes(parents: NDArray[np.object_], rank: NDArray[np.int64]) -> NDArray[np.object_]:
    """Code of a child: its parent's and its own number, two digits or as many as are needed."""
    width = max(2, len(str(int(rank.max()) + 1)))
    return np.array([f"{parent}{number + 1:0{width}d}" for parent, number in zip(parents, rank, strict=True)], object)


def _names(parents: NDArray[np.object_], rank: NDArray[np.int64], word: str) -> NDArray[np.object_]:
    """Name of a child: in Chinese 新城区第2街道第3社区, else "District 1, Street 2, Community 3"."""
    form = "{}, {} {}" if word.isascii() else "{0}第{2}{1}"
    return np.array(
        [form.format(parent, word, number + 1) for parent, number in zip(parents, rank, strict=True)], object
    )
