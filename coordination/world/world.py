"""The world of an instance: vehicles, hours, storage, needs, goods and roads by period, effects applied."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance.vocabulary import MODES
from coordination.world.conditions import road_conditions
from coordination.world.effects import Effects
from coordination.world.modes import NORMAL, in_modes, modes_of
from coordination.world.severity import Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance


@dataclass(frozen=True)
class World:
    """An instance as its active scenario leaves it; without one, the instance itself.

    Rows stand in the order of the instance's tables; everything is computed once, when first asked for.

    Attributes
    ----------
    instance : Instance
        The instance.
    """

    instance: Instance

    @classmethod
    def of(cls, instance: Instance) -> World:
        """Return the world of an instance under its active scenario."""
        return cls(instance)

    @cached_property
    def effects(self) -> Effects:
        """Effects of the active scenario."""
        return Effects(self.instance)

    @cached_property
    def severity(self) -> Severity:
        """How severe things are in each zone, by what was observed."""
        return Severity(self.instance)

    @cached_property
    def modes(self) -> NDArray[np.int64]:
        """Operating mode of each zone, index into ``MODES``, shape (zones, periods)."""
        return modes_of(self.instance, self.severity)

    @cached_property
    def normal(self) -> NDArray[np.bool_]:
        """Whether each zone is in normal mode, shape (zones, periods)."""
        return np.asarray(self.modes == NORMAL)

    @cached_property
    def active(self) -> NDArray[np.bool_]:
        """Whether each task is to be done, by its window and its zone's mode, shape (tasks, periods)."""
        tasks, period = self.instance.tasks, np.arange(int(self.instance.periods))
        zone = pd.Index(self.instance.zones["zone"]).get_indexer(pd.Index(tasks["zone"]))
        window = (period >= tasks["start"].to_numpy()[:, None]) & (period <= tasks["end"].to_numpy()[:, None])
        return np.asarray(window & in_modes(tasks["mode"].fillna("any"), self.modes[zone]))

    def in_mode(self, zones: NDArray[np.int64], modes: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Return whether zones (by row) are in modes (by name) in each period, shape (zones given, periods)."""
        return np.asarray(np.array(MODES, dtype=object)[self.modes[zones]] == modes[:, None], dtype=np.bool_)

    @cached_property
    def vehicles(self) -> NDArray[np.float64]:
        """Vehicles of each fleet, shape (fleets, periods); a fleet lies in the zone of its base."""
        fleets = self.instance.fleets
        zones = self._zone_of_place[self._place_codes(fleets["base"])]
        factors = self.effects.by_period("fleets", _ids(fleets["fleet"]), [zones])
        return fleets["vehicles"].to_numpy(dtype=float)[:, None] * factors

    @cached_property
    def skill_hours(self) -> NDArray[np.float64]:
        """Hours of each row of ``skills`` in normal mode, shape (skills, periods)."""
        return self.instance.skills["hours"].to_numpy(dtype=float)[:, None] * self._skill_factors

    @cached_property
    def skill_emergency_hours(self) -> NDArray[np.float64]:
        """Hours of each row of ``skills`` in emergency, shape (skills, periods)."""
        return self.instance.skills["emergency_hours"].to_numpy(dtype=float)[:, None] * self._skill_factors

    @cached_property
    def storage(self) -> NDArray[np.float64]:
        """Storage of each place, tonnes, shape (places, periods); inf where unlimited, which no factor limits."""
        places = self.instance.places
        storage = places["storage_tonnes"].to_numpy(dtype=float)[:, None]
        factors = self.effects.by_period("places", self._place_ids, [self._zone_of_place])
        return np.where(np.isnan(storage), np.inf, storage * factors)

    @cached_property
    def emergency_capacity(self) -> NDArray[np.float64]:
        """Capacity of each row of ``facilities`` in emergency use, shape (facilities, periods)."""
        return self.instance.facilities["emergency_capacity"].to_numpy(dtype=float)[:, None] * self.facility_factors

    @cached_property
    def facility_factors(self) -> NDArray[np.float64]:
        """What the scenario leaves of the capacity of each row of ``facilities``, shape (facilities, periods)."""
        facilities = self.instance.facilities
        zones = self._zone_of_place[self._place_codes(facilities["place"])]
        return self.effects.by_period("facilities", _ids(facilities["place"]), [zones])

    @cached_property
    def needs(self) -> pd.DataFrame:
        """Needs: ``place``, ``commodity``, ``period``, ``quantity`` (effects applied), ``group``."""
        needs = self.instance.needs[["place", "commodity", "period", "quantity", "group"]]
        return self._scaled("needs", needs)

    @cached_property
    def arrivals(self) -> pd.DataFrame:
        """Arrivals: ``place``, ``commodity``, ``period``, ``quantity`` (effects applied), ``expires``, ``owner``.

        ``expires`` is the last period in which they can be used: as given, else period + shelf_life − 1, else +inf.
        """
        arrivals = self.instance.arrivals
        arrivals = arrivals[["place", "commodity", "period", "quantity", "expires", "owner"]]
        return self._scaled("arrivals", arrivals).assign(expires=self._expires(arrivals))

    @cached_property
    def stocks(self) -> pd.DataFrame:
        """Stocks: as `arrivals`, with period 0 and the quantity of the table: losses go through `keep`."""
        stocks = self.instance.stocks.assign(period=np.int64(0))
        stocks = stocks[["place", "commodity", "period", "quantity", "expires", "owner"]]
        return stocks.assign(expires=self._expires(stocks))

    @cached_property
    def keep(self) -> pd.DataFrame:
        """Share of what lies at a place at the beginning of a period that a hazard leaves.

        Returns
        -------
        DataFrame
            ``place``, ``commodity``, ``period``, ``factor``, where the factor is not 1; sorted by row of place,
            commodity and period. In period 0 it acts on the stock. What arrives in the period is not hit.
        """
        factors = np.ones((0, 0, 0))
        if self.effects.on("stocks"):
            factors = self.effects.by_place("stocks", self._place_ids, self._zone_of_place, self._commodity_ids)
            factors[(self.instance.places["kind"] == "junction").to_numpy()] = 1.0  # nothing lies there
        place, commodity, period = np.nonzero(factors != 1.0)
        return pd.DataFrame(
            {
                "place": self.instance.places["place"].take(place).reset_index(drop=True),
                "commodity": self.instance.commodities["commodity"].take(commodity).reset_index(drop=True),
                "period": period.astype(np.int64),
                "factor": factors[place, commodity, period],
            }
        )

    @cached_property
    def road_state(self) -> NDArray[np.int64]:
        """State of the roads in each period: index into ``Network.states``, shape (periods,)."""
        return road_conditions(self.instance, self.effects).state

    @cached_property
    def _place_ids(self) -> NDArray[np.object_]:
        return _ids(self.instance.places["place"])

    @cached_property
    def _commodity_ids(self) -> NDArray[np.object_]:
        return _ids(self.instance.commodities["commodity"])

    @cached_property
    def _zone_of_place(self) -> NDArray[np.object_]:
        return _ids(self.instance.places["zone"])

    @cached_property
    def _skill_factors(self) -> NDArray[np.float64]:
        skills, parties = self.instance.skills, self.instance.parties
        party = pd.Index(parties["party"]).get_indexer(pd.Index(skills["party"]))
        return self.effects.by_period("skills", _ids(skills["party"]), [_ids(parties["zone"])[party]])

    def _place_codes(self, places: pd.Series[str]) -> NDArray[np.intp]:
        return np.asarray(pd.Index(self.instance.places["place"]).get_indexer(pd.Index(places)), dtype=np.intp)

    def _scaled(self, table: str, rows: pd.DataFrame) -> pd.DataFrame:
        """Return rows with their quantities multiplied by the effects on `table`."""
        if not self.effects.on(table):
            return rows.reset_index(drop=True)
        factors = self.effects.by_place(table, self._place_ids, self._zone_of_place, self._commodity_ids)
        commodity = pd.Index(self.instance.commodities["commodity"]).get_indexer(pd.Index(rows["commodity"]))
        factor = factors[self._place_codes(rows["place"]), commodity, rows["period"].to_numpy(dtype=np.int64)]
        return rows.assign(quantity=rows["quantity"].to_numpy(dtype=float) * factor).reset_index(drop=True)

    def _expires(self, rows: pd.DataFrame) -> NDArray[np.float64]:
        commodities = self.instance.commodities
        commodity = pd.Index(commodities["commodity"]).get_indexer(pd.Index(rows["commodity"]))
        life = commodities["shelf_life"].to_numpy(dtype=float)[commodity]
        last = np.where(np.isnan(life), np.inf, rows["period"].to_numpy(dtype=float) + life - 1.0)
        given = rows["expires"].to_numpy(dtype=float)
        return np.where(np.isnan(given), last, given)


def _ids(column: pd.Series[str]) -> NDArray[np.object_]:
    return column.to_numpy(dtype=object)
