"""A program with more columns and rows, after those that it has: names and places of these stay as they are."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm

    Floats = NDArray[np.float64]


def extended(
    form: MatrixForm,
    lower: Floats,
    upper: Floats,
    rows: sp.sparray,
    row_lower: Floats,
    row_upper: Floats,
) -> MatrixForm:
    """Return the program with columns that cost nothing and need not be whole, and with rows over all columns.

    Parameters
    ----------
    lower, upper : ndarray, shape (new columns,)
        Their bounds.
    rows : sparse array, shape (new rows, columns + new columns)
        What stands in the new rows.
    row_lower, row_upper : ndarray, shape (new rows,)
        Their bounds.
    """
    more = len(lower)
    wide: sp.csc_array[Any] = sp.csc_array(sp.hstack([form.matrix, sp.csc_array((form.rows, more))]))
    matrix: sp.csc_array[Any] = sp.csc_array(sp.vstack([wide, rows], format="csc"))
    matrix.sort_indices()
    return dataclasses.replace(
        form,
        start=matrix.indptr.astype(np.int32),
        index=matrix.indices.astype(np.int32),
        value=matrix.data.astype(np.float64),
        c=np.concatenate([form.c, np.zeros(more)]),
        lb=np.concatenate([form.lb, lower]),
        ub=np.concatenate([form.ub, upper]),
        row_lower=np.concatenate([form.row_lower, row_lower]),
        row_upper=np.concatenate([form.row_upper, row_upper]),
        integrality=np.concatenate([form.integrality, np.zeros(more, dtype=np.uint8)]),
    )


def entries(rows: Any, columns: Any, values: Any, shape: tuple[int, int]) -> sp.csr_array[Any]:
    """Return a sparse array from parts that are joined: lists of arrays of rows, of columns and of values."""
    parts = [np.concatenate([np.ravel(part) for part in group]) for group in (rows, columns, values)]
    return sp.csr_array((parts[2].astype(np.float64), (parts[0].astype(int), parts[1].astype(int))), shape=shape)
