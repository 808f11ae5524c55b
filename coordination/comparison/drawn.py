"""One draw: an event, played by every way of deciding; what came of it in figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.comparison.ways import REFERENCE, Effort, way_of
from coordination.cycle.phases import city_curve, turning_point, worst_share
from coordination.replanning import executed_terms
from coordination.simulation import draw_event, gathered, play
from coordination.simulation.drawing import NOTHING

if TYPE_CHECKING:
    from coordination.instance import Instance
    from coordination.plans import Plan

MEASURES = {
    "deprivation": "going without, with need that lapsed, money",
    "worst_off": "largest share not served, over place and commodity",
    "cost": "social cost, money",
    "hours": "hours of tasks covered",
    "area": "area under the function curve, periods",
}
"""What is measured of each play, and its meaning."""
LESS_IS_BETTER = ("deprivation", "worst_off", "cost")
PHASES = ("resist", "recover")
"""Social cost up to and after the lowest point of the function curve, that of deciding centrally (else of the first way
played); see `coordination.cycle.phases`."""
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
        Names of those that play, as `coordination.comparison.ways.way_of` knows them.
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
        ``draw``, ``scenario``, ``hazard``, and ``ways``: by name the figures of `MEASURES`, of `PHASES`, and ``curve``,
        the function by period.
    """
    event = draw_event(draw.truth, draw.seed * STRIDE + draw.number)
    believed = _struck(draw.believed, event.scenario)
    found: dict[str, Any] = {}
    wholes: dict[str, Plan] = {}
    for name in draw.ways:
        way = way_of(name)
        assert way is not None
        decide = partial(_decided, name=name, first=believed, effort=draw.effort)
        steps = play(believed, event, decide, way.pace(believed, draw.every))
        whole = wholes[name] = gathered(steps, event.world)
        course = city_curve(whole)
        found[name] = {
            "deprivation": whole.terms["deprivation"] + whole.terms["lapsed"],
            "worst_off": worst_share(whole, 0, int(believed.periods)),
            "cost": whole.objective,
            "hours": float(sum(step.record["covered"].sum() for step in steps)),
            "area": float(course.sum()),
            "curve": course.tolist(),
        }
    told = found.get(REFERENCE) or next(iter(found.values()))
    turn = turning_point(np.array(told["curve"])) + 1
    for name, whole in wholes.items():
        cost = math.fsum(whole.terms.values())
        before = math.fsum(executed_terms(whole, turn).values()) if turn < believed.periods else cost
        found[name] |= {"resist": before, "recover": cost - before}
    hazards = believed.scenarios.set_index("scenario")["hazard"]
    scenario = event.scenario or NOTHING
    hazard = NOTHING if event.scenario is None else str(hazards[event.scenario])
    return {"draw": draw.number, "scenario": scenario, "hazard": hazard, "ways": found}


@lru_cache(maxsize=64)
def _struck(believed: Instance, scenario: str | None) -> Instance:
    """Return what is believed when a scenario strikes; the same object for all draws of a process."""
    return believed.under(scenario)


def _decided(state: Instance, name: str, first: Instance, effort: Effort) -> Plan:
    """Decide; what is decided before anything is seen is the same in all draws in which a scenario strikes."""
    way = way_of(name)
    assert way is not None
    return _at_first(name, first, effort) if state is first else way.decide(state, effort)


@lru_cache(maxsize=64)
def _at_first(name: str, first: Instance, effort: Effort) -> Plan:
    way = way_of(name)
    assert way is not None
    return way.decide(first, effort)
