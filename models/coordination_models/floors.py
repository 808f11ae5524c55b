r"""Service floors: what of an everyday service a zone keeps, whatever is converted.

Equations
---------
.. math:: \sum_{f \in r} V_f \sum_{a \text{ has } f \text{ away in } t} x_a \le R_{r,t}

For every row r of ``service_floors`` and period t in which its zone is in the row's mode. R is the everyday value of
all facilities of the service in the zone less the share that is kept of it; what is away because of what was begun
before the horizon counts in R, so that a plan always exists.

Symbols
-------
======  ==================================================  =============  ====================
symbol  meaning                                             unit           component
======  ==================================================  =============  ====================
x       the facility takes the step                         0 or 1         ``step``
V       everyday value of the step's facility               money/period   ``step_value``
R       everyday value that may be away                     money/period   ``floor_room``
======  ==================================================  =============  ====================

Dual
----
None with the integers fixed.

Source
------
Ours.
"""

import pyomo.environ as pyo


def add_floors(block: pyo.Block) -> None:
    """Declare what of everyday services is kept on `block` (after facilities)."""
    block.SERVICE_FLOORS = pyo.Set(dimen=2, doc="row of service_floors, period")
    block.FLOOR_STEPS = pyo.Set(block.SERVICE_FLOORS, dimen=1, doc="steps that have a facility away then")

    block.step_value = pyo.Param(block.STEPS, default=0.0, doc="money per period")
    block.floor_room = pyo.Param(block.SERVICE_FLOORS, default=0.0, doc="money per period")

    @block.Constraint(block.SERVICE_FLOORS, doc="everyday value away <= what may be")
    def service_floors(b: pyo.Block, r: int, t: int) -> pyo.Expression:
        return sum(b.step_value[a] * b.step[a] for a in b.FLOOR_STEPS[r, t]) <= b.floor_room[r, t]
