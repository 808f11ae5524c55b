"""A simulator: the truth is another instance, and plans are carried out against it period by period."""

from coordination.simulation.alike import expect_alike
from coordination.simulation.drawing import Event, draw_event
from coordination.simulation.executing import Executed, execute
from coordination.simulation.gathering import gathered
from coordination.simulation.going_on import do_nothing, rest_of
from coordination.simulation.lacking import refuse_what_is_not_played
from coordination.simulation.perturbing import perturbed
from coordination.simulation.playing import Pace, Position, Step, play
from coordination.simulation.windows import in_windows

__all__ = [
    "Event",
    "Executed",
    "Pace",
    "Position",
    "Step",
    "do_nothing",
    "draw_event",
    "execute",
    "expect_alike",
    "gathered",
    "in_windows",
    "perturbed",
    "play",
    "refuse_what_is_not_played",
    "rest_of",
]
