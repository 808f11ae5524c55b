r"""Storage: tonnes above what a place can store are allowed, and priced.

Equations
---------
.. math:: \sum_{k:\, e_k > t} w_k \, s_{n,k,t} - o_{n,t} \le S_{n,t}, \quad o_{n,t} \ge 0, \qquad
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
    """Declare storage limits and their price on `block` (after inventory)."""
    block.STORES = pyo.Set(dimen=2, doc="place with a storage limit, period")
    block.STORED = pyo.Set(block.STORES, dimen=3, doc="holdings that stay in store at the period's end")

    block.storage = pyo.Param(block.STORES, doc="tonnes")
    block.overflow_cost = pyo.Param(default=10.0, doc="money per tonne and period")

    block.excess = pyo.Var(block.STORES, domain=pyo.NonNegativeReals, doc="tonnes above storage")

    @block.Constraint(block.STORES, doc="what is stored, less the excess, fits")
    def stores(b: pyo.Block, n: int, t: int) -> pyo.Expression:
        return sum(b.tonnes[k] * b.level[m, k, d] for m, k, d in b.STORED[n, t]) - b.excess[n, t] <= b.storage[n, t]

    @block.Expression(doc="social cost of tonnes above storage")
    def overflow(b: pyo.Block) -> pyo.Expression:
        return sum(b.overflow_cost * b.excess[n, t] for n, t in b.STORES)
