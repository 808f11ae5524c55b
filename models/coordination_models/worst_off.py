r"""The worst off: the largest unserved share of any place and commodity.

Equations
---------
.. math:: N_{n,c} \, v + \sum_{k,g,t} u_{n,k,g,t} \ge N_{n,c} - M_{n,c}, \quad v \ge 0, \qquad
          \text{worst\_off} = \psi \, v

Where the horizon is the rest of a longer one, need and service before it count, too: N holds the one, M is the other.

Symbols
-------
======  ==================================================  =======  ====================
symbol  meaning                                             unit     component
======  ==================================================  =======  ====================
v       largest 1 - served / need                           1        ``worst``
u       served, over groups and periods                     unit     ``serve``
N       need over groups and periods, backlogs included     unit     ``need_total``
M       served before the horizon                           unit     ``served_before``
psi     price of the largest unserved share                 money    ``worst_off_cost``
======  ==================================================  =======  ====================

Dual
----
The duals say which places and commodities are the worst off; times N they sum to at most psi.

Source
------
Rawls, J. (1971), A Theory of Justice (the worst off count); as a min-max term in Huang, M., Smilowitz, K. and
Balcik, B. (2012), Models for relief routing: equity, efficiency and efficacy, Transportation Research E 48(1).
"""

import pyomo.environ as pyo


def add_worst_off(block: pyo.Block) -> None:
    """Declare the largest unserved share and its price on `block` (after inventory)."""
    block.NEEDY = pyo.Set(dimen=2, doc="place, commodity with need (empty where the term has no price)")
    block.SERVED_AT = pyo.Set(block.NEEDY, dimen=4, doc="service to this place of this commodity")
    block.VISITS_FROM = pyo.Set(block.NEEDY, dimen=5, doc="visits from this place for this commodity")

    block.need_total = pyo.Param(block.NEEDY, doc="units over groups and periods")
    block.served_before = pyo.Param(block.NEEDY, default=0.0, doc="units before the horizon")
    block.worst_off_cost = pyo.Param(default=0.0, doc="money for a share of 1")

    block.worst = pyo.Var(domain=pyo.NonNegativeReals, doc="largest unserved share")

    @block.Constraint(block.NEEDY, doc="the largest share is no smaller than this one")
    def shortfalls(b: pyo.Block, n: int, c: int) -> pyo.Expression:
        return (
            b.need_total[n, c] * b.worst
            + sum(b.serve[m, k, g, t] for m, k, g, t in b.SERVED_AT[n, c])
            + sum(b.visit[m, e, g, u, t] for m, e, g, u, t in b.VISITS_FROM[n, c])
            >= b.need_total[n, c] - b.served_before[n, c]
        )

    @block.Expression(doc="social cost of the largest unserved share")
    def worst_off(b: pyo.Block) -> pyo.Expression:
        return b.worst_off_cost * b.worst
