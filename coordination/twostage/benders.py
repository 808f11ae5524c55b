r"""Benders' decomposition: multi-cut, stabilised between the best and the newest first stage.

The master proposes a first stage that is too optimistic; scenarios are asked half way between it and the best one found
(the in-out point), and answer with a value and a cut each. First without the first stage's whole numbers until that is
proven, then with them, the cuts kept. Where many scenarios differ in right-hand sides and bounds only, few of them are
solved in the first rounds, and their duals stand in for the others (`coordination.twostage.sharing`); what is proven in
the end rests on all of them.

Sources: Benders, J. F. (1962), Numerische Mathematik 4; Van Slyke, R. and Wets, R. (1969), SIAM J. Applied Mathematics
17; Birge, J. and Louveaux, F. (1988), A multicut algorithm, European J. Operational Research 34; Ben-Ameur, W. and
Neto, J. (2007), Acceleration of cutting-plane and column generation algorithms: applications to network design,
Networks 49 (in-out).
"""

from __future__ import annotations

import logging
import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from coordination.solver import SolverOptions, solve
from coordination.solver.solution import relative_gap
from coordination.status import Status
from coordination.twostage.answer import Answer, Round
from coordination.twostage.extensive import extensive_form, split
from coordination.twostage.master import Master
from coordination.twostage.recourse import Recourse
from coordination.twostage.sharing import Sharing
from coordination.twostage.workforce import Workforce

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from coordination.solver.solution import FloatArray, Solution
    from coordination.twostage.program import Scenario, TwoStageProgram
    from coordination.twostage.recourse import Outcome
    from coordination.twostage.risk import Risk

LOG = logging.getLogger(__name__)

INSIDE = 0.5
"""How far the point that is asked lies from the master's towards the best one."""

FIRST_SCENARIOS = 20
"""Scenarios whose optimum gives the first stage to begin with."""

FIRST_SHARE = 0.2
"""Share of the scenarios to begin with where there are fewer: otherwise the beginning is the whole work."""

QUICK_FORM = 20_000
"""Columns up to which the extensive form of these is quick; above it they are decomposed themselves."""

FIRST_GAP = 1e-3
"""Gap at which these are near enough to begin with."""

SHARED_PART = 0.25
"""Share of the gap by which the mean cost may be underestimated while duals are shared."""

MOST_ROUNDS = 1000

STEADY = 1e-9
"""Relative movement of the bound below which a round without new cuts is the last."""


class NoLowestCostError(Exception):
    """Some scenario's cost has no finite lower bound over all first stages: there is nothing to begin with."""


def by_benders(
    program: TwoStageProgram,
    risk: Risk,
    options: SolverOptions,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    on_round: Callable[[Round], None] | None = None,
) -> Answer:
    """Solve a program with continuous recourse by decomposition.

    Parameters
    ----------
    program, risk, options
        As for `solve`.
    executor, workers, on_round
        As for `solve`.

    Raises
    ------
    NoLowestCostError
        If a scenario's cost has no lower bound.
    """
    with Workforce(executor, workers) as workforce:
        run = _Benders(program, risk, options, workforce, on_round)
        try:
            return run.answer()
        finally:
            run.close()


class _Benders:
    """State of one decomposition."""

    def __init__(
        self,
        program: TwoStageProgram,
        risk: Risk,
        options: SolverOptions,
        workforce: Workforce,
        on_round: Callable[[Round], None] | None,
    ) -> None:
        self.began = time.monotonic()
        self.program, self.risk, self.options, self.workforce, self.on_round = (
            program, risk, options, workforce, on_round,
        )  # fmt: skip
        lowest = np.array([_lowest(program, one, options) for one in program.scenarios])
        self.master = Master(program, risk, lowest, options)
        self.recourse = Recourse(program, workforce, options)
        self.integers = bool(program.first.integrality.any())
        self.rounds: list[Round] = []
        self.bound, self.value = -math.inf, math.inf
        self.best: FloatArray | None = None
        self.costs: FloatArray | None = None
        self.sharing = Sharing(self.recourse, program.probabilities)
        self.shared = self.sharing.worthwhile()
        self.centre: FloatArray | None = None
        self.estimate = math.inf
        self.log: list[str] = []

    def close(self) -> None:
        """Let the solvers go."""
        self.recourse.close()
        self.master.close()

    def answer(self) -> Answer:
        """Run until the gap is proven, the time is over, or somebody stops it."""
        status = Status.FEASIBLE
        try:
            ended = self._relaxed()
            if self.integers and ended is not Status.INFEASIBLE and not self._over():
                self.bound, self.value, self.best, self.costs = self.bound, math.inf, None, None
                ended = self._whole()
            status = ended or Status.FEASIBLE
        except KeyboardInterrupt:
            status = Status.INTERRUPTED
            if self.integers and not any(one.stage == "whole" for one in self.rounds):
                self.value, self.best, self.costs = math.inf, None, None
        if self.workforce.lost:
            self.log.append(f"{self.workforce.lost} tasks were lost with their workers and done again")
        gap = relative_gap(self.value, self.bound)
        if status is Status.FEASIBLE and gap <= self.options.gap:
            status = Status.OPTIMAL
        if self.best is None and status is Status.FEASIBLE:
            status = Status.TIME_LIMIT
        return Answer(
            status=status,
            x=self.best,
            objective=self.value if self.best is not None else math.nan,
            bound=self.bound,
            gap=gap,
            costs=self.costs,
            method="benders",
            rounds=self.rounds,
            seconds=time.monotonic() - self.began,
            log=self.log,
        )

    def _left(self) -> float | None:
        limit = self.options.time_limit
        return None if limit is None else max(0.0, limit - (time.monotonic() - self.began))

    def _over(self) -> bool:
        left = self._left()
        return left is not None and left <= 0.0

    def _relaxed(self) -> Status | None:
        """Prove the program without the first stage's whole numbers."""
        target = self.options.gap * (0.5 if self.integers else 1.0)
        centre = self._beginning()
        if centre is not None:
            self._ask(centre, None)
        for _ in range(MOST_ROUNDS):
            if self._over():
                return None
            solution = self.master.solve(self._left())
            if solution.x is None or solution.status is not Status.OPTIMAL:
                return Status.INFEASIBLE if solution.status is Status.INFEASIBLE else None
            moved = solution.bound - self.bound
            self.bound = max(self.bound, solution.bound)
            if relative_gap(self.estimate, self.bound) <= target and self._settled(target):
                self._tell("relaxed", 0)
                return None
            cuts = self._separate(solution)
            self._tell("shared" if self.shared else "relaxed", cuts)
            if not cuts and moved <= STEADY * max(1.0, abs(self.bound)) and self._settled(target):
                return None
        return None

    def _settled(self, target: float) -> bool:
        """Return whether the relaxation is done; where its values are estimates, solve all scenarios for the best.

        With whole numbers to come, an estimate is enough: they are asked for exactly.
        """
        if not self.shared:
            return relative_gap(self.value, self.bound) <= target or self.estimate == self.value
        self.shared = False
        if self.integers or self.centre is None:
            return self.centre is not None
        centre, self.estimate = self.centre, math.inf
        self._ask(centre, None)
        return relative_gap(self.value, self.bound) <= target

    def _separate(self, solution: Solution) -> int:
        """Ask between the best first stage and the master's; at the master's own where that teaches nothing."""
        assert solution.x is not None
        out = solution.x[: self.master.columns]
        cuts = 0
        if self.centre is not None:
            cuts = self._ask(INSIDE * self.centre + (1.0 - INSIDE) * out, solution.x)
        if not cuts:
            cuts = self._ask(out, solution.x)
        return cuts

    def _ask(self, x: FloatArray, at: FloatArray | None) -> int:
        """Ask all scenarios what they answer to a first stage; keep it if it is the best; return the cuts added."""
        return self._ask_valued(x, at)[0]

    def _ask_valued(self, x: FloatArray, at: FloatArray | None) -> tuple[int, float]:
        """As `_ask`; return what the first stage is worth, too."""
        outcomes = self.sharing.outcomes(x, self._tolerance())
        value = self._judge(x, outcomes)
        if at is None:
            at = np.concatenate([x, np.full(self.master.relaxed.form.columns - len(x), -np.inf)])
        return self.master.add(x, outcomes, at), value

    def _tolerance(self) -> float:
        """Return by how much scenarios' mean cost may be underestimated now: less as the gap closes; 0 at the end."""
        if not self.shared:
            return 0.0
        known = math.isfinite(self.estimate) and math.isfinite(self.bound)
        gap = max(0.0, self.estimate - self.bound) if known else math.inf
        size = abs(self.estimate) if math.isfinite(self.estimate) else 0.0
        return math.inf if math.isinf(gap) else SHARED_PART * max(gap, self.options.gap * size)

    def _judge(self, x: FloatArray, outcomes: Sequence[Outcome]) -> float:
        """Return what a first stage is worth, infinite where a scenario has no answer; keep it if it is the best."""
        if not all(outcome.feasible for outcome in outcomes):
            return math.inf
        costs = np.array([outcome.value for outcome in outcomes])
        value = self.program.first.objective(x) + self.risk.of(costs, self.program.probabilities)
        if value < self.estimate:
            self.estimate, self.centre = value, x
        if value < self.value and all(outcome.exact for outcome in outcomes):
            self.value, self.best, self.costs = value, x, costs
        return value

    def _whole(self) -> Status | None:
        """Prove the program with the first stage's whole numbers, from the cuts so far."""
        self.shared = False
        seen: set[bytes] = set()
        gap = self.options.gap / 4
        for _ in range(MOST_ROUNDS):
            if self._over():
                return None
            solution = self.master.solve_whole(gap, self._left(), self.best)
            if solution.x is None:
                return Status.INFEASIBLE if solution.status is Status.INFEASIBLE else None
            self.bound = max(self.bound, solution.bound)
            if self._proven():
                self._tell("whole", 0)
                return None
            cuts, again = self._with_wholes(solution.x, seen)
            if self._proven() or (again and not cuts and gap <= 0.0):
                return None
            if again and not cuts:
                gap = 0.0 if gap < 1e-9 else gap / 10
        return None

    def _proven(self) -> bool:
        return relative_gap(self.value, self.bound) <= self.options.gap

    def _with_wholes(self, point: FloatArray, seen: set[bytes]) -> tuple[int, bool]:
        """Ask at a point's whole numbers until they cannot be the best by much; return cuts, and if x was seen before.

        The point itself first; then, the whole numbers kept, between the best first stage with them and the master's.
        """
        whole = self.program.first.integrality > 0
        x = point[: self.master.columns].copy()
        x[whole] = np.round(x[whole])
        cuts, value = self._ask_valued(x, point)
        self._tell("whole", cuts)
        again = x.tobytes() in seen
        seen.add(x.tobytes())
        if whole.all():
            return cuts, again
        best = x if math.isfinite(value) else None
        with self.master.fixed(np.flatnonzero(whole), x[whole]):
            for _ in range(MOST_ROUNDS):
                if self._over():
                    break
                solution = self.master.solve(self._left())
                if solution.x is None or solution.status is not Status.OPTIMAL:
                    break
                if relative_gap(min(value, self.value), solution.bound) <= 0.5 * self.options.gap:
                    break
                out = solution.x[: self.master.columns]
                inside = out if best is None else INSIDE * best + (1.0 - INSIDE) * out
                found, new = self._ask_valued(inside, solution.x)
                if not found and best is not None:
                    inside = out
                    found, new = self._ask_valued(inside, solution.x)
                if new < value:
                    best, value = inside, new
                self._tell("whole", found)
                cuts += found
                if not found or self._proven():
                    break
        return cuts, again

    def _beginning(self) -> FloatArray | None:
        """Return the first stage of some scenarios, relaxed, to begin with; None where there are too few."""
        count = len(self.program.scenarios)
        wanted = min(FIRST_SCENARIOS, int(FIRST_SHARE * count))
        if wanted < 1:
            return None
        some = np.unique(np.linspace(0, count - 1, wanted).astype(int))
        part = self.program.of(some.tolist()).relaxed()
        self.log.append(f"begun from {len(some)} scenarios")
        if sum(one.form.columns for one in part.scenarios) <= QUICK_FORM:
            solution = solve(extensive_form(part, self.risk), options=replace(self.options, time_limit=self._left()))
            return None if solution.x is None else split(part, solution.x)[0]
        options = replace(self.options, gap=max(FIRST_GAP, self.options.gap), time_limit=self._left())
        run = _Benders(part, self.risk, options, self.workforce, None)
        try:
            run._relaxed()
            return run.centre
        finally:
            run.close()

    def _tell(self, stage: str, cuts: int) -> None:
        value = self.estimate if stage == "shared" else self.value
        gap, seconds = relative_gap(value, self.bound), time.monotonic() - self.began
        found = Round(len(self.rounds) + 1, stage, value, self.bound, gap, cuts, seconds)
        self.rounds.append(found)
        LOG.info("%s", found)
        if self.on_round is not None:
            self.on_round(found)


def _lowest(program: TwoStageProgram, scenario: Scenario, options: SolverOptions) -> float:
    """Return what a scenario costs at least, whatever the first stage."""
    form = scenario.form
    with np.errstate(invalid="ignore"):
        least = np.where(form.c > 0, form.c * form.lb, np.where(form.c < 0, form.c * form.ub, 0.0))
    total = float(least.sum()) + form.offset
    if math.isfinite(total):
        return total
    free = replace(program.first, c=np.zeros_like(program.first.c), offset=0.0)
    alone = replace(program, first=free, scenarios=(replace(scenario, probability=1.0),)).relaxed()
    solution = solve(extensive_form(alone), options=options)
    if solution.status is not Status.OPTIMAL or not math.isfinite(solution.bound):
        raise NoLowestCostError(scenario.name)
    return solution.bound
