r"""What it is worth to have roads and places back, at the prices of a plan: for networks with too many conditions.

The LP of the ideal instance (`coordination.planning.recovery.ideal`) says what goods are worth where fleets load,
kappa, what an hour of a fleet is worth, eta, and what arrives where and when, q. In a condition S of the network a
tonne still has to come to the same place in the same period, from where it is cheapest:

.. math:: W_t(S) = \sum_{n,k} q_{n,k,t} \min \Bigl\{ \min_{l \to n \text{ in } S} \kappa_{o(l),k,t}
          + w_k (c_l + \eta_{f(l),t} \, h_l),\; M_{n,k,t} \Bigr\} + \sum_r \tau_{r,t} \, w \, R_r (1 - \text{left})

M is what it costs in the ideal network and what waiting costs a period more: what cannot come waits. tau is the price
of a tonne on a road with a capacity.

W is not a sum over roads: two that only help together, or that stand in for each other, are worth together what each
alone is not. A schedule needs a sum; so it is made about the schedule found last (first: about nothing and about all
repaired, the mean), until it comes back, and of all found the one with the least W and pay is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from coordination.network import Network
from coordination.network.arcs import Directions
from coordination.network.fleets import Fleets
from coordination.world.conditions import condition_of, distinct, places_shut, road_factors
from coordination.world.effects import Effects

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.planning.model import ResponseModel
    from coordination.planning.recovery.crews import Crews
    from coordination.planning.worths import Prices

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

WAITS = 2
"""Age, in periods, at which waiting one period more is priced: what cannot come has mostly waited already."""


@dataclass(frozen=True)
class Priced:
    """The LP of the ideal instance as far as repairs need it.

    Attributes
    ----------
    model : ResponseModel
        Of the ideal case.
    prices : Prices
        Its duals.
    cheapest : ndarray, shape (places, batches, periods)
        What goods cost.
    arrivals : DataFrame
        What is sent: ``destination``, ``batch``, ``period`` (of departure), ``quantity``.
    bound : float
        No plan costs less, whatever is repaired.
    """

    model: ResponseModel
    prices: Prices
    cheapest: Floats
    arrivals: pd.DataFrame
    bound: float


@dataclass(frozen=True)
class Worths:
    """Worths of conditions of the network.

    Attributes
    ----------
    crews : Crews
        Who can repair what.
    priced : Priced
        The prices.
    """

    crews: Crews
    priced: Priced
    _known: dict[bytes, Floats] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def hurt(self) -> Bools:
        """Whether each thing is damaged in a period unless repaired, shape (things, periods)."""
        damage, periods = self.crews.damage, np.arange(int(self.crews.instance.periods))
        first, last = (damage[name].to_numpy()[:, None] for name in ("first", "last"))
        return np.asarray((periods >= first) & (periods <= last))

    def cost(self, whole: Bools) -> Floats:
        """Return W of each period, money, where these things are whole in all periods.

        Parameters
        ----------
        whole : ndarray of bool, shape (things,)
        """
        key = np.packbits(whole).tobytes()
        if key not in self._known:
            self._known[key] = self._cost(whole)
        return self._known[key]

    def of_schedule(self, whole: Bools) -> float:
        """Return W of a schedule: whether each thing is repaired by each period, shape (things, periods)."""
        return float(sum(self.cost(whole[:, t])[t] for t in range(whole.shape[1])))

    def marginal(self, whole: Bools) -> Floats:
        """Return what each thing is worth in each period beside what else is whole, money, shape (things, periods)."""
        worth = np.zeros(whole.shape)
        for t in range(whole.shape[1]):
            for thing in np.flatnonzero(self.hurt[:, t]).tolist():
                back, out = whole[:, t].copy(), whole[:, t].copy()
                back[thing], out[thing] = True, False
                worth[thing, t] = self.cost(out)[t] - self.cost(back)[t]
        return worth

    def _cost(self, whole: Bools) -> Floats:
        case, prices, arrivals = self.priced.model.case, self.priced.prices, self.priced.arrivals
        damage, broken = self.crews.damage, ~whole[:, None] & self.hurt
        found = []
        for t in range(case.periods):
            factor, closed = self._factors[:, t].copy(), self._shut[:, t].copy()
            out = damage[broken[:, t]]
            roads, lost = out[out["road"] >= 0], out[(out["place"] >= 0) & (out["left"] == 0)]
            factor[roads["road"].to_numpy()] *= roads["left"].to_numpy(dtype=float)
            closed[lost["place"].to_numpy()] = True
            found.append(condition_of(self._bare, factor, closed))
        conditions = distinct(found)
        lanes = Network(self._bare, self._directions, self._fleets, conditions).lanes
        payload = case.payload[lanes["fleet"].to_numpy(dtype=int)]
        hours, money = (lanes[name].to_numpy() / payload for name in ("hours_per_trip", "cost_per_trip"))
        state, weight = lanes["state"].to_numpy(), case.batch_tonnes
        total = np.zeros(case.periods)
        for t in range(case.periods):
            now = arrivals[arrivals["period"] == t]
            if now.empty:
                continue
            rows = np.flatnonzero(state == conditions.state[t])
            fleet, origin, end = (lanes[name].to_numpy(dtype=int)[rows] for name in ("fleet", "origin", "destination"))
            way = (money[rows] + hours[rows] * prices.hour[fleet, t])[:, None] * weight
            least = np.full((len(case.coding.places), len(weight)), np.inf)
            np.minimum.at(least, end, way + self.priced.cheapest[origin, :, t])
            at, batch = now["destination"].to_numpy(dtype=int), now["batch"].to_numpy(dtype=int)
            each = np.minimum(least[at, batch], self._most[t][at, batch])
            total[t] = float((now["quantity"].to_numpy() * np.where(np.isfinite(each), each, 0.0)).sum())
            total[t] += self._tolls(conditions.states[conditions.state[t]].capacity, t)
        return total

    def _tolls(self, capacity: Floats, t: int) -> float:
        """Return the worth of the capacity that roads lack in a period."""
        road, case = self._directions.road, self.priced.model.case
        there = case.road_capacity[:, t]
        limited = np.isfinite(there)
        lost = np.maximum(there[limited] - capacity[road][limited], 0.0)
        return float((self.priced.prices.toll[limited, t] * lost).sum())

    @cached_property
    def _most(self) -> list[Floats]:
        """What a unit costs at most in each period, shape (places, batches) each: in the ideal network, and waiting."""
        case = self.priced.model.case
        waiting = case.waiting
        last = waiting.increment.shape[1] - 1
        weight = np.zeros((len(case.coding.places), len(case.coding.commodities)))
        key = tuple(waiting.keys[name].to_numpy(dtype=int) for name in ("place", "commodity"))
        np.maximum.at(weight, key, waiting.weight)
        wait = (np.maximum(weight, 1.0) * waiting.increment[:, min(WAITS, last)])[:, case.batches.commodity]
        cheapest = self.priced.cheapest
        return [np.where(np.isfinite(cheapest[:, :, t]), cheapest[:, :, t], 0.0) + wait for t in range(case.periods)]

    @cached_property
    def _bare(self) -> Instance:
        return self.crews.instance.replace(damage=[])

    @cached_property
    def _factors(self) -> Floats:
        return road_factors(self._bare, Effects(self._bare))

    @cached_property
    def _shut(self) -> Bools:
        return places_shut(self._bare)

    @cached_property
    def _directions(self) -> Directions:
        return Directions.of(self._bare)

    @cached_property
    def _fleets(self) -> Fleets:
        return Fleets.of(self._bare)
