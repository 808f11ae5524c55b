"""Dispatch an instance: roles, then period by period goods on their way and handed out, then the plan that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance import expect_instance
from coordination.planning.answer import trivial_bound
from coordination.planning.case import Case
from coordination.planning.clock import Clock
from coordination.planning.continuity import refuse_interrupted
from coordination.planning.conversions import Conversions
from coordination.planning.decision import Decided, written
from coordination.planning.dispatching.appointing import appoint
from coordination.planning.dispatching.lacking import refuse_unknown_rules, unknown_rules
from coordination.planning.dispatching.sending import Sending
from coordination.planning.dispatching.state import State
from coordination.planning.dispatching.town import Town
from coordination.planning.dispatching.trimming import trim
from coordination.planning.flows import play_forward
from coordination.planning.model import ResponseModel
from coordination.planning.options import PlanOptions
from coordination.planning.pins import refuse_pins

if TYPE_CHECKING:
    from coordination.instance import Instance
    from coordination.planning.assignment import Assignment
    from coordination.planning.flows import Flows
    from coordination.planning.responsibility_data import Roles
    from coordination.plans import Plan

NOTE = "The field rule: own reserve first, then proportional from the nearest depot; nothing is optimised or proven."
PRICES = "Prices are missing: the field rule knows none."


def dispatch(instance: Instance, *, scenario: str | None = None) -> Plan:
    """Plan by the field rule, as careful dispatchers would: quick, without a solver, and nothing proven.

    Parameters
    ----------
    instance : Instance
        What is given.
    scenario : str, optional
        Scenario to plan for; none by default (or the one that is active in `instance`).

    Returns
    -------
    Plan
        Status feasible; complete, and held to the same rules as every plan.

    Raises
    ------
    InstanceError
        The scenario is unknown, or there are pins: the field rule keeps none.
    UsageError
        The instance has rules on roles that the field rule does not know.
    """
    expect_instance(instance)
    if scenario is not None:
        instance = instance.under(scenario)
    refuse_pins(instance)
    return by_rule(instance, PlanOptions(scenario=instance.scenario))


def by_rule(instance: Instance, options: PlanOptions) -> Plan:
    """Return the field rule's plan of an instance, with the bound that needs no solver.

    Parameters
    ----------
    instance : Instance
        Under its scenario.
    options : PlanOptions
        For the record: the rule needs none of them.

    Raises
    ------
    UsageError
        The instance has rules on roles that the field rule does not know.
    """
    refuse_unknown_rules(instance)
    clock = Clock()
    with clock.stage("build"):
        model = ResponseModel.of(Case.of(instance))
        refuse_interrupted(model.roles)
        case, roles = model.case, model.roles
    with clock.stage("dispatch"):
        decided = dispatched(case, roles, clock)
    with clock.stage("decide"):
        bound, cost = trivial_bound(model), decided.objective
        return written(decided, options, clock, bound, [NOTE, PRICES], _sizes(case, roles), {}, cost)


def field_decision(case: Case, roles: Roles, clock: Clock) -> Decided | None:
    """Return what the field rule decides; None where the clock stops first, or it would break rules.

    Parameters
    ----------
    case, roles : Case, Roles
        What is planned for, and who may do what.
    """
    if unknown_rules(case.instance):
        return None
    try:
        return dispatched(case, roles, clock)
    except _OverError:
        return None


class _OverError(Exception):
    """The clock is over."""


def dispatched(case: Case, roles: Roles, clock: Clock) -> Decided:
    """Return what the field rule decides in a case.

    Raises
    ------
    _OverError
        The clock is over before it is decided.
    """
    assignment = appoint(roles)
    flows = _moved(case, assignment, clock)
    return Decided(case, case.lanes, {}, flows, trim(case, assignment, flows), Conversions.going_on(case))


def _sizes(case: Case, roles: Roles) -> dict[str, int]:
    return {
        "places": len(case.coding.places),
        "lanes": len(case.lanes),
        "batches": len(case.batches),
        "tasks": len(roles.tasks),
        "parties": len(roles.parties),
    }


def _moved(case: Case, assignment: Assignment, clock: Clock) -> Flows:
    """Return what is sent and handed out, period by period."""
    town = Town(case, assignment)
    state, sending = State.first(town), Sending.first(town)
    served = []
    for t in range(case.periods):
        if clock.over():
            raise _OverError
        state.begin(town, t)
        sending.send(state, t)
        served += [(rows, batch, t, part) for rows, batch, part in state.hand_out(town, t)]
        state.end(town, t)
    rows = np.concatenate([np.zeros(0, dtype=np.int64), *(rows for rows, *_ in served)])
    count = [len(rows) for rows, *_ in served]
    serve = pd.DataFrame(
        {
            "place": town.rows["place"][rows],
            "batch": np.repeat(np.array([batch for _, batch, _, _ in served], dtype=np.int64), count),
            "group": town.rows["group"][rows],
            "period": np.repeat(np.array([t for _, _, t, _ in served], dtype=np.int64), count),
            "quantity": np.concatenate([np.zeros(0), *(part for *_, part in served)]),
        }
    )
    return play_forward(case, case.lanes, sending.table(), serve)
