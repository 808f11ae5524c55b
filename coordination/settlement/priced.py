r"""Settlement of large cases: Owen's payoffs over all lanes, from prices that no coalition's lanes can beat.

The joint program of a large case holds the shipments that matter; others are priced in until none improves
(`coordination.planning.columns`). At the prices of its vertex everything else follows in closed form, over all lanes
and routes (`coordination.planning.proof`, whose symbols these are), and every part of that form is somebody's number
times a price. Party i brings

.. math:: x_i = k_i + \sum_{u \in i} q_u V_u - \sum_{a \in i} a\,\kappa - \sum_{f \in i} \eta_f H_f
          - \sum_{r \in i} \tau_r R_r - \sum_{n \in i} \sigma_n S_n + \sum_{g \in i} \omega_g N_g
          + \sum_{h \in i} y_h b_h

with y the duals of hours, coverage and hand-out. The prices are feasible for the dual of *every* coalition's program
over all lanes and routes: a coalition has less of each number, and the same columns. So with n <= 0 what is nobody's
at these prices and s <= 0 what reduced costs below zero (a solver's tolerance, routes not looked for) can be worth,

.. math:: c(S) \ge x(S) + n + s \quad \text{for every } S,

and shares z leave no coalition more to gain than

.. math:: \max_{S} \sum_{i \in S} (z_i - x_i) - n - s ,

a bound for all coalitions at once, without a search. It is 0 but for rounding where z = x and nothing is nobody's
(Owen 1975).

What a player pays alone is the optimum of its program over all its own fleets' lanes; other coalitions are not
valued.

Source: Owen, G. (1975), On the core of linear production games, Mathematical Programming 9; bounds from any prices:
Geoffrion, A. (1974), Lagrangean relaxation for integer programming, Mathematical Programming Study 2.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.errors import SolverError, UsageError
from coordination.planning.answer import duals_of
from coordination.planning.batches import NEVER
from coordination.planning.coding import encode
from coordination.planning.columns import best_shipments, price_lanes, reduced_costs_of
from coordination.planning.gathering import area_of_places
from coordination.planning.levels import start_from_above
from coordination.planning.proof import (
    SUPPLY_COLUMNS,
    SUPPLY_ROWS,
    least_of_supply,
    most_of_roles,
    price_of_service,
    unit_costs,
)
from coordination.planning.separate import start_from_nearest
from coordination.planning.worths import LaneCosts, Prices, cheapest_goods
from coordination.settlement.games.game import Worst, members_of
from coordination.settlement.held import Held
from coordination.settlement.ownership import production_of
from coordination.settlement.players import players_of
from coordination.settlement.production import LinearGame, ProductionGame
from coordination.solver import SolverOptions, solve, solve_many
from coordination.status import Status

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.case import Case
    from coordination.planning.columns import Columns
    from coordination.planning.model import ResponseModel
    from coordination.planning.session import Session
    from coordination.plans import Plan
    from coordination.settlement.games.span import Span
    from coordination.settlement.ownership import Production
    from coordination.settlement.players import Players

    Floats = NDArray[np.float64]

LOG = logging.getLogger(__name__)
MOST_PLAYERS = 32
"""Players up to which a large case is settled: each is valued alone."""
MOST_ROUNDS = 12
"""Rounds of pricing; what the last one leaves is in the bound."""
CLOSE = 1e-9
"""Share of the joint cost that the prices may leave unproven before the last round."""
DEAR = 1e-3
"""Shipments to start from: their reduced cost at the plan's prices is at most this share of the worth of goods."""
BEST = 4
"""Such shipments for each destination, batch and period of arrival, the cheapest."""


class PricedGame(LinearGame):
    """The game of a large case's coordination LP: known are the joint cost, each player alone, and a bound for all.

    Parameters
    ----------
    players : sequence of str
        Names.
    owen : ndarray, shape (players,)
        What each brings at prices that are feasible for every coalition, money.
    joint : float
        What all together pay, money.
    alone : ndarray, shape (players,)
        What each pays alone, money.
    nobody, slack : float
        What is nobody's at these prices, and what they may be off, money; both at most 0.
    """

    def __init__(
        self, players: tuple[str, ...], owen: Floats, joint: float, alone: Floats, nobody: float, slack: float
    ) -> None:
        super().__init__(players)
        self._owen, self._nobody, self.slack = owen, nobody, slack
        self._known |= {1 << player: float(cost) for player, cost in enumerate(alone)}
        self._known[self.everybody] = joint

    @property
    def owen(self) -> Floats:
        """Owen's payoffs, shape (players,), money; without what nobody owns."""
        return self._owen

    @property
    def unowned(self) -> float:
        """What limits that are nobody's are worth, money; negative: they save so much."""
        return self._nobody

    def searched(self) -> str:
        """Return how the worst coalition was looked for."""
        return (
            f"proven for all {(1 << self.size) - 2:,} subsets at once by the prices of the coordination LP, which hold "
            f"over all lanes; of single subsets those of one player each were valued"
        )

    def _cost(self, coalition: int) -> float:
        raise UsageError(f"{len(self.names(coalition))} players of a large case: only each alone and all are valued")

    def worst(self, shares: Floats, span: Span | None = None) -> Worst:
        """Return the player that would gain most alone, and the bound for all coalitions."""
        more = np.sort(np.asarray(shares, dtype=float) - self._owen)
        # Of all players together nobody leaves: where each bears more, one stays.
        taken = more[more > 0.0]
        most = float(taken[1:].sum() if len(taken) == self.size else taken.sum() if len(taken) else more[-1])
        bound = most - self._nobody - self.slack
        known = [coalition for coalition in self._known if 0 < coalition < self.everybody]
        if not known:
            return Worst(0, 0.0, 0.0)
        excess = members_of(known, self.size) @ shares - np.array([self._known[one] for one in known])
        best = int(np.argmax(excess))
        return Worst(known[best], float(excess[best]), max(bound, float(excess[best])))


@dataclass(frozen=True)
class Joint:
    """The joint program of a large case, lanes priced in.

    Attributes
    ----------
    production : Production
        The program and the parties' parts.
    players : Players
        Who plays.
    cost : float
        Its optimum, money.
    owen : ndarray, shape (players,)
        What each brings at its prices.
    nobody, slack : float
        As for `PricedGame`.
    """

    production: Production
    players: Players
    cost: float
    owen: Floats
    nobody: float
    slack: float


def priced_model(session: Session, plan: Plan) -> tuple[ResponseModel, Held]:
    """Return the joint model in which only who does or stands by in the plan may, and the plan's roles in it."""
    roles, coding = session.model.roles, session.model.case.coding
    table = plan.responsibilities
    acting = table[table["role"].isin(["responsible", "backup"])]
    codes = [encode(coding.tasks, acting["task"]), encode(coding.parties, acting["party"])]
    pairs = pd.MultiIndex.from_frame(roles.doers[["task", "party"]])
    model = session.model.restricted(np.asarray(pairs.isin(pd.MultiIndex.from_arrays(codes))))
    return model, Held.of(plan, model.roles)


def priced_game(session: Session, model: ResponseModel, held: Held, plan: Plan, by: str) -> tuple[PricedGame, Players]:
    """Return the game of a large case.

    Parameters
    ----------
    session : Session
        The run of planning, begun; its columns are priced in.
    model, held
        As `priced_model` gives them.
    plan : Plan
        The plan.
    by : str
        Who the players are.

    Raises
    ------
    UsageError
        There are too many players.
    SolverError
        A program was not solved.
    """
    _start(session, model, plan)
    joint = _priced_in(session, model, held, plan, by)
    alone = _alone(session, model, held, plan, joint.players)
    names = joint.players.names
    return PricedGame(names, joint.owen, joint.cost, alone, joint.nobody, joint.slack), joint.players


def _start(session: Session, model: ResponseModel, plan: Plan) -> None:
    """Put the shipments into the model that pay, or nearly, at the plan's own prices; else those of a coarser case."""
    columns = session.columns
    if plan.prices.empty:
        start_from_nearest(columns)
        start_from_above(session, area_of_places(session.model.case.instance))
        return
    lanes, prices = LaneCosts(model, columns), prices_of_plan(model, plan)
    cheapest = cheapest_goods(lanes, prices)
    worth = np.where(np.isfinite(cheapest), cheapest, 0.0)
    cost = reduced_costs_of(columns.case, columns.lanes, worth, worth, lanes.per_tonne(prices))
    near = columns.allowed & (cost <= DEAR * np.maximum(worth[lanes.origin], 1e-9))
    columns.active[best_shipments(columns, cost, near, BEST)] = True
    columns.active[_sent(columns, plan)] = True
    columns.active &= columns.allowed


def _sent(columns: Columns, plan: Plan) -> tuple[NDArray[np.int64], ...]:
    """Return lane, batch and period of the plan's shipments; those on other routes than a lane's go along it here."""
    case, coding, ships = columns.case, columns.case.coding, plan.shipments
    depart = ships["depart"].to_numpy(dtype=np.int64)
    ends = [encode(ids, ships[name]) for ids, name in
            ((coding.fleets, "fleet"), (coding.places, "origin"), (coding.places, "destination"))]  # fmt: skip
    lanes = case.lanes[["state", "fleet", "origin", "destination"]].drop_duplicates()
    found = pd.MultiIndex.from_frame(lanes).get_indexer(pd.MultiIndex.from_arrays([case.road_state[depart], *ends]))
    batch = _batches(case, ships["commodity"], ships["expires"])
    there = (found >= 0) & (batch >= 0)
    return lanes.index.to_numpy(dtype=np.int64)[found[there]], batch[there], depart[there]


def _batches(case: Case, commodity: pd.Series[str], expires: pd.Series[float]) -> NDArray[np.int64]:
    """Return the batch of goods by commodity and last usable period (blank: never); −1 where there is none."""
    labels = case.batches.labels
    batch = labels["batch"].to_numpy(dtype=np.int64)
    names = case.coding.commodities.to_numpy(dtype=object)[case.batches.commodity[batch]]
    last = labels["expires"].to_numpy(dtype=np.int64)
    keys = pd.MultiIndex.from_arrays([names, np.minimum(last, NEVER)])
    found = keys.get_indexer(pd.MultiIndex.from_arrays([commodity, expires.fillna(float(NEVER)).astype(np.int64)]))
    return np.where(found >= 0, batch[found], -1)


def prices_of_plan(model: ResponseModel, plan: Plan) -> Prices:
    """Return the prices of table ``prices`` as arrays; those of the worst off, which it does not have, are 0."""
    case, coding, table = model.case, model.case.coding, plan.prices
    of = {limit: table[table["limit"] == limit] for limit in ("stock", "storage", "fleet", "road", "handout")}

    def spread(limit: str, ids: Any, shape: tuple[int, ...]) -> Floats:
        values, rows = np.zeros(shape), of[limit]
        at = pd.Index(ids).get_indexer(pd.Index(rows["id"].astype(str)))
        there = at >= 0
        values[at[there], rows["period"].to_numpy(dtype=int)[there]] = rows["price"].to_numpy(dtype=float)[there]
        return values

    stock = of["stock"]
    batch = _batches(case, stock["commodity"], stock["expires"])
    there = batch >= 0
    goods = np.zeros((len(coding.places), len(case.batches), case.periods))
    at = encode(coding.places, stock["id"])[there], batch[there], stock["period"].to_numpy(dtype=int)[there]
    goods[at] = stock["price"].to_numpy(dtype=float)[there]
    zones = spread("handout", coding.zones, (len(coding.zones), case.periods))
    handouts = model.handout_data["HANDOUTS"]
    return Prices(
        goods=goods,
        hour=spread("fleet", coding.fleets, case.fleet_hours.shape),
        toll=spread("road", case.arc_names, case.road_capacity.shape),
        storage=spread("storage", coding.places, (len(coding.places), case.periods)),
        handout=zones[tuple(handouts.get_level_values(n).to_numpy(dtype=int) for n in (0, 1))],
        worst=np.zeros((len(coding.places), len(coding.commodities))),
    )


def _priced_in(session: Session, model: ResponseModel, held: Held, plan: Plan, by: str) -> Joint:
    """Price lanes and routes into the joint program until none improves; then move to a vertex."""
    columns = session.columns
    for number in range(1, MOST_ROUNDS + 1):
        production, players, game = _built(model, columns, held, plan, by)
        values, dual = _solved(game, np.ones(game.size), crossover=False)
        cost = float(production.costs @ values + game.constant.sum())
        duals = duals_of(production.form, _whole(production, dual))
        lanes, prices = LaneCosts(model, columns), Prices.of(model, duals)
        _, cheapest, routes = least_of_supply(lanes, prices, session.routes_complete)
        owen, nobody, slack = _brought(session, model, production, players, dual)
        better = price_lanes(lanes, prices, cheapest, duals)
        left = cost - float(owen.sum()) - nobody - slack
        LOG.info("joint program, round %d: cost %.10g, unproven %.3g, %d lanes and %d routes improve",
                 number, cost, left, len(better), len(routes.routes))  # fmt: skip
        if not (len(better) or routes.routes) or left <= CLOSE * max(1.0, abs(cost)) or number == MOST_ROUNDS:
            break
        columns.active[tuple(better.T)] = True
        routes.append(model.case, columns)
    values, dual = _solved(game, np.ones(game.size), crossover=True)
    cost = min(cost, float(production.costs @ values + game.constant.sum()))
    owen, nobody, slack = _brought(session, model, production, players, dual)
    return Joint(production, players, cost, owen, nobody, slack)


def _built(
    model: ResponseModel, columns: Columns, held: Held, plan: Plan, by: str
) -> tuple[Production, Players, ProductionGame]:
    production = production_of(model, columns, held, plan)
    players = players_of(model.case, production, by)
    if len(players.names) > MOST_PLAYERS:
        raise UsageError(
            f"settle: {plan.instance.name} is a large case with {len(players.names)} players by {by} found; expected "
            f"at most {MOST_PLAYERS}. Let the parties of a zone act together (--by district)."
        )
    return production, players, ProductionGame(production, players.names, players.of_party)


def _solved(game: ProductionGame, members: Floats, *, crossover: bool) -> tuple[Floats, Floats]:
    """Return values and duals of a coalition's program, money."""
    options = SolverOptions(threads=1, crossover=crossover)
    solution = solve(game.form(members), options=options, stage="joint program")
    if solution.status is not Status.OPTIMAL or solution.x is None or solution.row_dual is None:
        raise SolverError(f"settle: the joint program ended {solution.status}")
    return solution.x, solution.row_dual / game.scale


def _whole(production: Production, dual: Floats) -> Floats:
    """Return duals of all rows of the model, 0 where nothing is left to be decided."""
    whole = np.zeros(production.form.rows)
    whole[production.rows] = dual
    return whole


def _brought(
    session: Session, model: ResponseModel, production: Production, players: Players, dual: Floats
) -> tuple[Floats, float, float]:
    """Return what each player brings at the prices, what is nobody's, and what the prices may be off; money."""
    form, columns = production.form, session.columns
    whole = _whole(production, dual)
    lanes, prices = LaneCosts(model, columns), Prices.of(model, duals_of(form, whole))
    _, cheapest, routes = least_of_supply(lanes, prices, session.routes_complete)
    price = _signed(production, _with_prices(model, form, whole, prices, cheapest))
    parts = np.asarray(production.rhs.T @ price[production.rows])
    parts[:-1] += production.constant
    np.add.at(parts, *_of_needs(model, price_of_service(lanes, prices, cheapest)))
    slack = -routes.shortfall + _responsibility_slack(model, production, price)
    there = players.of_party >= 0
    owen = np.bincount(players.of_party[there], parts[:-1][there], len(players.names))
    return np.asarray(owen, dtype=np.float64), float(parts[-1]), slack


def _with_prices(
    model: ResponseModel, form: MatrixForm, whole: Floats, prices: Prices, cheapest: Floats
) -> Floats:  # fmt: skip
    """Return the price of each row of the model: of supply as the closed form has it, none for service."""
    price = whole.copy()
    for name in SUPPLY_ROWS & set(form.constraints):
        price[form.constraints[name].slice] = 0.0
    arrays = {
        "stores": (-prices.storage, 2), "fleets": (-prices.hour, 2), "roads": (-prices.toll, 2),
        "shortfalls": (prices.worst, 2),
    }  # fmt: skip
    for name, (values, levels) in arrays.items():
        if name in form.constraints:
            labels = form.constraints[name]
            at = tuple(labels.index.get_level_values(n).to_numpy(dtype=int) for n in range(levels))
            price[labels.slice] = values[at]
    if "inventory" in form.constraints:
        labels = form.constraints["inventory"]
        at = tuple(labels.index.get_level_values(n).to_numpy(dtype=int) for n in range(3))
        worth = cheapest[at]
        price[labels.slice] = np.where(np.isfinite(worth), worth, 0.0)
    return price


def _signed(production: Production, price: Floats) -> Floats:
    """Return prices brought within the signs that their rows allow."""
    form = production.form
    price = np.where(np.isfinite(form.row_lower), price, np.minimum(price, 0.0))
    return np.where(np.isfinite(form.row_upper), price, np.maximum(price, 0.0))


def _of_needs(model: ResponseModel, price: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return parties and what each of their needs and backlogs costs at least at the prices, money."""
    from coordination.instance.whose import Whose

    case, waiting = model.case, model.case.waiting
    whose, coding = Whose(case.instance), case.coding
    known = pd.MultiIndex.from_frame(waiting.keys[["place", "commodity", "group"]])
    parties, money = [], []
    for frame, owners, start in (
        (case.world.needs, whose.needs, False),
        (case.instance.backlogs, whose.backlogs, True),
    ):
        codes = [encode(ids, frame[name]) for ids, name in
                 ((coding.places, "place"), (coding.commodities, "commodity"), (coding.groups, "group"))]  # fmt: skip
        row = np.asarray(known.get_indexer(pd.MultiIndex.from_arrays(codes)), dtype=np.int64)
        party = encode(coding.parties, pd.Series(owners, dtype=object).astype(str))
        quantity = frame["quantity"].to_numpy(dtype=float)
        if start:
            quantity = quantity * waiting.carry_over[row]
            each = unit_costs(waiting, price, row, 0, frame["age"].to_numpy(dtype=int))
        else:
            each, period = np.zeros(len(row)), frame["period"].to_numpy(dtype=int)
            for born in range(case.periods):
                now = period == born
                each[now] = unit_costs(waiting, price, row[now], born, np.zeros(int(now.sum()), dtype=int))
        parties.append(np.asarray(party, dtype=np.int64))
        money.append(np.where(quantity > 0.0, quantity * each, 0.0))
    return np.concatenate(parties), np.concatenate(money)


def _responsibility_slack(model: ResponseModel, production: Production, price: Floats) -> float:
    """Return what reduced costs below zero of hours and gaps can be worth at most, money; at most 0."""
    form = production.form
    mine = np.zeros(form.columns, dtype=bool)
    mine[production.columns] = True
    for name in SUPPLY_COLUMNS & set(form.variables):
        mine[form.variables[name].slice] = False
    reduced = (form.c - form.matrix.T @ price)[mine]
    most = np.minimum(form.ub, most_of_roles(model, form))[mine]
    return float((reduced * np.where(reduced < 0.0, most, 0.0))[reduced < 0.0].sum())


def _alone(session: Session, model: ResponseModel, held: Held, plan: Plan, players: Players) -> Floats:
    """Return what each player pays alone: the optimum over all lanes of its own fleets, money.

    Other routes than the shortest count as far as the joint program found them worth while.
    """
    columns, case = session.columns, model.case
    owner = players.of_party[encode(case.coding.parties, case.instance.fleets["party"])]
    fleet = columns.lanes["fleet"].to_numpy(dtype=int)
    programs: list[tuple[Production, ProductionGame, Floats]] = []
    for player in range(len(players.names)):
        own = np.isin(fleet, np.flatnonzero(owner == player))
        columns.active = columns.allowed & own[:, None, None]
        production = production_of(model, columns, held, plan)
        game = ProductionGame(production, players.names, players.of_party)
        programs.append((production, game, members_of([1 << player], game.size)[0]))
    solutions = solve_many([game.form(members) for _, game, members in programs],
                           options=SolverOptions(crossover=False), workers=session.workers)  # fmt: skip
    costs = np.zeros(len(programs))
    for player, ((production, game, members), solution) in enumerate(zip(programs, solutions, strict=True)):
        if solution.status is not Status.OPTIMAL or solution.x is None:
            raise SolverError(f"settle: the program of {players.names[player]} alone ended {solution.status}")
        costs[player] = float(production.costs @ solution.x + game.constant @ members)
    return costs
