"""What the active scenario does to the tables: factors by row and period, multiplied and compounded.

``where`` names an id of the table an effect acts on; failing that a zone, with everything in it and in the zones
within it; or ``*``. A row may lie in several zones (a road has two ends): it is hit once if any of them is.

What is damaged acts as an effect of factor ``capacity_left`` on that road, or on that place, from the period in which
it is damaged to the last one before it is whole again, whatever the scenario.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.instance.areas import Areas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from coordination.instance import Instance

    Factors = NDArray[np.float64]
    Ids = NDArray[np.object_]


def damage_rows(instance: Instance) -> list[dict[str, Any]]:
    """Return what is damaged as rows of effects: on a road, or on the storage of a place."""
    damage, last = instance.damage, int(instance.periods) - 1
    if damage.empty:
        return []
    names = ("road", "place", "capacity_left", "from", "until")
    return [
        {
            "table": "roads" if isinstance(road, str) else "places",
            "where": road if isinstance(road, str) else place,
            "commodity": None,
            "start": int(first),
            "end": last if np.isnan(until) else min(int(until), last),
            "factor": float(left),
        }
        for road, place, left, first, until in damage[list(names)].itertuples(index=False, name=None)
    ]


class Effects:
    """The effects of an instance's active scenario, none when it has none, and of its damage.

    Parameters
    ----------
    instance : Instance
        The instance; its ``effects`` of other scenarios do not count.
    """

    def __init__(self, instance: Instance) -> None:
        self._periods = int(instance.periods)
        table = instance.effects
        active = table[table["scenario"] == instance.scenario] if instance.scenario is not None else table.iloc[:0]
        self._rows: list[dict[str, Any]] = [
            {str(key): value for key, value in row.items()} for row in active.to_dict("records")
        ]
        self._rows += damage_rows(instance)
        self._zones = instance.zones

    @cached_property
    def _areas(self) -> Areas:
        parents = self._zones["parent"].astype(object).where(self._zones["parent"].notna(), None)
        return Areas(dict(zip(self._zones["zone"].tolist(), parents.tolist(), strict=True)))

    def on(self, table: str) -> bool:
        """Return whether any effect acts on a table."""
        return any(row["table"] == table for row in self._rows)

    def by_period(self, table: str, ids: Ids, zones: Sequence[Ids]) -> Factors:
        """Return the factors of a table whose rows are there in every period.

        Parameters
        ----------
        table : str
            Name of the table: fleets, skills, roads, places, facilities.
        ids : ndarray of str, shape (rows,)
            What ``where`` may name.
        zones : sequence of ndarray of str, each of shape (rows,)
            Zones in which a row lies.

        Returns
        -------
        ndarray, shape (rows, periods)
            Product of all factors that hit the row in the period; 1 where none does.
        """
        factors = np.ones((len(ids), self._periods))
        for row in self._acting_on(table):
            hit = np.flatnonzero(self._hit(row["where"], ids, zones))
            factors[hit, int(row["start"]) : int(row["end"]) + 1] *= float(row["factor"])
        return factors

    def by_place(self, table: str, places: Ids, zones: Ids, commodities: Ids) -> Factors:
        """Return the factors on what lies at, comes to or is needed at places.

        Parameters
        ----------
        table : str
            needs, arrivals or stocks. An effect on stocks hits what lies there at the beginning of its start, once.
        places, zones : ndarray of str, shape (places,)
            Ids of places and their zones.
        commodities : ndarray of str, shape (commodities,)
            Ids of commodities.

        Returns
        -------
        ndarray, shape (places, commodities, periods)
            Product of all factors; 1 where none acts.
        """
        factors = np.ones((len(places), len(commodities), self._periods))
        for row in self._acting_on(table):
            hit = np.flatnonzero(self._hit(row["where"], places, [zones]))
            wanted = row["commodity"]
            kinds = np.flatnonzero(commodities == wanted) if isinstance(wanted, str) else np.arange(len(commodities))
            first, last = int(row["start"]), int(row["end"])
            when = np.arange(first, (first if table == "stocks" else last) + 1)
            factors[np.ix_(hit, kinds, when)] *= float(row["factor"])
        return factors

    def _acting_on(self, table: str) -> list[dict[str, Any]]:
        return [row for row in self._rows if row["table"] == table]

    def _hit(self, where: str, ids: Ids, zones: Sequence[Ids]) -> NDArray[np.bool_]:
        if where == "*":
            return np.ones(len(ids), dtype=bool)
        named = np.asarray(ids == where, dtype=bool)
        if named.any():
            return named
        outer = np.full(len(ids), where, dtype=object)
        return np.asarray(np.logical_or.reduce([self._areas.contains(outer, inner) for inner in zones]), dtype=bool)
