r"""What responsibility costs at least with supply held, proven district by district.

The program: least responsibility terms that hand out at least given tonnes in every zone and period with an active
supply task. Who is accountable is apart from the rest of it. Districts share only the hours of parties above them; with
prices lambda >= 0 of these hours,

.. math:: z \ge \sum_d \min_{x_d} (c_d + A_d^\top \lambda) x_d - \lambda b

(Geoffrion, A. (1974), Lagrangian relaxation for integer programming), the least of each district over its linear
relaxation, and lambda mended by subgradients with Polyak's step.
"""

import dataclasses
import logging

import numpy as np

LOG = logging.getLogger(__name__)
ROUNDS = 5
"""Times that the prices of shared hours are tried."""


def hard(form):
    """Return the program in which everything held must be handed out."""
    ub = form.ub.copy()
    if "held_short" in form.variables:
        ub[form.variables["held_short"].slice] = 0.0
    return dataclasses.replace(form, ub=ub)


def relaxed(form):
    """Return the program's linear relaxation."""
    return dataclasses.replace(form, integrality=np.zeros_like(form.integrality))


def by_district(model, form):
    """Return the district of each column of responsibility, by column."""
    from coordination.instance.tables import LEVELS
    from coordination.planning.areas import area_of_roles, by_column, zones_of_level

    return by_column(form, area_of_roles(model, zones_of_level(model, LEVELS.index("district"))))


def start_of(form) -> np.ndarray:
    """Return values in which nobody acts but who is accountable."""
    x = np.zeros(form.columns)
    if "accountable" in form.variables:
        fixed = form.variables["accountable"].slice
        x[fixed] = form.lb[fixed]
    return x


def accountability(model):
    """Return who is accountable, by row of ``roles.accountable``, and what of its cost is not proven."""
    from coordination.solver import SolverOptions, solve

    form = model.compile_accountability()
    found = solve(form, options=SolverOptions(gap=0.0, time_limit=120.0))
    return found.x[form.variables["accountable"].slice], found.objective - found.bound


def bound_by_district(model, tonnes, target: float, workers: int = 2, rounds: int = ROUNDS) -> list[float]:
    """Return the bound after each round of prices, the first at no price.

    Parameters
    ----------
    model : ResponseModel
        The case's.
    tonnes : ndarray
        What is handed out at least, by row of ``HANDOUTS``.
    target : float
        What is known to be enough: steps are taken towards it.
    """
    from coordination.planning.areas import AreaProgram
    from coordination.planning.roles import with_accountable
    from coordination.solver import SolverOptions, solve

    model = model.tight()
    accountable, unproven = accountability(model)
    form = relaxed(with_accountable(hard(model.compile_held(tonnes, np.zeros(len(tonnes)))), accountable))
    district = by_district(model, form)
    shared = np.flatnonzero(AreaProgram(form, district, start_of(form)).touching > 1)
    matrix = form.matrix.tocsr()[shared]
    price, found = np.zeros(len(shared)), []
    upper = form.row_upper.copy()
    for number in range(rounds):
        c = form.c + matrix.T @ price
        upper[shared] = form.row_upper[shared] if number == 0 else np.inf
        offset = form.offset - float(price @ form.row_upper[shared])
        program = AreaProgram(dataclasses.replace(form, c=c, offset=offset, row_upper=upper), district, start_of(form))
        x = start_of(form)

        def least(part, *, seconds, x=x):
            options = SolverOptions(threads=1, crossover=False, time_limit=seconds)
            solution = solve(part.form, options=options, stage="district")
            x[part.columns] = part.now if solution.x is None else solution.x
            return x[part.columns], solution.row_dual

        found.append(program.least(least, workers) - unproven)
        LOG.info("round %d: %.8g", number, found[-1])
        over = matrix @ x - form.row_upper[shared]
        over = np.where((over > 0) | (price > 0), over, 0.0)
        size = float(over @ over)
        if not np.isfinite(found[-1]) or size < 1e-9:
            break
        price = np.maximum(price + max(target - max(found), 0.0) / size * over, 0.0)
    return found


def chosen_with_supply_held(session, model, tonnes, slack: float):
    """Choose whole roles that hand out at least so many tonnes; return terms, tonnes short, whole by the rows.

    As planning a large city by areas does it: first in shares, district by district, then whole ones by street.

    Parameters
    ----------
    session : Session
        The run of planning.
    model : ResponseModel
        The session's.
    tonnes : ndarray
        What is to be handed out, by row of ``HANDOUTS``.
    slack : float
        Money that choosing whole roles may leave on the table.
    """
    from coordination.planning.handing import covered_tonnes
    from coordination.planning.roles import VALUES as ROLES
    from coordination.planning.roles import Held, best_accountable, choose_roles, with_accountable

    accountable, held = best_accountable(session), Held(tonnes, np.full(len(tonnes), 1e4))
    merged = model.tight(merged=True)
    shares, in_shares = _in_shares(session, merged, held, accountable)
    chosen = choose_roles(session, held, accountable, shares, merged, slack, None)
    tight = model.tight()
    whole = with_accountable(tight.compile_held(held.tonnes, held.worth), accountable)
    x = np.zeros(whole.columns)
    for name in ROLES:
        if name in whole.variables:
            x[whole.variables[name].slice] = chosen[name]
    missing = np.maximum(whole.row_lower - whole.matrix @ x, 0.0)
    rows = {"gap": "coverage", "backups_missing": "backups", "kind_missing": "kinds"}
    rows |= {"coverage_missing": "redundancy"}
    for name, row in rows.items():
        if name in whole.variables and row in whole.constraints:
            x[whole.variables[name].slice] = missing[whole.constraints[row].slice]
    short = float(np.maximum(held.tonnes - covered_tonnes(tight, chosen["cover"]), 0.0).sum())
    return whole.objective(x), short, in_shares


def _in_shares(session, merged, held, accountable):
    """Return roles in shares, decided district by district, and what they cost; its program is let go."""
    from coordination.planning.answer import VALUES, values_of
    from coordination.planning.areas import AreaProgram
    from coordination.planning.roles import with_accountable
    from coordination.solver import SolverOptions, solve

    form = relaxed(with_accountable(merged.compile_held(held.tonnes, held.worth), accountable))
    x = start_of(form)
    if "held_short" in form.variables:
        x[form.variables["held_short"].slice] = held.tonnes
    program = AreaProgram(form, by_district(merged, form), x)

    def decided(part, *, seconds):
        solution = solve(part.form, options=SolverOptions(threads=1, crossover=False, time_limit=seconds))
        return (part.now, None) if solution.x is None else (solution.x, solution.row_dual)

    program.decide(decided, session.workers)
    LOG.info("in shares, by district: %.8g", form.objective(program.x))
    return values_of(form, program.x, VALUES), form.objective(program.x)
