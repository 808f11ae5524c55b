r"""The operating mode of each zone and period.

With ``policy.mode: thresholds`` a zone has two latches, emergency and parallel, both off at first:

.. math:: L_t = 1 \text{ if } s_t \ge \mathit{on}, \quad 0 \text{ if } s_t \le \mathit{off}, \quad L_{t-1}
          \text{ else and where } s_t \text{ is unknown}

It is in emergency where that latch is on, else parallel where that one is, else normal. Between off and on it stays as
it is, so that it does not flicker. Severity before the horizon counts: what was on stays on. With another mode in the
policy every zone has that one, always.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance.vocabulary import MODES
from coordination.world.choosing import modes_chosen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.world.severity import Severity

NORMAL, EMERGENCY, PARALLEL = (MODES.index(mode) for mode in ("normal", "emergency", "parallel"))


def latched(severity: NDArray[np.float64], on: float, off: float) -> NDArray[np.bool_]:
    """Return whether a latch is on.

    Parameters
    ----------
    severity : ndarray, shape (zones, time)
        NaN where unknown.
    on, off : float
        At or above `on` it goes on, at or below `off` off.

    Returns
    -------
    ndarray of bool, shape (zones, time)

    Examples
    --------
    >>> latched(np.array([[0.5, 0.7, 0.5, np.nan, 0.4, 0.5]]), 0.6, 0.4).tolist()
    [[False, True, True, True, False, False]]
    """
    # What was said last counts: up, down, or nothing said yet.
    said = np.where(severity >= on, 1, np.where(severity <= off, -1, 0))
    since = np.maximum.accumulate(np.where(said != 0, np.arange(severity.shape[1]), 0), axis=1)
    return np.asarray(np.take_along_axis(said, since, axis=1) == 1)


def modes_by(severity: NDArray[np.float64], thresholds: Mapping[str, tuple[float, float]]) -> NDArray[np.int64]:
    """Return modes by severity and thresholds.

    Parameters
    ----------
    severity : ndarray, shape (zones, time)
        NaN where unknown.
    thresholds : mapping of str to (on, off)
        For emergency, parallel or both.

    Returns
    -------
    ndarray of int, shape (zones, time)
        Index into ``MODES``.
    """
    modes = np.full(severity.shape, NORMAL, dtype=np.int64)
    for name, code in (("parallel", PARALLEL), ("emergency", EMERGENCY)):
        if name in thresholds:
            modes[latched(severity, *thresholds[name])] = code
    return modes


def modes_of(instance: Instance, severity: Severity) -> NDArray[np.int64]:
    """Return the mode of each zone in each period of the horizon, shape (zones, periods), index into ``MODES``."""
    policy = instance.policy
    if policy.mode == "optimise":
        return modes_chosen(instance)
    if policy.mode != "thresholds":
        return np.full((len(instance.zones), instance.periods), MODES.index(policy.mode), dtype=np.int64)
    thresholds: dict[str, tuple[float, float]] = {str(mode): pair for mode, pair in (policy.thresholds or {}).items()}
    return modes_by(severity.values, thresholds)[:, -severity.first :]


def in_modes(wanted: pd.Series[str], modes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return where modes are among those wanted.

    Parameters
    ----------
    wanted : Series of str, shape (rows,)
        Names, ;-separated; ``any`` among them stands for all.
    modes : ndarray of int, shape (rows, periods)
        Index into ``MODES``.

    Returns
    -------
    ndarray of bool, shape (rows, periods)

    Examples
    --------
    >>> in_modes(pd.Series(["any", "normal;parallel"]), np.array([[1, 2], [1, 2]])).tolist()
    [[True, True], [False, True]]
    """
    kinds, words = pd.factorize(wanted)
    lists = [str(word).split(";") for word in words]
    allowed = np.array([[mode in some or "any" in some for mode in MODES] for some in lists], dtype=bool)
    return allowed.reshape(-1, len(MODES))[kinds[:, None], modes] if len(kinds) else np.zeros(modes.shape, dtype=bool)
