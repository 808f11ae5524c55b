"""What there is: stocks and arrivals, short of the need by the asked shortage.

The rule
--------
Supply of a commodity over the horizon is ``1 − shortage·scarcity`` times its need (``Good.scarcity``). A quarter lies
in depots at the beginning (hospital goods: in hospitals; nothing of what spoils): six tenths of it in the districts, by
need and a drawn factor between 0.4 and 1.6, the rest in city depots. The other three quarters arrive every second
period (what spoils: every third, so that batches stay few), in step with the need that follows and a drawn factor
between 0.7 and 1.3: a fifth at city depots (from outside the city; nothing of what spoils), the rest at suppliers of
the good's kind. Quantities are whole units.
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

IN_STOCK = 0.25
STOCK_IN_DISTRICTS = 0.6
ARRIVALS_AT_CITY_DEPOTS = 0.2
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
        by_district = np.bincount(mine["district"], mine["quantity"], minlength=districts)
        by_period = np.bincount(mine["period"], mine["quantity"], minlength=periods)
        total = int(mine["quantity"].sum() * max(0.0, 1 - shortage * good.scarcity))
        in_stock = 0 if good.shelf_hours else int(total * IN_STOCK)
        stocks.append(_stocks(good, sites, by_district, in_stock, draws))
        arrivals.append(_arrivals(good, sites, by_period, total - in_stock, draws))
    return Supplies(pd.concat(stocks, ignore_index=True), pd.concat(arrivals, ignore_index=True))


def _stocks(
    good: Good, sites: pd.DataFrame, by_district: NDArray[np.float64], total: int, draws: Draws
) -> pd.DataFrame:
    """Divide what lies there at the beginning."""
    local = sites[sites["role"] == ("hospital" if good.where == "hospitals" else "depot")]
    city = sites[sites["role"] == "city depot"]
    factor = draws.uniform(f"stock of {good.commodity}", len(local), 0.4, 1.6)
    near = apportion(int(total * STOCK_IN_DISTRICTS), by_district[local["district"].to_numpy()] * factor)
    far = apportion(total - int(near.sum()), np.ones(len(city)))
    return _rows(good, pd.concat([local, city]), np.r_[near, far])


def _arrivals(
    good: Good, sites: pd.DataFrame, by_period: NDArray[np.float64], total: int, draws: Draws
) -> pd.DataFrame:
    """Divide what comes in over periods and places."""
    periods = len(by_period)
    start = np.arange(0, periods, EVERY_PERISHABLE if good.shelf_hours else EVERY)
    following = np.add.reduceat(by_period, start)
    if good.rhythm == "once":
        following = np.ones(len(start))
    weights = following * draws.uniform(f"arrivals of {good.commodity}", len(start), 0.7, 1.3)
    city = sites[(sites["role"] == "city depot") & (good.shelf_hours is None)]
    source = sites[sites["role"] == good.source]
    share = np.r_[
        np.full(len(city), ARRIVALS_AT_CITY_DEPOTS / max(len(city), 1)),
        np.full(len(source), 1.0) * draws.uniform(f"suppliers of {good.commodity}", len(source), 0.6, 1.4),
    ]
    share[len(city) :] *= (1 - share[: len(city)].sum()) / share[len(city) :].sum()
    where = pd.concat([city, source])
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
