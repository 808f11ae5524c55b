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


@dataclass(frozen=True)
class Priced:
    """What pricing all lanes found.

    Attributes
    ----------
    improving : ndarray of int, shape (found, 3)
        Lane, batch, period of the shipments worth adding, those that could save most first.
    smallest : float
        Smallest reduced cost, money per unit.
    shortfall : float
        Money by which the restricted model's value may exceed that of the model with all lanes (>= 0).
    """

    improving: NDArray[np.int64]
    smallest: float
    shortfall: float


def value_of_goods(model: ResponseModel, inventory: pd.Series[float]) -> NDArray[np.float64]:
    """Return the worth of one unit, shape (places, batches, periods); 0 where goods cannot act."""
    row = model.frame.holding
    values = np.append(inventory.to_numpy(dtype=float), 0.0)
    return values[row]


def price_lanes(
    model: ResponseModel, columns: Columns, duals: dict[str, pd.Series[float]], best: int = 2, tolerance: float = 1e-9
) -> Priced:
    """Price every allowed shipment that is not in the model.

    Parameters
    ----------
    duals : dict of str to Series
        Duals of ``inventory``, ``fleets`` and ``roads``.
    best : int
        How many shipments to add per destination, batch and period of arrival.
    tolerance : float
        Reduced costs above minus this are no improvement, money per unit.
    """
    case, lanes = model.case, columns.lanes
    worth = value_of_goods(model, duals["inventory"])
    hour = np.maximum(-duals["fleets"].to_numpy(dtype=float).reshape(case.fleet_hours.shape), 0.0)
    toll = tolls(case, columns, duals["roads"])
    savings = Savings(case, lanes)
    found = [np.zeros((0, 3), dtype=np.int64)]
    costs = [np.zeros(0)]
    for first in range(0, len(lanes), CHUNK):
        part = slice(first, min(first + CHUNK, len(lanes)))
        reduced = _reduced_costs(case, lanes.iloc[part], worth, worth, hour, toll[part])
        reduced[~columns.allowed[part] | columns.active[part]] = np.inf
        where = np.argwhere(reduced < -tolerance)
        costs.append(reduced[tuple(where.T)])
        found.append(where + np.array([first, 0, 0]))
    where, cost = np.concatenate(found), np.concatenate(costs)
    savings.add(where[:, 0], where[:, 1], where[:, 2], cost, lanes["hours"].to_numpy()[where[:, 0]])
    chosen = _best(lanes, where, cost, best)
    lane, batch, period = where[chosen].T
    order = np.argsort(-savings.potential(lane, batch, period, cost[chosen]), kind="stable")
    return Priced(where[chosen[order]], float(cost.min(initial=0.0)), savings.most())


def tolls(case: Case, columns: Columns, roads: pd.Series[float]) -> NDArray[np.float64]:
    """Return the price of a lane's roads, money per tonne, shape (lanes, periods)."""
    toll = np.zeros((len(columns.lanes), case.periods))
    if len(roads) and len(columns.rolling):
        price = np.zeros(case.road_capacity.shape)
        arc, period = (roads.index.get_level_values(n).to_numpy(dtype=int) for n in (0, 1))
        price[arc, period] = np.maximum(-roads.to_numpy(dtype=float), 0.0)
        np.add.at(toll, columns.rolling["lane"].to_numpy(), price[columns.rolling["arc"].to_numpy()])
    return toll


def _reduced_costs(
    case: Case,
    lanes: pd.DataFrame,
    gained: NDArray[np.float64],
    given: NDArray[np.float64],
    hour: NDArray[np.float64],
    toll: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return reduced costs, money per unit, shape (lanes, batches, periods).

    Goods are worth `gained` where they arrive and `given` where they leave, both (places, batches, periods).
    """
    periods = np.arange(case.periods)
    origin, destination = lanes["origin"].to_numpy(), lanes["destination"].to_numpy()
    arrive = periods[None, :] + lanes["lag"].to_numpy()[:, None]
    per_tonne = (
        lanes["cost"].to_numpy()[:, None] + lanes["hours"].to_numpy()[:, None] * hour[lanes["fleet"].to_numpy()] + toll
    )
    landed = gained[destination[:, None], :, np.minimum(arrive, case.periods - 1)]
    landed = np.where((arrive < case.periods)[:, :, None], landed, 0.0)
    reduced: NDArray[np.float64] = per_tonne[:, None, :] * case.batch_tonnes[None, :, None] + given[origin]
    reduced -= landed.transpose(0, 2, 1)
    return reduced


def reduced_costs_of(
    case: Case,
    lanes: pd.DataFrame,
    gained: NDArray[np.float64],
    given: NDArray[np.float64],
    hour: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return reduced costs of all shipments at given prices, roads at no price, shape (lanes, batches, periods).

    Parameters
    ----------
    gained, given : ndarray, shape (places, batches, periods)
        Worth of one unit where it arrives, and where it leaves.
    hour : ndarray, shape (fleets, periods)
        Price of a fleet hour.
    """
    return _reduced_costs(case, lanes, gained, given, hour, np.zeros((len(lanes), case.periods)))


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
