"""The row models: every table of an instance, declared once.

Each row model is one table: its fields are the columns, in contract order; their types say unit, range
and reference; their defaults say what an absent cell means. Reader, checks, JSON Schema, workbook,
messages, ``new`` and documentation are made from these declarations and from nothing else.
"""

from typing import Annotated

from pydantic import Field

from coordination.instance.columns import Kind, Row, absent
from coordination.instance.vocabulary import (
    CommodityId,
    CommodityList,
    Count,
    Domain,
    EffectTable,
    EventAction,
    FromOne,
    HeldTable,
    Hours,
    Id,
    Kilometres,
    KindList,
    LastPeriod,
    Level,
    Minutes,
    Mode,
    ModeList,
    Money,
    ObservedPeriod,
    PartyId,
    PartyKind,
    Period,
    Periods,
    PinTable,
    PlaceId,
    PlaceKind,
    PlaceList,
    Quantity,
    Role,
    Rule,
    ScenarioId,
    Share,
    Signed,
    TaskId,
    Text,
    Tonnes,
    Whole,
    ZoneId,
)


class Zone(Row):
    """An area of the city; zones form trees whose levels rise strictly along ``parent``."""

    zone: Id
    """Id of the zone."""
    name: Text | None = absent("the id")
    """Name for people."""
    level: Level
    """Level of the zone."""
    parent: ZoneId | None = absent("a root")
    """Zone of a higher level that contains it."""


class Place(Row):
    """A node of the logistics graph."""

    place: Id
    """Id of the place."""
    name: Text | None = absent("the id")
    """Name for people."""
    kind: PlaceKind
    """What the place is; nothing lies, is needed or based at a junction."""
    zone: ZoneId
    """Zone in which it lies."""
    lon: Annotated[float, Kind("number", "degrees east", least=-180, most=180)] | None = absent("unknown: no map")
    """Longitude."""
    lat: Annotated[float, Kind("number", "degrees north", least=-90, most=90)] | None = absent("unknown: no map")
    """Latitude."""
    population: Annotated[float, Kind("number", "people", least=0)] = 0.0
    """People who live there."""
    vulnerable: Share = 0.0
    """Share of them that is vulnerable."""
    storage_tonnes: Tonnes | None = absent("unlimited")
    """Tonnes that may lie there at a period's end before they count as overflow."""
    owner: PartyId | None = absent("the core")
    """Party that owns the place and its storage."""


class Road(Row):
    """A road between two places."""

    road: Id
    """Id of the road."""
    from_: PlaceId = Field(alias="from")
    """Place at one end."""
    to: PlaceId
    """Place at the other end."""
    km: Kilometres
    """Length."""
    minutes: Minutes
    """Time a vehicle of speed 1 takes."""
    capacity_tonnes: Tonnes | None = absent("unlimited")
    """Tonnes that loaded legs may carry over it per period, each direction apart."""
    both_ways: bool = True
    """Whether it may be driven in both directions."""
    owner: PartyId | None = absent("nobody")
    """Party that owns the road."""


class Party(Row):
    """A stakeholder: the one core, or one of its many partners."""

    party: Id
    """Id of the party."""
    name: Text | None = absent("the id")
    """Name for people."""
    kind: PartyKind
    """What the party is."""
    zone: ZoneId
    """Its jurisdiction: the zone it serves; also its level."""
    superior: PartyId | None = absent("the core: it alone has none")
    """Party it answers to; the chain ends at the core."""
    reliability: Share = 1.0
    """Share of promised hours that it is expected to give."""
    hours: Hours | None = absent("unlimited")
    """Hours of work per period over all its skills, normal mode."""
    emergency_hours: Hours | None = absent("its hours", computed=True)
    """Hours of work per period over all its skills, emergency; only with ``hours``."""


class Skill(Row):
    """What a party can do, and for how long."""

    party: PartyId
    """The party."""
    skill: Id
    """The skill, as tasks name it."""
    hours: Hours
    """Hours per period in normal mode."""
    emergency_hours: Hours | None = absent("its hours", computed=True)
    """Hours per period in emergency."""
    cost_per_hour: Annotated[float, Kind("number", "money per hour", least=0)] = 0.0
    """What an hour costs."""


class Commodity(Row):
    """What is needed; its unit is that of every quantity of it."""

    commodity: Id
    """Id of the commodity."""
    name: Text | None = absent("the id")
    """Name for people."""
    unit: Text | None = absent("units")
    """What one unit is, such as meal or litre."""
    kg: Annotated[float, Kind("number", "kg per unit", above=0)]
    """Weight of one unit."""
    shelf_life: FromOne | None = absent("unlimited")
    """Periods it can be used where stocks and arrivals do not say when they expire."""
    carry_over: Share = 1.0
    """Share of unmet need that stays into the next period; the rest lapses."""
    cost_without: Annotated[float, Kind("number", "money per unit and period", least=0)] | None = absent(
        "rows of deprivation give the cost"
    )
    """Social cost of one unit missing for one period, when the commodity has no rows in deprivation."""
    cost_lapsed: Annotated[float, Kind("number", "money per unit", least=0)] | None = absent("the curve at one period")
    """Social cost of one unit of need that lapses unmet."""
    pack: Annotated[float, Kind("number", "units", above=0)] | None = absent(
        "single units, and less where some is left"
    )
    """Smallest whole quantity in which the field rule shares it out."""
    service: bool = False
    """Whether people go to a facility for it, and no goods are brought."""


class Deprivation(Row):
    """A breakpoint of a commodity's deprivation curve, which starts at (0, 0) and is convex."""

    commodity: CommodityId
    """The commodity."""
    periods_without: Annotated[float, Kind("number", "periods", above=0)]
    """Periods without; fractions are allowed."""
    cost_per_unit: Annotated[float, Kind("number", "money per unit", least=0)]
    """Height of the curve there: social cost of one unit missing for that long."""


class Stock(Row):
    """What lies at a place at the beginning; rows add up."""

    place: PlaceId
    """Where it lies; not a junction."""
    commodity: CommodityId
    """What lies there."""
    quantity: Quantity
    """How much."""
    owner: PartyId
    """Whose it is."""
    expires: LastPeriod | None = absent("shelf_life − 1, never without a shelf life")
    """Last period in which it can be used."""


class Arrival(Row):
    """What comes in from outside; rows add up."""

    place: PlaceId
    """Where it comes in; not a junction."""
    commodity: CommodityId
    """What comes in."""
    period: Period
    """When."""
    quantity: Quantity
    """How much."""
    owner: PartyId
    """Whose it is."""
    expires: LastPeriod | None = absent("period + shelf_life − 1, never without a shelf life")
    """Last period in which it can be used; not before ``period``."""


class Need(Row):
    """What people need in a period."""

    place: PlaceId
    """Where; not a junction."""
    commodity: CommodityId
    """What."""
    period: Period
    """When."""
    quantity: Quantity
    """How much."""
    group: Id = "general"
    """Group of people; its weight stands in the policy."""
    party: PartyId | None = absent("the nearest residents_committee, else the place's owner")
    """Party that speaks for the need."""


class Backlog(Row):
    """Need from before the horizon that is not yet met."""

    place: PlaceId
    """Where; not a junction."""
    commodity: CommodityId
    """What."""
    group: Id
    """Group of people; its weight stands in the policy."""
    quantity: Quantity
    """How much."""
    age: FromOne
    """Periods already without."""


class Fleet(Row):
    """Like vehicles with one base."""

    fleet: Id
    """Id of the fleet."""
    party: PartyId
    """Whose it is."""
    base: PlaceId
    """Where its trips begin and end; not a junction."""
    vehicles: Annotated[float, Kind("number", "vehicles", least=0)]
    """How many; may be fractional."""
    payload_tonnes: Annotated[float, Kind("number", "tonnes", above=0)]
    """What one vehicle carries."""
    hours: Hours
    """Hours per vehicle and period."""
    cost_per_km: Annotated[float, Kind("number", "money per km", least=0)] = 0.0
    """What a kilometre of the whole trip costs."""
    loading_minutes: Minutes = 0.0
    """Time per trip for loading and unloading."""
    speed: Annotated[float, Kind("number", "factor", above=0)] = 1.0
    """Factor on speed: 2 halves the minutes of roads."""
    loads_at: PlaceList | None = absent("its base", computed=True)
    """Places where it may load, ;-separated, or * for every place but junctions."""


class Task(Row):
    """A piece of responsibility in a zone over a window of periods."""

    task: Id
    """Id of the task."""
    name: Text | None = absent("the id")
    """Name for people."""
    domain: Domain
    """Domain it belongs to."""
    zone: ZoneId
    """Zone in which it is to be done."""
    skill: Id
    """Skill that doers and backups must have."""
    hours: Hours
    """Hours of work per period."""
    start: Period = 0
    """First period of its window."""
    end: Period | None = absent("the last period", computed=True)
    """Last period of its window, included."""
    accountable_level: Level | None = absent("any")
    """Lowest level that the accountable party may have."""
    doers: Whole = 1
    """Most parties that may do it."""
    backups: Whole = 0
    """Parties that should stand by."""
    kinds: KindList | None = absent("none")
    """Kinds of parties that must take part, ;-separated."""
    gap_cost: Annotated[float, Kind("number", "money per hour", least=0)] | None = absent(
        "policy.gap_cost, 0 for domain supply", computed=True
    )
    """Price of an hour not covered."""
    party: PartyId | None = absent("the agency, else the residents_committee, else the core")
    """Party whose task it is."""
    consulted: Whole | None = absent("3 where any task or mandate speaks of consulted, else 0")
    """Most parties that are consulted."""
    mode: ModeList | None = absent("any")
    """Operating modes of its zone in which it is to be done, ;-separated."""


class Effort(Row):
    """How hard a task is for a party."""

    task: TaskId
    """The task."""
    party: PartyId
    """The party."""
    factor: Annotated[float, Kind("number", "hours per hour", above=0)] = 1.0
    """Hours of the party per hour of the task."""
    cost: Annotated[float, Kind("number", "money per period", least=0)] = 0.0
    """What it costs per period of the task's window when the party is a doer of it."""


class Interest(Row):
    """What a party gains from working in a domain."""

    party: PartyId
    """The party."""
    domain: Domain
    """The domain."""
    benefit: Annotated[float, Kind("number", "money per hour")]
    """Gain per hour covered; negative is reluctance."""


class Dependence(Row):
    """A task that waits for another: it is worked only once what came before of the other is covered."""

    task: TaskId
    """The task that waits."""
    on: TaskId
    """The task it waits for; no task waits for itself, however long the way round."""


class Mandate(Row):
    """Who must, may or must not hold a role, by law or agreement."""

    task: TaskId | None = absent("all tasks of the domain")
    """The task; exactly one of task and domain."""
    domain: Domain | None = absent("the task alone")
    """The domain, for each of its tasks; exactly one of task and domain."""
    party: PartyId | None = absent("any party of the kind")
    """The party; exactly one of party and kind."""
    kind: PartyKind | None = absent("the party alone")
    """The kind of party; exactly one of party and kind."""
    role: Role
    """The role it is about."""
    rule: Rule
    """must: at least one such holds the role; may: nobody holds it but those with such rows; must_not: none such."""
    source: Text | None = absent("not said")
    """The law or agreement that says so."""


class Conflict(Row):
    """Two tasks that must stay apart: no party is accountable or doer in both."""

    task: TaskId
    """One task."""
    other: TaskId
    """The other task."""
    chain: bool = False
    """Whether the superiors of a party, and those below it, must stay out of the other task, too."""


class Pin(Row):
    """A correction by hand: the plan has a row that fits `where`, with this value in this column."""

    table: PinTable
    """The plan table it is about."""
    where: Text
    """Which row, as column=value; several separated by ;."""
    column: Text
    """The column."""
    value: Text
    """What stands there in the plan."""
    price: Annotated[float, Kind("number", "money", least=0)] | None = absent("it must hold")
    """What a plan pays for not keeping to it: of a doer once, of a shipment per tonne that is not sent so."""


class FiscalTier(Row):
    """What a level of government pays of public money in a settlement; shares sum to 1."""

    level: Level
    """The level."""
    share: Share
    """Its share of public money."""
    cap: Money | None = absent("unlimited")
    """The most that it pays, money."""


class Facility(Row):
    """An everyday facility that can be converted to emergency use."""

    place: PlaceId
    """The place."""
    service: Id
    """Its everyday service."""
    everyday_value: Annotated[float, Kind("number", "money per period", least=0)]
    """What that service is worth."""
    emergency_use: Id
    """What it can be converted to."""
    emergency_capacity: Count
    """Capacity in that use."""
    convert_periods: Periods = 0
    """Periods that the conversion takes."""
    convert_cost: Money = 0.0
    """What the conversion costs."""
    min_periods: Periods = 1
    """Periods it stays converted at least."""
    restore_periods: Periods | None = absent("convert_periods")
    """Periods that going back to everyday use takes."""
    restore_cost: Money = 0.0
    """What going back to everyday use costs."""
    reach_minutes: Annotated[float, Kind("number", "minutes", least=0)] = 30.0
    """Minutes by road from which people come; for services."""


class Module(Row):
    """A part that is added to a facility in its emergency use, the ones before it first."""

    place: PlaceId
    """The facility."""
    emergency_use: Id
    """The use it belongs to, as facilities name it."""
    module: Id
    """The part; parts are added in the order of their ids (numbers by value)."""
    capacity: Count
    """Capacity that it adds in that use."""
    convert_periods: Periods = 0
    """Periods until it can be used; it may begin with the conversion of the facility."""
    convert_cost: Money = 0.0
    """What it costs, each time that it is added."""


class ServiceFloor(Row):
    """What of an everyday service is kept in a zone, whatever is converted."""

    zone: ZoneId
    """The zone, with the zones within it."""
    service: Id
    """The everyday service, as facilities name it."""
    mode: Mode
    """The operating mode of the zone in which it holds."""
    share: Share
    """Share of the everyday value of the zone's facilities of that service that is kept."""


class Scenario(Row):
    """A way things may go."""

    scenario: Id
    """Id of the scenario."""
    name: Text | None = absent("the id")
    """Name for people."""
    hazard: Id
    """What happens, such as flood."""
    probability: Share
    """How likely it is."""


class Effect(Row):
    """What a scenario does to a table; effects multiply and compound."""

    scenario: ScenarioId
    """The scenario."""
    table: EffectTable
    """The table it acts on."""
    where: Id = "*"
    """An id of that table (a place, road, fleet or party), a zone with all in it, or * for all."""
    commodity: CommodityId | None = absent("all")
    """Commodity it acts on; for needs, arrivals and stocks only."""
    start: Period = 0
    """First period."""
    end: Period | None = absent("the last period", computed=True)
    """Last period, included."""
    factor: Annotated[float, Kind("number", "factor", least=0)]
    """Factor; 0 closes a road."""


class Observation(Row):
    """A measured indicator, or what is forecast of it."""

    period: ObservedPeriod
    """When; negative before the horizon."""
    zone: ZoneId
    """Where."""
    indicator: Id
    """What was measured."""
    value: Signed
    """The value."""
    forecast: bool = False
    """Whether it is a forecast that ``sense`` made."""


class Indicator(Row):
    """What a measured value says of how severe things are, and of what people need."""

    indicator: Id
    """The indicator, as observations name it."""
    weight: Annotated[float, Kind("number", above=0)]
    """Its weight in the severity of a zone."""
    normal: Signed
    """Value at and beyond which, away from ``severe``, it adds nothing to severity."""
    severe: Signed
    """Value at and beyond which it adds its whole weight; below ``normal`` where falling is bad."""
    hazard: Id | None = absent("not said")
    """The hazard that it tells of, such as flood."""
    scales: CommodityList | None = absent("none")
    """Commodities, ;-separated, or *: needs ahead are multiplied by its forecast over ``normal``."""


class Held(Row):
    """What was decided or met before the horizon and goes on: how a plan made anew keeps to what is under way."""

    table: HeldTable
    """What it is about: tasks (a role in one), needs (what was needed and met), facilities or zones (their mode)."""
    id: Text
    """Which: task;party, place;commodity, a place, a zone. A task that is not in its table any more has ended."""
    mode: Id
    """The role held (barred: waits for what did not come), met, or the mode that facility or zone is in."""
    periods: Periods
    """How many periods it has been so: of a task's window that have passed, in the mode."""
    hours: Hours | None = absent("none")
    """Hours of the task covered so far, for tasks."""
    need: Annotated[float, Kind("number", "units of the commodity", least=0)] | None = absent("none")
    """What was needed so far, less what still waits in backlogs, for needs."""
    served: Annotated[float, Kind("number", "units of the commodity", least=0)] | None = absent("none")
    """What of it was met, for needs."""


class Event(Row):
    """News: what changes in a table of the instance, known from a period on; only planning anew reads it."""

    period: Period
    """Period from which it is known."""
    table: Id
    """Table of the instance that it changes."""
    action: EventAction
    """add: a row; change: a cell; remove: rows."""
    where: Text | None = absent("for add with one column: nothing")
    """Which rows, or what the new one holds, as column=value; several separated by ;."""
    column: Text | None = absent("none")
    """Column that changes; of a new row one more column, whose value may hold ;."""
    value: Text | None = absent("the cell is emptied")
    """What stands there from then on."""
