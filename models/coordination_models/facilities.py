r"""Facilities: halls, schools, markets leave everyday use for an emergency use, and come back, as a path through modes.

Equations
---------
.. math:: \sum_{a \to v} x_a - \sum_{v \to a} x_a = -[v \text{ is where the path begins}], \qquad
          y_{u,t} = \sum_{a \text{ in use } u \text{ in } t} x_a

.. math:: \text{everyday\_value} = \sum_a \ell_a x_a

A node v is a facility in a mode at the beginning of a period: in everyday use, or in an emergency use that it may
leave.
A step a leads from node to node and takes the periods between them:

* one period more in everyday use, or in an emergency use whose least stay is over;
* conversion, from everyday or another emergency use, and the least stay in the new use at once;
* restoration to everyday use;
* the first step, which carries on what a facility is in before the horizon (nothing, where that is everyday use).

Each facility takes one path from where it begins to the end of the horizon, so lead time, least stay and restoration
hold by themselves, with any number of modes. What a step would take beyond the horizon is cut off.

Symbols
-------
======  ==================================================  =============  ====================
symbol  meaning                                             unit           component
======  ==================================================  =============  ====================
x       the facility takes the step                         0 or 1         ``step``
y       the facility is in the use in the period            0 or 1         ``in_use``
ell     everyday value lost in the step's periods           money          ``everyday_lost``
[v]     the path begins here                                0 or 1         ``path_begins``
======  ==================================================  =============  ====================

Dual
----
None with the integers fixed.

Source
------
A shortest path in a network of modes and times, whose matrix is totally unimodular for each facility alone: Pochet, Y.
and Wolsey, L. (2006), Production Planning by Mixed Integer Programming, Springer, section 10.6; the least stay is that
of Rajan, D. and Takriti, S. (2005), Minimum up/down polytopes of the unit commitment problem, IBM Research Report
RC23628.
"""

import pyomo.environ as pyo


def add_facilities(block: pyo.Block) -> None:
    """Declare the paths of facilities through their modes on `block`."""
    block.FACILITY_NODES = pyo.Set(dimen=3, doc="facility, mode, period before the horizon's end")
    block.STEPS = pyo.Set(doc="steps of facilities")
    block.STEPS_INTO = pyo.Set(block.FACILITY_NODES, dimen=1, doc="steps that end at the node")
    block.STEPS_FROM = pyo.Set(block.FACILITY_NODES, dimen=1, doc="steps that begin at the node")
    block.USES = pyo.Set(dimen=2, doc="emergency use of a facility, period")
    block.USING = pyo.Set(block.USES, dimen=1, doc="steps that have the facility in that use then")

    block.path_begins = pyo.Param(block.FACILITY_NODES, default=0.0, doc="the facility begins here")
    block.everyday_lost = pyo.Param(block.STEPS, default=0.0, doc="money")

    block.step = pyo.Var(block.STEPS, domain=pyo.Binary, doc="the facility takes the step")
    block.in_use = pyo.Var(block.USES, domain=pyo.NonNegativeReals, bounds=(0.0, 1.0), doc="the facility is in the use")

    @block.Constraint(block.FACILITY_NODES, doc="one path for each facility")
    def facility_path(b: pyo.Block, f: int, m: int, t: int) -> pyo.Expression:
        return (
            sum(b.step[a] for a in b.STEPS_INTO[f, m, t]) - sum(b.step[a] for a in b.STEPS_FROM[f, m, t])
            == -b.path_begins[f, m, t]
        )

    @block.Constraint(block.USES, doc="in use where a step says so")
    def uses(b: pyo.Block, u: int, t: int) -> pyo.Expression:
        return b.in_use[u, t] - sum(b.step[a] for a in b.USING[u, t]) == 0

    @block.Expression(doc="everyday value lost")
    def everyday_value(b: pyo.Block) -> pyo.Expression:
        return sum(b.everyday_lost[a] * b.step[a] for a in b.STEPS)
