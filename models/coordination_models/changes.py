r"""Changes: what was chosen before is kept, or its price is paid; so a plan made anew differs only where that pays.

Equations
---------
.. math:: \sum_{(l,k,t) \in X_c} w_k \, x_{l,k,t} + n_c \ge \hat X_c, \quad n \ge 0, \qquad
          \text{change} = \sum_{(i,j) \in C} \kappa_{i,j} (1 - r_{i,j}) + \sum_c \nu_c \, n_c + K

C holds the doers chosen before that may still do their task, X_c the shipments that carry out the c-th one chosen
before: of its fleet, commodity and departure, from its origin to its destination, of any batch and route. What can be
kept no more is in the constant K. Sending more than was chosen costs nothing: what goes elsewhere is missing where it
was to go, and counts once.

Symbols
-------
======  =====================================================  ==============  =======================
symbol  meaning                                                unit            component
======  =====================================================  ==============  =======================
r       party j is a doer of task i                            0 or 1          ``doer``
x       shipments that carry out a chosen one                  unit            ``ship``
w       weight of one unit of the batch                        tonne / unit    ``tonnes``
n       tonnes of a chosen shipment that are not sent so       tonne           ``unsent``
X hat   tonnes chosen                                          tonne           ``chosen_tonnes``
kappa   price of doing without a doer chosen before            money           ``doer_change_cost``
nu      price of a tonne not sent as chosen                    money / tonne   ``shipment_change_cost``
K       price of what cannot be kept                           money           ``changes_forced``
======  =====================================================  ==============  =======================

Dual
----
The dual of a chosen shipment is what one more tonne chosen there would cost.

Source
------
Ours; penalties for changes of a running plan as in Clausen, J., Larsen, A., Larsen, J. and Rezanova, N. (2010),
Disruption management in the airline industry, Computers and Operations Research 37(5).
"""

import pyomo.environ as pyo


def add_changes(block: pyo.Block) -> None:
    """Declare what was chosen before and the price of changing it on `block` (after shipments and doers)."""
    block.CHOSEN_DOERS = pyo.Set(dimen=2, doc="task, party chosen as a doer before")
    block.CHOSEN_SHIPMENTS = pyo.Set(doc="shipments chosen before")
    block.SENT_AS_CHOSEN = pyo.Set(block.CHOSEN_SHIPMENTS, dimen=3, doc="shipments that carry out a chosen one")

    block.doer_change_cost = pyo.Param(block.CHOSEN_DOERS, doc="money")
    block.chosen_tonnes = pyo.Param(block.CHOSEN_SHIPMENTS, doc="tonnes")
    block.shipment_change_cost = pyo.Param(block.CHOSEN_SHIPMENTS, doc="money per tonne")
    block.changes_forced = pyo.Param(default=0.0, doc="money")

    block.unsent = pyo.Var(block.CHOSEN_SHIPMENTS, domain=pyo.NonNegativeReals, doc="tonnes not sent as chosen")

    @block.Constraint(block.CHOSEN_SHIPMENTS, doc="sent + not sent >= chosen")
    def sent_as_chosen(b: pyo.Block, c: int) -> pyo.Expression:
        return sum(b.tonnes[k] * b.ship[i, k, d] for i, k, d in b.SENT_AS_CHOSEN[c]) + b.unsent[c] >= b.chosen_tonnes[c]

    @block.Expression(doc="social cost of deciding otherwise than before")
    def change(b: pyo.Block) -> pyo.Expression:
        return (
            sum(b.doer_change_cost[i, j] * (1 - b.doer[i, j]) for i, j in b.CHOSEN_DOERS)
            + sum(b.shipment_change_cost[c] * b.unsent[c] for c in b.CHOSEN_SHIPMENTS)
            + b.changes_forced
        )
