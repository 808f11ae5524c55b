"""How things stand in a period: what lies where, what is on its way, who waits; and handing out what is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.dispatching.town import Town

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]
    Served = tuple[Codes, int, Floats]
    """Rows of need, the batch that they are served with, how much."""

TRACE = 1e-9
"""Quantities below this are none."""


@dataclass
class State:
    """How things stand.

    Attributes
    ----------
    level : ndarray, shape (places, batches)
        What lies where.
    coming : ndarray, shape (places, batches, periods)
        What is on its way, by period of arrival.
    waiting : ndarray, shape (rows of need,)
        Backlog of the period before; what is due once the period has begun.
    room : ndarray, shape (zones,)
        Tonnes that can still be handed out in the period.
    """

    level: Floats
    coming: Floats
    waiting: Floats
    room: Floats

    @classmethod
    def first(cls, town: Town) -> State:
        """Return the state before the first period."""
        case = town.case
        shape = (len(case.coding.places), len(case.batches))
        zones = len(case.coding.zones)
        return cls(np.zeros(shape), np.zeros((*shape, case.periods)), case.waiting.start.copy(), np.zeros(zones))

    def copy(self) -> State:
        """Return a state that can be played on without changing this one; what comes is shared."""
        return State(self.level.copy(), self.coming, self.waiting.copy(), self.room.copy())

    def begin(self, town: Town, t: int) -> None:
        """Begin a period: hazards, new goods, new need; what arrives by lane is added apart."""
        case = town.case
        hit = case.kept[case.kept["period"] == t] if t > 0 else case.kept.iloc[:0]
        for place, commodity, factor in zip(hit["place"], hit["commodity"], hit["factor"], strict=True):
            self.level[place, case.batches.commodity == commodity] *= factor
        new = case.supply[case.supply["period"] == t]
        np.add.at(self.level, (new["place"].to_numpy(), new["batch"].to_numpy()), new["quantity"].to_numpy())
        self.level += self.coming[:, :, t]
        self.waiting = case.waiting.carry_over * self.waiting + case.waiting.need[:, t]
        self.room = town.handout[:, t].copy()

    def hand_out(self, town: Town, t: int) -> list[Served]:
        """Hand out what is there, the most urgent goods first, and return who was served with what."""
        served: list[Served] = []
        for commodity in town.urgency(self.waiting, t):
            for rows in town.queues[commodity]:
                served += self._serve(town, rows, commodity, t)
        return served

    def _serve(self, town: Town, rows: Codes, commodity: int, t: int) -> list[Served]:
        """Serve one group with one commodity, in proportion where a zone cannot hand out all; one row a place."""
        place = town.rows["place"][rows]
        batches = [k for k in town.batches[commodity] if town.case.batches.expires[k] >= t]
        there = self.level[place][:, batches].sum(axis=1)
        given = np.minimum(self.waiting[rows], there)
        tonnes = np.zeros(len(self.level))
        tonnes[place] = given * town.case.tonnes[commodity]
        if not (tonnes > 0).any():
            return []
        share = town.within_handout(tonnes, self.room)
        town.take_room(tonnes * share, self.room)
        given = given * share[place]
        self.waiting[rows] -= given
        served: list[Served] = []
        for k in batches:
            part = np.minimum(given, self.level[place, k])
            self.level[place, k] -= part
            given = given - part
            some = part > TRACE
            served += [(rows[some], k, part[some])] if some.any() else []
        return served

    def end(self, town: Town, t: int) -> None:
        """End a period: what expires goes."""
        self.level[:, town.case.batches.expires <= t] = 0.0
