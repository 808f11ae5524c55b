"""Who needs what, where and when.

The rule
--------
Most households live from their own stores at first. The share of people who depend on public supply grows from
``DEPENDENT_FIRST`` on the first day by ``DEPENDENT_GROWTH`` a day to at most ``DEPENDENT_MOST``; it differs from
district to district by a drawn factor between 0.85 and 1.15. Piped water fails in drawn districts, as many as hold
``AFFECTED_SHARE`` of the people (the first one drawn in any case), for a drawn 10 to 30 % of the people there. Amounts
per person are those of the catalogue; people of 65 and over, and infants, are the vulnerable group. What is needed once
a day falls due at the day's beginning in every other community, half a day later in those between. Quantities are whole
units, or tenths where a period's need is below 100.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.generation.catalogue import BEDS_PER_1000, Good

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.generation.city import City
    from coordination.generation.draws import Draws

DEPENDENT_FIRST = 0.20
DEPENDENT_GROWTH = 0.05
DEPENDENT_MOST = 0.60
AFFECTED_SHARE = 0.45


def affected_share(city: City, draws: Draws) -> NDArray[np.float64]:
    """Draw where piped water fails.

    Parameters
    ----------
    city : City
        Its districts.
    draws : Draws
        Seeded draws.

    Returns
    -------
    ndarray of float, shape (districts,)
        Share of the people cut off; 0 where water flows.
    """
    people = city.districts["population"].to_numpy(dtype=float)
    order = np.argsort(draws.uniform("order of failure", len(people)))
    before = np.cumsum(people[order]) - people[order]
    failed = np.zeros(len(people), dtype=bool)
    failed[order] = before < AFFECTED_SHARE * people.sum()
    return np.where(failed, draws.uniform("people cut off", len(people), 0.1, 0.3), 0.0)


def dependent_share(city: City, periods: int, period_hours: float, draws: Draws) -> NDArray[np.float64]:
    """Share of the people of each district who depend on public supply, by period.

    Parameters
    ----------
    city : City
        Its districts.
    periods : int
        Number of periods.
    period_hours : float
        Hours of a period.
    draws : Draws
        Seeded draws.

    Returns
    -------
    ndarray of float, shape (districts, periods)
    """
    days = np.floor(np.arange(periods) * period_hours / 24)
    base = np.minimum(DEPENDENT_MOST, DEPENDENT_FIRST + DEPENDENT_GROWTH * days)
    return base[None, :] * draws.uniform("dependence", len(city.districts), 0.85, 1.15)[:, None]


def due(good: Good, periods: int, period_hours: float) -> NDArray[np.float64]:
    """Days' worth of need that falls due in each period.

    Parameters
    ----------
    good : Good
        Commodity.
    periods : int
        Number of periods.
    period_hours : float
        Hours of a period.

    Returns
    -------
    ndarray of float, shape (periods,)
        For a good needed once: 1 in its period, else 0.
    """
    hours = np.arange(periods) * period_hours
    if good.rhythm == "period" or period_hours > 24:
        return np.full(periods, period_hours / 24)
    first_of_day = np.floor(hours / 24) > np.floor((hours - period_hours) / 24)
    if good.rhythm == "day":
        return first_of_day.astype(float)
    once = np.zeros(periods)
    days = np.flatnonzero(first_of_day)
    once[days[min(1, len(days) - 1)]] = 1.0
    return once


def _in_turn(good: Good, fall_due: NDArray[np.float64], communities: int, period_hours: float) -> NDArray[np.float64]:
    """Give every other community its daily needs half a day later, shape (communities, periods)."""
    rows = np.repeat(fall_due, communities, axis=0)
    later = int(12 // period_hours)
    if good.rhythm == "day" and 0 < later < rows.shape[1]:
        rows[1::2, later:] = fall_due[:, :-later]
        rows[1::2, :later] = 0.0
    return rows


def make_needs(
    city: City, hospitals: pd.DataFrame, goods: tuple[Good, ...], periods: int, period_hours: float, draws: Draws
) -> pd.DataFrame:
    """Make the table of needs.

    Parameters
    ----------
    city : City
        Its communities.
    hospitals : DataFrame
        ``place`` and ``district`` (position), one or more a district.
    goods : tuple of Good
        Commodities.
    periods : int
        Number of periods.
    period_hours : float
        Hours of a period.
    draws : Draws
        Seeded draws.

    Returns
    -------
    DataFrame
        ``place``, ``commodity``, ``period``, ``quantity``, ``group``; rows without need are left out.
    """
    affected = affected_share(city, draws)
    dependent = dependent_share(city, periods, period_hours, draws)
    homes = city.communities
    district = homes["district"].to_numpy()
    old = homes["elderly"].to_numpy(dtype=float)
    young = homes["population"].to_numpy(dtype=float) - old
    beds = city.districts["population"].to_numpy(dtype=float) * BEDS_PER_1000 / 1000
    ward = hospitals["district"].to_numpy()
    beds_here = beds[ward] / np.bincount(ward, minlength=len(beds))[ward]
    frames = []
    for good in goods:
        fall_due = due(good, periods, period_hours)[None, :]
        if good.where == "hospitals":
            amounts = {"vulnerable": beds_here * good.per_day[1]}
            places, share = hospitals["place"], np.ones((len(hospitals), periods))
            fall_due = np.repeat(fall_due, len(hospitals), axis=0)
        else:
            amounts = {
                "general": young * good.per_day[0],
                "vulnerable": old * good.per_day[1] + (young + old) * good.infants,
            }
            cut_off = np.broadcast_to(affected[:, None], dependent.shape)
            places, share = homes["place"], (dependent if good.where == "everywhere" else cut_off)[district]
            fall_due = _in_turn(good, fall_due, len(homes), period_hours)
        for group, amount in amounts.items():
            frames.append(_rows(good, group, places, amount[:, None] * share * fall_due))
    return pd.concat(frames, ignore_index=True)


def _rows(good: Good, group: str, places: pd.Series, quantity: NDArray[np.float64]) -> pd.DataFrame:
    """Rows of one commodity and group, place by place."""
    quantity = np.where(quantity < 100, np.round(quantity, 1), np.round(quantity))
    place, period = np.nonzero(quantity)
    return pd.DataFrame(
        {
            "place": places.to_numpy()[place],
            "commodity": good.commodity,
            "period": period,
            "quantity": quantity[place, period],
            "group": group,
        }
    )
