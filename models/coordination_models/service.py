r"""Need, service and backlog: what is not met today waits, and part of it lapses.

Equations
---------
.. math:: \sum_{k \in K_c} u_{n,k,g,t} + \sum_f v_{n,c,g,f,t} + b_{n,c,g,t}
          - \rho_c \, b_{n,c,g,t-1} = q_{n,c,g,t}, \qquad b \ge 0

In the first period of a need the backlog before it is data and stands in q (rho times the initial backlog).

Symbols
-------
======  ==================================================  =======  ===================
symbol  meaning                                             unit     component
======  ==================================================  =======  ===================
u       served from batch k of commodity c                  unit     ``serve``
v       people who go to a facility for it                  unit     ``visit``
b       backlog at the period's end                         unit     ``backlog``
rho     share of unmet need that stays                      1        ``carry_over``
q       need of the period and what is carried into it      unit     ``due``
======  ==================================================  =======  ===================

Dual
----
Inflow plus unmet equals need: the dual is the social cost of one more unit of need.

Source
------
Lin, Y.-H., Batta, R., Rogerson, P., Blatt, A. and Flanigan, M. (2011), A logistics model for emergency supply of
critical items in the aftermath of a disaster, Socio-Economic Planning Sciences 45(4) (unmet demand carried over).
"""

import pyomo.environ as pyo


def add_service(block: pyo.Block) -> None:
    """Declare needs, backlog and its recursion on `block` (after inventory and visits)."""
    block.COMMODITIES = pyo.Set(doc="commodities")
    block.NEEDS = pyo.Set(dimen=4, doc="place, commodity, group, period with anything due")
    block.MEETING = pyo.Set(block.NEEDS, dimen=4, doc="service that meets this need")
    block.VISITING = pyo.Set(block.NEEDS, dimen=5, doc="visits that meet this need")
    block.WAITING_BEFORE = pyo.Set(block.NEEDS, dimen=4, doc="the same need one period earlier")

    block.carry_over = pyo.Param(block.COMMODITIES, default=1.0, doc="share of unmet need that stays")
    block.due = pyo.Param(block.NEEDS, default=0.0, doc="need and initial backlog carried in, units")

    block.backlog = pyo.Var(block.NEEDS, domain=pyo.NonNegativeReals, doc="units unmet at the period's end")

    @block.Constraint(block.NEEDS, doc="served + unmet - carried over == need")
    def service(b: pyo.Block, n: int, c: int, g: int, t: int) -> pyo.Expression:
        return (
            sum(b.serve[m, k, h, d] for m, k, h, d in b.MEETING[n, c, g, t])
            + sum(b.visit[m, e, h, u, d] for m, e, h, u, d in b.VISITING[n, c, g, t])
            + b.backlog[n, c, g, t]
            - sum(b.carry_over[c] * b.backlog[m, e, h, d] for m, e, h, d in b.WAITING_BEFORE[n, c, g, t])
            == b.due[n, c, g, t]
        )
