r"""Recovery: crews repair what is damaged, and the supply model has it back from the period after.

Equations
---------
A crew c is a party with one skill. It repairs one thing after the other, from its home: f says that it goes from thing
i (or from home) to thing d, y that it has finished d by the end of a period, p at which of its hours it has.

.. math:: \sum_c y_{c,d,T} \le 1, \qquad y_{c,d,t-1} \le y_{c,d,t}, \qquad \sum_i f_{c,i,d} = y_{c,d,T}, \qquad
          \sum_e f_{c,d,e} \le y_{c,d,T}, \qquad \sum_d f_{c,\text{home},d} \le 1

.. math:: p_{c,d} \ge (\tau_{c,\text{home},d} + \rho_d) f_{c,\text{home},d}, \qquad
          p_{c,e} - p_{c,d} \ge (\tau_{c,d,e} + \rho_e) f_{c,d,e} - P_c (1 - f_{c,d,e})

.. math:: \sum_{s \le t} h_{c,s} \ge p_{c,d} - P_c (1 - y_{c,d,t}), \qquad
          p_{c,d} - \sum_{s < \alpha_d} h_{c,s} \ge \sum_i (\tau_{c,i,d} + \rho_d) f_{c,i,d} - P_c (1 - y_{c,d,T})

.. math:: \sum_{s \le t} h_{c,s} \ge \sum_d (\rho_d + \min_i \tau_{c,i,d}) \, y_{c,d,t}

The last one follows from the others where y is whole; it is what makes the relaxation worth anything. Hours are taken
from those of the party, beside its tasks:

.. math:: \sum_{(i,j) \in D_a} \phi_{i,j} h_{i,j,t} + \sum_{(i,j) \in B_a} v_t \rho_{i,j} q_{i,j}
          + \sum_{c \in a} h_{c,t} \le A_{a,t}

Each subset b of what is damaged that may be whole while the rest is not is a condition of the network; z chooses the
one that the repairs finished before the period make. Lanes that run on the roads of some conditions alone (G) carry
nothing in others, roads have the capacity and places the storage that the condition leaves:

.. math:: \sum_b z_{b,t} = 1, \qquad \sum_{b \ni d} z_{b,t} = \sum_c y_{c,d,t-1}, \qquad
          \sum_{l \in G} \eta_l \sum_k w_k x_{l,k,t} \le H_{f,t} \sum_{b \in G} z_{b,t}

.. math:: \sum_{l \ni r} \sum_k w_k x_{l,k,t} \le \sum_b R_{r,b,t} z_{b,t}, \qquad
          \sum_k w_k s_{n,k,t} - o_{n,t} \le \bar S_{n,t} + (S_{n,t} - \bar S_{n,t}) \sum_c y_{c,n,t-1}, \qquad
          \text{repair} = \sum_{c,t} \kappa_c h_{c,t}

With y whole, z is: the conditions that z weighs all agree with y on every damaged thing.

Where the conditions are too many, crews alone are planned: what it is worth to have a thing back in a period, v, is
given, and so are the hours that parties have for all of their crews:

.. math:: \min \; \text{repair} - \sum_{d,t} v_{d,t} \sum_c y_{c,d,t-1}, \qquad \sum_{c \in a} h_{c,t} \le A_{a,t}

Symbols
-------
=========  ============================================================  ============  ======================
symbol     meaning                                                       unit          component
=========  ============================================================  ============  ======================
f          crew c goes from i to d                                       0 or 1        ``follows``
y          crew c has finished d by the end of the period                0 or 1        ``finished``
p          hours of the crew until d is finished                         hour          ``finished_after``
h          hours that the crew works and travels in the period           hour          ``crew_hours``
z          the network is in condition b                                 0 to 1        ``condition``
tau + rho  hours of the crew on the way from i to d, and of repairing d  hour          ``leg_hours``
min tau    least of them over all legs, with rho                         hour          ``least_repair``
P          hours that the crew has over the horizon                      hour          ``most_crew_hours``
A          hours the party has                                           hour          ``available``
H          hours of the fleet                                            hour          ``trip_hours``
W          more tonnes than can be on the way, for trips without time    tonne         ``most_tonnes``
R          capacity of the direction in the condition                    tonne         ``condition_capacity``
S bar      storage that the damage leaves                                tonne         ``storage_left``
S - S bar  storage that repair gives back                                tonne         ``storage_regained``
kappa      pay for an hour of the crew                                   money / hour  ``crew_cost``
v          worth of having the thing back from the period after          money         ``regained``
A          hours that the party has for its crews                        hour          ``crews_available``
=========  ============================================================  ============  ======================

alpha is the first period in which d is damaged. Trips that take no time are bounded by tonnes instead of hours:
w x at most W z.

Dual
----
With the integers fixed none of interest: a plan's prices are those of the network as its repairs leave it.

Source
------
González, A., Dueñas-Osorio, L., Sánchez-Silva, M. and Medaglia, A. (2016), The interdependent network design problem
for optimal infrastructure system restoration, Computer-Aided Civil and Infrastructure Engineering 31(5) (time-indexed
restoration joined with flows); Nurre, S., Cavdaroglu, B., Mitchell, J., Sharkey, T. and Wallace, W. (2012), Restoring
infrastructure systems: an integrated network design and scheduling problem, European J. Operational Research 223(3)
(crews on parallel machines). Travel between repairs by immediate succession: Miller, C., Tucker, A. and Zemlin, R.
(1960), Integer programming formulation of traveling salesman problems, J. ACM 7(4).
"""

import pyomo.environ as pyo


def add_recovery(block: pyo.Block) -> None:
    """Declare crews, their sequences and the conditions of the network on `block` (after all of supply, and hours)."""
    add_crews(block)
    _add_condition_sets(block)
    _add_condition_parameters(block)
    block.condition = pyo.Var(block.CONDITIONS, bounds=(0, 1), doc="what is whole and what is not")
    _add_hours(block)
    _add_conditions(block)


def add_restoration(block: pyo.Block) -> None:
    """Declare what it is worth to have things back, and hours for crews alone, on `block` (after crews)."""
    block.CREWED = pyo.Set(dimen=2, doc="party with crews, period")
    block.CREWS_OF = pyo.Set(block.CREWED, dimen=2, doc="its crews, period")

    block.regained = pyo.Param(block.FINISHED, default=0.0, doc="money, for the period after")
    block.crews_available = pyo.Param(block.CREWED, doc="hours")

    @block.Constraint(block.CREWED, doc="hours of all crews of a party")
    def crews_alone(b: pyo.Block, a: int, t: int) -> pyo.Expression:
        return sum(b.crew_hours[c, s] for c, s in b.CREWS_OF[a, t]) <= b.crews_available[a, t]

    @block.Objective(sense=pyo.minimize, doc="pay less what is regained")
    def restoration_cost(b: pyo.Block) -> pyo.Expression:
        return b.repair - sum(b.regained[c, d, t] * b.finished[c, d, t] for c, d, t in b.FINISHED)


def add_crews(block: pyo.Block) -> None:
    """Declare crews and their sequences on `block`."""
    _add_sets(block)
    _add_parameters(block)
    block.follows = pyo.Var(block.LEGS, domain=pyo.Binary, doc="the crew goes from one thing to the next")
    block.finished = pyo.Var(block.FINISHED, domain=pyo.Binary, doc="finished by the period's end")
    block.finished_after = pyo.Var(block.REPAIRS, domain=pyo.NonNegativeReals, doc="hours of the crew")
    block.crew_hours = pyo.Var(block.CREW_PERIODS, domain=pyo.NonNegativeReals, doc="hours worked and on the way")
    _add_sequence(block)
    _add_work(block)

    @block.Expression(doc="social cost of repairs")
    def repair(b: pyo.Block) -> pyo.Expression:
        return sum(b.crew_cost[c] * b.crew_hours[c, t] for c, t in b.CREW_PERIODS)


def _add_sets(block: pyo.Block) -> None:
    block.DAMAGED = pyo.Set(doc="what is damaged")
    block.CREWS = pyo.Set(doc="parties with a skill that repairs something")
    block.REPAIRS = pyo.Set(dimen=2, doc="crew, thing that it may repair")
    block.LEGS = pyo.Set(dimen=3, doc="crew, where it comes from (−1: home), thing that it repairs next")
    block.FIRST_LEGS = pyo.Set(dimen=3, doc="legs from home")
    block.LATER_LEGS = pyo.Set(dimen=3, doc="legs from one thing to another")
    block.FINISHED = pyo.Set(dimen=3, doc="crew, thing, period at whose end it may be finished")
    block.LASTING_REPAIRS = pyo.Set(dimen=4, doc="crew, thing, period, the one before")
    block.CREW_PERIODS = pyo.Set(dimen=2, doc="crew, period")
    block.AT_LAST = pyo.Set(block.REPAIRS, dimen=3, doc="finished by the end of the horizon")
    block.BY_ANYBODY = pyo.Set(block.DAMAGED, dimen=3, doc="finished by the end of the horizon, by any crew")
    block.COMING = pyo.Set(block.REPAIRS, dimen=3, doc="legs to the thing")
    block.GOING_ON = pyo.Set(block.REPAIRS, dimen=3, doc="legs from the thing")
    block.SETTING_OUT = pyo.Set(block.CREWS, dimen=3, doc="legs from home")
    block.WORKED_BY = pyo.Set(block.CREW_PERIODS, dimen=2, doc="the crew's periods up to this one")
    block.FINISHED_BY = pyo.Set(block.CREW_PERIODS, dimen=3, doc="what it may have finished by then")
    block.LATE_DAMAGE = pyo.Set(dimen=2, doc="crew, thing that is whole at first")
    block.WORKED_BEFORE = pyo.Set(block.LATE_DAMAGE, dimen=2, doc="the crew's periods before the damage")


def _add_condition_sets(block: pyo.Block) -> None:
    block.CREW_LIMITS = pyo.Set(dimen=2, doc="limit on hours of a party with a crew, period")
    block.CREWS_TAKING = pyo.Set(block.CREW_LIMITS, dimen=2, doc="crews that take from it")
    block.CONDITIONS = pyo.Set(dimen=2, doc="subset that is whole, period in which it may be")
    block.CONDITIONED = pyo.Set(doc="periods in which anything may be damaged")
    block.CONDITIONS_IN = pyo.Set(block.CONDITIONED, dimen=2, doc="conditions of a period")
    block.STILL_DAMAGED = pyo.Set(dimen=2, doc="thing, period in which it is damaged unless repaired")
    block.WHOLE_IN = pyo.Set(block.STILL_DAMAGED, dimen=2, doc="conditions in which it is whole")
    block.REPAIRED_BEFORE = pyo.Set(block.STILL_DAMAGED, dimen=3, doc="finished by the end of the period before")
    block.CONDITIONAL_TRIPS = pyo.Set(dimen=3, doc="group of lanes, fleet, period")
    block.TRIPS_ON = pyo.Set(block.CONDITIONAL_TRIPS, dimen=3, doc="shipments on lanes of the group")
    block.TRIPS_IN = pyo.Set(block.CONDITIONAL_TRIPS, dimen=2, doc="conditions in which they run")
    block.CONDITIONAL_LOADS = pyo.Set(dimen=2, doc="group of lanes whose trips take no time, period")
    block.LOADS_ON = pyo.Set(block.CONDITIONAL_LOADS, dimen=3, doc="shipments on lanes of the group")
    block.LOADS_IN = pyo.Set(block.CONDITIONAL_LOADS, dimen=2, doc="conditions in which they run")
    block.CONDITIONAL_ROADS = pyo.Set(dimen=2, doc="direction of a road, period")
    block.ROAD_CONDITIONS = pyo.Set(dimen=3, doc="direction of a road, condition, period")
    block.CAPACITY_IN = pyo.Set(block.CONDITIONAL_ROADS, dimen=3, doc="its conditions in the period")
    block.DAMAGED_STORES = pyo.Set(dimen=2, doc="damaged place with a storage limit, period")
    block.STORE_REPAIRED = pyo.Set(block.DAMAGED_STORES, dimen=3, doc="finished by the end of the period before")


def _add_parameters(block: pyo.Block) -> None:
    block.leg_hours = pyo.Param(block.LEGS, doc="hours on the way and of the repair")
    block.least_repair = pyo.Param(block.REPAIRS, doc="least of them over all legs to the thing")
    block.most_crew_hours = pyo.Param(block.CREWS, doc="hours over the horizon")
    block.crew_cost = pyo.Param(block.CREWS, default=0.0, doc="money per hour")


def _add_condition_parameters(block: pyo.Block) -> None:
    block.condition_capacity = pyo.Param(block.ROAD_CONDITIONS, doc="tonnes")
    block.trip_hours = pyo.Param(block.CONDITIONAL_TRIPS, doc="hours of the fleet")
    block.most_tonnes = pyo.Param(default=0.0, doc="more than can be on the way in a period")
    block.storage_left = pyo.Param(block.DAMAGED_STORES, doc="tonnes")
    block.storage_regained = pyo.Param(block.DAMAGED_STORES, doc="tonnes")


def _add_sequence(block: pyo.Block) -> None:
    """Declare who repairs what after what."""

    @block.Constraint(block.DAMAGED, doc="repaired once at most")
    def repaired_once(b: pyo.Block, d: int) -> pyo.Expression:
        return sum(b.finished[c, e, t] for c, e, t in b.BY_ANYBODY[d]) <= 1

    @block.Constraint(block.LASTING_REPAIRS, doc="what is finished stays so")
    def repair_lasts(b: pyo.Block, c: int, d: int, t: int, s: int) -> pyo.Expression:
        return b.finished[c, d, s] - b.finished[c, d, t] <= 0

    @block.Constraint(block.REPAIRS, doc="what is finished is come to once")
    def come_to(b: pyo.Block, c: int, d: int) -> pyo.Expression:
        legs = sum(b.follows[k, i, e] for k, i, e in b.COMING[c, d])
        return legs - sum(b.finished[k, e, t] for k, e, t in b.AT_LAST[c, d]) == 0

    @block.Constraint(block.REPAIRS, doc="gone on from at most once, and only where it was")
    def gone_on(b: pyo.Block, c: int, d: int) -> pyo.Expression:
        legs = sum(b.follows[k, i, e] for k, i, e in b.GOING_ON[c, d])
        return legs - sum(b.finished[k, e, t] for k, e, t in b.AT_LAST[c, d]) <= 0

    @block.Constraint(block.CREWS, doc="sets out once at most")
    def set_out(b: pyo.Block, c: int) -> pyo.Expression:
        return sum(b.follows[k, i, d] for k, i, d in b.SETTING_OUT[c]) <= 1

    @block.Constraint(block.FIRST_LEGS, doc="hours until the first is finished")
    def first_finished(b: pyo.Block, c: int, i: int, d: int) -> pyo.Expression:
        return b.finished_after[c, d] - b.leg_hours[c, i, d] * b.follows[c, i, d] >= 0

    @block.Constraint(block.LATER_LEGS, doc="hours until the next is finished")
    def next_finished(b: pyo.Block, c: int, i: int, d: int) -> pyo.Expression:
        between = b.finished_after[c, d] - b.finished_after[c, i]
        whole = b.leg_hours[c, i, d] + b.most_crew_hours[c]
        return between - whole * b.follows[c, i, d] >= -b.most_crew_hours[c]

    @block.Constraint(block.REPAIRS, doc="within the hours there are")
    def finished_in_time(b: pyo.Block, c: int, d: int) -> pyo.Expression:
        return b.finished_after[c, d] <= b.most_crew_hours[c]


def _add_work(block: pyo.Block) -> None:
    """Declare the hours that repairs take, and whose they are."""

    @block.Constraint(block.FINISHED, doc="finished once its hours are worked")
    def worked_through(b: pyo.Block, c: int, d: int, t: int) -> pyo.Expression:
        worked = sum(b.crew_hours[k, s] for k, s in b.WORKED_BY[c, t])
        before = b.finished_after[c, d] + b.most_crew_hours[c] * b.finished[c, d, t]
        return worked - before >= -b.most_crew_hours[c]

    @block.Constraint(block.LATE_DAMAGE, doc="not begun before it is damaged")
    def begun_after(b: pyo.Block, c: int, d: int) -> pyo.Expression:
        worked = sum(b.crew_hours[k, s] for k, s in b.WORKED_BEFORE[c, d])
        taken = sum(b.leg_hours[k, i, e] * b.follows[k, i, e] for k, i, e in b.COMING[c, d])
        unless = sum(b.most_crew_hours[k] * b.finished[k, e, t] for k, e, t in b.AT_LAST[c, d])
        return b.finished_after[c, d] - worked - taken - unless >= -b.most_crew_hours[c]

    @block.Constraint(block.CREW_PERIODS, doc="hours worked cover all that is finished")
    def worked_enough(b: pyo.Block, c: int, t: int) -> pyo.Expression:
        worked = sum(b.crew_hours[k, s] for k, s in b.WORKED_BY[c, t])
        return worked - sum(b.least_repair[k, d] * b.finished[k, d, s] for k, d, s in b.FINISHED_BY[c, t]) >= 0


def _add_hours(block: pyo.Block) -> None:
    """Declare that crews take from the hours of tasks."""

    @block.Constraint(block.CREW_LIMITS, doc="hours taken by tasks, kept free, and of crews")
    def hours_of_crews(b: pyo.Block, a: int, t: int) -> pyo.Expression:
        return (
            sum(b.factor[i, j] * b.cover[i, j, d] for i, j, d in b.TAKEN[a, t])
            + sum(b.reserve[i, j] * b.width[t] * b.backup[i, j] for i, j in b.RESERVED[a, t])
            + sum(b.crew_hours[c, s] for c, s in b.CREWS_TAKING[a, t])
            <= b.available[a, t]
        )


def _add_conditions(block: pyo.Block) -> None:
    """Declare what the network and the stores are while not all is repaired."""

    @block.Constraint(block.CONDITIONED, doc="one condition")
    def one_condition(b: pyo.Block, t: int) -> pyo.Expression:
        return sum(b.condition[w, s] for w, s in b.CONDITIONS_IN[t]) == 1

    @block.Constraint(block.STILL_DAMAGED, doc="the condition that the repairs make")
    def condition_made(b: pyo.Block, d: int, t: int) -> pyo.Expression:
        whole = sum(b.condition[w, s] for w, s in b.WHOLE_IN[d, t])
        return whole - sum(b.finished[c, e, s] for c, e, s in b.REPAIRED_BEFORE[d, t]) == 0

    @block.Constraint(block.CONDITIONAL_TRIPS, doc="hours on lanes that run in some conditions alone")
    def conditional_trips(b: pyo.Block, g: int, f: int, t: int) -> pyo.Expression:
        taken = sum(b.lane_hours[i] * b.tonnes[k] * b.ship[i, k, d] for i, k, d in b.TRIPS_ON[g, f, t])
        return taken - sum(b.trip_hours[g, f, t] * b.condition[w, s] for w, s in b.TRIPS_IN[g, f, t]) <= 0

    @block.Constraint(block.CONDITIONAL_LOADS, doc="tonnes on such lanes whose trips take no time")
    def conditional_loads(b: pyo.Block, g: int, t: int) -> pyo.Expression:
        sent = sum(b.tonnes[k] * b.ship[i, k, d] for i, k, d in b.LOADS_ON[g, t])
        return sent - sum(b.most_tonnes * b.condition[w, s] for w, s in b.LOADS_IN[g, t]) <= 0

    @block.Constraint(block.CONDITIONAL_ROADS, doc="loaded tonnes within what the condition leaves")
    def conditional_roads(b: pyo.Block, r: int, t: int) -> pyo.Expression:
        loaded = sum(b.tonnes[k] * b.ship[i, k, d] for i, k, d in b.ROLLING_ON[r, t])
        return loaded - sum(b.condition_capacity[q, w, s] * b.condition[w, s] for q, w, s in b.CAPACITY_IN[r, t]) <= 0

    @block.Constraint(block.DAMAGED_STORES, doc="what is stored, less the excess, within what the damage leaves")
    def damaged_stores(b: pyo.Block, n: int, t: int) -> pyo.Expression:
        stored = sum(b.tonnes[k] * b.level[m, k, d] for m, k, d in b.STORED[n, t]) - b.excess[n, t]
        back = sum(b.storage_regained[n, t] * b.finished[c, d, s] for c, d, s in b.STORE_REPAIRED[n, t])
        return stored - back <= b.storage_left[n, t]
