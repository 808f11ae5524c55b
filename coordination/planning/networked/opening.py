"""What a coalition says before prices: what it would do alone, what it would take, what it misses.

Three programs, one after the other: with what is its own alone; with all that is its own, everything else but goods for
nothing; with everything but hours and hand-out for nothing. What it would take is offered; what it would pay at most
for the first unit of what is missing (the dual price of going without) makes the core's first prices. Last it says what
it would take if nothing had a price, which is the first bound.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from coordination.errors import SolverError
from coordination.planning.networked.coalition import SHARED, Offers
from coordination.solver import LinearProgram, SolverOptions
from coordination.status import Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.networked.coalition import Program

    Floats = NDArray[np.float64]

GOODS, WORK = ("pooled",), ("shared_out", "helped")
MISSING = ((*GOODS, *WORK), GOODS, WORK)
"""Kinds of what is shared that are not for nothing, program by program; worths are read from all but the first."""


@dataclass(frozen=True)
class Opening:
    """What a coalition says before prices.

    Attributes
    ----------
    value : float
        Its least cost if nothing had a price, money.
    offers : Offers
        What it would do in each of the programs, part by part.
    worth : ndarray, shape (shared rows,)
        Most that it would pay for a first unit, money per unit.
    """

    value: float
    offers: Offers
    worth: Floats


def opening(coalition: Program) -> Opening:
    """Return what a coalition says before prices."""
    form, taken, kind = coalition.form, coalition.taken, coalition.kind
    standing = coalition.shared @ coalition.standstill - coalition.appears
    # Hours that others have agreed to stay given; of goods and hand-out it has what it brings.
    own = np.where(kind == SHARED.index("helped"), standing, np.maximum(standing, 0.0))
    worth = np.zeros(len(taken))
    answers: list[Floats] = []
    bare = dataclasses.replace(form, offset=0.0)
    with LinearProgram(bare, SolverOptions(threads=1)) as program:
        for number, kinds in enumerate((*MISSING, ())):
            missing = np.isin(kind, [SHARED.index(name) for name in kinds])
            program.set_column_bounds(taken, form.lb[taken], np.where(missing, own, form.ub[taken]))
            solution = program.solve(stage=coalition.name)
            if solution.status is not Status.OPTIMAL or solution.x is None or solution.reduced_cost is None:
                raise SolverError(f"networked: the program of {coalition.name} before prices ended {solution.status}")
            answers.append(np.clip(solution.x[coalition.own], form.lb[coalition.own], form.ub[coalition.own]))
            if number and kinds:
                worth = np.maximum(worth, np.where(missing, -solution.reduced_cost[taken], 0.0))
    parts = np.tile(np.arange(coalition.parts), len(answers))
    rows = sp.csr_array(sp.vstack([coalition.by_part(x) for x in answers], format="csr"))
    return Opening(float(coalition.cost @ answers[-1]), coalition.offers(parts, rows), worth)
