r"""What the joint model costs at least, roles in shares, where only what areas share is priced.

Goods where they appear (stock and arrivals), fleet hours, roads and storage have prices, as in
`coordination.planning.proof`, and kappa is what goods cost everywhere at them, over all lanes. Hand-out and roles are
not priced: people hand out where they live, so each area a decides them itself, with who is served when,

.. math:: z \ge \sum_a \min_{x_a} \Bigl\{ c_a x_a + \sum (\kappa - \omega) \, \mathit{serve}_a \;:\;
          \text{service, ages and all rows of responsibility} \Bigr\}
          - \sum a \kappa - \sum \eta H - \sum \tau R - \sum \sigma S + \sum \omega N .

Hand-out of a zone that lies in several areas is priced, too; other rows of responsibility that areas share (hours of
parties above them) let each area have all: a relaxation. Fewer rows are priced than in the bound of prices alone, so at
the same prices this one is hardly ever lower (Geoffrion, A. (1974), Lagrangian relaxation for integer programming); it
takes the least of each area as an LP.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from coordination.planning.areas import DECIDED, AreaProgram, area_of_roles, by_column
from coordination.planning.proof import cost_of_limits
from coordination.planning.relaxation import relaxed
from coordination.planning.route_pricing import price_routes
from coordination.planning.worths import LaneCosts, cheapest_goods

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.areas import Solve
    from coordination.planning.model import ResponseModel
    from coordination.planning.session import Session
    from coordination.planning.worths import Prices

    Floats = NDArray[np.float64]

PRICED = ("inventory", "stores", "fleets", "roads", "shortfalls", "sent_as_chosen")
"""Constraints that prices stand for, or that a bound does without."""


def least_by_area(
    session: Session, model: ResponseModel, accountable: Floats, prices: Prices, areas: NDArray[np.int64], solve: Solve
) -> float:
    """Return a bound of the joint model with roles in shares, all lanes and routes counted.

    Parameters
    ----------
    model : ResponseModel
        Tight, with merged periods.
    accountable : ndarray
        Who is accountable.
    prices : Prices
        Any; those of hand-out count only where areas share it.
    areas : ndarray of int, shape (zones,)
        The area of each zone.
    solve : callable
        Solves one area's LP to its optimum, or gives no duals.

    Returns
    -------
    float
        Minus infinity where an area was not solved to the end.
    """
    lanes = LaneCosts(model, session.columns)
    cheapest = cheapest_goods(lanes, prices)
    without = dataclasses.replace(session.columns, active=np.zeros_like(session.columns.active))
    whole = relaxed(model, model.compile(without), accountable)
    of_column = _areas(model, whole, areas)
    form = _apart(model, whole, cheapest, prices, _shared_handout(whole, of_column, prices))
    x = np.zeros(form.columns)
    if "accountable" in form.variables:
        at = form.variables["accountable"].slice
        x[at] = form.lb[at]
    program = AreaProgram(form, of_column, x)
    known = np.where(np.isfinite(cheapest), cheapest, 0.0)
    routes = price_routes(session.columns, prices, known, session.routes_complete)
    return program.least(solve, session.workers) - cost_of_limits(lanes, prices, cheapest) - routes.shortfall


def _shared_handout(form: MatrixForm, area: NDArray[np.int64], prices: Prices) -> Floats:
    """Return duals of the rows of hand-out that several areas share, 0 for all other rows, shape (rows,)."""
    dual = np.zeros(form.rows)
    if "handout" not in form.constraints:
        return dual
    rows = form.constraints["handout"].slice
    there = form.matrix.tocsr()[rows].tocoo()
    of_entry = area[there.coords[1]]
    pairs = np.unique(np.column_stack([there.coords[0], of_entry])[of_entry > DECIDED], axis=0)
    shared = np.bincount(pairs[:, 0], minlength=rows.stop - rows.start) > 1
    dual[rows] = np.where(shared, -prices.handout, 0.0)
    return dual


def _apart(model: ResponseModel, form: MatrixForm, cheapest: Floats, prices: Prices, dual: Floats) -> MatrixForm:
    """Return the form without the rows that are priced; serving costs what the goods cost there.

    Parameters
    ----------
    dual : ndarray, shape (rows,)
        Not positive, of further rows that are priced.
    """
    kept = np.where(dual < 0, 0.0, 1.0)
    for name in PRICED:
        if name in form.constraints:
            kept[form.constraints[name].slice] = 0.0
    matrix = (sp.diags_array(kept) @ form.matrix).tocsc()
    matrix.eliminate_zeros()
    matrix.sort_indices()
    c, ub = form.c - form.matrix.T @ dual, form.ub.copy()
    offset = form.offset + float((dual * np.where(dual < 0, form.row_upper, 0.0)).sum())
    if "serve" in form.variables:
        serve = form.variables["serve"]
        place, batch, period = (serve.index.get_level_values(n).to_numpy(dtype=np.int64) for n in (0, 1, 3))
        cost = cheapest[place, batch, period]
        there = np.isfinite(cost)
        worst = prices.worst[place, model.case.batches.commodity[batch]]
        c[serve.slice] += np.where(there, cost, 0.0) - worst
        ub[serve.slice] = np.where(there, ub[serve.slice], 0.0)
    return dataclasses.replace(
        form,
        start=matrix.indptr.astype(np.int32), index=matrix.indices.astype(np.int32), value=matrix.data,
        c=c, ub=ub, offset=offset,
        row_lower=np.where(kept > 0, form.row_lower, -np.inf), row_upper=np.where(kept > 0, form.row_upper, np.inf),
    )  # fmt: skip


def _areas(model: ResponseModel, form: MatrixForm, areas: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the area of each column; what is sent, kept and left out of storage is decided by the prices."""
    of_place, parts = areas[model.case.coding.place_zone], area_of_roles(model, areas)
    for name in ("serve", "backlog", "waiting"):
        if name in form.variables:
            parts[name] = of_place[form.variables[name].index.get_level_values(0).to_numpy(dtype=np.int64)]
    return by_column(form, parts)
