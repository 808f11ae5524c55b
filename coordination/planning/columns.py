"""The shipments of a restricted model, and the pricing of all that are left out: none is forgotten.

Every lane, batch and period is an entry of one dense array, so all of them are priced by array arithmetic each round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.savings import Savings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.case import Case
    from coordination.planning.model import ResponseModel
    from coordination.planning.worths import LaneCosts, Prices

TOLERANCE = 1e-9
"""Reduced costs above minus this are no improvement, money per unit."""
BETWEEN_STORES = 8
"""Shipments added to a place where fleets load, per batch and period of arrival: with 2, prices of goods at different
stores took twice as many rounds to come together (measured on xian by district)."""
CHUNK = 4096
"""Lanes priced at once: some tens of megabytes."""


@dataclass
class Columns:
    """The shipments in the model.

    Attributes
    ----------
    case : Case
        What is planned.
    lanes : DataFrame
        Lanes, with alternative routes appended as they are found.
    rolling : DataFrame
        ``lane``, ``arc``: capacitated directions on each lane's route.
    routes : dict
        Arc codes of each lane that is not on the shortest route.
    known : set
        Routes in the model: lane on the shortest route and the arc codes of its own or of an alternative to it.
    allowed, active : ndarray of bool, shape (lanes, batches, periods)
        Which shipments may exist, which are in the model.
    """

    case: Case
    lanes: pd.DataFrame
    rolling: pd.DataFrame
    routes: dict[int, NDArray[np.int64]]
    known: set[tuple[int, tuple[int, ...]]]
    allowed: NDArray[np.bool_]
    active: NDArray[np.bool_]

    def ships(self) -> pd.DataFrame:
        """Return the shipments in the model: ``lane``, ``batch``, ``period``, in this order."""
        lane, batch, period = np.nonzero(self.active)
        return pd.DataFrame({"lane": lane, "batch": batch, "period": period})

    def append_lanes(self, lanes: pd.DataFrame, routes: list[NDArray[np.int64]], arcs: pd.DataFrame) -> None:
        """Append lanes on alternative routes, none of their shipments in the model yet.

        Parameters
        ----------
        lanes : DataFrame
            Columns of `lanes`.
        routes : list of ndarray of int
            Arc codes of each.
        arcs : DataFrame
            ``lane`` (0, 1, … within the new ones) and ``arc``.
        """
        first = len(self.lanes)
        self.lanes = pd.concat([self.lanes, lanes[self.lanes.columns]], ignore_index=True)
        self.routes |= {first + number: route for number, route in enumerate(routes)}
        self.rolling = pd.concat([self.rolling, arcs.assign(lane=arcs["lane"] + first)], ignore_index=True)
        more = self.case.reach.allowed(lanes.reset_index(drop=True), self.case.batches)
        self.allowed = np.concatenate([self.allowed, more])
        self.active = np.concatenate([self.active, np.zeros_like(more)])


def value_of_goods(model: ResponseModel, inventory: pd.Series[float]) -> NDArray[np.float64]:
    """Return the worth of one unit, shape (places, batches, periods); 0 where goods cannot act."""
    row = model.frame.holding
    values = np.append(inventory.to_numpy(dtype=float), 0.0)
    return values[row]


def price_lanes(
    lanes: LaneCosts, prices: Prices, cheapest: NDArray[np.float64], duals: dict[str, pd.Series[float]], best: int = 2
) -> NDArray[np.int64]:
    """Return the shipments worth adding to the model, those that could save most first.

    Goods are worth what the duals say where they arrive, and cost what they cost on the cheapest way where they leave
    (`cheapest_goods`): a chain of lanes that pays comes in at once.

    Parameters
    ----------
    lanes, prices, cheapest : LaneCosts, Prices, ndarray
        As the proof of the restricted model has them.
    duals : dict of str to Series
        Duals of ``inventory``.
    best : int
        How many shipments to add per destination, batch and period of arrival.

    Returns
    -------
    ndarray of int, shape (found, 3)
        Lane, batch, period.
    """
    case, columns = lanes.case, lanes.columns
    worth = value_of_goods(lanes.model, duals["inventory"])
    given = np.where(np.isfinite(cheapest), np.minimum(cheapest, worth), worth)
    per_tonne = lanes.per_tonne(prices)
    found, costs = [np.zeros((0, 3), dtype=np.int64)], [np.zeros(0)]
    for first in range(0, len(columns.lanes), CHUNK):
        part = slice(first, min(first + CHUNK, len(columns.lanes)))
        reduced = reduced_costs_of(case, columns.lanes.iloc[part], worth, given, per_tonne[part])
        reduced[~columns.allowed[part] | columns.active[part]] = np.inf
        where = np.argwhere(reduced < -TOLERANCE)
        costs.append(reduced[tuple(where.T)])
        found.append(where + np.array([first, 0, 0]))
    where, cost = np.concatenate(found), np.concatenate(costs)
    # What stores exchange depends on many pairs of them at once, and stores are few.
    store = case.reach.origin[lanes.destination[where[:, 0]]]
    parts = [(np.flatnonzero(~store), best), (np.flatnonzero(store), BETWEEN_STORES)]
    chosen = np.concatenate([rows[_best(columns.lanes, where[rows], cost[rows], most)] for rows, most in parts])
    lane, batch, period = where[chosen].T
    saving = Savings(case, columns.lanes).potential(lane, batch, period, cost[chosen])
    order: NDArray[np.int64] = chosen[np.argsort(-saving, kind="stable")]
    return np.asarray(where[order], dtype=np.int64)


def reduced_costs_of(
    case: Case,
    lanes: pd.DataFrame,
    gained: NDArray[np.float64],
    given: NDArray[np.float64],
    per_tonne: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return reduced costs, money per unit, shape (lanes, batches, periods).

    Goods are worth `gained` where they arrive and `given` where they leave, both (places, batches, periods); a tonne
    on a lane costs `per_tonne`, shape (lanes, periods).
    """
    periods = np.arange(case.periods)
    origin, destination = lanes["origin"].to_numpy(), lanes["destination"].to_numpy()
    arrive = periods[None, :] + lanes["lag"].to_numpy()[:, None]
    landed = gained[destination[:, None], :, np.minimum(arrive, case.periods - 1)]
    landed = np.where((arrive < case.periods)[:, :, None], landed, 0.0)
    reduced: NDArray[np.float64] = per_tonne[:, None, :] * case.batch_tonnes[None, :, None] + given[origin]
    reduced -= landed.transpose(0, 2, 1)
    return reduced


def drop_dear(lanes: LaneCosts, prices: Prices, cheapest: NDArray[np.float64], dear: float, used: pd.DataFrame) -> None:
    """Take shipments out of the model that cost more than goods are worth, by a share of what they cost at their start.

    Parameters
    ----------
    dear : float
        Shipments with a larger reduced cost go; a plan can hardly gain more by them.
    used : DataFrame
        ``lane``, ``batch``, ``period`` of shipments that stay all the same: what they are dearer than may lie outside
        the model.
    """
    columns = lanes.columns
    worth = np.where(np.isfinite(cheapest), cheapest, 0.0)
    cost = reduced_costs_of(columns.case, columns.lanes, worth, worth, lanes.per_tonne(prices))
    stay = cost <= dear * np.maximum(worth[lanes.origin], 1e-9)
    stay[tuple(used[name].to_numpy() for name in ("lane", "batch", "period"))] = True
    columns.active &= stay


def best_shipments(
    columns: Columns, cost: NDArray[np.float64], among: NDArray[np.bool_], best: int
) -> tuple[NDArray[np.int64], ...]:
    """Return lane, batch, period of the cheapest `best` shipments of each destination, batch and period of arrival."""
    where = np.argwhere(among)
    chosen = _best(columns.lanes, where, cost[tuple(where.T)], best)
    return tuple(where[chosen].T)


def _best(lanes: pd.DataFrame, where: NDArray[np.int64], cost: NDArray[np.float64], best: int) -> NDArray[np.int64]:
    """Return the positions in `where` of the `best` shipments of each destination, batch and period of arrival."""
    rows = pd.DataFrame(
        {
            "destination": lanes["destination"].to_numpy()[where[:, 0]],
            "batch": where[:, 1],
            "arrive": where[:, 2] + lanes["lag"].to_numpy()[where[:, 0]],
            "cost": cost,
        }
    ).sort_values("cost", kind="stable")
    chosen = rows.groupby(["destination", "batch", "arrive"]).head(best).index.to_numpy()
    return np.sort(chosen)
