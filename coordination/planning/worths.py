"""Prices of what places, parties and needs share, and what goods cost everywhere at them.

The cost of goods is kappa of `coordination.planning.proof`, which has its equation: the least over all ways in time
from where goods appear, waiting in store and travelling on lanes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from coordination.planning.columns import Columns
    from coordination.planning.model import ResponseModel

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """Prices of what is shared, all but those of goods not negative.

    Attributes
    ----------
    goods : ndarray, shape (places, batches, periods)
        Money per unit; used where goods appear.
    hour : ndarray, shape (fleets, periods)
        Money per fleet hour.
    toll : ndarray, shape (arcs, periods)
        Money per tonne on a road.
    storage : ndarray, shape (places, periods)
        Money per tonne stored, at most ``policy.overflow_cost``, 0 where storage is unlimited.
    handout : ndarray
        Money per tonne, by row of ``HANDOUTS``.
    worst : ndarray, shape (places, commodities)
        Money per unit served; times need at most ``policy.worst_off``.
    visit : ndarray, shape (uses of facilities, periods)
        Money per person who goes there.
    """

    goods: Floats
    hour: Floats
    toll: Floats
    storage: Floats
    handout: Floats
    worst: Floats
    visit: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    @classmethod
    def of(cls, model: ResponseModel, duals: dict[str, pd.Series[float]]) -> Prices:
        """Return the duals of an LP as prices, brought within their signs and limits."""
        case, policy = model.case, model.case.instance.policy
        places, commodities = len(case.coding.places), len(case.coding.commodities)
        goods = np.append(duals["inventory"].to_numpy(dtype=float), 0.0)[model.frame.holding]
        storage = _spread(duals["stores"], (places, case.periods), -1.0)
        worst = _spread(duals["shortfalls"], (places, commodities), 1.0)
        total = case.need_total + case.met_before[0]
        worth = float((worst * total).sum())
        return cls(
            goods=goods,
            hour=_spread(duals["fleets"], case.fleet_hours.shape, -1.0),
            toll=_spread(duals["roads"], case.road_capacity.shape, -1.0),
            storage=np.where(np.isfinite(case.world.storage), np.minimum(storage, policy.overflow_cost), 0.0),
            handout=np.maximum(-duals["handout"].to_numpy(dtype=float), 0.0),
            worst=worst * min(1.0, policy.worst_off / worth) if worth > 0 else worst,
            visit=_spread(duals["visited"], (len(case.facilities.uses), case.periods), -1.0),
        )


def _spread(dual: pd.Series[float], shape: tuple[int, ...], sign: float) -> Floats:
    """Return duals over a two-level index as an array, zero where there is no row, never negative."""
    values = np.zeros(shape)
    if len(dual):
        where = tuple(dual.index.get_level_values(n).to_numpy(dtype=int) for n in (0, 1))
        values[where] = np.maximum(sign * dual.to_numpy(dtype=float), 0.0)
    return values


class LaneCosts:
    """The lanes of a case as arcs in time.

    Parameters
    ----------
    model : ResponseModel
        The joint model.
    columns : Columns
        All lanes.
    """

    def __init__(self, model: ResponseModel, columns: Columns) -> None:
        self.model, self.case, self.columns = model, model.case, columns
        lanes = columns.lanes
        self.origin, self.destination = lanes["origin"].to_numpy(), lanes["destination"].to_numpy()
        self.lag, self.fleet = lanes["lag"].to_numpy(), lanes["fleet"].to_numpy()
        self.hours, self.cost = lanes["hours"].to_numpy(), lanes["cost"].to_numpy()
        self.within = self.case.reach.origin[self.destination]
        self.holding = model.frame.holding >= 0

    def tolls(self, prices: Prices) -> Floats:
        """Return the price of each lane's roads, money per tonne, shape (lanes, periods of departure)."""
        rolling, tolls = self.columns.rolling, np.zeros((len(self.lag), self.case.periods))
        if len(rolling) and prices.toll.any():
            np.add.at(tolls, rolling["lane"].to_numpy(), prices.toll[rolling["arc"].to_numpy()])
        return tolls

    def per_tonne(self, prices: Prices) -> Floats:
        """Return money per tonne of each lane, shape (lanes, periods of departure)."""
        cost: Floats = self.cost[:, None] + self.hours[:, None] * prices.hour[self.fleet] + self.tolls(prices)
        return cost


def cheapest_goods(lanes: LaneCosts, prices: Prices) -> Floats:
    """Return kappa: what a unit of each batch costs at least at each place in each period; inf where it cannot be.

    Returns
    -------
    ndarray, shape (places, batches, periods)
        Money per unit.
    """
    supply, appears = lanes.case.supply, np.zeros(lanes.holding.shape, dtype=bool)
    appears[tuple(supply[name].to_numpy() for name in ("place", "batch", "period"))] = True
    cheapest = _spread_over_time(lanes, prices, appears)
    lost = lanes.holding & ~np.isfinite(cheapest)
    if lost.any() and lanes.case.lanes["free"].any():
        # No lane comes here when goods could be of use, but a longer route might: any price will do for them.
        cheapest = _spread_over_time(lanes, prices, appears | lost)
    return cheapest


def _spread_over_time(lanes: LaneCosts, prices: Prices, known: NDArray[np.bool_]) -> Floats:
    """Return the least cost of goods everywhere, from where their price is known."""
    case, weight, per_tonne = lanes.case, lanes.case.batch_tonnes, lanes.per_tonne(prices)
    least = np.maximum(prices.goods, _least_worth(lanes, prices, per_tonne))
    cheapest = np.where(known & lanes.holding, least, np.inf)
    kept = _kept(lanes)
    for t in range(case.periods):
        now = cheapest[:, :, t]
        if t:
            before = cheapest[:, :, t - 1] + weight * prices.storage[:, t - 1, None]
            with np.errstate(divide="ignore", invalid="ignore"):
                stored = np.where(kept[:, :, t] > 0, before / kept[:, :, t], np.inf)
            np.minimum(now, np.where(lanes.holding[:, :, t], stored, np.inf), out=now)
        for arriving in _arriving(lanes, t):
            while True:
                depart = t - lanes.lag[arriving]
                way = per_tonne[arriving, depart, None] * weight + cheapest[lanes.origin[arriving], :, depart]
                way = np.where(lanes.columns.allowed[arriving, :, depart], way, np.inf)
                found = now.copy()
                np.minimum.at(found, lanes.destination[arriving], way)
                found[~lanes.holding[:, :, t]] = np.inf
                better = bool((found < now - 1e-12 * np.abs(np.where(np.isfinite(now), now, 1.0))).any())
                now[...] = found
                # Goods may pass through several stores within a period; where nobody loads they stay.
                if not better or not (lanes.within[arriving] & (depart == t)).any():
                    break
    return cheapest


def _arriving(lanes: LaneCosts, t: int) -> list[NDArray[np.int64]]:
    """Return lanes that can arrive in a period: first to places where fleets load, then to the others."""
    depart = t - lanes.lag
    able = depart >= 0
    able[able] = lanes.columns.allowed[able, :, depart[able]].any(axis=1)
    return [np.flatnonzero(able & part) for part in (lanes.within, ~lanes.within) if (able & part).any()]


def _kept(lanes: LaneCosts) -> Floats:
    """Return the share that hazards leave of what is held over into each period, shape of holdings."""
    case, share = lanes.case, np.ones(lanes.holding.shape)
    later = case.kept[case.kept["period"] > 0]
    for place, commodity, period, factor in later[["place", "commodity", "period", "factor"]].to_numpy():
        share[int(place), case.batches.commodity == int(commodity), int(period)] = factor
    return share


def _least_worth(lanes: LaneCosts, prices: Prices, per_tonne: Floats) -> Floats:
    """Return what goods must be worth at least, at most 0: less, and getting rid of them would pay."""
    case = lanes.case
    least = np.zeros(lanes.holding.shape)
    if not prices.storage.any():
        return least
    weight, kept = case.batch_tonnes, _kept(lanes)
    expires = case.batches.expires[None, :]
    for t in range(case.periods - 1, -1, -1):
        later = kept[:, :, t + 1] * least[:, :, t + 1] if t + 1 < case.periods else np.zeros_like(least[:, :, 0])
        stays = (t < expires) & lanes.holding[:, :, t]
        now = np.where(stays, later - weight * prices.storage[:, t, None], 0.0)
        while True:
            arrive = t + lanes.lag
            inside = arrive < case.periods
            worth = np.zeros((len(lanes.lag), len(weight)))
            worth[inside] = least[lanes.destination[inside], :, arrive[inside]]
            same = inside & (lanes.lag == 0)
            worth[same] = now[lanes.destination[same]]
            ways = np.where(lanes.columns.allowed[:, :, t], worth - per_tonne[:, t, None] * weight, -np.inf)
            found = now.copy()
            np.maximum.at(found, lanes.origin, ways)
            if np.array_equal(found, now):
                break
            now = found
        least[:, :, t] = now
    return least
