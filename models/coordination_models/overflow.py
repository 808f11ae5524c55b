r"""Storage: tonnes above what a place can store are allowed, and priced.

Equations
---------
.. math:: \sum_{k:\, e_k > t} w_k \, s_{n,k,t} - o_{n,t} \le S_{n,t}
          + \sum_{u \text{ at } n} \Bigl( C_{u,t} y_{u,t} + \sum_{m \in M_u} C_{m,t} z_{m,t} \Bigr)
         , \quad o_{n,t} \ge 0, \qquad
          \text{overflow} = \pi \sum_{n,t} o_{n,t}

What expires in t has left when storage is counted at the period's end. Places without a limit have no row.

Symbols
-------
======  ============================================  ==============  ====================
symbol  meaning                                       unit            component
======  ============================================  ==============  ====================
s       left at the end of the period                 unit            ``level``
w       weight of one unit                            tonne / unit    ``tonnes``
o       tonnes above storage                          tonne           ``excess``
S       storage                                       tonne           ``storage``
y, z    facility stores, module of it can be used     0 or 1          ``in_use``, ``ready``
C       storage that they add                         tonne           ``use_capacity``, ``module_capacity``
pi      price of a tonne above storage for a period   money / tonne   ``overflow_cost``
======  ============================================  ==============  ====================

Dual
----
Minus the dual is the social cost that one more tonne of storage would save (``prices``, limit ``storage``).

Source
------
Rawls, C. and Turnquist, M. (2010), Pre-positioning of emergency supplies for disaster response, Transportation
Research B 44(4) (facility capacity); soft, so that a plan always exists.
"""

import pyomo.environ as pyo


def add_overflow(block: pyo.Block) -> None:
    """Declare storage limits and their price on `block` (after inventory and visits)."""
    block.STORES = pyo.Set(dimen=2, doc="place with a storage limit, period")
    block.STORED = pyo.Set(block.STORES, dimen=3, doc="holdings that stay in store at the period's end")

    block.STORING = pyo.Set(block.STORES, dimen=2, doc="emergency use of the place as storage, period")
    block.STORING_MODULES = pyo.Set(block.STORES, dimen=2, doc="modules of that use, period")

    block.storage = pyo.Param(block.STORES, doc="tonnes")
    block.overflow_cost = pyo.Param(default=10.0, doc="money per tonne and period")

    block.excess = pyo.Var(block.STORES, domain=pyo.NonNegativeReals, doc="tonnes above storage")

    @block.Constraint(block.STORES, doc="what is stored, less the excess, fits what there is and what is converted")
    def stores(b: pyo.Block, n: int, t: int) -> pyo.Expression:
        return (
            sum(b.tonnes[k] * b.level[m, k, d] for m, k, d in b.STORED[n, t])
            - b.excess[n, t]
            - sum(b.use_capacity[u, d] * b.in_use[u, d] for u, d in b.STORING[n, t])
            - sum(b.module_capacity[m, d] * b.ready[m, d] for m, d in b.STORING_MODULES[n, t])
            <= b.storage[n, t]
        )

    @block.Expression(doc="social cost of tonnes above storage")
    def overflow(b: pyo.Block) -> pyo.Expression:
        return sum(b.overflow_cost * b.excess[n, t] for n, t in b.STORES)
