"""One run of planning: the model, its columns, the clock, the options, the way to the solver."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coordination.solver import SolverOptions, solve

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    import numpy as np
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.clock import Clock
    from coordination.planning.columns import Columns
    from coordination.planning.keeping import Holding
    from coordination.planning.model import ResponseModel
    from coordination.planning.options import PlanOptions
    from coordination.solver import LinearProgram, Solution

LOG = logging.getLogger(__name__)


@dataclass
class Session:
    """What the ways of solving share.

    Attributes
    ----------
    model : ResponseModel
        The joint model of the case.
    columns : Columns
        Shipments in the model.
    routes_complete : bool
        Whether every route that could matter is a lane.
    options : PlanOptions
        What the caller asked for.
    clock : Clock
        Time by stage.
    on_progress : callable or None
        Receives the solver's progress.
    notes : list of str
        Honest remarks so far.
    solved : list of (str, list of str)
        Stage of each solve, and what the solver chose and why (`coordination.planning.choices`).
    holding : Holding or None
        Roles that keep all rules, for want of better ones; None where no rule asks anybody to act.
    plain : bool
        Whether only what is decided is wanted, and not what it is worth: no prices.
    """

    model: ResponseModel
    columns: Columns
    routes_complete: bool
    options: PlanOptions
    clock: Clock
    on_progress: Callable[[Any], None] | None = None
    notes: list[str] = field(default_factory=list)
    solved: list[tuple[str, list[str]]] = field(default_factory=list)
    holding: Holding | None = None
    plain: bool = False

    @property
    def workers(self) -> int:
        """How many programs to solve side by side."""
        return self.options.threads or os.cpu_count() or 1

    def solver_options(self, gap: float | None = None, seconds: float | None = None) -> SolverOptions:
        """Return what to ask of the solver, within what time is left.

        Parameters
        ----------
        gap : float, optional
            Other than the one asked for.
        seconds : float, optional
            Less than what is left.
        """
        limits = [limit for limit in (self.clock.left(), seconds) if limit is not None]
        return SolverOptions(
            gap=self.options.gap if gap is None else gap,
            time_limit=min(limits) if limits else None,
            threads=self.options.threads,
            seed=self.options.seed,
        )

    def solve(
        self,
        form: MatrixForm,
        stage: str,
        *,
        gap: float | None = None,
        seconds: float | None = None,
        start: NDArray[np.float64] | None = None,
    ) -> Solution | None:
        """Solve one form, perhaps from a start; None when no time is left (`gap`, `seconds`: `solver_options`)."""
        if self.clock.over():
            return None
        options = self.solver_options(gap, seconds)
        with self.clock.stage("solve"):
            solution = solve(form, options=options, on_progress=self.on_progress, stage=stage, start=start)
        return self._noted(stage, solution)

    def solve_again(self, program: LinearProgram, stage: str, seconds: float | None = None) -> Solution | None:
        """Solve a program that is kept in the solver, as it is now; None when no time is left."""
        if self.clock.over():
            return None
        limit = self.solver_options(seconds=seconds).time_limit
        with self.clock.stage("solve"):
            solution = program.solve(time_limit=limit, on_progress=self.on_progress, stage=stage)
        return self._noted(stage, solution)

    def _noted(self, stage: str, solution: Solution) -> Solution:
        self.solved.append((stage, solution.log))
        LOG.info("%s: %s in %s", stage, "; ".join(solution.log), solution.seconds)
        if solution.interrupted:
            self.clock.halt.set()
        return solution
