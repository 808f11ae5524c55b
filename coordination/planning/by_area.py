r"""The way by area, for cities whose joint LP is too large for one solve: what is shared is allotted, area by area.

1. Coarser cases (`coordination.planning.levels`), needs gathered within these areas, say what goods, fleet hours, roads
   and hand-out are worth, and who sends how much where: shared out among alike places, that is each area's share of
   stores, fleets and roads, and what goes between stores.
2. The joint LP, roles in shares, is decided area by area within these shares (`coordination.planning.areas`): what is
   served when, on which lanes, who covers which hours. What an area does not use in time stays in the store for it.
   Where that leaves more than the gap and there is time, once more across these areas: places of all of them decide
   together, so that what one has more of than it can hand out goes to another.
3. The bound is that of `coordination.planning.area_bound`, for the joint model with roles in shares: any prices of what
   areas share prove one. These are the prices of step 1.
4. Whole roles, area by area (`coordination.planning.roles`), then the LP with these roles fixed, area by area again.

No LP of the whole city is solved, so there are no duals of one: such a plan has no prices.
"""

from __future__ import annotations

import dataclasses
import logging
import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.answer import VALUES, Answer, duals_of, trivial_bound, values_of
from coordination.planning.area_bound import least_by_area
from coordination.planning.areas import DECIDED, AreaProgram, area_of_roles, by_column
from coordination.planning.handing import relaxed_within_hours
from coordination.planning.linear import with_roles
from coordination.planning.pieces import across, pieces
from coordination.planning.relaxation import relaxed
from coordination.planning.roles import ROLES_GAP, choose_roles, chosen_model, pay_per_tonne, wanted
from coordination.planning.spreading import share_out
from coordination.solver import solve
from coordination.status import Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.areas import Part
    from coordination.planning.columns import Columns
    from coordination.planning.levels import Gathered
    from coordination.planning.model import ResponseModel
    from coordination.planning.session import Session
    from coordination.solver import Solution

    Floats = NDArray[np.float64]

LOG = logging.getLogger(__name__)
ROLES_TIME = 0.5
"""Share of the time left that choosing roles takes at most."""
ACROSS = 0.25
"""Share of the gap asked for that the first areas may leave without deciding across them."""
TAKES = 5.0
"""Times the first areas took that deciding across them, roles and the last LPs are given: two, one and one of them at
1,000 and 3,000 communities, and something besides."""


def solve_by_area(session: Session, accountable: Floats, gathered: Gathered) -> Answer | None:
    """Solve a very large case from the coarser one; None when there was no time for every area.

    Parameters
    ----------
    accountable : ndarray
        Who is accountable, by row of ``roles.accountable``.
    gathered : Gathered
        As `coordination.planning.levels.start_from_above` returns it.
    """
    merged, columns = session.model.tight(merged=True), session.columns
    with session.clock.stage("compile"):
        ships, quantity = share_out(columns, gathered)
        columns.active[tuple(ships[name].to_numpy() for name in ("lane", "batch", "period"))] = True
        form = relaxed(merged, merged.compile(columns), accountable)
        x = _start(merged, columns, form, ships.assign(quantity=quantity), gathered)
    began = time.monotonic()
    program = _decide(session, merged, form, x, pieces(merged))
    if not program.solved:
        return None
    took = time.monotonic() - began
    with session.clock.stage("price"):
        bound = max(trivial_bound(session.model), _bound(session, merged, accountable, gathered))
    LOG.info("roles in shares, by area: %.8g, bound %.8g", form.objective(program.x), bound)
    near = form.objective(program.x) - bound <= ACROSS * session.options.gap * abs(form.objective(program.x))
    if not near and session.clock.has(TAKES * took):
        program = _decide(session, merged, form, program.x, across(merged))
        LOG.info("across areas: %.8g", form.objective(program.x))
    values = values_of(form, program.x, VALUES)
    price = np.maximum(-duals_of(form, program.dual)["handout"].to_numpy(dtype=float), 0.0)
    held = wanted(merged, values["cover"], price)
    slack = ROLES_GAP * session.options.gap * abs(form.objective(program.x))
    chosen = choose_roles(session, held, accountable, values, merged, slack, session.clock.within(ROLES_TIME))
    model, roles, cover = chosen_model(session.model, chosen)
    with session.clock.stage("compile"):
        fixed = with_roles(model.compile(columns), roles)
        x = _moved(form, program.x, fixed, roles | {"cover": cover})
    last = _decide(session, model, fixed, x, pieces(model))
    LOG.info("roles fixed, by area: %.8g", fixed.objective(last.x))
    values = values_of(fixed, last.x, VALUES)
    if not last.solved:
        values |= relaxed_within_hours(model, values, values["cover"])
    session.notes.append("Prices and reasons are missing: the city was planned area by area, without one LP for all.")
    return Answer(
        model, columns, columns.ships(), values | roles, None, bound, session.notes,
        {"way": "by area", "areas": len(last.columns)},
    )  # fmt: skip


def _decide(
    session: Session, model: ResponseModel, form: MatrixForm, x: Floats, areas: NDArray[np.int64]
) -> AreaProgram:
    """Decide an LP of the joint model area by area, given by zone; what stores keep may grow."""
    kept = _column(form, "level", model.case.reach.origin & ~model.case.reach.limited)
    program = AreaProgram(form, _areas(session.columns, model, form, areas), x, kept)
    with session.clock.stage("solve"):
        program.decide(partial(_good_values, session=session), session.workers)
    return program


def _areas(columns: Columns, model: ResponseModel, form: MatrixForm, areas: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the area of each column; what stores keep and send each other is decided already."""
    case = model.case
    of_place, store = areas[case.coding.place_zone], case.reach.origin
    shared = np.where(store, DECIDED, of_place)
    lane = columns.ships()["lane"].to_numpy()
    parts = {"ship": shared[columns.lanes["destination"].to_numpy()[lane]]}
    for name, by in (("level", shared), ("excess", shared), ("serve", of_place), ("backlog", of_place)):
        parts[name] = by[_first(form, name)]
    parts["waiting"] = of_place[_first(form, "waiting")]
    return by_column(form, parts | area_of_roles(model, areas))


def _first(form: MatrixForm, name: str) -> NDArray[np.int64]:
    """Return the first index (the place) of each column of a variable."""
    if name not in form.variables:
        return np.zeros(0, dtype=np.int64)
    return form.variables[name].index.get_level_values(0).to_numpy(dtype=np.int64)


def _column(form: MatrixForm, name: str, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the columns of a variable at chosen places."""
    if name not in form.variables:
        return np.zeros(0, dtype=np.int64)
    return np.asarray(form.variables[name].slice.start + np.flatnonzero(chosen[_first(form, name)]), dtype=np.int64)


def _optimum(part: Part, *, seconds: float | None, session: Session) -> tuple[Floats, Floats | None]:
    """Return optimal values and duals of one area's LP; its present values where none were found."""
    solution = _solved(part, seconds, session)
    if solution is None or solution.status is not Status.OPTIMAL or solution.x is None:
        return part.now, None
    return solution.x, solution.row_dual


def _good_values(part: Part, *, seconds: float | None, session: Session) -> tuple[Floats, Floats | None]:
    """Return values of one area's LP that keep its rules, optimal or not, with duals, 0 where they are not optimal.

    Such duals only say what is worth holding; they prove nothing.
    """
    solution = _solved(part, seconds, session)
    if solution is None or solution.x is None or solution.status not in (Status.OPTIMAL, Status.FEASIBLE):
        return part.now, None
    known = solution.status is Status.OPTIMAL and solution.row_dual is not None
    return solution.x, solution.row_dual if known else np.zeros(part.form.rows)


def _solved(part: Part, seconds: float | None, session: Session) -> Solution | None:
    """Return how one area's LP ended; None when no time is left."""
    if session.clock.over():
        return None
    options = dataclasses.replace(session.solver_options(seconds=seconds), threads=1, crossover=False)
    solution = solve(part.form, options=options, stage="area", stop=session.clock.halt)
    if solution.status is not Status.OPTIMAL:
        LOG.info("an area was not solved to the end: %s", solution.status)
    return solution


def _bound(session: Session, model: ResponseModel, accountable: Floats, gathered: Gathered) -> float:
    """Return the bound at the coarser case's prices of what areas share."""
    goods = np.where(np.isfinite(gathered.cheapest), gathered.cheapest, 0.0)
    price = gathered.prices.handout + pay_per_tonne(model)
    prices = dataclasses.replace(gathered.prices, goods=goods, handout=price)
    return least_by_area(session, model, accountable, prices, pieces(model), partial(_optimum, session=session))


def _start(model: ResponseModel, columns: Columns, form: MatrixForm, ships: pd.DataFrame, gathered: Gathered) -> Floats:
    """Return values to start from: who is accountable, what is sent, and what stores serve and keep then."""
    case, x = model.case, np.zeros(form.columns)
    if "accountable" in form.variables:
        fixed = form.variables["accountable"].slice
        x[fixed] = form.lb[fixed]
    key = ["lane", "batch", "period"]
    amount = ships.groupby(key)["quantity"].sum()
    x[form.variables["ship"].slice] = amount.reindex(pd.MultiIndex.from_frame(columns.ships()[key])).fillna(0.0)
    key = ["place", "batch", "group", "period"]
    at_stores = gathered.serve[case.reach.origin[gathered.serve["place"].to_numpy()]]
    if len(at_stores) and "serve" in form.variables:
        served = at_stores.groupby(key)["quantity"].sum()
        x[form.variables["serve"].slice] = served.reindex(form.variables["serve"].index).fillna(0.0)
    _keep(model, form, x)
    return x


def _keep(model: ResponseModel, form: MatrixForm, x: Floats) -> None:
    """Set what is kept at every place: what is there and not sent or served."""
    rows, level = form.constraints["inventory"].slice, form.variables["level"].slice
    holding, case = model.frame.holding, model.case
    short = (form.row_upper - form.matrix @ x)[rows]  # inflow - outflow - kept == -supply
    net = np.append(-short, 0.0)[holding]
    kept = np.zeros((*holding.shape[:2], case.periods))
    shares = form.matrix.tocsr()[rows, level]
    before = np.zeros(holding.shape)
    for t in range(case.periods):
        if t:
            row = holding[:, :, t], holding[:, :, t - 1]
            able = (row[0] >= 0) & (row[1] >= 0)
            share = np.zeros(able.shape)
            share[able] = np.asarray(shares[row[0][able], row[1][able]]).ravel()
            before[:, :, t] = share * kept[:, :, t - 1]
        kept[:, :, t] = np.maximum(net[:, :, t] + before[:, :, t], 0.0)
    x[level] = kept[holding >= 0]


def _moved(form: MatrixForm, x: Floats, other: MatrixForm, roles: dict[str, Floats]) -> Floats:
    """Return values of supply, and of whole roles, in another form with the same index sets of supply."""
    moved = np.zeros(other.columns)
    for name in ("ship", "level", "serve", "backlog", "waiting", "excess", "worst"):
        if name in form.variables and name in other.variables:
            moved[other.variables[name].slice] = x[form.variables[name].slice]
    for name, values in roles.items():
        if name in other.variables:
            moved[other.variables[name].slice] = values
    return moved
