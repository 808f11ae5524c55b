"""The relaxation of the joint model: all of supply, roles in shares, periods merged where nothing differs.

It bounds the joint model, says what is worth what, how much each zone should hand out, and which lanes a plan needs.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from coordination.planning.linear import PricedProgram, with_roles
from coordination.planning.roles import with_accountable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.linear import LinearAnswer
    from coordination.planning.model import ResponseModel
    from coordination.planning.session import Session


def relax(
    session: Session,
    model: ResponseModel,
    accountable: NDArray[np.float64],
    stage: str,
    target: float,
    *,
    spare: float = 0.0,
    held: dict[str, NDArray[np.float64]] | None = None,
) -> LinearAnswer | None:
    """Solve the relaxation by pricing; None when no LP was solved in time.

    Parameters
    ----------
    session : Session
        Whose columns are priced in.
    model : ResponseModel
        Tight, with merged periods (`ResponseModel.tight`).
    accountable : ndarray
        Who is accountable: nothing else depends on it.
    stage, target, spare
        As for `PricedProgram.optimum`.
    held : dict of str to ndarray, optional
        What facilities do, where that is decided.

    Returns
    -------
    LinearAnswer
        In the order of the index sets of `model`; without a basis.
    """
    inner, columns = dataclasses.replace(session, model=model), session.columns
    program = PricedProgram(inner, lambda: relaxed(model, model.compile(columns), accountable, held), basis=False)
    try:
        return program.optimum(stage, target, spare=spare)
    finally:
        program.close()


def relaxed(
    model: ResponseModel,
    form: MatrixForm,
    accountable: NDArray[np.float64],
    held: dict[str, NDArray[np.float64]] | None = None,
) -> MatrixForm:
    """Return the LP: no whole numbers, no doer who cannot do the least share; perhaps with facilities held."""
    form = with_accountable(form, accountable)
    ub = form.ub.copy()
    if "doer" in form.variables:
        ub[form.variables["doer"].slice] = model.roles.able
    form = form if held is None else with_roles(form, held)
    return dataclasses.replace(form, ub=np.minimum(form.ub, ub), integrality=np.zeros_like(form.integrality))
