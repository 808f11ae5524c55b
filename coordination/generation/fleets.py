"""Fleets, sized by what they would have to carry, and bridges, by what would have to cross.

The rule
--------
A district's fleet of 5-tonne trucks loads at the district's depot; a supplier's loads at the supplier (medical
suppliers have vans, which also load at the first city depot); each city depot has heavy trucks, the first one's load
at all of them; one volunteers' fleet of small vans loads at the first city depot. A vehicle drives
``DRIVING_SHARE`` of a period. A district fleet has vehicles for ``DISTRICT_SHARE`` of the district's mean tonnage on
mean trips times a drawn factor between 0.7 and 1.3 (need grows, so the lower ones are short at the end), the others for
what arrives or lies at their places, to district depots and back, times ``UPSTREAM_SLACK``.

Bridges carry together, each way and period, ``CROSSING_SHARE`` of the mean tonnage of the smaller bank, each bridge its
part times a drawn factor between 0.7 and 1.3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.generation.travel import minutes_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.generation.city import City
    from coordination.generation.draws import Draws
    from coordination.generation.supplies import Supplies

DRIVING_SHARE = 0.75
UPSTREAM_SLACK = 0.85
DISTRICT_SHARE = 0.9
CROSSING_SHARE = 0.7


@dataclass(frozen=True)
class Vehicle:
    """A kind of vehicle: tonnes, money per km, minutes to load and unload, speed factor."""

    payload_tonnes: float
    cost_per_km: float
    loading_minutes: float
    speed: float


VEHICLES = {
    "depot": Vehicle(5.0, 4.0, 45.0, 1.0),
    "farm": Vehicle(8.0, 5.0, 60.0, 1.0),
    "factory": Vehicle(8.0, 5.0, 60.0, 1.0),
    "medical": Vehicle(1.5, 2.5, 30.0, 1.2),
    "city depot": Vehicle(10.0, 6.0, 60.0, 0.9),
    "volunteers": Vehicle(1.0, 1.5, 30.0, 1.1),
}


def make_fleets(
    city: City, sites: pd.DataFrame, tonnes: NDArray[np.float64], supplies: Supplies, kg: pd.Series,
    periods: int, period_hours: float, draws: Draws,
) -> pd.DataFrame:  # fmt: skip
    """Make the table of fleets.

    Parameters
    ----------
    city : City
        With the roads of its sites.
    sites : DataFrame
        As :func:`coordination.generation.sites.choose_sites` returns.
    tonnes : ndarray of float, shape (communities,)
        Mean tonnes per period that each community can get.
    supplies : Supplies
        Stocks and arrivals.
    kg : Series, index commodity
        Kilograms per unit.
    periods : int
        Number of periods.
    period_hours : float
        Hours of a period.
    draws : Draws
        Seeded draws.

    Returns
    -------
    DataFrame
        Columns of the contract.
    """
    district = city.communities["district"].to_numpy()
    by_district = np.bincount(district, tonnes, minlength=len(city.districts)).astype(float)
    local = sites[sites["role"] == "depot"]
    upstream = sites[~sites["role"].isin(["depot", "hospital"])]
    last_mile = _mean_minutes(city, local, city.communities["place"].to_list(), tonnes, district)
    line_haul = _mean_minutes(city, upstream, local["place"].to_list(), by_district, None)
    carried = _tonnes_at(upstream["place"], supplies, kg) / periods
    hours = round(DRIVING_SHARE * period_hours, 2)
    tight = draws.uniform("vehicles", len(local), 0.7, 1.3) * DISTRICT_SHARE
    starts = upstream.loc[upstream["role"] == "city depot", "place"].to_list()
    code = city.districts["zone"].str[1:].to_numpy()
    fleets = [
        _fleet(f"f_{code[i]}", f"en{code[i]}", base, base, "depot", by_district[i] * tight[i], last_mile[i], hours)
        for i, base in enumerate(local["place"])
    ]
    for i, (place, role, owner, home) in enumerate(
        zip(upstream["place"], upstream["role"], upstream["owner"], upstream["district"], strict=True)
    ):
        party = f"en{code[home]}" if role == "city depot" else owner
        loads_at = {"medical": f"{place};{starts[0]}", "city depot": ";".join(starts) if place == starts[0] else place}
        load = carried[i] * UPSTREAM_SLACK
        fleets.append(_fleet(f"f_{place}", party, place, loads_at.get(role, place), role, load, line_haul[i], hours))
    helpers = f"se{code[upstream['district'].iloc[0]]}"
    some = 0.01 * float(by_district.sum())
    fleets.append(_fleet("f_volunteers", helpers, starts[0], starts[0], "volunteers", some, line_haul[0], hours))
    return pd.DataFrame(fleets)


def _fleet(
    fleet: str, party: str, base: str, loads_at: str, kind: str, tonnes: float, minutes: float, hours: float
) -> dict[str, object]:
    """One fleet, with vehicles for so many tonnes per period on trips of so many minutes there and back."""
    vehicle = VEHICLES[kind]
    trip_hours = (minutes / vehicle.speed + vehicle.loading_minutes) / 60
    return {
        "fleet": fleet,
        "party": party,
        "base": base,
        "vehicles": max(2, math.ceil(tonnes / vehicle.payload_tonnes * trip_hours / hours)),
        "payload_tonnes": vehicle.payload_tonnes,
        "hours": hours,
        "cost_per_km": vehicle.cost_per_km,
        "loading_minutes": vehicle.loading_minutes,
        "speed": vehicle.speed,
        "loads_at": loads_at,
    }


def _mean_minutes(
    city: City, sites: pd.DataFrame, places: list[str], weights: NDArray[np.float64], own: NDArray[np.int64] | None
) -> NDArray[np.float64]:
    """Mean minutes there and back from each site, weighted; to the places of its own district where `own` is given."""
    there = minutes_between(city.roads, sites["place"].to_list(), places)
    back = minutes_between(city.roads, places, sites["place"].to_list()).T
    both = there + back
    shares = np.where(np.isfinite(both), np.maximum(weights, 1e-9)[None, :], 0.0)
    if own is not None:
        shares *= own[None, :] == sites["district"].to_numpy()[:, None]
    total = np.sum(np.where(shares > 0, both, 0.0) * shares, axis=1)
    mean: NDArray[np.float64] = total / np.maximum(shares.sum(axis=1), 1e-12)
    return mean


def _tonnes_at(places: pd.Series, supplies: Supplies, kg: pd.Series) -> NDArray[np.float64]:
    """Tonnes that lie or arrive at each place over the horizon."""
    both = pd.concat([supplies.stocks, supplies.arrivals], ignore_index=True)
    mass = both["quantity"] * both["commodity"].map(kg) / 1000
    return mass.groupby(both["place"]).sum().reindex(places, fill_value=0.0).to_numpy(dtype=float)


def bridge_tonnes(city: City, tonnes: NDArray[np.float64], draws: Draws) -> NDArray[np.float64]:
    """Capacity of each bridge, tonnes per period and direction.

    Parameters
    ----------
    city : City
        Its roads.
    tonnes : ndarray of float, shape (communities,)
        Mean tonnes per period that each community can get.
    draws : Draws
        Seeded draws.

    Returns
    -------
    ndarray of float, shape (bridges,)
        Whole tens.
    """
    bridges = int(city.roads["bridge"].sum())
    if not bridges:
        return np.empty(0)
    nodes = city.districts["node"].to_list()
    dry = minutes_between(city.roads[~city.roads["bridge"]], nodes[:1], nodes)[0]
    bank = np.isfinite(dry)[city.communities["district"].to_numpy()]
    smaller = min(float(tonnes[bank].sum()), float(tonnes[~bank].sum()))
    share = CROSSING_SHARE * smaller / bridges * draws.uniform("bridges", bridges, 0.7, 1.3)
    return np.maximum(10.0, np.round(share, -1))
