"""The row models of a plan: every plan table, declared once, in the way of the instance's.

Fields are the columns, in contract order; types say unit, range and reference (ids are those of the
instance that the plan answers); defaults say what a blank cell means.
"""

from typing import Annotated, Literal

from pydantic import Field

from coordination.instance.columns import Kind, Row, absent
from coordination.instance.vocabulary import (
    CommodityId,
    Count,
    Hours,
    Id,
    LastPeriod,
    Mode,
    Money,
    PartyId,
    Period,
    PlaceId,
    Quantity,
    Role,
    Signed,
    TaskId,
    Text,
    ZoneId,
)

FleetId = Annotated[str, Kind("id", reference="fleets")]
RoadList = Annotated[str, Kind("list", reference="roads")]


class Shipment(Row):
    """Goods that one fleet takes from one place to another."""

    fleet: FleetId
    """Fleet that carries it."""
    origin: PlaceId
    """Where it is loaded."""
    destination: PlaceId
    """Where it is brought."""
    commodity: CommodityId
    """What is carried."""
    expires: LastPeriod | None = absent("never expires")
    """Last period in which the goods can be used."""
    depart: Period
    """Period in which the vehicles leave their base and the goods leave the origin."""
    arrive: LastPeriod
    """Period in which the goods can be used at the destination; from the number of periods on: still under way."""
    quantity: Quantity
    """How much."""
    route: RoadList
    """Roads of the loaded leg in driving order, ;-separated."""


class Inventory(Row):
    """What lies at a place at the end of a period."""

    place: PlaceId
    """Where it lies."""
    commodity: CommodityId
    """What lies there."""
    expires: LastPeriod | None = absent("never expires")
    """Last period in which the goods can be used."""
    period: Period
    """At whose end it lies there."""
    quantity: Quantity
    """How much, after what expired left."""
    expired: Quantity
    """How much expired at the end of the period."""


class Service(Row):
    """Need, and what of it is met, at a place in a period."""

    place: PlaceId
    """Where."""
    commodity: CommodityId
    """What."""
    group: Id
    """Group of people."""
    period: Period
    """When."""
    need: Quantity
    """Need that arises in the period."""
    served: Quantity
    """How much is handed out in the period."""
    backlog: Quantity
    """Need not yet met at the end of the period."""


class Responsibility(Row):
    """A role of a party in a task."""

    task: TaskId
    """The task."""
    party: PartyId
    """The party."""
    role: Role
    """What it is in the task."""
    start: Period
    """First period."""
    end: Period
    """Last period, included."""
    hours: Hours | None = absent("a role that works no hours")
    """Hours of the task covered in every period of start..end."""


class Gap(Row):
    """Something that a task asks for and nobody gives."""

    task: TaskId
    """The task."""
    kind: Literal["hours", "backup", "kind", "coverage"]
    """What is missing: hours of work, parties standing by, a kind of party, or parties to rely on."""
    period: Period | None = absent("the whole window")
    """When; for hours only."""
    amount: Count
    """How many hours, backups or parties of the kind; of coverage the share missing, by logarithms."""
    what: Text
    """The skill, or the kind of party missing."""


class FacilityMode(Row):
    """How a facility is used in a period."""

    place: PlaceId
    """The facility."""
    period: Period
    """When."""
    mode: Id
    """An emergency use, ``converting to`` one or ``restoring from`` one; in everyday use there is no row."""


class ModuleStretch(Row):
    """A stretch of periods in which a module is being fitted, or there."""

    place: PlaceId
    """The facility."""
    emergency_use: Id
    """The use it belongs to."""
    module: Id
    """The module."""
    start: Period
    """First period: its fitting begins, or goes on."""
    end: Period
    """Last period, included."""


class Visit(Row):
    """People who go to a facility for a service."""

    place: PlaceId
    """Where they come from."""
    commodity: CommodityId
    """The service."""
    group: Id
    """Group of people."""
    period: Period
    """When."""
    facility: PlaceId
    """Where they go."""
    emergency_use: Id
    """The use of that facility."""
    quantity: Quantity
    """How many, in the service's unit."""


class ZoneMode(Row):
    """The operating mode of a zone in a period."""

    zone: ZoneId
    """The zone."""
    period: Period
    """When."""
    mode: Mode
    """Its operating mode."""


class Share(Row):
    """What a player of a settlement would bear alone, what falls on it together, and what it bears after payments."""

    party: Text
    """The player: a party; or a zone whose parties act together, the core for those above."""
    cost_alone: Signed
    """What it would bear without anybody else, money."""
    cost_together: Signed
    """What falls on it in the joint plan before payments, money."""
    share: Signed
    """What it bears after payments, money; by the first method what the ledger leaves it with."""
    method: Literal["owen", "least_core", "nucleolus", "shapley", "equal_profit", "nash"]
    """By which the share was found."""


class Payment(Row):
    """Who pays whom in a settlement."""

    from_: Text = Field(alias="from")
    """The player that pays."""
    to: Text
    """The player that receives."""
    reason: Text
    """What it is for: cash laid out, or the value of what was pooled."""
    money: Money
    """How much, whole cents."""


class Price(Row):
    """What one more unit of something scarce would save."""

    limit: Text
    """What is scarce: stock, storage, fleet, road, hours, handout."""
    id: Text
    """Which: place; fleet; road;from; party;skill or party; zone."""
    commodity: CommodityId | None = absent("all commodities")
    """Of what, for stock."""
    expires: LastPeriod | None = absent("never expires, or not about goods")
    """Last period in which the goods can be used, for stock."""
    period: Period
    """When."""
    price: Annotated[float, Kind("number", "money per unit", least=0)]
    """Social cost that one more unit would save."""


class Escalation(Row):
    """A task that a party from above takes up after those at or below its zone fell short."""

    task: TaskId
    """The task."""
    from_: PartyId = Field(alias="from")
    """Who escalates: the accountable party, which may be the one that takes it up."""
    to: PartyId
    """Who takes it up: a party from above the task's zone."""
    period: Period
    """First period in which it is a doer, without a break until it leaves or the window ends."""
    hours: Hours
    """Hours of the task that it covers from then on without a break, all periods together."""


class Change(Row):
    """What a plan made anew decides otherwise than the one under way; periods count from its own beginning."""

    table: Literal["shipments", "responsibilities", "facilities"]
    """The plan table."""
    key: Text
    """Which decision, as column=value; several separated by ;."""
    before: Text | None = absent("nothing")
    """What was decided."""
    after: Text | None = absent("nothing")
    """What is decided now."""
    why: Text
    """The news it follows from, or that the plan is the better for it."""
    saves: Annotated[float, Kind("number", "money")] | None = absent("not found out for this change alone")
    """Social cost that keeping to what was decided, in this alone, would add."""


class Message(Row):
    """What was said between the core and a coalition of networked governance in a round."""

    round: Annotated[int, Kind("whole", "rounds", least=0)]
    """The round of prices; 0: before any."""
    party: Text
    """The coalition: a party, or a zone whose parties act together."""
    message: Text
    """What was said; what the core says begins with told."""
    fields: Text
    """What stands in a row of it, ;-separated."""
    rows: Count
    """How many rows."""
    bytes: Count
    """Bytes, eight for every number or name."""


class Repair(Row):
    """Work of a crew on something damaged; a repair has several rows where its hours vary by period."""

    road: Annotated[str, Kind("id", reference="roads")] | None = absent("a place is repaired")
    """The road."""
    place: PlaceId | None = absent("a road is repaired")
    """The place."""
    party: PartyId
    """The party whose hours repair it, as many as it has of the skill that the damage asks for."""
    order: Annotated[int, Kind("whole", least=1)]
    """Which of the crew's repairs it is, from 1."""
    start: Period
    """First period."""
    end: Period
    """Last period, included; what is repaired is whole from the period after its last."""
    hours: Hours
    """Hours worked and on the way there in every period of start..end."""


class CurvePoint(Row):
    """The function of a zone in a period: the share of what was wanted that was met, goods weighed by their worth."""

    zone: ZoneId
    """The zone, with the zones within it."""
    period: Period
    """When."""
    function: Annotated[float, Kind("number", "share", least=0, most=1)]
    """The share."""
