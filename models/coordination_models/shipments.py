r"""Shipments along lanes: what each fleet carries, from where, to where, and the money for the kilometres.

Equations
---------
.. math:: x_{l,k,t} \ge 0, \qquad \text{transport} = \sum_{l,k,t} \kappa_l \, w_k \, x_{l,k,t}

A lane is a fleet, an origin, a destination and a route under one state of the roads; a shipment exists only where
its batch can be at the origin, can still be used on arrival, and the roads' state is that of the departure period.

Symbols
-------
======  =================================================  ==============  ===================
symbol  meaning                                            unit            component
======  =================================================  ==============  ===================
x       quantity of batch k sent on lane l in period t     unit            ``ship``
kappa   money for the whole trip, per tonne carried        money / tonne   ``lane_cost``
w       weight of one unit of the batch                    tonne / unit    ``tonnes``
======  =================================================  ==============  ===================

Dual
----
The reduced cost of a shipment is what the social cost would change per unit if it were forced: no shipment left out
may have a negative one (that is how lanes are priced in).

Source
------
Haghani, A. and Oh, S.-C. (1996), Formulation and solution of a multi-commodity, multi-modal network flow model for
disaster relief operations, Transportation Research A 30(3) (flows over time-expanded arcs); Balcik, B.,
Beamon, B. and Smilowitz, K. (2008), Last mile distribution in humanitarian relief, J. Intelligent Transportation
Systems 12(2) (trips of a depot's own fleet).
"""

import pyomo.environ as pyo


def add_shipments(block: pyo.Block) -> None:
    """Declare lanes, batches and the shipments between them on `block`."""
    block.LANES = pyo.Set(doc="lanes")
    block.BATCHES = pyo.Set(doc="batches: a commodity with one expiry period")
    block.SHIPMENTS = pyo.Set(dimen=3, doc="lane, batch, departure period")

    block.tonnes = pyo.Param(block.BATCHES, doc="tonnes per unit")
    block.lane_cost = pyo.Param(block.LANES, default=0.0, doc="money per tonne, whole trip")

    block.ship = pyo.Var(block.SHIPMENTS, domain=pyo.NonNegativeReals, doc="units sent")

    @block.Expression(doc="money for kilometres driven")
    def transport(b: pyo.Block) -> pyo.Expression:
        return sum(b.lane_cost[lane] * b.tonnes[k] * b.ship[lane, k, t] for lane, k, t in b.SHIPMENTS)
