r"""Conflicts: audit is not execution: who answers for or does one task does neither in the other.

Equations
---------
.. math:: y_{i,j} + y_{k,p} \le 1, \qquad y_{i,j} + r_{k,p} \le 1, \qquad r_{i,j} + r_{k,p} \le 1

for every two tasks i, k in conflict, in either order, and all parties j, p that are one and the same; with *chain* also
where p is above j or below it: on the chain of superiors of one of them the other is found.

Symbols
-------
======  =====================================================  =======  =======================
symbol  meaning                                                unit     component
======  =====================================================  =======  =======================
y       party j is accountable for task i                      0 or 1   ``accountable``
r       party j is a doer of task i                            0 or 1   ``doer``
======  =====================================================  =======  =======================

Dual
----
With the integers fixed none of interest; in the relaxation minus it is what overlooking one conflict would save.

Source
------
Ours: separation of duties, as in Clark, D. and Wilson, D. (1987), A comparison of commercial and military computer
security policies, IEEE Symposium on Security and Privacy.
"""

import pyomo.environ as pyo


def add_conflicts(block: pyo.Block) -> None:
    """Declare the conflicts on `block` (after accountability and doers)."""
    block.ANSWER_CLASHES = pyo.Set(dimen=4, doc="task, accountable party, other task, accountable party")
    block.MIXED_CLASHES = pyo.Set(dimen=4, doc="task, accountable party, other task, doer")
    block.DOER_CLASHES = pyo.Set(dimen=4, doc="task, doer, other task, doer")

    @block.Constraint(block.ANSWER_CLASHES, doc="not accountable for both")
    def answers_apart(b: pyo.Block, i: int, j: int, k: int, p: int) -> pyo.Expression:
        return b.accountable[i, j] + b.accountable[k, p] <= 1

    @block.Constraint(block.MIXED_CLASHES, doc="not accountable for one and a doer of the other")
    def answer_apart_from_doer(b: pyo.Block, i: int, j: int, k: int, p: int) -> pyo.Expression:
        return b.accountable[i, j] + b.doer[k, p] <= 1

    @block.Constraint(block.DOER_CLASHES, doc="not a doer of both")
    def doers_apart(b: pyo.Block, i: int, j: int, k: int, p: int) -> pyo.Expression:
        return b.doer[i, j] + b.doer[k, p] <= 1
