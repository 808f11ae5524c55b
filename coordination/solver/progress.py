"""How far a running solve is."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """A glance at a running solve.

    Attributes
    ----------
    stage : str
        What is being solved, as the caller named it.
    seconds : float
        Since the solve began.
    algorithm : str
        Algorithm at work: simplex, ipx, hipo or mip.
    objective : float
        Best solution so far; infinite while there is none.
    bound : float
        No solution is better than this; infinite while nothing is known.
    gap : float
        Relative distance of the two; infinite while unknown.
    iterations : int
        Iterations of the algorithm so far (simplex or interior point).
    nodes : int
        Nodes of the branching tree so far.
    """

    stage: str
    seconds: float
    algorithm: str
    objective: float = math.inf
    bound: float = -math.inf
    gap: float = math.inf
    iterations: int = 0
    nodes: int = 0
