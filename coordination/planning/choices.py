"""What the solver chose and why, short enough for a plan's provenance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

CHECKED = "residuals"
"""Lines that begin so say how good an answer is: nothing was chosen there."""


def chosen(solved: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Return in a sentence a stage which algorithms ran there, and why.

    Parameters
    ----------
    solved : iterable of (str, sequence of str)
        Stage of each solve, and the solver's log of it. Rounds of a stage are taken together; of solves that tried the
        same algorithms the first gives the reason.

    Returns
    -------
    dict of str to str
        By stage, in the order of solving.
    """
    stages: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for stage, log in solved:
        lines = [line for line in log if not line.startswith(CHECKED)]
        alike = tuple(line.split(":")[0] for line in lines)
        stages.setdefault(stage.split(", round ")[0], {}).setdefault(alike, []).append("; ".join(lines))
    return {stage: ". ".join(_counted(said) for said in kinds.values()) for stage, kinds in stages.items()}


def _counted(said: list[str]) -> str:
    return said[0] if len(said) == 1 else f"{said[0]} (and {len(said) - 1} more like it)"
