"""A plan's LP opened again: roles as the plan has them, everything else free, to be asked what limits are worth."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.answer import Answer
from coordination.planning.coding import encode
from coordination.planning.continuity import ENTRY, acting_rows
from coordination.planning.conversions import Conversions
from coordination.planning.dependencies import awaited, waits
from coordination.planning.escalation import first_gaps
from coordination.planning.linear import solve_linear, with_roles
from coordination.planning.responsibility_data import windows
from coordination.planning.roles import chosen_model
from coordination.planning.separate import FIXED_GAP, start_from_nearest
from coordination.planning.ways import begun

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.clock import Clock
    from coordination.planning.options import PlanOptions
    from coordination.planning.responsibility_data import Roles
    from coordination.plans import Plan

    Floats = NDArray[np.float64]

PAIR = ["task", "party"]
STAGE = "roles as planned"


def reopened(plan: Plan, options: PlanOptions, clock: Clock) -> Answer | None:
    """Solve the LP of a plan's instance with the plan's roles; None when not solved in time.

    Parameters
    ----------
    plan : Plan
        A feasible plan of least social cost.
    options : PlanOptions
        Options of solving.
    clock : Clock
        With its limit.

    Returns
    -------
    Answer
        With its LP open: the caller closes it. Bound, and ``objective`` among its figures, are those of the LP.
    """
    session, small = begun(plan.instance, options, clock, None)
    model, columns = session.model, session.columns
    roles, target = roles_of_plan(model.roles, plan), 0.0
    if small:
        columns.active = columns.allowed.copy()
    else:
        start_from_nearest(columns)
        (model, roles, _), target = chosen_model(model, roles | {"cover": np.zeros(len(model.roles.cover))}), FIXED_GAP
    apart = dataclasses.replace(session, model=model)
    linear = solve_linear(apart, lambda form: with_roles(form, roles), STAGE, target * options.gap)
    if linear is None:
        return None
    values = linear.values | roles
    figures: dict[str, float | int | str] = {"objective": linear.objective}
    return Answer(
        model, columns, linear.ships, values, linear.duals, linear.bound, session.notes, figures, linear.program
    )  # fmt: skip


def roles_of_plan(roles: Roles, plan: Plan) -> dict[str, Floats]:
    """Return the roles of a plan as values, in the order of the index sets.

    Parameters
    ----------
    roles : Roles
        Of the plan's instance, all pairs.
    plan : Plan
        The plan.

    Returns
    -------
    dict of str to ndarray
        ``accountable``, ``doer``, ``backup``, and ``worked`` where tasks wait for others: a task may be worked in every
        period before which the plan covers enough of what it waits for. Where doers come and go, ``acting`` (who is one
        when); and with escalation ``short_of``, the first gap of each task.
    """
    held = plan.responsibilities
    coding = roles.case.coding
    held = held.assign(task=encode(coding.tasks, held["task"]), party=encode(coding.parties, held["party"]))
    sides = {
        "accountable": (roles.accountable, "accountable"),
        "doer": (roles.doers, "responsible"),
        "backup": (roles.backups, "backup"),
    }
    values = {name: _among(pairs, held[held["role"] == role]) for name, (pairs, role) in sides.items()}
    doing = held[held["role"] == "responsible"]
    values |= _by_period(roles, windows(doing))
    conversions = Conversions.of_plan(roles.case, plan)
    values |= {"step": conversions.taken.astype(np.float64), "fitted": conversions.fitted.ravel().astype(np.float64)}
    return values | {"worked": _worked(roles, doing)}


def _among(pairs: pd.DataFrame, held: pd.DataFrame) -> Floats:
    there = pd.MultiIndex.from_frame(pairs[PAIR]).isin(pd.MultiIndex.from_frame(held[PAIR]))
    return np.asarray(there, dtype=np.float64)


def _by_period(roles: Roles, spread: pd.DataFrame) -> dict[str, Floats]:
    """Return who is a doer when, and where those at or below a task's zone first leave a gap.

    Parameters
    ----------
    spread : DataFrame
        Doers by period, with ``hours``.
    """
    acting = roles.cover.loc[acting_rows(roles), ENTRY]
    there = pd.MultiIndex.from_frame(acting).isin(pd.MultiIndex.from_frame(spread[ENTRY]))
    return {"acting": np.asarray(there, dtype=np.float64), "short_of": first_gaps(roles, spread)}


def _worked(roles: Roles, doing: pd.DataFrame) -> Floats:
    """Return in which periods each task that waits may be worked, in the order of `waits`."""
    rows = awaited(roles)
    if rows.empty:
        return np.zeros(0)
    spread = windows(doing)
    done = np.zeros((len(roles.tasks), roles.case.periods + 1))
    np.add.at(done, (spread["task"].to_numpy(), spread["period"].to_numpy() + 1), spread["hours"].to_numpy())
    before = done.cumsum(axis=1)[rows["on"].to_numpy(), rows["period"].to_numpy()]
    late = rows[before < rows["hours"].to_numpy() * (1.0 - 1e-9)]
    idle = pd.MultiIndex.from_frame(waits(roles)).isin(pd.MultiIndex.from_frame(late[["task", "period"]]))
    return np.asarray(~idle, dtype=np.float64)
