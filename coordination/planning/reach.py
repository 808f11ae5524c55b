"""Where batches can be, and which shipments may be worth anything.

Shipments left out, and why the optimum stays:

* before a batch can be at the origin, or after it expires (on leaving or on arrival): not allowed at all;
* to a place where, on arrival, nobody can ever be served with it and from which no fleet loads, or with an arrival
  after the last period, from an origin without a storage limit: such a shipment only costs. Left at the origin the
  goods take no fleet hours, no road, no money and no limited storage, and every other decision stays possible.

Shipments of the second kind from an origin *with* a storage limit may relieve its storage. Of these, for each fleet,
origin and state of the roads, those are left out that another lane of the same fleet from the same origin beats: one
to a place without a storage limit, on roads without capacities, that takes no more hours, no more money and arrives no
later. The goods are of no use at either place, so sending them on the better lane instead changes nothing but for the
better, and it is allowed whenever the worse one is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.planning.batches import NEVER

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from coordination.planning.batches import Batches
    from coordination.planning.waiting import Waiting


@dataclass(frozen=True)
class Reach:
    """What can be where.

    Attributes
    ----------
    earliest : ndarray of int, shape (places, batches)
        First period in which a batch can be at a place; `NEVER` if never.
    usable : ndarray of bool, shape (places, batches, periods)
        Whether somebody at the place can still be served with the batch in the period or later.
    origin : ndarray of bool, shape (places,)
        Whether any fleet loads at the place.
    limited : ndarray of bool, shape (places,)
        Whether the place has a storage limit in any period.
    runs : ndarray of bool, shape (states, periods)
        Whether the roads may be in a state in a period.
    """

    earliest: NDArray[np.int64]
    usable: NDArray[np.bool_]
    origin: NDArray[np.bool_]
    limited: NDArray[np.bool_]
    runs: NDArray[np.bool_]

    def allowed(self, lanes: pd.DataFrame, batches: Batches) -> NDArray[np.bool_]:
        """Return which shipments may exist, shape (lanes, batches, periods)."""
        periods = np.arange(self.usable.shape[2])
        origin, destination = lanes["origin"].to_numpy(), lanes["destination"].to_numpy()
        arrive = lanes["lag"].to_numpy()[:, None] + periods[None, :]
        running = self.runs[lanes["state"].to_numpy(dtype=np.int64)]
        inside = arrive < len(periods)
        relief = self.limited[origin] & ~self._beaten(lanes)
        mask = np.empty((len(lanes), len(batches), len(periods)), dtype=bool)
        for k, expires in enumerate(batches.expires):
            use = self.usable[destination[:, None], k, np.minimum(arrive, len(periods) - 1)]
            worth = inside & (use | self.origin[destination][:, None])
            mask[:, k, :] = (
                running
                & (arrive <= expires)
                & (periods[None, :] >= self.earliest[origin, k][:, None])
                & (worth | relief[:, None])
            )
        return mask

    def only_to_serve(self, lanes: pd.DataFrame) -> NDArray[np.bool_]:
        """Return which lanes need carry no more than is served: no fleet loads at the end, none relieves the start."""
        outlet: NDArray[np.bool_] = self.limited[lanes["origin"].to_numpy()] & ~self._beaten(lanes)
        loads: NDArray[np.bool_] = self.origin[lanes["destination"].to_numpy()]
        return ~loads & ~outlet

    def _beaten(self, lanes: pd.DataFrame) -> NDArray[np.bool_]:
        """Return which lanes another lane of their fleet and origin beats as a way out of a full store."""
        rows = lanes.reset_index(drop=True)
        sink = rows[~self.limited[rows["destination"].to_numpy()] & ~rows["free"].to_numpy(dtype=bool)]
        tour = ["state", "fleet", "origin"]
        best = sink.sort_values(["hours", "cost", "lag"], kind="stable").drop_duplicates(tour)
        best = best.assign(best=best.index)[[*tour, "hours", "cost", "lag", "best"]]
        both = rows.merge(best, on=tour, how="left", suffixes=("", "_best"))
        worse = (
            (both["hours"] >= both["hours_best"])
            & (both["cost"] >= both["cost_best"])
            & (both["lag"] >= both["lag_best"])
        )
        return (worse & (both["best"] != both.index)).to_numpy()


def usable_periods(waiting: Waiting, batches: Batches, places: int) -> NDArray[np.bool_]:
    """Return whether a batch can still serve anybody at a place in a period or later."""
    periods = waiting.need.shape[1]
    wanted = np.zeros((places, len(waiting.slope), periods), dtype=bool)
    rows = (waiting.keys["place"].to_numpy(dtype=int), waiting.keys["commodity"].to_numpy(dtype=int))
    np.logical_or.at(wanted, rows, waiting.cap > 0)
    usable = np.zeros((places, len(batches), periods), dtype=bool)
    for k, (commodity, expires) in enumerate(zip(batches.commodity, batches.expires, strict=True)):
        until = wanted[:, commodity, :] & (np.arange(periods) <= expires)
        usable[:, k, :] = np.logical_or.accumulate(until[:, ::-1], axis=1)[:, ::-1]
    return usable


def earliest_periods(
    first: NDArray[np.int64], lanes: pd.DataFrame, batches: Batches, runs: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the first period in which each batch can be at each place, by relaxation over lanes.

    Parameters
    ----------
    first : ndarray of int, shape (places, batches)
        First period with stock or arrivals of the place itself; `NEVER` where there are none.
    lanes : DataFrame
        ``state``, ``origin``, ``destination``, ``lag``.
    runs : ndarray of bool, shape (states, periods)
        Whether the roads may be in a state in a period.
    """
    earliest, periods = first.copy(), runs.shape[1]
    origin, destination = lanes["origin"].to_numpy(), lanes["destination"].to_numpy()
    lag, lane_state = lanes["lag"].to_numpy(dtype=np.int64), lanes["state"].to_numpy()
    leave = _next_period_in_state(runs)
    while True:
        before = earliest.copy()
        for k, expires in enumerate(batches.expires):
            start = np.minimum(earliest[origin, k], periods)
            arrive = leave[lane_state, start] + lag
            arrive = np.where((arrive < periods) & (arrive <= expires), arrive, NEVER)
            np.minimum.at(earliest[:, k], destination, arrive)
        if np.array_equal(before, earliest):
            return earliest


def _next_period_in_state(runs: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return, by state and period, the first period from there on in that state; `NEVER` when there is none."""
    states, periods = runs.shape
    following = np.full((states, periods + 1), NEVER, dtype=np.int64)
    for t in range(periods - 1, -1, -1):
        following[:, t] = np.where(runs[:, t], t, following[:, t + 1])
    return following
