"""The row models of a preparation's tables."""

from typing import Annotated, Literal

from coordination.instance.columns import Kind, Row, absent
from coordination.instance.vocabulary import (
    CommodityId,
    Id,
    LastPeriod,
    Money,
    PartyId,
    PlaceId,
    Quantity,
    Share,
    Text,
    Whole,
)


class Decision(Row):
    """Something decided before anything happens."""

    what: Literal["option", "purchase", "move", "standby"]
    """What is done: a place opened or enlarged, stock bought, stock moved, hours or vehicles kept ready."""
    place: PlaceId | None = absent("of no place")
    """Where; of a move, where to."""
    party: PartyId | None = absent("the core")
    """Whose: the place, the goods, the hours or vehicles."""
    commodity: CommodityId | None = absent("about no goods")
    """Of what."""
    quantity: Quantity
    """Tonnes of storage added; units bought or moved; hours per period, or vehicles."""
    money: Money
    """What it costs, over all periods."""
    origin: PlaceId | None = absent("no move")
    """Where from, of a move."""
    id: Text | None = absent("a purchase")
    """Use;size of an option; fleet of a move; skill or fleet on standby."""
    expires: LastPeriod | None = absent("as the shelf life says, or no move")
    """Last period in which the goods moved can be used, where the stock says so."""


class ScenarioCost(Row):
    """What a scenario costs after the first stage, roles in shares."""

    scenario: Id
    """The scenario; `as given` where the instance has none."""
    probability: Share
    """How likely it is."""
    cost: Annotated[float, Kind("number", "money")]
    """Social cost of the response to it."""
    terms: Text | None = absent("all of them 0")
    """Its terms, name=money, ;-separated."""


class Adaptation(Decision):
    """Something decided at a stage before the event, once so much is known."""

    forecasts: Text
    """Forecasts up to then, from the one now on, ;-separated."""
    stage: Whole
    """The stage; 0 is now."""
    probability: Share
    """How likely it comes to that, as seen now."""
