"""Crews: who can repair what, where they come from, and how long they take.

A crew is a row of ``skills`` whose skill some damage asks for. Its home is the base of its party's first fleet, else
the first place that its party owns, else the first place of the party's jurisdiction (in the order of the tables).

It drives on the shortest routes by minutes of all roads, as they are without damage and scenario: crews get through, or
round, what is closed to trucks, and the detour is left out. To a road it drives to the nearer of its ends. While it
drives it does not work: so many minutes cost it the same share of the hours it has in a period.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance.areas import Areas
from coordination.network import Network
from coordination.network.arcs import ArcGraph
from coordination.network.distances import shortest_distances
from coordination.world.conditions import MILLION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.world import World

HOME = -1
"""Where a crew comes from first."""
SPARE = 1e-9
"""Relative slack with which hours are compared."""


@dataclass(frozen=True)
class Crews:
    """Who can repair what.

    Attributes
    ----------
    instance : Instance
        With its damage.
    world : World
        Of the same instance.
    """

    instance: Instance
    world: World

    @cached_property
    def damage(self) -> pd.DataFrame:
        """What is damaged: ``road``, ``place`` (rows of their tables, −1 for none), ``hours``, ``first``, ``last``, ….

        ``last`` is the last period in which it lasts if nobody repairs it; ``skill``, ``left``.
        """
        damage, periods = self.instance.damage, int(self.instance.periods)
        code = {
            name: pd.Index(self.instance.tables[table][name]).get_indexer(pd.Index(damage[name]))
            for name, table in (("road", "roads"), ("place", "places"))
        }
        return pd.DataFrame(
            {
                "road": code["road"].astype(np.int64),
                "place": code["place"].astype(np.int64),
                "hours": damage["repair_hours"].to_numpy(dtype=float),
                "skill": damage["skill"],
                "left": damage["capacity_left"].to_numpy(dtype=float),
                "first": damage["from"].to_numpy(dtype=np.int64),
                "last": damage["until"].fillna(periods - 1).clip(upper=periods - 1).to_numpy(dtype=np.int64),
            }
        )

    @cached_property
    def crews(self) -> pd.DataFrame:
        """Rows of ``skills`` that can repair something: ``skill_row``, ``party``, ``skill``, ``home``, ``cost``, ….

        ``pace`` is hours that a minute on the way costs, ``delivers`` the share of its hours that count.
        """
        skills, parties = self.instance.skills, self.instance.parties
        most = skills[["hours", "emergency_hours"]].max(axis=1).to_numpy(dtype=float)
        party = pd.Index(parties["party"]).get_indexer(pd.Index(skills["party"])).astype(np.int64)
        rows = pd.DataFrame(
            {
                "skill_row": np.arange(len(skills)),
                "party": party,
                "skill": skills["skill"],
                "cost": skills["cost_per_hour"].to_numpy(dtype=float),
                "pace": most / (60.0 * float(self.instance.period_hours)),
                "delivers": self.instance.delivers.to_numpy()[party],
                "home": [self._home(row) for row in party.tolist()],
            }
        )
        wanted = rows["skill"].isin(self.damage["skill"])
        able = wanted & (most > 0) & (rows["delivers"] > 0) & (rows["home"] >= 0)
        return rows[able].reset_index(drop=True)

    @cached_property
    def hours(self) -> NDArray[np.float64]:
        """Hours that each crew has in each period, shape (crews, periods)."""
        row, party = self.crews["skill_row"].to_numpy(), self.crews["party"].to_numpy()
        parties = self.party_hours
        own = np.maximum(self.world.skill_hours[row], self.world.skill_emergency_hours[row])
        return np.asarray(np.minimum(own, parties[party][:, None]), dtype=np.float64)

    @cached_property
    def party_hours(self) -> NDArray[np.float64]:
        """Hours that each party has over all skills in a period, inf where unlimited, shape (parties,)."""
        hours = self.instance.parties[["hours", "emergency_hours"]].fillna(np.inf)
        return hours.max(axis=1).to_numpy(dtype=np.float64)

    @cached_property
    def legs(self) -> pd.DataFrame:
        """Ways of crews: ``crew``, ``come`` (`HOME` or a row of `damage`), ``thing``, ``hours`` with the repair."""
        crew, thing = np.nonzero(self.crews["skill"].to_numpy()[:, None] == self.damage["skill"].to_numpy()[None, :])
        pairs = pd.DataFrame({"crew": crew, "thing": thing})
        later = pairs.merge(pairs.rename(columns={"thing": "come"}), on="crew")
        later = later[later["come"] != later["thing"]]
        legs = pd.concat([pairs.assign(come=HOME), later], ignore_index=True)
        minutes = self._minutes[legs["crew"], legs["come"] + 1, legs["thing"]]
        crews = self.crews.iloc[legs["crew"]]
        work = self.damage["hours"].to_numpy()[legs["thing"]] / crews["delivers"].to_numpy()
        legs["hours"] = minutes * crews["pace"].to_numpy() + work
        legs = legs[np.isfinite(minutes)]
        return legs.sort_values(["crew", "come", "thing"], ignore_index=True)[["crew", "come", "thing", "hours"]]

    @cached_property
    def repairs(self) -> pd.DataFrame:
        """What each crew may repair: ``crew``, ``thing``, ``least`` (hours), ``soonest``, ``latest`` (period finished).

        A repair helps from the period after: finished in the last period of the horizon, or of the damage, it does not.
        """
        pairs = self.legs.groupby(["crew", "thing"], as_index=False).agg(least=("hours", "min"))
        crew, thing = pairs["crew"].to_numpy(dtype=int), pairs["thing"].to_numpy(dtype=int)
        first, last = (self.damage[name].to_numpy()[thing] for name in ("first", "last"))
        periods = np.arange(int(self.instance.periods))
        worked = np.where(periods >= first[:, None], self.hours[crew], 0.0).cumsum(axis=1)
        enough = worked >= (self._first_done[crew, thing] * (1.0 - SPARE))[:, None]
        soonest = np.where(enough.any(axis=1), enough.argmax(axis=1), len(periods))
        pairs = pairs.assign(soonest=soonest, latest=np.minimum(last - 1, len(periods) - 2))
        there: pd.DataFrame = pairs[pairs["soonest"] <= pairs["latest"]].reset_index(drop=True)
        return there

    @cached_property
    def _first_done(self) -> NDArray[np.float64]:
        """Hours after which a crew can have finished each thing at the soonest, others before it or not.

        Shape (crews, things), inf where it cannot; the shortest way through things from home.
        """
        shape = (len(self.crews), len(self.damage))
        done, legs = np.full(shape, np.inf), self.legs
        home = (legs["come"] == HOME).to_numpy()
        done[legs["crew"][home], legs["thing"][home]] = legs["hours"][home]
        crew, come, thing = (legs.loc[~home, name].to_numpy(dtype=int) for name in ("crew", "come", "thing"))
        while True:
            before = done.copy()
            np.minimum.at(done, (crew, thing), done[crew, come] + legs["hours"].to_numpy()[~home])
            if np.array_equal(before, done):
                return done

    def _home(self, party: int) -> int:
        """Return the place from which a party's crews come, −1 where there is none."""
        instance, name = self.instance, self.instance.parties["party"].iloc[party]
        places = instance.places
        bases = instance.fleets.loc[instance.fleets["party"] == name, "base"].tolist()
        if bases:
            return int(pd.Index(places["place"]).get_loc(bases[0]))
        own = np.flatnonzero((places["owner"] == name).to_numpy(dtype=bool))
        if len(own):
            return int(own[0])
        zone = instance.parties["zone"].iloc[party]
        within = self._areas.contains(np.full(len(places), zone, dtype=object), places["zone"].to_numpy(dtype=object))
        return int(np.flatnonzero(within)[0]) if within.any() else -1

    @cached_property
    def _areas(self) -> Areas:
        zones = self.instance.zones
        parents = zones["parent"].astype(object).where(zones["parent"].notna(), None)
        return Areas(dict(zip(zones["zone"].tolist(), parents.tolist(), strict=True)))

    @cached_property
    def _minutes(self) -> NDArray[np.float64]:
        """Minutes of each crew from home (first), or from a damaged thing, to each, shape (crews, 1 + things, things).

        The network is that without damage and scenario.
        """
        sound = Network.of(self.instance.replace(damage=[]).under(None))
        start, end = sound.directions, self.damage
        ids = pd.Index(self.instance.places["place"])
        roads = self.instance.roads
        ends = np.stack([ids.get_indexer(pd.Index(roads[name])) for name in ("from", "to")], axis=1)
        at = [
            ends[road] if road >= 0 else np.array([place])
            for road, place in zip(end["road"], end["place"], strict=True)
        ]
        homes = self.crews["home"].to_numpy(dtype=np.int64)
        sources = np.unique(np.concatenate([homes, *at]).astype(np.int64))
        far = shortest_distances(ArcGraph(start, sound.states[0]), sources).minutes / MILLION
        row = {int(place): number for number, place in enumerate(sources)}
        to = np.stack([far[:, places].min(axis=1) for places in at], axis=1)
        between = np.stack([to[[row[int(place)] for place in places]].min(axis=0) for places in at])
        return (
            np.stack([np.vstack([to[row[int(home)]][None, :], between]) for home in homes])
            if len(homes)
            else (np.zeros((0, 1 + len(at), len(at))))
        )
