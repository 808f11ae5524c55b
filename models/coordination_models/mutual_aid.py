r"""Mutual aid at posted prices: what a coalition decides by itself, and how the core clears what is shared.

Equations
---------
Each coalition S minimises its own cost and what it pays for what is shared,

.. math:: \min_{x \in X_S} \; c_S x + \sum_r y_r \, e_{r}, \qquad e = D_S x - d_S

with X_S its fleets' hours, its needs, its parties' hours, and the net takes e from the pool of a batch at a place and
period, of roads, of hand-out, of hours in tasks (and what it serves of a place's need where the worst off count):

.. math:: e^{\text{goods}}_{n,k,t} = \sum_{l \in \delta^-(n)} x_{l,k,t} + \sum_g u_{n,k,g,t}
          - \sum_{(l,d) \to (n,t)} x_{l,k,d} - a_{n,k,t}

.. math:: e^{\text{road}}_{r,t} = \sum_{l \ni r} \sum_k w_k x_{l,k,t}, \qquad
          e^{\text{handout}}_{z,t} = \sum_{n \in z} \sum_{k,g} w_k u_{n,k,g,t} - \theta \sum_{i \in z} (H_i - g_{i,t})

.. math:: e^{\text{work}}_{i,t} = [i \text{ own}] (H_i - g_{i,t}) - \sum_j h_{i,j,t}, \qquad
          e^{\text{served}}_{n,c} = \sum_{k,g,t} u_{n,k,g,t}

Its answers are offers: what it would do with one part of what it has (a fleet in a period, a need, a party's hours, a
task). The core takes shares of them, keeps what lies in the pool, and clears:

.. math:: \min \sum_o \bar c_o \lambda_o + \text{overflow} + \psi v, \qquad \sum_{o \in p} \lambda_o = 1

.. math:: \sum_o \bar e_{n,k,t,o} \lambda_o + s_{n,k,t} - \phi_{n,k,t} s_{n,k,t-1} = a_{n,k,t}, \qquad
          \sum_o \bar e_{r,o} \lambda_o \le R_r, \quad \sum_o \bar e_{i,t,o} \lambda_o = B_{i,t}, \quad
          N_{n,c} v + \sum_o \bar e_{n,c,o} \lambda_o \ge N_{n,c}

Whatever the prices, what coalitions pay at least and what is shared is worth bound the joint cost from below.

Symbols
-------
=========  ==================================================  ==============  =====================
symbol     meaning                                             unit            component
=========  ==================================================  ==============  =====================
e goods    net take of a batch from the pool                   unit            ``takes``
e road     tonnes on a direction of a road                     tonne           ``road_use``
e handout  tonnes served less those that own tasks hand out    tonne           ``handed``
e work     hours of a task taken from others                   hour            ``helps``
e served   served of a place's need                            unit            ``reached``
y goods    price of a batch in the pool                        money / unit    ``takes_price``
y road     price of a direction of a road                      money / tonne   ``road_price``
y handout  price of handing out                                money / tonne   ``handed_price``
y work     price of an hour in a task                          money / hour    ``help_price``
y served   price of what is served (at most 0)                 money / unit    ``reached_price``
u          served                                              unit            ``serve``
h          hours of the task that a party covers               hour            ``cover``
h bar      most of them                                        hour            ``most_work``
g          hours of an own task not covered                    hour            ``gap``
H          hours of an own task                                hour            ``work_hours``
gamma      price of an hour not covered                        money / hour    ``work_gap_cost``
phi c      pay less benefit for one hour of the task           money / hour    ``work_pay``
phi        hours of the party per hour of the task             1               ``work_factor``
L          least hours of a doer over the window               hour            ``least_work``
A          hours of a limit that backups do not keep free      hour            ``work_left``
theta      tonnes handed out in one hour                       tonne / hour    ``handout_rate``
a          stock and arrivals                                  unit            ``supply``
lambda     share of an offer that is taken                     1               ``share``
c bar      cost of an offer                                    money           ``offer_cost``
e bar g    what an offer takes from the pool                   unit            ``goods_offered``
e bar r    what an offer takes of roads and hand-out           tonne           ``limit_offered``
e bar w    hours that an offer takes from others               hour            ``help_offered``
e bar n    what an offer serves                                unit            ``reach_offered``
s          left in the pool at the period's end                unit            ``level``
phi k      share of what lay there that a hazard leaves        1               ``kept``
w          weight of one unit                                  tonne / unit    ``tonnes``
R          what there is of a road, of hand-out                tonne           ``limit_left``
B          hours of tasks to be shared out, gaps taken off     hour            ``help_left``
N          need over groups and periods                        unit            ``counted_total``
psi        price of the largest unserved share                 money           ``worst_off_cost``
v          largest unserved share                              1               ``worst``
=========  ==================================================  ==============  =====================

Dual
----
Minus the duals of the pool, limits and help are the next prices; the dual of a part says what an offer must beat.

Source
------
Dantzig, G. and Wolfe, P. (1960), Decomposition principle for linear programs, Operations Research 8(1); prices of
mutual aid: Arrow, K. and Hurwicz, L. (1960), Decentralization and computation in resource allocation; the bound:
Lasdon, L. (1970), Optimization Theory for Large Systems.
"""

import pyomo.environ as pyo


def add_mutual_aid(block: pyo.Block) -> None:
    """Declare what a coalition takes from the pool, from roads and of hand-out on `block` (after shipments)."""
    block.HOLDINGS = pyo.Set(dimen=3, doc="place, batch, period that the coalition deals with")
    block.SERVICE = pyo.Set(dimen=4, doc="place, batch, group, period")
    block.ARRIVING = pyo.Set(block.HOLDINGS, dimen=3, doc="shipments that arrive")
    block.LEAVING = pyo.Set(block.HOLDINGS, dimen=3, doc="shipments that leave")
    block.SERVED_FROM = pyo.Set(block.HOLDINGS, dimen=4, doc="service from this holding")
    block.ROAD_PERIODS = pyo.Set(dimen=2, doc="direction of a road, period")
    block.ROLLING_ON = pyo.Set(block.ROAD_PERIODS, dimen=3, doc="shipments whose route holds the direction")
    block.NEEDY = pyo.Set(dimen=2, doc="place, commodity with need (empty where the worst off have no price)")
    block.SERVED_AT = pyo.Set(block.NEEDY, dimen=4, doc="service to this place of this commodity")

    block.supply = pyo.Param(block.HOLDINGS, default=0.0, doc="own stock and arrivals, units")
    block.takes_price = pyo.Param(block.HOLDINGS, default=0.0, doc="money per unit")
    block.road_price = pyo.Param(block.ROAD_PERIODS, default=0.0, doc="money per tonne")
    block.reached_price = pyo.Param(block.NEEDY, default=0.0, doc="money per unit")

    block.serve = pyo.Var(block.SERVICE, domain=pyo.NonNegativeReals, doc="units served")
    block.takes = pyo.Var(block.HOLDINGS, domain=pyo.Reals, doc="units taken from the pool, net")
    block.road_use = pyo.Var(block.ROAD_PERIODS, domain=pyo.Reals, doc="loaded tonnes")
    block.reached = pyo.Var(block.NEEDY, domain=pyo.Reals, doc="units served over the horizon")

    @block.Constraint(block.HOLDINGS, doc="outflow - inflow - takes == what appears")
    def pooled(b: pyo.Block, n: int, k: int, t: int) -> pyo.Expression:
        return (
            sum(b.ship[i, j, d] for i, j, d in b.LEAVING[n, k, t])
            + sum(b.serve[m, j, g, d] for m, j, g, d in b.SERVED_FROM[n, k, t])
            - sum(b.ship[i, j, d] for i, j, d in b.ARRIVING[n, k, t])
            - b.takes[n, k, t]
            == b.supply[n, k, t]
        )

    @block.Constraint(block.ROAD_PERIODS, doc="loaded tonnes")
    def tolled(b: pyo.Block, r: int, t: int) -> pyo.Expression:
        return sum(b.tonnes[k] * b.ship[i, k, d] for i, k, d in b.ROLLING_ON[r, t]) - b.road_use[r, t] == 0

    @block.Constraint(block.NEEDY, doc="what is served of the need")
    def counted(b: pyo.Block, n: int, c: int) -> pyo.Expression:
        return sum(b.serve[m, k, g, t] for m, k, g, t in b.SERVED_AT[n, c]) - b.reached[n, c] == 0

    @block.Expression(doc="paid for goods, roads and what counts for the worst off")
    def trade(b: pyo.Block) -> pyo.Expression:
        return (
            sum(b.takes_price[n, k, t] * b.takes[n, k, t] for n, k, t in b.HOLDINGS)
            + sum(b.road_price[r, t] * b.road_use[r, t] for r, t in b.ROAD_PERIODS)
            + sum(b.reached_price[n, c] * b.reached[n, c] for n, c in b.NEEDY)
        )


def add_agreed_work(block: pyo.Block) -> None:
    """Declare hours in tasks whose doers are agreed, and hand-out, on `block` (after mutual aid)."""
    block.WORK = pyo.Set(dimen=3, doc="task, own party that does it, period")
    block.CONTRACTS = pyo.Set(dimen=2, doc="task, own party that does it")
    block.WORK_OF = pyo.Set(block.CONTRACTS, dimen=3, doc="over the window")
    block.OWN_WORK = pyo.Set(dimen=2, doc="own task, period")
    block.COVERED_BY = pyo.Set(block.OWN_WORK, dimen=3, doc="own parties' work in a task that nobody else does")
    block.COVERED = pyo.Set(dimen=2, within=block.OWN_WORK, doc="own task that nobody else does, period")
    block.HELP = pyo.Set(dimen=2, doc="task with parties of several coalitions, period")
    block.OWN_HELP = pyo.Set(block.HELP, dimen=2, doc="the task, where it is an own one")
    block.HELPED_BY = pyo.Set(block.HELP, dimen=3, doc="own parties' work in it")
    block.WORK_LIMITS = pyo.Set(dimen=2, doc="limit on hours, period")
    block.WORK_IN = pyo.Set(block.WORK_LIMITS, dimen=3, doc="work that takes from the limit")
    block.HANDOUTS = pyo.Set(dimen=2, doc="zone with a supply task, period")
    block.HANDED_OUT = pyo.Set(block.HANDOUTS, dimen=4, doc="service in the zone")
    block.HANDING = pyo.Set(block.HANDOUTS, dimen=2, doc="own supply tasks there")

    block.work_hours = pyo.Param(block.OWN_WORK, default=0.0, doc="hours of the task")
    block.work_gap_cost = pyo.Param(block.OWN_WORK, default=0.0, doc="money per hour")
    block.most_work = pyo.Param(block.WORK, doc="hours")
    block.work_pay = pyo.Param(block.CONTRACTS, default=0.0, doc="money per hour of the task, less benefit")
    block.work_factor = pyo.Param(block.CONTRACTS, default=1.0, doc="hours of the party per hour of the task")
    block.least_work = pyo.Param(block.CONTRACTS, default=0.0, doc="hours over the window")
    block.work_left = pyo.Param(block.WORK_LIMITS, doc="hours that backups do not keep free")
    block.help_price = pyo.Param(block.HELP, default=0.0, doc="money per hour")
    block.handed_price = pyo.Param(block.HANDOUTS, default=0.0, doc="money per tonne")
    block.handout_rate = pyo.Param(default=0.5, doc="tonnes per hour")

    def up_to_hours(b: pyo.Block, i: int, t: int) -> tuple[float, pyo.Param]:
        return (0.0, b.work_hours[i, t])

    def up_to_most(b: pyo.Block, i: int, j: int, t: int) -> tuple[float, pyo.Param]:
        return (0.0, b.most_work[i, j, t])

    block.cover = pyo.Var(block.WORK, bounds=up_to_most, doc="hours of the task covered")
    block.gap = pyo.Var(block.OWN_WORK, bounds=up_to_hours, doc="hours not covered")
    block.helps = pyo.Var(block.HELP, domain=pyo.Reals, doc="hours taken from others, net")
    block.handed = pyo.Var(block.HANDOUTS, domain=pyo.Reals, doc="tonnes served less those that own tasks hand out")

    @block.Constraint(block.COVERED, doc="covered + not covered == hours")
    def worked(b: pyo.Block, i: int, t: int) -> pyo.Expression:
        return sum(b.cover[h, j, d] for h, j, d in b.COVERED_BY[i, t]) + b.gap[i, t] == b.work_hours[i, t]

    @block.Constraint(block.HELP, doc="gap + covered + taken from others == hours of an own task")
    def helped(b: pyo.Block, i: int, t: int) -> pyo.Expression:
        return -sum(b.gap[h, d] for h, d in b.OWN_HELP[i, t]) - sum(
            b.cover[h, j, d] for h, j, d in b.HELPED_BY[i, t]
        ) - b.helps[i, t] == -sum(b.work_hours[h, d] for h, d in b.OWN_HELP[i, t])

    @block.Constraint(block.CONTRACTS, doc="a doer does a least share")
    def least(b: pyo.Block, i: int, j: int) -> pyo.Expression:
        return sum(b.cover[h, p, t] for h, p, t in b.WORK_OF[i, j]) >= b.least_work[i, j]

    @block.Constraint(block.WORK_LIMITS, doc="hours taken")
    def work_hours_left(b: pyo.Block, a: int, t: int) -> pyo.Expression:
        return sum(b.work_factor[i, j] * b.cover[i, j, d] for i, j, d in b.WORK_IN[a, t]) <= b.work_left[a, t]

    @block.Constraint(block.HANDOUTS, doc="tonnes served + hours missing - handed == tonnes of all hours")
    def shared_out(b: pyo.Block, z: int, t: int) -> pyo.Expression:
        return sum(b.tonnes[k] * b.serve[n, k, g, d] for n, k, g, d in b.HANDED_OUT[z, t]) + sum(
            b.handout_rate * b.gap[i, d] for i, d in b.HANDING[z, t]
        ) - b.handed[z, t] == sum(b.handout_rate * b.work_hours[i, d] for i, d in b.HANDING[z, t])

    @block.Expression(doc="social cost of hours not covered")
    def work_missing(b: pyo.Block) -> pyo.Expression:
        return sum(b.work_gap_cost[i, t] * b.gap[i, t] for i, t in b.OWN_WORK)

    @block.Expression(doc="pay less benefit of hours covered")
    def work_done(b: pyo.Block) -> pyo.Expression:
        return sum(b.work_pay[i, j] * b.cover[i, j, t] for i, j, t in b.WORK)

    @block.Expression(doc="paid for hours and hand-out")
    def hire(b: pyo.Block) -> pyo.Expression:
        return sum(b.help_price[i, t] * b.helps[i, t] for i, t in b.HELP) + sum(
            b.handed_price[z, t] * b.handed[z, t] for z, t in b.HANDOUTS
        )


def add_clearing(block: pyo.Block) -> None:
    """Declare the core's clearing of offers on `block`: what is taken of each, and what lies in the pool."""
    block.OFFERS = pyo.Set(doc="offers")
    block.PARTS = pyo.Set(doc="parts that offers are of")
    block.OFFERS_OF = pyo.Set(block.PARTS, dimen=1, doc="offers of a part")
    block.BATCHES = pyo.Set(doc="batches: a commodity with one expiry period")
    block.HOLDINGS = pyo.Set(dimen=3, doc="place, batch, period")
    block.HELD_OVER = pyo.Set(block.HOLDINGS, dimen=3, doc="the same holding one period earlier")
    block.GOODS_OFFERED = pyo.Set(dimen=4, doc="place, batch, period, offer that takes there")
    block.GOODS_OFFERS = pyo.Set(block.HOLDINGS, dimen=4, doc="of a holding")
    block.LIMITS = pyo.Set(doc="directions of roads and hand-outs by period")
    block.LIMIT_OFFERED = pyo.Set(dimen=2, doc="limit, offer that takes of it")
    block.LIMIT_OFFERS = pyo.Set(block.LIMITS, dimen=2, doc="of a limit")
    block.HELPS = pyo.Set(doc="tasks with parties of several coalitions, by period")
    block.HELP_OFFERED = pyo.Set(dimen=2, doc="task and period, offer that takes hours")
    block.HELP_OFFERS = pyo.Set(block.HELPS, dimen=2, doc="of a task and period")
    block.COUNTED = pyo.Set(doc="place and commodity with need (empty where the worst off have no price)")
    block.REACH_OFFERED = pyo.Set(dimen=2, doc="place and commodity, offer that serves it")
    block.REACH_OFFERS = pyo.Set(block.COUNTED, dimen=2, doc="of a place and commodity")

    block.tonnes = pyo.Param(block.BATCHES, doc="tonnes per unit")
    block.offer_cost = pyo.Param(block.OFFERS, default=0.0, doc="money")
    block.supply = pyo.Param(block.HOLDINGS, default=0.0, doc="stock and arrivals, units")
    block.kept = pyo.Param(block.HOLDINGS, default=1.0, doc="share of what lay there that is left")
    block.goods_offered = pyo.Param(block.GOODS_OFFERED, doc="units taken")
    block.limit_offered = pyo.Param(block.LIMIT_OFFERED, doc="tonnes taken")
    block.limit_left = pyo.Param(block.LIMITS, default=0.0, doc="tonnes")
    block.help_offered = pyo.Param(block.HELP_OFFERED, doc="hours taken")
    block.help_left = pyo.Param(block.HELPS, default=0.0, doc="hours")
    block.reach_offered = pyo.Param(block.REACH_OFFERED, doc="units served")
    block.counted_total = pyo.Param(block.COUNTED, doc="units over groups and periods")
    block.worst_off_cost = pyo.Param(default=0.0, doc="money for a share of 1")

    block.share = pyo.Var(block.OFFERS, domain=pyo.NonNegativeReals, doc="share taken")
    block.level = pyo.Var(block.HOLDINGS, domain=pyo.NonNegativeReals, doc="units left in the pool")
    block.worst = pyo.Var(domain=pyo.NonNegativeReals, doc="largest unserved share")

    @block.Constraint(block.HOLDINGS, doc="taken + left - kept == what appears")
    def pool(b: pyo.Block, n: int, k: int, t: int) -> pyo.Expression:
        return (
            sum(b.goods_offered[m, j, d, o] * b.share[o] for m, j, d, o in b.GOODS_OFFERS[n, k, t])
            + b.level[n, k, t]
            - sum(b.kept[n, k, t] * b.level[m, j, d] for m, j, d in b.HELD_OVER[n, k, t])
            == b.supply[n, k, t]
        )

    @block.Constraint(block.LIMITS, doc="taken of roads and hand-out")
    def limit(b: pyo.Block, r: int) -> pyo.Expression:
        return sum(b.limit_offered[q, o] * b.share[o] for q, o in b.LIMIT_OFFERS[r]) <= b.limit_left[r]

    @block.Constraint(block.HELPS, doc="hours taken and given")
    def help(b: pyo.Block, r: int) -> pyo.Expression:
        return sum(b.help_offered[q, o] * b.share[o] for q, o in b.HELP_OFFERS[r]) == b.help_left[r]

    @block.Constraint(block.COUNTED, doc="the largest unserved share is no smaller than this one")
    def shortfall(b: pyo.Block, r: int) -> pyo.Expression:
        reached = sum(b.reach_offered[q, o] * b.share[o] for q, o in b.REACH_OFFERS[r])
        return b.counted_total[r] * b.worst + reached >= b.counted_total[r]

    @block.Constraint(block.PARTS, doc="every part is decided once")
    def decided(b: pyo.Block, p: int) -> pyo.Expression:
        return sum(b.share[o] for o in b.OFFERS_OF[p]) == 1

    @block.Expression(doc="cost of what is taken, and of the worst off")
    def cleared(b: pyo.Block) -> pyo.Expression:
        return sum(b.offer_cost[o] * b.share[o] for o in b.OFFERS) + b.worst_off_cost * b.worst
