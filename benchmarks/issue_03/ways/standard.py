"""Pyomo index by index, its LinearStandardFormCompiler, arrays handed over; values set on variables, duals by row."""

from collections.abc import Mapping
from typing import Any

import highspy
import numpy as np
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from benchmarks.issue_03.ways import Ready
from benchmarks.issue_03.ways.ours import tables
from coordination.compilation import construct

__all__ = ["build", "tables"]


def build(given: tuple[Any, Mapping[str, Any]]) -> Ready:
    """Return HiGHS with the model."""
    concrete = construct(*given)
    form = LinearStandardFormCompiler().write(concrete, mixed_form=True, set_sense=None)
    kind = np.array([row.bound_type for row in form.rows])
    columns = len(form.columns)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(
        columns, len(form.rows), form.A.nnz, 1, 1, 0.0,
        form.c.toarray()[0],
        np.array([-np.inf if v.lb is None else v.lb for v in form.columns]),
        np.array([np.inf if v.ub is None else v.ub for v in form.columns]),
        np.where(kind <= 0, form.rhs, -np.inf), np.where(kind >= 0, form.rhs, np.inf),
        form.A.indptr.astype(np.int32), form.A.indices.astype(np.int32), form.A.data,
        np.zeros(columns, dtype=np.uint8),
    )  # fmt: skip

    def back() -> tuple[dict, dict]:
        solution = highs.getSolution()
        for variable, value in zip(form.columns, solution.col_value, strict=True):
            variable.set_value(value, skip_validation=True)
        duals = {row.constraint: dual for row, dual in zip(form.rows, solution.row_dual, strict=True)}
        return {name: getattr(concrete, name) for name in ("flow", "stock", "unmet")}, duals

    return Ready(highs, back)
