"""Need that stays unmet, by group of people, over all scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.twostage.risk import cvar

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.preparation.second_stage import SecondStage


def unmet_by_group(
    stages: list[SecondStage], values: list[NDArray[np.float64]], p: NDArray[np.float64], level: float
) -> list[dict[str, Any]]:
    """Return what of its need each group does not get: mean, CVaR and worst case over the scenarios, tonnes.

    Parameters
    ----------
    stages : list of SecondStage
        The scenarios.
    values : list of ndarray
        Of each scenario's columns.
    p : ndarray
        (scenarios,) probabilities.
    level : float
        Confidence level of CVaR.

    Returns
    -------
    list of dict
        ``group``, ``mean``, ``cvar``, ``worst``: need over the horizon, initial backlogs included, less what is served.
    """
    groups = stages[0].model.case.coding.groups
    tonnes = np.array([_tonnes(one, y, len(groups)) for one, y in zip(stages, values, strict=True)])
    return [
        {
            "group": group,
            "mean": float(p @ tonnes[:, code]),
            "cvar": cvar(tonnes[:, code], p, level),
            "worst": float(tonnes[p > 0, code].max()),
        }
        for code, group in enumerate(groups)
    ]


def _tonnes(one: SecondStage, values: NDArray[np.float64], groups: int) -> NDArray[np.float64]:
    """Return what each group lacks in one scenario, shape (groups,)."""
    case = one.model.case
    keys, waiting = case.waiting.keys, case.waiting
    need = (waiting.need.sum(axis=1) + waiting.start) * case.tonnes[keys["commodity"].to_numpy(dtype=int)]
    lack = np.zeros(groups)
    np.add.at(lack, keys["group"].to_numpy(dtype=int), need)
    served = one.form.values("serve", values)
    if len(served):
        index = served.index
        batch = index.get_level_values(1).to_numpy(dtype=int)
        group = index.get_level_values(2).to_numpy(dtype=int)
        np.subtract.at(lack, group, served.to_numpy() * case.batch_tonnes[batch])
    return np.maximum(lack, 0.0)
