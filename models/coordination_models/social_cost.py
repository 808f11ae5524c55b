r"""The social cost: everything that counts, in one currency, with life and health first through their weights.

Equations
---------
.. math:: \min \; \text{deprivation} + \text{lapsed} + \text{overflow} + \text{transport} + \text{worst\_off}
          + \text{gap\_hours} + \text{gap\_backups} + \text{gap\_kinds} + \text{gap\_coverage} + \text{levels}
          + \text{work} + \text{interest} + \text{handover} + \text{change} + \text{repair}
          + \text{everyday\_value} + \text{conversion} + \text{mode}

Symbols
-------
=============  =====================================  =======  ==============================
symbol         meaning                                unit     component
=============  =====================================  =======  ==============================
each term      declared by the concept that owns it   money    the expression of that name
=============  =====================================  =======  ==============================

Dual
----
An objective has none; every price of the plan is in its unit.

Source
------
Holguín-Veras et al. (2013) (social cost = logistics cost + deprivation cost), extended by responsibility.
"""

import pyomo.environ as pyo


def add_social_cost(block: pyo.Block) -> None:
    """Declare the sum of all terms on `block` as the objective (after all concepts)."""

    @block.Objective(sense=pyo.minimize, doc="social cost")
    def social_cost(b: pyo.Block) -> pyo.Expression:
        return (
            b.deprivation
            + b.lapsed
            + b.overflow
            + b.transport
            + b.worst_off
            + b.gap_hours
            + b.gap_backups
            + b.gap_kinds
            + b.gap_coverage
            + b.levels
            + b.work
            + b.interest
            + b.handover
            + b.change
            + b.everyday_value
            + b.conversion
        )


def add_recovery_cost(block: pyo.Block) -> None:
    """Declare the sum of all terms, repairs among them, as the objective (after all concepts)."""

    @block.Objective(sense=pyo.minimize, doc="social cost, repairs decided too")
    def recovery_cost(b: pyo.Block) -> pyo.Expression:
        supply = b.deprivation + b.lapsed + b.overflow + b.transport + b.worst_off
        gaps = b.gap_hours + b.gap_backups + b.gap_kinds + b.gap_coverage
        halls = b.everyday_value + b.conversion
        return supply + gaps + b.levels + b.work + b.interest + b.handover + b.change + b.repair + halls


def add_switching_cost(block: pyo.Block) -> None:
    """Declare the sum of all terms, modes among them, as the objective (after all concepts)."""

    @block.Objective(sense=pyo.minimize, doc="social cost, modes decided too")
    def switching_cost(b: pyo.Block) -> pyo.Expression:
        supply = b.deprivation + b.lapsed + b.overflow + b.transport + b.worst_off + b.everyday_value + b.conversion
        gaps = b.gap_hours + b.idle + b.gap_backups + b.gap_kinds + b.gap_coverage
        return supply + gaps + b.levels + b.work + b.duty + b.interest + b.handover + b.change + b.mode


def add_supply_cost(block: pyo.Block) -> None:
    """Declare the supply side's terms, with responsibility held, as the objective (after all its concepts)."""

    @block.Objective(sense=pyo.minimize, doc="social cost of supply")
    def supply_cost(b: pyo.Block) -> pyo.Expression:
        supply = b.deprivation + b.lapsed + b.overflow + b.transport + b.worst_off
        return supply + b.everyday_value + b.conversion


def add_levels_cost(block: pyo.Block) -> None:
    """Declare the price of levels alone as the objective (after accountability)."""

    @block.Objective(sense=pyo.minimize, doc="social cost of accountability")
    def levels_cost(b: pyo.Block) -> pyo.Expression:
        return b.levels + 0.0


def add_responsibility_cost(block: pyo.Block) -> None:
    """Declare the responsibility side's terms, with supply held, as the objective (after all its concepts)."""

    @block.Objective(sense=pyo.minimize, doc="social cost of responsibility")
    def responsibility_cost(b: pyo.Block) -> pyo.Expression:
        gaps = b.gap_hours + b.gap_backups + b.gap_kinds + b.gap_coverage
        return gaps + b.levels + b.work + b.interest + b.handover + b.short
