r"""Courses of facilities in a large case: whole ones, chosen at the relaxation's prices of goods.

The relaxation of the joint model says what goods cost everywhere, kappa, and what storage is worth, sigma
(`coordination.planning.proof`). With goods bought at these prices, no lane and no store is left in the program: what
people are served, who hands it out, who goes to which facility, and what facilities do, whole. That is the Lagrangean
relaxation of goods, fleets, roads and storage (Geoffrion, A. (1974), Lagrangean relaxation for integer programming):
least cost of the program less what there is of them at its price is a bound of the joint model, roles in shares, in
which the courses are whole. It is never below the relaxation's own.

Its courses are then held, and the rest is planned as ever.
"""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.planning.answer import SWITCHES, values_of
from coordination.planning.proof import cost_of_limits
from coordination.planning.relaxation import relaxed
from coordination.planning.route_pricing import price_routes
from coordination.planning.worths import LaneCosts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.linear import LinearAnswer
    from coordination.planning.model import ResponseModel
    from coordination.planning.session import Session

    Floats = NDArray[np.float64]

LOG = logging.getLogger(__name__)
PRICED_ROWS = ("inventory", "stores", "fleets", "roads")
"""Rules whose limits are bought at prices."""
PRICED_COLUMNS = ("ship", "level", "excess")
"""What follows in closed form then."""


@dataclass(frozen=True)
class Courses:
    """What facilities do, and what is proven.

    Attributes
    ----------
    values : dict of str to ndarray
        Whole values of `SWITCHES`, in the order of their index sets.
    bound : float
        No plan costs less, roles in shares or not.
    """

    values: dict[str, Floats]
    bound: float


def choose_courses(
    session: Session,
    model: ResponseModel,
    accountable: Floats,
    linear: LinearAnswer,
    gap: float,
    seconds: float | None,
) -> Courses:
    """Choose what facilities do; each goes on as it does where nothing is found in time.

    Parameters
    ----------
    model : ResponseModel
        That of the relaxation: tight, with merged periods.
    accountable : ndarray
        Who is accountable.
    linear : LinearAnswer
        The relaxation.
    gap : float
        Relative to the social cost, which the choice may leave between its cost and its bound.
    seconds : float or None
        Most time to spend.
    """
    with session.clock.stage("compile"):
        form, outside = priced(session, model, accountable, linear)
    slack = gap * abs(linear.objective) / max(1e-10, abs(linear.objective + outside))
    solution = session.solve(form, "courses of facilities", gap=slack, seconds=seconds)
    if solution is None or solution.x is None:
        bound = linear.bound if solution is None else max(linear.bound, solution.bound - outside)
        return Courses(going_on(model), bound)
    bound = max(linear.bound, solution.bound - outside)
    LOG.info("courses: %.8g, bound %.8g, relaxation %.8g", solution.objective - outside, bound, linear.bound)
    return Courses({name: np.round(x) for name, x in values_of(form, solution.x, SWITCHES).items()}, bound)


def going_on(model: ResponseModel) -> dict[str, Floats]:
    """Return the courses in which facilities go on as they do."""
    from coordination.planning.conversions import Conversions

    going = Conversions.going_on(model.case)
    return {"step": going.taken.astype(float), "fitted": going.fitted.astype(float).ravel()}


def with_courses(linear: LinearAnswer, courses: dict[str, Floats]) -> LinearAnswer:
    """Return the relaxation's answer with courses in place of its own, where there was no time for it with them."""
    return dataclasses.replace(linear, values=linear.values | courses)


def priced(
    session: Session, model: ResponseModel, accountable: Floats, linear: LinearAnswer
) -> tuple[MatrixForm, float]:
    """Return the program in which goods are bought at the relaxation's prices, and the worth of what there is.

    The program's least cost less that worth is a bound.
    """
    nothing = dataclasses.replace(session.columns, active=np.zeros_like(session.columns.active))
    whole = model.compile(nothing)
    form = relaxed(model, whole, accountable)
    prices = dataclasses.replace(linear.prices, worst=np.zeros_like(linear.prices.worst))
    lanes = LaneCosts(model, session.columns)
    goods = linear.cheapest
    integrality, c, lb, ub = form.integrality.copy(), form.c.copy(), form.lb.copy(), form.ub.copy()
    for name in SWITCHES:
        if name in form.variables:
            integrality[form.variables[name].slice] = whole.integrality[form.variables[name].slice]
    y = np.zeros(form.rows)
    if "stores" in form.constraints:
        stores = form.constraints["stores"]
        place, period = (stores.index.get_level_values(level).to_numpy(dtype=int) for level in (0, 1))
        y[stores.slice] = -prices.storage[place, period]
    c -= form.matrix.T @ y
    for name in PRICED_COLUMNS:
        if name in form.variables:
            part = form.variables[name].slice
            c[part], lb[part], ub[part] = 0.0, 0.0, 0.0
    if "serve" in form.variables:
        serve = form.variables["serve"]
        place, batch, period = (serve.index.get_level_values(level).to_numpy(dtype=int) for level in (0, 1, 3))
        cost = goods[place, batch, period]
        there = np.isfinite(cost)
        c[serve.slice] += np.where(there, cost, 0.0)
        ub[serve.slice] = np.where(there, ub[serve.slice], 0.0)
    lower, upper = form.row_lower.copy(), form.row_upper.copy()
    for name in PRICED_ROWS:
        if name in form.constraints:
            rows = form.constraints[name].slice
            lower[rows], upper[rows] = -np.inf, np.inf
    program = dataclasses.replace(
        form, c=c, lb=lb, ub=ub, row_lower=lower, row_upper=upper, integrality=integrality
    )  # fmt: skip
    routes = price_routes(session.columns, prices, np.where(np.isfinite(goods), goods, 0.0), session.routes_complete)
    return program, cost_of_limits(lanes, prices, goods) + routes.shortfall
