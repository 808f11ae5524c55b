"""What each repair saves: the LP of the program that chose them, roles and the other repairs held, without it.

What a repair saves beside the others is its part of the reason why it is done: two that only help together save the
same money each. The hours of its crew are free then, for tasks too.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from coordination.planning.answer import ROLES, SWITCHES
from coordination.status import Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.recovery.repairs import Repairs
    from coordination.planning.session import Session

SEQUENCE = (
    "repaired_once", "repair_lasts", "come_to", "gone_on", "set_out", "first_finished", "next_finished",
    "finished_in_time", "worked_through", "begun_after", "worked_enough",
)  # fmt: skip
"""Rules on who repairs what after what: what is held keeps them."""


def held_form(form: MatrixForm, x: NDArray[np.float64], repairs: Repairs, left_out: int | None = None) -> MatrixForm:
    """Return the LP with roles and repairs held, one of them perhaps left out.

    Parameters
    ----------
    x : ndarray
        A solution of `form`, whose roles are held.
    left_out : int, optional
        Row of ``repairs.order`` that is not done.
    """
    lb, ub = form.lb.copy(), form.ub.copy()
    for name in (*ROLES, *SWITCHES, "follows"):
        if name in form.variables:
            part = form.variables[name].slice
            lb[part] = ub[part] = np.round(x[part])
    done = np.arange(len(repairs.order)) != left_out
    order, finish = repairs.order[done], repairs.finished[done]
    since = dict(zip(zip(order["crew"], order["thing"], strict=True), finish.tolist(), strict=True))
    hours = np.zeros_like(repairs.crews.hours)
    np.add.at(hours, order["crew"].to_numpy(dtype=int), repairs.hours[done])
    for name in ("finished", "crew_hours"):
        if name not in form.variables:
            continue
        index, part = form.variables[name].index, form.variables[name].slice
        values = (
            [float(t >= since.get((c, d), t + 1)) for c, d, t in index]
            if name == "finished"
            else [hours[c, t] for c, t in index]
        )
        lb[part] = ub[part] = np.array(values, dtype=np.float64)
    lower, upper = form.row_lower.copy(), form.row_upper.copy()
    for name in SEQUENCE:
        if name in form.constraints:
            rows = form.constraints[name].slice
            lower[rows], upper[rows] = -np.inf, np.inf
    whole = np.zeros_like(form.integrality)
    return dataclasses.replace(form, lb=lb, ub=ub, row_lower=lower, row_upper=upper, integrality=whole)


def cost_held(
    session: Session, form: MatrixForm, x: NDArray[np.float64], repairs: Repairs, left_out: int | None = None
) -> float | None:
    """Return the social cost of `held_form`; None when it was not found in time."""
    stage = "repairs held" if left_out is None else f"without repair {left_out + 1}"
    solution = session.solve(held_form(form, x, repairs, left_out), stage, seconds=session.clock.within(0.2))
    if solution is None or solution.status is not Status.OPTIMAL:
        return None
    return float(solution.objective)


def savings(session: Session, form: MatrixForm, x: NDArray[np.float64], repairs: Repairs) -> list[float | None]:
    """Return what each repair saves, by row of ``repairs.order``; None where it was not found in time."""
    base = cost_held(session, form, x, repairs) if len(repairs.order) else None
    without = [None if base is None else cost_held(session, form, x, repairs, row) for row in range(len(repairs.order))]
    return [None if base is None or cost is None else cost - base for cost in without]
