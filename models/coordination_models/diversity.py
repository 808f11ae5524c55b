r"""Diversity of backups: who stands by is of another kind than those who do the task, so that both do not fail alike.

Equations
---------
.. math:: q_{i,j} + r_{i,k} \le 1 \quad \text{for all parties } j, k \text{ of one kind}

Symbols
-------
======  =====================================================  =======  =======================
symbol  meaning                                                unit     component
======  =====================================================  =======  =======================
q       party j is a backup of task i                          0 or 1   ``backup``
r       party k is a doer of task i                            0 or 1   ``doer``
======  =====================================================  =======  =======================

Dual
----
With the integers fixed none of interest; in the relaxation minus it is what a like backup would save.

Source
------
Ours; for the idea, Page, S. (2007), The difference: redundancy of unlike parts survives what like parts share.
"""

import pyomo.environ as pyo


def add_diversity(block: pyo.Block) -> None:
    """Declare that backups are of other kinds than doers on `block` (after backups)."""
    block.ALIKE = pyo.Set(dimen=3, doc="task, party that may stand by, other party of its kind that may do it")

    @block.Constraint(block.ALIKE, doc="no backup of a doer's kind")
    def diversity(b: pyo.Block, i: int, j: int, k: int) -> pyo.Expression:
        return b.backup[i, j] + b.doer[i, k] <= 1
