r"""Change signals: a one-sided cumulative sum of what the model did not expect, for the worse.

.. math:: C_t = \max(0, C_{t-1} + \min(d\,z_t, c) - k), \qquad \text{signal where } C_t > h, \text{ then } C_t := 0

======  =======================================================================  =====
symbol  meaning                                                                  value
======  =======================================================================  =====
z       standardised innovation; missing ones leave C as it is                   –
d       1 where rising is bad, −1 where falling is                               –
k       allowance: half the shift, in standard deviations, that is looked for    0.5
c       most that a single value can add: two at least are needed                4
h       limit: 3.5 + ln(indicators of the zone)                                  –
======  =======================================================================  =====

With k = 1/2 the mean time between false alarms grows about as e^h, so that adding ln m keeps that of a zone with m
indicators as with one. Measured by the bars in ``benchmarks/issue_05``.

Source: Page (1954), Continuous inspection schemes; capped as in Lucas and Crosier (1982), Robust CUSUM; on innovations
of a structural model as in Harvey (1989), section 5.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALLOWANCE = 0.5
LIMIT = 3.5
CAP = 4.0


@dataclass(frozen=True)
class Signals:
    """Where a change was signalled.

    Attributes
    ----------
    at : ndarray of bool, shape (n,)
        Steps with a signal.
    onset : ndarray of int, shape (n,)
        Where there is a signal, the step at which the change began: the first after the sum was last 0; else −1.
    """

    at: NDArray[np.bool_]
    onset: NDArray[np.int64]

    def under_way(self, within: int) -> int | None:
        """Return the onset of the change that is under way, None where the last signal is older than `within` steps.

        Signals no further apart than that are of one change.
        """
        steps = np.flatnonzero(self.at)
        if not len(steps) or len(self.at) - 1 - steps[-1] > within:
            return None
        apart = np.flatnonzero(np.diff(steps) > within)
        return int(self.onset[steps[apart[-1] + 1 if len(apart) else 0]])


def signals(surprise: NDArray[np.float64], indicators: int, worse: int) -> Signals:
    """Find changes for the worse.

    Parameters
    ----------
    surprise : ndarray, shape (n,)
        Standardised innovations, NaN where there is none.
    indicators : int
        How many are watched in the zone.
    worse : int
        1 where rising is bad, −1 where falling is.

    Returns
    -------
    Signals
        Where and since when.

    Examples
    --------
    >>> found = signals(np.array([0.0, -1.0, 2.0, 2.5, 3.0]), 1, 1)
    >>> found.at.tolist(), found.onset.tolist()
    ([False, False, False, False, True], [-1, -1, -1, -1, 2])
    """
    limit = LIMIT + log(max(indicators, 1))
    at = np.zeros(len(surprise), dtype=bool)
    onset = np.full(len(surprise), -1, dtype=np.int64)
    total, since = 0.0, 0
    for step, z in enumerate((worse * surprise).tolist()):
        if z != z:  # noqa: PLR0124 (only NaN differs from itself)
            continue
        if total == 0.0:
            since = step
        total = max(0.0, total + min(z, CAP) - ALLOWANCE)
        if total > limit:
            at[step], onset[step], total = True, since, 0.0
    return Signals(at, onset)
