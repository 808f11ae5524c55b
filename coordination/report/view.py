"""What every section of the report needs: the plan, names for people, periods as clock times, districts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from coordination.calendar import Calendar
from coordination.instance.titles import titles
from coordination.instance.vocabulary import LEVELS
from coordination.report.strings import Strings, strings

if TYPE_CHECKING:
    import pandas as pd

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
    def places(self) -> dict[str, str]:
        """Names of places, by id."""
        return titles(self.instance.places, "place")

    @cached_property
    def commodities(self) -> dict[str, str]:
        """Names of commodities, by id."""
        return titles(self.instance.commodities, "commodity")

    @cached_property
    def units(self) -> dict[str, str]:
        """Units of commodities, by id."""
        goods = self.instance.commodities
        units = goods["unit"].fillna(self.texts("units.unit"))
        return dict(zip(goods["commodity"].tolist(), units.tolist(), strict=True))

    @cached_property
    def zones(self) -> dict[str, str]:
        """Names of zones, by id."""
        return titles(self.instance.zones, "zone")

    @cached_property
    def parties(self) -> dict[str, str]:
        """Names of parties, by id."""
        return titles(self.instance.parties, "party")

    @cached_property
    def fleets(self) -> dict[str, str]:
        """Fleets for people, by id: the id and whose it is."""
        fleets = self.instance.fleets
        owners = zip(fleets["fleet"].tolist(), fleets["party"].tolist(), strict=True)
        return {fleet: f"{fleet} · {self.parties[party]}" for fleet, party in owners}

    @cached_property
    def tonnes(self) -> pd.Series[float]:
        """Tonnes per unit, by commodity."""
        return self.instance.commodities.set_index("commodity")["kg"] / 1000

    @cached_property
    def district(self) -> dict[str, str]:
        """The area by which the report groups each zone, by zone id.

        That is the zone of the grouping level that contains it, or that it is; a zone above that level is its
        own. The grouping level is ``district`` where there is one, else the highest with more than one zone.
        """
        zones = self.instance.zones
        level = dict(zip(zones["zone"].tolist(), zones["level"].map(LEVELS.index).tolist(), strict=True))
        parent = dict(zip(zones["zone"].tolist(), zones["parent"].tolist(), strict=True))
        wanted = _grouping_level(zones["level"])

        def area(zone: str) -> str:
            while level[zone] < wanted and isinstance(parent[zone], str):
                zone = parent[zone]
            return zone

        return {zone: area(zone) for zone in level}

    @cached_property
    def place_district(self) -> pd.Series[str]:
        """District of each place, by place id."""
        return self.instance.places.set_index("place")["zone"].map(self.district)

    @cached_property
    def calendar(self) -> Calendar:
        """The instance's calendar."""
        return Calendar.of(self.instance)

    def when(self, period: int) -> str:
        """Return the beginning of a period for people, such as ``4 Jan 08:00``."""
        moment = self.calendar.begins(period)
        if moment is None:
            return self.calendar.clock(period)
        month = self.texts(f"months.{moment.month}")
        return self.texts("time.moment", day=moment.day, month=month, clock=moment.strftime("%H:%M"))

    def day(self, period: int) -> str:
        """Return the day on which a period begins, such as ``4 Jan``."""
        moment = self.calendar.begins(period)
        if moment is None:
            return str(period)
        return self.texts("time.day", day=moment.day, month=self.texts(f"months.{moment.month}"))

    def year(self, period: int) -> str:
        """Return the year in which a period begins."""
        moment = self.calendar.begins(period)
        return "" if moment is None else str(moment.year)


def records(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a frame as tuples of plain Python values."""
    return zip(*(frame[column].tolist() for column in frame.columns), strict=True)


def _grouping_level(levels: pd.Series[str]) -> int:
    """Return the position of the grouping level in the list of levels."""
    counts = levels.value_counts()
    if counts.get("district", 0) > 0:
        return LEVELS.index("district")
    several = [LEVELS.index(level) for level in LEVELS if counts.get(level, 0) > 1]
    return max(several, default=len(LEVELS) - 1)
