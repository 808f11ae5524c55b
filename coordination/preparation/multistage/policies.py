r"""Ways of deciding while a forecast sharpens.

=============  ======================================================================================================
static         everything now, whatever comes: the two-stage program
rolling        at every node the two-stage program with what is known there, as if nothing could be decided later
tree           now and at every node, reckoning with what will be known and can be done later
wait and see   as if forecast and scenario were known now: no policy, but a bound
=============  ======================================================================================================

In the mean (lambda = 0) static >= rolling >= tree >= wait and see: rolling may always add nothing to what was decided
before, which is static's course, and the tree may do what rolling does. With CVaR of the response beside the mean of
the money the tree is still the best of the three; rolling, which weighs what is left anew at every node, may then be
worse than static, and wait and see, whose money is known with the outcome and weighed with it, is no bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.preparation.multistage.program import TreeProgram

    Floats = NDArray[np.float64]


def nothing(program: TreeProgram) -> Floats:
    """Return that nothing is decided anywhere, shape (nodes, columns)."""
    return np.zeros((len(program.tree), program.width))


def static(program: TreeProgram) -> Floats:
    """Return what is decided by deciding everything now."""
    free = np.zeros(len(program.tree), dtype=bool)
    free[0] = True
    return program.decide(free, nothing(program))[1]


def rolling(program: TreeProgram) -> Floats:
    """Return what is decided by deciding as if for good, anew at every node."""
    tree, done = program.tree, nothing(program)
    for node in range(len(tree)):  # parents come before their children
        free = np.zeros(len(tree), dtype=bool)
        free[node] = True
        done[node] = program.decide(free, done, at=node)[1][node]
    return done


def tree_policy(program: TreeProgram) -> Floats:
    """Return what is decided at every node by reckoning with all of them."""
    return program.decide(np.ones(len(program.tree), dtype=bool), nothing(program))[1]


def wait_and_see(program: TreeProgram) -> float:
    """Return the mixture of what each outcome would cost if it were known now."""
    free, held = program.tree.paths(), nothing(program)
    leaf = program.tree.leaf
    each = [program.decide(free[leaf[number]], held, at=0, outcome=number)[0] for number in range(len(leaf))]
    return program.risk.of(np.array(each), program.tree.chance)
