"""Carrying out: what comes of the first periods of a plan where the world is another one than it was made for.

Period by period: what drives leaves (`moving`), as far as it lies at its origin; who shows up covers hours
(`attendance`); people are served what the plan wanted to serve them, as far as it lies there, they need it and hands
are there to give it out. Where more is needed than the plan knew, what lies there beyond what it wants to keep is
handed out too: groups of greater weight first, what expires first first. Where less is there than the plan wants to
send and hand out, both are cut in proportion. In the world that a plan was made for this is the plan.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.network import Network
from coordination.replanning import executed_terms
from coordination.simulation.attendance import delivered
from coordination.simulation.looking import looked_at
from coordination.simulation.moving import moved
from coordination.status import Status
from coordination.verification.case import Case as Written
from coordination.verification.handout import limits
from coordination.verification.worst_off import unserved
from coordination.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.plans import Plan
    from coordination.verification.goods import Goods

    Floats = NDArray[np.float64]

NEAR = 1.0 - 1e-9
ROUNDS = 200
"""Goods sent on within a period pass on what is missing; more often than places do they not."""
NOTE = "Carried out in a simulation: what came of a plan in a world other than the one it was made for."


@dataclass(frozen=True)
class Executed:
    """What came of some periods of a plan.

    Attributes
    ----------
    plan : Plan
        A plan of the truth: what was sent, lay there, was served and covered in these periods; nothing later.
    record : DataFrame
        Hours promised and given, as `coordination.simulation.attendance.delivered` says.
    """

    plan: Plan
    record: pd.DataFrame


def execute(plan: Plan, truth: Instance, periods: int, shares: pd.DataFrame | None = None) -> Executed:
    """Carry out the first periods of a plan in another world than it may have been made for.

    Parameters
    ----------
    plan : Plan
        A feasible plan.
    truth : Instance
        What is really there, under the scenario that really happens; it begins when the plan does, and has the same
        places, commodities, fleets, parties and tasks in the same order.
    periods : int
        Periods carried out.
    shares : DataFrame, optional
        Share of its hours that each party (index) gives in each period (columns); all by default.

    Returns
    -------
    Executed
        Its plan is one that `coordination.replanning.state_after` takes; its terms are those of the periods carried
        out, all of them with the worst off where these are all.
    """
    planned = Written(plan, plan.tables)
    roles, record = delivered(planned, truth, periods, shares)
    blank = dataclasses.replace(
        plan, instance=truth, sha256=truth.sha256, options={**plan.options, "scenario": truth.scenario}
    )
    world, network = World.of(truth), Network.of(truth)
    sent = plan.shipments[plan.shipments["depart"] < periods]
    # In the world that it was made for a plan is looked at once.
    known = planned if truth is plan.instance else Written(blank, plan.tables)
    sent = moved(blank, sent, network, world, known)
    tables = {**plan.tables, "shipments": sent, "responsibilities": roles}
    true = looked_at(blank, tables, known)
    days = _Days(planned, true, sent, periods)
    for period in range(periods):
        days.play(period)
    done = {
        "shipments": sent.assign(quantity=days.sent)[days.sent > 0],
        "inventory": days.inventory(),
        "service": days.service(),
        "responsibilities": roles,
        "gaps": _gaps(plan, true, periods),
        "modes": plan.modes,
        "facilities": plan.facilities,
    }
    made = dataclasses.replace(
        blank, tables=done, status=Status.FEASIBLE, objective=0.0, bound=None, gap=None, notes=[NOTE],
        reasons=[], rules=None, baseline=None, replanned=None,
    )  # fmt: skip
    look = looked_at(made, made.tables, true)
    terms = executed_terms(made, periods, look)
    if periods == truth.periods and truth.policy.worst_off > 0:
        terms["worst_off"] = truth.policy.worst_off * unserved(look)
    return Executed(dataclasses.replace(made, terms=terms, objective=math.fsum(terms.values())), record)


class _Days:
    """Goods and people, day by day."""

    def __init__(self, planned: Written, true: Written, sent: pd.DataFrame, periods: int) -> None:
        self.case, self.goods, self.waiting = true, true.goods, true.waiting
        goods, waiting = self.goods, self.waiting
        lots = pd.MultiIndex.from_frame(goods.lots)
        self.use = np.zeros(goods.level.shape)
        row = lots.get_indexer(pd.MultiIndex.from_frame(planned.goods.lots))
        self.use[row[row >= 0]] = planned.goods.consumed().clip(min=0.0)[row >= 0]
        cells = pd.MultiIndex.from_arrays([goods.lots["place"], goods.lots["commodity"]])
        queues = pd.MultiIndex.from_arrays([waiting.place, waiting.commodity])
        self.cells = cells.union(queues).unique()
        self.lot_cell, self.queue_cell = self.cells.get_indexer(cells), self.cells.get_indexer(queues)
        self.cell_chain = true.zones.chain[true.place_zone[self.cells.get_level_values(0).to_numpy(dtype=int)]]
        self.cell_tonnes = true.tonnes[self.cells.get_level_values(1).to_numpy(dtype=int)]
        self.expires = goods.lots["expires"].to_numpy(dtype=float)
        self.order = np.lexsort([self.expires, self.lot_cell])
        self.limits = limits(true)
        self.weights = sorted(set(waiting.weight.tolist()), reverse=True)
        self.carry = true.given["commodities"]["carry_over"].to_numpy(dtype=float)[waiting.commodity]
        self.depart, self.arrive = (sent[name].to_numpy(dtype=np.int64) for name in ("depart", "arrive"))
        self.quantity = sent["quantity"].to_numpy(dtype=float)
        self.sent = np.zeros(len(sent))
        self.origin, self.destination = (self._lots_of(sent, end, lots) for end in ("origin", "destination"))
        shape, people = (len(goods.lots), periods), (len(waiting.queues), periods)
        self.level, self.expired = np.zeros(shape), np.zeros(shape)
        self.served, self.backlog = np.zeros(people), np.zeros(people)
        self.landed = np.zeros((len(goods.lots), max(periods, 1)))

    def _lots_of(self, sent: pd.DataFrame, end: str, lots: pd.MultiIndex) -> NDArray[np.int64]:
        keys = [
            self.case.places.get_indexer(pd.Index(sent[end])),
            self.case.commodities.get_indexer(pd.Index(sent["commodity"])),
            sent["expires"].fillna(np.inf).to_numpy(dtype=float),
        ]
        return np.asarray(lots.get_indexer(pd.MultiIndex.from_arrays(keys)), dtype=np.int64)

    def play(self, t: int) -> None:
        """Let a period pass."""
        goods: Goods = self.goods
        before = self.level[:, t - 1] if t else goods.stock[:, 0]
        there = before * goods.kept[:, t] + goods.arrivals[:, t] + self.landed[:, t]
        leaving = np.flatnonzero(self.depart == t)
        lying, use = self._send(there, leaving, t)
        lying = self._hand_out(lying, use, t)
        over = self.expires <= t
        self.expired[:, t] = np.where(over, lying, 0.0)
        self.level[:, t] = np.where(over, 0.0, lying)

    def _send(self, there: Floats, leaving: NDArray[np.int64], t: int) -> tuple[Floats, Floats]:
        """Return what lies there after shipments have left, and what of it is to be handed out."""
        origin, quantity = self.origin[leaving], self.quantity[leaving]
        same = self.arrive[leaving] == t
        into, wanted = self.destination[leaving], self.use[:, t].copy()
        np.add.at(wanted, origin, quantity)
        share = np.ones(len(there))
        for _ in range(ROUNDS):
            pool = there.copy()
            np.add.at(pool, into[same], (quantity * share[origin])[same])
            enough = np.divide(pool, wanted, out=np.ones_like(pool), where=wanted > 0)
            found = np.minimum(share, np.where(enough >= NEAR, 1.0, enough))
            if np.abs(found - share).max(initial=0.0) <= 1e-12:
                break
            share = found
        gone = quantity * share[origin]
        self.sent[leaving] = gone
        lying = there.copy()
        np.add.at(lying, into[same], gone[same])
        np.add.at(lying, origin, -gone)
        lying = lying.clip(min=0.0)
        later = ~same & (self.arrive[leaving] < self.landed.shape[1])
        np.add.at(self.landed, (into[later], self.arrive[leaving][later]), gone[later])
        return lying, np.minimum(self.use[:, t] * share, lying)

    def _hand_out(self, lying: Floats, use: Floats, t: int) -> Floats:
        """Serve people; return what still lies there."""
        waiting, cells = self.waiting, len(self.cells)
        last = self.backlog[:, t - 1] if t else waiting.initial
        due = self.carry * last + waiting.need[:, t]
        supply = np.bincount(self.lot_cell, use, minlength=cells)
        wished = waiting.served[:, t]
        asked = np.bincount(self.queue_cell, wished, minlength=cells)
        share = np.divide(supply, asked, out=np.zeros(cells), where=asked > 0)
        share = np.where(share >= NEAR, 1.0, share)
        served = np.minimum(wished * share[self.queue_cell], due)
        left = self.limits[:, t].copy()
        served = self._by_hands(served, left)
        used = np.bincount(self.queue_cell, served, minlength=cells)
        part = np.divide(used, supply, out=np.zeros(cells), where=supply > 0).clip(max=1.0)
        lying = (lying - use * part[self.lot_cell]).clip(min=0.0)
        free = np.where(self.expires >= t, (lying - self.goods.level[:, t]).clip(min=0.0), 0.0)
        free = np.where(free <= 1e-9 * lying.clip(min=1.0), 0.0, free)
        spare: Floats = np.bincount(self.lot_cell, free, minlength=cells).astype(np.float64)
        begin = spare.copy()
        for weight in self.weights:
            open_ = np.where(waiting.weight == weight, due - served, 0.0).clip(min=0.0)
            open_ = np.where(open_ <= 1e-9 * due.clip(min=1.0), 0.0, open_)
            asked = np.bincount(self.queue_cell, open_, minlength=cells)
            share = np.divide(spare, asked, out=np.zeros(cells), where=asked > 0).clip(max=1.0)
            more = self._by_hands(open_ * share[self.queue_cell], left)
            spare = (spare - np.bincount(self.queue_cell, more, minlength=cells)).clip(min=0.0)
            served = served + more
        self.served[:, t], self.backlog[:, t] = served, (due - served).clip(min=0.0)
        return np.asarray(lying - self._first_expiring(free, begin - spare), dtype=np.float64)

    def _by_hands(self, served: Floats, left: Floats) -> Floats:
        """Return what hands suffice for, and take it off what zones may still hand out."""
        tonnes = np.bincount(
            self.queue_cell, served * self.cell_tonnes[self.queue_cell], minlength=len(self.cells)
        ).astype(float)
        zones = np.zeros(len(left))
        for above in self.cell_chain.T:
            np.add.at(zones, above[above >= 0], tonnes[above >= 0])
        share = np.divide(left, zones, out=np.ones_like(zones), where=zones > 0).clip(min=0.0, max=1.0)
        share = np.where(share >= NEAR, 1.0, share)
        factor = np.ones(len(self.cells))
        for above in self.cell_chain.T:
            factor = np.minimum(factor, np.where(above >= 0, share[above], 1.0))
        for above in self.cell_chain.T:
            np.add.at(left, above[above >= 0], -(tonnes * factor)[above >= 0])
        np.maximum(left, 0.0, out=left)
        return served * factor[self.queue_cell]

    def _first_expiring(self, free: Floats, taken: Floats) -> Floats:
        """Return what is taken of each lot: what expires first first."""
        cell = self.lot_cell[self.order]
        amount = free[self.order]
        total = np.cumsum(amount) - amount
        first = np.r_[True, cell[1:] != cell[:-1]] if len(cell) else np.zeros(0, dtype=bool)
        start = np.maximum.accumulate(np.where(first, total, 0.0)) if len(cell) else total
        found = np.zeros(len(free))
        found[self.order] = np.clip(taken[cell] - (total - start), 0.0, amount)
        return found

    def inventory(self) -> pd.DataFrame:
        """Return the plan table ``inventory``."""
        lot, period = np.nonzero((self.level > 0) | (self.expired > 0))
        named, expires = self.goods.lots.iloc[lot], self.expires[lot]
        return pd.DataFrame(
            {
                "place": self.case.places.to_numpy(object)[named["place"].to_numpy()],
                "commodity": self.case.commodities.to_numpy(object)[named["commodity"].to_numpy()],
                "expires": np.where(np.isinf(expires), np.nan, expires),
                "period": period.astype(np.int64),
                "quantity": self.level[lot, period],
                "expired": self.expired[lot, period],
            }
        )

    def service(self) -> pd.DataFrame:
        """Return the plan table ``service``."""
        need = self.waiting.need[:, : self.served.shape[1]]
        queue, period = np.nonzero((need > 0) | (self.served > 0) | (self.backlog > 0))
        named = self.waiting.queues.iloc[queue]
        return pd.DataFrame(
            {
                **{name: named[name].to_numpy(object) for name in ("place", "commodity", "group")},
                "period": period.astype(np.int64),
                "need": need[queue, period],
                "served": self.served[queue, period],
                "backlog": self.backlog[queue, period],
            }
        )


def _gaps(plan: Plan, true: Written, periods: int) -> pd.DataFrame:
    """Return ``gaps``: hours as they really are missing, the rest as planned."""
    missing = (true.coverage.wanted - true.coverage.covered(len(true.tasks)))[:, :periods]
    task, period = np.nonzero(missing > 1e-9)
    rows = pd.DataFrame(
        {
            "task": true.tasks.to_numpy(object)[task],
            "kind": "hours",
            "period": period.astype(float),
            "amount": missing[task, period],
            "what": true.given["tasks"]["skill"].to_numpy(object)[task],
        }
    )
    others = plan.gaps[plan.gaps["kind"] != "hours"]
    return pd.concat([part for part in (others, rows) if len(part)] or [rows], ignore_index=True)
