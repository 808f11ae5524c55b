"""How to plan: what the caller asked for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from coordination.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class PlanOptions:
    """Options of a plan.

    Attributes
    ----------
    gap : float
        Requested proven gap, relative (1e-4: a hundredth of a percent).
    time_limit : float or None
        Seconds for planning; None: as long as it takes.
    threads : int or None
        Threads of the solver; None: all cores.
    seed : int
        Seed of the solver.
    scenario : str or None
        Scenario that was active.
    """

    gap: float = 1e-4
    time_limit: float | None = None
    threads: int | None = None
    seed: int = 0
    scenario: str | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises
        ------
        UsageError
            An option is out of its range.
        """
        if not 0.0 <= self.gap < float("inf"):
            raise UsageError(f"gap: {self.gap} found; expected a number of at least 0 (such as 1e-3)")
        if self.time_limit is not None and not 0.0 < self.time_limit < float("inf"):
            raise UsageError(f"time limit: {self.time_limit} found; expected more than 0 seconds (none for no limit)")
        if self.threads is not None and self.threads < 1:
            raise UsageError(f"threads: {self.threads} found; expected 1 or more")
        if not 0 <= self.seed < 2**31:
            raise UsageError(f"seed: {self.seed} found; expected a whole number from 0 to {2**31 - 1}")

    def as_dict(self) -> dict[str, Any]:
        """Return the options as they stand in ``plan.json``."""
        return asdict(self)
