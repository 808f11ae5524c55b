r"""The function curve of a zone, and what is read off it.

.. math:: F_{z,t} = \frac{\sum v_{k,g} \, u_{p,k,g,t}}{\sum v_{k,g} \, (u_{p,k,g,t} + b_{p,k,g,t})},
          \qquad v_{k,g} = w_g \, C_k(1)

======  =====================================================================  ==============
symbol  meaning                                                                unit
======  =====================================================================  ==============
u, b    served, and still waiting at the end of the period                     the commodity's
v       what a unit missing for one period costs, so that goods add up         money
F       share of what was wanted in the period that was met; 1 if nothing was  share
======  =====================================================================  ==============

Sums are over the places of the zone and of the zones within it. Read off the curve (Bruneau et al. 2003, A framework to
quantitatively assess and enhance the seismic resilience of communities):

==============  ======================================================================================================
robustness      the lowest F
area_lost       sum of 1 − F over the horizon, in periods (the resilience triangle)
time_to_90      periods from the first with F below 0.9 to the one from which it stays at 0.9 or above to the end; 0 if
                it never falls so low, absent if it does not come back
rapidity        share regained per period from the lowest point to there (to the last period if it does not come back);
                absent if nothing was lost
==============  ======================================================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance.findings import first_period_cost

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.plans import Plan

RECOVERED = 0.9
TOLERANCE = 1e-9


def curves(plan: Plan, within: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the function of each zone that is measured, shape (measured, periods).

    Parameters
    ----------
    plan : Plan
        A feasible plan.
    within : ndarray of bool, shape (measured, zones)
        Whether each zone of the instance is one that is measured, or lies within it.
    """
    instance, rows = plan.instance, plan.service
    value = rows["commodity"].map(first_period_cost(instance.tables)) * rows["group"].map(instance.policy.group_weights)
    zone = pd.Index(instance.zones["zone"]).get_indexer(
        pd.Index(rows["place"].map(instance.places.set_index("place")["zone"]))
    )
    served, wanted = np.zeros((2, len(instance.zones), instance.periods))
    met = (value * rows["served"]).to_numpy(dtype=float)
    np.add.at(served, (zone, rows["period"].to_numpy()), met)
    np.add.at(wanted, (zone, rows["period"].to_numpy()), met + (value * rows["backlog"]).to_numpy(dtype=float))
    served, wanted = within @ served, within @ wanted
    return np.divide(served, wanted, out=np.ones_like(wanted), where=wanted > 0)


def read_off(course: NDArray[np.float64]) -> dict[str, float]:
    """Return the figures of one curve.

    Parameters
    ----------
    course : ndarray, shape (periods,)
        Function.

    Examples
    --------
    >>> figures = read_off(np.array([1.0, 0.5, 0.75, 1.0, 1.0]))
    >>> [figures[name] for name in ("robustness", "area_lost", "time_to_90", "rapidity")]
    [0.5, 0.75, 2.0, 0.25]
    """
    low = np.flatnonzero(course < RECOVERED - TOLERANCE)
    lowest, last = int(course.argmin()), len(course) - 1
    back = float("nan") if len(low) and low[-1] == last else float(low[-1] + 1 if len(low) else 0)
    time = back - (float(low[0]) if len(low) else 0.0)
    end = last if np.isnan(back) else max(int(back), lowest)
    lost = course[lowest] < 1 - TOLERANCE
    # What is full again at once, or lowest at the end, is regained over no period: there is no speed of it.
    rapidity = (course[end] - course[lowest]) / (end - lowest) if lost and end > lowest else float("nan")
    return {
        "robustness": float(course[lowest]),
        "area_lost": float((1 - course).sum()),
        "time_to_90": time,
        "rapidity": float(rapidity),
    }
