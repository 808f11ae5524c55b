r"""What any prices prove: a bound of the joint model over all lanes, from nothing but prices of what is shared.

Price what places, parties and needs share: goods where they appear (stock and arrivals, lambda), fleet hours (eta),
tonnes on roads (tau), storage (sigma), tonnes handed out (pi), service of the worst off (omega). Then everything else
follows in closed form, and every lane counts, in the model or not:

1. *Goods.* A unit of batch k at place n in period t costs at least what the cheapest way there costs from where it
   appears: waiting in store and travelling on lanes are arcs of a network in time, and the least over all its paths is

   .. math:: \kappa_{n,k,t} = \min\Bigl\{ \lambda_{n,k,t} \text{ where it appears},\;
             \frac{\kappa_{n,k,t-1} + w_k \sigma_{n,t-1}}{\phi_{n,k,t}},\;
             \min_{l \to n} \kappa_{o(l),k,t-\mathrm{lag}} + w_k (c_l + \eta h_l + \tau_l) \Bigr\} .

2. *Need.* One unit of need of period u, served in period s with the cheapest batch at
   p = kappa + w Pi − omega (Pi: pi of the zone and the zones above), costs what it waits and what lapses meanwhile.
   Nothing that is priced couples one unit with another, so each takes its best period or none:

   .. math:: V_u = \min_{s \ge u} \; \rho^{s-u} p_s + \sum_{j=u}^{s-1} \rho^{j-u}
             \bigl( \omega_g \sigma_{c}(j-u+1) + \ell_j \bigr) .

   (The model cuts a backlog by age, youngest first: the cheapest of all ways to say which unit is served when.)
   What people go to a facility for costs the price of a visit there, at the cheapest within reach.

3. *Bound* (Lagrangean dual; Geoffrion, A. (1974), Lagrangian relaxation for integer programming):

   .. math:: z \ge \sum q_u V_u - \sum a \kappa - \sum \eta H - \sum \tau R - \sum \sigma S + \sum \omega N
             + R(\pi),

   with R(pi) the least of responsibility less the worth of what it hands out, and of what facilities do less the
   worth of what they store, hand out and take in.

At the duals of an LP with all lanes this is its optimum. At those of an LP with some lanes it is close where other ways
of looking at the lanes left out say nothing: duals of holdings that nothing reaches in the restricted model are
arbitrary, and kappa does not look at them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.answer import duals_of
from coordination.planning.route_pricing import price_routes
from coordination.planning.worths import LaneCosts, Prices, cheapest_goods

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.columns import Columns
    from coordination.planning.model import ResponseModel
    from coordination.planning.route_pricing import RoutesFound
    from coordination.planning.waiting import Waiting

    Floats = NDArray[np.float64]

SUPPLY_ROWS = {"inventory", "service", "ages", "stores", "fleets", "roads", "shortfalls"}
SUPPLY_COLUMNS = {"ship", "level", "serve", "visit", "backlog", "waiting", "excess", "worst"}
"""Components of supply: what prices say of them follows in closed form, over all lanes."""


@dataclass(frozen=True)
class Proof:
    """What the duals of a restricted LP prove of the model with all lanes and routes.

    Attributes
    ----------
    lanes : LaneCosts
        The lanes counted.
    prices : Prices
        The duals as prices.
    cheapest : ndarray, shape (places, batches, periods)
        kappa.
    routes : RoutesFound
        Routes that would pay, and what they could save at most.
    bound : float
        No plan of the model costs less.
    rest : float
        The part of it that is not supply's: R(pi).
    """

    lanes: LaneCosts
    prices: Prices
    cheapest: Floats
    routes: RoutesFound
    bound: float
    rest: float


def prove(model: ResponseModel, columns: Columns, form: MatrixForm, dual: Floats, complete: bool) -> Proof:
    """Return what duals prove.

    Parameters
    ----------
    model : ResponseModel
        The model that `form` was compiled from, perhaps with roles relaxed or fixed.
    columns : Columns
        All lanes.
    form : MatrixForm
        The LP.
    dual : ndarray, shape (rows,)
        Any; the better they are the better the bound.
    complete : bool
        Whether all routes are lanes.
    """
    lanes, prices = LaneCosts(model, columns), Prices.of(model, duals_of(form, dual))
    supply, cheapest, routes = least_of_supply(lanes, prices, complete)
    rest = rest_of(model, form, dual, prices)
    return Proof(lanes, prices, cheapest, routes, supply + rest, rest)


def least_of_supply(lanes: LaneCosts, prices: Prices, complete: bool) -> tuple[float, Floats, RoutesFound]:
    """Return what supply costs at least at the prices, all lanes and routes counted, kappa, and routes that would pay.

    Parameters
    ----------
    complete : bool
        Whether all routes are lanes.
    """
    cheapest = cheapest_goods(lanes, prices)
    price = price_of_service(lanes, prices, cheapest)
    value = best_service(lanes, price)
    least = value + lanes.model.frame.lapsed_at_start - cost_of_limits(lanes, prices, cheapest)
    routes = price_routes(lanes.columns, prices, np.where(np.isfinite(cheapest), cheapest, 0.0), complete)
    return least - routes.shortfall, cheapest, routes


def rest_of(model: ResponseModel, form: MatrixForm, dual: Floats, prices: Prices | None = None) -> float:
    """Return R: the least of everything but supply at the duals, each column within its own bounds alone.

    Only the duals of rows outside supply count; those of hand-out are the price of what is handed out.

    Parameters
    ----------
    prices : Prices, optional
        Whose storage is what facilities store: without them it counts for nothing, the prices of no place being so.
    """
    rows = _those(form.rows, {name: form.constraints[name].slice for name in set(form.constraints) - SUPPLY_ROWS})
    columns = _those(form.columns, {name: form.variables[name].slice for name in set(form.variables) - SUPPLY_COLUMNS})
    y = np.where(rows, dual, 0.0)
    y = np.where(np.isfinite(form.row_lower), y, np.minimum(y, 0.0))
    y = np.where(np.isfinite(form.row_upper), y, np.maximum(y, 0.0))
    limit = np.where(y > 0, form.row_lower, form.row_upper)
    value = float((y * np.where(y != 0, limit, 0.0)).sum())
    y = _with_storage(model, form, y, prices)
    reduced = (form.c - form.matrix.T @ y)[columns]
    most = np.minimum(form.ub, most_of_roles(model, form))[columns]
    at_most = np.where(reduced < 0, reduced * np.where(reduced < 0, most, 0.0), reduced * form.lb[columns])
    return value + float(at_most.sum())


def _with_storage(model: ResponseModel, form: MatrixForm, y: Floats, prices: Prices | None) -> Floats:
    """Return the duals with the prices of storage: facilities that are converted to storage add to it."""
    if prices is None or "stores" not in form.constraints or model.case.facilities.uses.empty:
        return y
    at, y = form.constraints["stores"], y.copy()
    place, period = (at.index.get_level_values(level).to_numpy(dtype=int) for level in (0, 1))
    y[at.slice] = -prices.storage[place, period]
    return y


def _those(count: int, parts: dict[str, slice]) -> NDArray[np.bool_]:
    chosen = np.zeros(count, dtype=bool)
    for part in parts.values():
        chosen[part] = True
    return chosen


def most_of_roles(model: ResponseModel, form: MatrixForm) -> Floats:
    """Return the most that columns of responsibility can be in any solution that is not worse for it."""
    roles, most = model.roles, np.full(form.columns, np.inf)
    values = {"cover": roles.most_cover, "gap": roles.most_gap, "backups_missing": roles.most_missing}
    for name, value in (values | {"kind_missing": 1.0}).items():
        if name in form.variables:
            most[form.variables[name].slice] = value
    return most


def price_of_service(lanes: LaneCosts, prices: Prices, cheapest: Floats) -> Floats:
    """Return what serving a unit costs at least, shape (rows of waiting, periods); inf where there is nothing."""
    case, keys = lanes.case, lanes.case.waiting.keys
    place, commodity = keys["place"].to_numpy(), keys["commodity"].to_numpy()
    price = np.full((len(keys), case.periods), np.inf)
    for k, of in enumerate(case.batches.commodity):
        rows = np.flatnonzero(commodity == of)
        price[rows] = np.minimum(price[rows], cheapest[place[rows], k])
    handing = _handout_above(lanes.model, prices.handout)[place]
    total: Floats = price + case.tonnes[commodity][:, None] * handing
    _at_facilities(lanes.model, prices, total)
    least: Floats = total - prices.worst[place, commodity][:, None]
    return least


def _at_facilities(model: ResponseModel, prices: Prices, price: Floats) -> None:
    """Lower prices of service to those of going to the cheapest facility within reach."""
    facilities, needs = model.case.facilities, model.frame.needs
    if not prices.visit.size:
        return
    visits = facilities.visits(needs)
    key = ["place", "commodity", "group", "period"]
    row = needs["row"].to_numpy()[
        pd.MultiIndex.from_frame(needs[key]).get_indexer(pd.MultiIndex.from_frame(visits[key]))
    ]
    period = visits["period"].to_numpy()
    np.minimum.at(price, (row, period), prices.visit[visits["row"].to_numpy(), period])


def _handout_above(model: ResponseModel, handout: Floats) -> Floats:
    """Return the prices of handing out that act on each place: its zone's and those above, (places, periods)."""
    case, index = model.case, model.handout_data["HANDOUTS"]
    by_zone = np.zeros((len(case.coding.zones), case.periods))
    by_zone[index.get_level_values(0).to_numpy(dtype=int), index.get_level_values(1).to_numpy(dtype=int)] = handout
    above, summed = case.coding.ancestry, np.zeros_like(by_zone)
    np.add.at(summed, above["zone"].to_numpy(), by_zone[above["above"].to_numpy()])
    zone = case.coding.place_zone
    acting: Floats = summed[zone]
    return acting


def best_service(lanes: LaneCosts, price: Floats) -> float:
    """Return the sum of q V over all need, money.

    Parameters
    ----------
    price : ndarray, shape (rows of waiting, periods)
        As `price_of_service` gives it.
    """
    waiting = lanes.case.waiting
    total = 0.0
    for born in range(lanes.case.periods):
        rows = np.flatnonzero(waiting.need[:, born] > 0)
        each = unit_costs(waiting, price, rows, born, np.zeros(len(rows), dtype=int))
        total += float((waiting.need[rows, born] * each).sum())
    rows = waiting.carried["row"].to_numpy()
    quantity = waiting.carry_over[rows] * waiting.carried["quantity"].to_numpy()
    return total + float((quantity * unit_costs(waiting, price, rows, 0, waiting.carried["age"].to_numpy())).sum())


def unit_costs(
    waiting: Waiting, price: Floats, rows: NDArray[np.int64], first: int, age: NDArray[np.int64]
) -> Floats:  # fmt: skip
    """Return V of units that are due from a period on, having waited `age` periods before it, money per unit.

    Parameters
    ----------
    waiting : Waiting
        What is due, and what waiting costs.
    price : ndarray, shape (rows of waiting, periods)
        As `price_of_service` gives it.
    rows : ndarray of int
        Rows of waiting, one for each unit.
    first : int
        The period.
    age : ndarray of int, shape of `rows`
        Periods waited before it.
    """
    periods = price.shape[1]
    rho, weight = waiting.carry_over[rows], waiting.weight[rows]
    lapse = (1.0 - rho) * waiting.cost_lapsed[rows] * weight
    commodity = waiting.keys["commodity"].to_numpy()[rows]
    waited, left, best = np.zeros(len(rows)), np.ones(len(rows)), np.full(len(rows), np.inf)
    for s in range(first, periods):
        offer = price[rows, s]
        there = np.isfinite(offer)
        best = np.minimum(best, np.where(there, waited + left * np.where(there, offer, 0.0), np.inf))
        step = weight * waiting.increment[commodity, age + s - first + 1]
        waited = waited + left * (step + (lapse if s + 1 < periods else 0.0))
        left = left * rho
    least: Floats = np.minimum(best, waited)
    return least


def cost_of_limits(lanes: LaneCosts, prices: Prices, cheapest: Floats) -> float:
    """Return the money that what is there is worth at the prices: goods, hours, roads, storage, less the worst off."""
    case, supply = lanes.case, lanes.case.supply
    at = tuple(supply[name].to_numpy() for name in ("place", "batch", "period"))
    known = lanes.holding[at]
    goods = float((supply["quantity"].to_numpy() * np.where(known, cheapest[at], 0.0))[known].sum())
    capacity = case.road_capacity
    roads = float((prices.toll * np.where(np.isfinite(capacity), capacity, 0.0)).sum())
    storage = case.world.storage
    stored = float((prices.storage * np.where(np.isfinite(storage), storage, 0.0)).sum())
    needed, served = case.met_before
    worst = float((prices.worst * (case.need_total + needed - served)).sum())
    return goods + float((prices.hour * case.fleet_hours).sum()) + roads + stored - worst
