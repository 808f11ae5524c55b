"""Whole-number codes for the ids of an instance: row numbers, so that mathematics runs on arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coordination.instance import Instance

Codes = "NDArray[np.int64]"


@dataclass(frozen=True)
class Coding:
    """Codes of places, commodities, groups, fleets, zones, parties and tasks of one instance.

    A code is the row number of the id in its table; groups are numbered in text order.
    """

    instance: Instance

    @cached_property
    def places(self) -> pd.Index[str]:
        """Ids of places by code."""
        return _index(self.instance.places["place"])

    @cached_property
    def commodities(self) -> pd.Index[str]:
        """Ids of commodities by code."""
        return _index(self.instance.commodities["commodity"])

    @cached_property
    def groups(self) -> pd.Index[str]:
        """Names of groups by code."""
        used = pd.concat([self.instance.needs["group"], self.instance.backlogs["group"]])
        names: pd.Index[str] = pd.Index(sorted(used.unique()), dtype="str")
        return names

    @cached_property
    def fleets(self) -> pd.Index[str]:
        """Ids of fleets by code."""
        return _index(self.instance.fleets["fleet"])

    @cached_property
    def zones(self) -> pd.Index[str]:
        """Ids of zones by code."""
        return _index(self.instance.zones["zone"])

    @cached_property
    def place_zone(self) -> NDArray[np.int64]:
        """Zone of each place."""
        return encode(self.zones, self.instance.places["zone"])

    @cached_property
    def parties(self) -> pd.Index[str]:
        """Ids of parties by code."""
        return _index(self.instance.parties["party"])

    @cached_property
    def tasks(self) -> pd.Index[str]:
        """Ids of tasks by code."""
        return _index(self.instance.tasks["task"])

    @cached_property
    def ancestry(self) -> pd.DataFrame:
        """Every zone with itself and every zone above it.

        Returns
        -------
        DataFrame
            Columns ``zone``, ``above`` (codes) and ``steps`` (0 for the zone itself).
        """
        parent = encode(self.zones, self.instance.zones["parent"])
        zone = np.arange(len(parent))
        above, steps, rows = zone.copy(), 0, []
        while len(zone):
            rows.append(pd.DataFrame({"zone": zone, "above": above, "steps": steps}))
            above = parent[above]
            zone, above, steps = zone[above >= 0], above[above >= 0], steps + 1
        return (
            pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["zone", "above", "steps"], dtype=int)
        )


def _index(ids: pd.Series[str]) -> pd.Index[str]:
    index: pd.Index[str] = pd.Index(ids)
    return index


def encode(ids: pd.Index[str], values: pd.Series[str] | Sequence[str]) -> NDArray[np.int64]:
    """Return the codes of `values` in `ids`, −1 where a value is absent."""
    return ids.get_indexer(pd.Index(values)).astype(np.int64)
