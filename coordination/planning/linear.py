"""LPs of a case: integers relaxed or fixed, lanes priced until none improves, the bound proven each round."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.planning.answer import ROLES, VALUES, duals_of, values_of
from coordination.planning.columns import price_lanes
from coordination.planning.route_pricing import price_routes
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.session import Session

LOG = logging.getLogger(__name__)
MOST_ROUNDS = 60


@dataclass(frozen=True)
class LinearAnswer:
    """The optimum of an LP.

    Attributes
    ----------
    ships : DataFrame
        Shipments in the model.
    values : dict of str to ndarray
        Of the variables in `VALUES`.
    duals : dict of str to Series
        Of the constraints in `DUALS`.
    objective : float
        Of the restricted model.
    bound : float
        Proven for the model with all lanes and routes.
    rounds : int
        Rounds of pricing.
    """

    ships: pd.DataFrame
    values: dict[str, NDArray[np.float64]]
    duals: dict[str, pd.Series[float]]
    objective: float
    bound: float
    rounds: int


def relaxed(form: MatrixForm) -> MatrixForm:
    """Return the form with whole numbers no longer required."""
    return dataclasses.replace(form, integrality=np.zeros_like(form.integrality))


def with_roles(form: MatrixForm, roles: dict[str, NDArray[np.float64]]) -> MatrixForm:
    """Return the LP with the roles fixed."""
    lb, ub = form.lb.copy(), form.ub.copy()
    for name in ROLES:
        if name in form.variables:
            columns = form.variables[name].slice
            lb[columns] = ub[columns] = np.round(roles[name])
    return dataclasses.replace(relaxed(form), lb=lb, ub=ub)


def solve_linear(
    session: Session, change: Callable[[MatrixForm], MatrixForm], stage: str, target: float
) -> LinearAnswer | None:
    """Solve an LP over all lanes and routes by pricing; None when no LP was solved in time.

    Parameters
    ----------
    change : callable
        Makes the LP of the joint model (`relaxed`, or `with_roles`).
    stage : str
        What progress calls it.
    target : float
        Relative distance of bound and value at which pricing may stop; 0: until no lane improves.
    """
    model, columns, clock = session.model, session.columns, session.clock
    best: LinearAnswer | None = None
    bound = -np.inf
    for number in range(1, MOST_ROUNDS + 1):
        with clock.stage("compile"):
            ships = columns.ships()
            form = change(model.compile(columns.lanes, columns.rolling, ships))
        solution = session.solve(form, f"{stage}, round {number}")
        if solution is None or solution.x is None or solution.row_dual is None or solution.status is not Status.OPTIMAL:
            return best
        with clock.stage("price"):
            duals = duals_of(form, solution.row_dual)
            lanes = price_lanes(model, columns, duals)
            routes = price_routes(model, columns, duals, session.routes_complete)
        bound = max(bound, solution.objective - lanes.shortfall - routes.shortfall)
        values = values_of(form, solution.x, VALUES)
        best = LinearAnswer(ships, values, duals, solution.objective, bound, number)
        room = target * max(1.0, abs(solution.objective))
        LOG.info(
            "%s, round %d: %s columns, value %.6g, bound %.6g", stage, number, form.columns, solution.objective, bound
        )
        if not (len(lanes.improving) or routes.routes) or solution.objective - bound <= room or clock.over():
            break
        columns.active[tuple(lanes.improving.T)] = True
        routes.append(model.case, columns)
    return best
