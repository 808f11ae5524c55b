r"""Dependencies: a task is worked in a period only once enough of what came before of the tasks it waits for is done.

Equations
---------
.. math:: \sum_j h_{i,j,t} \le H_i \, w_{i,t}, \qquad
          \sum_{s < t} \sum_j h_{k,j,s} \ge E_{k,t} \, w_{i,t} \quad \text{for each task } k \text{ that } i
          \text{ waits for}, \qquad w \in \{0, 1\}

E_kt is the share ``policy.depends_share`` of the hours that task k has before period t. Each task waited for counts by
itself, and hours of period t itself do not count. Where k has no hours before t, it holds nobody up: such t is not
in the index set. When nobody works, w is 0 and nothing is asked: a plan always exists.

Symbols
-------
======  =====================================================  =======  =======================
symbol  meaning                                                unit     component
======  =====================================================  =======  =======================
w       task i may be worked in period t                       0 or 1   ``worked``
h       hours of the task that the party covers                hour     ``cover``
H       hours of the task in a period                          hour     ``task_hours``
E       hours of task k to be covered before period t          hour     ``hours_awaited``
======  =====================================================  =======  =======================

Dual
----
With w fixed, the dual of the hours awaited is what one hour less to wait for would save.

Source
------
Precedence with release by progress, after Elmaghraby, S. (1977), Activity networks (generalised precedence); the share
of earlier hours: ours.
"""

import pyomo.environ as pyo


def add_dependencies(block: pyo.Block) -> None:
    """Declare when tasks that wait may be worked on `block` (after doers)."""
    block.WAITS = pyo.Set(dimen=2, doc="task, period in which it waits for anything")
    block.AWAITED = pyo.Set(dimen=3, doc="task, task it waits for, period")
    block.WORKING = pyo.Set(block.WAITS, dimen=3, doc="coverage of the task in the period")
    block.EARLIER = pyo.Set(block.AWAITED, dimen=3, doc="coverage of the task waited for, before the period")

    block.hours_awaited = pyo.Param(block.AWAITED, doc="hours")

    block.worked = pyo.Var(block.WAITS, domain=pyo.Binary, doc="the task may be worked in the period")

    @block.Constraint(block.WAITS, doc="covered only where it may be worked")
    def only_worked(b: pyo.Block, i: int, t: int) -> pyo.Expression:
        return sum(b.cover[h, j, d] for h, j, d in b.WORKING[i, t]) - b.task_hours[i] * b.worked[i, t] <= 0

    @block.Constraint(block.AWAITED, doc="worked only once enough came before")
    def enough_before(b: pyo.Block, i: int, k: int, t: int) -> pyo.Expression:
        return sum(b.cover[h, j, s] for h, j, s in b.EARLIER[i, k, t]) - b.hours_awaited[i, k, t] * b.worked[i, t] >= 0
