r"""Cost of going without, from the literature, cut to breakpoints.

Equations
---------
A person without water for :math:`\delta` hours bears

.. math:: \gamma(\delta) = e^{a + b\delta} - e^{a}

US dollars: the exponential deprivation cost of Holguín-Veras et al. (2013), with a = 1.5031 and b = 0.1172, as later
papers quote it from there. For another good the hours are divided by how many times longer people endure without it
(``Good.stretch``, assumed); dollars become yuan at 6.2, the rate of 2013.

The model prices each unit of need by its own waiting time, C(age), and lets a share of what is not met lapse. The
breakpoints are chosen so that a person who gets nothing at all, needing u units in every period of h hours, bears after
k = 1, 2, … periods in the model what the function says: with :math:`D_k = \gamma(kh) - 2\gamma((k-1)h) +
\gamma((k-2)h)` (gamma is 0 before 0), carry-over r, and a lapse priced C(1),

.. math:: C(1) = D_1/u, \qquad C(k) - C(k-1) = \frac{D_k/u - (1-r)\,r^{k-2}\,C(1)}{r^{k-1}}

never less than the increment before. The curve ends after 36 hours: its last slope goes on, where the exponential would
soon outgrow every other number (after a week 10^8 dollars) and nobody has measured it. Of these heights those after one
period and after a third, two thirds and all of the 36 hours are written.

References
----------
Holguín-Veras, J., Pérez, N., Jaller, M., Van Wassenhove, L. N. and Aros-Vera, F. (2013), On the appropriate objective
function for post-disaster humanitarian logistics models, J. Operations Management 31(5), 262-280.
Holguín-Veras, J., Amaya-Leal, J., Cantillo, V., Van Wassenhove, L. N., Aros-Vera, F. and Jaller, M. (2016),
Econometric estimation of deprivation cost functions, J. Operations Management 45, 44-56 (convex and growing,
measured by contingent valuation).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coordination.generation.catalogue import Good

INTERCEPT = 1.5031
GROWTH_PER_HOUR = 0.1172
YUAN_PER_DOLLAR = 6.2
LONGEST_HOURS = 36.0
"""Waiting beyond which the last slope goes on."""
CARRY_OVER_HOURS = 12.0
"""Hours for which the catalogue gives the share of a need that stays."""


def deprivation_cost(hours: float) -> float:
    """Cost that one person bears by going without water for so long.

    Parameters
    ----------
    hours : float
        Hours without; before 0 there is no cost.

    Returns
    -------
    float
        US dollars per person.

    Examples
    --------
    >>> [round(deprivation_cost(hours), 1) for hours in (0, 12, 24, 48)]
    [0.0, 13.9, 70.4, 1242.0]
    """
    return float(math.exp(INTERCEPT) * math.expm1(GROWTH_PER_HOUR * max(hours, 0.0)))


def carry_over(good: Good, period_hours: float) -> float:
    """Share of an unmet need that is still there a period later.

    Parameters
    ----------
    good : Good
        Commodity.
    period_hours : float
        Hours of a period.

    Returns
    -------
    float
        Four decimals.
    """
    return round(float(good.carry_over ** (period_hours / CARRY_OVER_HOURS)), 4)


def breakpoints(good: Good, period_hours: float) -> list[tuple[int, float]]:
    """Cost of one unit by how many periods it has been missing, slopes rounded to a hundredth.

    Parameters
    ----------
    good : Good
        Commodity.
    period_hours : float
        Hours of a period.

    Returns
    -------
    list of tuple of int and float
        Periods without, and yuan per unit; convex. One pair where the good is needed once (a straight line then).
    """
    per_period = 1.0 if good.rhythm == "once" else period_hours / 24
    count = 1 if good.rhythm == "once" else max(1, round(LONGEST_HOURS / period_hours))
    stays = carry_over(good, period_hours)

    def gamma(periods: int) -> float:
        cost = deprivation_cost(periods * period_hours / good.stretch)
        return YUAN_PER_DOLLAR * good.persons / per_period * cost

    heights, slope = [gamma(1)], gamma(1)
    for k in range(2, count + 1):
        step = gamma(k) - 2 * gamma(k - 1) + gamma(k - 2)
        lapsed = (1 - stays) * stays ** (k - 2) * heights[0]
        slope = max(slope, (step - lapsed) / stays ** (k - 1))
        heights.append(heights[-1] + slope)
    kept = sorted({1, math.ceil(count / 3), math.ceil(2 * count / 3), count})
    written, before = [], (0, 0.0)
    for k in kept:
        # Slopes are rounded, not heights: rounding keeps their order, so the written curve is convex.
        rounded = round((heights[k - 1] - ([0.0, *heights])[before[0]]) / (k - before[0]), 2)
        before = (k, round(before[1] + rounded * (k - before[0]), 2))
        written.append(before)
    return written
