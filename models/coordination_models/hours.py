r"""Hours of the parties: work and reserve within what each has, by skill and over all skills.

Equations
---------
.. math:: \sum_{(i,j) \in D_a} \phi_{i,j} \, h_{i,j,t} + \sum_{(i,j) \in B_a} v_t \rho_{i,j} \, q_{i,j} \le A_{a,t}

A limit a is a party with one of its skills, or over all of them, and reaches either the tasks in zones in normal
mode (within the everyday hours) or all tasks (within the larger of everyday and emergency hours). A limit that is
infinite has no row.

Symbols
-------
======  =======================================================  =======  =======================
symbol  meaning                                                  unit     component
======  =======================================================  =======  =======================
h       hours of the task covered                                hour     ``cover``
q       party stands by                                          0 or 1   ``backup``
phi     hours of the party for an hour of the task               1        ``factor``
rho     hours kept free in every period of the window            hour     ``reserve``
v       periods that the index stands for, usually 1             period   ``width``
A       hours the party has                                      hour     ``available``
======  =======================================================  =======  =======================

Dual
----
Minus the dual is the social cost that one more hour would save; ``prices`` (limit ``hours``) adds the normal and the
general limit, because one more hour of the party is one more in both.

Source
------
Generalised assignment: Cattrysse, D. and Van Wassenhove, L. (1992), A survey of algorithms for the generalized
assignment problem, European J. Operational Research 60(3), with the agents' capacities by period.
"""

import pyomo.environ as pyo


def add_hours(block: pyo.Block) -> None:
    """Declare the hours of the parties on `block` (after backups)."""
    block.HOUR_LIMITS = pyo.Set(dimen=2, doc="limit (party, skill or all, normal or all tasks), period")
    block.TAKEN = pyo.Set(block.HOUR_LIMITS, dimen=3, doc="coverage that takes from the limit")
    block.RESERVED = pyo.Set(block.HOUR_LIMITS, dimen=2, doc="backups that keep hours of the limit free")

    block.factor = pyo.Param(block.DOERS, default=1.0, doc="hours of the party per hour of the task")
    block.reserve = pyo.Param(block.BACKUPS, default=0.0, doc="hours kept free in a period")
    block.available = pyo.Param(block.HOUR_LIMITS, doc="hours")

    @block.Constraint(block.HOUR_LIMITS, doc="hours taken and kept free")
    def hours(b: pyo.Block, a: int, t: int) -> pyo.Expression:
        return (
            sum(b.factor[i, j] * b.cover[i, j, d] for i, j, d in b.TAKEN[a, t])
            + sum(b.reserve[i, j] * b.width[t] * b.backup[i, j] for i, j in b.RESERVED[a, t])
            <= b.available[a, t]
        )
