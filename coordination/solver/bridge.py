"""Arrays to HiGHS and back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.errors import SolverError
from coordination.solver.algorithms import Choice, import_highs
from coordination.solver.options import SolverOptions
from coordination.solver.solution import FloatArray
from coordination.status import Status

if TYPE_CHECKING:
    from coordination.compilation.matrix import MatrixForm

BY_COLUMNS = 1
FEASIBLE_POINT = 2


def new_highs(options: SolverOptions) -> Any:
    """Return a silent HiGHS with what holds for all its runs set."""
    highs = import_highs().Highs()
    settings: dict[str, Any] = {
        "output_flag": False,
        "random_seed": options.seed,
        "mip_rel_gap": options.gap,
        "mip_abs_gap": options.slack,
        "presolve": "choose" if options.presolve else "off",
    }
    if options.threads is not None:
        settings["threads"] = options.threads
    set_options(highs, settings)
    return highs


def set_options(highs: Any, settings: dict[str, Any]) -> None:
    """Set HiGHS options by name.

    Raises
    ------
    SolverError
        If HiGHS does not take one.
    """
    highspy = import_highs()
    for name, value in settings.items():
        if highs.setOptionValue(name, value) == highspy.HighsStatus.kError:
            raise SolverError(f"HiGHS refuses the option {name} = {value!r}")


def prepare(highs: Any, choice: Choice, seconds: float | None) -> None:
    """Set what holds for one run: algorithm and time (HiGHS counts that of all its runs together)."""
    limit = math.inf if seconds is None else highs.getRunTime() + max(seconds, 0.0)
    set_options(highs, {**choice.settings, "time_limit": limit})


def hand_over(highs: Any, form: MatrixForm) -> None:
    """Pass a matrix to HiGHS, arrays at once.

    Raises
    ------
    SolverError
        If the arrays hold NaN, or HiGHS finds them wrong.
    """
    highspy = import_highs()
    _refuse_no_numbers(form)
    sense = highspy.ObjSense.kMaximize if form.maximize else highspy.ObjSense.kMinimize
    status = highs.passModel(
        form.columns, form.rows, form.entries, BY_COLUMNS, int(sense), form.offset,
        form.c, form.lb, form.ub, form.row_lower, form.row_upper,
        form.start, form.index, form.value, form.integrality,
    )  # fmt: skip
    if status == highspy.HighsStatus.kError:
        raise SolverError("HiGHS refuses the matrix: a number in it is too large")


def _refuse_no_numbers(form: MatrixForm) -> None:
    """HiGHS takes NaN without a word: look for it first."""
    arrays = {"costs": form.c, "matrix": form.value, "lower bounds": form.lb, "upper bounds": form.ub}
    arrays |= {"row bounds below": form.row_lower, "row bounds above": form.row_upper}
    for name, array in arrays.items():
        if len(array) and np.isnan(array.min()):  # the least of numbers and NaN is NaN
            raise SolverError(f"the {name} handed to HiGHS hold something that is not a number")


def set_start(highs: Any, start: FloatArray) -> None:
    """Give HiGHS values to start from; NaN leaves a column open."""
    known = np.flatnonzero(np.isfinite(start)).astype(np.int32)
    highs.setSolution(len(known), known, np.ascontiguousarray(start[known]))


def set_basis(highs: Any, columns: Any, rows: Any) -> None:
    """Give HiGHS a basis to start from, by its own numbers of statuses; all else that it learnt is forgotten.

    Raises
    ------
    SolverError
        If it is no basis of the program in it.
    """
    highspy = import_highs()
    names = list(highspy.HighsBasisStatus.__members__.values())
    known = {int(name): name for name in names}
    basis = highspy.HighsBasis()
    basis.col_status = [known[number] for number in columns.tolist()]
    basis.row_status = [known[number] for number in rows.tolist()]
    basis.valid = True
    highs.clearSolver()
    if highs.setBasis(basis) == highspy.HighsStatus.kError:
        raise SolverError("HiGHS refuses the basis: it is not one of the program in it")


def has_point(highs: Any) -> bool:
    """Return whether HiGHS holds values that satisfy all rows and bounds."""
    return bool(highs.getInfo().primal_solution_status == FEASIBLE_POINT) and bool(highs.getSolution().value_valid)


def model_status(highs: Any) -> Status:
    """Return HiGHS's verdict on the program in our words, whether there are values or not."""
    kind = import_highs().HighsModelStatus
    verdicts = {
        kind.kOptimal: Status.OPTIMAL,
        kind.kModelEmpty: Status.OPTIMAL,
        kind.kInfeasible: Status.INFEASIBLE,
        kind.kUnbounded: Status.UNBOUNDED,
        kind.kUnboundedOrInfeasible: Status.INFEASIBLE,
        kind.kTimeLimit: Status.TIME_LIMIT,
        kind.kInterrupt: Status.INTERRUPTED,
    }
    return verdicts.get(highs.getModelStatus(), Status.UNKNOWN)


def either_way(highs: Any) -> bool:
    """Return whether HiGHS could not tell infeasible from unbounded."""
    return bool(highs.getModelStatus() == import_highs().HighsModelStatus.kUnboundedOrInfeasible)
