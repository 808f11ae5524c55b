r"""Rotation: reserves go to everyday use before they expire, and fresh ones take their place before anything happens.

Equations
---------
.. math:: \sum_{j \,:\, e_j \le e} r_{i,j} \le U_i \, (e + 1), \qquad
          \text{money of a unit} = \nu_{p(j)} - \kappa_i

.. math:: b_p + \sum_{(i, j) \,:\, p(j) = p} r_{i,j} \le U_p

A taker i (a school, a hospital) uses U a period. Of lots that it takes all is used before it expires exactly if, for
every expiry e, what expires by the end of period e is no more than what it uses in the periods 0..e (earliest expiry
first). A unit taken leaves its lot, is paid for with the credit kappa, and is bought anew at the price nu of the
purchase of the same place, commodity and owner; the new one lasts as the shelf life says. What is moved out of a lot
and what is taken of it together lie in it; what is bought anew counts in the most that may be bought.

Symbols
-------
======  =================================================  ==============  ======================
symbol  meaning                                            unit            component
======  =================================================  ==============  ======================
r       of a lot taken and replaced                        unit            ``rotate``
nu - k  price of a unit bought anew less the credit        money / unit    ``rotation_money``
U (e+1) what everyday use takes in the periods 0..e        unit            ``used_by``
U_p     most that may be bought, and bought anew           unit            ``most_replaced``
======  =================================================  ==============  ======================

Dual
----
Minus the dual of ``used_in_time`` is what one more unit that everyday use takes by then would save.

Source
------
Rotation of perishable reserves: Whybark, D. C. (2007), Issues in managing disaster relief inventories, International
Journal of Production Economics 108(1-2). That an order by earliest expiry is in time whenever any order is: Jackson,
J. R. (1955), Scheduling a production line to minimize maximum tardiness.
"""

import pyomo.environ as pyo


def add_rotation(block: pyo.Block) -> None:
    """Declare what everyday use takes of reserves, on `block`."""
    block.ROTATIONS = pyo.Set(dimen=1, doc="lot and taker")
    block.USED_BY = pyo.Set(dimen=1, doc="taker, place and commodity; expiry")
    block.TAKEN_BY = pyo.Set(block.USED_BY, dimen=1, doc="rotations of lots that expire by then")

    block.rotation_money = pyo.Param(block.ROTATIONS, default=0.0, doc="money per unit")
    block.used_by = pyo.Param(block.USED_BY, default=0.0, doc="units")

    block.rotate = pyo.Var(block.ROTATIONS, domain=pyo.NonNegativeReals, doc="units taken and replaced")

    @block.Constraint(block.USED_BY, doc="used before it expires")
    def used_in_time(b: pyo.Block, u: int) -> pyo.Expression:
        return sum(b.rotate[r] for r in b.TAKEN_BY[u]) <= b.used_by[u]


def add_replacement(block: pyo.Block) -> None:
    """Declare that what is bought and what is bought anew stay within what may be bought, on `block`."""
    block.REPLACING = pyo.Set(dimen=1, doc="purchase with a limit that replaces what is rotated")
    block.REPLACED = pyo.Set(block.REPLACING, dimen=1, doc="rotations that it replaces")
    block.BOUGHT_ALONE = pyo.Set(block.REPLACING, dimen=1, doc="the purchase itself")

    block.most_replaced = pyo.Param(block.REPLACING, default=0.0, doc="units")

    @block.Constraint(block.REPLACING, doc="bought, and bought anew")
    def bought_in_all(b: pyo.Block, p: int) -> pyo.Expression:
        return sum(b.buy[i] for i in b.BOUGHT_ALONE[p]) + sum(b.rotate[r] for r in b.REPLACED[p]) <= b.most_replaced[p]
