"""What each shipment takes: the way it goes, minutes, kilometres, fleet hours, road capacity.

A trip runs base -> origin -> destination -> base on the roads as they are in the period of departure.
"""

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.distances import MILLION, Distances
from coordination.verification.ways import Ways

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]


class Trips:
    """Figures of all shipments, one per row of the plan's table.

    Attributes
    ----------
    fleet, origin, destination, base, depart : ndarray of int
        Codes, and the period of departure.
    tonnes, loads : ndarray
        Weight sent and (fractional) trips made.
    broken : ndarray of str
        Why the written route cannot be driven, empty where it can.
    loaded_minutes, loaded_km : ndarray
        Of the written route; NaN where it is broken.
    best_minutes, best_km : ndarray
        Of a shortest route; inf where there is none.
    shortest : ndarray of bool
        Whether the written route is a shortest one.
    out_minutes, back_minutes : ndarray
        Of the empty legs; inf where there is no way.
    lag : ndarray
        Periods from departure to arrival; not finite where there is no trip.
    hours, km : ndarray
        Of one whole trip; NaN where there is no trip.
    """

    def __init__(self, case: "Case") -> None:
        table, fleets = case.decided["shipments"], case.given["fleets"]
        self.fleet = case.fleets.get_indexer(pd.Index(table["fleet"]))
        self.origin = case.places.get_indexer(pd.Index(table["origin"]))
        self.destination = case.places.get_indexer(pd.Index(table["destination"]))
        self.base = case.places.get_indexer(pd.Index(fleets["base"]))[self.fleet]
        self.depart = table["depart"].to_numpy(np.int64)
        commodity = case.commodities.get_indexer(pd.Index(table["commodity"]))
        self.tonnes = table["quantity"].to_numpy(np.float64) * case.tonnes[commodity]
        self.loads = self.tonnes / fleets["payload_tonnes"].to_numpy(np.float64)[self.fleet]
        ways = Ways(case)
        self._state = ways.of_period[self.depart]
        self._walk(ways, table["route"])
        self._measure(ways)
        self._time(case)

    def may_choose(self, row: int) -> bool:
        """Return whether the shipment may leave the shortest route: some tied one holds a capacitated road."""
        distances = self._distances[int(self._state[row])]
        return distances.may_choose(int(self.origin[row]), int(self.destination[row]))

    @cached_property
    def road_use(self) -> pd.DataFrame:
        """Tonnes by road (code), the place where it is entered (code, column from) and period."""
        lanes = pd.DataFrame({"lane": self._lane, "period": self.depart, "tonnes": self.tonnes})
        sent = lanes.groupby(["lane", "period"], as_index=False)["tonnes"].sum()
        steps = sent.merge(self._steps, on="lane")
        use: pd.DataFrame = steps.groupby(["road", "from", "period"], as_index=False)["tonnes"].sum()
        return use

    def tolls(self, prices: pd.DataFrame) -> Numbers:
        """Return, for each shipment, the sum of ``prices`` (columns road, from, period, price) on its way."""
        steps = pd.DataFrame({"row": range(len(self._lane)), "lane": self._lane, "period": self.depart})
        paid = steps.merge(self._steps, on="lane").merge(prices, on=["road", "from", "period"])
        return np.bincount(paid["row"], paid["price"], minlength=len(self._lane)).astype(np.float64)

    def _walk(self, ways: Ways, routes: pd.Series) -> None:
        """Go along every different written route once."""
        columns = [self._state, self.origin, self.destination, routes.to_numpy(object)]
        keys = pd.DataFrame(dict(enumerate(columns)))
        self._lane = keys.groupby(list(keys.columns), sort=False, dropna=False).ngroup().to_numpy()
        walks = [
            (state, *ways.walk(state, origin, destination, route))
            for state, origin, destination, route in keys.drop_duplicates().itertuples(index=False, name=None)
        ]
        self.broken = np.array([reason for _, reason, _ in walks], dtype=object)[self._lane]
        minutes = [sum(ways.minutes[state][road] for road, _ in steps) for state, _, steps in walks]
        km = [sum(ways.km[road] for road, _ in steps) for _, _, steps in walks]
        driven = self.broken == ""
        self._minutes = np.where(driven, np.array(minutes, dtype=np.float64)[self._lane], np.nan)
        self._km = np.where(driven, np.array(km, dtype=np.float64)[self._lane], np.nan)
        steps = [(lane, road, place) for lane, (_, _, way) in enumerate(walks) for road, place in way]
        self._steps = pd.DataFrame(steps, columns=["lane", "road", "from"], dtype=np.int64)

    def _measure(self, ways: Ways) -> None:
        """Compute empty legs and shortest loaded legs, in millionths."""
        out, out_km, best, best_km, back, back_km = (np.full(len(self.fleet), np.inf) for _ in range(6))
        self._distances: dict[int, Distances] = {}
        for state in np.unique(self._state).tolist():
            rows = np.flatnonzero(self._state == state)
            base, origin, destination = self.base[rows], self.origin[rows], self.destination[rows]
            arcs = ways.arcs(state)
            there = self._distances[state] = Distances(arcs, np.concatenate([base, origin]))
            home = Distances(arcs.reversed, base)
            out[rows], out_km[rows] = there.minutes(base, origin), there.km(base, origin)
            best[rows], best_km[rows] = there.minutes(origin, destination), there.km(origin, destination)
            back[rows], back_km[rows] = home.minutes(base, destination), home.km(base, destination)
        self.shortest = (self._minutes == best) & (self._km == best_km)
        self.out_minutes, self.back_minutes = out / MILLION, back / MILLION
        self.best_minutes, self.best_km = best / MILLION, best_km / MILLION
        self.loaded_minutes, self.loaded_km = self._minutes / MILLION, self._km / MILLION
        self._empty_km = (out_km + back_km) / MILLION

    def _time(self, case: "Case") -> None:
        fleets = case.given["fleets"]
        speed = fleets["speed"].to_numpy(np.float64)[self.fleet]
        loading = fleets["loading_minutes"].to_numpy(np.float64)[self.fleet]
        there = (self.out_minutes + self.loaded_minutes) / speed + loading
        self.lag = np.floor(there / (60 * case.instance.period_hours) + 1e-9)
        self.hours = _finite((there + self.back_minutes / speed) / 60)
        self.km = _finite(self._empty_km + self.loaded_km)


def _finite(numbers: Numbers) -> Numbers:
    return np.where(np.isfinite(numbers), numbers, np.nan)
