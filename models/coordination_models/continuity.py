r"""Continuity: doers that come or go within a task's window, and what handing a task over asks for.

Equations
---------
.. math:: h_{i,j,t} \le \bar h_{i,j,t} \, a_{i,j,t}, \qquad
          \sum_t h_{i,j,t} \ge \mu H_i \sum_t a_{i,j,t}, \qquad
          a_{i,j,t} \le r_{i,j} \le \sum_s a_{i,j,s}

With handover, t after the first period of the window, s the period before it:

.. math:: a_{i,j,t} - a_{i,j,s} = u_{i,j,t} - l_{i,j,t}, \qquad u_{i,j,t} \le a_{i,j,t}, \qquad
          u_{i,j,t} + a_{i,j,s} \le 1

.. math:: \sum_j l_{i,j,t} \le \sum_j u_{i,j,t-o}, \qquad
          u_{i,j,t-d} + l_{i,j,t} \le 1 \quad (1 \le d \le o)

.. math:: \sum_j a_{i,j,t} - \sum_j \sum_{d=1}^{o} l_{i,j,t+d} \le D_i, \qquad
          h_{i,j,t-d} \ge \mu H_i \, l_{i,j,t} \quad (1 \le d \le o), \qquad
          \text{handover} = \sum \kappa \, u_{i,j,t}

Without it, in tasks to which parties from above may be called (``escalation``):

.. math:: a_{i,j,t} = a_{i,j,s} \quad (j \text{ at or below the task's zone}), \qquad
          a_{i,j,t} \ge a_{i,j,s} \quad (j \text{ above})

A stint is an unbroken run of periods in which a party is a doer. Each stint that begins after the window's first period
is a change, whoever goes for it; the first assignment is none. A doer leaves before the window's end only by handing
over: the last o periods of its stint are the first o of somebody else's, one successor for each who leaves. In these
periods the leaving one covers at least its least share of the hours, and is not counted among the D doers; together
they cover at most the hours of the task. Somebody may join without anybody leaving, within D. The least share of a
doer is of the hours in its own periods, all stints together.

Symbols
-------
======  =====================================================  =======  =======================
symbol  meaning                                                unit     component
======  =====================================================  =======  =======================
a       party j is a doer of task i in period t                0 or 1   ``acting``
r       party j is a doer of task i in any period              0 or 1   ``doer``
h       hours of the task that the party covers                hour     ``cover``
h bar   most hours of the task that the party can cover        hour     ``most_cover``
u       a stint of party j begins in period t                  0 or 1   ``joining``
l       the period before t is the last of a stint             0 or 1   ``leaving``
D       most doers at a time, those handing over aside         party    ``most_at_once``
mu H    least hours of a doer for each of its periods          hour     ``period_hours``
kappa   price of a change                                      money    ``handover_cost``
o       periods that the leaving one works beside the new      period   index sets
======  =====================================================  =======  =======================

Dual
----
With the integers fixed none of interest.

Source
------
Ours; start-up and shut-down variables as in unit commitment: Rajan, D. and Takriti, S. (2005), Minimum up/down
polytopes of the unit commitment problem with start-up costs, IBM Research Report RC23628.
"""

import pyomo.environ as pyo


def add_continuity(block: pyo.Block) -> None:
    """Declare stints of doers on `block`, and what changes ask for and cost (after doers)."""
    block.ACTORS = pyo.Set(dimen=2, doc="task whose doers may come or go, party that may do it")
    block.ACTING_OF = pyo.Set(block.ACTORS, dimen=3, doc="its periods")
    block.STEADY = pyo.Set(dimen=4, doc="task, party that is a doer throughout or never, period, the one before")
    block.LASTING = pyo.Set(dimen=4, doc="task, party that stays once it is a doer, period, the one before")
    block.FOLLOWING = pyo.Set(dimen=4, doc="task, party that may join and leave, period, the one before")
    block.CHANGES = pyo.Set(dimen=3, doc="task, party that may join and leave, period")
    block.HANDOVERS = pyo.Set(dimen=2, doc="task, period after its first")
    block.LEAVING_IN = pyo.Set(block.HANDOVERS, dimen=3, doc="who may leave then")
    block.SUCCEEDING = pyo.Set(block.HANDOVERS, dimen=3, doc="who may have joined for them")
    block.TOO_SOON = pyo.Set(dimen=4, doc="task, party, period of joining, period too soon to leave")
    block.AT_ONCE = pyo.Set(dimen=2, doc="task with handover, period")
    block.ACTING_IN = pyo.Set(block.AT_ONCE, dimen=3, doc="who may act then")
    block.HANDING_OVER = pyo.Set(block.AT_ONCE, dimen=3, doc="who may leave so soon after that it is handing over")
    block.BESIDE = pyo.Set(
        dimen=4, doc="task, party, period, period so soon after that it is handing over if it leaves"
    )

    block.period_hours = pyo.Param(block.TASKS, default=0.0, doc="hours")
    block.most_at_once = pyo.Param(block.AT_ONCE, default=1.0, doc="parties")
    block.handover_cost = pyo.Param(default=0.0, doc="money per change")

    block.joining = pyo.Var(block.CHANGES, bounds=(0, 1), doc="a stint begins")
    block.leaving = pyo.Var(block.CHANGES, bounds=(0, 1), doc="a stint has ended")

    @block.Constraint(block.ACTING, doc="covered only in periods as a doer")
    def acting_covers(b: pyo.Block, i: int, j: int, t: int) -> pyo.Expression:
        return b.cover[i, j, t] - b.most_cover[i, j, t] * b.acting[i, j, t] <= 0

    @block.Constraint(block.ACTORS, doc="a doer does a least share of its own periods")
    def least_acting(b: pyo.Block, i: int, j: int) -> pyo.Expression:
        covered = sum(b.cover[h, p, t] for h, p, t in b.COVER_OF[i, j])
        return covered - sum(b.period_hours[i] * b.acting[h, p, t] for h, p, t in b.ACTING_OF[i, j]) >= 0

    @block.Constraint(block.ACTING, doc="who acts in any period is a doer")
    def acts_as_doer(b: pyo.Block, i: int, j: int, t: int) -> pyo.Expression:
        return b.acting[i, j, t] - b.doer[i, j] <= 0

    @block.Constraint(block.ACTORS, doc="a doer acts in some period")
    def doer_acts(b: pyo.Block, i: int, j: int) -> pyo.Expression:
        return b.doer[i, j] - sum(b.acting[h, p, t] for h, p, t in b.ACTING_OF[i, j]) <= 0

    @block.Constraint(block.STEADY, doc="a doer throughout or never")
    def steady(b: pyo.Block, i: int, j: int, t: int, s: int) -> pyo.Expression:
        return b.acting[i, j, t] - b.acting[i, j, s] == 0

    @block.Constraint(block.LASTING, doc="once a doer, to the end")
    def lasting(b: pyo.Block, i: int, j: int, t: int, s: int) -> pyo.Expression:
        return b.acting[i, j, t] - b.acting[i, j, s] >= 0

    @block.Constraint(block.FOLLOWING, doc="stints begin and end")
    def stints(b: pyo.Block, i: int, j: int, t: int, s: int) -> pyo.Expression:
        return b.acting[i, j, t] - b.acting[i, j, s] - b.joining[i, j, t] + b.leaving[i, j, t] == 0

    @block.Constraint(block.CHANGES, doc="who joins acts")
    def joining_acts(b: pyo.Block, i: int, j: int, t: int) -> pyo.Expression:
        return b.joining[i, j, t] - b.acting[i, j, t] <= 0

    @block.Constraint(block.FOLLOWING, doc="who joins did not act before")
    def joining_anew(b: pyo.Block, i: int, j: int, t: int, s: int) -> pyo.Expression:
        return b.joining[i, j, t] + b.acting[i, j, s] <= 1

    @block.Constraint(block.HANDOVERS, doc="a successor for each who leaves")
    def handed_over(b: pyo.Block, i: int, t: int) -> pyo.Expression:
        left = sum(b.leaving[h, j, d] for h, j, d in b.LEAVING_IN[i, t])
        return left - sum(b.joining[h, j, d] for h, j, d in b.SUCCEEDING[i, t]) <= 0

    @block.Constraint(block.TOO_SOON, doc="who joined stays longer than the handover")
    def staying(b: pyo.Block, i: int, j: int, s: int, t: int) -> pyo.Expression:
        return b.joining[i, j, s] + b.leaving[i, j, t] <= 1

    @block.Constraint(block.AT_ONCE, doc="at most so many doers at a time, those handing over aside")
    def doers_at_once(b: pyo.Block, i: int, t: int) -> pyo.Expression:
        acting = sum(b.acting[h, j, d] for h, j, d in b.ACTING_IN[i, t])
        return acting - sum(b.leaving[h, j, d] for h, j, d in b.HANDING_OVER[i, t]) <= b.most_at_once[i, t]

    @block.Constraint(block.BESIDE, doc="who hands over works beside the new one")
    def works_beside(b: pyo.Block, i: int, j: int, t: int, d: int) -> pyo.Expression:
        return b.cover[i, j, t] - b.period_hours[i] * b.leaving[i, j, d] >= 0

    @block.Expression(doc="social cost of changes of doers")
    def handover(b: pyo.Block) -> pyo.Expression:
        return sum(b.handover_cost * b.joining[i, j, t] for i, j, t in b.CHANGES)
