"""Parties at every level, what they can do and for how many hours.

The rule
--------
Under the core stand three agencies of the city and, through them, everyone else: each district's agency (civil
affairs), police, hospital, social organisation and logistics enterprise; each street's agency, social workers and
volunteers; each community's residents committee, in 85 of 100 a property company and in half an owners committee (the
three carriages). Suppliers and a social enterprise (at the first city depot) answer to the city's agency of commerce.

Skills are sized by the tasks around: a table (``SHARES``) gives which share of the hours of hand-out, watch, care,
information, coordination and medical work of its own zone each kind could do in emergency; a drawn factor between 1.5
and 2.6, alike for all in a street, makes hours scarce in some and ample in others. All skills together a party has
``TOGETHER`` of their sum; in normal mode 0.6 of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.generation.city import City
    from coordination.generation.draws import Draws

TOGETHER = 0.8
NORMAL = 0.6

SHARES: dict[str, dict[str, float]] = {
    "residents_committee": {"handout": 0.35, "security": 0.15, "information": 0.15},
    "property_company": {"handout": 0.30, "security": 0.65},
    "owners_committee": {"handout": 0.10, "security": 0.25},
    "street_agency": {"handout": 0.08, "information": 0.60, "coordination": 0.25},
    "social_workers": {"care": 0.55, "information": 0.30},
    "volunteers": {"handout": 0.22, "care": 0.40},
    "agency": {"information": 0.05, "coordination": 0.70, "command": 0.04},
    "police": {"security": 0.12, "coordination": 0.45},
    "social_organisation": {"handout": 0.06, "care": 0.10},
    "hospital": {"medical": 0.80},
    "social_enterprise": {"handout": 0.05, "care": 0.10},
    "city_agency": {"command": 0.35},
    "health_agency": {"command": 0.25, "medical": 0.02},
}
"""Share of the hours of the tasks in its own zone that a party of each kind could do, by skill."""

COSTS = {
    "residents_committee": 18.0, "property_company": 30.0, "owners_committee": 12.0, "street_agency": 25.0,
    "social_workers": 28.0, "volunteers": 8.0, "agency": 30.0, "police": 35.0, "social_organisation": 15.0,
    "hospital": 60.0, "social_enterprise": 20.0, "city_agency": 40.0, "health_agency": 45.0,
}  # fmt: skip
"""Yuan per hour, assumed: pay of staff, meals and insurance of volunteers."""

BENEFITS = {
    ("property_company", "safety"): 2.0, ("property_company", "supply"): -1.5, ("owners_committee", "safety"): 1.0,
    ("volunteers", "convenience"): 3.0, ("social_organisation", "convenience"): 3.0,
    ("social_workers", "convenience"): 2.0, ("police", "safety"): 1.0, ("street_agency", "supply"): -1.0,
}  # fmt: skip
"""Yuan per hour that a party gains, or loses, by work in a domain: assumed, each times a drawn factor of 0.5 to 1.5."""


@dataclass(frozen=True)
class Parties:
    """Parties, what they can do, what it costs them and what they want, in the columns of the contract."""

    parties: pd.DataFrame
    skills: pd.DataFrame
    efforts: pd.DataFrame
    interests: pd.DataFrame


def make_parties(
    city: City, sites: pd.DataFrame, tasks: pd.DataFrame, draws: Draws, further: pd.DataFrame, teams: pd.DataFrame
) -> Parties:
    """Make parties, skills, efforts and interests.

    Parameters
    ----------
    city : City
        Its zones.
    sites : DataFrame
        As :func:`coordination.generation.sites.choose_sites` returns.
    tasks : DataFrame
        Tasks that every city has.
    draws : Draws
        Seeded draws.
    further, teams : DataFrame
        Tasks and parties besides (`coordination.generation.further`).

    Returns
    -------
    Parties
    """
    parties = pd.concat([_city_parties(city, sites), *_local_parties(city, draws), teams], ignore_index=True)
    skills = _skills(city, parties, _work_by_zone(city, tasks, further), draws)
    total = skills.groupby("party")["emergency_hours"].sum().reindex(parties["party"]).to_numpy()
    emergency = np.where(np.isnan(total), np.nan, np.maximum(1.0, np.round(TOGETHER * total)))
    parties = parties.assign(
        hours=np.round(NORMAL * emergency, 1),
        emergency_hours=emergency,
        reliability=np.round(draws.uniform("reliability", len(parties), 0.8, 1.0), 2),
    )
    interests = _interests(parties, skills, draws)
    efforts = _efforts(parties, pd.concat([tasks, further], ignore_index=True), skills, draws)
    return Parties(parties.drop(columns="role"), skills, efforts, interests)


def _city_parties(city: City, sites: pd.DataFrame) -> pd.DataFrame:
    """List the core, the agencies of the city, suppliers and the social enterprise."""
    root = city.root
    suppliers = sites[sites["kind"] == "supplier"]
    first = sites[sites["role"] == "city depot"].iloc[0]
    zone = str(first["zone"])
    rows: list[tuple[str, str, str, str, str, str | None]] = [
        ("core", "City command", "core", "core", root, None),
        ("ag_emergency", "Emergency agency", "agency", "city_agency", root, "core"),
        ("ag_health", "Health agency", "agency", "health_agency", root, "core"),
        ("ag_commerce", "Commerce agency", "agency", "city_agency", root, "core"),
        (f"se{zone[1:]}", "Social enterprise", "social_enterprise", "social_enterprise", zone, "ag_commerce"),
    ]
    rows += [
        (owner, f"{role.capitalize()} supplier, {name.split(',')[0]}", "supplier", "supplier", zone, "ag_commerce")
        for owner, role, name, zone in suppliers[["owner", "role", "name", "zone"]].itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=["party", "name", "kind", "role", "zone", "superior"])


def _local_parties(city: City, draws: Draws) -> list[pd.DataFrame]:
    """Parties of districts, streets and communities."""
    districts, streets, homes = city.districts, city.streets, city.communities
    district_code = districts["zone"].str[1:]
    street_code = streets["zone"].str[1:]
    over_street = "ag" + district_code.to_numpy()[streets["district"]]
    over_home = "st" + street_code.to_numpy()[homes["street"]]
    managed = draws.uniform("property companies", len(homes)) < 0.85
    owned = draws.uniform("owners committees", len(homes)) < 0.5
    under_agency = "ag" + district_code
    return [
        _parties("ag", "Civil affairs", "agency", "agency", districts, np.full(len(districts), "ag_emergency")),
        _parties("po", "Police", "agency", "police", districts, under_agency),
        _parties("ho", "Hospital", "hospital", "hospital", districts, np.full(len(districts), "ag_health")),
        _parties("so", "Social organisation", "social_organisation", "social_organisation", districts, under_agency),
        _parties("en", "Logistics enterprise", "enterprise", "enterprise", districts, under_agency),
        _parties("st", "Street agency", "agency", "street_agency", streets, over_street),
        _parties("sw", "Social workers", "social_workers", "social_workers", streets, over_street),
        _parties("vo", "Volunteers", "volunteers", "volunteers", streets, over_street),
        _parties("rc", "Residents committee", "residents_committee", "residents_committee", homes, over_home),
        _parties("pc", "Property company", "property_company", "property_company", homes[managed], over_home[managed]),
        _parties("oc", "Owners committee", "owners_committee", "owners_committee", homes[owned], over_home[owned]),
    ]


def _parties(
    prefix: str, title: str, kind: str, role: str, areas: pd.DataFrame, superior: NDArray[np.object_] | pd.Series
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "party": prefix + areas["zone"].str[1:],
            "name": f"{title}, " + areas["name"],
            "kind": kind,
            "role": role,
            "zone": areas["zone"],
            "superior": np.asarray(superior),
        }
    )


def _skills(city: City, parties: pd.DataFrame, work: pd.DataFrame, draws: Draws) -> pd.DataFrame:
    """Hours of each party and skill, by the work in its zone."""
    scarce = draws.uniform("hours", len(city.zones), 1.5, 2.6)
    factor = dict(zip(city.zones["zone"], scarce, strict=True))
    street_of = dict(
        zip(city.communities["zone"], city.streets["zone"].to_numpy()[city.communities["street"]], strict=True)
    )
    own = parties["zone"].map(lambda zone: factor[street_of.get(zone, zone)])
    frames = []
    for skill in work.columns:
        share = parties["role"].map(lambda role, skill=skill: SHARES.get(role, {}).get(skill, 0.0))
        hours = np.round(share * own * work[skill].reindex(parties["zone"]).to_numpy(), 1)
        able = (share > 0).to_numpy()
        emergency = np.maximum(1.0, hours)[able]
        frames.append(
            pd.DataFrame(
                {
                    "party": parties["party"][able],
                    "skill": skill,
                    "hours": np.round(NORMAL * emergency, 1),
                    "emergency_hours": emergency,
                    "cost_per_hour": parties["role"][able].map(COSTS),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _work_by_zone(city: City, tasks: pd.DataFrame, further: pd.DataFrame) -> pd.DataFrame:
    """Hours per period of each skill within each zone; a street's own hand-out counts in its communities by people.

    Of the tasks that every city has, those of one skill in one zone take turns; further ones add up.

    Returns
    -------
    DataFrame, index zone, a column a skill
    """
    homes = city.communities
    together = tasks.groupby(["zone", "skill"])["hours"].max().unstack(fill_value=0)
    own = together.reindex(city.zones["zone"], fill_value=0.0)
    if len(further):
        more = further.groupby(["zone", "skill"])["hours"].sum().unstack(fill_value=0)
        own = own.add(more.reindex(index=own.index, columns=own.columns, fill_value=0.0))
    street_zone = city.streets["zone"].to_numpy()[homes["street"]]
    people = homes["population"].to_numpy(dtype=float)
    share = people / np.bincount(homes["street"], people)[homes["street"].to_numpy()]
    for skill in ("handout", "information"):
        # What a street does for all its communities is work in each of them too.
        own.loc[homes["zone"], skill] += own.loc[street_zone, skill].to_numpy() * share
        own.loc[city.streets["zone"], skill] = 0.0
    parent = dict(zip(city.zones["zone"], city.zones["parent"], strict=True))
    level = city.zones.set_index("zone")["level"]
    for lower in ("community", "street", "district", "city"):
        below = own[(level == lower).to_numpy()]
        upper = below.index.map(parent)
        sums = below.groupby(upper).sum()
        own.loc[sums.index] += sums
    return own


def _interests(parties: pd.DataFrame, skills: pd.DataFrame, draws: Draws) -> pd.DataFrame:
    """Draw what parties gain or lose by working in a domain."""
    frames = []
    for (role, domain), benefit in BENEFITS.items():
        mine = parties[parties["role"] == role]
        factor = draws.uniform(f"interest of {role} in {domain}", len(mine), 0.5, 1.5)
        frames.append(
            pd.DataFrame({"party": mine["party"], "domain": domain, "benefit": np.round(benefit * factor, 2)})
        )
    found = pd.concat(frames, ignore_index=True)
    return found[found["party"].isin(skills["party"])].reset_index(drop=True)


def _efforts(parties: pd.DataFrame, tasks: pd.DataFrame, skills: pd.DataFrame, draws: Draws) -> pd.DataFrame:
    """Property companies are slower at handing out; volunteers who hand out or care get meals and insurance."""
    frames = []
    for role, skill, cost in (("property_company", "handout", 0.0), ("volunteers", "care", 60.0)):
        able = parties[(parties["role"] == role) & parties["party"].isin(skills.loc[skills["skill"] == skill, "party"])]
        pairs = tasks.loc[tasks["skill"] == skill, ["task", "zone"]].merge(able[["party", "zone"]], on="zone")
        factor = draws.uniform(f"effort of {role}", len(pairs), 1.05, 1.4)
        frames.append(
            pd.DataFrame({"task": pairs["task"], "party": pairs["party"], "factor": np.round(factor, 2), "cost": cost})
        )
    return pd.concat(frames, ignore_index=True)
