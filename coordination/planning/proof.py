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

3. *Bound* (Lagrangean dual; Geoffrion, A. (1974), Lagrangian relaxation for integer programming):

   .. math:: z \ge \sum q_u V_u - \sum a \kappa - \sum \eta H - \sum \tau R - \sum \sigma S + \sum \omega N
             + R(\pi),

   with R(pi) the least of responsibility less the worth of what it hands out.

At the duals of an LP with all lanes this is its optimum. At those of an LP with some lanes it is close where other ways
of looking at the lanes left out say nothing: duals of holdings that nothing reaches in the restricted model are
arbitrary, and kappa does not look at them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.planning.answer import duals_of
from coordination.planning.route_pricing import price_routes

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.columns import Columns
    from coordination.planning.model import ResponseModel
    from coordination.planning.route_pricing import RoutesFound

    Floats = NDArray[np.float64]

SUPPLY_ROWS = {"inventory", "service", "ages", "stores", "fleets", "roads", "shortfalls"}
SUPPLY_COLUMNS = {"ship", "level", "serve", "backlog", "waiting", "excess", "worst"}
"""Components of supply: what prices say of them follows in closed form, over all lanes."""


@dataclass(frozen=True)
class Prices:
    """Prices of what is shared, all but those of goods not negative.

    Attributes
    ----------
    goods : ndarray, shape (places, batches, periods)
        Money per unit; used where goods appear.
    hour : ndarray, shape (fleets, periods)
        Money per fleet hour.
    toll : ndarray, shape (arcs, periods)
        Money per tonne on a road.
    storage : ndarray, shape (places, periods)
        Money per tonne stored, at most ``policy.overflow_cost``, 0 where storage is unlimited.
    handout : ndarray
        Money per tonne, by row of ``HANDOUTS``.
    worst : ndarray, shape (places, commodities)
        Money per unit served; times need at most ``policy.worst_off``.
    """

    goods: Floats
    hour: Floats
    toll: Floats
    storage: Floats
    handout: Floats
    worst: Floats

    @classmethod
    def of(cls, model: ResponseModel, duals: dict[str, pd.Series[float]]) -> Prices:
        """Return the duals of an LP as prices, brought within their signs and limits."""
        case, policy = model.case, model.case.instance.policy
        places, commodities = len(case.coding.places), len(case.coding.commodities)
        goods = np.append(duals["inventory"].to_numpy(dtype=float), 0.0)[model.frame.holding]
        storage = _spread(duals["stores"], (places, case.periods), -1.0)
        worst, total = _spread(duals["shortfalls"], (places, commodities), 1.0), case.need_total
        worth = float((worst * total).sum())
        return cls(
            goods=goods,
            hour=_spread(duals["fleets"], case.fleet_hours.shape, -1.0),
            toll=_spread(duals["roads"], case.road_capacity.shape, -1.0),
            storage=np.where(np.isfinite(case.world.storage), np.minimum(storage, policy.overflow_cost), 0.0),
            handout=np.maximum(-duals["handout"].to_numpy(dtype=float), 0.0),
            worst=worst * min(1.0, policy.worst_off / worth) if worth > 0 else worst,
        )


def _spread(dual: pd.Series[float], shape: tuple[int, ...], sign: float) -> Floats:
    """Return duals over a two-level index as an array, zero where there is no row, never negative."""
    values = np.zeros(shape)
    if len(dual):
        where = tuple(dual.index.get_level_values(n).to_numpy(dtype=int) for n in (0, 1))
        values[where] = np.maximum(sign * dual.to_numpy(dtype=float), 0.0)
    return values


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
    rest = rest_of(model, form, dual)
    return Proof(lanes, prices, cheapest, routes, supply + rest, rest)


def least_of_supply(lanes: LaneCosts, prices: Prices, complete: bool) -> tuple[float, Floats, RoutesFound]:
    """Return what supply costs at least at the prices, all lanes and routes counted, kappa, and routes that would pay.

    Parameters
    ----------
    complete : bool
        Whether all routes are lanes.
    """
    cheapest = cheapest_goods(lanes, prices)
    price, _ = price_of_service(lanes, prices, cheapest)
    value, _ = best_service(lanes, price)
    least = value + lanes.model.frame.lapsed_at_start - cost_of_limits(lanes, prices, cheapest)
    routes = price_routes(lanes.columns, prices, np.where(np.isfinite(cheapest), cheapest, 0.0), complete)
    return least - routes.shortfall, cheapest, routes


def rest_of(model: ResponseModel, form: MatrixForm, dual: Floats) -> float:
    """Return R: the least of everything but supply at the duals, each column within its own bounds alone.

    Only the duals of rows outside supply count; those of hand-out are the price of what is handed out.
    """
    rows = _those(form.rows, {name: form.constraints[name].slice for name in set(form.constraints) - SUPPLY_ROWS})
    columns = _those(form.columns, {name: form.variables[name].slice for name in set(form.variables) - SUPPLY_COLUMNS})
    y = np.where(rows, dual, 0.0)
    y = np.where(np.isfinite(form.row_lower), y, np.minimum(y, 0.0))
    y = np.where(np.isfinite(form.row_upper), y, np.maximum(y, 0.0))
    limit = np.where(y > 0, form.row_lower, form.row_upper)
    value = float((y * np.where(y != 0, limit, 0.0)).sum())
    reduced = (form.c - form.matrix.T @ y)[columns]
    most = np.minimum(form.ub, _most(model, form))[columns]
    at_most = np.where(reduced < 0, reduced * np.where(reduced < 0, most, 0.0), reduced * form.lb[columns])
    return value + float(at_most.sum())


def _those(count: int, parts: dict[str, slice]) -> NDArray[np.bool_]:
    chosen = np.zeros(count, dtype=bool)
    for part in parts.values():
        chosen[part] = True
    return chosen


def _most(model: ResponseModel, form: MatrixForm) -> Floats:
    """Return the most that columns of responsibility can be in any solution that is not worse for it."""
    roles, most = model.roles, np.full(form.columns, np.inf)
    values = {"cover": roles.most_cover, "gap": roles.most_gap, "backups_missing": roles.most_missing}
    for name, value in (values | {"kind_missing": 1.0}).items():
        if name in form.variables:
            most[form.variables[name].slice] = value
    return most


class LaneCosts:
    """The lanes of a case as arcs in time.

    Parameters
    ----------
    model : ResponseModel
        The joint model.
    columns : Columns
        All lanes.
    """

    def __init__(self, model: ResponseModel, columns: Columns) -> None:
        self.model, self.case, self.columns = model, model.case, columns
        lanes = columns.lanes
        self.origin, self.destination = lanes["origin"].to_numpy(), lanes["destination"].to_numpy()
        self.lag, self.fleet = lanes["lag"].to_numpy(), lanes["fleet"].to_numpy()
        self.hours, self.cost = lanes["hours"].to_numpy(), lanes["cost"].to_numpy()
        self.within = self.case.reach.origin[self.destination]
        self.holding = model.frame.holding >= 0

    def tolls(self, prices: Prices) -> Floats:
        """Return the price of each lane's roads, money per tonne, shape (lanes, periods of departure)."""
        rolling, tolls = self.columns.rolling, np.zeros((len(self.lag), self.case.periods))
        if len(rolling) and prices.toll.any():
            np.add.at(tolls, rolling["lane"].to_numpy(), prices.toll[rolling["arc"].to_numpy()])
        return tolls

    def per_tonne(self, prices: Prices) -> Floats:
        """Return money per tonne of each lane, shape (lanes, periods of departure)."""
        cost: Floats = self.cost[:, None] + self.hours[:, None] * prices.hour[self.fleet] + self.tolls(prices)
        return cost


def cheapest_goods(lanes: LaneCosts, prices: Prices) -> Floats:
    """Return kappa: what a unit of each batch costs at least at each place in each period; inf where it cannot be.

    Returns
    -------
    ndarray, shape (places, batches, periods)
        Money per unit.
    """
    supply, appears = lanes.case.supply, np.zeros(lanes.holding.shape, dtype=bool)
    appears[tuple(supply[name].to_numpy() for name in ("place", "batch", "period"))] = True
    cheapest = _spread_over_time(lanes, prices, appears)
    lost = lanes.holding & ~np.isfinite(cheapest)
    if lost.any() and lanes.case.lanes["free"].any():
        # No lane comes here when goods could be of use, but a longer route might: any price will do for them.
        cheapest = _spread_over_time(lanes, prices, appears | lost)
    return cheapest


def _spread_over_time(lanes: LaneCosts, prices: Prices, known: NDArray[np.bool_]) -> Floats:
    """Return the least cost of goods everywhere, from where their price is known."""
    case, weight, per_tonne = lanes.case, lanes.case.batch_tonnes, lanes.per_tonne(prices)
    least = np.maximum(prices.goods, _least_worth(lanes, prices, per_tonne))
    cheapest = np.where(known & lanes.holding, least, np.inf)
    kept = _kept(lanes)
    for t in range(case.periods):
        now = cheapest[:, :, t]
        if t:
            before = cheapest[:, :, t - 1] + weight * prices.storage[:, t - 1, None]
            with np.errstate(divide="ignore", invalid="ignore"):
                stored = np.where(kept[:, :, t] > 0, before / kept[:, :, t], np.inf)
            np.minimum(now, np.where(lanes.holding[:, :, t], stored, np.inf), out=now)
        for arriving in _arriving(lanes, t):
            while True:
                depart = t - lanes.lag[arriving]
                way = per_tonne[arriving, depart, None] * weight + cheapest[lanes.origin[arriving], :, depart]
                way = np.where(lanes.columns.allowed[arriving, :, depart], way, np.inf)
                found = now.copy()
                np.minimum.at(found, lanes.destination[arriving], way)
                found[~lanes.holding[:, :, t]] = np.inf
                better = bool((found < now - 1e-12 * np.abs(np.where(np.isfinite(now), now, 1.0))).any())
                now[...] = found
                # Goods may pass through several stores within a period; where nobody loads they stay.
                if not better or not (lanes.within[arriving] & (depart == t)).any():
                    break
    return cheapest


def _arriving(lanes: LaneCosts, t: int) -> list[NDArray[np.int64]]:
    """Return lanes that can arrive in a period: first to places where fleets load, then to the others."""
    depart = t - lanes.lag
    able = depart >= 0
    able[able] = lanes.columns.allowed[able, :, depart[able]].any(axis=1)
    return [np.flatnonzero(able & part) for part in (lanes.within, ~lanes.within) if (able & part).any()]


def _kept(lanes: LaneCosts) -> Floats:
    """Return the share that hazards leave of what is held over into each period, shape of holdings."""
    case, share = lanes.case, np.ones(lanes.holding.shape)
    later = case.kept[case.kept["period"] > 0]
    for place, commodity, period, factor in later[["place", "commodity", "period", "factor"]].to_numpy():
        share[int(place), case.batches.commodity == int(commodity), int(period)] = factor
    return share


def _least_worth(lanes: LaneCosts, prices: Prices, per_tonne: Floats) -> Floats:
    """Return what goods must be worth at least, at most 0: less, and getting rid of them would pay."""
    case = lanes.case
    least = np.zeros(lanes.holding.shape)
    if not prices.storage.any():
        return least
    weight, kept = case.batch_tonnes, _kept(lanes)
    expires = case.batches.expires[None, :]
    for t in range(case.periods - 1, -1, -1):
        later = kept[:, :, t + 1] * least[:, :, t + 1] if t + 1 < case.periods else np.zeros_like(least[:, :, 0])
        stays = (t < expires) & lanes.holding[:, :, t]
        now = np.where(stays, later - weight * prices.storage[:, t, None], 0.0)
        while True:
            arrive = t + lanes.lag
            inside = arrive < case.periods
            worth = np.zeros((len(lanes.lag), len(weight)))
            worth[inside] = least[lanes.destination[inside], :, arrive[inside]]
            same = inside & (lanes.lag == 0)
            worth[same] = now[lanes.destination[same]]
            ways = np.where(lanes.columns.allowed[:, :, t], worth - per_tonne[:, t, None] * weight, -np.inf)
            found = now.copy()
            np.maximum.at(found, lanes.origin, ways)
            if np.array_equal(found, now):
                break
            now = found
        least[:, :, t] = now
    return least


def price_of_service(lanes: LaneCosts, prices: Prices, cheapest: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return what serving a unit costs at least, and the batch it is served from.

    Returns
    -------
    price : ndarray, shape (rows of waiting, periods)
        Money per unit; inf where there is nothing to serve from.
    batch : ndarray of int, shape (rows of waiting, periods)
        The cheapest batch.
    """
    case, keys = lanes.case, lanes.case.waiting.keys
    place, commodity = keys["place"].to_numpy(), keys["commodity"].to_numpy()
    price = np.full((len(keys), case.periods), np.inf)
    batch = np.zeros(price.shape, dtype=np.int64)
    for k, of in enumerate(case.batches.commodity):
        rows = np.flatnonzero(commodity == of)
        offer = cheapest[place[rows], k]
        better = offer < price[rows]
        price[rows] = np.where(better, offer, price[rows])
        batch[rows] = np.where(better, k, batch[rows])
    handing = _handout_above(lanes.model, prices.handout)[place]
    return price + case.tonnes[commodity][:, None] * handing - prices.worst[place, commodity][:, None], batch


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


def best_service(lanes: LaneCosts, price: Floats) -> tuple[float, NDArray[np.bool_]]:
    """Return the sum of q V over all need, and the periods in which some unit is best served.

    Parameters
    ----------
    price : ndarray, shape (rows of waiting, periods)
        As `price_of_service` gives it.

    Returns
    -------
    value : float
        Money.
    chosen : ndarray of bool, shape (rows of waiting, periods)
        Where service is some unit's best choice.
    """
    waiting, periods = lanes.case.waiting, lanes.case.periods
    chosen = np.zeros(price.shape, dtype=bool)
    total = 0.0
    for born in range(periods):
        rows = np.flatnonzero(waiting.need[:, born] > 0)
        total += _serve(lanes, price, chosen, rows, born, waiting.need[rows, born], np.zeros(len(rows), dtype=int))
    carried = waiting.carried
    rows = carried["row"].to_numpy()
    quantity = waiting.carry_over[rows] * carried["quantity"].to_numpy()
    return total + _serve(lanes, price, chosen, rows, 0, quantity, carried["age"].to_numpy()), chosen


def _serve(
    lanes: LaneCosts,
    price: Floats,
    chosen: NDArray[np.bool_],
    rows: NDArray[np.int64],
    first: int,
    quantity: Floats,
    age: NDArray[np.int64],
) -> float:
    """Return the money of units that are due from a period on, having waited `age` periods before it."""
    waiting, periods = lanes.case.waiting, lanes.case.periods
    rho, weight = waiting.carry_over[rows], waiting.weight[rows]
    lapse = (1.0 - rho) * waiting.cost_lapsed[rows] * weight
    commodity = waiting.keys["commodity"].to_numpy()[rows]
    waited, left = np.zeros(len(rows)), np.ones(len(rows))
    best, when = np.full(len(rows), np.inf), np.full(len(rows), -1)
    for s in range(first, periods):
        offer = price[rows, s]
        cost = np.where(np.isfinite(offer), waited + left * np.where(np.isfinite(offer), offer, 0.0), np.inf)
        better = cost < best
        best, when = np.where(better, cost, best), np.where(better, s, when)
        step = weight * waiting.increment[commodity, age + s - first + 1]
        waited = waited + left * (step + (lapse if s + 1 < periods else 0.0))
        left = left * rho
    served = when >= 0
    served &= best < waited
    chosen[rows[served], when[served]] = True
    return float((quantity * np.minimum(best, waited)).sum())


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
    worst = float((prices.worst * case.need_total).sum())
    return goods + float((prices.hour * case.fleet_hours).sum()) + roads + stored - worst
