"""The row of ``mode_rules``: what operating modes of zones cost, and how long they last at least."""

from typing import Annotated

from coordination.instance.columns import Kind, Row
from coordination.instance.vocabulary import Mode, Money, Periods, ZoneId


class ModeRule(Row):
    """What being in an operating mode costs a zone, and how long it stays, where ``policy.mode`` is optimise."""

    zone: ZoneId
    """The zone, with the zones within it that have no row of their own for the mode."""
    mode: Mode
    """The operating mode."""
    min_periods: Periods = 1
    """Periods that a zone stays in the mode at least, once it is in it."""
    cost: Annotated[float, Kind("number", "money per period", least=0)] = 0.0
    """What being in the mode costs each zone that chooses, such as everyday life lost in emergency."""
    severity_cost: Annotated[float, Kind("number", "money per period", least=0)] = 0.0
    """What it costs beside that where severity is 1, and its share where less, such as harm done in normal mode."""
    switch_cost: Money = 0.0
    """What going into the mode costs, each time."""
