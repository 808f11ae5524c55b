"""Row models of tables that a preparation heeds: what people are assured of, what may be lost, what is rotated."""

from typing import Annotated, Literal

from coordination.instance.columns import Kind, Row, absent
from coordination.instance.vocabulary import CommodityId, Id, PartyId, Period, PlaceId, Quantity, Share, Text, ZoneId


class Assurance(Row):
    """A limit on the share of need, in tonnes over the horizon, that stays unmet in a preparation's responses."""

    unmet: Share
    """Most of the need that may stay unmet, as a share."""
    group: Text | None = absent("everybody")
    """Whose need."""
    zone: ZoneId | None = absent("everywhere")
    """In which zone, with all in it."""
    commodity: CommodityId | None = absent("all, by tonnes")
    """Of what."""
    probability: Share | None = absent("level says in which scenarios")
    """Least probability, over scenarios, that the limit holds; exactly one of probability and level."""
    level: Share | None = absent("probability says in which scenarios")
    """Confidence level at which CVaR of the share keeps the limit: 0 the mean, 1 the worst case."""


class Loss(Row):
    """A thing that may be lost; at most ``policy.risk`` losses of them at once, whichever it would hit hardest."""

    table: Literal["places", "roads", "parties"]
    """What it is: a place (stock, arrivals, storage, facility), a road, or a party (hours and vehicles)."""
    id: Id
    """Which one."""
    start: Period = 0
    """First period in which it is lost."""
    end: Period | None = absent("the last period")
    """Last period in which it is lost."""


class Rotation(Row):
    """Everyday use that takes reserves before they expire, so that fresh ones can replace them before the event."""

    place: PlaceId
    """Where the reserves lie."""
    taker: PartyId
    """Who takes them."""
    commodity: CommodityId
    """Of what."""
    per_period: Quantity
    """Most that everyday use takes in a period."""
    credit: Annotated[float, Kind("number", "money per unit", least=0)]
    """What the taker pays the owner for a unit."""
