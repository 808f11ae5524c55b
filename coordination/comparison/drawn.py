"""One draw: an event, played by every way of deciding; what came of it in figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from coordination.comparison.ways import WAYS, Effort
from coordination.cycle.phases import city_curve, worst_share
from coordination.simulation import draw_event, gathered, play
from coordination.simulation.drawing import NOTHING

if TYPE_CHECKING:
    from coordination.instance import Instance

MEASURES = {
    "deprivation": "going without, with need that lapsed, money",
    "worst_off": "largest share not served, over place and commodity",
    "cost": "social cost, money",
    "hours": "hours of tasks covered",
    "area": "area under the function curve, periods",
}
"""What is measured of each play, and its meaning."""
LESS_IS_BETTER = ("deprivation", "worst_off", "cost")
STRIDE = 1_000_003
"""Between the events of one seed and those of the next."""


@dataclass(frozen=True)
class Draw:
    """What is asked of a worker.

    Attributes
    ----------
    number : int
        Of the draw.
    believed, truth : Instance
        What is believed and what is true, before anything strikes.
    ways : tuple of str
        Names of those that play.
    every : int
        Periods between decisions.
    seed : int
        Of all draws.
    effort : Effort
        Of plans.
    """

    number: int
    believed: Instance
    truth: Instance
    ways: tuple[str, ...]
    every: int
    seed: int
    effort: Effort


def played(draw: Draw) -> dict[str, Any]:
    """Play one event by every way.

    Returns
    -------
    dict
        ``draw``, ``scenario``, and ``ways``: by name the figures of `MEASURES` and ``curve``, the function by period.
    """
    event = draw_event(draw.truth, draw.seed * STRIDE + draw.number)
    believed = draw.believed.under(event.scenario)
    found = dict[str, Any]()
    for name in draw.ways:
        way = WAYS[name]
        steps = play(believed, event, partial(way.decide, effort=draw.effort), way.pace(believed, draw.every))
        whole = gathered(steps, event.world)
        course = city_curve(whole)
        found[name] = {
            "deprivation": whole.terms["deprivation"] + whole.terms["lapsed"],
            "worst_off": worst_share(whole, 0, int(believed.periods)),
            "cost": whole.objective,
            "hours": float(sum(step.record["covered"].sum() for step in steps)),
            "area": float(course.sum()),
            "curve": course.tolist(),
        }
    return {"draw": draw.number, "scenario": event.scenario or NOTHING, "ways": found}
