"""What a two-stage program was answered with."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coordination.solver.solution import FloatArray
    from coordination.status import Status


@dataclass(frozen=True)
class Round:
    """One round of the decomposition.

    Attributes
    ----------
    number : int
        From 1 on.
    stage : str
        ``relaxed`` or ``whole``: without or with the first stage's whole numbers; ``shared``: without, the value being
        an estimate from below, as duals of some scenarios stand in for others.
    value : float
        Objective of the best first stage so far (where shared, about); infinite while there is none.
    bound : float
        No first stage is better.
    gap : float
        Relative distance of both.
    cuts : int
        Cuts added in this round.
    seconds : float
        Since the beginning.
    """

    number: int
    stage: str
    value: float
    bound: float
    gap: float
    cuts: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"round {self.number} ({self.stage}): value {self.value:.8g}, bound {self.bound:.8g},"
            f" gap {100 * self.gap:.4g} %, {self.cuts} cuts, {self.seconds:.1f} s"
        )


@dataclass(frozen=True)
class Answer:
    """The best first stage found, what it costs, and what is proven of it.

    Attributes
    ----------
    status : Status
        How it ended.
    x : numpy.ndarray or None
        (first-stage columns,) values; None without a solution.
    objective : float
        First-stage cost plus the mixture of the scenarios' costs; NaN without a solution.
    bound : float
        No first stage is better.
    gap : float
        max(0, objective − bound) / max(1e-10, |objective|).
    costs : numpy.ndarray or None
        (scenarios,) what each scenario costs after `x`, first-stage cost not counted.
    recourse : list of numpy.ndarray
        Values of each scenario's columns, where they were asked for or came along.
    method : str
        ``extensive`` or ``benders``.
    rounds : list of Round
        Of the decomposition.
    seconds : float
        Wall time.
    log : list of str
        What was chosen and why, what was lost and done again.
    """

    status: Status
    x: FloatArray | None = None
    objective: float = math.nan
    bound: float = -math.inf
    gap: float = math.inf
    costs: FloatArray | None = None
    recourse: list[FloatArray] = field(default_factory=list)
    method: str = ""
    rounds: list[Round] = field(default_factory=list)
    seconds: float = 0.0
    log: list[str] = field(default_factory=list)
