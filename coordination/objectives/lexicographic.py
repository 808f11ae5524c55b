r"""Objectives one after the other: each as small as those before it allow.

.. math:: v_1 = \min f_1(x), \quad v_2 = \min \{ f_2(x) : f_1(x) \le v_1 \}, \quad \dots

Values are reached within a solver's tolerances, so each is held to what was found, not to what was proven, and with a
little room for arithmetic: the next may not be bought with more than that.

Source: Isermann (1982), Linear lexicographic optimization, OR Spektrum 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coordination.objectives.limits import at_most, minimising

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coordination.compilation import MatrixForm
    from coordination.objectives.objective import Objective
    from coordination.solver import Solution

ROOM = 1e-9
"""How much worse an objective may become for those after it, relative to its value (and to 1)."""


@dataclass(frozen=True)
class Level:
    """One objective's turn.

    Attributes
    ----------
    objective : Objective
        What was minimised.
    value : float
        What it amounts to.
    bound : float
        Proven: as those before it stand, it cannot be less.
    solution : Solution
        How solving ended.
    form : MatrixForm
        The program of this turn, those before it held.
    """

    objective: Objective
    value: float
    bound: float
    solution: Solution
    form: MatrixForm

    def proven(self, gap: float) -> bool:
        """Return whether it is proven to be within a gap of the least, relative to its value (and to 1)."""
        return self.value - self.bound <= max(gap, 1e-6) * max(1.0, abs(self.value))


def lexicographic(
    form: MatrixForm, objectives: Sequence[Objective], solve: Callable[[MatrixForm, str], Solution | None]
) -> list[Level]:
    """Minimise objectives one after the other.

    Parameters
    ----------
    form : MatrixForm
        The program; its own objective does not count.
    objectives : sequence of Objective
        The most important first.
    solve : callable
        Solves a program, called so for progress; None when no time is left.

    Returns
    -------
    list of Level
        One for each objective, fewer where one turn found nothing.
    """
    levels: list[Level] = []
    for objective in objectives:
        turn = minimising(form, objective)
        solution = solve(turn, objective.name)
        if solution is None or solution.x is None:
            break
        levels.append(Level(objective, objective.value(solution.x), solution.bound, solution, turn))
        form = held(form, levels[-1])
    return levels


def held(form: MatrixForm, level: Level, room: float = ROOM) -> MatrixForm:
    """Return the program in which what a turn reached may not become worse, but for arithmetic.

    Parameters
    ----------
    room : float
        As `ROOM`. Whole numbers are found within looser tolerances: what they reach needs more.
    """
    return at_most(form, level.objective, level.value + room * max(1.0, abs(level.value)))
