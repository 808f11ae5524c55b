r"""Doers and coverage: who works which hours of a task; hours that nobody covers are a gap, priced, never hidden.

Equations
---------
.. math:: \sum_j h_{i,j,t} + g_{i,t} = H_i v_t, \qquad h_{i,j,t} \le \bar h_{i,j,t} \, r_{i,j}, \qquad
          \sum_t h_{i,j,t} \ge L_{i,j} \, r_{i,j}, \qquad \sum_j r_{i,j} \le D_i, \qquad
          r_{i,j} \ge \hat r_{i,j}

.. math:: \text{gap\_hours} = \sum \gamma_i g_{i,t}, \quad
          \text{work} = \sum \phi_{i,j} c_{i,j} h_{i,j,t} + \sum e_{i,j} T_i r_{i,j} + \sum \epsilon_{i,j} a_{i,j,t},
          \quad \text{interest} = -\sum \beta_{i,j} h_{i,j,t}

Doers are chosen once for the task's whole window; what they cover may vary by period. An index t may stand for
several periods merged in one (v of them): summing the rules over periods relaxes them, and where hours and tasks are
the same in all of them, spreading the coverage evenly shows that nothing is lost.

The least that a doer covers is a share mu of the task's hours over its window of T periods, L = mu H T. In a task that
is under way T counts the periods that have passed, L is less what the party has covered in them, and its doers stay
(r hat): roles are chosen once for the whole window, whenever they are planned.

In tasks whose doers may come or go within the window (handover, escalation) r says whether a party is a doer in any
period, a in which: see ``continuity``. There e and L are 0 and D does not bind: what they say holds by period.

The most that a doer covers is H v, or fewer hours where the party has fewer: with r whole the limits on hours say so
already and the optimum is the same, without whole r it is a tighter relaxation.

Symbols
-------
======  ========================================================  ==============  =======================
symbol  meaning                                                   unit            component
======  ========================================================  ==============  =======================
r       party j is a doer of task i                               0 or 1          ``doer``
h       hours of the task that the party covers                   hour            ``cover``
g       hours of the task not covered                             hour            ``gap``
H       hours of the task in a period                             hour            ``task_hours``
h bar   most hours of the task that the party can cover           hour            ``most_cover``
L       least hours of a doer over what is left of the window     hour            ``least_hours``
r hat   party j has been a doer of task i before the horizon      0 or 1          ``doer_before``
D       most doers                                                party           ``most_doers``
v       periods that the index stands for, usually 1              period          ``width``
gamma   price of an hour not covered                              money / hour    ``gap_cost``
phi c   pay for one hour of the task (factor times hourly cost)   money / hour    ``work_cost``
e T     cost of being a doer over the window                      money           ``effort_cost``
a       party j is a doer of task i in period t                   0 or 1          ``acting``
eps     cost of being a doer in a period                          money           ``period_effort``
beta    benefit of one hour covered                               money / hour    ``benefit``
======  ========================================================  ==============  =======================

Dual
----
The dual of coverage is the social cost of one more hour of the task.

Source
------
Falasca and Zobel (2012) (shortage of volunteers by task and block); least share per doer: ours.
"""

import pyomo.environ as pyo


def add_doers(block: pyo.Block) -> None:
    """Declare doers, their coverage, gaps and their costs on `block` (after accountability)."""
    block.PERIODS = pyo.Set(doc="periods, or stretches of them merged in one")
    block.DOERS = pyo.Set(dimen=2, doc="task, party that may do it")
    block.COVER = pyo.Set(dimen=3, doc="task, party that may do it, period of the window")
    block.TASK_PERIODS = pyo.Set(dimen=2, doc="task, period of its window")
    block.DOERS_OF = pyo.Set(block.TASKS, dimen=2, doc="the pairs of a task")
    block.COVERING = pyo.Set(block.TASK_PERIODS, dimen=3, doc="coverage of a task in a period")
    block.COVER_OF = pyo.Set(block.DOERS, dimen=3, doc="coverage by a doer over the window")
    block.ACTING = pyo.Set(dimen=3, doc="task whose doers may come or go, party that may do it, period")

    block.width = pyo.Param(block.PERIODS, default=1.0, doc="periods merged in one")
    block.task_hours = pyo.Param(block.TASKS, doc="hours per period")
    block.most_cover = pyo.Param(block.COVER, doc="hours")
    block.most_doers = pyo.Param(block.TASKS, default=1, doc="parties")
    block.least_hours = pyo.Param(block.DOERS, default=0.0, doc="hours over what is left of the window")
    block.doer_before = pyo.Param(block.DOERS, default=0.0, doc="has been a doer before the horizon")
    block.gap_cost = pyo.Param(block.TASKS, default=0.0, doc="money per hour")
    block.work_cost = pyo.Param(block.DOERS, default=0.0, doc="money per hour of the task")
    block.effort_cost = pyo.Param(block.DOERS, default=0.0, doc="money over the window")
    block.period_effort = pyo.Param(block.DOERS, default=0.0, doc="money per period")
    block.benefit = pyo.Param(block.DOERS, default=0.0, doc="money per hour of the task")

    def stays(b: pyo.Block, i: int, j: int) -> tuple[pyo.Expression, float]:
        return b.doer_before[i, j], 1.0

    block.doer = pyo.Var(block.DOERS, domain=pyo.Binary, bounds=stays, doc="party is a doer")
    block.acting = pyo.Var(block.ACTING, domain=pyo.Binary, doc="party is a doer in the period")
    block.cover = pyo.Var(block.COVER, domain=pyo.NonNegativeReals, doc="hours of the task covered")
    block.gap = pyo.Var(block.TASK_PERIODS, domain=pyo.NonNegativeReals, doc="hours not covered")

    @block.Constraint(block.TASK_PERIODS, doc="covered + not covered == hours")
    def coverage(b: pyo.Block, i: int, t: int) -> pyo.Expression:
        return sum(b.cover[h, j, d] for h, j, d in b.COVERING[i, t]) + b.gap[i, t] == b.task_hours[i] * b.width[t]

    @block.Constraint(block.COVER, doc="only doers cover")
    def only_doers(b: pyo.Block, i: int, j: int, t: int) -> pyo.Expression:
        return b.cover[i, j, t] - b.most_cover[i, j, t] * b.doer[i, j] <= 0

    @block.Constraint(block.DOERS, doc="a doer does a least share")
    def least_share(b: pyo.Block, i: int, j: int) -> pyo.Expression:
        return sum(b.cover[h, p, t] for h, p, t in b.COVER_OF[i, j]) - b.least_hours[i, j] * b.doer[i, j] >= 0

    @block.Constraint(block.TASKS, doc="at most so many doers")
    def doers(b: pyo.Block, i: int) -> pyo.Expression:
        return sum(b.doer[h, j] for h, j in b.DOERS_OF[i]) <= b.most_doers[i]

    @block.Expression(doc="social cost of hours not covered")
    def gap_hours(b: pyo.Block) -> pyo.Expression:
        return sum(b.gap_cost[i] * b.gap[i, t] for i, t in b.TASK_PERIODS)

    @block.Expression(doc="pay and efforts")
    def work(b: pyo.Block) -> pyo.Expression:
        return (
            sum(b.work_cost[i, j] * b.cover[i, j, t] for i, j, t in b.COVER)
            + sum(b.effort_cost[i, j] * b.doer[i, j] for i, j in b.DOERS)
            + sum(b.period_effort[i, j] * b.acting[i, j, t] for i, j, t in b.ACTING)
        )

    @block.Expression(doc="minus what parties gain from their tasks")
    def interest(b: pyo.Block) -> pyo.Expression:
        return -sum(b.benefit[i, j] * b.cover[i, j, t] for i, j, t in b.COVER)
