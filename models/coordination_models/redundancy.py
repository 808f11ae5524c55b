r"""Redundancy: somebody of those who do a task or stand by for it shows up, as surely as asked for, or that is priced.

Equations
---------
That at least one of them shows up, each failing by itself, has the probability
:math:`1 - \prod_j (1 - \rho_j)^{r_{i,j} + q_{i,j}} \ge C`; in logarithms, divided by that of :math:`1 - C`:

.. math:: \sum_j w_j (r_{i,j} + q_{i,j}) + m_i \ge 1, \quad 0 \le m_i \le 1, \qquad
          w_j = \min\Bigl\{1, \frac{\ln(1 - \rho_j)}{\ln(1 - C)}\Bigr\}, \qquad
          \text{gap\_coverage} = \delta \sum_i m_i

A party that is as sure as asked for alone has the weight 1: so has one of reliability 1, whatever is asked for, and
where C is 1 no other has any. Weights above 1 say nothing more, and without whole roles they would say less.

Symbols
-------
======  =========================================================  ==============  ======================
symbol  meaning                                                    unit            component
======  =========================================================  ==============  ======================
r, q    party j is a doer, a backup of task i                      0 or 1          ``doer``, ``backup``
m       part of the way to C that is missing, by logarithms        1               ``coverage_missing``
w       part of the way to C that party j goes alone               1               ``reliance``
delta   price of a task on which nobody can be relied              money           ``coverage_cost``
======  =========================================================  ==============  ======================

Dual
----
The dual is the social cost of asking for as much again.

Source
------
Parallel systems of independent parts: Barlow, R. and Proschan, F. (1975), Statistical theory of reliability and life
testing; as a linear constraint on who covers what: Daskin, M. (1983), A maximum expected covering location model,
Transportation Science 17(1), and ReVelle, C. and Hogan, K. (1989), The maximum availability location problem,
Transportation Science 23(3).
"""

import pyomo.environ as pyo


def add_redundancy(block: pyo.Block) -> None:
    """Declare how surely somebody shows up, and what is missing of it, on `block` (after backups)."""
    block.RELYING = pyo.Set(doc="tasks for which somebody should surely show up (none where nothing is asked for)")
    block.DOERS_TO_RELY_ON = pyo.Set(block.RELYING, dimen=2, doc="doers on whom anything can be relied")
    block.BACKUPS_TO_RELY_ON = pyo.Set(block.RELYING, dimen=2, doc="backups on whom anything can be relied")

    block.reliance = pyo.Param(block.DOERS, default=0.0, doc="part of the way to what is asked for")
    block.coverage_cost = pyo.Param(default=50.0, doc="money per task")

    block.coverage_missing = pyo.Var(block.RELYING, bounds=(0, 1), doc="part of the way that is missing")

    @block.Constraint(block.RELYING, doc="as sure as asked for, or it is missing")
    def redundancy(b: pyo.Block, i: int) -> pyo.Expression:
        return (
            sum(b.reliance[h, j] * b.doer[h, j] for h, j in b.DOERS_TO_RELY_ON[i])
            + sum(b.reliance[h, j] * b.backup[h, j] for h, j in b.BACKUPS_TO_RELY_ON[i])
            + b.coverage_missing[i]
            >= 1
        )

    @block.Expression(doc="social cost of tasks less sure than asked for")
    def gap_coverage(b: pyo.Block) -> pyo.Expression:
        return sum(b.coverage_cost * b.coverage_missing[i] for i in b.RELYING)
