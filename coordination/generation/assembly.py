"""From a city to an instance: needs, supplies, fleets, tasks and parties put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.generation.catalogue import GOODS, Good
from coordination.generation.deprivation import breakpoints, carry_over
from coordination.generation.draws import Draws
from coordination.generation.fleets import bridge_tonnes, make_fleets
from coordination.generation.further import further_parties, further_tasks
from coordination.generation.needs import affected_share, make_needs
from coordination.generation.parties import make_parties
from coordination.generation.scenarios import make_scenarios
from coordination.generation.sites import access_roads, choose_sites
from coordination.generation.supplies import make_supplies
from coordination.generation.tasks import HANDOUT_TONNES_PER_HOUR, make_tasks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.generation.city import City

START = "2026-01-12T08:00:00"
LIMITED_ROOMS = 0.08
"""Share of the communities with little room."""


def assemble(
    city: City,
    *,
    seed: int,
    periods: int,
    period_hours: float,
    commodities: int,
    shortage: float,
    least_tasks: int = 0,
    least_parties: int = 0,
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """Return header and tables of an instance in a city.

    Parameters
    ----------
    city : City
        Areas, people and roads.
    seed : int
        Seed of all draws.
    periods : int
        Number of periods.
    period_hours : float
        Hours of a period.
    commodities : int
        How many of the catalogue.
    shortage : float
        Share of the need that is missing where a good's scarcity is 1.
    least_tasks, least_parties : int
        How many there are at least (`coordination.generation.further`).

    Returns
    -------
    header : dict
    tables : dict of str to DataFrame
    """
    draws = Draws(seed)
    goods = GOODS[:commodities]
    sites = choose_sites(city)
    hospitals = sites[sites["kind"] == "hospital"]
    needs = make_needs(city, hospitals, goods, periods, period_hours, draws)
    district_of = pd.concat([city.communities.set_index("place")["district"], hospitals.set_index("place")["district"]])
    supplies = make_supplies(sites, needs, district_of, goods, periods, shortage, draws)
    kg = pd.Series({good.commodity: good.kg for good in goods})
    tonnes = _mean_tonnes(city, needs, goods, periods, shortage)
    bridged = city.with_bridges(bridge_tonnes(city, tonnes, draws))
    roads = pd.concat([bridged.roads, access_roads(sites)], ignore_index=True)
    joined = _with_roads(bridged, roads)
    tasks = make_tasks(city, tonnes, affected_share(city, draws) > 0, periods, draws)
    further = further_tasks(city, max(0, least_tasks - len(tasks)), periods, draws)
    parties = make_parties(city, sites, tasks, draws, further, further_parties(city, 0))
    teams = further_parties(city, max(0, least_parties - len(parties.parties)))
    if len(teams):
        parties = make_parties(city, sites, tasks, draws, further, teams)
    scenarios = make_scenarios(joined, periods)
    header = {
        "name": city.name,
        "title": city.title,
        "start": START,
        "periods": periods,
        "period_hours": period_hours,
        "currency": "CNY",
        "source": city.source,
        "policy": {"level_cost": 100, "span": 4, "handout_tonnes_per_hour": HANDOUT_TONNES_PER_HOUR},
    }
    tables = {
        "zones": city.zones,
        "places": _places(city, sites, tonnes, draws),
        "roads": roads.drop(columns="bridge"),
        "parties": parties.parties,
        "skills": parties.skills,
        "commodities": _commodities(goods, period_hours),
        "deprivation": _deprivation(goods, period_hours),
        "stocks": supplies.stocks,
        "arrivals": supplies.arrivals,
        "needs": needs,
        "fleets": make_fleets(joined, sites, tonnes, supplies, kg, periods, period_hours, draws),
        "tasks": pd.concat([tasks, further], ignore_index=True) if len(further) else tasks,
        "efforts": parties.efforts,
        "interests": parties.interests,
        "scenarios": scenarios.scenarios,
        "effects": scenarios.effects,
    }
    return header, tables


def _with_roads(city: City, roads: pd.DataFrame) -> City:
    from dataclasses import replace

    return replace(city, roads=roads)


def _mean_tonnes(
    city: City, needs: pd.DataFrame, goods: tuple[Good, ...], periods: int, shortage: float
) -> NDArray[np.float64]:
    """Mean tonnes per period that each community can get, were supply spread evenly."""
    served = {good.commodity: good.kg / 1000 * max(0.0, 1 - shortage * good.scarcity) for good in goods}
    mass = needs["quantity"] * needs["commodity"].map(served)
    total = mass.groupby(needs["place"]).sum().reindex(city.communities["place"], fill_value=0.0)
    return total.to_numpy(dtype=float) / periods


def _places(city: City, sites: pd.DataFrame, tonnes: NDArray[np.float64], draws: Draws) -> pd.DataFrame:
    """Communities, sites and junctions. Few communities and the last city depot have little room."""
    homes = city.communities
    population = homes["population"].to_numpy(dtype=float)
    little = draws.uniform("rooms", len(homes)) < LIMITED_ROOMS
    last_depot = (sites["role"] == "city depot") & (
        sites["place"] == sites.loc[sites["role"] == "city depot", "place"].iloc[-1]
    )
    communities = pd.DataFrame(
        {
            "place": homes["place"],
            "name": homes["name"],
            "kind": "community",
            "zone": homes["zone"],
            "lon": homes["lon"],
            "lat": homes["lat"],
            "population": population,
            "vulnerable": np.round(homes["elderly"].to_numpy() / np.maximum(population, 1.0), 9),
            "storage_tonnes": np.where(little, np.maximum(1.0, np.round(0.5 * tonnes)), np.nan),
            "owner": "rc" + homes["zone"].str[1:],
        }
    )
    columns = ["place", "name", "kind", "zone", "lon", "lat", "owner"]
    stands = sites[columns].assign(
        storage_tonnes=np.where(last_depot, np.maximum(10.0, np.round(3.0 * tonnes.sum(), -1)), np.nan)
    )
    return pd.concat([communities, stands, city.junctions.assign(kind="junction")], ignore_index=True)


def _commodities(goods: tuple[Good, ...], period_hours: float) -> pd.DataFrame:
    heights = [breakpoints(good, period_hours) for good in goods]
    return pd.DataFrame(
        {
            "commodity": [good.commodity for good in goods],
            "name": [good.name for good in goods],
            "unit": [good.unit for good in goods],
            "kg": [good.kg for good in goods],
            "shelf_life": [
                max(1, int(good.shelf_hours // period_hours)) if good.shelf_hours else np.nan for good in goods
            ],
            "carry_over": [carry_over(good, period_hours) for good in goods],
            "cost_without": [height[0][1] if len(height) == 1 else np.nan for height in heights],
        }
    )


def _deprivation(goods: tuple[Good, ...], period_hours: float) -> pd.DataFrame:
    rows = []
    for good in goods:
        heights = breakpoints(good, period_hours)
        if len(heights) > 1:
            rows += [(good.commodity, float(k), height) for k, height in heights]
    return pd.DataFrame(rows, columns=["commodity", "periods_without", "cost_per_unit"])
