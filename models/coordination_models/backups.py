r"""Backups: parties that stand by, not doing the task themselves; those missing are priced.

Equations
---------
.. math:: \sum_j q_{i,j} + m_i = B_i, \qquad r_{i,j} + q_{i,j} \le 1, \qquad q_{i,j} \ge \hat q_{i,j}, \qquad
          \text{gap\_backups} = \beta \sum_i m_i

Symbols
-------
======  ====================================================  ==============  =======================
symbol  meaning                                               unit            component
======  ====================================================  ==============  =======================
q       party j is a backup of task i                         0 or 1          ``backup``
r       party j is a doer of task i                           0 or 1          ``doer``
q hat   party j has stood by before the horizon               0 or 1          ``backup_before``
m       backups missing                                       party           ``backups_missing``
B       most backups, and those wanted                        party           ``backups_wanted``
beta    price of a missing backup                             money           ``backup_cost``
======  ====================================================  ==============  =======================

Dual
----
The dual of the number of backups is the social cost of wanting one more.

Source
------
Ours; standing by with reserved hours as in Chen, L. and Miller-Hooks, E. (2012), Optimal team deployment in urban
search and rescue, Transportation Research B 46(8).
"""

import pyomo.environ as pyo


def add_backups(block: pyo.Block) -> None:
    """Declare backups and those missing on `block` (after doers)."""
    block.BACKED_UP = pyo.Set(doc="tasks that want backups")
    block.BACKUPS = pyo.Set(dimen=2, doc="task, party that may stand by")
    block.BACKUPS_OF = pyo.Set(block.BACKED_UP, dimen=2, doc="the pairs of a task")

    block.backups_wanted = pyo.Param(block.BACKED_UP, doc="parties")
    block.backup_before = pyo.Param(block.BACKUPS, default=0.0, doc="has stood by before the horizon")
    block.backup_cost = pyo.Param(default=50.0, doc="money per backup missing")

    def stays(b: pyo.Block, i: int, j: int) -> tuple[pyo.Expression, float]:
        return b.backup_before[i, j], 1.0

    block.backup = pyo.Var(block.BACKUPS, domain=pyo.Binary, bounds=stays, doc="party stands by")
    block.backups_missing = pyo.Var(block.BACKED_UP, domain=pyo.NonNegativeReals, doc="parties")

    @block.Constraint(block.BACKED_UP, doc="standing by + missing == wanted")
    def backups(b: pyo.Block, i: int) -> pyo.Expression:
        return sum(b.backup[h, j] for h, j in b.BACKUPS_OF[i]) + b.backups_missing[i] == b.backups_wanted[i]

    @block.Constraint(block.BACKUPS, doc="a backup is not a doer")
    def one_role(b: pyo.Block, i: int, j: int) -> pyo.Expression:
        return b.doer[i, j] + b.backup[i, j] <= 1

    @block.Expression(doc="social cost of backups missing")
    def gap_backups(b: pyo.Block) -> pyo.Expression:
        return sum(b.backup_cost * b.backups_missing[i] for i in b.BACKED_UP)
