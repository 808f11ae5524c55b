"""Row model of table ``damage``: what is broken, and what mending it takes."""

from typing import Annotated

from pydantic import Field

from coordination.instance.columns import Kind, Row, absent
from coordination.instance.vocabulary import Id, Period, PlaceId, Share

RoadId = Annotated[str, Kind("id", reference="roads")]


class Damage(Row):
    """A road or a place that is damaged until a crew has repaired it."""

    road: RoadId | None = absent("the damage is at a place")
    """The road; exactly one of road and place."""
    place: PlaceId | None = absent("the damage is on a road")
    """The place; exactly one of road and place."""
    repair_hours: Annotated[float, Kind("number", "hours", above=0)]
    """Hours of work that repair it, without the way there."""
    skill: Id
    """Skill that the work takes."""
    capacity_left: Share = 0.0
    """Share of a road's speed and tonnes, or of a place's storage, until repaired; 0: closed, nothing loaded there."""
    from_: Period = Field(default=0, alias="from")
    """First period in which it is damaged."""
    until: Period | None = absent("it lasts until repaired")
    """Last period in which it lasts, repaired or not: then the water has gone."""
