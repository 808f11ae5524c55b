r"""Roles of a large case: whole ones near relaxed ones, area by area, supply held as the relaxation wants it.

The relaxation of the joint model (`coordination.planning.relaxation`) says how many tonnes each zone should hand out
in each period, U, and what one more is worth, pi. Roles are then chosen by the responsibility model with supply held:
least cost of roles that hand out U, each tonne short at its price.

Parties work where their jurisdiction is: the tasks of one district share parties with each other, and few with the
rest. So the program is solved area by area, whole roles in the area, everything else as it stands: first as the
relaxation has it, later as decided. What areas share (hours of parties above them) stays within its limits: areas
solved side by side each get an equal part of what is left. Every step leaves a solution that keeps all rules.
"""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.answer import values_of
from coordination.planning.areas import AreaProgram, area_of_roles, areas_of, by_column
from coordination.planning.dispatching.appointing import ANSWERING, appoint_rest
from coordination.planning.dispatching.lacking import unknown_rules
from coordination.planning.handing import covered_tonnes
from coordination.planning.orders import kept_orders
from coordination.solver import solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.areas import Part
    from coordination.planning.model import ResponseModel
    from coordination.planning.orders import Kept
    from coordination.planning.session import Session

    Floats = NDArray[np.float64]

LOG = logging.getLogger(__name__)
VALUES = ("accountable", "doer", "backup", "cover")
TIMES_PAY = 3.0
"""A tonne short costs at least so many times the pay for handing it out: where pi is just that pay, roles that hand
out nothing would be as good, and goods would have to wait."""
ROLES_GAP = 0.05
"""Share of the requested gap, in money, that choosing roles may leave on the table."""
AREA_GAP = 1e-4
"""Relative gap at which an area's roles are good enough, however little may be left on the table."""
AREA_SECONDS = 60.0
"""Most time for one area where nobody set a limit: whole roles improve slowly after that."""


@dataclass(frozen=True)
class Held:
    """What supply, held as planned, asks of responsibility; by row of ``HANDOUTS``.

    Attributes
    ----------
    tonnes : ndarray
        Tonnes to hand out.
    worth : ndarray
        Money that handing out a tonne is worth.
    """

    tonnes: Floats
    worth: Floats


def wanted(model: ResponseModel, cover: Floats, price: Floats) -> Held:
    """Return what a relaxation hands out, at its prices, and no less than a multiple of the pay for it.

    Parameters
    ----------
    model : ResponseModel
        Whose coverage `cover` is.
    cover : ndarray
        Hours covered in the relaxation.
    price : ndarray
        Money per tonne handed out, by row of ``HANDOUTS``.
    """
    return Held(covered_tonnes(model, cover), np.maximum(price, TIMES_PAY * pay_per_tonne(model)))


def pay_per_tonne(model: ResponseModel) -> Floats:
    """Return the mean pay of those who could hand out a tonne, money, by row of ``HANDOUTS``."""
    cover, rate = model.roles.cover, model.case.instance.policy.handout_tonnes_per_hour
    supply = cover[cover["domain"] == "supply"]
    pay = supply.groupby(["zone", "when"])["pay"].mean().reindex(model.handout_data["HANDOUTS"]).fillna(0.0)
    return np.asarray(pay.to_numpy() / max(rate, 1e-12), dtype=np.float64)


def best_accountable(session: Session) -> Floats | None:
    """Return who is accountable at least cost, by row of ``roles.accountable``; None when no time is left.

    Nothing else depends on it, and the program is a transportation problem: a vertex of its relaxation is whole. Among
    parties at equal cost those come first who could do the task themselves, then by kind (`ANSWERING`), by a price too
    small to outweigh one level.
    """
    form = session.model.compile_accountability()
    cost = form.c.copy()
    if "accountable" in form.variables:
        cost[form.variables["accountable"].slice] += _preference(session.model)
    relaxed = dataclasses.replace(form, c=cost, integrality=np.zeros_like(form.integrality))
    solution = session.solve(relaxed, "accountability")
    return (
        None if solution is None or solution.x is None else values_of(form, solution.x, ["accountable"])["accountable"]
    )


def decided_apart(session: Session, form: MatrixForm) -> MatrixForm:
    """Return a form with who is accountable decided beforehand, where nothing else depends on it and there is time."""
    accountable = best_accountable(session) if session.model.roles.accountability_apart else None
    return form if accountable is None else with_accountable(form, accountable)


def _preference(model: ResponseModel) -> Floats:
    """Return a small price of each pair of task and party: all tasks together less than one level."""
    roles = model.roles
    pairs = roles.accountable[["task", "party"]]
    able = pd.MultiIndex.from_frame(pairs).isin(pd.MultiIndex.from_frame(roles.doers[["task", "party"]]))
    kind = roles.parties["kind"].to_numpy(dtype=object)[pairs["party"].to_numpy()]
    rank = pd.Series(range(len(ANSWERING)), index=pd.Index(ANSWERING)).reindex(kind).fillna(len(ANSWERING)).to_numpy()
    order = np.where(able, rank, rank + len(ANSWERING) + 1)
    level = model.case.instance.policy.level_cost or 1.0
    return np.asarray(0.1 * level * order / ((2 * len(ANSWERING) + 2) * max(1, len(roles.tasks))), dtype=np.float64)


def with_accountable(form: MatrixForm, accountable: Floats) -> MatrixForm:
    """Return the form with the accountable parties fixed."""
    lb, ub = form.lb.copy(), form.ub.copy()
    if "accountable" in form.variables:
        columns = form.variables["accountable"].slice
        lb[columns] = ub[columns] = np.round(accountable)
    return dataclasses.replace(form, lb=lb, ub=ub)


def choose_roles(
    session: Session,
    held: Held,
    accountable: Floats,
    start: dict[str, Floats],
    merged: ResponseModel,
    slack: float,
    seconds: float | None,
) -> dict[str, Floats]:
    """Choose whole roles with supply held; where no time is left, as the field rule would.

    Parameters
    ----------
    held : Held
        As `wanted` gives it.
    accountable : ndarray
        As `best_accountable` gives it.
    start : dict of str to ndarray
        Shares of ``doer``, ``backup`` and ``cover`` to start from.
    merged : ResponseModel
        The model whose index sets order them.
    slack : float
        Money that the choice may leave on the table, all areas together.
    seconds : float or None
        Most time to spend.

    Returns
    -------
    dict of str to ndarray
        Values of `VALUES`, in the order of the index sets of the session's model.
    """
    model = session.model.tight()
    with session.clock.stage("compile"):
        form, areas = with_accountable(model.compile_held(held.tonnes, held.worth), accountable), areas_of(model)
        area, kept = by_column(form, area_of_roles(model, areas)), kept_orders(model.roles, session.holding)
        program = AreaProgram(form, area, _spread(model, form, merged, start, kept))
        sure = np.zeros(form.columns)
        _put(form, sure, {} if kept is None else kept.values)
    undecided: list[int] = []
    with session.clock.stage("solve"):
        each = slack / max(1, len(program.columns))
        whole = partial(_whole, session=session, slack=each, undecided=undecided, sure=sure)
        program.decide(whole, session.workers, seconds)
    values = values_of(form, program.x, VALUES)
    if not undecided or unknown_rules(model.case.instance):
        return values
    LOG.info("roles of %d of %d areas by the field rule", len(undecided), len(program.columns))
    left = np.isin(areas[model.roles.tasks["zone"].to_numpy()], undecided)
    return appoint_rest(model.roles, values, np.flatnonzero(left))


def _spread(
    model: ResponseModel, form: MatrixForm, merged: ResponseModel, start: dict[str, Floats], kept: Kept | None
) -> Floats:
    """Return values in shares as values of `form`: coverage of merged periods spread evenly over them.

    Where hours differ by period that may be too much for some: then all that the party does in the task shrinks. In
    tasks with orders stand the roles that keep them; the hours of these are not there for others.
    """
    roles, width = model.roles, merged.roles.width
    cover, small = roles.cover, merged.roles.cover
    time = merged.roles.time_index(cover["period"].to_numpy(), (cover["domain"] == "supply").to_numpy())
    row = pd.MultiIndex.from_frame(small[["task", "party", "period"]]).get_indexer(
        pd.MultiIndex.from_arrays([cover["task"], cover["party"], time])
    )
    pairs = {
        "doer": np.arange(len(roles.doers)),
        "backup": np.flatnonzero(roles.doers["backups"].to_numpy() > 0),
        "cover": cover["pair"].to_numpy(),
    }
    values = {name: start[name] for name in ("doer", "backup")}
    values["cover"] = np.clip(start["cover"][row] / width[time], 0.0, roles.most_cover)
    sure: dict[str, Floats] = {name: np.zeros(len(value)) for name, value in values.items()}
    if kept is not None:
        sure = kept.values
        values = {name: np.where(kept.ordered[name], 0.0, value) for name, value in values.items()}
    x, before = np.zeros(form.columns), np.zeros(form.columns)
    _put(form, x, values)
    _put(form, before, sure)
    share = _shrinking(form, x, before, pairs, len(roles.doers))
    _put(form, x, {name: value * share[pairs[name]] + sure[name] for name, value in values.items()})
    if "accountable" in form.variables:
        x[form.variables["accountable"].slice] = form.lb[form.variables["accountable"].slice]
    # What is short follows: the rows of coverage, backups, kinds, redundancy and tonnes held say it.
    missing = np.maximum(form.row_lower - form.matrix @ x, 0.0)
    rows = {"gap": "coverage", "backups_missing": "backups", "kind_missing": "kinds", "held_short": "held_handout"}
    rows |= {"coverage_missing": "redundancy"}
    there = {name: row for name, row in rows.items() if name in form.variables and row in form.constraints}
    _put(form, x, {name: missing[form.constraints[row].slice] for name, row in there.items()})
    return x


def _put(form: MatrixForm, x: Floats, values: dict[str, Floats]) -> None:
    for name, value in values.items():
        if name in form.variables:
            x[form.variables[name].slice] = value


def _shrinking(form: MatrixForm, x: Floats, before: Floats, pairs: dict[str, NDArray[np.int64]], count: int) -> Floats:
    """Return the share of each pair's values that the hours of its party allow in every period, others' set aside."""
    share = np.ones(count)
    if "hours" not in form.constraints:
        return share
    hours = form.constraints["hours"].slice
    taken = form.matrix.tocsr()[hours].tocoo()
    used, gone = (
        np.bincount(taken.row, taken.data * values[taken.col], hours.stop - hours.start) for values in (x, before)
    )
    left = np.maximum(form.row_upper[hours] - gone, 0.0)
    allowed = np.minimum(1.0, left / np.maximum(used, 1e-12))
    least = np.ones(form.columns)
    np.minimum.at(least, taken.col, allowed[taken.row])
    for name, pair in pairs.items():
        if name in form.variables:
            np.minimum.at(share, pair, least[form.variables[name].slice])
    return share


def _whole(
    part: Part, *, seconds: float | None, session: Session, slack: float, undecided: list[int], sure: Floats
) -> tuple[Floats, None]:
    """Return whole values of one area; where none are found in time, it is `undecided`.

    Nobody in it acts then but whom orders name, as `sure` has them, by column of the whole program.
    """
    form = part.form
    solution = None
    if not session.clock.over():
        limit = AREA_SECONDS if seconds is None else seconds
        options = session.solver_options(gap=AREA_GAP, seconds=limit)
        options = dataclasses.replace(options, threads=1, slack=slack)
        solution = solve(form, options=options, stage="roles", stop=session.clock.halt)
    if solution is None or solution.x is None:
        undecided.append(part.number)
        values = _nobody(form)
        values[: len(part.columns)] = np.maximum(values[: len(part.columns)], sure[part.columns])
        return values, None
    return solution.x, None


def _nobody(form: MatrixForm) -> Floats:
    """Return values in which nobody acts but who has acted since before the horizon."""
    return np.maximum(np.where(np.isfinite(form.lb), form.lb, 0.0), 0.0)


def chosen_model(full: ResponseModel, chosen: dict[str, Floats]) -> tuple[ResponseModel, dict[str, Floats], Floats]:
    """Return the model with the chosen pairs alone, the roles and the coverage in its order."""
    pairs = full.roles
    doing, backing = chosen["doer"] > 0.5, np.zeros(len(pairs.doers), dtype=bool)
    backing[np.flatnonzero(pairs.doers["backups"].to_numpy() > 0)] = chosen["backup"] > 0.5
    keep = doing | backing
    model = full.restricted(keep)
    wants = model.roles.doers["backups"].to_numpy() > 0
    roles = {
        "accountable": chosen["accountable"],
        "doer": doing[keep].astype(float),
        "backup": backing[keep][wants].astype(float),
    }
    return model, roles, chosen["cover"][keep[pairs.cover["pair"].to_numpy()]]


def priced_bound(session: Session, price: Floats, accountable: Floats, *, gap: float, seconds: float | None) -> float:
    """Return R, the least of responsibility less the worth of what it hands out, proven; minus infinity if not in time.

    Parameters
    ----------
    price : ndarray
        Money per tonne handed out, by row of ``HANDOUTS``.
    """
    model = session.model.tight(merged=True)
    form = with_accountable(compile_priced(model, price), accountable)
    solution = session.solve(form, "roles at prices", gap=gap, seconds=seconds)
    return -np.inf if solution is None else float(solution.bound)


def compile_priced(model: ResponseModel, price: Floats) -> MatrixForm:
    """Return the responsibility side as a matrix, what is handed out earning its price.

    Parameters
    ----------
    price : ndarray
        Money per tonne, by row of ``HANDOUTS``.
    """
    form = model.compile_held(np.zeros(len(price)), np.zeros(len(price)))
    cost = form.c.copy()
    if "cover" in form.variables:
        cover, index = model.roles.cover, model.handout_data["HANDOUTS"]
        row = index.get_indexer(pd.MultiIndex.from_frame(cover[["zone", "when"]]))
        supply = (cover["domain"] == "supply").to_numpy() & (row >= 0)
        rate = model.case.instance.policy.handout_tonnes_per_hour
        cost[form.variables["cover"].slice] -= np.where(supply, rate * np.append(price, 0.0)[row], 0.0)
    return dataclasses.replace(form, c=cost)
