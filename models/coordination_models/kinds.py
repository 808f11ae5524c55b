r"""Kinds that must take part: the three carriages act jointly, or their absence is priced.

Equations
---------
.. math:: \sum_{j \in J_q} (r_{i,j} + q_{i,j}) + m_{i,q} \ge 1, \quad m_{i,q} \ge 0, \qquad
          \text{gap\_kinds} = \kappa \sum_{i,q} m_{i,q}

Symbols
-------
======  ====================================================  ==============  =======================
symbol  meaning                                               unit            component
======  ====================================================  ==============  =======================
r, q    a party of the kind is a doer, a backup               0 or 1          ``doer``, ``backup``
m       the kind is missing                                   kind            ``kind_missing``
kappa   price of a missing kind                               money           ``kind_cost``
======  ====================================================  ==============  =======================

Dual
----
The dual is the social cost of asking for the kind once more.

Source
------
Ours: joint participation of residents' committee, owners' committee and property company ("three carriages").
"""

import pyomo.environ as pyo


def add_kinds(block: pyo.Block) -> None:
    """Declare kinds that must take part on `block` (after backups)."""
    block.KINDS = pyo.Set(dimen=2, doc="task, kind that must take part")
    block.DOERS_OF_KIND = pyo.Set(block.KINDS, dimen=2, doc="doers of the kind")
    block.BACKUPS_OF_KIND = pyo.Set(block.KINDS, dimen=2, doc="backups of the kind")

    block.kind_cost = pyo.Param(default=50.0, doc="money per kind missing")

    block.kind_missing = pyo.Var(block.KINDS, domain=pyo.NonNegativeReals, doc="kinds")

    @block.Constraint(block.KINDS, doc="one of the kind takes part, or it is missing")
    def kinds(b: pyo.Block, i: int, q: int) -> pyo.Expression:
        return (
            sum(b.doer[h, j] for h, j in b.DOERS_OF_KIND[i, q])
            + sum(b.backup[h, j] for h, j in b.BACKUPS_OF_KIND[i, q])
            + b.kind_missing[i, q]
            >= 1
        )

    @block.Expression(doc="social cost of kinds missing")
    def gap_kinds(b: pyo.Block) -> pyo.Expression:
        return sum(b.kind_cost * b.kind_missing[i, q] for i, q in b.KINDS)
