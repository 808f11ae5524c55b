"""What a planner sees while waiting: the stage, then the solver's bound and gap as they move."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

STAGE = "[bold]{stage}[/]"
MOVING = "[bold]{stage}[/]  {seconds:.0f} s"
COST = "  cost {objective:,.6g}"
BOUND = "  bound {bound:,.6g}"
GAP = "  gap {gap:.3%}"


class Progress:
    """One line on the terminal, silent where there is none."""

    def __init__(self, status: Any = None) -> None:
        self._status = status

    def stage(self, name: str) -> None:
        """Say what is being done."""
        if self._status is not None:
            self._status.update(STAGE.format(stage=name))

    def solving(self, event: Any) -> None:
        """Say how far the solver is.

        Parameters
        ----------
        event : coordination.solver.Progress
            With ``stage``, ``seconds``, ``objective``, ``bound``, ``gap`` (None where not known).
        """
        if self._status is None:
            return
        text = MOVING.format(stage=event.stage, seconds=event.seconds)
        for template, name in ((COST, "objective"), (BOUND, "bound"), (GAP, "gap")):
            value = getattr(event, name)
            if value is not None and abs(value) < 1e100:
                text += template.format(**{name: value})
        self._status.update(text)


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """Show progress on a terminal's standard error; nothing when `quiet` or elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield Progress()
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield Progress(status)
