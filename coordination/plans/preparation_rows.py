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

    what: Literal["option", "purchase", "move", "standby", "rotation"]
    """What is done: a place opened or enlarged, stock bought, stock moved, hours or vehicles kept ready,
    stock that goes to everyday use before it expires and is bought anew."""
    place: PlaceId | None = absent("of no place")
    """Where; of a move, where to."""
    party: PartyId | None = absent("the core")
    """Whose: the place, the goods, the hours or vehicles."""
    commodity: CommodityId | None = absent("about no goods")
    """Of what."""
    quantity: Quantity
    """Tonnes of storage added; units bought, moved or bought anew; hours per period, or vehicles."""
    money: Money
    """What it costs, over all periods; of a rotation the price less the credit."""
    origin: PlaceId | None = absent("no move")
    """Where from, of a move."""
    id: Text | None = absent("a purchase")
    """Use;size of an option; fleet of a move; skill or fleet on standby; who takes what is rotated."""
    expires: LastPeriod | None = absent("as the shelf life says, or nothing moved or rotated")
    """Last period in which the goods moved or taken can be used, where the stock says so."""


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


class AssuredNeed(Row):
    """What an assurance counts in a scenario, in the response that the first stage was decided by."""

    row: Annotated[int, Kind("whole", least=2)]
    """Line of the assurance in table assurances, the header being 1."""
    scenario: Id
    """The scenario; `as given` where the instance has none."""
    need: Annotated[float, Kind("number", "tonnes", least=0)]
    """Need over the horizon, waiting need included."""
    unmet: Annotated[float, Kind("number", "tonnes", least=0)]
    """What of it stays unmet."""


class LossCost(Row):
    """What a loss costs after the first stage, roles in shares; every loss of at most so many things has a row."""

    lost: Text | None = absent("nothing is lost")
    """The things lost, table:id, ;-separated."""
    cost: Annotated[float, Kind("number", "money")]
    """Social cost of the response to it, no scenario acting."""
    round: Annotated[int, Kind("whole", least=0)] | None = absent("it was never the dearest")
    """In which round it joined those that the first stage was decided against."""


class Adaptation(Decision):
    """Something decided at a stage before the event, once so much is known."""

    forecasts: Text
    """Forecasts up to then, from the one now on, ;-separated."""
    stage: Whole
    """The stage; 0 is now."""
    probability: Share
    """How likely it comes to that, as seen now."""
