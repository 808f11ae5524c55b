"""Row models of forecasts that sharpen before the event: a scenario tree, or a Markov chain where ways meet again."""

from typing import Annotated

from coordination.instance.columns import Kind, Row, absent
from coordination.instance.vocabulary import Id, ScenarioId, Share, Text, Whole

ForecastId = Annotated[str, Kind("id", reference="forecasts")]


class Forecast(Row):
    """What may be known at a stage before the event; stage 0 is now, with one forecast."""

    forecast: Id
    """Id of the forecast."""
    name: Text | None = absent("the id")
    """Name for people."""
    stage: Whole
    """When it is known: 0 is now, 1 the next time that something can be decided, and so on up to the event."""
    money_factor: Annotated[float, Kind("number", "factor", least=0)] = 1.0
    """Times which the money of everything decided then is what the tables say: what is bought late may be dear."""
    available: Share = 1.0
    """Share of ``purchases.max`` and ``standby.max`` that can still be had then."""


class Outlook(Row):
    """How likely a forecast is followed by another one of the next stage, or the last one by a scenario."""

    forecast: ForecastId
    """The forecast."""
    next: ForecastId | None = absent("a scenario follows")
    """The forecast of the next stage; exactly one of next and scenario."""
    scenario: ScenarioId | None = absent("another forecast follows")
    """The scenario, after a forecast of the last stage; exactly one of next and scenario."""
    probability: Share
    """How likely it follows; all that may follow a forecast sum to 1."""
