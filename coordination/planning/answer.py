"""What solving gave: shipments, service and roles by name, prices, the proven bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.planning.amounts import refuse_late
from coordination.planning.continuity import acting_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.columns import Columns
    from coordination.planning.linear import PricedProgram
    from coordination.planning.model import ResponseModel
    from coordination.planning.session import Session

DUALS = ("inventory", "service", "stores", "fleets", "roads", "hours", "handout", "shortfalls", "visited")
ROLES = ("accountable", "doer", "backup", "worked", "consulted", "acting", "short_of")
SWITCHES = ("step", "fitted")
"""What facilities do."""
VALUES = ("ship", "serve", "visit", "cover", *ROLES, *SWITCHES)


@dataclass(frozen=True)
class Answer:
    """The best answer so far.

    Attributes
    ----------
    model : ResponseModel
        The model whose index sets order the values (perhaps with the chosen roles alone).
    columns : Columns
        The shipments that were in the model.
    ships : DataFrame
        ``lane``, ``batch``, ``period`` of them, in the order of the values of ``ship``.
    values : dict of str to ndarray
        Of each variable in `VALUES`, in the order of its index set.
    duals : dict of str to Series or None
        Of each constraint in `DUALS`, with the roles fixed; None where no LP was solved to its optimum.
    bound : float
        Proven: no plan costs less. Minus infinity where nothing is proven.
    notes : list of str
        Honest remarks.
    figures : dict
        Rounds, sizes and the like, for provenance.
    program : PricedProgram or None
        The LP with the roles fixed, kept open to be asked why; whoever has the answer closes it.
    rules : dict or None
        The least social cost ``without`` the policy's rules, and the ``front`` that they ask for.
    """

    model: ResponseModel
    columns: Columns
    ships: pd.DataFrame
    values: dict[str, NDArray[np.float64]]
    duals: dict[str, pd.Series[float]] | None
    bound: float
    notes: list[str] = field(default_factory=list)
    figures: dict[str, float | int | str] = field(default_factory=dict)
    program: PricedProgram | None = None
    rules: dict[str, Any] | None = None


def values_of(form: MatrixForm, x: NDArray[np.float64], names: Iterable[str]) -> dict[str, NDArray[np.float64]]:
    """Return the values of variables by name, in the order of their index sets (nothing for an empty one)."""
    found = form.variables
    return {name: x[found[name].slice] if name in found else np.zeros(0) for name in names}


def duals_of(form: MatrixForm, y: NDArray[np.float64]) -> dict[str, pd.Series[float]]:
    """Return the duals of the constraints in `DUALS` over their index sets."""
    found = form.constraints
    return {name: form.duals(name, y) if name in found else pd.Series(dtype=float) for name in DUALS}


def nothing_found(session: Session, bound: float, figures: dict[str, float | int | str]) -> Answer:
    """Return the answer that always exists: nothing sent, the core accountable, nobody else but whom rules order."""
    model = session.model
    refuse_late(model.case.instance)
    roles, ships = model.roles, session.columns.ships()
    values = {
        "ship": np.zeros(len(ships)),
        "serve": np.zeros(len(model.frame.service)),
        "visit": np.zeros(0),
        "cover": np.zeros(len(roles.cover)),
        "accountable": roles.accountable["core"].to_numpy(dtype=float),
        "doer": np.zeros(len(roles.doers)),
        "backup": np.zeros(len(roles.backups)),
        "worked": np.zeros(0),
        "consulted": np.zeros(0),
        "acting": np.zeros(int(acting_rows(roles).sum())),
        "short_of": np.zeros(0),
        "step": np.zeros(0),
        "fitted": np.zeros(0),
    }
    ordered = ""
    if session.holding is not None:
        values, ordered = values | session.holding.values(roles), " but whom mandates and conflicts ask for"
    session.notes.append(
        f"No plan was found in time: nothing is sent, the core is accountable, nobody else acts{ordered}."
    )
    return Answer(model, session.columns, ships, values, None, bound, session.notes, figures)


def trivial_bound(model: ResponseModel) -> float:
    """Return a bound that needs no solver: every term but interest is at least 0, and interest at most all hours.

    Each hour of a task pays at most the largest benefit of anybody who may do it.
    """
    doers = model.roles.doers
    best = (doers["benefit"] - doers["pay"]).clip(lower=0.0).groupby(doers["task"]).max()
    hours = (model.roles.tasks["hours"] * model.roles.tasks["length"]).to_numpy()[best.index.to_numpy(dtype=int)]
    return -float((best.to_numpy() * hours).sum())
