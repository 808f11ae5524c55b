r"""Mandates: roles that law or agreement orders, allows to some alone, or forbids.

Equations
---------
.. math:: \sum_{j \in M_m} (y_{i,j} + r_{i,j} + q_{i,j} + c_{i,j}) \ge 1 \quad \text{for each order } m
          \text{ and each task } i \text{ that it is about}

.. math:: r_{i,j} \le 0, \qquad q_{i,j} \le 0 \quad \text{for pairs that are barred}

An order (``must``) is about one role: of the sum only that role's part is there, over the parties M that it names.
Barred are those whom a row ``must_not`` names, and, with rows ``may`` for a task and role, all whom none of them names.
Barred pairs of y and c have no variable: they are not among those who may be accountable or consulted.

Symbols
-------
======  =====================================================  =======  =======================
symbol  meaning                                                unit     component
======  =====================================================  =======  =======================
y       party j is accountable for task i                      0 or 1   ``accountable``
r       party j is a doer of task i                            0 or 1   ``doer``
q       party j is a backup of task i                          0 or 1   ``backup``
c       party j is consulted on task i                         0 or 1   ``consulted``
======  =====================================================  =======  =======================

Dual
----
With the integers fixed none of interest; in the relaxation it is what the order costs.

Source
------
Ours: duties fixed by law or by the agreements of the "three carriages"; assignment with fixed and forbidden pairs as in
Burkard, R., Dell'Amico, M. and Martello, S. (2009), Assignment problems, SIAM.
"""

import pyomo.environ as pyo


def add_mandates(block: pyo.Block) -> None:
    """Declare the orders on `block` (after accountability, doers, backups and consulted)."""
    block.ORDERS = pyo.Set(dimen=2, doc="order, task that it is about")
    block.ORDERED_TO_ANSWER = pyo.Set(block.ORDERS, dimen=2, doc="accountable parties that it names")
    block.ORDERED_TO_DO = pyo.Set(block.ORDERS, dimen=2, doc="doers that it names")
    block.ORDERED_TO_STAND_BY = pyo.Set(block.ORDERS, dimen=2, doc="backups that it names")
    block.ORDERED_TO_ADVISE = pyo.Set(block.ORDERS, dimen=2, doc="consulted parties that it names")

    block.BARRED_FROM_DOING = pyo.Set(dimen=2, doc="task, party that may not do it")
    block.BARRED_FROM_STANDING_BY = pyo.Set(dimen=2, doc="task, party that may not stand by")

    @block.Constraint(block.ORDERS, doc="at least one of those ordered holds the role")
    def orders(b: pyo.Block, m: int, i: int) -> pyo.Expression:
        return (
            sum(b.accountable[h, j] for h, j in b.ORDERED_TO_ANSWER[m, i])
            + sum(b.doer[h, j] for h, j in b.ORDERED_TO_DO[m, i])
            + sum(b.backup[h, j] for h, j in b.ORDERED_TO_STAND_BY[m, i])
            + sum(b.consulted[h, j] for h, j in b.ORDERED_TO_ADVISE[m, i])
            >= 1
        )

    @block.Constraint(block.BARRED_FROM_DOING, doc="may not do it")
    def barred_doers(b: pyo.Block, i: int, j: int) -> pyo.Expression:
        return b.doer[i, j] + 0.0 <= 0

    @block.Constraint(block.BARRED_FROM_STANDING_BY, doc="may not stand by")
    def barred_backups(b: pyo.Block, i: int, j: int) -> pyo.Expression:
        return b.backup[i, j] + 0.0 <= 0
