"""Supply with all lanes at once against lanes priced in: the same optimum, how much sooner."""

import dataclasses
import math
import time

from benchmarks.bars import Measured, Run

LEAST_RATIO, GAP = 2.5, 1e-4
ALGORITHMS = ("ipx", "simplex", "hipo")
PATIENCE = 6.0
"""An algorithm is stopped after so many times as long as pricing took: it cannot be the best by then, or shows the
bar to hold."""


def against_all_lanes(run: Run) -> Measured:
    """Solve the supply side of a city of 300 communities, 8 commodities, 14 periods both ways.

    Hand-out hours are those of all supply tasks. Ours: gathered cases, then pricing to a proven 1e-4, building and
    compiling included. The whole model: the solver's time alone, every algorithm without crossover.
    """
    from coordination.generation import generate
    from coordination.planning.gathering import most_tonnes
    from coordination.solver import SolverOptions, solve
    from coordination.solver.algorithms import hipo_available

    communities = 60 if run.quick else 300
    session = _session(generate(communities=communities, commodities=8, periods=14, shortage=0.15))
    begin = time.perf_counter()
    answer = _priced(session)
    ours = time.perf_counter() - begin
    gap = (answer.objective - answer.bound) / abs(answer.objective)
    columns = session.columns
    columns.active = columns.allowed.copy()
    form = session.model.compile_supply(columns, most_tonnes(session.model))
    seconds, objectives = {}, {}
    for algorithm in ALGORITHMS if hipo_available() else ALGORITHMS[:2]:
        options = SolverOptions(algorithm=algorithm, crossover=False, time_limit=PATIENCE * ours)
        begin = time.perf_counter()
        solution = solve(form, options=options)
        ended = solution.status.value == "optimal" and solution.algorithm == algorithm
        seconds[algorithm] = time.perf_counter() - begin if ended else math.inf
        objectives[algorithm] = solution.objective if ended else math.nan
    best = min(*seconds.values(), PATIENCE * ours)
    known = [value for value in objectives.values() if math.isfinite(value)]
    agree = all(abs(answer.objective - value) <= 1.01 * GAP * abs(value) for value in known)
    more = "at least " if math.isinf(min(seconds.values())) else ""
    text = (
        f"{form.columns:,} columns: ours {ours:.1f} s to a proven {gap:.1e}; whole "
        + ", ".join(f"{name} {spent:.1f} s" if math.isfinite(spent) else f"{name} not in {PATIENCE * ours:.0f} s"
                    for name, spent in seconds.items())
        + f"; {more}{best / ours:.1f} x; objectives agree: {agree if known else 'none to compare'}"
    )  # fmt: skip
    raw = {"ours": ours, "gap": gap, "whole": seconds, "columns": form.columns, "objective": answer.objective}
    return Measured(best / ours >= LEAST_RATIO and gap <= GAP and agree, text, raw | {"objectives": objectives})


def _session(instance):
    """Return a session of planning, lanes on shortest routes only."""
    from coordination.planning.case import Case
    from coordination.planning.clock import Clock
    from coordination.planning.model import ResponseModel
    from coordination.planning.options import PlanOptions
    from coordination.planning.routes import first_columns
    from coordination.planning.session import Session

    model = ResponseModel.of(Case.of(instance))
    options = PlanOptions(gap=GAP, time_limit=None, threads=None, seed=0, scenario=None)
    return Session(model, first_columns(model.case), True, options, Clock())


def _priced(session):
    """Return the optimum of supply by gathered cases and pricing."""
    from coordination.planning.gathering import area_of_places, most_tonnes
    from coordination.planning.levels import start_from_above
    from coordination.planning.linear import PricedProgram

    start_from_above(session, area_of_places(session.model.case.instance))
    model, capacity = session.model, most_tonnes(session.model)
    program = PricedProgram(session, lambda: model.compile_supply(session.columns, capacity), basis=False)
    answer = program.optimum("supply", GAP)
    program.close()
    assert answer is not None
    return dataclasses.replace(answer, program=None)
