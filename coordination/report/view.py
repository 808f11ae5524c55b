"""What every section of the report needs: the plan, names for people, periods as clock times, districts."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from coordination.instance.vocabulary import LEVELS
from coordination.plans.names import titles
from coordination.report.strings import Strings, strings

if TYPE_CHECKING:
    from coordination.instance import Instance
    from coordination.plans import Plan


class View:
    """A plan with the lookups that sections share, each computed once.

    Parameters
    ----------
    plan : Plan
        The plan to show.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.texts: Strings = strings()

    @property
    def instance(self) -> Instance:
        """The instance that the plan answers."""
        return self.plan.instance

    @cached_property
    def places(self) -> pd.Series[str]:
        """Names of places, by id."""
        return titles(self.instance.places, "place")

    @cached_property
    def commodities(self) -> pd.Series[str]:
        """Names of commodities, by id."""
        return titles(self.instance.commodities, "commodity")

    @cached_property
    def units(self) -> pd.Series[str]:
        """Units of commodities, by id."""
        units = self.instance.commodities.set_index("commodity")["unit"]
        return units.fillna(self.texts("units.unit"))

    @cached_property
    def zones(self) -> pd.Series[str]:
        """Names of zones, by id."""
        return titles(self.instance.zones, "zone")

    @cached_property
    def parties(self) -> pd.Series[str]:
        """Names of parties, by id."""
        return titles(self.instance.parties, "party")

    @cached_property
    def fleets(self) -> pd.Series[str]:
        """Fleets for people, by id: the id and whose it is."""
        fleets = self.instance.fleets.set_index("fleet")["party"]
        return fleets.index.to_series() + " · " + fleets.map(self.parties)

    @cached_property
    def tonnes(self) -> pd.Series[float]:
        """Tonnes per unit, by commodity."""
        return self.instance.commodities.set_index("commodity")["kg"] / 1000

    @cached_property
    def district(self) -> pd.Series[str]:
        """The area by which the report groups each zone, by zone id.

        That is the zone of the grouping level that contains it, or that it is; a zone above that level is its
        own. The grouping level is ``district`` where there is one, else the highest with more than one zone.
        """
        zones = self.instance.zones
        level = dict(zip(zones["zone"], zones["level"], strict=True))
        parent = dict(zip(zones["zone"], zones["parent"], strict=True))
        wanted = _grouping_level(zones["level"])

        def area(zone: str) -> str:
            here = zone
            while LEVELS.index(level[here]) < wanted and isinstance(parent[here], str):
                here = parent[here]
            return here

        return pd.Series({zone: area(zone) for zone in zones["zone"]}, dtype="str")

    @cached_property
    def place_district(self) -> pd.Series[str]:
        """District of each place, by place id."""
        return self.instance.places.set_index("place")["zone"].map(self.district)

    def moment(self, period: float) -> datetime:
        """Return when a period begins."""
        return self.instance.start + timedelta(hours=float(period) * self.instance.period_hours)

    def when(self, period: float) -> str:
        """Return the beginning of a period for people, such as ``4 Jan 08:00``."""
        moment = self.moment(period)
        month = self.texts(f"months.{moment.month}")
        return self.texts("time.moment", day=moment.day, month=month, clock=moment.strftime("%H:%M"))

    def day(self, period: float) -> str:
        """Return the day on which a period begins, such as ``4 Jan``."""
        moment = self.moment(period)
        return self.texts("time.day", day=moment.day, month=self.texts(f"months.{moment.month}"))


def _grouping_level(levels: pd.Series[str]) -> int:
    """Return the position of the grouping level in the list of levels."""
    counts = levels.value_counts()
    if counts.get("district", 0) > 0:
        return LEVELS.index("district")
    several = [LEVELS.index(level) for level, count in counts.items() if count > 1]
    return max(several, default=len(LEVELS) - 1)
