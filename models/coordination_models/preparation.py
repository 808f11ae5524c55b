r"""Preparation: what is opened, bought, moved and kept on standby before anything happens, and what it costs.

Equations
---------
.. math:: \text{money} = \sum_{n,v,z} \mu_{n,v,z} \, y_{n,v,z} + \sum_p \nu_p \, b_p + \sum_m \xi_m \, v_m
          + \sum_h \omega_h \, h_h + \sum_r \kappa_r \, r_r

.. math:: \sum_z y_{n,v,z} \le 1, \qquad \sum_{m \in M_j} v_m + \sum_{r \in R_j} r_r \le L_j, \qquad \text{money} \le B

.. math:: \sum_{p \in P_n} w_p \, b_p + \sum_{m \to n} w_m \, v_m - \sum_{n \to m} w_m \, v_m
          - \sum_{v,z} C_{n,v,z} \, y_{n,v,z} \le R_n

.. math:: \sum_{p \in P_r} b_p + \sum_{m \to r} v_m - \sum_{r \to m} v_m + f_r \ge F_r, \qquad
          \text{floor} = \sum_r \pi_r \, f_r

A lot is stock of one owner, place and expiry as it lies. What is bought or moved in must find room; what lies there
beyond the room may stay. A floor counts what lies there before anything happens; without a price it is hard. At most U
is bought, H kept ready, A missing (0 where a floor is hard). Places without a storage limit have no row of room,
without a budget there is no row of it. What is rotated (r, kappa: `rotation.py`) keeps its place and owner. Money
enters the objective weighed by psi.

Symbols
-------
======  =================================================  ==============  ====================
symbol  meaning                                            unit            component
======  =================================================  ==============  ====================
y       option taken: place, use, size                     0 or 1          ``take``
b       bought                                             unit            ``buy``
v       moved from a lot to a place by a fleet             unit            ``move``
h       kept on standby                                    hour, vehicle   ``stand``
f       missing to a floor                                 unit            ``lacking``
mu      money of an option                                 money           ``option_money``
nu      money of a unit bought                             money / unit    ``unit_money``
xi      money of a unit moved                              money / unit    ``move_money``
omega   money of one on standby, all periods               money / unit    ``standby_money``
C       room that an option adds                           tonne           ``option_tonnes``
w       weight of a unit bought                            tonne / unit    ``buy_tonnes``
w       weight of a unit moved                             tonne / unit    ``move_tonnes``
U       most that may be bought                            unit            ``most_bought``
H       most on standby                                    hour, vehicle   ``most_standby``
L       what a lot holds                                   unit            ``lot_quantity``
R       room that is left                                  tonne           ``room_left``
F       what a floor still asks for                        unit            ``floor_quantity``
pi      price of a unit missing to a floor                 money / unit    ``floor_price``
A       most that may be missing, 0 where hard              unit            ``most_lacking``
B       budget                                             money           ``budget``
psi     social cost of a unit of money                     1 / money       ``money_weight``
======  =================================================  ==============  ====================

Dual
----
Minus the dual of ``within_budget`` is what one more unit of money saves beyond itself (of the linear relaxation, or
with the options fixed).

Source
------
Rawls, C. and Turnquist, M. (2010), Pre-positioning of emergency supplies for disaster response, Transportation
Research B 44(4) (facilities by size, stock, second stage by scenario).
"""

import pyomo.environ as pyo


def add_preparation(block: pyo.Block) -> None:
    """Declare the decisions before the event on `block`."""
    block.OPTIONS = pyo.Set(dimen=1, doc="option: place, use, size")
    block.SITES = pyo.Set(dimen=1, doc="place and use")
    block.SIZES = pyo.Set(block.SITES, dimen=1, doc="options of a site")
    block.PURCHASES = pyo.Set(dimen=1, doc="purchase: place, commodity, owner")
    block.LOTS = pyo.Set(dimen=1, doc="stock of one owner, place and expiry")
    block.MOVES = pyo.Set(dimen=1, doc="move: lot, destination, fleet")
    block.OUT_OF = pyo.Set(block.LOTS, dimen=1, doc="moves out of a lot")
    block.ROTATED = pyo.Set(block.LOTS, dimen=1, doc="rotations of a lot")
    block.STANDBYS = pyo.Set(dimen=1, doc="hours of a skill, or vehicles of a fleet")
    block.ROOMS = pyo.Set(dimen=1, doc="place with a storage limit")
    block.ROOM_ADDED = pyo.Set(block.ROOMS, dimen=1, doc="options that add room")
    block.ROOM_BOUGHT = pyo.Set(block.ROOMS, dimen=1, doc="purchases that take room")
    block.ROOM_IN = pyo.Set(block.ROOMS, dimen=1, doc="moves that take room")
    block.ROOM_OUT = pyo.Set(block.ROOMS, dimen=1, doc="moves that leave room")
    block.FLOORS = pyo.Set(dimen=1, doc="floors of reserve")
    block.FLOOR_BOUGHT = pyo.Set(block.FLOORS, dimen=1, doc="purchases that count")
    block.FLOOR_IN = pyo.Set(block.FLOORS, dimen=1, doc="moves that add")
    block.FLOOR_OUT = pyo.Set(block.FLOORS, dimen=1, doc="moves that take away")
    block.BUDGETS = pyo.Set(dimen=1, doc="the budget, where there is one")

    block.option_money = pyo.Param(block.OPTIONS, default=0.0, doc="money")
    block.option_tonnes = pyo.Param(block.OPTIONS, default=0.0, doc="tonnes of room added")
    block.unit_money = pyo.Param(block.PURCHASES, default=0.0, doc="money per unit")
    block.buy_tonnes = pyo.Param(block.PURCHASES, default=0.0, doc="tonnes per unit")
    block.most_bought = pyo.Param(block.PURCHASES, default=float("inf"), doc="units")
    block.move_money = pyo.Param(block.MOVES, default=0.0, doc="money per unit")
    block.move_tonnes = pyo.Param(block.MOVES, default=0.0, doc="tonnes per unit")
    block.lot_quantity = pyo.Param(block.LOTS, default=0.0, doc="units")
    block.standby_money = pyo.Param(block.STANDBYS, default=0.0, doc="money per hour or vehicle, all periods")
    block.most_standby = pyo.Param(block.STANDBYS, default=0.0, doc="hours or vehicles")
    block.room_left = pyo.Param(block.ROOMS, default=0.0, doc="tonnes")
    block.floor_quantity = pyo.Param(block.FLOORS, default=0.0, doc="units beyond what lies there")
    block.floor_price = pyo.Param(block.FLOORS, default=0.0, doc="money per unit")
    block.most_lacking = pyo.Param(block.FLOORS, default=float("inf"), doc="units; 0 where the floor is hard")
    block.budget = pyo.Param(block.BUDGETS, doc="money")
    block.money_weight = pyo.Param(default=1.0, doc="social cost of a unit of money")

    block.take = pyo.Var(block.OPTIONS, domain=pyo.Binary, doc="option taken")
    block.buy = pyo.Var(block.PURCHASES, bounds=lambda b, p: (0.0, b.most_bought[p]), doc="units bought")
    block.move = pyo.Var(block.MOVES, domain=pyo.NonNegativeReals, doc="units moved")
    block.stand = pyo.Var(block.STANDBYS, bounds=lambda b, h: (0.0, b.most_standby[h]), doc="hours or vehicles")
    block.lacking = pyo.Var(block.FLOORS, bounds=lambda b, r: (0.0, b.most_lacking[r]), doc="units missing")

    @block.Expression(doc="money spent before the event, weighed")
    def money(b: pyo.Block) -> pyo.Expression:
        return (
            sum(b.money_weight * b.option_money[o] * b.take[o] for o in b.OPTIONS)
            + sum(b.money_weight * b.unit_money[p] * b.buy[p] for p in b.PURCHASES)
            + sum(b.money_weight * b.move_money[m] * b.move[m] for m in b.MOVES)
            + sum(b.money_weight * b.standby_money[h] * b.stand[h] for h in b.STANDBYS)
            + sum(b.money_weight * b.rotation_money[r] * b.rotate[r] for r in b.ROTATIONS)
        )

    @block.Expression(doc="social cost of what is missing to floors")
    def floor(b: pyo.Block) -> pyo.Expression:
        return sum(b.floor_price[r] * b.lacking[r] for r in b.FLOORS)

    @block.Constraint(block.SITES, doc="at most one size")
    def one_size(b: pyo.Block, s: int) -> pyo.Expression:
        return sum(b.take[o] for o in b.SIZES[s]) <= 1.0

    @block.Constraint(block.LOTS, doc="what is moved lies there")
    def on_hand(b: pyo.Block, j: int) -> pyo.Expression:
        return sum(b.move[m] for m in b.OUT_OF[j]) + sum(b.rotate[r] for r in b.ROTATED[j]) <= b.lot_quantity[j]

    @block.Constraint(block.BUDGETS, doc="money spent")
    def within_budget(b: pyo.Block, i: int) -> pyo.Expression:
        return (
            sum(b.option_money[o] * b.take[o] for o in b.OPTIONS)
            + sum(b.unit_money[p] * b.buy[p] for p in b.PURCHASES)
            + sum(b.move_money[m] * b.move[m] for m in b.MOVES)
            + sum(b.standby_money[h] * b.stand[h] for h in b.STANDBYS)
            + sum(b.rotation_money[r] * b.rotate[r] for r in b.ROTATIONS)
            <= b.budget[i]
        )

    @block.Constraint(block.ROOMS, doc="what is bought or moved in finds room")
    def room(b: pyo.Block, n: int) -> pyo.Expression:
        return (
            sum(b.buy_tonnes[p] * b.buy[p] for p in b.ROOM_BOUGHT[n])
            + sum(b.move_tonnes[m] * b.move[m] for m in b.ROOM_IN[n])
            - sum(b.move_tonnes[m] * b.move[m] for m in b.ROOM_OUT[n])
            - sum(b.option_tonnes[o] * b.take[o] for o in b.ROOM_ADDED[n])
            <= b.room_left[n]
        )

    @block.Constraint(block.FLOORS, doc="reserve, with what is missing")
    def floors(b: pyo.Block, r: int) -> pyo.Expression:
        return (
            sum(b.buy[p] for p in b.FLOOR_BOUGHT[r])
            + sum(b.move[m] for m in b.FLOOR_IN[r])
            - sum(b.move[m] for m in b.FLOOR_OUT[r])
            + b.lacking[r]
            >= b.floor_quantity[r]
        )
