"""The tables that sensing writes: their columns, as those of a plan are declared in ``rows``."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from coordination.instance.columns import Kind, Row, absent
from coordination.instance.tables import Table
from coordination.instance.vocabulary import CommodityId, Id, Mode, ObservedPeriod, Period, Share, Signed, Text, ZoneId

Point = Literal["inducement", "trigger", "critical", "turning"]
Grade = Literal["I", "II", "III", "IV"]
Factor = Annotated[float, Kind("number", "factor", least=0)]
Line = Annotated[int, Kind("whole", "row", least=1)]


class Sensed(Row):
    """An indicator in a zone and period: what was seen, what was expected, whether it changed; or its forecast."""

    zone: ZoneId
    """The zone."""
    indicator: Id
    """The indicator."""
    period: ObservedPeriod
    """When; negative before the horizon."""
    value: Signed | None = absent("nothing certain was observed")
    """What was observed."""
    trend: Signed | None = absent("too little was observed")
    """Its level, the days of the week taken out; ahead: the forecast, with them."""
    lower: Signed | None = absent("too little was observed")
    """Lower end of what was to be expected the period before; ahead: of the forecast."""
    upper: Signed | None = absent("too little was observed")
    """Upper end."""
    signal: bool
    """Whether a change for the worse is signalled."""


class TurningPoint(Row):
    """One of the four points that cut the cycle of a crisis, in a zone."""

    zone: ZoneId
    """The zone."""
    point: Point
    """inducement: it begins to change; trigger: everyday ends; critical: emergency begins; turning: the worst."""
    period: ObservedPeriod
    """When; negative before the horizon."""
    grade: Grade
    """How severe it is then: I from 0.75 on, II from 0.5, III from 0.25, else IV."""
    hazard: Id
    """The hazard that the indicator that says most of it tells of; ``unclassified`` where none is said."""


class ZoneSeverity(Row):
    """How severe things are in a zone and period."""

    zone: ZoneId
    """The zone."""
    period: ObservedPeriod
    """When; negative before the horizon."""
    severity: Share
    """From 0 to 1."""
    forecast: bool
    """Whether it lies ahead of the last observation."""


class SensedMode(Row):
    """The operating mode of a zone and period by policy.thresholds, whatever policy.mode says."""

    zone: ZoneId
    """The zone."""
    period: Period
    """When."""
    mode: Mode
    """Its operating mode."""


class NeedForecast(Row):
    """What needs of a commodity in a zone are multiplied by in a period ahead."""

    zone: ZoneId
    """The zone that was observed."""
    commodity: CommodityId
    """The commodity."""
    period: Period
    """When."""
    factor: Factor
    """Forecast over normal."""
    lower: Factor
    """Lower end of the interval."""
    upper: Factor
    """Upper end."""


class Doubt(Row):
    """Something about the observations that is worth knowing."""

    row: Line | None = absent("no single row")
    """Line of the table, the header being 1."""
    zone: Text | None = absent("the row does not say")
    """The zone as the row names it."""
    kind: Id
    """What sort of finding."""
    message: Text
    """One sentence."""


SENSING_TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            Table("sensing", Sensed, ("zone", "indicator", "period")),
            Table("turning", TurningPoint, ("zone", "point")),
            Table("severity", ZoneSeverity, ("zone", "period")),
            Table("modes", SensedMode, ("zone", "period")),
            Table("forecast", NeedForecast, ("zone", "commodity", "period")),
            Table("findings", Doubt),
        )
    }
)
"""Every table that sensing writes, in contract order."""
