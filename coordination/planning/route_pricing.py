"""Routes by pricing: where roads are capacitated, the roads' duals say which other route would pay.

A lane that is free to take any simple path is priced over all of them at once (see `coordination.network.pricing`):
cheapest paths at the prices of roads, fleet hours and kilometres, against the worth of the goods on arrival. What no
path can beat bounds what all routes outside the model could save (`coordination.planning.savings`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np

from coordination.network.pricing import cheapest_routes
from coordination.planning.routes import append_routes
from coordination.planning.savings import Savings

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from coordination.planning.case import Case
    from coordination.planning.columns import Columns
    from coordination.planning.worths import Prices

TOLERANCE = 1e-9
"""Reduced costs above minus this are no improvement, money per unit."""


@dataclass
class RoutesFound:
    """What pricing routes found.

    Attributes
    ----------
    routes : dict
        (lane on the shortest route, arc codes) to the (batch, period) for which the route pays.
    shortfall : float
        Money by which the restricted model's value may exceed that of the model with all routes (>= 0).
    """

    routes: dict[tuple[int, tuple[int, ...]], list[tuple[int, int]]] = field(default_factory=dict)
    shortfall: float = 0.0

    def append(self, case: Case, columns: Columns) -> None:
        """Put the shipments on the routes found into the model."""
        first = len(columns.lanes)
        append_routes(case, columns, [(lane, np.array(arcs, dtype=np.int64)) for lane, arcs in self.routes])
        for number, shipments in enumerate(self.routes.values()):
            batch, period = np.array(shipments).T
            columns.active[first + number, batch, period] = columns.allowed[first + number, batch, period]


def price_routes(columns: Columns, prices: Prices, worth: NDArray[np.float64], complete: bool) -> RoutesFound:
    """Price every simple route of every free lane.

    Parameters
    ----------
    prices : Prices
        Prices of fleet hours and roads.
    worth : ndarray, shape (places, batches, periods)
        What a unit is worth, such that no lane on its own route improves; 0 where goods cannot act.
    complete : bool
        Whether all routes are lanes already: then nothing is left to price.
    """
    found, case = RoutesFound(), columns.case
    free = case.lanes[case.lanes["free"]]
    if complete or free.empty:
        return found
    savings = Savings(case, case.lanes)
    for key, lanes in free.groupby(["state", "fleet"]):
        state, fleet = cast("tuple[int, int]", key)
        for t in np.flatnonzero(case.road_state == state):
            _price(columns, lanes, (int(state), int(fleet), int(t)), prices, worth, found.routes, savings)
    found.shortfall = savings.most()
    return found


def _price(
    columns: Columns,
    lanes: pd.DataFrame,
    when: tuple[int, int, int],
    prices: Prices,
    worth: NDArray[np.float64],
    routes: dict[tuple[int, tuple[int, ...]], list[tuple[int, int]]],
    savings: Savings,
) -> None:
    """Price the free lanes of one state, fleet and period (`when`); adds to `routes` and `savings`."""
    case, (state, fleet, t) = columns.case, when
    able, batch = np.nonzero(columns.allowed[lanes.index.to_numpy(), :, t])
    if not len(able):
        return
    rows = lanes.iloc[able]
    lane = rows.index.to_numpy(dtype=np.int64)
    per_minute, per_km = case.minute_hours[fleet], case.km_cost[fleet]
    hour = float(prices.hour[fleet, t])
    figures = case.network.lanes.iloc[lane]
    rest = rows["cost"].to_numpy() + hour * rows["hours"].to_numpy()
    rest -= hour * per_minute * figures["loaded_minutes"].to_numpy() + per_km * figures["loaded_km"].to_numpy()
    origin, destination = rows["origin"].to_numpy(), rows["destination"].to_numpy()
    tonnes = case.batch_tonnes[batch]
    rest += worth[origin, batch, t] / tonnes
    value = _values(case, worth, destination, batch, t) / tonnes[:, None]
    priced = cheapest_routes(
        case.network, state, fleet, origin, destination, value - rest[:, None],
        arc_price=prices.toll[:, t], cost_per_minute=hour * per_minute, cost_per_km=per_km,
        refine_below=-TOLERANCE,
    )  # fmt: skip
    for row in np.flatnonzero(priced.reduced * tonnes < -TOLERANCE):
        key = int(lane[row]), tuple(priced.routes[row].tolist())
        if key not in columns.known:
            routes.setdefault(key, []).append((int(batch[row]), t))
    known = [
        (int(lane[row]), tuple(priced.routes[row].tolist())) in columns.known
        for row in np.flatnonzero(priced.bound < -TOLERANCE)
    ]
    fresh = np.flatnonzero(priced.bound < -TOLERANCE)[~np.array(known, dtype=bool)]
    savings.add(
        lane[fresh], batch[fresh], np.full(len(fresh), t), (priced.bound * tonnes)[fresh],
        rows["hours"].to_numpy()[fresh],
    )  # fmt: skip


def _values(
    case: Case,
    worth: NDArray[np.float64],
    destination: NDArray[np.int64],
    batch: NDArray[np.int64],
    t: int,
) -> NDArray[np.float64]:
    """Return the worth of one unit by lag, shape (requests, lags); the last column: after the last period."""
    arrive = np.arange(t, case.periods)
    value = np.zeros((len(destination), len(arrive) + 1))
    value[:, :-1] = worth[destination[:, None], batch[:, None], arrive[None, :]]
    expires = case.batches.expires[batch]
    value[np.arange(t, case.periods + 1)[None, :] > expires[:, None]] = -np.inf
    return value
