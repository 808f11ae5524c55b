"""What a solve ended with."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from coordination.status import Status

FloatArray: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Solution:
    """Values, proof and circumstances of one solve.

    Attributes
    ----------
    status : Status
        How it ended.
    x : numpy.ndarray or None
        (columns,) values; None without a solution.
    row_activity : numpy.ndarray or None
        (rows,) A x.
    row_dual : numpy.ndarray or None
        (rows,) change of the objective per unit of right-hand side; None for a mixed-integer program.
    reduced_cost : numpy.ndarray or None
        (columns,) change of the objective per unit of the column's bound; None for a mixed-integer program.
    objective : float
        Of `x`; NaN without a solution.
    bound : float
        No solution is better; minus infinity (plus, when maximizing) while nothing is proven.
    gap : float
        max(0, objective − bound) / max(1e-10, |objective|), for a maximum the other way round; infinite when unknown.
    interrupted : bool
        Whether somebody stopped it (Ctrl-C).
    algorithm : str
        What found it: simplex, ipx, hipo or mip.
    iterations, nodes : int
        Of the algorithm, and of the branching tree.
    seconds : dict
        Time of ``hand_over``, ``run`` and ``read``.
    log : list of str
        What was chosen and why, what failed, what remains to be said.
    """

    status: Status
    x: FloatArray | None = None
    row_activity: FloatArray | None = None
    row_dual: FloatArray | None = None
    reduced_cost: FloatArray | None = None
    objective: float = math.nan
    bound: float = -math.inf
    gap: float = math.inf
    interrupted: bool = False
    algorithm: str = ""
    iterations: int = 0
    nodes: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)


def relative_gap(objective: float, bound: float, maximize: bool = False) -> float:
    """Return the relative gap between a solution's objective and a bound.

    Parameters
    ----------
    objective, bound : float
        In the sense of the program.
    maximize : bool
        Whether larger is better.

    Returns
    -------
    float
        At least 0; infinite when either is not finite.
    """
    if not (math.isfinite(objective) and math.isfinite(bound)):
        return math.inf
    distance = bound - objective if maximize else objective - bound
    return max(0.0, distance) / max(1e-10, abs(objective))
