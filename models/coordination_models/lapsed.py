r"""Need that lapses: a meal missed is a meal missed.

Equations
---------
.. math:: \text{lapsed} = \Lambda_0 + \sum_{n,c,g} \sum_{t=0}^{T-2} \omega_g (1 - \rho_c) \lambda_c \, b_{n,c,g,t}

What is unmet at the end of t lapses in t + 1, so the backlog of the last period costs nothing here; what lapses of
the initial backlog in period 0 is the constant.

Symbols
-------
========  =============================================  ==============  ====================
symbol    meaning                                        unit            component
========  =============================================  ==============  ====================
b         backlog at the period's end                    unit            ``backlog``
lambda    cost of one unit that lapses                   money / unit    ``lapse_cost``
omega     weight of the group                            1               ``lapse_cost``
rho       share of unmet need that stays                 1               ``lapse_cost``
Lambda_0  lapse of the initial backlogs                  money           ``lapsed_at_start``
========  =============================================  ==============  ====================

Dual
----
No constraint, hence no dual; the cost enters the dual of service.

Source
------
Holguín-Veras et al. (2013) (demand that is not served in time is lost).
"""

import pyomo.environ as pyo


def add_lapsed(block: pyo.Block) -> None:
    """Declare the cost of need that lapses on `block` (after service)."""
    block.lapse_cost = pyo.Param(block.NEEDS, default=0.0, doc="money per unit of backlog, weighted")
    block.lapsed_at_start = pyo.Param(default=0.0, doc="money for initial backlog that lapses in period 0")

    @block.Expression(doc="social cost of need that lapses")
    def lapsed(b: pyo.Block) -> pyo.Expression:
        return b.lapsed_at_start + sum(b.lapse_cost[n, c, g, t] * b.backlog[n, c, g, t] for n, c, g, t in b.NEEDS)
