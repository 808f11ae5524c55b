r"""Deprivation: the social cost of a backlog, by how long each part of it has been waiting.

Equations
---------
.. math:: \sum_{s} z_{n,c,g,t,s} = b_{n,c,g,t}, \qquad 0 \le z_{n,c,g,t,s} \le \bar z_{n,c,g,t,s}, \qquad
          \text{deprivation} = \sum \omega_g \, \sigma_{c,s} \, z_{n,c,g,t,s}

The backlog is cut by age, youngest need first: z of age a is at most :math:`\rho^{a-1}` times the need of period
t - a + 1. The increments C(a) - C(a-1) of a convex curve do not fall with age, so a minimisation fills the young
ages first without being told to: this is the exact cost by waiting time under oldest-first service. Ages with one
increment share one segment s, their widths added: the optimum is the same.

Symbols
-------
=======  ==============================================================  ==============  ==================
symbol   meaning                                                         unit            component
=======  ==============================================================  ==============  ==================
z        part of the backlog whose ages have the segment's increment     unit            ``waiting``
z bar    the most that can have these ages                               unit            ``segment_width``
b        backlog at the period's end                                     unit            ``backlog``
omega    weight of the group, times sigma                                money / unit    ``segment_cost``
sigma    increment of the deprivation curve for one more period          money / unit    ``segment_cost``
=======  ==============================================================  ==============  ==================

Dual
----
The dual of the cut is the marginal deprivation of one more unit of backlog in the period.

Source
------
Holguín-Veras, J., Pérez, N., Jaller, M., Van Wassenhove, L. and Aros-Vera, F. (2013), On the appropriate objective
function for post-disaster humanitarian logistics models, J. Operations Management 31 (deprivation cost,
convex in deprivation time); the cut by age is ours.
"""

import pyomo.environ as pyo


def add_deprivation(block: pyo.Block) -> None:
    """Declare the ages of the backlog and their cost on `block` (after service)."""
    block.SEGMENTS = pyo.Set(dimen=5, doc="place, commodity, group, period, segment")
    block.SEGMENTS_OF = pyo.Set(block.NEEDS, dimen=5, doc="segments of this backlog")

    block.segment_width = pyo.Param(block.SEGMENTS, doc="units that can have these ages")
    block.segment_cost = pyo.Param(block.SEGMENTS, default=0.0, doc="money per unit and period, weighted")

    def within_width(b: pyo.Block, n: int, c: int, g: int, t: int, s: int) -> tuple[float, pyo.Param]:
        return (0.0, b.segment_width[n, c, g, t, s])

    block.waiting = pyo.Var(block.SEGMENTS, bounds=within_width, doc="units of backlog of these ages")

    @block.Constraint(block.NEEDS, doc="the ages of the backlog sum to it")
    def ages(b: pyo.Block, n: int, c: int, g: int, t: int) -> pyo.Expression:
        return sum(b.waiting[m, e, h, d, s] for m, e, h, d, s in b.SEGMENTS_OF[n, c, g, t]) - b.backlog[n, c, g, t] == 0

    @block.Expression(doc="social cost of waiting")
    def deprivation(b: pyo.Block) -> pyo.Expression:
        return sum(b.segment_cost[n, c, g, t, s] * b.waiting[n, c, g, t, s] for n, c, g, t, s in b.SEGMENTS)
