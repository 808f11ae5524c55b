"""What a first stage costs in all: scenarios, assurances and losses together."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.preparation.assuring import eased
from coordination.solver import SolverOptions, solve_many
from coordination.twostage import Risk, TwoStageProgram, evaluate, extensive_form, solve
from coordination.twostage.information import wait_and_see

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from coordination.preparation.losing import Losing
    from coordination.twostage import Scenario

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measure:
    """How a first stage is judged.

    Attributes
    ----------
    program : TwoStageProgram
        First stage and scenarios, the column of the worst loss held at 0.
    risk : Risk
        How scenarios' costs are weighed.
    tied : ndarray of bool
        Columns that only tie responses together.
    bare : list of int
        Rows of each scenario without assurances.
    losing : Losing or None
        What may be lost.
    options, executor, workers
        As for `evaluate`.
    """

    program: TwoStageProgram
    risk: Risk
    tied: NDArray[np.bool_]
    bare: list[int]
    losing: Losing | None
    options: SolverOptions
    executor: Executor | None
    workers: int | None

    @property
    def plain(self) -> bool:
        """Whether there are neither assurances nor losses."""
        return self.losing is None and not self.tied.any()

    @property
    def _shared(self) -> dict[str, Any]:
        return {"options": self.options, "executor": self.executor, "workers": self.workers}

    def after(self, x: Floats) -> tuple[Floats, list[Floats]]:
        """Return what each scenario costs after a first stage, and its values; assurances may be missed by rounding."""
        if not self.tied.any():
            return evaluate(self.program, x, **self._shared)
        scenarios = tuple(eased(one, bare) for one, bare in zip(self.program.scenarios, self.bare, strict=True))
        return evaluate(replace(self.program, scenarios=scenarios), x, **self._shared)

    def lost(self, x: Floats) -> Floats | None:
        """Return what each loss costs after a first stage; None where there are none."""
        return None if self.losing is None else evaluate(self._losses, x, **self._shared)[0]

    @property
    def _losses(self) -> TwoStageProgram:
        assert self.losing is not None
        return replace(self.program, scenarios=tuple(self.losing.scenarios))

    def response(self, costs: Floats, lost: Floats | None) -> float:
        """Return the mixture of the scenarios' costs, and of the worst loss."""
        return (
            self.risk.of(costs, self.program.probabilities) if lost is None else self._mixed(costs, float(lost.max()))
        )

    def _mixed(self, costs: Floats, worst: float) -> float:
        return (1.0 - self.risk.weight) * float(self.program.probabilities @ costs) + self.risk.weight * worst

    @property
    def of_scenarios(self) -> Risk:
        """How scenarios' costs are weighed where the losses are set aside."""
        return self.risk if self.losing is None else Risk()

    def total(self, x: Floats) -> float:
        """Return what a first stage costs in all, tied columns chosen for it; infinite where that cannot be."""
        if self.tied.any():
            fixed = np.where(self.tied, self.program.first.lb, x), np.where(self.tied, self.program.first.ub, x)
            first = replace(self.program.first, lb=fixed[0], ub=fixed[1])
            found = solve(
                replace(self.program, first=first), risk=self.of_scenarios, method="extensive", options=self.options
            )  # fmt: skip
            if found.x is None:
                return math.inf
            x = np.where(self.tied, found.x, x)
        costs, _ = self.after(x)
        return self.program.first.objective(x) + self.response(costs, self.lost(x))

    def knowing(self, objective: float, mean: Scenario, calm: Scenario) -> dict[str, float | None]:
        """Return EVPI, VSS and the cost of ignoring disruption where there are assurances or losses.

        Parameters
        ----------
        objective : float
            Of the first stage found.
        mean, calm : Scenario
            The mean scenario, and the one in which nothing happens, without assurances.
        """
        known = wait_and_see(self.program, self.tied, self.of_scenarios, self.options)
        if self.losing is not None:
            alone = [extensive_form(self._losses.of([n])) for n in range(len(self.losing.scenarios))]
            solutions = solve_many(alone, options=self.options, executor=self.executor, workers=self.workers)
            worst = max(one.objective for one in solutions)
            known = (1.0 - self.risk.weight) * known + self.risk.weight * worst
        found: dict[str, float | None] = {"wait_and_see": known, "evpi": objective - known}
        for name, one in (("vss", mean), ("ignoring_disruption", calm)):
            x = solve(replace(self.program, scenarios=(replace(one, probability=1.0),)), options=self.options).x
            if x is None:
                continue
            whole = self.program.first.integrality > 0
            more = self.total(np.where(whole, np.round(x), x)) - objective
            found[name] = more if math.isfinite(more) else None
        return found
