"""Reach: which goods can be where and when, whatever a plan decides.

Quantities do not count, only whether there are any: a place can hold goods if they lie or come in there, or if a
fleet that has hours in the period can bring them from a place that can hold them, over as many trips as it takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from coordination.network.network import Network
    from coordination.world import World


@dataclass(frozen=True)
class Reach:
    """What can be where.

    Attributes
    ----------
    holds : ndarray of bool, shape (places, commodities, periods)
        Whether some of the commodity can be at the place in the period, still usable.
    lots : ndarray, shape (places, commodities)
        Units that lie there at the beginning or come in within the horizon.
    running : ndarray of bool, shape (lanes,)
        Whether a lane can be used in some period: its roads are in its state and its fleet has hours.
    """

    holds: NDArray[np.bool_]
    lots: NDArray[np.float64]
    running: NDArray[np.bool_]

    @classmethod
    def of(cls, network: Network, world: World) -> Reach:
        """Return what can be where under the active scenario."""
        instance = network.instance
        places, commodities, periods = len(instance.places), len(instance.commodities), int(instance.periods)
        lots = _Lots.of(world)
        here, coming, lost = lots.stock, lots.coming, lots.lost(world)
        holds = np.zeros((places, commodities, periods), dtype=bool)
        used = np.zeros(len(network.lanes), dtype=bool)
        ways: tuple[bytes, dict[int, csr_array]] = (b"", {})
        for period in range(periods):
            running = _running(network, world, period)
            used |= running
            if running.tobytes() != ways[0]:
                ways = (running.tobytes(), _by_lag(network.lanes[running], places))
            here = ((here & ~lost[period]) | coming[period]) & (lots.expires >= period)
            here = _spread(here, coming, period, ways[1], lots.expires)
            np.logical_or.at(holds[:, :, period].T, lots.commodity, here.T)
        return cls(holds, lots.amount, used)


@dataclass(frozen=True)
class _Lots:
    """Goods that lie or come in; a batch is a commodity with one last usable period.

    Attributes
    ----------
    stock, coming : ndarray of bool, shapes (places, batches) and (periods, places, batches)
        Whether any lies there at the beginning, and comes in in a period.
    commodity, expires : ndarray of int, shape (batches,)
        Of each batch; what can be used until the end of the horizon expires in its last period here.
    amount : ndarray, shape (places, commodities)
        Units.
    """

    stock: NDArray[np.bool_]
    coming: NDArray[np.bool_]
    commodity: NDArray[np.int64]
    expires: NDArray[np.int64]
    amount: NDArray[np.float64]

    @classmethod
    def of(cls, world: World) -> _Lots:
        instance, stocks = world.instance, len(world.stocks)
        places, periods = len(instance.places), int(instance.periods)
        lots = pd.concat([world.stocks, world.arrivals], ignore_index=True)
        there = (lots["quantity"] > 0) & (lots["expires"] >= lots["period"])
        lots, initial = lots[there], there.to_numpy().nonzero()[0] < stocks
        place = pd.Index(instance.places["place"]).get_indexer(pd.Index(lots["place"]))
        commodity = pd.Index(instance.commodities["commodity"]).get_indexer(pd.Index(lots["commodity"]))
        expires = np.minimum(lots["expires"].to_numpy(dtype=float), periods - 1).astype(np.int64)
        pairs, batch = np.unique(np.column_stack([commodity, expires]), axis=0, return_inverse=True)
        stock = np.zeros((places, len(pairs)), dtype=bool)
        stock[place[initial], batch[initial]] = True
        coming = np.zeros((periods, places, len(pairs)), dtype=bool)
        coming[lots["period"].to_numpy()[~initial], place[~initial], batch[~initial]] = True
        amount = np.zeros((places, len(instance.commodities)))
        np.add.at(amount, (place, commodity), lots["quantity"].to_numpy(dtype=float))
        return cls(stock, coming, pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64), amount)

    def lost(self, world: World) -> NDArray[np.bool_]:
        """Return whether a hazard leaves nothing of a batch at the beginning of a period, shape as `coming`."""
        lost, instance = np.zeros_like(self.coming), world.instance
        gone = world.keep[world.keep["factor"] == 0]
        place = pd.Index(instance.places["place"]).get_indexer(pd.Index(gone["place"]))
        commodity = pd.Index(instance.commodities["commodity"]).get_indexer(pd.Index(gone["commodity"]))
        row, batch = np.nonzero(commodity[:, None] == self.commodity[None, :])
        lost[gone["period"].to_numpy()[row], place[row], batch] = True
        return lost


def _running(network: Network, world: World, period: int) -> NDArray[np.bool_]:
    """Return the lanes on which something can leave in a period, shape (lanes,)."""
    lanes = network.lanes
    hours = world.vehicles[:, period] * network.instance.fleets["hours"].to_numpy(dtype=float) > 0
    able = hours[lanes["fleet"].to_numpy()] | (lanes["hours_per_trip"].to_numpy() == 0)
    return np.asarray((lanes["state"].to_numpy() == network.road_state[period]) & able)


def _by_lag(lanes: pd.DataFrame, places: int) -> dict[int, csr_array]:
    """Return, by lag, which destination can be reached from which origin; lanes of several fleets once."""
    from scipy.sparse import csr_array

    ways = {}
    lags = lanes["lag"].to_numpy()
    for lag in np.unique(lags):
        pairs = lanes[lags == lag]
        ends = (pairs["destination"].to_numpy(), pairs["origin"].to_numpy())
        ways[int(lag)] = csr_array((np.ones(len(pairs), dtype=np.float32), ends), shape=(places, places))
    return ways


def _spread(
    here: NDArray[np.bool_],
    coming: NDArray[np.bool_],
    period: int,
    ways: dict[int, csr_array],
    expires: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Return what can be where after trips within the period, and note in `coming` what arrives later."""
    while 0 in ways:
        more = here | (np.asarray(ways[0] @ here.astype(np.float32)) > 0)
        if np.array_equal(more, here):
            break
        here = more
    for lag, way in ways.items():
        if 0 < lag < len(coming) - period:
            coming[period + lag] |= (np.asarray(way @ here.astype(np.float32)) > 0) & (expires >= period + lag)
    return here
