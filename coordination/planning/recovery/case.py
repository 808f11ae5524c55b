"""The case in which repairs are still to be decided: the network in every condition that it may be in.

What of the damage acts on the network (roads, and places where nothing can be loaded) makes conditions: each subset
that may be whole while the rest is not. Conditions in which all roads are alike share a state; lanes that are alike in
several states are one lane, which runs in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.errors import UsageError
from coordination.planning.case import Case
from coordination.world.conditions import Conditions, condition_of, distinct, places_shut, road_factors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.planning.recovery.crews import Crews
    from coordination.world import World

MOST_THINGS = 8
"""Damaged roads and lost places up to which all conditions are made: each one more doubles them."""
ALIKE = ["fleet", "origin", "destination", "lag", "hours", "cost"]
"""Columns in which lanes are alike."""


@dataclass(frozen=True)
class DamagedCase(Case):
    """A case whose `instance` is without its damage, and whose network has all conditions.

    Attributes
    ----------
    crews : Crews
        Who can repair what.
    things : ndarray of int
        Rows of ``crews.damage`` that act on the network.
    possible : ndarray of bool, shape (conditions, periods)
        Whether the network may be in a condition in a period; bit i of a condition: ``things[i]`` is whole.
    state_of : ndarray of int, shape (conditions, periods)
        State of the roads then, −1 where it is not possible.
    """

    crews: Crews = field(kw_only=True)
    things: NDArray[np.int64] = field(kw_only=True)
    possible: NDArray[np.bool_] = field(kw_only=True)
    state_of: NDArray[np.int64] = field(kw_only=True)

    @classmethod
    def with_crews(cls, crews: Crews) -> DamagedCase:
        """Return the case of a damaged instance.

        Raises
        ------
        UsageError
            More is damaged than all conditions can be made of.
        """
        from coordination.network import Network
        from coordination.network.arcs import Directions
        from coordination.network.fleets import Fleets
        from coordination.world import World

        damage, instance = crews.damage, crews.instance
        things = np.flatnonzero((damage["road"] >= 0) | (damage["left"] == 0))
        if len(things) > MOST_THINGS:
            raise UsageError(
                f"{instance.name}: {len(things)} damaged roads and lost places (table damage); repairs are planned for "
                f"{MOST_THINGS} at most. Leave out those that matter least, or give them until."
            )
        bare = instance.replace(damage=[])
        world, possible = World.of(bare), _possible(crews, things)
        conditions, state_of = _states(bare, world, crews, things, possible)
        network = Network(bare, Directions.of(bare), Fleets.of(bare), conditions)
        return cls(bare, world, network, crews=crews, things=things, possible=possible, state_of=state_of)

    @property
    def repairing(self) -> bool:
        """Crews may take hours."""
        return True

    @cached_property
    def whole(self) -> NDArray[np.bool_]:
        """Whether each of `things` is whole in a condition, shape (conditions, things)."""
        return _bits(len(self.things))

    @cached_property
    def _state_runs(self) -> NDArray[np.bool_]:
        """Whether the roads may be in a state, shape (states, periods)."""
        runs = np.zeros((len(self.network.states), self.periods), dtype=bool)
        condition, period = np.nonzero(self.possible)
        runs[self.state_of[condition, period], period] = True
        return runs

    @cached_property
    def _merged(self) -> tuple[pd.DataFrame, list[tuple[int, ...]]]:
        """Lanes, alike ones joined, and the states of each group that runs in more than one."""
        lanes = super().lanes
        free, rest = lanes[lanes["free"]], lanes[~lanes["free"]]
        found = rest.groupby(ALIKE, sort=False)["state"].apply(lambda states: tuple(sorted(states)))
        names: list[tuple[int, ...]] = found.tolist()
        groups = sorted(set(names))
        code = {group: len(self.network.states) + number for number, group in enumerate(groups)}
        joined = found.index.to_frame(index=False).assign(state=[code[name] for name in names], free=False)
        both = pd.concat([joined[lanes.columns], free], ignore_index=True).astype(lanes.dtypes.to_dict())
        return both.sort_values(["state", "fleet", "origin", "destination"], ignore_index=True), groups

    @cached_property
    def lanes(self) -> pd.DataFrame:
        """Lanes of all conditions; ``state`` counts on where a lane runs in several (`members`)."""
        return self._merged[0]

    @cached_property
    def members(self) -> list[tuple[int, ...]]:
        """States in which the lanes of each ``state`` run."""
        return [(state,) for state in range(len(self.network.states))] + self._merged[1]

    @cached_property
    def runs(self) -> NDArray[np.bool_]:
        """Whether lanes of a ``state`` may run in a period, shape (states and groups of them, periods)."""
        return np.stack([self._state_runs[list(states)].any(axis=0) for states in self.members])

    @cached_property
    def road_capacity(self) -> NDArray[np.float64]:
        """Most tonnes that each direction of a road may take in any condition, shape (arcs, periods)."""
        by_state = np.column_stack(
            [self.network.arcs(state)["capacity_tonnes"].to_numpy(float) for state in range(len(self.network.states))]
        )
        runs = self._state_runs
        return np.stack([by_state[:, runs[:, t]].max(axis=1) for t in range(self.periods)], axis=1)

    @cached_property
    def crew_limits(self) -> pd.DataFrame:
        """Limits on the hours of parties with crews: ``limit``, ``hour_period``, and ``crew``."""
        crews = self.crews.crews
        skills, parties = len(self.instance.skills), self.instance.parties
        bounded = parties[["hours", "emergency_hours"]].notna().any(axis=1).to_numpy()
        party = crews["party"].to_numpy(dtype=int)
        own = pd.DataFrame({"limit": crews["skill_row"].to_numpy(dtype=np.int64), "crew": np.arange(len(crews))})
        over_all = pd.DataFrame({"limit": skills + party, "crew": np.arange(len(crews))})[bounded[party]]
        limits = pd.concat([own, over_all], ignore_index=True)
        spread: pd.DataFrame = limits.merge(pd.DataFrame({"hour_period": np.arange(self.periods)}), how="cross")
        return spread


def _bits(things: int) -> NDArray[np.bool_]:
    """Return all subsets of so many things, shape (subsets, things)."""
    return np.asarray((np.arange(2**things)[:, None] >> np.arange(things)[None, :]) & 1, dtype=bool)


def _possible(crews: Crews, things: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which subsets may be whole in which period."""
    damage, periods = crews.damage.iloc[things], np.arange(int(crews.instance.periods))
    hurt = (periods >= damage["first"].to_numpy()[:, None]) & (periods <= damage["last"].to_numpy()[:, None])
    soonest = crews.repairs.groupby("thing")["soonest"].min().reindex(things).fillna(len(periods)).to_numpy()
    may_be_whole = ~hurt | (periods > soonest[:, None])
    whole = _bits(len(things))
    fits = np.where(whole[:, :, None], may_be_whole[None, :, :], hurt[None, :, :])
    return np.asarray(fits.all(axis=1))


def _states(
    bare: Instance, world: World, crews: Crews, things: NDArray[np.int64], possible: NDArray[np.bool_]
) -> tuple[Conditions, NDArray[np.int64]]:
    """Return the states of the roads, and the state of each condition and period."""
    factors, shut = road_factors(bare, world.effects), places_shut(bare)
    damage, whole = crews.damage.iloc[things], _bits(len(things))
    road, place = damage["road"].to_numpy(), damage["place"].to_numpy()
    condition, period = np.nonzero(possible)
    found = []
    for number, when in zip(condition.tolist(), period.tolist(), strict=True):
        broken, closed, factor = ~whole[number], shut[:, when].copy(), factors[:, when].copy()
        factor[road[broken & (road >= 0)]] *= damage["left"].to_numpy()[broken & (road >= 0)]
        closed[place[broken & (place >= 0)]] = True
        found.append(condition_of(bare, factor, closed))
    conditions = distinct(found)
    state_of = np.full(possible.shape, -1, dtype=np.int64)
    state_of[condition, period] = conditions.state
    # By period the network asks for no state of its own here: lanes say in which they run.
    return Conditions(conditions.states, np.zeros(possible.shape[1], dtype=np.int64)), state_of
