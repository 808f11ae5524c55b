r"""Conservation of every batch at every place: nothing appears, nothing vanishes, what expires leaves.

Equations
---------
.. math:: \sum_{(l,d) \to (n,t)} x_{l,k,d} + \phi_{n,k,t}\, s_{n,k,t-1} - \sum_{l \in \delta^-(n)} x_{l,k,t}
          - \sum_g u_{n,k,g,t} - s_{n,k,t} = -a_{n,k,t}, \qquad s_{n,k,t} \ge 0

The index (n, k, t) runs over the periods in which batch k may lie at place n: never after its expiry period, in
which `s` is what expires. Where no earlier period exists the second sum is empty.

Symbols
-------
======  =======================================================  =======  ====================
symbol  meaning                                                  unit     component
======  =======================================================  =======  ====================
x       shipments arriving in t, shipments leaving in t          unit     ``ship``
s       left at the end of the period                            unit     ``level``
u       served to group g                                        unit     ``serve``
phi     share of what lay there that a hazard leaves             1        ``kept``
a       stock and arrivals of the period                         unit     ``supply``
======  =======================================================  =======  ====================

Dual
----
Written inflow minus outflow: the dual is the social cost that one more unit of the batch, there and then, would save
(``prices``, limit ``stock``).

Source
------
Haghani and Oh (1996); perishable batches as in Nahmias, S. (1982), Perishable inventory theory: a review,
Operations Research 30(4) (inventory kept by remaining life).
"""

import pyomo.environ as pyo


def add_inventory(block: pyo.Block) -> None:
    """Declare holdings, what is served from them, and their balance on `block` (after shipments)."""
    block.HOLDINGS = pyo.Set(dimen=3, doc="place, batch, period")
    block.SERVICE = pyo.Set(dimen=4, doc="place, batch, group, period")
    block.ARRIVING = pyo.Set(block.HOLDINGS, dimen=3, doc="shipments that arrive")
    block.LEAVING = pyo.Set(block.HOLDINGS, dimen=3, doc="shipments that leave")
    block.SERVED_FROM = pyo.Set(block.HOLDINGS, dimen=4, doc="service from this holding")
    block.HELD_OVER = pyo.Set(block.HOLDINGS, dimen=3, doc="the same holding one period earlier")

    block.supply = pyo.Param(block.HOLDINGS, default=0.0, doc="stock and arrivals, units")
    block.kept = pyo.Param(block.HOLDINGS, default=1.0, doc="share of what lay there that is left")

    block.level = pyo.Var(block.HOLDINGS, domain=pyo.NonNegativeReals, doc="units left at the period's end")
    block.serve = pyo.Var(block.SERVICE, domain=pyo.NonNegativeReals, doc="units served")

    @block.Constraint(block.HOLDINGS, doc="inflow - outflow - what is left")
    def inventory(b: pyo.Block, n: int, k: int, t: int) -> pyo.Expression:
        return (
            sum(b.ship[i, j, d] for i, j, d in b.ARRIVING[n, k, t])
            + sum(b.kept[n, k, t] * b.level[m, j, d] for m, j, d in b.HELD_OVER[n, k, t])
            - sum(b.ship[i, j, d] for i, j, d in b.LEAVING[n, k, t])
            - sum(b.serve[m, j, g, d] for m, j, g, d in b.SERVED_FROM[n, k, t])
            - b.level[n, k, t]
            == -b.supply[n, k, t]
        )
