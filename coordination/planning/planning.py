"""Plan an instance: code it, choose the way by size, solve, decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.planning.case import Case
from coordination.planning.choices import chosen
from coordination.planning.clock import Clock
from coordination.planning.decision import decide
from coordination.planning.direct import solve_directly
from coordination.planning.model import ResponseModel
from coordination.planning.options import PlanOptions
from coordination.planning.reasons import explained
from coordination.planning.routes import add_all_routes, first_columns
from coordination.planning.separate import solve_separately
from coordination.planning.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from coordination.instance import Instance
    from coordination.plans import Plan

DIRECT_SHIPMENTS = 40_000
"""Shipments up to which the joint model is solved whole."""
DIRECT_COVER = 20_000
"""Coverage columns up to which the joint model is solved whole."""

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
) -> Plan:
    """Plan supply and responsibility together.

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

    Returns
    -------
    Plan
        Tables and figures, the proven bound and gap, provenance.

    Raises
    ------
    UsageError
        An option is out of its range.
    InstanceError
        The scenario is unknown.
    SolverError
        The solver failed in a way that no change of the data explains.
    """
    if scenario is not None:
        instance = instance.under(scenario)
    options = PlanOptions(gap=gap, time_limit=time_limit, threads=threads, seed=seed, scenario=instance.scenario)
    clock = Clock(None if time_limit is None else time_limit - min(REASONS_SECONDS, REASONS_SHARE * time_limit))
    with clock.interruptible():
        with clock.stage("build"):
            model = ResponseModel.of(Case.of(instance))
            columns = first_columns(model.case)
            complete = add_all_routes(model.case, columns)
            _ = model.fixed_data
        session = Session(model, columns, complete, options, clock, on_progress)
        small = columns.allowed.sum() <= DIRECT_SHIPMENTS and len(model.roles.cover) <= DIRECT_COVER
        answer = solve_directly(session) if small and complete else solve_separately(session)
        with clock.stage("decide"):
            decided = decide(answer, options, clock, chosen(session.solved))
        clock.limit = time_limit
        return explained(answer, decided, clock)
