"""The mean scenario of an instance: every factor is the mean over all scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.world.effects import Effects
from coordination.world.factors import BY_PERIOD, BY_PLACE, factors_by_period

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance

MEAN = "mean of all scenarios"


def mean_instance(instance: Instance, names: list[str], probabilities: NDArray[np.float64]) -> Instance:
    """Return the instance under one scenario whose factors are the means over several.

    Parameters
    ----------
    instance : Instance
        With the scenarios.
    names : list of str
        Which.
    probabilities : ndarray
        (scenarios,) how likely each is; they sum to 1.

    Returns
    -------
    Instance
        Under the scenario `MEAN`; roads that some scenarios close are slow in it by the mean factor.
    """
    effects = [Effects(instance.under(name)) for name in names]
    rows: list[pd.DataFrame] = []
    for name in BY_PLACE:
        rows += _by_place(instance, effects, probabilities, name)
    for name in BY_PERIOD:
        rows += _by_period(instance, effects, probabilities, name)
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame({"table": [], "factor": []})
    scenario: dict[str, Any] = {"scenario": MEAN, "hazard": "mean", "probability": 1.0}
    rest: dict[str, Any] = {"forecasts": [], "outlooks": []}
    return instance.under(None).replace(scenarios=[scenario], effects=table.assign(scenario=MEAN), **rest).under(MEAN)


def _by_place(instance: Instance, effects: list[Effects], p: Any, table: str) -> list[pd.DataFrame]:
    if not any(one.on(table) for one in effects):
        return []
    places, zones = (instance.places[name].to_numpy(dtype=object) for name in ("place", "zone"))
    commodities = instance.commodities["commodity"].to_numpy(dtype=object)
    mean = sum(q * one.by_place(table, places, zones, commodities) for q, one in zip(p, effects, strict=True))
    place, commodity, period = np.nonzero(np.asarray(mean) != 1.0)
    factor = np.asarray(mean)[place, commodity, period]
    rows = {"where": places[place], "commodity": commodities[commodity], "start": period, "end": period}
    return [pd.DataFrame({"table": table, **rows, "factor": factor})]


def _by_period(instance: Instance, effects: list[Effects], p: Any, table: str) -> list[pd.DataFrame]:
    if not any(one.on(table) for one in effects):
        return []
    found = [factors_by_period(instance, one, table) for one in effects]
    names, mean = found[0][0], sum(q * factors for q, (_, factors) in zip(p, found, strict=True))
    row, period = np.nonzero(np.asarray(mean) != 1.0)
    factor = np.asarray(mean)[row, period]
    return [pd.DataFrame({"table": table, "where": names[row], "start": period, "end": period, "factor": factor})]
