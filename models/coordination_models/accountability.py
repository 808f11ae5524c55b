r"""Accountability: exactly one party answers for each task, as near to it as may be.

Equations
---------
.. math:: \sum_{j \in A_i} y_{i,j} = 1, \qquad \sum_{i:\, j \in A_i} y_{i,j} \le \Sigma_j, \qquad
          \text{levels} = \sum_{i,j} \lambda_{i,j} \, y_{i,j}, \qquad y \in \{0, 1\}

A_i holds the parties whose jurisdiction contains the task's zone, of the task's level or above, and always the core;
the span Sigma does not bind the core, so that a choice always exists.

Symbols
-------
======  =====================================================  =======  =======================
symbol  meaning                                                unit     component
======  =====================================================  =======  =======================
y       party j is accountable for task i                      0 or 1   ``accountable``
Sigma   most tasks one party answers for                       task     ``span``
lambda  price of the levels between party and task             money    ``level_cost``
======  =====================================================  =======  =======================

Dual
----
With the integers fixed no dual of interest; in the relaxation minus the dual of the span is what one more task for
the party would save.

Source
------
Graicunas, V. (1937), Relationship in organization (span of control); the one "A" of a RACI matrix: Smith, M. and
Erwin, J. (2005), Role and responsibility charting.
"""

import pyomo.environ as pyo


def add_accountability(block: pyo.Block) -> None:
    """Declare who may be and who is accountable on `block`."""
    block.TASKS = pyo.Set(doc="tasks")
    block.ACCOUNTABLE = pyo.Set(dimen=2, doc="task, party that may be accountable")
    block.CANDIDATES = pyo.Set(block.TASKS, dimen=2, doc="the pairs of a task")
    block.SPANNED = pyo.Set(doc="parties bound by the span")
    block.ANSWERS_FOR = pyo.Set(block.SPANNED, dimen=2, doc="the pairs of a party")

    block.level_cost = pyo.Param(block.ACCOUNTABLE, default=0.0, doc="money")
    block.span = pyo.Param(block.SPANNED, doc="tasks")

    block.accountable = pyo.Var(block.ACCOUNTABLE, domain=pyo.Binary, doc="party is accountable")

    @block.Constraint(block.TASKS, doc="exactly one")
    def one_accountable(b: pyo.Block, i: int) -> pyo.Expression:
        return sum(b.accountable[h, j] for h, j in b.CANDIDATES[i]) == 1

    @block.Constraint(block.SPANNED, doc="span of control")
    def spans(b: pyo.Block, j: int) -> pyo.Expression:
        return sum(b.accountable[i, p] for i, p in b.ANSWERS_FOR[j]) <= b.span[j]

    @block.Expression(doc="social cost of accountability far above the task")
    def levels(b: pyo.Block) -> pyo.Expression:
        return sum(b.level_cost[i, j] * b.accountable[i, j] for i, j in b.ACCOUNTABLE)
