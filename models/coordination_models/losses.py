r"""Losses: the dearest response when at most so many of the things that may be lost are lost, whichever they are.

Equations
---------
.. math:: \min_x \; c x + (1 - \lambda) \sum_s p_s Q_s(x) + \lambda \max_{L \subseteq I,\, |L| \le \Gamma} Q_L(x)

Solved by columns and constraints that are generated: for the sets L found so far, with the response y of each,

.. math:: \min \; c x + (1 - \lambda) \sum_s p_s q_s y_s + \lambda \, \eta, \qquad
          \eta \ge q_L y_L, \quad T_L x + W_L y_L \ge h_L, \qquad L \in \mathcal{L}

bounds the optimum from below. Of its x every set L of at most Gamma things is then answered by itself: the dearest
gives eta, with it an upper bound, and joins the list. When both bounds meet, or the dearest set is in the list already,
x is optimal. There are finitely many sets, so this ends. A road that is lost changes all shortest routes, so that no
one matrix holds the responses to all sets, and losing a store may even save overflow: sets are listed, those with fewer
than Gamma things too, and nothing is assumed of how the cost depends on them.

Symbols
-------
======  =================================================  ==============  ======================
symbol  meaning                                            unit            component
======  =================================================  ==============  ======================
eta     cost of the dearest response to a loss             money           ``worst``
lambda  its weight                                         1               ``worst_weight``
======  =================================================  ==============  ======================

Dual
----
None with the integers fixed; that of a set's row eta >= q y is how much of lambda rests on it.

Source
------
Bertsimas, D. and Sim, M. (2004), The price of robustness, Operations Research 52(1) (the budget Gamma); Zeng, B. and
Zhao, L. (2013), Solving two-stage robust optimization problems using a column-and-constraint generation method,
Operations Research Letters 41(5).
"""

import pyomo.environ as pyo


def add_losses(block: pyo.Block) -> None:
    """Declare the cost of the dearest response to a loss, on `block`."""
    block.WORST = pyo.Set(dimen=1, doc="the dearest response, where losses count")
    block.worst_weight = pyo.Param(default=0.0, doc="weight of it")
    block.worst = pyo.Var(block.WORST, domain=pyo.Reals, doc="cost of the dearest response, money")

    @block.Expression(doc="dearest response to a loss, weighed")
    def losses(b: pyo.Block) -> pyo.Expression:
        return sum(b.worst_weight * b.worst[w] for w in b.WORST)
