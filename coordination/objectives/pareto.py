r"""The front of two objectives of an integer program, exactly: AUGMECON2.

.. math::

   \min f_1(x) - \epsilon \frac{s}{r}
   \quad \text{s.t.} \quad f_2(x) + s = e, \quad s \ge 0, \quad x \in X

=======  ====================================================================
symbol   meaning
=======  ====================================================================
f_1,f_2  objectives, minimised
e        most that the second one may amount to
s        how far it is below that
r        its range over the front, from the payoff table
epsilon  weight of the slack, below the step of the first objective
=======  ====================================================================

The payoff table is lexicographic, so its two points are the ends of the front. From one end, e falls by the step of the
second objective; the slack in the objective makes every solution efficient, and tells how many values of e can be
bypassed: the next one lies a step below what was reached. Where both objectives have a step and every program is
solved to optimality, each solve finds one new point of the front and none is missed: s/r <= 1 and epsilon below the
step of the first objective, so that no slack outweighs a step.

Where an objective has no step the front may be a curve: then `points` values of e are taken, evenly, and points found
are efficient but not all.

Source: Mavrotas and Florios (2013), An improved version of the augmented epsilon-constraint method (AUGMECON2) for
finding the exact Pareto set in multi-objective integer programming problems, Applied Mathematics and Computation 219;
Mavrotas (2009) for the method without bypass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.objectives.lexicographic import lexicographic
from coordination.objectives.limits import at_most, minimising
from coordination.objectives.objective import Objective
from coordination.solver import SolverOptions
from coordination.solver import solve as solve_form
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.solver import Solution

    Floats = NDArray[np.float64]
    Solve = Callable[[MatrixForm, str], Solution | None]

EPSILON = 0.5
"""Weight of the slack, as a share of the first objective's step."""
FINEST = 1e-5
"""Least change of the augmented objective by one step of slack that a solver can be trusted to see."""
SAME = 1e-6
"""Points of a curve this close, relative, are one."""
GRID = 1e-3
"""Weight of the slack where the first objective has no step, as a share of its range."""


@dataclass(frozen=True)
class Front:
    """Points that cannot be better in both objectives.

    Attributes
    ----------
    values : ndarray, shape (points, 2)
        Both objectives, the first one rising.
    x : ndarray, shape (points, columns)
        Columns of each point.
    exact : bool
        Whether these are all points of the front, proven.
    solves : int
        Programs solved.
    """

    values: Floats
    x: Floats
    exact: bool
    solves: int


def pareto_front(
    form: MatrixForm, first: Objective, second: Objective, *, points: int = 50, solve: Solve | None = None
) -> Front:
    """Return the front of two objectives.

    Parameters
    ----------
    form : MatrixForm
        The program; its own objective does not count.
    first, second : Objective
        To be minimised.
    points : int
        Most points where an objective has no step, at least 2.
    solve : callable, optional
        Solves a program, called so for progress; None when no time is left. To optimality, by default.

    Returns
    -------
    Front
        Empty where nothing is feasible; not exact where some program was not solved to optimality.
    """
    return _Search(form, first, second, max(2, points), solve or _exactly).front()


def _exactly(form: MatrixForm, stage: str) -> Solution:
    return solve_form(form, options=SolverOptions(gap=0.0), stage=stage)


class _Search:
    """The search for one front."""

    def __init__(self, form: MatrixForm, first: Objective, second: Objective, points: int, solve: Solve) -> None:
        self.form, self.objectives, self.points = form, (first, second), points
        self.steps = (first.step(form), second.step(form))
        self.solve, self.solves, self.proven = solve, 0, True
        self.found: list[Floats] = []

    def front(self) -> Front:
        """Search from one end of the payoff table to the other."""
        first, second = self.objectives
        start, end = self._end(first, second), self._end(second, first)
        if start is None or end is None:
            return self._result()
        worst, best = self._values(start)[1], self._values(end)[1]
        self.found.append(start)
        reach = worst - best
        step = self._step(reach)
        limit = worst - step
        while reach > 0.0 and limit >= best - 1e-6 * max(1.0, step):
            x = self._efficient(limit, reach)
            if x is None:
                break
            self.found.append(x)
            limit = min(limit, self._values(x)[1]) - step
        if self.steps[0] is None or self.steps[1] is None:
            self.found.append(end)
        return self._result()

    def _step(self, reach: float) -> float:
        """Return by how much the second objective's limit falls at least."""
        return self.steps[1] if self.steps[1] is not None else reach / (self.points - 1)

    def _end(self, first: Objective, second: Objective) -> Floats | None:
        """Return one end of the front: the best of one objective, then of the other."""
        levels = lexicographic(self.form, (first, second), self._solved)
        return levels[-1].solution.x if len(levels) == 2 else None

    def _efficient(self, limit: float, reach: float) -> Floats | None:
        """Return the best of the first objective within a limit on the second one, then the best of that.

        The slack is limit - f2, so what is minimised is f1 + epsilon/r f2, up to a constant.
        """
        first, second = self.objectives
        weight = self._weight(reach)
        if weight is None:
            held = at_most(self.form, second, self._up(limit))
            levels = lexicographic(held, (first, second), self._solved)
            return levels[-1].solution.x if len(levels) == 2 else None
        augmented = Objective("augmented", first.c + weight * second.c, first.constant + weight * second.constant)
        solution = self._solved(
            minimising(at_most(self.form, second, self._up(limit)), augmented), "point of the front"
        )
        return None if solution is None else solution.x

    def _weight(self, reach: float) -> float | None:
        """Return epsilon/r; None where a step of slack would be too small for a solver to see."""
        if self.steps[0] is None:
            spread = self._values(self.found[0])[0]
            return GRID * max(1.0, abs(spread)) / reach
        weight = EPSILON * self.steps[0] / reach
        return weight if self.steps[1] is None or weight * self.steps[1] >= FINEST else None

    def _up(self, limit: float) -> float:
        """Return a limit with room for arithmetic, less than half a step."""
        return limit + 1e-6 * min(1.0, self._least_step())

    def _least_step(self) -> float:
        return self.steps[1] if self.steps[1] is not None else 1.0

    def _solved(self, form: MatrixForm, stage: str) -> Solution | None:
        """Solve a program; where it is not solved to optimality the front is not exact."""
        self.solves += 1
        solution = self.solve(form, stage)
        settled = solution is not None and solution.status in (Status.OPTIMAL, Status.INFEASIBLE)
        self.proven &= settled
        return solution

    def _values(self, x: Floats) -> tuple[float, float]:
        """Return both objectives, on their steps where they have one."""
        values = [objective.value(x) for objective in self.objectives]
        pairs = zip(values, self.steps, self.objectives, strict=True)
        first, second = (v if s is None else o.constant + round((v - o.constant) / s) * s for v, s, o in pairs)
        return first, second

    def _result(self) -> Front:
        """Return what was found, without points that another one beats."""
        if not self.found:
            return Front(np.zeros((0, 2)), np.zeros((0, self.form.columns)), self.proven, self.solves)
        values = np.array([self._values(x) for x in self.found])
        order = np.lexsort((values[:, 1], values[:, 0]))
        lowest = np.minimum.accumulate(np.concatenate([[np.inf], values[order, 1][:-1]]))
        exact = self.proven and None not in self.steps
        apart = (1e-9 if exact else SAME) * np.maximum(1.0, np.abs(values[order, 1]))
        order = order[values[order, 1] < lowest - apart]
        return Front(values[order], np.array([self.found[row] for row in order]), exact, self.solves)
