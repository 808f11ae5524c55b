"""A mixed-integer programme grown column by column and row by row, solved by HiGHS to the last digit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import highspy
import numpy as np

INFINITY = float("inf")


@dataclass(frozen=True)
class Solution:
    """An optimum: the objective, its terms, the value of every named column, the dual of every named row."""

    objective: float
    terms: dict[str, float]
    values: dict[Hashable, float]
    duals: dict[Hashable, float]


class Milp:
    """Columns with names and prices, rows with families.

    Parameters
    ----------
    without : frozenset of str
        Families of rows that are left out.
    free : frozenset of str
        Terms whose prices do not enter the objective (they are still reported).
    """

    def __init__(self, without: frozenset[str] = frozenset(), free: frozenset[str] = frozenset()) -> None:
        self.without, self.free = without, free
        self.names: list[Hashable] = []
        self.bounds: list[tuple[float, float]] = []
        self.integers: list[bool] = []
        self.prices: defaultdict[str, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
        self.constants: defaultdict[str, float] = defaultdict(float)
        self.row_names: list[Hashable] = []
        self.row_bounds: list[tuple[float, float]] = []
        self.rows: list[dict[int, float]] = []

    def column(self, *name: Hashable, lower: float = 0.0, upper: float = INFINITY, integer: bool = False) -> int:
        """Add a column and return its number."""
        self.names.append(name)
        self.bounds.append((lower, upper))
        self.integers.append(integer)
        return len(self.names) - 1

    def price(self, term: str, column: int, cost: float) -> None:
        """Let one unit of a column cost so much in a term of the objective."""
        self.prices[term][column] += cost

    def row(
        self,
        *name: Hashable,
        entries: Iterable[tuple[int, float]],
        lower: float = -INFINITY,
        upper: float = INFINITY,
    ) -> None:
        """Add a row; the first part of its name is its family."""
        if name[0] in self.without:
            return
        row: defaultdict[int, float] = defaultdict(float)
        for column, coefficient in entries:
            row[column] += coefficient
        self.row_names.append(name)
        self.row_bounds.append((lower, upper))
        self.rows.append(dict(row))

    def cost(self, without: frozenset[str] = frozenset()) -> np.ndarray:
        """Objective coefficients of all columns, some terms left out."""
        cost = np.zeros(len(self.names))
        for term, prices in self.prices.items():
            if term not in without:
                for column, price in prices.items():
                    cost[column] += price
        return cost

    def solve(self) -> Solution:
        """Solve to proven optimality: first the integers, then the LP in which they are fixed.

        Raises
        ------
        AssertionError
            If HiGHS does not prove an optimum, or the two objectives differ.
        """
        lower, upper = (np.array(side, dtype=float) for side in zip(*self.bounds, strict=True))
        integer = np.array(self.integers)
        values, duals, first = self._run(lower, upper, integer)
        if integer.any():
            fixed = np.round(values[integer])
            lower[integer] = upper[integer] = fixed
            values, duals, second = self._run(lower, upper, np.zeros_like(integer))
            assert abs(first - second) <= 1e-6 * max(1.0, abs(second)), (first, second)
        terms = {
            term: float(self.constants[term] + sum(price * values[column] for column, price in prices.items()))
            for term, prices in ((term, self.prices[term]) for term in {**self.prices, **self.constants})
        }
        return Solution(
            objective=sum(value for term, value in terms.items() if term not in self.free),
            terms=terms,
            values=dict(zip(self.names, values.tolist(), strict=True)),
            duals=dict(zip(self.row_names, duals.tolist(), strict=True)),
        )

    def _run(self, lower: np.ndarray, upper: np.ndarray, integer: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        """One run of HiGHS with all tolerances at 1e-9 and no gap allowed."""
        solver = highspy.Highs()
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 1e-9,
            "mip_feasibility_tolerance": 1e-9,
            "primal_feasibility_tolerance": 1e-9,
            "dual_feasibility_tolerance": 1e-9,
        }.items():
            solver.setOptionValue(option, value)
        cost = self.cost(self.free)
        starts = np.cumsum([0] + [len(row) for row in self.rows])
        index = np.array([column for row in self.rows for column in row], dtype=np.int32)
        value = np.array([entry for row in self.rows for entry in row.values()], dtype=float)
        sides = np.array(self.row_bounds, dtype=float).reshape(-1, 2)
        solver.passModel(
            len(cost), len(self.rows), len(index), 2, 1, 0.0, cost, lower, upper, sides[:, 0].copy(),
            sides[:, 1].copy(), starts.astype(np.int32), index, value, integer.astype(np.int32),
        )  # fmt: skip
        solver.run()
        status = solver.getModelStatus()
        assert status == highspy.HighsModelStatus.kOptimal, solver.modelStatusToString(status)
        solution = solver.getSolution()
        return (
            np.array(solution.col_value),
            np.array(solution.row_dual),
            solver.getInfo().objective_function_value,
        )
