"""Repairs as a solver's values mean them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.answer import values_of
from coordination.planning.recovery.repairs import sequence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.recovery.crews import Crews
    from coordination.planning.recovery.repairs import Repairs

CHOSEN = ("follows", "finished", "crew_hours")


def read_repairs(crews: Crews, form: MatrixForm, x: NDArray[np.float64]) -> Repairs:
    """Return the repairs that a solution means."""
    values = values_of(form, x, CHOSEN)
    legs, finished, worked = (_indexed(form, name, values[name]) for name in CHOSEN)
    chosen = legs[legs["value"] > 0.5].rename(columns={0: "crew", 1: "come", 2: "thing"})
    chosen = chosen.merge(crews.legs, on=["crew", "come", "thing"])
    hours = np.zeros_like(crews.hours)
    if len(worked):
        hours[worked[0].to_numpy(dtype=int), worked[1].to_numpy(dtype=int)] = worked["value"].clip(lower=0.0)
    done = finished[finished["value"] > 0.5] if len(finished) else finished
    # Rows stand by period, so that what comes first is the soonest.
    soonest: dict[tuple[int, int], int] = {}
    for crew, thing, period in zip(*(done[place].astype(int).tolist() for place in range(3)), strict=True):
        soonest.setdefault((crew, thing), period)
    return sequence(crews, chosen, hours, soonest)


def _indexed(form: MatrixForm, name: str, values: NDArray[np.float64]) -> pd.DataFrame:
    """Return a variable's values beside its index, columns 0, 1, …, ``value``."""
    if name not in form.variables or not len(values):
        return pd.DataFrame(np.zeros((0, 3), dtype=np.int64)).assign(value=np.zeros(0))
    frame = form.variables[name].index.to_frame(index=False)
    frame.columns = pd.Index(range(frame.shape[1]))
    return frame.assign(value=values)
