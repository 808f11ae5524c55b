"""From a solver's numbers to flows that hold exactly: dust dropped, inventory and backlog played forward.

A solver's answer is right within tolerances. A plan is carried out by people, so shipments below a millionth of a
unit are dropped and everything else follows from what is left, period by period: nothing is sent, served or stored
that is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.planning.circulations import cancel_circulations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.case import Case

DUST = 1e-6
"""Shipments below this many units are dropped."""
ROUNDING = 9
"""Decimals of quantities: below what any scale weighs, above what a solver knows."""


@dataclass(frozen=True)
class Flows:
    """What moves, lies and is served.

    Attributes
    ----------
    ships : DataFrame
        ``lane``, ``batch``, ``period``, ``arrive``, ``quantity``.
    serve : DataFrame
        ``place``, ``batch``, ``group``, ``period``, ``quantity``.
    served, backlog : ndarray, shape (rows of `Waiting`, periods)
        Units.
    visits : DataFrame
        ``place``, ``commodity``, ``group``, ``row`` (of the uses of facilities), ``period``, ``quantity``.
    """

    ships: pd.DataFrame
    serve: pd.DataFrame
    served: NDArray[np.float64]
    backlog: NDArray[np.float64]
    visits: pd.DataFrame


VISIT = ["place", "commodity", "group", "row", "period"]


def no_visits() -> pd.DataFrame:
    """Return visits where nobody goes anywhere."""
    return pd.DataFrame({name: np.zeros(0, dtype=np.int64) for name in VISIT}).assign(quantity=np.zeros(0))


def play_forward(
    case: Case,
    lanes: pd.DataFrame,
    ships: pd.DataFrame,
    serve: pd.DataFrame,
    visits: pd.DataFrame | None = None,
    capacity: NDArray[np.float64] | None = None,
) -> Flows:
    """Return the flows nearest below the given ones that hold exactly.

    Parameters
    ----------
    lanes : DataFrame
        ``origin``, ``destination``, ``lag``.
    ships, serve : DataFrame
        Index columns of the formulation and ``quantity``.
    visits : DataFrame, optional
        As `Flows` has them.
    capacity : ndarray, shape (uses, periods), optional
        People whom facilities take, for `visits`.
    """
    visits = no_visits() if visits is None or capacity is None else _within(visits, capacity)
    ships = ships.assign(quantity=ships["quantity"].round(ROUNDING))
    ships = ships[ships["quantity"] >= DUST].reset_index(drop=True)
    lane = ships["lane"].to_numpy()
    ships["origin"], ships["destination"] = lanes["origin"].to_numpy()[lane], lanes["destination"].to_numpy()[lane]
    ships["arrive"] = ships["period"].to_numpy() + lanes["lag"].to_numpy()[lane]
    ships["quantity"] = cancel_circulations(ships)
    ships = ships[ships["quantity"] >= DUST].reset_index(drop=True)
    serve = serve.assign(quantity=serve["quantity"].astype(float).round(ROUNDING).clip(lower=0.0))
    serve = serve[serve["quantity"] > 0].reset_index(drop=True)
    while True:
        flows = _played(case, ships, serve, visits)
        dust = (flows.ships["quantity"] < DUST).to_numpy()
        if not dust.any():
            return flows
        # What cuts left of some shipments is no shipment; without them others may be cut once more.
        ships, serve, visits = flows.ships[~dust].reset_index(drop=True), flows.serve, flows.visits


def _within(visits: pd.DataFrame, capacity: NDArray[np.float64]) -> pd.DataFrame:
    """Return visits that facilities can take: each use's cut in proportion."""
    visits = visits.assign(quantity=visits["quantity"].astype(float).round(ROUNDING).clip(lower=0.0))
    visits = visits[visits["quantity"] > 0].reset_index(drop=True)
    cell = visits["row"].to_numpy() * capacity.shape[1] + visits["period"].to_numpy()
    come = np.bincount(cell, visits["quantity"], capacity.size)
    return visits.assign(quantity=visits["quantity"] * _share(come, capacity.ravel())[cell])


def _played(case: Case, ships: pd.DataFrame, serve: pd.DataFrame, visits: pd.DataFrame) -> Flows:
    """Return the flows after cutting, period by period, what is not there."""
    rows = need_rows(case, serve)
    sent = ships["quantity"].to_numpy(dtype=np.float64, copy=True)
    given = serve["quantity"].to_numpy(dtype=np.float64, copy=True)
    queue = pd.MultiIndex.from_frame(case.waiting.keys[VISIT[:3]])
    going = queue.get_indexer(pd.MultiIndex.from_frame(visits[VISIT[:3]]))
    come = visits["quantity"].to_numpy(dtype=np.float64, copy=True)
    level = np.zeros((len(case.coding.places), len(case.batches)))
    served, backlog = np.zeros_like(case.waiting.need), np.zeros_like(case.waiting.need)
    before = case.waiting.start
    for t in range(case.periods):
        due = case.waiting.carry_over * before + case.waiting.need[:, t]
        now = np.flatnonzero(serve["period"] == t)
        given[now] *= _share(np.bincount(rows[now], given[now], len(due)), due)[rows[now]]
        then = np.flatnonzero(visits["period"] == t)
        come[then] *= _share(np.bincount(going[then], come[then], len(due)), due)[going[then]]
        level = _play_period(case, ships, serve, sent, given, level, t)
        served[:, t] = np.bincount(rows[now], given[now], len(due)) + np.bincount(going[then], come[then], len(due))
        left = due - served[:, t]
        backlog[:, t] = np.where(left > 1e-9 * np.maximum(1.0, due), left, 0.0)
        before = backlog[:, t]
    ships, serve, visits = ships.assign(quantity=sent), serve.assign(quantity=given), visits.assign(quantity=come)
    kept = [frame[some > 0].reset_index(drop=True) for frame, some in ((ships, sent), (serve, given), (visits, come))]
    return Flows(kept[0], kept[1], served, backlog, kept[2])


def _play_period(
    case: Case,
    ships: pd.DataFrame,
    serve: pd.DataFrame,
    sent: NDArray[np.float64],
    given: NDArray[np.float64],
    level: NDArray[np.float64],
    t: int,
) -> NDArray[np.float64]:
    """Cut what a period lacks, in place in `sent` and `given`; return the level after expiry of what expired.

    Service is cut first (the backlog takes it up), then shipments; a cut shipment of this period may leave the next
    place short, hence the loop, which ends because cuts only add up.
    """
    shape = level.shape
    kept = case.kept[case.kept["period"] == t]
    held = level.copy()
    if t > 0:
        for place, commodity, factor in zip(kept["place"], kept["commodity"], kept["factor"], strict=True):
            held[place, case.batches.commodity == commodity] *= factor
    new = case.supply[case.supply["period"] == t]
    np.add.at(held, (new["place"].to_numpy(), new["batch"].to_numpy()), new["quantity"].to_numpy())
    batch = ships["batch"].to_numpy()
    into = ships["destination"].to_numpy() * shape[1] + batch
    out_of = ships["origin"].to_numpy() * shape[1] + batch
    used = serve["place"].to_numpy() * shape[1] + serve["batch"].to_numpy()
    arriving, leaving = np.flatnonzero(ships["arrive"] == t), np.flatnonzero(ships["period"] == t)
    serving = np.flatnonzero(serve["period"] == t)
    cells = level.size
    while True:
        there = held.ravel() + np.bincount(into[arriving], sent[arriving], cells)
        going = np.bincount(out_of[leaving], sent[leaving], cells)
        eaten = np.bincount(used[serving], given[serving], cells)
        short = going + eaten - there
        if not (short > 1e-9 * np.maximum(1.0, there)).any():
            break
        short = np.maximum(short, 0.0)
        cut = np.minimum(short, eaten)
        given[serving] *= _share(eaten, eaten - cut)[used[serving]]
        sent[leaving] *= _share(going, going - (short - cut))[out_of[leaving]]
    left = np.maximum(there - going - eaten, 0.0).reshape(shape)
    left[left < 1e-9] = 0.0
    left[:, case.batches.expires <= t] = 0.0
    return left


def _share(amount: NDArray[Any], limit: NDArray[Any]) -> NDArray[np.float64]:
    """Return the factors, at most 1, that bring `amount` down to `limit`."""
    share: NDArray[np.float64] = np.divide(limit, amount, out=np.ones(len(amount)), where=amount > 0)
    return np.minimum(1.0, share)


def need_rows(case: Case, serve: pd.DataFrame) -> NDArray[np.int64]:
    """Return the row of `Waiting` that each service meets."""
    index = pd.MultiIndex.from_frame(case.waiting.keys[["place", "commodity", "group"]])
    keys = [serve["place"], case.batches.commodity[serve["batch"].to_numpy(dtype=int)], serve["group"]]
    return index.get_indexer(pd.MultiIndex.from_arrays(keys)).astype(np.int64)
