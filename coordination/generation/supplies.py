"""What there is: stocks and arrivals, short of the need by the asked shortage.

The rule
--------
Supply of a commodity over the horizon is ``1 − shortage·scarcity`` times its need (``Good.scarcity``). Six tenths lie
in depots at the beginning (hospital goods: in hospitals; nothing of what spoils): eight tenths of it in the districts,
by need and a drawn factor between 0.4 and 1.6, the rest in city depots. All else arrives every second period (what
spoils: every third, so that batches stay few), in step with the need that follows and a drawn factor between 0.7 and
1.3: a tenth at city depots (from outside the city), six tenths at district depots or hospitals (local wholesalers, by
need and the same factors as stocks), the rest at suppliers of the good's kind; what spoils all at suppliers. Quantities
are whole units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.generation.apportionment import apportion

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.generation.catalogue import Good
    from coordination.generation.draws import Draws

IN_STOCK = 0.6
STOCK_IN_DISTRICTS = 0.8
ARRIVALS_AT_CITY_DEPOTS = 0.1
ARRIVALS_IN_DISTRICTS = 0.6
EVERY = 2
EVERY_PERISHABLE = 3


@dataclass(frozen=True)
class Supplies:
    """Stocks and arrivals, in the columns of the contract."""

    stocks: pd.DataFrame
    arrivals: pd.DataFrame


def make_supplies(
    sites: pd.DataFrame,
    needs: pd.DataFrame,
    place_district: pd.Series,
    goods: tuple[Good, ...],
    periods: int,
    shortage: float,
    draws: Draws,
) -> Supplies:
    """Make stocks and arrivals.

    Parameters
    ----------
    sites : DataFrame
        As :func:`coordination.generation.sites.choose_sites` returns.
    needs : DataFrame
        Table of needs.
    place_district : Series of int, index place
        Position of the district of each place with needs.
    goods : tuple of Good
        Commodities.
    periods : int
        Number of periods.
    shortage : float
        Share of the need that is missing where a good's scarcity is 1.
    draws : Draws
        Seeded draws.

    Returns
    -------
    Supplies
    """
    stocks, arrivals = [], []
    needs = needs.assign(district=place_district.reindex(needs["place"]).to_numpy())
    districts = int(sites["district"].max()) + 1
    for good in goods:
        mine = needs[needs["commodity"] == good.commodity]
        by_district = np.bincount(mine["district"], mine["quantity"], minlength=districts).astype(float)
        by_period = np.bincount(mine["period"], mine["quantity"], minlength=periods).astype(float)
        total = int(mine["quantity"].sum() * max(0.0, 1 - shortage * good.scarcity))
        in_stock = 0 if good.shelf_hours else int(total * IN_STOCK)
        stocks.append(_stocks(good, sites, by_district, in_stock, draws))
        arrivals.append(_arrivals(good, sites, by_district, by_period, total - in_stock, draws))
    return Supplies(pd.concat(stocks, ignore_index=True), pd.concat(arrivals, ignore_index=True))


def _stocks(
    good: Good, sites: pd.DataFrame, by_district: NDArray[np.float64], total: int, draws: Draws
) -> pd.DataFrame:
    """Divide what lies there at the beginning."""
    local, weights = _local(good, sites, by_district, draws)
    city = sites[sites["role"] == "city depot"]
    near = apportion(int(total * STOCK_IN_DISTRICTS), weights)
    far = apportion(total - int(near.sum()), np.ones(len(city)))
    return _rows(good, pd.concat([local, city]), np.r_[near, far])


def _local(
    good: Good, sites: pd.DataFrame, by_district: NDArray[np.float64], draws: Draws
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Depots or hospitals of the districts, and how they share what comes to them."""
    local = sites[sites["role"] == ("hospital" if good.where == "hospitals" else "depot")]
    factor = draws.uniform(f"share of {good.commodity}", len(local), 0.4, 1.6)
    return local, by_district[local["district"].to_numpy()] * factor


def _arrivals(
    good: Good,
    sites: pd.DataFrame,
    by_district: NDArray[np.float64],
    by_period: NDArray[np.float64],
    total: int,
    draws: Draws,
) -> pd.DataFrame:
    """Divide what comes in over periods and places."""
    periods = len(by_period)
    start = np.arange(0, periods, EVERY_PERISHABLE if good.shelf_hours else EVERY)
    following = np.ones(len(start)) if good.rhythm == "once" else np.add.reduceat(by_period, start)
    weights = following * draws.uniform(f"arrivals of {good.commodity}", len(start), 0.7, 1.3)
    local, near = _local(good, sites, by_district, draws)
    city = sites[sites["role"] == "city depot"]
    source = sites[sites["role"] == good.source]
    made = draws.uniform(f"suppliers of {good.commodity}", len(source), 0.6, 1.4)
    spoils = good.shelf_hours is not None
    shares = [
        (local, near, 0.0 if spoils else ARRIVALS_IN_DISTRICTS),
        (city, np.ones(len(city)), 0.0 if spoils else ARRIVALS_AT_CITY_DEPOTS),
        (source, made, 1.0 if spoils else 1 - ARRIVALS_IN_DISTRICTS - ARRIVALS_AT_CITY_DEPOTS),
    ]
    share = np.concatenate([part * weight / max(float(weight.sum()), 1e-12) for _, weight, part in shares])
    where = pd.concat([places for places, _, _ in shares])
    parts = apportion(total, (share[:, None] * weights[None, :]).ravel())
    rows = where.loc[where.index.repeat(len(start))]
    return _rows(good, rows, parts, period=np.tile(start, len(where)))


def _rows(
    good: Good, where: pd.DataFrame, quantity: NDArray[np.int64], period: NDArray[np.int64] | None = None
) -> pd.DataFrame:
    rows = pd.DataFrame({"place": where["place"].to_numpy(), "commodity": good.commodity})
    if period is not None:
        rows["period"] = period
    rows["quantity"] = quantity.astype(float)
    rows["owner"] = where["owner"].to_numpy()
    return rows[rows["quantity"] > 0]
