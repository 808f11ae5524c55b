r"""Hand-out: goods reach people only as fast as somebody hands them out. Here supply and responsibility meet.

Equations
---------
.. math:: \sum_{n \in z} \sum_{k,g} w_k \, u_{n,k,g,t} - \theta \sum_{i \in I_z} \sum_j h_{i,j,t}
          - \sum_{u \in z} \Bigl( C_{u,t} y_{u,t} + \sum_{m \in M_u} C_{m,t} z_{m,t} \Bigr) \le 0

For every zone z and period t with an active task of domain ``supply``; a zone and a zone above it that both have
such tasks both limit; facilities in the zone that are converted to hand-out add their capacity.
With responsibility held as planned the hours are data: the right-hand side is the capacity
C. With supply held as planned the tonnes are data, and what cannot be handed out is priced:

.. math:: \theta \sum_{i \in I_z} \sum_j h_{i,j,t} + \epsilon_{z,t} \ge U_{z,t}, \quad \epsilon \ge 0, \qquad
          \text{short} = \sum \pi_{z,t} \, \epsilon_{z,t}

Symbols
-------
======  ==============================================  ==============  ====================
symbol  meaning                                         unit            component
======  ==============================================  ==============  ====================
u       served in the zone and the zones within         unit            ``serve``
w       weight of one unit                              tonne / unit    ``tonnes``
h       hours of the zone's supply tasks covered        hour            ``cover``
theta   tonnes handed out in one hour                   tonne / hour    ``handout_rate``
y, z    facility hands out, module of it can be used    0 or 1          ``in_use``, ``ready``
C_u     tonnes that they hand out in a period           tonne           ``use_capacity``, ``module_capacity``
C       tonnes that hours held as planned hand out      tonne           ``handout_capacity``
U       tonnes to hand out, held as planned             tonne           ``held_tonnes``
eps     tonnes that cannot be handed out                tonne           ``held_short``
pi      price of a tonne not handed out                 money / tonne   ``held_price``
======  ==============================================  ==============  ====================

Dual
----
Minus the dual is the social cost that one more tonne handed out would save (``prices``, limit ``handout``).

Source
------
Ours: the link of the last mile's labour to its goods; after the joint constraints of Falasca, M. and Zobel, C.
(2012), An optimization model for volunteer assignments in humanitarian organizations, Socio-Economic Planning
Sciences 46(4).
"""

import pyomo.environ as pyo


def add_handout(block: pyo.Block) -> None:
    """Declare the hand-out limits on `block` (after inventory, visits and doers)."""
    block.HANDOUTS = pyo.Set(dimen=2, doc="zone with a supply task, period")
    block.HANDED_OUT = pyo.Set(block.HANDOUTS, dimen=4, doc="service in the zone")
    block.HANDING_OUT = pyo.Set(block.HANDOUTS, dimen=3, doc="coverage of the zone's supply tasks")
    block.HANDING_USES = pyo.Set(block.HANDOUTS, dimen=2, doc="emergency uses in the zone that hand out, period")
    block.HANDING_MODULES = pyo.Set(block.HANDOUTS, dimen=2, doc="modules of these uses, period")

    block.handout_rate = pyo.Param(default=0.5, doc="tonnes per hour")

    @block.Constraint(block.HANDOUTS, doc="tonnes served - tonnes that covered hours can hand out")
    def handout(b: pyo.Block, z: int, t: int) -> pyo.Expression:
        return (
            sum(b.tonnes[k] * b.serve[n, k, g, d] for n, k, g, d in b.HANDED_OUT[z, t])
            - sum(b.handout_rate * b.cover[i, j, d] for i, j, d in b.HANDING_OUT[z, t])
            - sum(b.use_capacity[u, d] * b.in_use[u, d] for u, d in b.HANDING_USES[z, t])
            - sum(b.module_capacity[m, d] * b.ready[m, d] for m, d in b.HANDING_MODULES[z, t])
            <= 0
        )


def add_handout_capacity(block: pyo.Block) -> None:
    """Declare hand-out within hours that are held as planned, on `block` (after inventory)."""
    block.HANDOUTS = pyo.Set(dimen=2, doc="zone with a supply task, period")
    block.HANDED_OUT = pyo.Set(block.HANDOUTS, dimen=4, doc="service in the zone")

    block.handout_capacity = pyo.Param(block.HANDOUTS, default=0.0, doc="tonnes")

    @block.Constraint(block.HANDOUTS, doc="tonnes served <= tonnes that hours held can hand out")
    def handout(b: pyo.Block, z: int, t: int) -> pyo.Expression:
        return sum(b.tonnes[k] * b.serve[n, k, g, d] for n, k, g, d in b.HANDED_OUT[z, t]) <= b.handout_capacity[z, t]


def add_held_handout(block: pyo.Block) -> None:
    """Declare hand-out of tonnes that are held as planned, on `block` (after doers)."""
    block.HANDOUTS = pyo.Set(dimen=2, doc="zone with a supply task, period")
    block.HANDING_OUT = pyo.Set(block.HANDOUTS, dimen=3, doc="coverage of the zone's supply tasks")

    block.handout_rate = pyo.Param(default=0.5, doc="tonnes per hour")
    block.held_tonnes = pyo.Param(block.HANDOUTS, default=0.0, doc="tonnes")
    block.held_price = pyo.Param(block.HANDOUTS, default=0.0, doc="money per tonne")

    block.held_short = pyo.Var(block.HANDOUTS, domain=pyo.NonNegativeReals, doc="tonnes that nobody hands out")

    @block.Constraint(block.HANDOUTS, doc="tonnes that covered hours can hand out + short >= tonnes held")
    def held_handout(b: pyo.Block, z: int, t: int) -> pyo.Expression:
        return (
            sum(b.handout_rate * b.cover[i, j, d] for i, j, d in b.HANDING_OUT[z, t]) + b.held_short[z, t]
            >= b.held_tonnes[z, t]
        )

    @block.Expression(doc="price of what cannot be handed out")
    def short(b: pyo.Block) -> pyo.Expression:
        return sum(b.held_price[z, t] * b.held_short[z, t] for z, t in b.HANDOUTS)
