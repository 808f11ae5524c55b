"""A convex quadratic program with a diagonal: least of c x + 1/2 sum d x^2 over the rows and bounds of a matrix.

HiGHS has two ways for it: an active set method, exact and quick on small programs, where the interior point HiPO takes
over if it comes to nothing; and HiPO alone from some thousand columns on, where the other takes very long (it is all
that there is where HiPO is not installed).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.errors import SolverError
from coordination.solver.algorithms import hipo_available, import_highs
from coordination.solver.bridge import hand_over, has_point, model_status, new_highs, set_options
from coordination.solver.options import SolverOptions
from coordination.solver.solution import Solution
from coordination.status import Status

if TYPE_CHECKING:
    from coordination.compilation.matrix import MatrixForm
    from coordination.solver.solution import FloatArray

SMALL = 2000
"""Columns up to which the active set method is tried."""
ACTIVE_SET, INTERIOR = "qpasm", "hipo"
TRIANGULAR = 1


def solve_quadratic(form: MatrixForm, diagonal: FloatArray, options: SolverOptions | None = None) -> Solution:
    """Return the solution of a convex quadratic program.

    Parameters
    ----------
    form : MatrixForm
        Rows, bounds and linear costs, to be minimised; its integrality is ignored.
    diagonal : ndarray, shape (columns,)
        d, at least 0, money per square of the column's unit.

    Returns
    -------
    Solution
        Status, values and objective; no duals.
    """
    if not form.columns:
        return Solution(Status.OPTIMAL, x=np.zeros(0), objective=form.offset)
    ways = [ACTIVE_SET, *([INTERIOR] if hipo_available() else [])]
    if form.columns > SMALL:
        ways = ways[-1:]
    found = Solution(Status.UNKNOWN)
    for way in ways:
        found = _solved(form, diagonal, options or SolverOptions(), way)
        if found.status is Status.OPTIMAL:
            break
    return found


def _solved(form: MatrixForm, diagonal: FloatArray, options: SolverOptions, way: str) -> Solution:
    highspy = import_highs()
    highs = new_highs(options)
    hand_over(highs, form)
    there = np.flatnonzero(diagonal).astype(np.int32)
    start = np.searchsorted(there, np.arange(form.columns + 1)).astype(np.int32)
    status = highs.passHessian(form.columns, len(there), TRIANGULAR, start, there, diagonal[there])
    if status == highspy.HighsStatus.kError:
        raise SolverError("HiGHS refuses the quadratic costs")
    settings: dict[str, Any] = {"solver": way}
    if way == INTERIOR:
        settings |= {"run_crossover": "off", "hipo_ordering": "amd"}
    if options.time_limit is not None:
        settings["time_limit"] = options.time_limit
    set_options(highs, settings)
    highs.run()
    if not has_point(highs):
        return Solution(model_status(highs), algorithm=way)
    x = np.array(highs.getSolution().col_value, dtype=np.float64)
    objective = float(form.c @ x + 0.5 * (diagonal * x) @ x + form.offset)
    return Solution(model_status(highs), x=x, objective=objective, algorithm=way)
