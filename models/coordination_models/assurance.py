r"""Assurance: a limit on the share of need that stays unmet, in enough scenarios, or in the mean of the worst.

Equations
---------
With a probability P (a chance constraint):

.. math:: \sum_s p_s \, a_{r,s} \ge P_r, \qquad
          \sum w \, u \ge (1 - \beta_r) \, N_{r,s} \, a_{r,s}

With a level alpha (CVaR of the unmet share):

.. math:: \eta_r + \sum_s \frac{p_s}{1 - \alpha_r} \, e_{r,s} \le \beta_r, \qquad
          \sum w \, u \ge N_{r,s} \, (1 - \eta_r - e_{r,s}), \qquad 0 \le \eta_r \le 1

N is the need in tonnes over the horizon, waiting need included, of the group, zone and commodity in scenario s; the sum
of w u is what is served of it, over the variables of that scenario's response. The second inequality of each pair is a
row of that scenario's program. In the big-M form it reads unmet <= beta N + M (1 - a) with M = (1 - beta) N, which is
proven: nothing served is negative, so no more than N is unmet; it is the smallest M that is. At alpha = 0 CVaR is the
mean share; at 1 (the limit) e is held at 0 and eta is the worst share. Scenarios that cannot happen have no rows.

Symbols
-------
======  =================================================  ==============  ======================
symbol  meaning                                            unit            component
======  =================================================  ==============  ======================
a       the limit is kept in the scenario                  0 or 1          ``assured``
P       least probability that it is                       1               ``least_probability``
p       probability of the scenario                        1               ``chance``
eta     share unmet beyond which scenarios count as worst  1               ``threshold``
e       share unmet above that in the scenario             1               ``excess``
pi      p / (1 - alpha)                                    1               ``tail_weight``
e bar   most it may be: 1, and 0 where alpha is 1          1               ``most_excess``
beta    most of the need that may stay unmet               1               ``most_unmet``
======  =================================================  ==============  ======================

Dual
----
None with the integers fixed; minus the dual of ``worst_share`` is what one more unit of the share allowed would save.

Source
------
Charnes, A. and Cooper, W. W. (1959), Chance-constrained programming, Management Science 6(1); with scenarios Luedtke,
J., Ahmed, S. and Nemhauser, G. (2010), An integer programming approach for linear programs with probabilistic
constraints, Mathematical Programming 122. Rockafellar, R. T. and Uryasev, S. (2000), Optimization of conditional
value-at-risk, Journal of Risk 2(3).
"""

import pyomo.environ as pyo


def add_assurance(block: pyo.Block) -> None:
    """Declare in which scenarios limits on unmet need are kept, on `block`."""
    block.ASSURED = pyo.Set(dimen=2, doc="assurance with a probability, and scenario")
    block.CHANCES = pyo.Set(dimen=1, doc="assurance with a probability")
    block.ASSURED_IN = pyo.Set(block.CHANCES, dimen=2, doc="its scenarios")
    block.EXCEEDED = pyo.Set(dimen=2, doc="assurance with a level, and scenario")
    block.TAILS = pyo.Set(dimen=1, doc="assurance with a level")
    block.EXCEEDED_IN = pyo.Set(block.TAILS, dimen=2, doc="its scenarios")

    block.chance = pyo.Param(block.ASSURED, default=0.0, doc="probability")
    block.least_probability = pyo.Param(block.CHANCES, default=0.0, doc="probability")
    block.tail_weight = pyo.Param(block.EXCEEDED, default=0.0, doc="probability over 1 - level")
    block.most_excess = pyo.Param(block.EXCEEDED, default=1.0, doc="share")
    block.most_unmet = pyo.Param(block.TAILS, default=1.0, doc="share")

    block.assured = pyo.Var(block.ASSURED, domain=pyo.Binary, doc="limit kept")
    block.threshold = pyo.Var(block.TAILS, bounds=(0.0, 1.0), doc="share beyond which scenarios are the worst")
    block.excess = pyo.Var(block.EXCEEDED, bounds=lambda b, r, s: (0.0, b.most_excess[r, s]), doc="share above it")

    @block.Constraint(block.CHANCES, doc="kept in enough scenarios")
    def often_enough(b: pyo.Block, r: int) -> pyo.Expression:
        return sum(b.chance[i, s] * b.assured[i, s] for i, s in b.ASSURED_IN[r]) >= b.least_probability[r]

    @block.Constraint(block.TAILS, doc="CVaR of the share unmet")
    def worst_share(b: pyo.Block, r: int) -> pyo.Expression:
        return (
            b.threshold[r] + sum(b.tail_weight[i, s] * b.excess[i, s] for i, s in b.EXCEEDED_IN[r]) <= b.most_unmet[r]
        )
