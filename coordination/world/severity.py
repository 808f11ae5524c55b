r"""How severe things are in each zone and period, 0 to 1, from what was observed or forecast there.

.. math:: s_{z,t} = \frac{\sum_i w_i \, \mathrm{clip}((x_{i,z,t} - n_i)/(e_i - n_i), 0, 1)}{\sum_i w_i}

======  ==========================================================  =========
symbol  meaning                                                     unit
======  ==========================================================  =========
x       last certain value of indicator i in zone z up to period t  its own
n, e    values at which i is normal and severe                      its own
w       weight of i; sums are over indicators that z has values of
======  ==========================================================  =========

A zone without values of its own up to a period has the severity of the nearest zone above that has some.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.world.observations import certain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance


@dataclass(frozen=True)
class Severity:
    """Severity of zones, from the first observation or period 0 on, whichever is earlier, to the last period.

    Attributes
    ----------
    instance : Instance
        Gives observations, indicators and zones.
    """

    instance: Instance

    @cached_property
    def first(self) -> int:
        """First period of the time that is looked at; negative where something was observed before the horizon."""
        return int(min(0, self.instance.observations["period"].min())) if len(self.instance.observations) else 0

    @cached_property
    def parts(self) -> NDArray[np.float64]:
        """What each indicator says, 0 to 1, shape (zones, indicators, time); NaN before a zone's first value."""
        indicators, zones = self.instance.indicators, pd.Index(self.instance.zones["zone"])
        shape = (len(zones), len(indicators), self.instance.periods - self.first)
        parts = np.full(shape, np.nan)
        rows = certain(self.instance.observations, indicators)
        rows = rows[rows["indicator"].isin(indicators["indicator"])]
        if rows.empty:
            return parts
        kind = pd.Index(indicators["indicator"]).get_indexer(pd.Index(rows["indicator"]))
        normal, severe = (indicators[name].to_numpy(dtype=float)[kind] for name in ("normal", "severe"))
        share = np.clip((rows["value"].to_numpy(dtype=float) - normal) / (severe - normal), 0.0, 1.0)
        when = rows["period"].to_numpy(dtype=np.int64) - self.first
        parts[zones.get_indexer(pd.Index(rows["zone"])), kind, when] = share
        # The last value stays until there is another.
        since = np.maximum.accumulate(np.where(np.isnan(parts), 0, np.arange(shape[2])), axis=2)
        return np.asarray(np.take_along_axis(parts, since, axis=2))

    @cached_property
    def own(self) -> NDArray[np.float64]:
        """Severity by a zone's own values, shape (zones, time); NaN before there are any."""
        weight = self.instance.indicators["weight"].to_numpy(dtype=float)[None, :, None] * ~np.isnan(self.parts)
        total = weight.sum(axis=1)
        weighted = (weight * np.nan_to_num(self.parts)).sum(axis=1)
        severity = np.full(total.shape, np.nan)
        np.divide(weighted, total, out=severity, where=total > 0)
        return severity

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """Severity of each zone, its own or that of the nearest zone above, shape (zones, time); NaN where unknown."""
        zones = self.instance.zones
        parent = pd.Index(zones["zone"]).get_indexer(pd.Index(zones["parent"]))
        values = self.own.copy()
        above = parent.copy()
        # Levels rise strictly along parents, so after as many rounds as a chain is long nothing is left to take.
        while (above >= 0).any():
            given = np.where((above >= 0)[:, None], self.own[above], np.nan)
            values = np.where(np.isnan(values), given, values)
            above = np.where(above >= 0, parent[above], -1)
        return values
