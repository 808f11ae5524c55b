"""A preparation on the Sioux Falls network: 24 zones, 4 commodities, 7 periods, as many scenarios as asked for.

The city is that of ``coordination generate --network SiouxFalls_net.tntp`` without its tasks and suppliers, its needs
summed over groups; its three depots keep their stock, arrivals and fleets. Beside the six largest communities a depot
may be opened, small or big; the fleets of the districts load there, too. Water, staples and medicines may be bought at
every depot, stock may be moved, vehicles kept ready.

A scenario raises needs in two streets, takes part of the stock of one depot, of vehicles and of what arrives; half of
them close roads besides, one of six sets of two roads. Same seed, same scenarios; fewer are the first of many.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import coordination as co
from benchmarks import ROOT

NETWORK = ROOT.parent / "shared" / "data" / "tntp" / "SiouxFalls" / "SiouxFalls_net.tntp"
FLEETS = ("f_D1", "f_D2", "f_depot_1")
SITES = 6
SIZES = (("small", 3000, 60), ("big", 8000, 200))
UNIT_MONEY = {"water": 0.3, "staples": 0.8, "medicines": 2.0}
CUTS = 6
"""Sets of roads that scenarios close; as many scenarios close none."""


def preparation(scenarios: int, seed: int = 1, network: Path = NETWORK) -> co.Instance:
    """Make the instance with so many scenarios, equally likely."""
    city = _without_people(co.generate(network=network, commodities=4, periods=7))
    communities = city.places[city.places["kind"] == "community"]
    hosts = communities.nlargest(SITES, "population", keep="first")
    sites = [f"site_{host}" for host in hosts["place"]]
    new = hosts[["zone", "lon", "lat"]].assign(place=sites, kind="depot", storage_tonnes=0)
    ways = pd.DataFrame(
        {"road": [f"way_{one}" for one in hosts["place"]], "from": sites, "to": hosts["place"].tolist()}
    )
    depots = city.places.loc[city.places["kind"] == "depot", "place"].tolist()
    more = {"f_D1": sites[: SITES // 2], "f_D2": sites[SITES // 2 :]}
    fleets = city.fleets.assign(
        loads_at=[
            ";".join([str(loads), *more.get(fleet, [])])
            for fleet, loads in zip(city.fleets["fleet"], city.fleets["loads_at"], strict=True)
        ]
    )
    table, effects = _scenarios(city, depots, scenarios, np.random.default_rng(seed))
    return city.replace(
        places=pd.concat([city.places, new]),
        roads=pd.concat([city.roads, ways.assign(km=0.5, minutes=2)]),
        fleets=fleets,
        options=[
            {"place": site, "use": "depot", "size": size, "money": money, "capacity": tonnes}
            for site in sites
            for size, money, tonnes in SIZES
        ],
        purchases=[
            {"place": place, "commodity": good, "owner": "core", "unit_money": money}
            for place in [*depots, *sites]
            for good, money in UNIT_MONEY.items()
        ],
        moves=[{"fleet": fleet, "money_per_tonne_km": 0.5} for fleet in FLEETS],
        standby=[
            {"party": party, "fleet": fleet, "unit_money": 60, "max": 4}
            for fleet, party in zip(city.fleets["fleet"], city.fleets["party"], strict=True)
        ],
        scenarios=table,
        effects=effects,
    )


def _without_people(city: co.Instance) -> co.Instance:
    """Return the supply side of a city: no tasks, no suppliers, one group."""
    suppliers = city.places.loc[city.places["kind"] == "supplier", "place"]
    fleets = city.fleets[city.fleets["fleet"].isin(FLEETS)]
    used = {"core", *city.places["owner"].dropna(), *fleets["party"], *city.stocks["owner"]}
    kept = city.parties["party"].isin(used) | city.parties["kind"].isin(["agency", "residents_committee"])
    roads = city.roads
    return city.replace(
        tasks=[], efforts=[], skills=[], interests=[], scenarios=[], effects=[],
        parties=city.parties[kept].assign(hours=None, emergency_hours=None),
        needs=city.needs.groupby(["place", "commodity", "period"], as_index=False)["quantity"].sum(),
        fleets=fleets,
        arrivals=city.arrivals[~city.arrivals["place"].isin(suppliers)],
        places=city.places[~city.places["place"].isin(suppliers)],
        roads=roads[~(roads["from"].isin(suppliers) | roads["to"].isin(suppliers))],
    )  # fmt: skip


def _scenarios(city: co.Instance, depots: list[str], count: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Return tables of scenarios and effects."""
    streets = city.zones.loc[city.zones["level"] == "street", "zone"].tolist()
    roads = city.roads["road"].tolist()
    cuts = [np.random.default_rng(number).choice(roads, size=2, replace=False).tolist() for number in range(CUTS)]
    table, effects = [], []
    for number in range(count):
        name, cut = f"s{number}", int(rng.integers(0, 2 * CUTS))
        start = cut % 3
        table.append({"scenario": name, "hazard": "any", "probability": 1 / count})
        acts: list[tuple[str, str, int, float]] = [
            ("needs", str(street), start, float(rng.uniform(1, 2)))
            for street in rng.choice(streets, size=2, replace=False)
        ]
        acts.append(("stocks", str(rng.choice(depots)), 0, float(rng.choice([0.0, 0.3, 0.6]))))
        acts.append(("fleets", "*", start, float(rng.uniform(0.6, 1))))
        acts.append(("arrivals", "*", start, float(rng.uniform(0.5, 1))))
        acts += [("roads", road, start, 0.0) for road in (cuts[cut - CUTS] if cut >= CUTS else [])]
        effects += [
            {"scenario": name, "table": kind, "where": where, "start": begin, "factor": round(factor, 3)}
            for kind, where, begin, factor in acts
        ]
    return table, effects
