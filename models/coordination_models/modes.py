r"""Operating modes: when each zone goes into which, chosen with everything that follows from it.

Equations
---------
A zone z that chooses is in one mode m in each period; u says in which, s that it goes into it. What it was in before
the horizon is u at −1, and fixes u where a least stay is not over; pins fix it, too:

.. math:: \sum_m u_{z,m,t} = 1, \qquad s_{z,m,t} \ge u_{z,m,t} - u_{z,m,t-1}, \qquad
          \sum_{\tau = t - L_{z,m} + 1}^{t} s_{z,m,\tau} \le u_{z,m,t}, \qquad
          \text{mode} = \sum \kappa_{z,m,t} u_{z,m,t} + \sum \sigma_{z,m} s_{z,m,t}

A task that only the modes M_i ask for is to be done in t where :math:`a_{i,t} = \sum_{m \in M_i} u_{z,m,t}` is 1: a sum
of modes, so that nothing is multiplied with it. Its hours are idle elsewhere, and are no gap:

.. math:: o_{i,t} + H_i a_{i,t} = H_i, \qquad g_{i,t} \ge o_{i,t}, \qquad \text{idle} = -\sum \gamma_i o_{i,t}

What a doer is asked for and paid, and what a backup keeps free, count in the periods in which the task is to be done
(w and k; both binaries of their products stand in them alone, and either is wanted low):

.. math:: w_{i,j,t} \ge r_{i,j} + a_{i,t} - 1, \qquad \sum_t h_{i,j,t} \ge \mu H_i \sum_t w_{i,j,t}, \qquad
          \text{duty} = \sum e_{i,j} w_{i,j,t}

.. math:: k_{i,j,t} \ge q_{i,j} + a_{i,t} - 1, \qquad
          \sum_{D_a} \phi_{i,j} h_{i,j,t} + \sum_{B_a} \rho_{i,j} q_{i,j} + \sum_{B'_a} \rho_{i,j} k_{i,j,t} \le A_{a,t}

Everyday hours A° bind what is worked and kept free in zones in normal mode (n): l is that of one zone. Tasks that only
the normal mode asks for are always worked in it (N):

.. math:: \sum_{D_{a,z}} \phi h + \sum_{B_{a,z}} \rho q + \sum_{B'_{a,z}} \rho k - l_{a,z,t}
          \le P_{a,z,t} (1 - n_{z,t}), \qquad l_{a,z,t} \le A^\circ_{a,t} n_{z,t}, \qquad
          \sum_z l_{a,z,t} + \sum_{N_a} (\phi h + \rho k) \le A^\circ_{a,t}

Hand-out is limited where a mode asks for a supply task, and a service floor holds where the zone is in its mode:

.. math:: \sum w_k y_{n,k,g,t} - \eta \sum h_{i,j,t} - \sum c_u \le W_{z,t} (1 - a_{z,t}), \qquad
          \sum V_f x_a + (V_r - R_{r,t}) u_{z,m_r,t} \le V_r

Symbols
-------
=======  =============================================================  ==============  ================================
symbol   meaning                                                        unit            component
=======  =============================================================  ==============  ================================
u        the zone is in the mode                                        0 or 1          ``in_mode``
u min    least of it, by pins and what was before                       0 or 1          ``least_mode``
u max    most of it, by pins and what was before                        0 or 1          ``most_mode``
u(−1)    the zone was in the mode before the horizon                    0 or 1          ``mode_before``
s        the zone goes into the mode                                    0 or 1          ``switches``
L        least stay                                                     period          index of ``STARTED``
kappa    cost of being in the mode                                      money           ``mode_cost``
sigma    cost of going into it                                          money           ``switch_cost``
o        hours that nobody asks for                                     hour            ``idle_hours``
w        the party is a doer of a task that is to be done               0 to 1          ``on_duty``
k        the party stands by for a task that is to be done              0 to 1          ``on_call``
mu H     least hours of a doer in a period                              hour            ``duty_hours``
e        cost of being a doer in a period                               money           ``duty_cost``
l        hours worked and kept free in the zone in normal mode          hour            ``normal_load``
P        most hours that may be worked and kept free in the zone        hour            ``most_load``
A        hours the party has                                            hour            ``mode_available``
A°       hours the party has in normal mode                             hour            ``normal_hours``, ``zone_hours``
W        most tonnes that can be served in the zone                     tonne           ``most_handed``
V        everyday value of all facilities of a service in a zone        money/period    ``floor_value``
V − R    everyday value of them that is kept                            money/period    ``floor_kept``
=======  =============================================================  ==============  ================================

Dual
----
None with the integers fixed; a plan's prices are those of its modes as chosen.

Source
------
Minimum stay as in unit commitment: Rajan, D. and Takriti, S. (2005), Minimum up/down polytopes of the unit commitment
problem, IBM Research Report RC23628; products of binaries: Glover, F. and Woolsey, E. (1974), Converting the 0-1
polynomial programming problem to a 0-1 linear program, Operations Research 22(1). What modes decide: ours.
"""

import pyomo.environ as pyo


def add_modes(block: pyo.Block) -> None:
    """Declare modes and what follows from them on `block` (after supply, responsibility and hand-out)."""
    _add_courses(block)
    _add_tasks(block)
    _add_hours(block)
    _add_handout(block)
    _add_floors(block)


def _add_courses(block: pyo.Block) -> None:
    """Declare the mode of each zone that chooses."""
    block.MODES = pyo.Set(dimen=3, doc="zone that chooses, mode, period")
    block.MODE_PERIODS = pyo.Set(dimen=2, doc="zone that chooses, period")
    block.MODES_IN = pyo.Set(block.MODE_PERIODS, dimen=3, doc="modes of the zone in the period")
    block.FIRST_MODES = pyo.Set(dimen=3, doc="zone, mode, period 0")
    block.LATER_MODES = pyo.Set(dimen=4, doc="zone, mode, period, the one before")
    block.STAYING = pyo.Set(dimen=3, doc="zone, mode with a least stay, period")
    block.STARTED = pyo.Set(block.STAYING, dimen=3, doc="when it may have gone into the mode and still stays")

    block.least_mode = pyo.Param(block.MODES, default=0.0, doc="1 where it is in the mode, by pins or what was before")
    block.most_mode = pyo.Param(block.MODES, default=1.0, doc="0 where it is not")
    block.mode_before = pyo.Param(block.FIRST_MODES, default=0.0, doc="the zone was in the mode before the horizon")
    block.mode_cost = pyo.Param(block.MODES, default=0.0, doc="money")
    block.switch_cost = pyo.Param(block.MODES, default=0.0, doc="money")

    def within(b: pyo.Block, z: int, m: int, t: int) -> tuple[pyo.Expression, pyo.Expression]:
        return b.least_mode[z, m, t], b.most_mode[z, m, t]

    block.in_mode = pyo.Var(block.MODES, domain=pyo.Binary, bounds=within, doc="the zone is in the mode")
    block.switches = pyo.Var(block.MODES, domain=pyo.NonNegativeReals, doc="the zone goes into the mode")

    @block.Constraint(block.MODE_PERIODS, doc="one mode")
    def one_mode(b: pyo.Block, z: int, t: int) -> pyo.Expression:
        return sum(b.in_mode[k, m, d] for k, m, d in b.MODES_IN[z, t]) == 1

    @block.Constraint(block.FIRST_MODES, doc="goes into what it was not in before")
    def first_mode(b: pyo.Block, z: int, m: int, t: int) -> pyo.Expression:
        return b.switches[z, m, t] - b.in_mode[z, m, t] >= -b.mode_before[z, m, t]

    @block.Constraint(block.LATER_MODES, doc="goes into what it was not in")
    def next_mode(b: pyo.Block, z: int, m: int, t: int, s: int) -> pyo.Expression:
        return b.switches[z, m, t] - b.in_mode[z, m, t] + b.in_mode[z, m, s] >= 0

    @block.Constraint(block.STAYING, doc="stays where it went into")
    def least_stay(b: pyo.Block, z: int, m: int, t: int) -> pyo.Expression:
        return sum(b.switches[k, n, d] for k, n, d in b.STARTED[z, m, t]) - b.in_mode[z, m, t] <= 0

    @block.Expression(doc="operating modes, and going into them")
    def mode(b: pyo.Block) -> pyo.Expression:
        return sum(b.mode_cost[z, m, t] * b.in_mode[z, m, t] for z, m, t in b.MODES) + sum(
            b.switch_cost[z, m, t] * b.switches[z, m, t] for z, m, t in b.MODES
        )


def _add_tasks(block: pyo.Block) -> None:
    """Declare what tasks that only some modes ask for take of gaps, doers and backups."""
    block.MODAL_TASKS = pyo.Set(dimen=2, doc="task that only some modes ask for, period of its window")
    block.ASKING = pyo.Set(block.MODAL_TASKS, dimen=3, doc="modes that ask for it then")
    block.MODAL_DOERS = pyo.Set(dimen=2, doc="such a task, party that may do it")
    block.DUTIES = pyo.Set(dimen=3, doc="such a task, party that may do it, period")
    block.DUTIES_OF = pyo.Set(block.MODAL_DOERS, dimen=3, doc="the periods of a pair")
    block.DUTY_ASKING = pyo.Set(block.DUTIES, dimen=3, doc="modes that ask for the task then")
    block.CALLS = pyo.Set(dimen=3, doc="such a task, party that may stand by, period")
    block.CALL_ASKING = pyo.Set(block.CALLS, dimen=3, doc="modes that ask for the task then")

    block.duty_hours = pyo.Param(block.MODAL_DOERS, default=0.0, doc="hours")
    block.duty_cost = pyo.Param(block.MODAL_DOERS, default=0.0, doc="money per period")

    block.idle_hours = pyo.Var(block.MODAL_TASKS, domain=pyo.NonNegativeReals, doc="hours that nobody asks for")
    block.on_duty = pyo.Var(block.DUTIES, domain=pyo.NonNegativeReals, doc="doer of a task that is to be done")
    block.on_call = pyo.Var(block.CALLS, domain=pyo.NonNegativeReals, doc="stands by for a task that is to be done")

    @block.Constraint(block.MODAL_TASKS, doc="hours idle + hours asked for == hours")
    def asked_for(b: pyo.Block, i: int, t: int) -> pyo.Expression:
        return (
            b.idle_hours[i, t] + sum(b.task_hours[i] * b.in_mode[z, m, d] for z, m, d in b.ASKING[i, t])
            == b.task_hours[i]
        )

    @block.Constraint(block.MODAL_TASKS, doc="what is idle is not worked")
    def not_worked(b: pyo.Block, i: int, t: int) -> pyo.Expression:
        return b.gap[i, t] - b.idle_hours[i, t] >= 0

    @block.Constraint(block.DUTIES, doc="a doer is on duty where the task is to be done")
    def duty_counts(b: pyo.Block, i: int, j: int, t: int) -> pyo.Expression:
        return b.on_duty[i, j, t] - b.doer[i, j] - sum(b.in_mode[z, m, d] for z, m, d in b.DUTY_ASKING[i, j, t]) >= -1

    @block.Constraint(block.MODAL_DOERS, doc="a doer does a least share of what is to be done")
    def duty_share(b: pyo.Block, i: int, j: int) -> pyo.Expression:
        return (
            sum(b.cover[h, p, t] for h, p, t in b.COVER_OF[i, j])
            - sum(b.duty_hours[i, j] * b.on_duty[h, p, t] for h, p, t in b.DUTIES_OF[i, j])
            >= 0
        )

    @block.Constraint(block.CALLS, doc="a backup is on call where the task is to be done")
    def call_counts(b: pyo.Block, i: int, j: int, t: int) -> pyo.Expression:
        return b.on_call[i, j, t] - b.backup[i, j] - sum(b.in_mode[z, m, d] for z, m, d in b.CALL_ASKING[i, j, t]) >= -1

    @block.Expression(doc="minus what would count as gaps of hours that nobody asks for")
    def idle(b: pyo.Block) -> pyo.Expression:
        return -sum(b.gap_cost[i] * b.idle_hours[i, t] for i, t in b.MODAL_TASKS)

    @block.Expression(doc="efforts of doers on duty")
    def duty(b: pyo.Block) -> pyo.Expression:
        return sum(b.duty_cost[i, j] * b.on_duty[i, j, t] for i, j, t in b.DUTIES)


def _add_hours(block: pyo.Block) -> None:
    """Declare the hours of parties with tasks or in zones whose mode is chosen."""
    block.MODE_LIMITS = pyo.Set(dimen=2, doc="limit on hours of all tasks, some backups of which modes call, period")
    block.LIMIT_COVER = pyo.Set(block.MODE_LIMITS, dimen=3, doc="coverage that takes from it")
    block.LIMIT_BACKUPS = pyo.Set(block.MODE_LIMITS, dimen=2, doc="backups that keep hours free in any mode")
    block.LIMIT_CALLS = pyo.Set(block.MODE_LIMITS, dimen=3, doc="backups on call")
    block.NORMAL_LOADS = pyo.Set(dimen=3, doc="limit on everyday hours, zone that chooses, period")
    block.NORMAL_CHOICE = pyo.Set(block.NORMAL_LOADS, dimen=3, doc="normal mode of the zone")
    block.LOAD_COVER = pyo.Set(block.NORMAL_LOADS, dimen=3, doc="coverage in the zone")
    block.LOAD_BACKUPS = pyo.Set(block.NORMAL_LOADS, dimen=2, doc="backups in the zone in any mode")
    block.LOAD_CALLS = pyo.Set(block.NORMAL_LOADS, dimen=3, doc="backups in the zone on call")
    block.NORMAL_LIMITS = pyo.Set(dimen=2, doc="limit on everyday hours, period")
    block.LOADS_OF = pyo.Set(block.NORMAL_LIMITS, dimen=3, doc="what is worked and kept free in zones")
    block.NORMAL_COVER = pyo.Set(block.NORMAL_LIMITS, dimen=3, doc="coverage of tasks of the normal mode alone")
    block.NORMAL_CALLS = pyo.Set(block.NORMAL_LIMITS, dimen=3, doc="backups on call for such tasks")

    block.mode_available = pyo.Param(block.MODE_LIMITS, doc="hours")
    block.most_load = pyo.Param(block.NORMAL_LOADS, doc="hours")
    block.zone_hours = pyo.Param(block.NORMAL_LOADS, doc="everyday hours of the limit")
    block.normal_hours = pyo.Param(block.NORMAL_LIMITS, doc="everyday hours")

    block.normal_load = pyo.Var(block.NORMAL_LOADS, domain=pyo.NonNegativeReals, doc="hours in normal mode")

    @block.Constraint(block.MODE_LIMITS, doc="hours taken, kept free and on call")
    def hours_by_mode(b: pyo.Block, a: int, t: int) -> pyo.Expression:
        return (
            sum(b.factor[i, j] * b.cover[i, j, d] for i, j, d in b.LIMIT_COVER[a, t])
            + sum(b.reserve[i, j] * b.backup[i, j] for i, j in b.LIMIT_BACKUPS[a, t])
            + sum(b.reserve[i, j] * b.on_call[i, j, d] for i, j, d in b.LIMIT_CALLS[a, t])
            <= b.mode_available[a, t]
        )

    @block.Constraint(block.NORMAL_LOADS, doc="what is worked and kept free counts in normal mode")
    def load_counts(b: pyo.Block, a: int, z: int, t: int) -> pyo.Expression:
        return (
            sum(b.factor[i, j] * b.cover[i, j, d] for i, j, d in b.LOAD_COVER[a, z, t])
            + sum(b.reserve[i, j] * b.backup[i, j] for i, j in b.LOAD_BACKUPS[a, z, t])
            + sum(b.reserve[i, j] * b.on_call[i, j, d] for i, j, d in b.LOAD_CALLS[a, z, t])
            - b.normal_load[a, z, t]
            + sum(b.most_load[a, z, t] * b.in_mode[k, m, d] for k, m, d in b.NORMAL_CHOICE[a, z, t])
            <= b.most_load[a, z, t]
        )

    @block.Constraint(block.NORMAL_LOADS, doc="nothing counts in other modes")
    def load_in_normal(b: pyo.Block, a: int, z: int, t: int) -> pyo.Expression:
        return (
            b.normal_load[a, z, t]
            - sum(b.zone_hours[a, z, t] * b.in_mode[k, m, d] for k, m, d in b.NORMAL_CHOICE[a, z, t])
            <= 0
        )

    @block.Constraint(block.NORMAL_LIMITS, doc="within the everyday hours")
    def everyday_hours(b: pyo.Block, a: int, t: int) -> pyo.Expression:
        return (
            sum(b.normal_load[k, z, d] for k, z, d in b.LOADS_OF[a, t])
            + sum(b.factor[i, j] * b.cover[i, j, d] for i, j, d in b.NORMAL_COVER[a, t])
            + sum(b.reserve[i, j] * b.on_call[i, j, d] for i, j, d in b.NORMAL_CALLS[a, t])
            <= b.normal_hours[a, t]
        )


def _add_handout(block: pyo.Block) -> None:
    """Declare hand-out in zones whose supply tasks only some modes ask for."""
    block.MODAL_HANDOUTS = pyo.Set(dimen=2, doc="zone with supply tasks, period in which only modes ask for them")
    block.HANDOUT_ASKING = pyo.Set(block.MODAL_HANDOUTS, dimen=3, doc="modes that ask for any of them")
    block.MODAL_HANDED_OUT = pyo.Set(block.MODAL_HANDOUTS, dimen=4, doc="service in the zone")
    block.MODAL_HANDING_OUT = pyo.Set(block.MODAL_HANDOUTS, dimen=3, doc="coverage of the zone's supply tasks")
    block.MODAL_HANDING_USES = pyo.Set(block.MODAL_HANDOUTS, dimen=2, doc="emergency uses that hand out, period")
    block.MODAL_HANDING_MODULES = pyo.Set(block.MODAL_HANDOUTS, dimen=2, doc="modules of these uses, period")

    block.most_handed = pyo.Param(block.MODAL_HANDOUTS, doc="tonnes")

    @block.Constraint(block.MODAL_HANDOUTS, doc="tonnes served <= tonnes that can be handed out, where asked for")
    def handout_by_mode(b: pyo.Block, z: int, t: int) -> pyo.Expression:
        return (
            sum(b.tonnes[k] * b.serve[n, k, g, d] for n, k, g, d in b.MODAL_HANDED_OUT[z, t])
            - sum(b.handout_rate * b.cover[i, j, d] for i, j, d in b.MODAL_HANDING_OUT[z, t])
            - sum(b.use_capacity[u, d] * b.in_use[u, d] for u, d in b.MODAL_HANDING_USES[z, t])
            - sum(b.module_capacity[m, d] * b.ready[m, d] for m, d in b.MODAL_HANDING_MODULES[z, t])
            + sum(b.most_handed[z, t] * b.in_mode[k, m, d] for k, m, d in b.HANDOUT_ASKING[z, t])
            <= b.most_handed[z, t]
        )


def _add_floors(block: pyo.Block) -> None:
    """Declare service floors of zones whose mode is chosen."""
    block.MODAL_FLOORS = pyo.Set(dimen=2, doc="row of service_floors, period")
    block.MODAL_FLOOR_STEPS = pyo.Set(block.MODAL_FLOORS, dimen=1, doc="steps that have a facility away then")
    block.FLOOR_CHOICE = pyo.Set(block.MODAL_FLOORS, dimen=3, doc="the row's mode of its zone")

    block.floor_value = pyo.Param(block.MODAL_FLOORS, doc="money per period")
    block.floor_kept = pyo.Param(block.MODAL_FLOORS, doc="money per period")

    @block.Constraint(block.MODAL_FLOORS, doc="everyday value away <= what may be, where the zone is in the mode")
    def floors_by_mode(b: pyo.Block, r: int, t: int) -> pyo.Expression:
        return (
            sum(b.step_value[a] * b.step[a] for a in b.MODAL_FLOOR_STEPS[r, t])
            + sum(b.floor_kept[r, t] * b.in_mode[z, m, d] for z, m, d in b.FLOOR_CHOICE[r, t])
            <= b.floor_value[r, t]
        )
