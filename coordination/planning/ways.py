"""The ways of planning, chosen by size: one program for all, or relaxed, proven, and roles area by area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.planning.case import Case
from coordination.planning.continuity import refuse_interrupted
from coordination.planning.direct import solve_directly
from coordination.planning.disagreement import roles_that_keep_rules
from coordination.planning.held import refuse_held_with_others, refuse_lost_roles
from coordination.planning.largeness import refuse_what_large_cases_lack
from coordination.planning.model import ResponseModel
from coordination.planning.pins import with_pins
from coordination.planning.recovery import Mended, refuse_damage
from coordination.planning.routes import add_all_routes, first_columns
from coordination.planning.ruled import ruled, solve_ruled
from coordination.planning.separate import is_very_large, solve_separately
from coordination.planning.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from coordination.instance import Instance
    from coordination.planning.answer import Answer
    from coordination.planning.clock import Clock
    from coordination.planning.keeping import Holding
    from coordination.planning.options import PlanOptions

DIRECT_SHIPMENTS = 40_000
"""Shipments up to which the joint model is solved whole."""
DIRECT_COVER = 20_000
"""Coverage columns up to which the joint model is solved whole."""
RULES_AFTER = 0.6
"""Share of a time limit for the plan of least social cost where a large case is then planned by rules."""


def most_direct() -> tuple[int, int]:
    """Return the shipments and the coverage columns up to which the joint model is solved whole."""
    return DIRECT_SHIPMENTS, DIRECT_COVER


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
    return begun_case(case, holding, options, clock, on_progress, plain=plain)


def begun_case(
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


def answered(session: Session, small: bool) -> Answer:
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
