r"""What it is worth to have roads and places back, at the prices of a plan: for networks with too many conditions.

The LP of the ideal instance (`coordination.planning.recovery.ideal`) says what goes from where to where and when, q,
and what an hour of a fleet is worth, eta. In a condition S of the network a tonne goes the cheapest way that there is
between the same two places, or it waits, with all that has waited for the same way before:

.. math:: W_t(S) = \sum_{o,n,k} \min \Bigl\{
          q_{o,n,k,t} \, w_k \min_{l: o \to n \text{ in } S} (c_l + \eta_{f(l),t} h_l), \;
          \sum_{s \le t} q_{o,n,k,s} \, \rho^{t-s} \omega \bigl( \sigma_k(t-s+1) + \ell_k \bigr) \Bigr\}
          + \sum_r \tau_{r,t} R_r (1 - \text{left}_r)

sigma is what a unit's waiting costs in its a-th period, ell what lapses of it, omega the largest weight of those who
wait; tau is the price of a tonne on a road with a capacity. What is damaged is so until it is repaired, so what waits
for a way in a period has waited for it in those before. That other goods could come from elsewhere instead is left out:
where goods are short, somebody else would go without.

W is not a sum over roads: two that only help together, or that stand in for each other, are worth together what each
alone is not. A schedule needs a sum; so it is made about the schedule found last (first: about nothing and about all
repaired, the mean), until it comes back. W knows no capacities either: so of all schedules found, and that in which
everything is back as soon as it can be, the one is kept whose coarse plan, and pay, cost least
(`coordination.planning.recovery.restoring`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.network import Network
from coordination.network.arcs import Directions
from coordination.network.fleets import Fleets
from coordination.world.conditions import condition_of, distinct, places_shut, road_factors
from coordination.world.effects import Effects

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.planning.model import ResponseModel
    from coordination.planning.recovery.crews import Crews
    from coordination.planning.worths import Prices
    from coordination.world.conditions import Conditions

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

WAY = ["origin", "destination", "batch"]


@dataclass(frozen=True)
class Priced:
    """The LP of the ideal instance as far as repairs need it.

    Attributes
    ----------
    model : ResponseModel
        Of the ideal case.
    prices : Prices
        Its duals.
    sent : DataFrame
        ``origin``, ``destination``, ``batch``, ``period`` (of departure), ``quantity``.
    bound : float
        No plan costs less, whatever is repaired.
    """

    model: ResponseModel
    prices: Prices
    sent: pd.DataFrame
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
        case, prices = self.priced.model.case, self.priced.prices
        conditions = self._conditions(whole)
        lanes = Network(self._bare, self._directions, self._fleets, conditions).lanes
        payload = case.payload[lanes["fleet"].to_numpy(dtype=int)]
        hours, money = (lanes[name].to_numpy() / payload for name in ("hours_per_trip", "cost_per_trip"))
        fleet, origin, end = (lanes[name].to_numpy(dtype=int) for name in ("fleet", "origin", "destination"))
        ways, quantity, waits = self._ways
        start, to = (ways[name].to_numpy(dtype=int) for name in WAY[:2])
        tonnes = quantity * case.batch_tonnes[ways["batch"].to_numpy(dtype=int)][:, None]
        total = np.zeros(case.periods)
        for t in range(case.periods):
            rows = np.flatnonzero(lanes["state"].to_numpy() == conditions.state[t])
            least = np.full((len(case.coding.places),) * 2, np.inf)
            np.minimum.at(least, (origin[rows], end[rows]), money[rows] + hours[rows] * prices.hour[fleet[rows], t])
            way = least[start, to]
            there = np.isfinite(way)
            moved = np.where(there, tonnes[:, t] * np.where(there, way, 0.0), np.inf)
            total[t] = float(np.minimum(moved, waits[:, t]).sum())
            total[t] += self._tolls(conditions.states[conditions.state[t]].capacity, t)
        return total

    def _conditions(self, whole: Bools) -> Conditions:
        """Return the conditions of the network by period where these things are whole in all periods."""
        damage, broken = self.crews.damage, ~whole[:, None] & self.hurt
        found = []
        for t in range(broken.shape[1]):
            factor, closed = self._factors[:, t].copy(), self._shut[:, t].copy()
            out = damage[broken[:, t]]
            roads, lost = out[out["road"] >= 0], out[(out["place"] >= 0) & (out["left"] == 0)]
            factor[roads["road"].to_numpy()] *= roads["left"].to_numpy(dtype=float)
            closed[lost["place"].to_numpy()] = True
            found.append(condition_of(self._bare, factor, closed))
        return distinct(found)

    @cached_property
    def _ways(self) -> tuple[pd.DataFrame, Floats, Floats]:
        """What goes between two places: `WAY`, units and what waiting for the way costs, shape (ways, periods)."""
        case, sent = self.priced.model.case, self.priced.sent
        ways = sent[WAY].drop_duplicates().reset_index(drop=True)
        quantity = np.zeros((len(ways), case.periods))
        row = pd.MultiIndex.from_frame(ways).get_indexer(pd.MultiIndex.from_frame(sent[WAY]))
        np.add.at(quantity, (row, sent["period"].to_numpy(dtype=int)), sent["quantity"].to_numpy())
        commodity = case.batches.commodity[ways["batch"].to_numpy(dtype=int)]
        keys, increment = case.waiting.keys, case.waiting.increment
        weight = np.ones((len(case.coding.places), len(case.coding.commodities)))
        np.maximum.at(weight, (keys["place"].to_numpy(), keys["commodity"].to_numpy()), case.waiting.weight)
        lapse = np.zeros(len(case.coding.commodities))
        np.maximum.at(lapse, keys["commodity"].to_numpy(), (1.0 - case.waiting.carry_over) * case.waiting.cost_lapsed)
        carry = case.instance.commodities["carry_over"].to_numpy(dtype=float)[commodity]
        each = increment[commodity] + lapse[commodity][:, None]
        waits = np.zeros_like(quantity)
        for t in range(case.periods):
            for s in range(t + 1):
                waits[:, t] += quantity[:, s] * carry ** (t - s) * each[:, min(t - s + 1, each.shape[1] - 1)]
        return ways, quantity, waits * weight[ways["destination"].to_numpy(dtype=int), commodity][:, None]

    def _tolls(self, capacity: Floats, t: int) -> float:
        """Return the worth of the capacity that roads lack in a period."""
        road, case = self._directions.road, self.priced.model.case
        there = case.road_capacity[:, t]
        limited = np.isfinite(there)
        lost = np.maximum(there[limited] - capacity[road][limited], 0.0)
        return float((self.priced.prices.toll[limited, t] * lost).sum())

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
