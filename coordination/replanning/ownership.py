"""Whose goods are: of one batch at one place each owner's share leaves in proportion.

Stock and arrivals say whose they are; from there goods mix where they lie. In a period everything that comes in to a
place, what lies there included, is one pool, and all that leaves it or stays has the pool's shares. Goods that are sent
on in the period in which they come in make the pools of a period depend on each other: shares are passed on until they
change no more, which ends because goods do not go round in circles within a period.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.plans import Plan
    from coordination.world import World

    Floats = NDArray[np.float64]

BATCH = ["commodity", "expires"]
LOT = ["place", *BATCH]
NEVER = float("inf")
TRACE = 1e-9


@dataclass(frozen=True)
class Owned:
    """Goods by owner.

    Attributes
    ----------
    lying : DataFrame
        ``place``, ``commodity``, ``expires`` (inf: never), ``owner``, ``quantity``: what lies there.
    coming : DataFrame
        The same with ``period`` (of arrival): what was sent and has not arrived.
    """

    lying: pd.DataFrame
    coming: pd.DataFrame


def owned_after(plan: Plan, world: World, periods: int) -> Owned:
    """Return whose goods are after some periods of a plan.

    Parameters
    ----------
    plan : Plan
        Whose shipments and inventory are carried out.
    world : World
        Of its instance under its scenario.
    periods : int
        Periods carried out, at least 1.
    """
    pools = _Pools(plan, world, periods)
    for period in range(periods):
        pools.play(period)
    return Owned(pools.lying(periods - 1), pools.coming(periods))


class _Pools:
    """Shares of owners, period by period."""

    def __init__(self, plan: Plan, world: World, periods: int) -> None:
        stocks, arrivals = world.stocks, world.arrivals
        arrivals = arrivals[arrivals["period"] < periods]
        self.own = pd.concat([stocks, arrivals], ignore_index=True)
        sent = plan.shipments[plan.shipments["depart"] < periods].reset_index(drop=True)
        self.sent = sent.assign(expires=sent["expires"].fillna(NEVER))
        held = plan.inventory[plan.inventory["period"] < periods].reset_index(drop=True)
        self.held = held.assign(expires=held["expires"].fillna(NEVER))
        from_, to = (self.sent.rename(columns={end: "place"})[LOT] for end in ("origin", "destination"))
        parts = [self.own[LOT], self.held[LOT], from_, to]
        lots, _ = pd.MultiIndex.from_frame(pd.concat(parts, ignore_index=True)).unique().sortlevel()
        self.lots = lots
        self.owners: pd.Index[str] = pd.Index(sorted(self.own["owner"].unique()), dtype="str")
        self.row = {
            name: lots.get_indexer(pd.MultiIndex.from_frame(part))
            for name, part in zip(("own", "held", "origin", "destination"), parts, strict=True)
        }
        self.owner = self.owners.get_indexer(pd.Index(self.own["owner"]))
        shape = (len(lots), len(self.owners))
        self.left, self.shares = np.zeros(shape), np.zeros(shape)
        self.taken = np.zeros((len(self.sent), len(self.owners)))

    def play(self, t: int) -> None:
        """Mix what comes in, let shipments and what stays take their shares."""
        known = self.left.copy()
        new = np.flatnonzero(self.own["period"] == t)
        np.add.at(known, (self.row["own"][new], self.owner[new]), self.own["quantity"].to_numpy(dtype=float)[new])
        quantity, depart, arrive = (self.sent[name].to_numpy() for name in ("quantity", "depart", "arrive"))
        landing = np.flatnonzero((arrive == t) & (depart < t))
        np.add.at(known, self.row["destination"][landing], self.taken[landing])
        now = np.flatnonzero((depart == t) & (arrive == t))
        into, out_of = self.row["destination"][now], self.row["origin"][now]
        pool = known.copy()
        for _ in range(len(now) + 1):
            part = quantity[now][:, None] * self._share(pool)[out_of]
            before, pool = pool, known.copy()
            np.add.at(pool, into, part)
            if np.abs(pool - before).max(initial=0.0) <= TRACE:
                break
        self.shares = self._share(pool)
        leaving = np.flatnonzero(depart == t)
        self.taken[leaving] = quantity[leaving][:, None] * self.shares[self.row["origin"][leaving]]
        rows = np.flatnonzero(self.held["period"] == t)
        self.left = np.zeros_like(pool)
        lot = self.row["held"][rows]
        self.left[lot] = self.held["quantity"].to_numpy(dtype=float)[rows][:, None] * self.shares[lot]

    def lying(self, t: int) -> pd.DataFrame:
        """Return what lies where at the end of a period."""
        lot, owner = np.nonzero(self.left > 0)
        named = self.lots.to_frame(index=False, name=LOT).iloc[lot].reset_index(drop=True)
        return named.assign(owner=self.owners.to_numpy()[owner], quantity=self.left[lot, owner])

    def coming(self, periods: int) -> pd.DataFrame:
        """Return what arrives later."""
        late = np.flatnonzero(self.sent["arrive"].to_numpy() >= periods)
        row, owner = np.nonzero(self.taken[late] > 0)
        named = self.sent.iloc[late[row]].rename(columns={"destination": "place", "arrive": "period"})
        named = named[[*LOT, "period"]].assign(
            owner=self.owners.to_numpy()[owner], quantity=self.taken[late[row], owner]
        )
        keys = [*LOT, "period", "owner"]
        return named.groupby(keys, as_index=False)[["quantity"]].sum()

    @staticmethod
    def _share(pool: Floats) -> Floats:
        total = pool.sum(axis=1, keepdims=True)
        share: Floats = np.divide(pool, total, out=np.zeros_like(pool), where=total > 0)
        # A place that nothing came in to has nothing to give; rounding may still write a trace of it.
        if share.shape[1]:
            share[total[:, 0] <= 0, 0] = 1.0
        return share
