"""Need over time as arrays: what is due, the most that can be waiting, by which ages, and what waiting costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from coordination.planning.coding import encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.planning.coding import Coding
    from coordination.world import World


@dataclass(frozen=True)
class Waiting:
    """Need and waiting of every (place, commodity, group), one row each; columns are periods.

    Attributes
    ----------
    keys : DataFrame
        ``place``, ``commodity``, ``group`` (codes) by row.
    need : ndarray, shape (rows, periods)
        Units needed.
    start : ndarray, shape (rows,)
        Units of initial backlog.
    cap : ndarray, shape (rows, periods)
        The most that can be due: nothing served before.
    width : ndarray, shape (rows, periods, segments)
        Units of the backlog at the period's end that can have the ages of a segment.
    slope : ndarray, shape (commodities, segments)
        Increment of the deprivation curve, money per unit.
    weight, carry_over, cost_lapsed : ndarray, shape (rows,)
        Of the row's group and commodity.
    increment : ndarray, shape (commodities, ages + 1)
        What the curve rises by from age a - 1 to a, money per unit; 0 for age 0.
    carried : DataFrame
        Initial backlogs: ``row``, ``quantity``, ``age`` (periods already without).
    """

    keys: pd.DataFrame
    need: NDArray[np.float64]
    start: NDArray[np.float64]
    cap: NDArray[np.float64]
    width: NDArray[np.float64]
    slope: NDArray[np.float64]
    weight: NDArray[np.float64]
    carry_over: NDArray[np.float64]
    cost_lapsed: NDArray[np.float64]
    increment: NDArray[np.float64]
    carried: pd.DataFrame

    @property
    def due(self) -> NDArray[np.float64]:
        """Need of each period, in the first with what is carried in; shape (rows, periods)."""
        due = self.need.copy()
        due[:, 0] += self.carry_over * self.start
        return due

    def deprivation(self, backlog: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weighted money that a backlog costs in each period.

        Parameters
        ----------
        backlog : ndarray, shape (rows, periods)
            Units unmet at each period's end.

        Returns
        -------
        ndarray, shape (rows, periods)
            Youngest ages filled first, as a minimisation does.
        """
        slope = self.slope[self.keys["commodity"].to_numpy()]
        left, cost = backlog.copy(), np.zeros_like(backlog)
        for segment in range(self.width.shape[2]):
            part = np.minimum(left, self.width[:, :, segment])
            cost += part * slope[:, segment, None]
            left -= part
        cost += np.maximum(left, 0.0) * slope[:, -1, None]  # rounding only: widths sum to the cap
        return cost * self.weight[:, None]

    def lapsed(self, backlog: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weighted money for need that lapses in each period, shape (rows, periods)."""
        before = np.column_stack([self.start, backlog[:, :-1]])
        return before * ((1.0 - self.carry_over) * self.cost_lapsed * self.weight)[:, None]


def deprivation_curve(instance: Instance, commodity: str, ages: int) -> NDArray[np.float64]:
    """Return the cost C(a) of one unit after a periods without, for a = 0, 1, …, `ages`.

    Breakpoints of ``deprivation`` joined by straight lines from (0, 0), the last slope going on; else
    ``cost_without`` times a.
    """
    rows = instance.deprivation[instance.deprivation["commodity"] == commodity].sort_values("periods_without")
    age = np.arange(ages + 1, dtype=float)
    if rows.empty:
        cost = instance.commodities.set_index("commodity")["cost_without"][commodity]
        return age * float(cost)
    x = np.concatenate([[0.0], rows["periods_without"].to_numpy(dtype=float)])
    y = np.concatenate([[0.0], rows["cost_per_unit"].to_numpy(dtype=float)])
    last = (y[-1] - y[-2]) / (x[-1] - x[-2])
    joined: NDArray[np.float64] = np.where(age <= x[-1], np.interp(age, x, y), y[-1] + last * (age - x[-1]))
    return joined


def segment_curves(curves: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Join ages of one slope.

    Parameters
    ----------
    curves : ndarray, shape (commodities, ages + 1)
        C(0), C(1), …

    Returns
    -------
    segment : ndarray of int, shape (commodities, ages + 1)
        Segment of each age (age 0 unused).
    slope : ndarray, shape (commodities, segments)
        Increment of each segment; the last one of a commodity is repeated.
    """
    increments = np.diff(curves, axis=1)
    rise = np.diff(increments, axis=1) > 1e-12 * np.maximum(1.0, np.abs(increments[:, 1:]))
    segment = np.concatenate([np.zeros((len(curves), 2), dtype=np.int64), np.cumsum(rise, axis=1)], axis=1)
    slope = np.zeros((len(curves), int(segment.max(initial=0)) + 1))
    for commodity in range(len(curves)):
        first = np.searchsorted(segment[commodity, 1:], np.arange(slope.shape[1]))
        slope[commodity] = increments[commodity, np.minimum(first, increments.shape[1] - 1)]
    return segment, slope


def waiting_of(instance: Instance, world: World, coding: Coding) -> Waiting:
    """Return need and waiting of an instance under its active scenario."""
    needs, backlogs, periods = world.needs, instance.backlogs, instance.periods
    coded = [
        np.concatenate([encode(ids, needs[column]), encode(ids, backlogs[column])])
        for column, ids in (("place", coding.places), ("commodity", coding.commodities), ("group", coding.groups))
    ]
    rows, unique = pd.MultiIndex.from_arrays(coded).factorize(sort=True)
    keys = cast("pd.MultiIndex", unique).to_frame(index=False, name=["place", "commodity", "group"])
    need, start = np.zeros((len(keys), periods)), np.zeros(len(keys))
    np.add.at(need, (rows[: len(needs)], needs["period"].to_numpy(dtype=int)), needs["quantity"].to_numpy(dtype=float))
    before = rows[len(needs) :]
    quantity, age = backlogs["quantity"].to_numpy(dtype=float), backlogs["age"].to_numpy(dtype=int)
    np.add.at(start, before, quantity)

    of = keys["commodity"].to_numpy(dtype=int)
    carry_over = instance.commodities["carry_over"].to_numpy(dtype=float)[of]
    ages = periods + int(age.max(initial=0)) + 1
    curves = np.array([deprivation_curve(instance, c, ages) for c in coding.commodities]).reshape(-1, ages + 1)
    segment, slope = segment_curves(curves)
    lapse = instance.commodities["cost_lapsed"].fillna(pd.Series(curves[:, 1] if len(curves) else [])).to_numpy(float)
    weights = np.array([instance.policy.group_weights[group] for group in coding.groups], dtype=float)

    width = np.zeros((len(keys), periods, slope.shape[1]))
    every = np.arange(len(keys))
    for a in range(1, periods + 1):
        kept = carry_over ** (a - 1)
        for t in range(a - 1, periods):
            width[every, t, segment[of, a]] += kept * need[:, t - a + 1]
    for t in range(periods):
        np.add.at(
            width,
            (before, np.full_like(before, t), segment[of[before], np.minimum(t + age + 1, ages)]),
            carry_over[before] ** (t + 1) * quantity,
        )
    return Waiting(
        keys=keys,
        need=need,
        start=start,
        cap=width.sum(axis=2),
        width=width,
        slope=slope,
        weight=weights[keys["group"].to_numpy(dtype=int)] if len(keys) else np.zeros(0),
        carry_over=carry_over,
        cost_lapsed=lapse[of],
        increment=np.diff(curves, axis=1, prepend=0.0),
        carried=pd.DataFrame({"row": before, "quantity": quantity, "age": age}),
    )
