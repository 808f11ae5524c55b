r"""Visits: what people go to a facility for (beds, advice, treatment) reaches them only there, and within its capacity.

Equations
---------
.. math:: \sum_{n,c,g} v_{n,c,g,u,t} \le C_{u,t} \, y_{u,t} + \sum_{m \in M_u} C_{m,t} \, z_{m,t}

Visits meet need as goods served do (see ``service``); they come from places within the facility's reach by road.

Symbols
-------
======  ==================================================  ================  ====================
symbol  meaning                                             unit              component
======  ==================================================  ================  ====================
v       people of a place who go to the facility            unit              ``visit``
y, z    facility is in the use, module can be used          0 or 1            ``in_use``, ``ready``
C       capacity of the use                                 unit / period     ``use_capacity``
C_m     capacity that the module adds                       unit / period     ``module_capacity``
======  ==================================================  ================  ====================

Dual
----
Minus the dual is the social cost that one more person a period would save.

Source
------
Ours; maximal cover within a distance after Church, R. and ReVelle, C. (1974), The maximal covering location problem,
Papers of the Regional Science Association 32(1), with capacities.
"""

import pyomo.environ as pyo


def add_visits(block: pyo.Block) -> None:
    """Declare visits to facilities within their capacity on `block` (after facilities and modules)."""
    block.VISITS = pyo.Set(dimen=5, doc="place, commodity, group, use of a facility within reach, period")
    block.VISITED = pyo.Set(dimen=2, doc="use that people go to, period")
    block.VISITS_TO = pyo.Set(block.VISITED, dimen=5, doc="visits to it")
    block.VISITED_MODULES = pyo.Set(block.VISITED, dimen=2, doc="modules of the use, period")

    block.use_capacity = pyo.Param(block.USES, default=0.0, doc="tonnes or people, a period")
    block.module_capacity = pyo.Param(block.MODULES, default=0.0, doc="tonnes or people, a period")

    block.visit = pyo.Var(block.VISITS, domain=pyo.NonNegativeReals, doc="people who go there")

    @block.Constraint(block.VISITED, doc="people who come <= what the facility takes")
    def visited(b: pyo.Block, u: int, t: int) -> pyo.Expression:
        return (
            sum(b.visit[n, c, g, w, d] for n, c, g, w, d in b.VISITS_TO[u, t])
            - b.use_capacity[u, t] * b.in_use[u, t]
            - sum(b.module_capacity[m, d] * b.ready[m, d] for m, d in b.VISITED_MODULES[u, t])
            <= 0
        )
