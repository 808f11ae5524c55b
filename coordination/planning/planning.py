"""Plan an instance: code it, choose the way by size, solve, decide."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

from coordination.errors import UsageError
from coordination.instance import expect_instance
from coordination.planning.case import Case
from coordination.planning.choices import chosen
from coordination.planning.clock import Clock
from coordination.planning.continuity import refuse_interrupted
from coordination.planning.decision import decide, instead
from coordination.planning.direct import solve_directly
from coordination.planning.disagreement import roles_that_keep_rules
from coordination.planning.dispatching import by_rule, field_decision
from coordination.planning.gathering import area_of_places
from coordination.planning.guessing import guess_of, trades
from coordination.planning.held import refuse_held_with_others, refuse_lost_roles, without_roles_under_way
from coordination.planning.judgement import plan_by_judgement
from coordination.planning.largeness import refuse_what_large_cases_lack
from coordination.planning.levels import coarse_cost
from coordination.planning.model import ResponseModel
from coordination.planning.networked import plan_alone, plan_networked, refuse_what_coalitions_lack
from coordination.planning.options import PlanOptions
from coordination.planning.pins import of_given, refuse_pins, with_pins
from coordination.planning.reasons import explained
from coordination.planning.recovery import Mended, Priced, mend, refuse_damage
from coordination.planning.routes import add_all_routes, first_columns
from coordination.planning.ruled import ruled, solve_ruled
from coordination.planning.separate import is_very_large, relaxation_of, sent_between, solve_separately
from coordination.planning.session import Session
from coordination.planning.switching import Switched, refuse_beside_modes, switch
from coordination.planning.worths import Prices
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from typing import Any

    from coordination.instance import Instance
    from coordination.planning.answer import Answer
    from coordination.planning.decision import Decided
    from coordination.planning.keeping import Holding
    from coordination.plans import Plan

DIRECT_SHIPMENTS = 40_000
"""Shipments up to which the joint model is solved whole."""
DIRECT_COVER = 20_000
"""Coverage columns up to which the joint model is solved whole."""

JUDGED_PART = 0.05
"""Share of the time left for the coarse plan of one schedule of repairs."""
IDEAL_PART = 0.45
"""Share of the time for the LP of the instance in which all is repaired as soon as could be, where one is solved."""
RULES_AFTER = 0.6
"""Share of a time limit for the plan of least social cost where a large case is then planned by rules."""
REPAIRED_PART = 0.5
"""Share of the requested gap that is left for the plan with the repairs as chosen."""
SWITCHED_PART = 0.5
"""Share of the requested gap that is left for the plan with the modes as chosen."""
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
        return _by_coalitions(instance, options, on_progress, executor)
    given, asked = instance, options
    kept_back = 0.0 if time_limit is None else min(REASONS_SECONDS, REASONS_SHARE * time_limit)
    clock = Clock(None if time_limit is None else time_limit - kept_back)
    with clock.interruptible():
        switched, instance, options = _switched(given, asked, clock, on_progress)
        mended, within = _mended(instance, options, clock, on_progress)
        session, small = begun(instance, within, clock, on_progress, mended)
        answer = _answer(session, small)
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
        return _by_coalitions(instance, asked, None, None, plain=True)
    given, clock = instance, Clock(time_limit)
    with clock.interruptible():
        switched, instance, options = _switched(given, asked, clock, None)
        mended, within = _mended(instance, options, clock, None)
        session, small = begun(instance, within, clock, None, mended, plain=True)
        answer = _answer(session, small)
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


def _by_coalitions(
    instance: Instance,
    options: PlanOptions,
    on_progress: Callable[[Any], None] | None,
    executor: Executor | None,
    *,
    plain: bool = False,
) -> Plan:
    """Return the plan that coalitions come to, by trade, by judgement or alone.

    Plainly, trade goes on from roles under way.
    """
    refuse_what_coalitions_lack(without_roles_under_way(instance) if plain else instance)
    clock = Clock(options.time_limit)
    with clock.interruptible():
        session, small = begun(instance, options, clock, on_progress, plain=plain)
        if not small:
            raise UsageError(
                f"{instance.name}: governance {instance.policy.governance} with "
                f"{int(session.columns.allowed.sum()):,} possible shipments found; so far coalitions decide in cases "
                f"whose model is solved whole ({DIRECT_SHIPMENTS:,}). Plan a district by itself, or centralised."
            )
        halls = len(session.model.case.facilities.places)
        if halls:
            raise UsageError(
                f"{instance.name}: governance {instance.policy.governance} with {halls} facilities that can be "
                "converted found; how coalitions decide on them, nothing says yet. Leave them out, or plan with "
                "governance centralised."
            )
        if trades(instance.policy):
            return plan_networked(session, _answer(session, small), executor)

        def answered(case: Case) -> Answer:
            apart, fits = _begun_case(case, None, options, clock, on_progress, solved=session.solved, plain=plain)
            return _answer(apart, fits)

        guess = guess_of(instance.policy)
        return plan_alone(session, answered) if guess == "pessimistic" else plan_by_judgement(session, answered, guess)


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
    switched, instance, options = _switched(given, asked, clock, None)
    mended, within = _mended(instance, options, clock, None)
    session, small = begun(instance, within, clock, None, mended)
    answer = _answer(session, small)
    plan = _of_given(instance, mended, decide(answer, within, clock, chosen(session.solved)), options)
    return answer, plan if switched is None else switched.of_given(plan, asked.gap, given)


def _switched(
    instance: Instance, options: PlanOptions, clock: Clock, on_progress: Callable[[Any], None] | None
) -> tuple[Switched | None, Instance, PlanOptions]:
    """Return the modes chosen, None where none are; and the instance with them, and the options of the plan of it."""
    if instance.policy.mode != "optimise":
        return None, instance, options
    refuse_held_with_others(instance)
    ruled_in_any_mode = with_pins(instance)
    switched = switch(ruled_in_any_mode, options, clock, on_progress, (DIRECT_SHIPMENTS, DIRECT_COVER))
    return switched, switched.instance, dataclasses.replace(options, gap=SWITCHED_PART * options.gap)


def _mended(
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

    mended = mend(with_pins(instance), options, clock, on_progress, DIRECT_SHIPMENTS, price, judge)
    return mended, dataclasses.replace(options, gap=REPAIRED_PART * options.gap)


def _priced(
    instance: Instance, options: PlanOptions, clock: Clock, on_progress: Callable[[Any], None] | None
) -> Priced | None:
    """Return the LP of an instance with its damage as it is; None where there was no time for it."""
    with clock.stage("build"):
        holding = roles_that_keep_rules(instance)
        case = Case.of(instance)
    session, small = _begun_case(case, holding, options, clock, on_progress)
    if not small:
        return relaxation_of(session)
    answer = solve_directly(session)
    if answer.program is not None:
        answer.program.close()
    if answer.duals is None:
        return None
    prices = Prices.of(answer.model, answer.duals)
    sent = sent_between(answer.columns, answer.ships, answer.values["ship"])
    return Priced(answer.model, prices, sent, answer.bound)


def _coarse_cost(
    instance: Instance, options: PlanOptions, clock: Clock, on_progress: Callable[[Any], None] | None
) -> float | None:
    """Return what a coarse plan of an instance with its damage as it is costs; None where there was no time for it."""
    with clock.stage("build"):
        holding = roles_that_keep_rules(instance)
        case = Case.of(instance)
    session, small = _begun_case(case, holding, options, clock, on_progress)
    if not small:
        return coarse_cost(session, area_of_places(instance))
    answer = solve_directly(session)
    if answer.program is not None:
        answer.program.close()
    return answer.bound


def _of_given(instance: Instance, mended: Mended | None, plan: Plan, options: PlanOptions) -> Plan:
    """Return a plan as one of the instance as given, pins, damage and all."""
    return of_given(instance, plan if mended is None else mended.of_given(plan, options.gap, instance))


def begun(
    instance: Instance,
    options: PlanOptions,
    clock: Clock,
    on_progress: Callable[[Any], None] | None,
    mended: Mended | None = None,
    *,
    plain: bool = False,
) -> tuple[Session, bool]:
    """Return the run of planning, perhaps with repairs as chosen, and whether the joint model is solved whole.

    Plainly it is not asked beforehand whether the rules on roles can all be kept: only where nothing is found.
    """
    if mended is None:
        refuse_damage(instance, "This way of planning")
    with clock.stage("build"):
        refuse_held_with_others(instance)
        holding = None if plain else roles_that_keep_rules(instance)
        instance = with_pins(instance) if mended is None else mended.instance
        case = Case.of(instance, None if mended is None else mended.repairs)
    return _begun_case(case, holding, options, clock, on_progress, plain=plain)


def _begun_case(
    case: Case,
    holding: Holding | None,
    options: PlanOptions,
    clock: Clock,
    on_progress: Callable[[Any], None] | None,
    solved: list[tuple[str, list[str]]] | None = None,
    *,
    plain: bool = False,
) -> tuple[Session, bool]:
    """Return the run of planning a case, and whether the joint model is solved whole."""
    with clock.stage("build"):
        model = ResponseModel.of(case)
        refuse_interrupted(model.roles)
        refuse_lost_roles(model.roles)
        columns = first_columns(model.case)
        complete = add_all_routes(model.case, columns)
        small = bool(columns.allowed.sum() <= DIRECT_SHIPMENTS and len(model.roles.cover) <= DIRECT_COVER and complete)
        if not small:
            refuse_what_large_cases_lack(model.case, by_area=is_very_large(columns))
        if not plain:
            _ = model.fixed_data  # so that its time counts as building
    kept: list[tuple[str, list[str]]] = [] if solved is None else solved
    session = Session(
        model, columns, complete, options, clock, on_progress, solved=kept, holding=holding, plain=plain
    )  # fmt: skip
    return session, small


def _answer(session: Session, small: bool) -> Answer:
    """Return the answer, by the way that fits the case's size and rules."""
    rules = ruled(session.model.case.instance.policy)
    if rules and small:
        return solve_ruled(session)
    if rules:
        return solve_ruled(session, _before_rules(session, session.clock))
    return solve_directly(session) if small else solve_separately(session)


def _before_rules(session: Session, clock: Clock) -> Answer:
    """Return the answer of least social cost within its part of the time: rules come after it."""
    limit = clock.limit
    clock.limit = None if limit is None else RULES_AFTER * limit
    answer = solve_separately(session)
    clock.limit = limit
    return answer
