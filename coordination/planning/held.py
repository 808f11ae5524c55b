"""Responsibility with supply held as planned, and at given prices of handing out: its own program, its own bound."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.answer import values_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.linear import LinearAnswer
    from coordination.planning.model import ResponseModel
    from coordination.planning.session import Session

VALUES = ("accountable", "doer", "backup", "cover")


@dataclass(frozen=True)
class HeldAnswer:
    """Roles for given tonnes to hand out.

    Attributes
    ----------
    values : dict of str to ndarray
        Of ``accountable``, ``doer``, ``backup``, ``cover``.
    objective : float
        Responsibility terms, and the price of tonnes that cannot be handed out.
    bound : float
        Proven for the same tonnes.
    """

    values: dict[str, NDArray[np.float64]]
    objective: float
    bound: float


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

    tonnes: NDArray[np.float64]
    worth: NDArray[np.float64]


def held_by(model: ResponseModel, answer: LinearAnswer) -> Held:
    """Return the tonnes that an answer hands out, at what serving them is worth (mean over what is served)."""
    service, handed = model.frame.service, model.handout_data["HANDED_OUT"]
    keys = pd.MultiIndex.from_frame(service[["place", "commodity", "group", "period"]])
    need = np.maximum(answer.duals["service"].to_numpy(dtype=float), 0.0)
    value = need[model.supply_data["NEEDS"].get_indexer(keys)]
    serve = answer.values["serve"]
    row = pd.MultiIndex.from_frame(service[["place", "batch", "group", "period"]]).get_indexer(
        pd.MultiIndex.from_frame(handed[["m0", "m1", "m2", "m3"]])
    )
    index = model.handout_data["HANDOUTS"]
    limit = index.get_indexer(pd.MultiIndex.from_frame(handed[["i0", "i1"]]))
    units = serve[row]
    tonnes = np.bincount(limit, units * model.case.batch_tonnes[handed["m1"].to_numpy()], len(index)).astype(float)
    worth = np.bincount(limit, units * value[row], len(index))
    mean = np.divide(worth, tonnes, out=np.zeros(len(index)), where=tonnes > 1e-9)
    return Held(tonnes, np.maximum(mean, handout_prices(answer)))


def handout_prices(answer: LinearAnswer) -> NDArray[np.float64]:
    """Return what one more tonne handed out would save, by row of ``HANDOUTS``."""
    return np.maximum(-answer.duals["handout"].to_numpy(dtype=float), 0.0)


def most_tonnes(model: ResponseModel) -> NDArray[np.float64]:
    """Return the tonnes that all hours of the supply tasks could hand out, by row of ``HANDOUTS``."""
    index, cover = model.handout_data["HANDOUTS"], model.handout_data["HANDING_OUT"]
    tasks = model.roles.tasks["hours"].to_numpy()
    covered = cover.drop_duplicates(["i0", "i1", "m0"])
    hours = np.bincount(
        index.get_indexer(pd.MultiIndex.from_frame(covered[["i0", "i1"]])), tasks[covered["m0"]], len(index)
    ).astype(float)
    return hours * model.case.instance.policy.handout_tonnes_per_hour


def best_accountable(session: Session) -> NDArray[np.float64] | None:
    """Return who is accountable at least cost, by row of ``roles.accountable``; None when no time is left.

    Nothing else depends on it, and the program is a transportation problem: a vertex of its relaxation is whole.
    """
    form = session.model.compile_accountability()
    relaxed = dataclasses.replace(form, integrality=np.zeros_like(form.integrality))
    solution = session.solve(relaxed, "accountability")
    return (
        None if solution is None or solution.x is None else values_of(form, solution.x, ["accountable"])["accountable"]
    )


def solve_held(
    session: Session,
    model: ResponseModel,
    held: Held,
    accountable: NDArray[np.float64],
    stage: str,
    *,
    gap: float,
    seconds: float | None,
) -> HeldAnswer | None:
    """Choose roles with supply held; None when nothing was found in time.

    Parameters
    ----------
    model : ResponseModel
        With periods merged for a first choice (its coverage is by stretch), or as they are.
    accountable : ndarray
        As `best_accountable` gives it.
    gap : float
        Relative gap of the responsibility terms.
    seconds : float or None
        Most time to spend.
    """
    form = with_accountable(model.compile_held(held.tonnes, held.worth), accountable)
    solution = session.solve(form, stage, gap=gap, seconds=seconds)
    if solution is None or solution.x is None:
        return None
    return HeldAnswer(values_of(form, solution.x, VALUES), float(solution.objective), float(solution.bound))


def priced_bound(
    session: Session, price: NDArray[np.float64], accountable: NDArray[np.float64], *, gap: float, seconds: float | None
) -> float:
    """Return the least of responsibility less the worth of what it hands out, proven; minus infinity if not in time.

    Periods are merged for all tasks but those that hand out, whose price differs by period: a relaxation, and a
    smaller program.

    Parameters
    ----------
    price : ndarray
        Money per tonne handed out, by row of ``HANDOUTS``.
    """
    model = session.model.merged("but supply")
    form = with_accountable(model.compile_held(np.zeros(len(price)), np.zeros(len(price))), accountable)
    cost = form.c.copy()
    if "cover" in form.variables:
        cover = model.roles.cover
        index = model.handout_data["HANDOUTS"]
        period = cover["period"].to_numpy() - (model.roles.stretch[-1] + 1)
        row = index.get_indexer(pd.MultiIndex.from_arrays([cover["zone"], period]))
        supply = (cover["domain"] == "supply").to_numpy() & (row >= 0)
        rate = model.case.instance.policy.handout_tonnes_per_hour
        cost[form.variables["cover"].slice] -= np.where(supply, rate * np.append(price, 0.0)[row], 0.0)
    solution = session.solve(dataclasses.replace(form, c=cost), "roles at prices", gap=gap, seconds=seconds)
    return -np.inf if solution is None else float(solution.bound)


def with_accountable(form: MatrixForm, accountable: NDArray[np.float64]) -> MatrixForm:
    """Return the form with the accountable parties fixed."""
    lb, ub = form.lb.copy(), form.ub.copy()
    if "accountable" in form.variables:
        columns = form.variables["accountable"].slice
        lb[columns] = ub[columns] = np.round(accountable)
    return dataclasses.replace(form, lb=lb, ub=ub)
