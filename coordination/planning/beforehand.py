"""What is decided before the plan: operating modes that zones choose, and repairs of what is damaged."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from coordination.planning.case import Case
from coordination.planning.clock import Clock
from coordination.planning.direct import solve_directly
from coordination.planning.disagreement import roles_that_keep_rules
from coordination.planning.gathering import area_of_places
from coordination.planning.held import refuse_held_with_others
from coordination.planning.levels import coarse_cost
from coordination.planning.pins import with_pins
from coordination.planning.recovery import Mended, Priced, mend
from coordination.planning.separate import relaxation_of, sent_between
from coordination.planning.switching import Switched, switch
from coordination.planning.ways import begun_case, most_direct
from coordination.planning.worths import Prices

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from coordination.instance import Instance
    from coordination.planning.answer import Answer
    from coordination.planning.options import PlanOptions
    from coordination.planning.session import Session

JUDGED_PART = 0.05
"""Share of the time left for the coarse plan of one schedule of repairs."""
IDEAL_PART = 0.45
"""Share of the time for the LP of the instance in which all is repaired as soon as could be, where one is solved."""
REPAIRED_PART = 0.5
"""Share of the requested gap that is left for the plan with the repairs as chosen."""
SWITCHED_PART = 0.5
"""Share of the requested gap that is left for the plan with the modes as chosen."""


def switched_modes(
    instance: Instance, options: PlanOptions, clock: Clock, on_progress: Callable[[Any], None] | None
) -> tuple[Switched | None, Instance, PlanOptions]:
    """Return the modes chosen, None where none are; and the instance with them, and the options of the plan of it."""
    if instance.policy.mode != "optimise":
        return None, instance, options
    refuse_held_with_others(instance)
    ruled_in_any_mode = with_pins(instance)
    switched = switch(ruled_in_any_mode, options, clock, on_progress, most_direct())
    return switched, switched.instance, dataclasses.replace(options, gap=SWITCHED_PART * options.gap)


def mended_damage(
    instance: Instance, options: PlanOptions, clock: Clock, on_progress: Callable[[Any], None] | None
) -> tuple[Mended | None, PlanOptions]:
    """Return the repairs of what is damaged, None without damage, and the options of the plan with them."""
    if instance.damage.empty:
        return None, options
    refuse_held_with_others(instance)
    roles_that_keep_rules(instance)

    def price(ideal: Instance) -> Priced | None:
        return _priced(ideal, options, Clock(clock.within(IDEAL_PART), clock.seconds, halt=clock.halt), on_progress)

    def judge(repaired: Instance) -> float | None:
        part = Clock(clock.within(JUDGED_PART), clock.seconds, halt=clock.halt)
        return _coarse_cost(repaired, options, part, on_progress)

    mended = mend(with_pins(instance), options, clock, on_progress, most_direct()[0], price, judge)
    return mended, dataclasses.replace(options, gap=REPAIRED_PART * options.gap)


def _priced(
    instance: Instance, options: PlanOptions, clock: Clock, on_progress: Callable[[Any], None] | None
) -> Priced | None:
    """Return the LP of an instance with its damage as it is; None where there was no time for it."""
    session, small = _begun_as_it_is(instance, options, clock, on_progress)
    if not small:
        return relaxation_of(session)
    answer = _solved_whole(session)
    if answer.duals is None:
        return None
    prices = Prices.of(answer.model, answer.duals)
    sent = sent_between(answer.columns, answer.ships, answer.values["ship"])
    return Priced(answer.model, prices, sent, answer.bound)


def _coarse_cost(
    instance: Instance, options: PlanOptions, clock: Clock, on_progress: Callable[[Any], None] | None
) -> float | None:
    """Return what a coarse plan of an instance with its damage as it is costs; None where there was no time for it."""
    session, small = _begun_as_it_is(instance, options, clock, on_progress)
    return _solved_whole(session).bound if small else coarse_cost(session, area_of_places(instance))


def _begun_as_it_is(
    instance: Instance, options: PlanOptions, clock: Clock, on_progress: Callable[[Any], None] | None
) -> tuple[Session, bool]:
    """Return the run of planning with the damage as it is, and whether the joint model is solved whole."""
    with clock.stage("build"):
        holding = roles_that_keep_rules(instance)
        case = Case.of(instance)
    return begun_case(case, holding, options, clock, on_progress)


def _solved_whole(session: Session) -> Answer:
    answer = solve_directly(session)
    if answer.program is not None:
        answer.program.close()
    return answer
