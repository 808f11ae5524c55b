"""The cost of going without one unit, by time without."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]


class Curves:
    """One convex curve per commodity: breakpoints from (0, 0) on, the last slope going on.

    A commodity without rows in ``deprivation`` has a straight one of slope ``cost_without``.

    Parameters
    ----------
    case : Case
        The case.
    """

    def __init__(self, case: "Case") -> None:
        commodities, rows = case.given["commodities"], case.given["deprivation"]
        self._points = [
            _breakpoints(rows[rows["commodity"] == commodity], float(cost))
            for commodity, cost in zip(commodities["commodity"], commodities["cost_without"], strict=True)
        ]

    def height(self, commodity: npt.NDArray[np.int64], age: npt.ArrayLike) -> Numbers:
        """Return the cost of one unit of each commodity (code) after ``age`` periods without."""
        ages = np.broadcast_to(np.asarray(age, dtype=np.float64), commodity.shape)
        heights = np.zeros(commodity.shape)
        for code in np.unique(commodity):
            chosen = commodity == code
            x, y = self._points[code]
            beyond = np.maximum(ages[chosen] - x[-1], 0.0) * (y[-1] - y[-2]) / (x[-1] - x[-2])
            heights[chosen] = np.interp(ages[chosen], x, y) + beyond
        return heights

    def step(self, commodity: npt.NDArray[np.int64], age: npt.ArrayLike) -> Numbers:
        """Return what the ``age``-th period without adds: C(age) − C(age − 1)."""
        return self.height(commodity, age) - self.height(commodity, np.asarray(age) - 1)


def _breakpoints(rows: pd.DataFrame, cost_without: float) -> tuple[Numbers, Numbers]:
    if rows.empty:
        return np.array([0.0, 1.0]), np.array([0.0, cost_without])
    rows = rows.sort_values("periods_without")
    ages, heights = rows["periods_without"].to_numpy(np.float64), rows["cost_per_unit"].to_numpy(np.float64)
    return np.append(0.0, ages), np.append(0.0, heights)
