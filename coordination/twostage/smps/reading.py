"""From three files to a two-stage program."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from coordination.errors import UsageError
from coordination.twostage.program import Scenario, TwoStageProgram, stage
from coordination.twostage.smps.core import Core, read_core
from coordination.twostage.smps.times import Stages, read_times
from coordination.twostage.smps.uncertain import RHS, Case, Changes, read_cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coordination.compilation.matrix import MatrixForm
    from coordination.solver.solution import FloatArray

ENDINGS = {"core": (".cor", ".core", ".mps"), "time": (".tim", ".time"), "stochastic": (".sto", ".stoch")}
"""How the three files' names end, in any case."""


def read_smps(path: str | Path, *, draws: int | None = None, seed: int = 0) -> TwoStageProgram:
    """Read a two-stage program in SMPS format.

    Parameters
    ----------
    path : str or Path
        One of the three files, or their common name without ending; the others stand beside it.
    draws : int, optional
        Draw so many equally likely scenarios from INDEP or BLOCKS instead of taking all combinations.
    seed : int
        Of the draws.

    Returns
    -------
    TwoStageProgram
        To be minimised: where the file maximises, costs are negated. Numbers of 1e20 and more are no bounds.

    Raises
    ------
    UsageError
        If a file is missing, a line makes no sense (the message names it), there are not two stages, or first-stage
        numbers are uncertain.
    """
    files = _files(Path(path))
    core = read_core(files["core"])
    stages = read_times(files["time"], core)
    cases = read_cases(files["stochastic"], core, draws, seed)
    return _Assembly(core, stages, files["stochastic"].name).program(cases)


def _files(path: Path) -> dict[str, Path]:
    """Return the three files."""
    known = {ending for endings in ENDINGS.values() for ending in endings}
    stem = path.stem if path.suffix.lower() in known else path.name
    beside = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    files = {}
    for part, endings in ENDINGS.items():
        fitting = [file for file in beside if file.stem == stem and file.suffix.lower() in endings]
        if not fitting:
            raise UsageError(f"{path}: found no {part} file beside it; expected {stem} with {' or '.join(endings)}")
        files[part] = fitting[0]
    return files


class _Assembly:
    """Makes arrays of names."""

    def __init__(self, core: Core, stages: Stages, file: str) -> None:
        self.core, self.stages, self.file = core, stages, file
        rows = [row for row in core.rows if core.senses[row] != "N"]
        self.rows = tuple([row for row in rows if (row in stages.rows) == late] for late in (False, True))
        self.columns = tuple([one for one in core.columns if (one in stages.columns) == late] for late in (False, True))
        self.row_at = tuple({row: at for at, row in enumerate(part)} for part in self.rows)
        self.column_at = tuple({column: at for at, column in enumerate(part)} for part in self.columns)
        self.sign = -1.0 if core.maximize else 1.0

    def program(self, cases: list[Case]) -> TwoStageProgram:
        first, late = self._stage(0), self._stage(1)
        self._check_structure()
        technology = self._matrix(self.core.entries, rows=1, columns=0)
        scenarios = tuple(self._scenario(case, late, technology) for case in cases)
        return TwoStageProgram(first, scenarios, tuple(self.columns[0]))

    def _stage(self, late: int) -> MatrixForm:
        core = self.core
        lower, upper = self._row_bounds(self.rows[late], core.rhs)
        columns = self.columns[late]
        return stage(
            self._matrix(core.entries, rows=late, columns=late),
            self._costs(core.entries, late),
            row_lower=lower,
            row_upper=upper,
            lb=np.array([core.lower.get(column, 0.0) for column in columns]),
            ub=np.array([core.upper.get(column, np.inf) for column in columns]),
            integer=np.array([column in core.integer for column in columns], dtype=bool),
            offset=0.0 if late else -self.sign * core.rhs.get(core.objective, 0.0),
        )

    def _check_structure(self) -> None:
        for column, row in self.core.entries:
            if row in self.row_at[0] and column in self.column_at[1]:
                raise UsageError(
                    f"column {column!r} of the second stage stands in row {row!r} of the first; expected it in rows of"
                    " its own stage only"
                )

    def _matrix(self, entries: Mapping[tuple[str, str], float], rows: int, columns: int) -> sp.csc_array[Any]:
        row_at, column_at = self.row_at[rows], self.column_at[columns]
        found = [
            (row_at[row], column_at[column], value)
            for (column, row), value in entries.items()
            if row in row_at and column in column_at
        ]
        i, j, v = (np.array(part) for part in zip(*found, strict=True)) if found else (np.zeros(0, int),) * 3
        return sp.csc_array((v.astype(float), (i, j)), shape=(len(self.rows[rows]), len(self.columns[columns])))

    def _costs(self, entries: Mapping[tuple[str, str], float], late: int) -> FloatArray:
        objective = self.core.objective
        return self.sign * np.array([entries.get((column, objective), 0.0) for column in self.columns[late]])

    def _row_bounds(self, rows: Iterable[str], rhs: Mapping[str, float]) -> tuple[FloatArray, FloatArray]:
        core, pairs = self.core, []
        for row in rows:
            sense, right, width = core.senses[row], rhs.get(row, 0.0), core.ranges.get(row)
            low, high = (-np.inf if sense == "L" else right), (np.inf if sense == "G" else right)
            if width is not None:
                low = right - abs(width) if sense == "L" or (sense == "E" and width < 0) else low
                high = right + abs(width) if sense == "G" or (sense == "E" and width > 0) else high
            pairs.append((low, high))
        bounds = np.array(pairs).reshape(-1, 2)
        return bounds[:, 0].copy(), bounds[:, 1].copy()

    def _scenario(self, case: Case, late: MatrixForm, technology: sp.csc_array[Any]) -> Scenario:
        self._check_late(case)
        rhs = {row: value for (column, row), value in case.changes.items() if column == RHS}
        changed = {where: value for where, value in case.changes.items() if where[0] != RHS}
        lower, upper = self._row_bounds(self.rows[1], self.core.rhs | rhs) if rhs else (late.row_lower, late.row_upper)
        offset = late.offset
        if self.core.objective in rhs:
            known = self.core.rhs.get(self.core.objective, 0.0)
            offset -= self.sign * (rhs[self.core.objective] - known)
        form = replace(late, row_lower=lower, row_upper=upper, offset=offset)
        if not changed:
            return Scenario(case.name, case.probability, technology, form)
        entries: Changes = self.core.entries | changed
        touched = [(column in self.stages.columns, row) for column, row in changed]
        if any(own and row == self.core.objective for own, row in touched):
            form = replace(form, c=self._costs(entries, 1))
        if any(own and row != self.core.objective for own, row in touched):
            matrix = self._matrix(entries, rows=1, columns=1)
            matrix.sort_indices()
            form = replace(
                form,
                start=matrix.indptr.astype(np.int32),
                index=matrix.indices.astype(np.int32),
                value=matrix.data.astype(float),
            )
        if any(not own for own, _ in touched):
            technology = self._matrix(entries, rows=1, columns=0)
        return Scenario(case.name, case.probability, technology, form)

    def _check_late(self, case: Case) -> None:
        """Only numbers of the second stage may be uncertain."""
        for column, row in case.changes:
            early = row in self.row_at[0] or (row == self.core.objective and column in self.column_at[0])
            if early:
                what = "the right-hand side" if column == RHS else f"column {column!r}"
                raise UsageError(
                    f"{self.file}: scenario {case.name!r} changes {what} in row {row!r} of the first stage; expected"
                    " changes of the second stage only"
                )
