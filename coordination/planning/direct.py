"""The direct way: the whole joint model at once, for cases that HiGHS takes whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.planning.amounts import PRICES, set_rows, with_amounts
from coordination.planning.answer import VALUES, Answer, nothing_found, trivial_bound, values_of
from coordination.planning.linear import solve_linear, with_roles
from coordination.planning.roles import decided_apart

if TYPE_CHECKING:
    from coordination.planning.session import Session


def solve_directly(session: Session) -> Answer:
    """Solve the joint model as one mixed-integer program, then its LP with the roles fixed, for the prices.

    All shipments and routes are in the model, so the solver's bound is the bound of the case. Who is accountable is
    decided apart where nothing else depends on it.
    """
    model, columns = session.model, session.columns
    columns.active = columns.allowed.copy()
    with session.clock.stage("compile"):
        ships = columns.ships()
        form = with_amounts(model.compile(columns), model, columns)
    form = decided_apart(session, form)
    figures: dict[str, float | int | str] = {
        "columns": form.columns,
        "rows": form.rows,
        "entries": form.entries,
        "way": "direct",
    }
    solution = session.solve(form, "joint model", seconds=session.clock.within(0.85))
    bound = trivial_bound(model)
    if solution is not None:
        bound = max(bound, solution.bound)
    if solution is None or solution.x is None:
        return nothing_found(session, bound, figures)
    values = values_of(form, solution.x, VALUES)
    if any(True for _ in set_rows(model.case.instance)):
        session.notes.append(PRICES)
        return Answer(model, columns, ships, values, None, bound, session.notes, figures)
    fixed = solve_linear(session, lambda lp: with_roles(lp, values), "roles fixed", 0.0)
    if fixed is None:
        session.notes.append("Prices are missing: the LP with the roles fixed was not solved in time.")
        return Answer(model, columns, ships, values, None, bound, session.notes, figures)
    values |= {name: fixed.values[name] for name in ("ship", "serve", "visit", "cover")}
    # Who plans plainly wants no prices, but the same plan: of several as good as each other the LP chooses one.
    duals = None if session.plain else fixed.duals
    return Answer(model, columns, fixed.ships, values, duals, bound, session.notes, figures, fixed.program)
