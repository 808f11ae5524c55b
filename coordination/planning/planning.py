"""Plan an instance: code it, choose the way by size, solve, decide."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from coordination.instance import expect_instance
from coordination.planning.beforehand import mended_damage, switched_modes
from coordination.planning.choices import chosen
from coordination.planning.clock import Clock
from coordination.planning.decision import decide, instead
from coordination.planning.disagreement import roles_that_keep_rules
from coordination.planning.dispatching import by_rule, field_decision
from coordination.planning.governance import plan_by_coalitions
from coordination.planning.options import PlanOptions
from coordination.planning.pins import of_given, refuse_pins
from coordination.planning.reasons import explained
from coordination.planning.switching import refuse_beside_modes
from coordination.planning.ways import answered, begun
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from typing import Any

    from coordination.instance import Instance
    from coordination.planning.answer import Answer
    from coordination.planning.decision import Decided
    from coordination.planning.recovery import Mended
    from coordination.planning.session import Session
    from coordination.plans import Plan

REASONS_SECONDS = 12.0
"""Most seconds of a time limit that are kept back for saying why places go short."""
REASONS_SHARE = 0.1
"""Share of a time limit that is kept back for that, where it is less."""


def plan(
    instance: Instance,
    *,
    gap: float = 1e-4,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int = 0,
    scenario: str | None = None,
    on_progress: Callable[[Any], None] | None = None,
    executor: Executor | None = None,
) -> Plan:
    """Plan supply and responsibility together; by the field rule, unproven, where ``policy.rationing`` asks for it.

    Parameters
    ----------
    instance : Instance
        What is given.
    gap : float
        Requested proven gap, relative to the social cost.
    time_limit : float, optional
        Seconds; the best plan so far comes back with its gap, and there always is one.
    threads : int, optional
        Threads of the solver; all cores by default.
    seed : int
        Seed of the solver: same instance, options, seed, threads and versions give the same plan.
    scenario : str, optional
        Scenario to plan for; none by default (or the one that is active in `instance`).
    on_progress : callable, optional
        Receives the solver's progress (stage, seconds, objective, bound, gap).
    executor : concurrent.futures.Executor, optional
        Who answers for coalitions where ``policy.governance`` is networked; this process by default. The plan is the
        same whoever does, and with how many workers.

    Returns
    -------
    Plan
        Tables and figures, the proven bound and gap, provenance.

    Raises
    ------
    UsageError
        An option is out of its range; or the case is large, and the policy or its tables ask for rules that large
        cases cannot keep yet.
    InstanceError
        The scenario is unknown, a pin cannot hold, or the rules on roles cannot all be kept (with a smallest set that
        conflicts).
    SolverError
        The solver failed in a way that no change of the data explains.
    """
    expect_instance(instance)
    if scenario is not None:
        instance = instance.under(scenario)
    options = PlanOptions(gap=gap, time_limit=time_limit, threads=threads, seed=seed, scenario=instance.scenario)
    if instance.policy.mode == "optimise":
        refuse_beside_modes(instance)
    if instance.policy.rationing == "field":
        refuse_pins(instance)
        return by_rule(instance, options)
    if instance.policy.governance != "centralised":
        return plan_by_coalitions(instance, options, on_progress, executor)
    given, asked = instance, options
    kept_back = 0.0 if time_limit is None else min(REASONS_SECONDS, REASONS_SHARE * time_limit)
    clock = Clock(None if time_limit is None else time_limit - kept_back)
    with clock.interruptible():
        switched, instance, options = switched_modes(given, asked, clock, on_progress)
        mended, within = mended_damage(instance, options, clock, on_progress)
        session, small = begun(instance, within, clock, on_progress, mended)
        answer = answered(session, small)
        clock.limit = time_limit
        with clock.stage("compare"):
            rule = field_decision(session.model.case, session.model.roles, clock)
        answer, plan = _better_of(rule, answer, within, session)
        plan = _of_given(instance, mended, explained(answer, plan, clock), options)
        return plan if switched is None else switched.of_given(plan, asked.gap, given)


def plan_plainly(
    instance: Instance,
    *,
    gap: float = 1e-4,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int = 0,
) -> Plan:
    """Plan for somebody who carries it out and does not read it: as `plan`, but only what is decided.

    Whoever plans hundreds of times, as simulations do, reads no reasons: they are half the time of a small case. The
    field rule is asked where the requested gap was not proven, so that a want of time costs no more than with `plan`.

    Parameters
    ----------
    instance, gap, time_limit, threads, seed
        As for `plan`; the instance under its active scenario.

    Returns
    -------
    Plan
        Without prices and reasons; with the field rule beside it only where that was asked.

    Raises
    ------
    UsageError, InstanceError, SolverError
        As for `plan`.
    """
    asked = PlanOptions(gap=gap, time_limit=time_limit, threads=threads, seed=seed, scenario=instance.scenario)
    if instance.policy.mode == "optimise":
        refuse_beside_modes(instance)
    if instance.policy.rationing == "field":
        refuse_pins(instance)
        return by_rule(instance, asked)
    if instance.policy.governance != "centralised":
        return plan_by_coalitions(instance, asked, None, None, plain=True)
    given, clock = instance, Clock(time_limit)
    with clock.interruptible():
        switched, instance, options = switched_modes(given, asked, clock, None)
        mended, within = mended_damage(instance, options, clock, None)
        session, small = begun(instance, within, clock, None, mended, plain=True)
        answer = answered(session, small)
        answer, made = _better_of(None, answer, within, session)
        if not made.feasible:
            roles_that_keep_rules(instance)  # says which rules conflict, if any do
        if made.status is not Status.OPTIMAL:
            rule = field_decision(session.model.case, session.model.roles, Clock())
            answer, made = _better_of(rule, answer, within, session)
        if answer.program is not None:
            answer.program.close()
        made = _of_given(instance, mended, made, options)
        return made if switched is None else switched.of_given(made, asked.gap, given)


def _better_of(rule: Decided | None, answer: Answer, options: PlanOptions, session: Session) -> tuple[Answer, Plan]:
    """Return the plan that an answer means, or the field rule's where that costs less; and the answer that is left."""
    clock, said = session.clock, chosen(session.solved)
    with clock.stage("decide"):
        plan = decide(answer, options, clock, said, None if rule is None else rule.objective)
        found = math.inf if plan.objective is None else plan.objective
        if rule is not None and answer.rules is None and rule.objective < found:
            answer, plan = instead(rule, answer, options, clock, said)
    return answer, plan


def answer_plainly(instance: Instance, options: PlanOptions, clock: Clock) -> tuple[Answer, Plan]:
    """Plan once more, to compare: neither the field rule's cost nor reasons, else as `plan`.

    Parameters
    ----------
    instance : Instance
        Under its active scenario; not one that asks for the field rule.
    options : PlanOptions
        Of the plan; its time limit is left to the clock.
    clock : Clock
        Of all that is asked together.

    Returns
    -------
    answer : Answer
        With its LP open, where there is one: the caller closes it.
    plan : Plan
        What it means.
    """
    given, asked = instance, options
    switched, instance, options = switched_modes(given, asked, clock, None)
    mended, within = mended_damage(instance, options, clock, None)
    session, small = begun(instance, within, clock, None, mended)
    answer = answered(session, small)
    plan = _of_given(instance, mended, decide(answer, within, clock, chosen(session.solved)), options)
    return answer, plan if switched is None else switched.of_given(plan, asked.gap, given)


def _of_given(instance: Instance, mended: Mended | None, plan: Plan, options: PlanOptions) -> Plan:
    """Return a plan as one of the instance as given, pins, damage and all."""
    return of_given(instance, plan if mended is None else mended.of_given(plan, options.gap, instance))
