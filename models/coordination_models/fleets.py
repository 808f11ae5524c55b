r"""Fleet hours: a fleet works no longer than its vehicles can in a period.

Equations
---------
.. math:: \sum_{l \in L_f} \sum_k \eta_l \, w_k \, x_{l,k,t} \le H_{f,t}

All hours of a trip, base to origin to destination to base with its loading, are taken in the departure period.

Symbols
-------
======  ==============================================  ==============  ====================
symbol  meaning                                         unit            component
======  ==============================================  ==============  ====================
x       shipments of the fleet that leave in t          unit            ``ship``
eta     hours of the whole trip per tonne carried       hour / tonne    ``lane_hours``
w       weight of one unit                              tonne / unit    ``tonnes``
H       vehicles times hours per vehicle                hour            ``fleet_hours``
======  ==============================================  ==============  ====================

Dual
----
Minus the dual is the social cost that one more vehicle-hour would save (``prices``, limit ``fleet``).

Source
------
Balcik, Beamon and Smilowitz (2008) (vehicle time in a period).
"""

import pyomo.environ as pyo


def add_fleets(block: pyo.Block) -> None:
    """Declare fleet hours on `block` (after shipments)."""
    block.FLEET_PERIODS = pyo.Set(dimen=2, doc="fleet, period")
    block.CARRIED_BY = pyo.Set(block.FLEET_PERIODS, dimen=3, doc="shipments of the fleet that leave in the period")

    block.lane_hours = pyo.Param(block.LANES, default=0.0, doc="hours per tonne, whole trip")
    block.fleet_hours = pyo.Param(block.FLEET_PERIODS, default=0.0, doc="hours")

    @block.Constraint(block.FLEET_PERIODS, doc="hours driven and loaded")
    def fleets(b: pyo.Block, f: int, t: int) -> pyo.Expression:
        return (
            sum(b.lane_hours[i] * b.tonnes[k] * b.ship[i, k, d] for i, k, d in b.CARRIED_BY[f, t])
            <= b.fleet_hours[f, t]
        )
