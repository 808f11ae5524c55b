"""One reason for each of the places that go most short.

The LP with the roles fixed says what one more unit served would save, and what it would cost on the cheapest chain
from where goods appear (`coordination.planning.reasons.chains`). That cost is stock, hours, roads and storage at their
prices, and plain money. The largest part is the cause, if a re-solve with a little more of that limit lowers the social
cost; else the next is tried. What is printed is what the re-solve saved, not the price.
"""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.metrics import shortages, shortest
from coordination.planning.coding import encode
from coordination.planning.reasons import strings
from coordination.planning.reasons.chains import cheapest_chain
from coordination.planning.reasons.limits import parts_of, wage_of_nobody
from coordination.planning.reasons.market import Market
from coordination.planning.reasons.reason import Reason
from coordination.planning.reasons.sentences import Speaker
from coordination.wording import periods

if TYPE_CHECKING:
    from coordination.planning.answer import Answer
    from coordination.planning.linear import Changes, PricedProgram
    from coordination.planning.reasons.limits import Limit, Parts
    from coordination.plans import Plan

SECONDS = 30.0
"""The most to spend on all reasons together."""
EACH = 8.0
"""The most to spend on one re-solve."""
TRIES = 3
"""Limits tried one by one for a place."""
MOST_LIMITS = 8
"""Limits tried on the way to a place that is asked about by itself."""
NEARLY = 0.4
"""A second limit is named if its part in the price is at least this share of the first one's."""
VISIBLE = 1e-7
"""A saving below this share of the social cost would be lost in a solver's tolerances: then 1 % more is given."""


def reasons_for(answer: Answer, plan: Plan) -> list[Reason]:
    """Return why the places that go most short do.

    Parameters
    ----------
    answer : Answer
        With its LP open; without, there are no reasons.
    plan : Plan
        What the answer means.

    Returns
    -------
    list of Reason
        At most ten, the place that goes most short first; fewer where the time is over.
    """
    rows = shortest(plan)
    if answer.program is None or rows.empty:
        return []
    search = _Search.begin(answer, answer.program, plan)
    if search is None:
        return []
    columns = (rows[name].tolist() for name in ("place", "commodity", "met", "share", "short"))
    found = [search.reason(*row) for row in zip(*columns, strict=True)]
    return [reason for reason in found if reason is not None]


def limits_at(answer: Answer, plan: Plan, place: str) -> list[tuple[Reason, list[Reason]]]:
    """Return why one place goes short of each commodity, each reason with the further limits on the same way.

    Parameters
    ----------
    answer : Answer
        With its LP open.
    plan : Plan
        What the answer means.
    place : str
        Its id.

    Returns
    -------
    list of (Reason, list of Reason)
        By commodity that it is short of, the one of which the largest share is missing first. Further limits are those
        of which more, each alone, lowers the social cost. Less where the time is over.
    """
    rows = shortages(plan)
    rows = rows[rows["place"] == place]
    if answer.program is None or rows.empty:
        return []
    search = _Search.begin(answer, answer.program, plan)
    if search is None:
        return []
    columns = (rows[name].tolist() for name in ("place", "commodity", "met", "share", "short"))
    found = [(search.reason(*row), row) for row in zip(*columns, strict=True)]
    return [(reason, search.others(reason, *row[:2])) for reason, row in found if reason is not None]


@dataclass(frozen=True)
class Cause:
    """The end of a reason: see `coordination.planning.reasons.Reason`."""

    limit: str
    text: str
    id: str = ""
    periods: list[int] = field(default_factory=list)
    more: float = 0.0
    saving: float | None = None


@dataclass(frozen=True)
class Offer:
    """One more unit served: the column of ``serve``, what it saves, how much more it costs, its parts, the backlog."""

    row: int
    worth: float
    excess: float
    parts: Parts
    backlog: float


class _Search:
    """The open LP, its prices, what was asked of it so far.

    Parameters
    ----------
    program : PricedProgram
        The LP.
    market : Market
        Its optimum.
    waiting : DataFrame
        ``place``, ``commodity``, ``group``, ``period`` (codes), ``backlog`` (units) of every backlog of the plan.
    """

    def __init__(self, program: PricedProgram, market: Market, waiting: pd.DataFrame) -> None:
        self.program, self.market, self.waiting = program, market, waiting
        self.speaker = Speaker(market)
        self.until = time.monotonic() + SECONDS
        self.savings: dict[tuple[tuple[str, int, float], ...], float | None] = {}

    @classmethod
    def begin(cls, answer: Answer, program: PricedProgram, plan: Plan) -> _Search | None:
        """Solve the LP as it is, for prices and values that belong together; None when there is no time."""
        solution = program.solve_changed([], [], strings.BASE, SECONDS)
        if solution is None:
            return None
        market = Market(answer.model, answer.columns, program.form, solution)
        coding, late = market.case.coding, plan.service[plan.service["backlog"] > 0]
        waiting = pd.DataFrame(
            {
                "place": encode(coding.places, late["place"]),
                "commodity": encode(coding.commodities, late["commodity"]),
                "group": encode(coding.groups, late["group"]),
                "period": late["period"].to_numpy(dtype=np.int64),
                "backlog": late["backlog"].to_numpy(dtype=float),
            }
        )
        return cls(program, market, waiting)

    def saving(self, changes: Changes, lowest: Changes = ()) -> float | None:
        """Return by how much the social cost falls with some limits moved; None when not solved in time."""
        key = (*changes, *lowest)
        if key not in self.savings:
            left = self.until - time.monotonic()
            solution = None
            if left > 0:
                solution = self.program.solve_changed(changes, lowest, strings.BASE, min(EACH, left))
            base = self.market.solution.objective
            self.savings[key] = None if solution is None else base - solution.objective
        return self.savings[key]

    def over(self) -> bool:
        """Return whether the time for reasons is over."""
        return time.monotonic() >= self.until or self.program.over()

    def reason(self, place: str, commodity: str, met: float, share: float, quantity: float) -> Reason | None:
        """Return why one place goes short of one commodity; None when there was no time to find out."""
        short = 1.0 - share
        coding = self.market.case.coding
        n, c = int(encode(coding.places, [place])[0]), int(encode(coding.commodities, [commodity])[0])
        cause = self._cause(n, c, commodity)
        if cause is None:
            return None
        sentence = self.speaker.short(place, commodity, met, short, quantity) + cause.text
        return Reason(
            place, commodity, short, quantity, cause.limit, cause.id, cause.periods, cause.more, cause.saving, sentence
        )

    def others(self, reason: Reason, place: str, commodity: str) -> list[Reason]:
        """Return the further limits on the way to a place of which more, each alone, lowers the social cost."""
        coding = self.market.case.coding
        offer = self._best_offer(
            int(encode(coding.places, [place])[0]), int(encode(coding.commodities, [commodity])[0])
        )
        if offer is None:
            return []
        first = offer.parts.largest_first(offer.worth)
        alone = {(limit.kind, limit.key[0]): limit for limit in reversed(first)}
        kept = [limit for limit in first if alone[limit.kind, limit.key[0]] is limit]
        others = [self._other(reason, limit, commodity) for limit in kept[:MOST_LIMITS]]
        return [other for other in others if other is not None]

    def _other(self, reason: Reason, limit: Limit, commodity: str) -> Reason | None:
        if (limit.kind, self.speaker.identity(limit)) == (reason.limit, reason.id):
            return None
        more = self._more(limit)
        saving = self.saving(_changes(limit, more))
        if saving is None or not self._counts(saving, more, limit):
            return None
        text, when = self.speaker.binds(limit, commodity, more, saving, None), self.speaker.when(limit)
        return dataclasses.replace(
            reason, limit=limit.kind, id=self.speaker.identity(limit), periods=when, more=more, saving=saving,
            sentence=text,
        )  # fmt: skip

    def _cause(self, n: int, c: int, commodity: str) -> Cause | None:
        offer = self._best_offer(n, c)
        if offer is None:
            return self._unreachable(n, c)
        limits = offer.parts.largest_first(offer.worth)
        if not limits or offer.parts.money >= offer.worth * (1.0 - 1e-6):
            return self._too_dear(offer, commodity)
        return self._binding(limits, commodity)

    def _best_offer(self, n: int, c: int) -> Offer | None:
        """Return where one more unit served would come closest to paying; None where none could be served."""
        market, service = self.market, self.market.model.frame.service
        mine = self.waiting[(self.waiting["place"] == n) & (self.waiting["commodity"] == c)]
        rows = service[(service["place"] == n) & (service["commodity"] == c)]
        rows = rows.reset_index(names="row").merge(mine, on=["place", "commodity", "group", "period"])
        if rows.empty:
            return None
        rows["excess"] = market.excess[rows["row"].to_numpy(dtype=int)].round(9)
        offers = zip(*(rows[name].tolist() for name in ("row", "batch", "period", "excess", "backlog")), strict=True)
        ranked = [
            (excess, -self._worth(batch, excess, n, t), t, row, batch, late) for row, batch, t, excess, late in offers
        ]
        for excess, worth, period, row, batch, late in sorted(ranked)[:TRIES]:
            chain = cheapest_chain(market, n, batch, period)
            if chain is not None:
                return Offer(row, -worth, excess + chain.slack, parts_of(market, chain, n, period), late)
        return None

    def _worth(self, batch: int, excess: float, n: int, period: int) -> float:
        """Return the money that one more unit served from a batch would save."""
        market = self.market
        handing = float(market.handout[market.zones_above(n), period].sum())
        return round(float(market.goods[n, batch, period] + market.case.batch_tonnes[batch] * handing) - excess, 9)

    def _unreachable(self, n: int, c: int) -> Cause:
        case, holding = self.market.case, self.market.model.frame.holding
        if case.instance.commodities["service"].iloc[c]:
            return self._no_room(n, c)
        if not (case.lots["commodity"] == c).any():
            return Cause("nothing", strings.NOTHING)
        there = (holding[n, case.batches.commodity == c] >= 0).any(axis=0).nonzero()[0]
        if not len(there):
            return Cause("unreachable", strings.UNREACHABLE)
        return Cause("unreachable", strings.LATE.format(periods=periods(there.tolist())))

    def _no_room(self, n: int, c: int) -> Cause:
        """Return the cause where people would have to go to a facility: none near, none converted, or all full."""
        market, facilities = self.market, self.market.case.facilities
        mine = self.waiting[(self.waiting["place"] == n) & (self.waiting["commodity"] == c)]
        near = facilities.visits(mine)
        if near.empty:
            return Cause("unreachable", strings.FAR)
        on = market.in_use[near["row"].to_numpy(), near["period"].to_numpy()] > 0.5
        place = facilities.uses["place"].to_numpy(dtype=np.int64)[near["row"].to_numpy()]
        ids = market.case.coding.places.to_numpy(dtype=object)
        halls = ", ".join(sorted(set(ids[place[on] if on.any() else place])))
        when = sorted(set(near["period"].to_numpy()[on].tolist()))
        if not on.any():
            return Cause("facility", strings.NOT_CONVERTED.format(halls=halls))
        return Cause("facility", strings.FULL.format(halls=halls, periods=periods(when)), halls, when)

    def _too_dear(self, offer: Offer, commodity: str) -> Cause | None:
        """Return the cause where serving costs more than it saves, confirmed by forcing some."""
        more = min(1.0, offer.backlog)
        least = float(self.market.values["serve"][offer.row]) + more
        saving = self.saving([], [("serve", offer.row, least)])
        if saving is None and self.over():
            return None
        # Limits may leave no way to force any: then the prices alone speak.
        rise = None if saving is None else -saving
        text = self.speaker.costs(commodity, offer.worth + offer.excess, offer.worth, more, rise)
        return Cause("cost", text, saving=saving, more=more)

    def _binding(self, limits: list[Limit], commodity: str) -> Cause | None:
        """Return the limit whose easing saves anything: one, else several together, else none."""
        for limit in limits[:TRIES]:
            more = self._more(limit)
            saving = self.saving(_changes(limit, more))
            if saving is None:
                return None
            if self._counts(saving, more, limit):
                wage = wage_of_nobody(self.market, *limit.key) if limit.kind == "handout" else None
                if wage is not None and wage * more > saving:
                    text = self.speaker.unpaid(limit, more, saving, wage * more)
                    return Cause("cost", text, more=more, saving=saving - wage * more)
                also = self._second(limit, limits)
                text = self.speaker.binds(limit, commodity, more, saving, also)
                when = self.speaker.when(limit)
                return Cause(limit.kind, text, self.speaker.identity(limit), when, more, saving)
        together = [change for limit in limits for change in _changes(limit, self._more(limit))]
        saving = self.saving(list(dict.fromkeys(together)))
        if saving is None:
            return None
        if self._counts(saving):
            return Cause("several", self.speaker.several(limits, saving), saving=saving)
        return Cause("none", strings.NONE, saving=saving)

    def _second(self, first: Limit, limits: list[Limit]) -> Limit | None:
        """Return the next limit of another kind, if it matters nearly as much and easing it too saves something."""
        others = [limit for limit in limits if limit.kind != first.kind and limit.part >= NEARLY * first.part]
        others = [limit for limit in others if {first.kind, limit.kind} != {"hours", "handout"}]
        if not others:
            return None
        more = self._more(others[0])
        saving = self.saving(_changes(others[0], more))
        return others[0] if saving is not None and self._counts(saving, more, others[0]) else None

    def _counts(self, saving: float, more: float = 0.0, limit: Limit | None = None) -> bool:
        """Return whether a saving is more than a solver's dust."""
        expected = 0.0 if limit is None else more * limit.price
        return saving > max(1e-9 * abs(self.market.solution.objective), 1e-3 * expected, 1e-6)

    def _more(self, limit: Limit) -> float:
        """Return how much more of a limit to try: one, or 1 % where one would not be seen."""
        if limit.price >= VISIBLE * abs(self.market.solution.objective):
            return 1.0
        form, (name, row) = self.market.form, limit.rows[0]
        return max(1.0, 0.01 * abs(float(form.row_upper[form.constraints[name].slice.start + row])))


def _changes(limit: Limit, more: float) -> list[tuple[str, int, float]]:
    """Return the moves of right-hand sides that give more of a limit (supply stands with a minus sign)."""
    return [(name, row, -more if limit.kind == "stock" else more) for name, row in limit.rows]
