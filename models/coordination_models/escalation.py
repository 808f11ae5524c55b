r"""Escalation: a party from above a task's zone does it only some periods after those at or below fell short.

Equations
---------
.. math:: \sum_{j \text{ at or below}} h_{i,j,s} + \theta H_i \, e_{i,s} \le H_i, \qquad
          a_{i,j,t} \le \sum_{s \le t - k} e_{i,s} \quad (j \text{ above}), \qquad e \in \{0, 1\}

Above is whose jurisdiction contains the task's zone and is not that zone. The first period in which e may be 1 is the
first gap: hours that those at or below leave uncovered, whether the parties above cover them or not. From the k-th
period after it on, parties from above may be doers: with k = 0 in that period itself. A gap counts from theta, one
hundredth, of the task's hours on: less is lost in rounding, and any gap at all would be none.

Symbols
-------
=======  =====================================================  =======  =======================
symbol   meaning                                                unit     component
=======  =====================================================  =======  =======================
e        those at or below leave a gap in period s              0 or 1   ``short_of``
a        party j is a doer of task i in period t                0 or 1   ``acting``
h        hours of the task that the party covers                hour     ``cover``
H        hours of the task in a period                          hour     ``task_hours``
theta H  least hours that count as a gap                        hour     ``least_gap``
k        periods between gap and escalation                     period   index sets
=======  =====================================================  =======  =======================

Dual
----
With the integers fixed none of interest.

Source
------
Ours: subsidiarity, the higher level acts where and once the lower one cannot, as in the tiered response of incident
command systems.
"""

import pyomo.environ as pyo


def add_escalation(block: pyo.Block) -> None:
    """Declare when parties from above may be doers on `block` (after doers)."""
    block.GAPS = pyo.Set(dimen=2, doc="task with parties above that may do it, period early enough to escalate")
    block.COVER_BELOW = pyo.Set(block.GAPS, dimen=3, doc="coverage by those at or below the task's zone")
    block.ESCALATED = pyo.Set(dimen=3, doc="task, party from above, period")
    block.GAPS_BEFORE = pyo.Set(block.ESCALATED, dimen=2, doc="gaps long enough ago")

    block.least_gap = pyo.Param(block.TASKS, default=0.0, doc="hours")

    block.short_of = pyo.Var(block.GAPS, domain=pyo.Binary, doc="those at or below leave a gap")

    @block.Constraint(block.GAPS, doc="a gap is one only where hours are not covered")
    def real_gap(b: pyo.Block, i: int, s: int) -> pyo.Expression:
        covered = sum(b.cover[h, j, d] for h, j, d in b.COVER_BELOW[i, s])
        return covered + b.least_gap[i] * b.short_of[i, s] <= b.task_hours[i]

    @block.Constraint(block.ESCALATED, doc="from above only some periods after a gap")
    def escalated(b: pyo.Block, i: int, j: int, t: int) -> pyo.Expression:
        return b.acting[i, j, t] - sum(b.short_of[h, s] for h, s in b.GAPS_BEFORE[i, j, t]) <= 0
