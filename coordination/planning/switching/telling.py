"""Why a zone switches when it does: what one period earlier or later would cost, solved again.

Roles and the modes of all other zones are held as chosen; what is covered, sent, served and converted is decided anew.
So a difference is what the other period costs with these roles, and no less than what it costs with the best ones.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.instance.vocabulary import MODES
from coordination.planning.answer import ROLES
from coordination.planning.switching.calming import course_of
from coordination.status import Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.session import Session
    from coordination.planning.switching.data import Switching
    from coordination.world.choosing import Choosing

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MOST_TOLD = 24
"""Switches up to which each is explained; of more the first ones are."""
PART = 0.1
"""Share of the time that is left for each question."""
FOR_THE_PLAN = 0.4
"""Share of the whole time limit that is kept for the plan with the modes as chosen: no question is asked in it."""


def switches_of(choosing: Choosing, schedule: Ints) -> list[tuple[int, int, int, int]]:
    """Return all switches of a schedule: chooser, period, mode left, mode gone into; by period."""
    before, _ = choosing.before
    past = np.concatenate([before[:, None], schedule[:, :-1]], axis=1)
    zone, period = np.nonzero(past != schedule)
    rows = zip(
        zone.tolist(), period.tolist(), past[zone, period].tolist(), schedule[zone, period].tolist(), strict=True
    )
    return sorted(rows, key=lambda row: (row[1], row[0]))


def untold(choosing: Choosing, schedule: Ints) -> list[dict[str, Any]]:
    """Return each switch, without what other periods would cost."""
    return [
        {
            "zone": str(choosing.names[zone]), "period": period, "left": MODES[left], "entered": MODES[entered],
            "earlier": None, "later": None,
        }
        for zone, period, left, entered in switches_of(choosing, schedule)
    ]  # fmt: skip


def told_switches(
    session: Session, switching: Switching, form: MatrixForm, x: Floats, schedule: Ints
) -> list[dict[str, Any]]:
    """Return each switch with what one period earlier and later would cost; None where it cannot be, or is not known.

    Parameters
    ----------
    form : MatrixForm
        The program that chose.
    x : ndarray
        Its solution, whose roles are held.
    schedule : ndarray of int, shape (choosers, periods)
        The modes chosen.
    """
    rows = switches_of(switching.choosing, schedule)
    there = rows and session.clock.has(0.0, FOR_THE_PLAN)
    base = _cost(session, form, x, schedule, "modes held") if there else None
    told = untold(switching.choosing, schedule)
    for row, (zone, period, left, entered) in zip(told[:MOST_TOLD], rows, strict=False):
        if not session.clock.has(0.0, FOR_THE_PLAN):
            break
        earlier, later = schedule.copy(), schedule.copy()
        later[zone, period] = left
        row["later"] = _more(session, switching, form, x, zone, later, base)
        if period > 0:
            earlier[zone, period - 1] = entered
            row["earlier"] = _more(session, switching, form, x, zone, earlier, base)
    return told


def _more(
    session: Session, switching: Switching, form: MatrixForm, x: Floats, zone: int, schedule: Ints, base: float | None
) -> float | None:
    """Return what another schedule of one zone costs more; None where it is not allowed or not known."""
    if base is None or not course_of(switching.choosing, zone).holds(schedule[zone]):
        return None
    cost = _cost(session, form, x, schedule, "another period")
    return None if cost is None else cost - base


def held_form(form: MatrixForm, x: Floats, schedule: Ints) -> MatrixForm:
    """Return the program with roles and modes held."""
    lb, ub, whole = form.lb.copy(), form.ub.copy(), form.integrality.copy()
    for name in ROLES:
        if name in form.variables:
            part = form.variables[name].slice
            lb[part] = ub[part] = np.round(x[part])
            whole[part] = 0
    part = form.variables["in_mode"].slice
    index = form.variables["in_mode"].index.to_frame(index=False).to_numpy(dtype=np.int64)
    lb[part] = ub[part] = (schedule[index[:, 0], index[:, 2]] == index[:, 1]).astype(float)
    whole[part] = 0
    return dataclasses.replace(form, lb=lb, ub=ub, integrality=whole)


def _cost(session: Session, form: MatrixForm, x: Floats, schedule: Ints, stage: str) -> float | None:
    """Return the social cost with roles and modes held; None where it was not found out in time."""
    solution = session.solve(held_form(form, x, schedule), stage, gap=1e-9, seconds=session.clock.within(PART))
    if solution is None or solution.status is not Status.OPTIMAL:
        return None
    return float(solution.objective)
