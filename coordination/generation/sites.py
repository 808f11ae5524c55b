"""Depots, hospitals and suppliers: where they stand and whose they are.

The rule
--------
Every district has a depot and a hospital at its centre. A city depot stands in the district nearest to all people
(population-weighted minutes), the others each in the district, among the more populous half, that lies farthest from
those before. Suppliers come in three kinds, in the order of ``KINDS``: farms in the districts farthest from the city
depots and from each other, factories and medical suppliers in those nearest. Each site hangs on its district's centre
by a road of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.generation.travel import minutes_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.generation.city import City

KINDS = ("farm", "factory", "medical", "farm", "factory", "farm")
ACCESS_KM = {"depot": 0.4, "hospital": 0.3, "city depot": 0.8, "farm": 6.0, "factory": 3.0, "medical": 2.0}
ACCESS_KM_PER_HOUR = 30.0


def choose_sites(city: City) -> pd.DataFrame:
    """Choose where depots, hospitals and suppliers stand.

    Parameters
    ----------
    city : City
        Its districts and roads.

    Returns
    -------
    DataFrame
        ``place``, ``name``, ``kind`` (of the contract), ``role`` (depot, hospital, city depot, farm, factory,
        medical), ``zone``, ``district`` (position), ``node`` (place it hangs on), ``lon``, ``lat``, ``owner``.
    """
    districts = city.districts
    nodes = districts["node"].to_list()
    minutes = minutes_between(city.roads, nodes, nodes)
    minutes = np.where(np.isfinite(minutes), minutes, 1e6)
    people = districts["population"].to_numpy(dtype=float)
    centres = _city_depots(minutes, people)
    count = int(np.clip(2 + len(districts) // 5, 3, len(KINDS)))
    suppliers = _suppliers(minutes, centres, KINDS[:count])
    every = np.arange(len(districts))
    code = districts["zone"].str[1:].to_numpy()
    numbers = [
        ("d" + code, "depot", "depot", every, "ag" + code),
        ("h" + code, "hospital", "hospital", every, "ho" + code),
        (_numbered("depot_", centres), "depot", "city depot", centres, np.full(len(centres), "core")),
        (_numbered("supplier_", suppliers), "supplier", "", suppliers, _numbered("su_", suppliers)),
    ]
    frames = [
        pd.DataFrame({"place": place, "kind": kind, "role": role, "district": where, "owner": owner})
        for place, kind, role, where, owner in numbers
    ]
    frames[-1]["role"] = list(KINDS[:count])
    sites = pd.concat(frames, ignore_index=True)
    district = sites["district"].to_numpy()
    sites["name"] = districts["name"].to_numpy()[district] + ", " + sites["role"]
    sites["zone"] = districts["zone"].to_numpy()[district]
    sites["node"] = districts["node"].to_numpy()[district]
    # On the map they stand around the centre, not on top of each other.
    turn = 2 * np.pi * sites.groupby("district").cumcount().to_numpy() / 5
    sites["lon"] = np.round(districts["lon"].to_numpy()[district] + 0.004 * np.cos(turn), 5)
    sites["lat"] = np.round(districts["lat"].to_numpy()[district] + 0.004 * np.sin(turn), 5)
    return sites


def access_roads(sites: pd.DataFrame) -> pd.DataFrame:
    """Return the roads that sites hang on, in the columns of :attr:`City.roads`.

    Parameters
    ----------
    sites : DataFrame
        As :func:`choose_sites` returns.

    Returns
    -------
    DataFrame
    """
    km = sites["role"].map(ACCESS_KM).to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "road": "to_" + sites["place"],
            "from": sites["node"],
            "to": sites["place"],
            "km": km,
            "minutes": np.round(60 * km / ACCESS_KM_PER_HOUR, 2),
            "capacity_tonnes": np.nan,
            "both_ways": True,
            "bridge": False,
        }
    )


def _numbered(prefix: str, items: NDArray[np.int64]) -> list[str]:
    return [f"{prefix}{number}" for number in range(1, len(items) + 1)]


def _city_depots(minutes: NDArray[np.float64], people: NDArray[np.float64]) -> NDArray[np.int64]:
    """Districts of the city depots: one up to five districts, then two, one more for every 40."""
    count = 1 if len(people) <= 5 else 2 + len(people) // 40
    chosen = [int(np.argmin(minutes @ people))]
    populous = people >= np.median(people)
    while len(chosen) < count:
        nearest = np.where(populous, minutes[chosen].min(axis=0), -1.0)
        nearest[chosen] = -1.0
        chosen.append(int(np.argmax(nearest)))
    return np.array(chosen, dtype=np.int64)


def _suppliers(minutes: NDArray[np.float64], centres: NDArray[np.int64], kinds: tuple[str, ...]) -> NDArray[np.int64]:
    """Districts of the suppliers, one district each as long as there are enough."""
    chosen: list[int] = []
    for kind in kinds:
        apart = minutes[[*centres, *(chosen if kind == "farm" else [])]].min(axis=0)
        taken = np.isin(np.arange(len(minutes)), [*centres, *chosen])
        free = taken if taken.all() else ~taken
        best = np.where(free, apart, -1.0).argmax() if kind == "farm" else np.where(free, apart, 1e9).argmin()
        chosen.append(int(best))
    return np.array(chosen, dtype=np.int64)
