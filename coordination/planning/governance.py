"""Who decides where not the core does: coalitions, by trade, by judgement or alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import UsageError
from coordination.planning.clock import Clock
from coordination.planning.guessing import guess_of, trades
from coordination.planning.held import without_roles_under_way
from coordination.planning.judgement import plan_by_judgement
from coordination.planning.networked import plan_alone, plan_networked, refuse_what_coalitions_lack
from coordination.planning.ways import answered, begun, begun_case, most_direct

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from typing import Any

    from coordination.instance import Instance
    from coordination.planning.answer import Answer
    from coordination.planning.case import Case
    from coordination.planning.options import PlanOptions
    from coordination.plans import Plan


def plan_by_coalitions(
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
                f"whose model is solved whole ({most_direct()[0]:,}). Plan a district by itself, or centralised."
            )
        halls = len(session.model.case.facilities.places)
        if halls:
            raise UsageError(
                f"{instance.name}: governance {instance.policy.governance} with {halls} facilities that can be "
                "converted found; how coalitions decide on them, nothing says yet. Leave them out, or plan with "
                "governance centralised."
            )
        if trades(instance.policy):
            return plan_networked(session, answered(session, small), executor)

        def alone(case: Case) -> Answer:
            apart, fits = begun_case(case, None, options, clock, on_progress, solved=session.solved, plain=plain)
            return answered(apart, fits)

        guess = guess_of(instance.policy)
        return plan_alone(session, alone) if guess == "pessimistic" else plan_by_judgement(session, alone, guess)
