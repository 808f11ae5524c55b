r"""Consulted parties: heard before it is decided, beside those who answer for the task, do it or stand by.

Equations
---------
.. math:: \sum_j c_{i,j} \le C_i, \qquad c_{i,j} + y_{i,j} \le 1, \qquad c_{i,j} + r_{i,j} \le 1, \qquad
          c_{i,j} + q_{i,j} \le 1

Being consulted takes no hours and costs nothing. So c is in the model only for tasks on which somebody *must* be
consulted; elsewhere the places are filled once the other roles are known, and the optimum is the same.

Symbols
-------
======  =====================================================  =======  =======================
symbol  meaning                                                unit     component
======  =====================================================  =======  =======================
c       party j is consulted on task i                         0 or 1   ``consulted``
y       party j is accountable for task i                      0 or 1   ``accountable``
r       party j is a doer of task i                            0 or 1   ``doer``
q       party j is a backup of task i                          0 or 1   ``backup``
C       most parties consulted                                 party    ``most_consulted``
======  =====================================================  =======  =======================

Dual
----
With the integers fixed none of interest.

Source
------
The "C" of a RACI matrix: Smith, M. and Erwin, J. (2005), Role and responsibility charting.
"""

import pyomo.environ as pyo


def add_consulted(block: pyo.Block) -> None:
    """Declare who is consulted on `block` (after backups)."""
    block.ADVISED = pyo.Set(doc="tasks on which somebody must be consulted")
    block.CONSULTED = pyo.Set(dimen=2, doc="task, party that may be consulted")
    block.CONSULTED_ON = pyo.Set(block.ADVISED, dimen=2, doc="the pairs of a task")
    block.ANSWERS_TOO = pyo.Set(dimen=2, doc="pairs that may be accountable, too")
    block.DOES_TOO = pyo.Set(dimen=2, doc="pairs that may do it, too")
    block.STANDS_BY_TOO = pyo.Set(dimen=2, doc="pairs that may stand by, too")

    block.most_consulted = pyo.Param(block.ADVISED, doc="parties")

    block.consulted = pyo.Var(block.CONSULTED, domain=pyo.Binary, doc="party is consulted")

    @block.Constraint(block.ADVISED, doc="at most so many")
    def consulted_parties(b: pyo.Block, i: int) -> pyo.Expression:
        return sum(b.consulted[h, j] for h, j in b.CONSULTED_ON[i]) <= b.most_consulted[i]

    @block.Constraint(block.ANSWERS_TOO, doc="who answers need not be consulted")
    def consulted_or_accountable(b: pyo.Block, i: int, j: int) -> pyo.Expression:
        return b.consulted[i, j] + b.accountable[i, j] <= 1

    @block.Constraint(block.DOES_TOO, doc="who does it need not be consulted")
    def consulted_or_doer(b: pyo.Block, i: int, j: int) -> pyo.Expression:
        return b.consulted[i, j] + b.doer[i, j] <= 1

    @block.Constraint(block.STANDS_BY_TOO, doc="who stands by need not be consulted")
    def consulted_or_backup(b: pyo.Block, i: int, j: int) -> pyo.Expression:
        return b.consulted[i, j] + b.backup[i, j] <= 1
