"""A large program decided area by area: each area's columns alone, everything else as it stands.

Parties work and goods are needed where people live: most rows of a large program touch the columns of one area of the
city, its district. What areas share (stores, fleets, roads, hours of parties above them) stays within its limits: an
area may use what it uses now, and an equal part of what nobody uses with those that are still to come. Every step
leaves values that keep all rules of the areas decided so far.
"""

from __future__ import annotations

import dataclasses
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np
import scipy.sparse as sp

from coordination.instance.tables import LEVELS
from coordination.planning.redundancy import relying
from coordination.solver.residuals import residuals

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.model import ResponseModel

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

LOG = logging.getLogger(__name__)
LARGEST_PART = 0.45
"""Share of all tasks that the largest area may have; areas are as high in the city as that allows."""
MOST_TASKS, MOST_AREAS = 100, 0.9
"""Tasks of an area from which on lower areas are taken, and the share of areas that must keep to it: of 300 communities
with districts of up to 78 tasks, streets took half the time and cost 0.7 % more in roles."""
LOWEST = LEVELS.index("street")
"""Level below which areas are only taken where higher ones do not part the tasks."""
FEW_TASKS = 30
"""Tasks up to which all are one area."""
REST, DECIDED = -1, -2
"""Area of what lies in none, and of columns that are decided already."""


def areas_of(model: ResponseModel, most: int = MOST_TASKS) -> Codes:
    """Return the area of each zone: its ancestor at the highest level that parts the tasks well, else `REST`.

    Parameters
    ----------
    most : int
        Tasks that `MOST_AREAS` of the areas may have, above streets.
    """
    zone, level = model.roles.tasks["zone"].to_numpy(), model.roles.zone_level
    if len(zone) > FEW_TASKS:
        for height in range(int(level.max(initial=0)), -1, -1):
            area = zones_of_level(model, height)
            tasks = np.unique(area[zone], return_counts=True)[1]
            small = height <= LOWEST or np.quantile(tasks, MOST_AREAS) <= most
            if small and tasks.max() <= LARGEST_PART * len(zone):
                return area
    return np.full(len(level), REST, dtype=np.int64)


def zones_of_level(model: ResponseModel, height: int) -> Codes:
    """Return the ancestor of each zone at a level, `REST` where it has none."""
    ancestry, level = model.case.coding.ancestry, model.roles.zone_level
    above = ancestry[level[ancestry["above"].to_numpy()] == height]
    area = np.full(len(level), REST, dtype=np.int64)
    area[above["zone"].to_numpy()] = above["above"].to_numpy()
    return area


def area_of_roles(model: ResponseModel, areas: Codes) -> dict[str, Codes]:
    """Return the area of each column of responsibility, by variable."""
    roles = model.roles
    of_task = areas[roles.tasks["zone"].to_numpy()]
    handed = model.handout_data["HANDOUTS"].get_level_values(0).to_numpy(dtype=int)
    return {
        "doer": of_task[roles.doers["task"]],
        "backup": of_task[roles.backups["task"]],
        "cover": of_task[roles.cover["task"]],
        "gap": of_task[roles.open_tasks["task"]],
        "backups_missing": of_task[roles.tasks.loc[roles.tasks["backups"] > 0, "task"]],
        "kind_missing": of_task[roles.kinds["task"]],
        "coverage_missing": of_task[relying(roles)],
        "held_short": areas[handed],
    }


def by_column(form: MatrixForm, parts: dict[str, Codes]) -> Codes:
    """Return the area of each column of `form`, `DECIDED` for variables that `parts` does not name."""
    area = np.full(form.columns, DECIDED, dtype=np.int64)
    for name, part in parts.items():
        if name in form.variables:
            area[form.variables[name].slice] = part
    return area


@dataclass(frozen=True)
class Part:
    """One area's program.

    Attributes
    ----------
    number : int
        The area.
    form : MatrixForm
        Its columns, then those of the spare ones that it may raise, by what is added to them.
    now : ndarray
        Present values of its columns, 0 for the spare ones.
    columns, spare, rows : ndarray of int
        Where they stand in the whole program.
    """

    number: int
    form: MatrixForm
    now: Floats
    columns: Codes
    spare: Codes
    rows: Codes


class Solve(Protocol):
    """Solves one area's program within so many seconds: values, and duals of its rows if there are any."""

    def __call__(self, part: Part, *, seconds: float | None) -> tuple[Floats, Floats | None]:
        """Return values and duals."""
        ...


class AreaProgram:
    """The program, decided area by area.

    Parameters
    ----------
    form : MatrixForm
        All of it.
    area : ndarray of int, shape (columns,)
        Area of each column, `DECIDED` where it is decided.
    x : ndarray
        Present values. Where rows that areas share hold, they go on to hold.
    spare : ndarray of int, optional
        Columns that every area may raise: what it does not use then stays there.

    Attributes
    ----------
    x, dual : ndarray
        Values, and duals of the rows: of those that areas share the mean, weighted by use.
    solved : bool
        Whether every area gave duals, too, when all were decided last.
    """

    def __init__(self, form: MatrixForm, area: Codes, x: Floats, spare: Codes | None = None) -> None:
        self.form, self.x, self.dual, self.solved = form, x, np.zeros(form.rows), False
        self._weight, self._left = np.zeros(form.rows), np.zeros(form.rows, dtype=np.int64)
        self.columns = {int(number): np.flatnonzero(area == number) for number in np.unique(area[area > DECIDED])}
        matrix: sp.csc_array[Any] = form.matrix.tocsc()
        self._parts = {number: matrix[:, columns].tocsr() for number, columns in self.columns.items()}
        self._rows = {number: np.flatnonzero(np.diff(part.indptr)) for number, part in self._parts.items()}
        touching = np.concatenate([np.zeros(0, dtype=int), *self._rows.values()])
        self.touching = np.bincount(touching, minlength=form.rows)
        decided = np.concatenate([np.zeros(0, dtype=int), *self.columns.values()])
        entries = matrix[:, decided]
        self._negative, self._positive = (
            np.bincount(entries.indices[sign], minlength=form.rows) > 0 for sign in (entries.data < 0, entries.data > 0)
        )
        self._spare = np.zeros(0, dtype=np.int64) if spare is None else spare
        self._spare_part = matrix[:, self._spare]

    def decide(self, solve: Solve, workers: int, seconds: float | None = None) -> None:
        """Decide all areas, the largest first, as many side by side as there are workers.

        Parameters
        ----------
        solve : callable
            Takes a part and seconds; returns values, and duals of the part's rows if there are any. Called in threads.
        workers : int
            Areas decided at the same time.
        seconds : float, optional
            Most time for all of them; an area gets its part by size, and as much again.
        """
        order = sorted(self.columns, key=lambda number: (-len(self.columns[number]), number))
        self.dual[:], self._weight[:], self._left = 0.0, 0.0, self.touching.copy()
        self.solved = True
        until = None if seconds is None else time.monotonic() + seconds
        for first in range(0, len(order), workers):
            wave = order[first : first + workers]
            parts = [self._part(number) for number in wave]
            limit = None if until is None else self._limit(order[first:], len(wave), until)
            with ThreadPoolExecutor(len(wave)) as pool:
                found = list(pool.map(partial(solve, seconds=limit), parts))
            for number, part, (values, dual) in zip(wave, parts, found, strict=True):
                self._take(part, values, dual)
                self._left[self._rows[number]] -= 1
            LOG.info("areas %s decided", wave)
        self.dual /= np.maximum(self._weight, 1e-300)

    def least(self, solve: Solve, workers: int) -> float:
        """Return the least of the objective where every area may use all that the others leave now.

        Where all present values are 0, and no column may be negative, no solution of the whole program is better.
        Limits that several areas' columns share and some of them could lift do not count. Minus infinity if an area
        has no optimum.

        Parameters
        ----------
        solve, workers
            As for `decide`.
        """
        self._left = np.ones(self.form.rows, dtype=np.int64)
        parts = [self._without_others(self._part(number)) for number in self.columns]
        with ThreadPoolExecutor(workers) as pool:
            found = list(pool.map(partial(solve, seconds=None), parts))
        apart = 0.0
        for part, (values, dual) in zip(parts, found, strict=True):
            if dual is None:
                return -np.inf
            proven = residuals(part.form, values, dual).dual_objective
            apart += min(float(part.form.c @ values), proven) - float(part.form.c @ part.now)
        return self.form.objective(self.x) + apart

    def _without_others(self, part: Part) -> Part:
        """Return an area's program without the limits that other areas' columns, none negative, could lift."""
        form, rows = part.form, part.rows
        lifted = (self.touching[rows] > 1) & self._negative[rows], (self.touching[rows] > 1) & self._positive[rows]
        upper = np.where(lifted[0], np.inf, form.row_upper)
        lower = np.where(lifted[1], -np.inf, form.row_lower)
        return dataclasses.replace(part, form=dataclasses.replace(form, row_upper=upper, row_lower=lower))

    def _limit(self, left: list[int], now: int, until: float) -> float:
        """Return the seconds for the first `now` of the areas left."""
        sizes = np.array([len(self.columns[number]) for number in left], dtype=float)
        return max(0.0, until - time.monotonic()) * min(1.0, 2.0 * float(sizes[:now].sum() / max(sizes.sum(), 1.0)))

    def _take(self, part: Part, values: Floats, dual: Floats | None) -> None:
        """Keep an area's values; of duals of shared rows the mean, weighted by use."""
        own = len(part.columns)
        self.x[part.columns] = values[:own]
        self.x[part.spare] += np.maximum(values[own:], 0.0)
        self.solved &= dual is not None
        if dual is not None:
            weight = np.abs(part.form.matrix @ values) + 1e-6
            self.dual[part.rows] += weight * dual
            self._weight[part.rows] += weight

    def _part(self, number: int) -> Part:
        """Return one area's program: shared rows allow its own use and a part of the rest.

        Rows of its own hold as they are, whether its present values keep them or not.
        """
        form, columns, rows = self.form, self.columns[number], self._rows[number]
        spare = self._able(rows)
        if len(spare):
            rows = np.union1d(rows, np.unique(self._spare_part[:, spare].indices))
        part = self._parts[number][rows]
        own, now = part @ self.x[columns], (form.matrix @ self.x)[rows]
        sharing = np.maximum(self._left[rows], 1)
        above, below = form.row_upper[rows] - now, now - form.row_lower[rows]
        alone = (self.touching[rows] == 1) & np.isin(rows, self._rows[number], assume_unique=True)
        above = np.where(alone, above, np.maximum(above, 0.0) / sharing)
        below = np.where(alone, below, np.maximum(below, 0.0) / sharing)
        whole = self._joined(part, spare, rows)
        free = self._spare[spare]
        return Part(
            number=number,
            form=dataclasses.replace(
                form,
                start=whole.indptr.astype(np.int32), index=whole.indices.astype(np.int32), value=whole.data,
                c=np.concatenate([form.c[columns], form.c[free]]),
                lb=np.concatenate([form.lb[columns], np.zeros(len(free))]),
                ub=np.concatenate([form.ub[columns], form.ub[free] - self.x[free]]),
                row_lower=own - below, row_upper=own + above,
                integrality=np.concatenate([form.integrality[columns], form.integrality[free]]),
                offset=0.0, variables={}, constraints={}, terms={},
            ),
            now=np.concatenate([self.x[columns], np.zeros(len(free))]),
            columns=columns, spare=free, rows=rows,
        )  # fmt: skip

    def _able(self, rows: Codes) -> Codes:
        """Return which spare columns touch any of the rows."""
        if not len(self._spare):
            return self._spare
        touched = np.zeros(self.form.rows, dtype=bool)
        touched[rows] = True
        part = self._spare_part
        count = np.add.reduceat(touched[part.indices], part.indptr[:-1]) if part.nnz else np.zeros(0)
        return np.flatnonzero(count > 0)

    def _joined(self, part: Any, spare: Codes, rows: Codes) -> Any:
        whole = sp.hstack([part, self._spare_part[:, spare].tocsr()[rows]]).tocsc() if len(spare) else part.tocsc()
        whole.sort_indices()
        return whole
