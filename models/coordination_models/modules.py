r"""Modules: a facility in its emergency use is enlarged in stages; and what converting costs altogether.

Equations
---------
.. math:: f_{m,t} \le \sum_{a \text{ takes the facility to or has it in the use in } t} x_a, \qquad
          f_{m,t} - f_{m,t-1} \le g_{m,t}, \qquad f_{m,t} \le f_{m-1,t}

.. math:: z_{m,t} \le f_{m,s}, \; t - c_m \le s \le t, \qquad z_{m,t} \le y_{u(m),t}

.. math:: \text{conversion} = \sum_a k_a x_a + \sum_{m,t} \kappa_m g_{m,t}

A module may begin with the conversion of its facility; it can be used after its own periods c without a break, in the
use that it belongs to, and is gone when the facility leaves that use. The ones before it are there first.

Symbols
-------
======  ==================================================  =============  ====================
symbol  meaning                                             unit           component
======  ==================================================  =============  ====================
f       module is being fitted, or there                    0 or 1         ``fitted``
g       fitting begins                                      0 or 1         ``fitting``
z       module can be used                                  0 or 1         ``ready``
[f]     it was being fitted, or there, before the horizon   0 or 1         ``fitted_before``
x, y    the facility takes the step, is in the use          0 or 1         ``step``, ``in_use``
k       conversion, or restoration, that the step begins    money          ``step_cost``
kappa   cost of the module                                  money          ``module_cost``
======  ==================================================  =============  ====================

Dual
----
None with the integers fixed.

Source
------
Ours; staged capacity after Shulman, A. (1991), An algorithm for solving dynamic capacitated plant location problems
with discrete expansion sizes, Operations Research 39(3).
"""

import pyomo.environ as pyo


def add_modules(block: pyo.Block) -> None:
    """Declare stages of facilities, and what converting costs, on `block` (after facilities)."""
    block.MODULES = pyo.Set(dimen=2, doc="module, period")
    block.MODULE_STEPS = pyo.Set(block.MODULES, dimen=1, doc="steps that take its facility to, or have it in, its use")
    block.MODULE_EARLIER = pyo.Set(block.MODULES, dimen=2, doc="the module one period earlier")
    block.MODULE_FIRST = pyo.Set(dimen=3, doc="module, the one before it, period")
    block.MODULE_LEAD = pyo.Set(dimen=3, doc="module, period, period of its lead time or the same")
    block.MODULE_USES = pyo.Set(dimen=3, doc="module, use that it belongs to, period")

    block.fitted_before = pyo.Param(block.MODULES, default=0.0, doc="it was there, or under way, before the horizon")
    block.module_cost = pyo.Param(block.MODULES, default=0.0, doc="money")
    block.step_cost = pyo.Param(block.STEPS, default=0.0, doc="money")

    block.fitted = pyo.Var(block.MODULES, domain=pyo.Binary, doc="module is being fitted, or there")
    block.fitting = pyo.Var(block.MODULES, domain=pyo.NonNegativeReals, bounds=(0.0, 1.0), doc="fitting begins")
    block.ready = pyo.Var(block.MODULES, domain=pyo.NonNegativeReals, bounds=(0.0, 1.0), doc="module can be used")

    @block.Constraint(block.MODULES, doc="only in a facility that is taken to the use, or in it")
    def fitted_where(b: pyo.Block, m: int, t: int) -> pyo.Expression:
        return b.fitted[m, t] - sum(b.step[a] for a in b.MODULE_STEPS[m, t]) <= 0

    @block.Constraint(block.MODULES, doc="what was not there begins")
    def fittings(b: pyo.Block, m: int, t: int) -> pyo.Expression:
        return (
            b.fitted[m, t] - sum(b.fitted[n, d] for n, d in b.MODULE_EARLIER[m, t]) - b.fitting[m, t]
            <= b.fitted_before[m, t]
        )

    @block.Constraint(block.MODULE_FIRST, doc="modules come in their order")
    def in_order(b: pyo.Block, m: int, n: int, t: int) -> pyo.Expression:
        return b.fitted[m, t] - b.fitted[n, t] <= 0

    @block.Constraint(block.MODULE_LEAD, doc="ready after its lead time without a break")
    def lead(b: pyo.Block, m: int, t: int, s: int) -> pyo.Expression:
        return b.ready[m, t] - b.fitted[m, s] <= 0

    @block.Constraint(block.MODULE_USES, doc="ready in its use alone")
    def ready_in_use(b: pyo.Block, m: int, u: int, t: int) -> pyo.Expression:
        return b.ready[m, t] - b.in_use[u, t] <= 0

    @block.Expression(doc="converting, restoring and fitting")
    def conversion(b: pyo.Block) -> pyo.Expression:
        return sum(b.step_cost[a] * b.step[a] for a in b.STEPS) + sum(
            b.module_cost[m, t] * b.fitting[m, t] for m, t in b.MODULES
        )
