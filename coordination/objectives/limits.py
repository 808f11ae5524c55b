"""A program with one more row: an objective held down."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from coordination.compilation import MatrixForm
    from coordination.objectives.objective import Objective


def minimising(form: MatrixForm, objective: Objective) -> MatrixForm:
    """Return the program with another objective."""
    return dataclasses.replace(
        form, c=objective.c.astype(np.float64), offset=objective.constant, maximize=False, terms={}
    )


def at_most(form: MatrixForm, objective: Objective, limit: float) -> MatrixForm:
    """Return the program with a row more, the last one: the objective amounts to no more than `limit`."""
    used = np.flatnonzero(objective.c)
    count = np.diff(form.start)
    count[used] += 1
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    # In each column the new entry comes last: rows stay ascending.
    entry = np.ones(int(start[-1]), dtype=bool)
    entry[start[used + 1] - 1] = False
    index, value = np.empty(len(entry), dtype=np.int32), np.empty(len(entry))
    index[entry], value[entry] = form.index, form.value
    index[~entry], value[~entry] = form.rows, objective.c[used]
    return dataclasses.replace(
        form,
        start=start,
        index=index,
        value=value,
        row_lower=np.append(form.row_lower, -np.inf),
        row_upper=np.append(form.row_upper, limit - objective.constant),
    )
