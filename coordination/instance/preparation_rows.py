"""Row models of the tables of a preparation: what may be done before anything happens, and what the law asks for."""

from typing import Annotated

from coordination.instance.columns import Kind, Row, absent
from coordination.instance.vocabulary import CommodityId, Id, Money, PartyId, Period, PlaceId, Quantity, ZoneId

FleetId = Annotated[str, Kind("id", reference="fleets")]


class Option(Row):
    """A place that may be opened or enlarged before anything happens; at most one size for each place and use."""

    place: PlaceId
    """The place."""
    use: Id
    """What for: depot, or an emergency use."""
    size: Id
    """Which of the sizes."""
    money: Money
    """What it costs."""
    capacity: Annotated[float, Kind("number", "tonnes or people", least=0)]
    """What it adds: tonnes of storage for a depot, people for an emergency use."""


class Purchase(Row):
    """Stock that may be bought before anything happens."""

    place: PlaceId
    """Where it would lie; not a junction."""
    commodity: CommodityId
    """What may be bought."""
    owner: PartyId
    """Whose it would be."""
    unit_money: Annotated[float, Kind("number", "money per unit", least=0)]
    """What a unit costs."""
    max: Quantity | None = absent("unlimited")
    """Most that may be bought."""


class Move(Row):
    """A fleet with which stock may be moved before anything happens."""

    fleet: FleetId
    """The fleet."""
    money_per_tonne_km: Annotated[float, Kind("number", "money per tonne and km", least=0)]
    """What a tonne costs over a kilometre of the loaded leg."""


class Standby(Row):
    """Hours or vehicles that may be kept ready, in every period."""

    party: PartyId
    """Whose they are."""
    skill: Id | None = absent("vehicles of the fleet")
    """The skill; exactly one of skill and fleet."""
    fleet: FleetId | None = absent("hours of the skill")
    """The fleet; exactly one of skill and fleet."""
    unit_money: Annotated[float, Kind("number", "money per hour or vehicle, and period", least=0)]
    """What one costs in each period."""
    max: Annotated[float, Kind("number", "hours per period, or vehicles", least=0)]
    """Most that may be kept ready."""


class Floor(Row):
    """A reserve that the law asks for: what must lie there before anything happens."""

    commodity: CommodityId
    """What."""
    quantity: Quantity
    """How much at least."""
    place: PlaceId | None = absent("not a place's")
    """Where; exactly one of place, zone and owner."""
    zone: ZoneId | None = absent("not a zone's")
    """In which zone, with all in it; exactly one of place, zone and owner."""
    owner: PartyId | None = absent("not an owner's")
    """Whose, wherever it lies; exactly one of place, zone and owner."""
    period: Period | None = absent("all")
    """When; a preparation is asked before period 0."""
    price: Annotated[float, Kind("number", "money per unit", least=0)] | None = absent("hard")
    """Price of a unit missing; without it the floor must be met."""
