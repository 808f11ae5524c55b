"""Responsibility with supply held as planned: its own program, its own bound."""

from __future__ import annotations

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


def held_tonnes(model: ResponseModel, serve: NDArray[np.float64], value: NDArray[np.float64]) -> pd.DataFrame:
    """Return what is handed out by zone and period with a hand-out limit.

    Parameters
    ----------
    serve : ndarray
        Units, in the order of ``SERVICE``.
    value : ndarray
        Money that a unit served is worth, in the same order.

    Returns
    -------
    DataFrame
        Index (zone, period) of ``HANDOUTS``; ``tonnes`` and ``worth`` (money per tonne, mean over what is served).
    """
    data, case = model.fixed_data, model.case
    service = model.frame.service
    handed = data["HANDED_OUT"]
    row = pd.MultiIndex.from_frame(service[["place", "batch", "group", "period"]]).get_indexer(
        pd.MultiIndex.from_frame(handed[["m0", "m1", "m2", "m3"]])
    )
    tonnes = serve[row] * case.batch_tonnes[handed["m1"].to_numpy()]
    parts = pd.DataFrame(
        {"zone": handed["i0"], "period": handed["i1"], "tonnes": tonnes, "worth": serve[row] * value[row]}
    )
    sums = parts.groupby(["zone", "period"])[["tonnes", "worth"]].sum().reindex(data["HANDOUTS"], fill_value=0.0)
    worth = np.divide(sums["worth"], sums["tonnes"], out=np.zeros(len(sums)), where=sums["tonnes"].to_numpy() > 1e-9)
    return sums.assign(worth=worth)


def unit_worth(model: ResponseModel, duals: dict[str, pd.Series[float]]) -> NDArray[np.float64]:
    """Return the social cost that serving one more unit avoids, in the order of ``SERVICE``."""
    service = model.frame.service
    keys = pd.MultiIndex.from_frame(service[["place", "commodity", "group", "period"]])
    need = duals["service"].to_numpy(dtype=float)
    return np.maximum(need[model.fixed_data["NEEDS"].get_indexer(keys)], 0.0)


def solve_held(
    session: Session, tonnes: pd.DataFrame, stage: str, *, gap: float, seconds: float | None
) -> HeldAnswer | None:
    """Solve responsibility with supply held; None when nothing was found in time."""
    form = held_form(session.model, tonnes)
    solution = session.solve(form, stage, gap=gap, seconds=seconds)
    if solution.x is None:
        return None
    values = values_of(form, solution.x, VALUES)
    return HeldAnswer(values, float(solution.objective), float(solution.bound))


def held_form(model: ResponseModel, tonnes: pd.DataFrame) -> MatrixForm:
    """Return the responsibility side with supply held as a matrix."""
    from coordination_models.response import responsibility_model

    from coordination.compilation import compile_model

    fixed = model.fixed_data
    data = model.roles.data() | {name: fixed[name] for name in ("HANDOUTS", "HANDING_OUT", "handout_rate")}
    index = fixed["HANDOUTS"]
    data["held_tonnes"] = pd.Series(tonnes["tonnes"].to_numpy(), index)
    data["held_price"] = pd.Series(tonnes["worth"].to_numpy(), index)
    return compile_model(responsibility_model(), data)


def tonnes_of(model: ResponseModel, answer: LinearAnswer) -> pd.DataFrame:
    """Return the tonnes to hold and their worth from the optimum of an LP of the joint model."""
    tonnes = held_tonnes(model, answer.values["serve"], unit_worth(model, answer.duals))
    least = np.maximum(-answer.duals["handout"].to_numpy(dtype=float), 0.0)
    return tonnes.assign(worth=np.maximum(tonnes["worth"].to_numpy(), least))
