"""What a caller may ask of the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Algorithm = Literal["simplex", "ipx", "hipo"]


@dataclass(frozen=True, kw_only=True)
class SolverOptions:
    """Options of one solve.

    Attributes
    ----------
    gap : float
        Relative gap at which a mixed-integer solution is optimal enough.
    slack : float
        Absolute gap at which it is, too, in the unit of the objective.
    time_limit : float or None
        Seconds for all attempts together; None: as long as it takes.
    threads : int or None
        Threads of the solver; None: its own choice.
    seed : int
        Random seed: same seed and threads, same solution.
    algorithm : {"simplex", "ipx", "hipo"} or None
        The first algorithm to try on a linear program; None: what the measured table says of its kind and size.
        Others follow if it fails.
    crossover : bool
        Whether an interior point is moved to a vertex (then there is a basis to start again from).
    presolve : bool
        Whether the solver may simplify the program first.
    probe : bool
        Whether `solve` runs two algorithms side by side, one thread each, where the table leaves open which is the
        quicker of a large linear program; the first whose result counts wins. Off unless asked for: the clock decides
        the race, so a solution that is not the only one may differ from run to run (its objective does not). HiGHS
        counts no work that could be compared across algorithms instead.
    """

    gap: float = 1e-4
    slack: float = 1e-6
    time_limit: float | None = None
    threads: int | None = None
    seed: int = 0
    algorithm: Algorithm | None = None
    crossover: bool = True
    presolve: bool = True
    probe: bool = False
