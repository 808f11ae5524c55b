r"""Road capacity: loaded tonnes in one direction of a road in one period.

Equations
---------
.. math:: \sum_{l \ni r} \sum_k w_k \, x_{l,k,t} \le R_{r,t}

Counted in the departure period, on the loaded leg only, each direction apart.

Symbols
-------
======  ==============================================  ==============  ====================
symbol  meaning                                         unit            component
======  ==============================================  ==============  ====================
x       shipments whose route holds the road            unit            ``ship``
w       weight of one unit                              tonne / unit    ``tonnes``
R       capacity of the direction                       tonne           ``road_capacity``
======  ==============================================  ==============  ====================

Dual
----
Minus the dual is the social cost that one more tonne of capacity would save (``prices``, limit ``road``). Routes
that are not in the model are priced with it.

Source
------
Haghani and Oh (1996) (arc capacity); path generation as in Ford, L. and Fulkerson, D. (1958), A suggested
computation for maximal multi-commodity network flows, Management Science 5(1).
"""

import pyomo.environ as pyo


def add_roads(block: pyo.Block) -> None:
    """Declare capacities of road directions on `block` (after shipments)."""
    block.ROAD_PERIODS = pyo.Set(dimen=2, doc="direction of a road, period")
    block.ROLLING_ON = pyo.Set(block.ROAD_PERIODS, dimen=3, doc="shipments whose route holds the direction")

    block.road_capacity = pyo.Param(block.ROAD_PERIODS, doc="tonnes")

    @block.Constraint(block.ROAD_PERIODS, doc="loaded tonnes")
    def roads(b: pyo.Block, r: int, t: int) -> pyo.Expression:
        return sum(b.tonnes[k] * b.ship[i, k, d] for i, k, d in b.ROLLING_ON[r, t]) <= b.road_capacity[r, t]
