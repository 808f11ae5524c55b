"""Roads laid by rule over a settlement.

The rule
--------
Every community joins the centre of its street, every street centre the centre of its district, both are joined to
their neighbours in a ring; district centres are joined by the shortest tree that connects all and, each, to its two
nearest. So everything is connected, mostly in more than one way.

A river runs from west to east where the northern quarter of the districts ends, midway between the last of them and
the next to the south (for Xi'an this is where the Wei flows). District roads across it are bridges; there are at least
two. A district lies on one side.

Kilometres are straight lines times ``DETOUR``, 1.3 (Ballou, Rahardja and Sakai 2002, *Selected country circuity
factors for road travel distance estimation*, have 1.33 for China); speeds are those of a loaded truck in a city under
restrictions: 20 km/h in communities, 30 between streets, 45 between districts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.generation.settlement import KM_PER_DEGREE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.generation.settlement import Settlement

DETOUR = 1.3
SHORTEST_KM = 0.1
SPEEDS = {"community": 20.0, "street": 30.0, "district": 45.0}
"""Kilometres per hour by what a road joins."""
NEIGHBOURS = 2
FEWEST_BRIDGES = 2


def lay_roads(settlement: Settlement) -> pd.DataFrame:
    """Lay the roads of a settlement.

    Parameters
    ----------
    settlement : Settlement
        Districts, streets and communities.

    Returns
    -------
    DataFrame
        ``road``, ``from``, ``to``, ``km``, ``minutes``, ``capacity_tonnes`` (nan), ``both_ways``, ``bridge``.
    """
    districts, streets, communities = settlement.districts, settlement.streets, settlement.communities
    ends = pd.concat([areas[["code", "lon", "lat"]] for areas in (districts, streets, communities)], ignore_index=True)
    names = np.r_[("j" + districts["code"]), ("j" + streets["code"]), ("c" + communities["code"])]
    first_street, first_community = len(districts), len(districts) + len(streets)
    position = ends[["lon", "lat"]].to_numpy()
    arterial, bridge = _arterials(position[:first_street])
    street_district = streets["district"].to_numpy()
    community_street = communities["street"].to_numpy()
    kinds = {
        "district": [arterial],
        "street": [
            np.c_[np.arange(len(streets)) + first_street, street_district],
            _rings(position[first_street:first_community], street_district) + first_street,
        ],
        "community": [
            np.c_[np.arange(len(communities)) + first_community, community_street + first_street],
            _rings(position[first_community:], community_street) + first_community,
        ],
    }
    pairs = np.concatenate([pair for group in kinds.values() for pair in group])
    counts = [sum(len(pair) for pair in group) for group in kinds.values()]
    speed = np.repeat([SPEEDS[kind] for kind in kinds], counts)
    km = np.maximum(SHORTEST_KM, np.round(DETOUR * _distance(position[pairs[:, 0]], position[pairs[:, 1]]), 2))
    width = max(4, len(str(len(pairs))))
    return pd.DataFrame(
        {
            "road": [f"r{number + 1:0{width}d}" for number in range(len(pairs))],
            "from": names[pairs[:, 0]],
            "to": names[pairs[:, 1]],
            "km": km,
            "minutes": np.round(60 * km / speed, 2),
            "capacity_tonnes": np.nan,
            "both_ways": True,
            "bridge": np.r_[bridge, np.zeros(len(pairs) - len(bridge), dtype=bool)],
        }
    )


def _distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Kilometres in a straight line between pairs of points, degrees; flat enough for a city."""
    east = (one[..., 0] - other[..., 0]) * KM_PER_DEGREE[0] * np.cos(np.radians((one[..., 1] + other[..., 1]) / 2))
    north = (one[..., 1] - other[..., 1]) * KM_PER_DEGREE[1]
    return np.hypot(east, north)


def _rings(position: NDArray[np.float64], parent: NDArray[np.int64]) -> NDArray[np.int64]:
    """Join the children of each parent in a ring, by angle around their middle; two are joined once."""
    counts = np.bincount(parent)
    middle = np.c_[[np.bincount(parent, position[:, axis]) / np.maximum(counts, 1) for axis in (0, 1)]].T[parent]
    angle = np.arctan2(position[:, 1] - middle[:, 1], position[:, 0] - middle[:, 0])
    order = np.lexsort([angle, parent])
    groups = parent[order]
    last = np.r_[groups[1:] != groups[:-1], True]
    first = np.flatnonzero(np.r_[True, last[:-1]])
    following = np.where(last, order[np.repeat(first, counts[counts > 0])], np.roll(order, -1))
    kept = ~last | (counts[groups] > 2)
    pairs: NDArray[np.int64] = np.c_[order, following][kept]
    return pairs


def _arterials(position: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Join district centres; the second array tells which of the roads are bridges."""
    from scipy.sparse.csgraph import minimum_spanning_tree

    count = len(position)
    if count == 1:
        return np.empty((0, 2), dtype=np.int64), np.empty(0, dtype=bool)
    distance = np.maximum(_distance(position[:, None], position[None, :]), 1e-3)
    np.fill_diagonal(distance, np.inf)
    tree = minimum_spanning_tree(np.where(np.isinf(distance), 0.0, distance)).tocoo()
    nearest = np.argsort(distance, axis=1, kind="stable")[:, : min(NEIGHBOURS, count - 1)]
    pairs = np.concatenate(
        [np.c_[tree.row, tree.col], np.c_[np.repeat(np.arange(count), nearest.shape[1]), nearest.ravel()]]
    )
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    north = _north(position)
    if north.any():
        across = np.argwhere(north[:, None] & ~north[None, :])
        by_length = np.argsort(distance[across[:, 0], across[:, 1]], kind="stable")[:FEWEST_BRIDGES]
        pairs = np.unique(np.sort(np.concatenate([pairs, across[by_length]]), axis=1), axis=0)
    return pairs, north[pairs[:, 0]] != north[pairs[:, 1]]


def _north(position: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which districts lie north of the river: a quarter of them, rounded down."""
    north = np.zeros(len(position), dtype=bool)
    north[np.argsort(-position[:, 1], kind="stable")[: len(position) // 4]] = True
    return north
