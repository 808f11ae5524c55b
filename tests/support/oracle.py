"""The independent model: the whole plan of a small instance as one mixed-integer programme.

Written from the contract's text, in plain arrays and loops, sharing nothing with the formulations: all fleets,
all lanes with all their routes, all batches, all roles in one programme, solved without a gap. What the
formulations leave out, merge or price in by some argument is here in full, so that the two objectives
agree only if the argument holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support.changes import add_changes
from tests.support.milp import Milp, Solution
from tests.support.reading import Plain
from tests.support.repairs import Job
from tests.support.responsibility import add_handout, add_responsibility
from tests.support.supply import add_supply


@dataclass(frozen=True)
class OracleResult:
    """The optimum of an instance.

    Attributes
    ----------
    objective : float
        Social cost.
    terms : dict of str to float
        Its terms, with the sign they enter with; those without columns are absent.
    solution : Solution
        Value of every column and dual of every row (the integers fixed), by name.
    """

    objective: float
    terms: dict[str, float]
    solution: Solution

    def columns(self, kind: str) -> dict[tuple, float]:
        """Values other than zero of one kind of column, by the rest of its name."""
        return {
            name[1:]: value for name, value in self.solution.values.items() if name[0] == kind and abs(value) > 1e-9
        }


def oracle(
    instance: Any,
    scenario: str | None = None,
    *,
    without: frozenset[str] = frozenset(),
    free: frozenset[str] = frozenset(),
    schedule: tuple[Job, ...] = (),
) -> OracleResult:
    """Solve an instance to proven optimality.

    Parameters
    ----------
    instance : Instance
        Small: all simple routes between all places are enumerated.
    scenario : str, optional
        Scenario to put the instance under; absent: the active one.
    without : frozenset of str
        Rules to leave out: families of rows, and the names that `Plain` and the two halves test for.
    free : frozenset of str
        Terms that cost nothing.
    schedule : tuple of Job
        Repairs of what is damaged; by default nothing is repaired.
    """
    world = Plain(instance if scenario is None else instance.under(scenario), without, schedule)
    model = Milp(without, free)
    add_supply(model, world)
    add_responsibility(model, world)
    add_handout(model, world)
    add_changes(model, world)
    solution = model.solve()
    return OracleResult(solution.objective, solution.terms, solution)
