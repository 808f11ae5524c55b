"""A linear program that stays in the solver: changed by arrays, solved again from its last basis."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from coordination.errors import SolverError
from coordination.solver.algorithms import Choice, attempts
from coordination.solver.bridge import hand_over, new_highs, prepare, set_basis
from coordination.solver.options import SolverOptions
from coordination.solver.progress import Progress
from coordination.solver.reading import read_linear
from coordination.solver.running import Watch, run
from coordination.solver.solution import FloatArray, Solution
from coordination.solver.solving import solve
from coordination.status import Status

if TYPE_CHECKING:
    import scipy.sparse as sp

    from coordination.compilation.matrix import MatrixForm

PRIMAL, DUAL = 4, 1
"""HiGHS's names of the simplex strategies."""

PERTURBATION = "dual_simplex_cost_perturbation_multiplier"

SMALL_CHANGE = 0.1
"""Share of all bounds up to which a change leaves the basis near the optimum. The dual simplex then runs without
perturbing costs, which costs it more (clearing them up again) than it gains: a quarter to a half of the time on xian's
supply with 5 % of the needs changed, little either way with lanes closed.
Left on, perturbation keeps longer runs from stalling."""

IntIndex = npt.NDArray[np.integer[Any]]
Statuses = npt.NDArray[np.int8]


class LinearProgram:
    """A linear program held in HiGHS.

    The first solve chooses an algorithm by kind and size; every later one runs the simplex method from the basis at
    hand: the dual simplex after changed bounds, the primal simplex after changed costs or added columns. Changes go to
    HiGHS as arrays, of what differs alone.

    Parameters
    ----------
    form : MatrixForm
        The program; its integrality is ignored (this is the relaxation).
    options : SolverOptions, optional
        As for `solve`.
    basis : bool
        Whether to go on to a vertex, to start again from there; without, every solve starts anew.

    Attributes
    ----------
    form : MatrixForm
        The program as changed so far. Labels stay those of the form given; added columns come after all others.
    """

    def __init__(self, form: MatrixForm, options: SolverOptions | None = None, *, basis: bool = True) -> None:
        self.options = replace(options or SolverOptions(), crossover=basis)
        self.form = replace(
            form,
            integrality=np.zeros_like(form.integrality),
            c=form.c.copy(),
            lb=form.lb.copy(),
            ub=form.ub.copy(),
            row_lower=form.row_lower.copy(),
            row_upper=form.row_upper.copy(),
        )
        began = time.perf_counter()
        self._highs = new_highs(self.options)
        hand_over(self._highs, self.form)
        self._hand_over = time.perf_counter() - began
        self._has_basis = False
        self._strategy = DUAL
        self._moved = 0

    def become(self, form: MatrixForm) -> None:
        """Change all bounds and costs to those of another form of the same program.

        Parameters
        ----------
        form : MatrixForm
            The program compiled again from changed data; its matrix is the same.

        Raises
        ------
        SolverError
            If its matrix differs: that is another program.
        """
        own = self.form
        pairs = ((own.start, form.start), (own.index, form.index), (own.value, form.value))
        same = own.rows == form.rows and own.maximize == form.maximize
        if not (same and all(np.array_equal(*pair) for pair in pairs)):
            raise SolverError("a program in the solver can take other bounds and costs, but not another matrix")
        rows = np.flatnonzero((own.row_lower != form.row_lower) | (own.row_upper != form.row_upper))
        columns = np.flatnonzero((own.lb != form.lb) | (own.ub != form.ub))
        costs = np.flatnonzero(own.c != form.c)
        if len(rows):
            self.set_row_bounds(rows, form.row_lower[rows], form.row_upper[rows])
        if len(columns):
            self.set_column_bounds(columns, form.lb[columns], form.ub[columns])
        if len(costs):
            self.set_costs(costs, form.c[costs])
        self._highs.changeObjectiveOffset(form.offset)
        self.form = replace(own, offset=form.offset)

    def set_row_bounds(self, rows: IntIndex, lower: FloatArray, upper: FloatArray) -> None:
        """Change the bounds of rows.

        Parameters
        ----------
        rows : numpy.ndarray
            (n,) row numbers.
        lower, upper : numpy.ndarray
            (n,) new bounds.
        """
        at = _int32(rows)
        self._highs.changeRowsBounds(len(at), at, _float(lower), _float(upper))
        self.form.row_lower[at], self.form.row_upper[at] = lower, upper
        self._moved += len(at)

    def set_column_bounds(self, columns: IntIndex, lower: FloatArray, upper: FloatArray) -> None:
        """Change the bounds of columns.

        Parameters
        ----------
        columns : numpy.ndarray
            (n,) column numbers.
        lower, upper : numpy.ndarray
            (n,) new bounds.
        """
        at = _int32(columns)
        self._highs.changeColsBounds(len(at), at, _float(lower), _float(upper))
        self.form.lb[at], self.form.ub[at] = lower, upper
        self._moved += len(at)

    def set_costs(self, columns: IntIndex, costs: FloatArray) -> None:
        """Change the costs of columns.

        Parameters
        ----------
        columns : numpy.ndarray
            (n,) column numbers.
        costs : numpy.ndarray
            (n,) new costs.
        """
        at = _int32(columns)
        self._highs.changeColsCost(len(at), at, _float(costs))
        self.form.c[at] = costs
        self._strategy = PRIMAL

    def add_columns(self, costs: FloatArray, lower: FloatArray, upper: FloatArray, entries: sp.csc_array[Any]) -> slice:
        """Add columns after all others and return where they stand.

        Parameters
        ----------
        costs, lower, upper : numpy.ndarray
            (n,) each.
        entries : scipy.sparse.csc_array
            (rows, n) their matrix entries.
        """
        first, count = self.form.columns, len(costs)
        entries = entries.tocsc()
        self._highs.addCols(
            count, _float(costs), _float(lower), _float(upper), entries.nnz,
            _int32(entries.indptr[:-1]), _int32(entries.indices), _float(entries.data),
        )  # fmt: skip
        self.form = replace(
            self.form,
            start=np.concatenate([self.form.start, _int32(entries.indptr[1:] + self.form.start[-1])]),
            index=np.concatenate([self.form.index, _int32(entries.indices)]),
            value=np.concatenate([self.form.value, _float(entries.data)]),
            c=np.concatenate([self.form.c, _float(costs)]),
            lb=np.concatenate([self.form.lb, _float(lower)]),
            ub=np.concatenate([self.form.ub, _float(upper)]),
            integrality=np.zeros(first + count, dtype=np.uint8),
        )
        self._strategy = PRIMAL
        return slice(first, first + count)

    def add_rows(self, lower: FloatArray, upper: FloatArray, entries: sp.csr_array[Any]) -> slice:
        """Add rows after all others and return where they stand.

        Parameters
        ----------
        lower, upper : numpy.ndarray
            (n,) each.
        entries : scipy.sparse.csr_array
            (n, columns) what stands in them.
        """
        import scipy.sparse

        first, count = self.form.rows, len(lower)
        entries = entries.tocsr()
        self._highs.addRows(
            count, _float(lower), _float(upper), entries.nnz,
            _int32(entries.indptr[:-1]), _int32(entries.indices), _float(entries.data),
        )  # fmt: skip
        matrix = scipy.sparse.csc_array(scipy.sparse.vstack([self.form.matrix, entries], format="csc"))
        matrix.sort_indices()
        self.form = replace(
            self.form,
            start=_int32(matrix.indptr),
            index=_int32(matrix.indices),
            value=_float(matrix.data),
            row_lower=np.concatenate([self.form.row_lower, _float(lower)]),
            row_upper=np.concatenate([self.form.row_upper, _float(upper)]),
        )
        self._moved += count
        return slice(first, first + count)

    @property
    def basis(self) -> tuple[Statuses, Statuses] | None:
        """Status of each column and row at the last solve, in HiGHS's numbers; None where there is no basis."""
        held = self._highs.getBasis()
        if not held.valid:
            return None
        return (_statuses(held.col_status), _statuses(held.row_status))

    def start_from(self, basis: tuple[Statuses, Statuses]) -> None:
        """Forget what was learnt but the program, and go on from a basis of another process.

        Parameters
        ----------
        basis : tuple of numpy.ndarray
            (columns,) and (rows,), as `basis` gives them.

        Raises
        ------
        SolverError
            If it is no basis of this program.
        """
        set_basis(self._highs, *basis)
        self._has_basis, self._strategy, self._moved = True, DUAL, 0

    def solve(
        self,
        *,
        time_limit: float | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        stage: str = "solve",
        stop: threading.Event | None = None,
    ) -> Solution:
        """Solve the program as it is now, from the last basis when there is one.

        Parameters
        ----------
        time_limit : float, optional
            Seconds; by default those of the options.
        on_progress, stage, stop
            As for `coordination.solver.solve`.

        Returns
        -------
        Solution
            If the warm run gives no result that counts, that of a cold `coordination.solver.solve`.
        """
        limit = self.options.time_limit if time_limit is None else time_limit
        began = time.monotonic()
        solution = self._run(limit, on_progress, stage, stop)
        if solution.status is Status.UNKNOWN or (solution.status is Status.INFEASIBLE and not solution.interrupted):
            left = None if limit is None else limit - (time.monotonic() - began)
            cold = solve(
                self.form,
                options=replace(self.options, time_limit=left),
                on_progress=on_progress,
                stage=stage,
                stop=stop,
            )
            return replace(cold, log=[*solution.log, "warm run did not count: solved anew", *cold.log])
        return solution

    def _run(
        self,
        limit: float | None,
        on_progress: Callable[[Progress], None] | None,
        stage: str,
        stop: threading.Event | None,
    ) -> Solution:
        if self._has_basis:
            choice = self._from_basis()
        else:
            first = attempts(self.form, self.options)[0]
            choice = replace(first, settings=first.settings | {PERTURBATION: 1.0})
        log = [f"{choice.algorithm}: {choice.reason}"]
        prepare(self._highs, choice, limit)
        watch, began = Watch(self.form.maximize), time.perf_counter()

        def report() -> None:
            if on_progress is not None:
                on_progress(watch.progress(stage, choice.algorithm, time.perf_counter() - began))

        interrupted = run(self._highs, watch, report, stop=stop)
        ran = time.perf_counter()
        solution = read_linear(self._highs, self.form, choice, interrupted, log)
        seconds = {"hand_over": self._hand_over, "run": ran - began, "read": time.perf_counter() - ran}
        self._hand_over = 0.0
        self._has_basis = bool(self._highs.getBasis().valid)
        if solution.status is Status.OPTIMAL:
            self._strategy, self._moved = DUAL, 0
        return replace(solution, seconds=seconds, log=log)

    def _from_basis(self) -> Choice:
        """Return how to go on from the basis at hand."""
        small = self._moved <= SMALL_CHANGE * (self.form.rows + self.form.columns)
        settings = {
            "solver": "simplex",
            "simplex_strategy": self._strategy,
            PERTURBATION: 0.0 if small else 1.0,
        }
        return Choice("simplex", "from the last basis", settings)

    def close(self) -> None:
        """Let HiGHS go (its callbacks hold it otherwise)."""
        self._highs.disableCallbacks()
        self._highs.clear()

    def __enter__(self) -> LinearProgram:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _int32(values: Any) -> npt.NDArray[np.int32]:
    return np.ascontiguousarray(values, dtype=np.int32)


def _statuses(statuses: Any) -> Statuses:
    return np.fromiter(map(int, statuses), dtype=np.int8, count=len(statuses))


def _float(values: Any) -> FloatArray:
    return np.ascontiguousarray(values, dtype=np.float64)
