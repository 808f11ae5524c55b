"""Sending: places ask the nearest depot that has goods; depots, fleets and roads give in proportion."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.planning.dispatching.proportional import ROUNDING, share_out
from coordination.planning.dispatching.state import TRACE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.dispatching.state import State
    from coordination.planning.dispatching.town import Town

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Trip:
    """When goods leave and arrive, and what places keep for themselves.

    Attributes
    ----------
    depart, arrive : int
        Periods.
    kept : ndarray, shape (places, commodities)
        What places keep of what lies there for their own needs until the end.
    """

    depart: int
    arrive: int
    kept: Floats


@dataclass
class Sending:
    """Shipments so far, and what fleets and roads have left.

    Attributes
    ----------
    town : Town
        Who needs what, which lanes there are.
    hours : ndarray, shape (fleets, periods)
        Fleet hours left.
    roads : ndarray, shape (arcs, periods)
        Tonnes that roads still take.
    shipments : list of tuple
        Rows of lanes, the batch, the period, how much.
    """

    town: Town
    hours: Floats
    roads: Floats
    shipments: list[tuple[Codes, int, int, Floats]] = field(default_factory=list)

    @classmethod
    def first(cls, town: Town) -> Sending:
        """Return nothing sent."""
        return cls(town, town.case.fleet_hours.copy(), town.case.road_capacity.copy())

    def send(self, state: State, t: int) -> None:
        """Send what is needed, in a period that has begun in `state`: goods that arrive soonest are asked for first.

        What arrives in the period itself is added to the level.
        """
        ways, case = self.town.ways, self.town.case
        lag = ways["lag"]
        today = (ways["state"] == case.road_state[t]) & (lag + t < case.periods)
        if not today.any():
            return
        kept = self._kept_back(state, t)
        asked_before = np.zeros((len(case.coding.places), len(case.coding.commodities)), dtype=bool)
        left, sooner = np.zeros(asked_before.shape), 0
        for steps in np.unique(lag[today]).tolist():
            rows = np.flatnonzero(today & (lag == steps))
            lacking, room, order = self._outlook(state, t, t + steps)
            carried = case.instance.commodities["carry_over"].to_numpy(dtype=float) ** (steps - sooner)
            claims = np.where(asked_before, np.minimum(lacking, left * carried), lacking)
            trip = Trip(t, t + steps, kept)
            for commodity in order:
                mine = self._useful(state, rows, commodity, trip)
                claims[:, commodity] = self._answered(state, mine, commodity, claims[:, commodity], room, trip)
                asked_before[ways["destination"][mine], commodity] = True
            left, sooner = claims, steps

    def _kept_back(self, state: State, t: int) -> Floats:
        """Return what places keep for their own needs until the end, shape (places, commodities)."""
        town, waiting = self.town, self.town.case.waiting
        kept = np.zeros((len(state.level), len(town.case.coding.commodities)))
        own = state.waiting + waiting.need[:, t + 1 :].sum(axis=1)
        np.add.at(kept, (town.rows["place"], town.rows["commodity"]), own)
        return kept

    def _outlook(self, state: State, t: int, until: int) -> tuple[Floats, Floats, list[int]]:
        """Return what will be lacking in a period, by place and commodity, what zones can hand out, what is urgent."""
        town, ahead = self.town, state.copy()
        for s in range(t, until + 1):
            if s > t:
                ahead.begin(town, s)
            order = town.urgency(ahead.waiting, s)
            ahead.hand_out(town, s)
            ahead.end(town, s)
        lacking = np.zeros((len(state.level), len(town.case.coding.commodities)))
        np.add.at(lacking, (town.rows["place"], town.rows["commodity"]), ahead.waiting)
        return lacking, ahead.room, order

    def _useful(self, state: State, rows: Codes, commodity: int, trip: Trip) -> Codes:
        """Return the lanes whose origin has goods to spare that can still be used on arrival."""
        there = self._to_spare(state, commodity, trip)
        return np.asarray(rows[there[self.town.ways["origin"][rows]] > TRACE])

    def _to_spare(self, state: State, commodity: int, trip: Trip) -> Floats:
        usable = self._usable(commodity, trip.arrive)
        return np.asarray(np.maximum(state.level[:, usable].sum(axis=1) - trip.kept[:, commodity], 0.0))

    def _usable(self, commodity: int, arrive: int) -> list[int]:
        return [k for k in self.town.batches[commodity] if self.town.case.batches.expires[k] >= arrive]

    def _answered(self, state: State, rows: Codes, commodity: int, claims: Floats, room: Floats, trip: Trip) -> Floats:
        """Send one commodity along lanes of one lag, own goods first; return what is still asked for."""
        town, weight = self.town, float(self.town.case.tonnes[commodity])
        asked = claims * town.within_handout(claims * weight, room)
        asked[asked <= TRACE] = 0.0
        wanted = asked.copy()
        own = town.own[rows, commodity]
        for mine, share in ((rows[own > 0], own[own > 0]), (rows, None)):
            self._rounds(state, mine, commodity, wanted, share, trip)
        sent = asked - wanted
        town.take_room(sent * weight, room)
        return np.asarray(claims - sent)

    def _rounds(
        self,
        state: State,
        rows: Codes,
        commodity: int,
        wanted: Floats,
        own: Floats | None,
        trip: Trip,
    ) -> None:
        """Let every place ask along its next lane until nobody wants or nobody can give; changes `wanted`."""
        ways = self.town.ways
        origin, destination, fleet = ways["origin"], ways["destination"], ways["fleet"]
        free = ways["hours"] <= 0.0
        while len(rows):
            there = self._to_spare(state, commodity, trip)
            able = (wanted[destination[rows]] > TRACE) & (there[origin[rows]] > TRACE)
            able &= free[rows] | (self.hours[fleet[rows], trip.depart] > TRACE)
            rows, own = rows[able], None if own is None else own[able]
            if not len(rows):
                return
            first = np.concatenate([[True], destination[rows][1:] != destination[rows][:-1]])
            chosen, limit = rows[first], np.inf if own is None else own[first] * there[origin[rows[first]]]
            asked = np.minimum(wanted[destination[chosen]], limit)
            quantity = self._granted(chosen, asked, there, commodity, trip.depart)
            self._depart(state, chosen, quantity, commodity, trip)
            wanted[destination[chosen]] -= quantity
            rows, own = rows[~first], None if own is None else own[~first]

    def _granted(self, rows: Codes, asked: Floats, there: Floats, commodity: int, t: int) -> Floats:
        """Return what depots have, fleets carry and roads take of what is asked along some lanes."""
        ways, weight = self.town.ways, float(self.town.case.tonnes[commodity])
        pack, breaks = (part[commodity] for part in self.town.pack)
        given = share_out(there, asked, ways["origin"][rows], float(pack), bool(breaks))
        fleet, hours = ways["fleet"][rows], ways["hours"][rows] * weight
        share = _share(np.bincount(fleet, given * hours, len(self.hours)), self.hours[:, t])[fleet]
        carried = given * share * self._on_roads(rows, given * share * weight, t)
        if not breaks:
            carried = self._in_packs(rows, carried, given, float(pack), hours, t)
        return np.asarray(np.where(carried > TRACE, carried, 0.0))

    def _in_packs(self, rows: Codes, carried: Floats, given: Floats, pack: float, hours: Floats, t: int) -> Floats:
        """Return whole packs of what is carried less than given: rounded down, then one more where hours are left.

        The largest remainders of each fleet come first; roads with capacities take what is rounded down.
        """
        cut = carried < given
        whole = np.where(cut, np.floor(carried / pack * (1.0 + ROUNDING)) * pack, carried)
        fleet, (on_road, _) = self.town.ways["fleet"][rows], self._arcs(rows)
        may = cut & (whole + pack <= given)
        may[on_road] = False
        order = np.lexsort((np.arange(len(rows)), whole - carried, fleet))
        order = order[may[order]]
        taken = np.cumsum(pack * hours[order])
        before = np.searchsorted(fleet[order], fleet[order])
        taken = taken - np.concatenate([[0.0], taken])[before]
        left = self.hours[:, t] - np.bincount(fleet, whole * hours, len(self.hours))
        whole[order] += np.where(taken <= left[fleet[order]] + TRACE, pack, 0.0)
        return whole

    def _on_roads(self, rows: Codes, tonnes: Floats, t: int) -> Floats:
        """Return the share of `tonnes` along lanes that all roads on their routes take."""
        lane, arc = self._arcs(rows)
        load = np.bincount(arc, tonnes[lane], len(self.roads))
        least = np.ones(len(rows))
        np.minimum.at(least, lane, _share(load, self.roads[:, t])[arc])
        return least

    def _arcs(self, rows: Codes) -> tuple[Codes, Codes]:
        """Return pairs of position in `rows` and arc with a capacity on the lane's route."""
        ends, arcs = self.town.on_roads
        count = ends[rows + 1] - ends[rows]
        lane = np.repeat(np.arange(len(rows)), count)
        offset = np.arange(len(lane)) - np.repeat(np.cumsum(count) - count, count)
        return lane, arcs[np.repeat(ends[rows], count) + offset]

    def _depart(self, state: State, rows: Codes, quantity: Floats, commodity: int, trip: Trip) -> None:
        """Let shipments leave: what expires first goes first, each depot's batches in one proportion to all."""
        ways, weight = self.town.ways, float(self.town.case.tonnes[commodity])
        origin, destination = ways["origin"][rows], ways["destination"][rows]
        np.subtract.at(self.hours[:, trip.depart], ways["fleet"][rows], quantity * weight * ways["hours"][rows])
        lane, arc = self._arcs(rows)
        np.subtract.at(self.roads[:, trip.depart], arc, (quantity * weight)[lane])
        np.maximum(self.hours[:, trip.depart], 0.0, out=self.hours[:, trip.depart])
        np.maximum(self.roads[:, trip.depart], 0.0, out=self.roads[:, trip.depart])
        rest = quantity.copy()
        for k in self._usable(commodity, trip.arrive):
            share = _share(np.bincount(origin, rest, len(state.level)), state.level[:, k])
            part = rest * share[origin]
            rest = rest - part
            np.subtract.at(state.level[:, k], origin, part)
            np.maximum(state.level[:, k], 0.0, out=state.level[:, k])
            np.add.at(state.coming[:, k, trip.arrive], destination, part)
            if trip.arrive == trip.depart:
                np.add.at(state.level[:, k], destination, part)
            some = part > TRACE
            if some.any():
                self.shipments.append((rows[some], k, trip.depart, part[some]))

    def table(self) -> pd.DataFrame:
        """Return the shipments: ``lane`` (of the case), ``batch``, ``period``, ``quantity``."""
        count = [len(rows) for rows, *_ in self.shipments]
        rows = np.concatenate([np.zeros(0, dtype=np.int64), *(rows for rows, *_ in self.shipments)])
        sent = pd.DataFrame(
            {
                "lane": self.town.ways["lane"][rows],
                "batch": np.repeat(np.array([batch for _, batch, _, _ in self.shipments], dtype=np.int64), count),
                "period": np.repeat(np.array([t for _, _, t, _ in self.shipments], dtype=np.int64), count),
                "quantity": np.concatenate([np.zeros(0), *(part for *_, part in self.shipments)]),
            }
        )
        return sent.groupby(["lane", "batch", "period"], as_index=False)[["quantity"]].sum()


def _share(asked: NDArray[Any], there: Floats) -> Floats:
    """Return the share of what is asked that there is, at most 1."""
    share: Floats = np.divide(there, asked, out=np.ones(len(there)), where=asked > there)
    return share
