"""The direct way: the whole joint model at once, for cases that HiGHS takes whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coordination.planning.answer import VALUES, Answer, doing_nothing, trivial_bound
from coordination.planning.linear import solve_linear, with_roles

if TYPE_CHECKING:
    from coordination.planning.session import Session


def solve_directly(session: Session) -> Answer:
    """Solve the joint model as one mixed-integer program, then its LP with the roles fixed, for the prices.

    All shipments and routes are in the model, so the solver's bound is the bound of the case.
    """
    model, columns = session.model, session.columns
    columns.active = columns.allowed.copy()
    with session.clock.stage("compile"):
        ships = columns.ships()
        form = model.compile(columns.lanes, columns.rolling, ships)
    figures: dict[str, float | int | str] = {
        "columns": form.columns, "rows": form.rows, "entries": form.entries, "way": "direct"
    }
    solution = session.solve(form, "joint model")
    bound = max(solution.bound if solution.bound is not None else -np.inf, trivial_bound(model))
    if solution.x is None:
        answer = doing_nothing(model, columns)
        session.notes.append("No plan was found in time: nothing is sent, the core is accountable, nobody else acts.")
        return Answer(
            columns, answer.ships, answer.values, None, bound, session.notes, figures, solution.interrupted
        )
    values = {name: solution.x[form.variables[name].slice] for name in VALUES}
    fixed = None if solution.interrupted else solve_linear(session, lambda f: with_roles(f, values), "roles fixed", 0.0)
    if fixed is None:
        session.notes.append("Prices are missing: the LP with the roles fixed was not solved in time.")
        return Answer(columns, ships, values, None, bound, session.notes, figures, solution.interrupted)
    for name in ("ship", "serve", "cover"):
        values[name] = fixed.values[name]
    return Answer(columns, fixed.ships, values, fixed.duals, bound, session.notes, figures, fixed.interrupted)
