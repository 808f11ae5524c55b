"""What a scenario does to the tables: factors by row and period.

Effects multiply and compound. ``where`` names an id of the table, else a zone (everything in it), else
``*``. Nothing is rounded; a period without an effect has factor 1.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.zones import Codes, Zones

Factors = npt.NDArray[np.float64]


class Effects:
    """The effects of one scenario, or of none.

    Parameters
    ----------
    table : DataFrame
        Table ``effects`` of the instance.
    scenario : str or None
        The active scenario.
    zones : Zones
        The tree of zones.
    periods : int
        Periods of the horizon.
    damage : DataFrame
        What acts whatever the scenario, with the columns of `table` but ``scenario``.
    """

    def __init__(
        self, table: pd.DataFrame, scenario: str | None, zones: Zones, periods: int, damage: pd.DataFrame
    ) -> None:
        active = table["scenario"] == scenario if scenario is not None else np.zeros(len(table), dtype=bool)
        self._rows = table[active] if damage.empty else pd.concat([table[active], damage], ignore_index=True)
        self._zones = zones
        self._periods = periods

    def by_period(self, table: str, ids: pd.Index, zones: Sequence[Codes]) -> Factors:
        """Return factors of shape (rows, periods) for things that are there in every period.

        Parameters
        ----------
        table : str
            Name of the table.
        ids : Index
            What ``where`` may name, one per row.
        zones : sequence of arrays
            Zone codes per row; a row is in a zone if any of them is.
        """
        factors = np.ones((len(ids), self._periods))
        for effect in self._of(table):
            rows = self._selected(effect, ids, zones)
            first, last = int(effect["start"]), int(effect["end"])
            factors[rows, first : last + 1] *= float(effect["factor"])
        return factors

    def by_row(self, table: str, rows: pd.DataFrame, zone: Codes) -> Factors:
        """Return one factor per row of ``rows`` (columns place, commodity, period)."""
        factors = np.ones(len(rows))
        period = rows["period"].to_numpy()
        for effect in self._of(table):
            chosen = self._selected(effect, pd.Index(rows["place"]), [zone])
            chosen &= (period >= effect["start"]) & (period <= effect["end"])
            chosen &= _same_commodity(effect, rows["commodity"])
            factors[chosen] *= float(effect["factor"])
        return factors

    def kept(self, places: pd.Index, zone: Codes, commodities: pd.Index) -> Factors:
        """Return what is left of goods lying at the beginning of each period.

        Returns
        -------
        ndarray, shape (places, commodities, periods)
            The share kept; an effect on stocks acts once, at its ``start``.
        """
        factors = np.ones((len(places), len(commodities), self._periods))
        for effect in self._of("stocks"):
            rows = np.flatnonzero(self._selected(effect, places, [zone]))
            columns = np.flatnonzero(_same_commodity(effect, pd.Series(commodities)))
            start = np.array([int(effect["start"])])
            factors[np.ix_(rows, columns, start)] *= float(effect["factor"])
        return factors

    def _of(self, table: str) -> list[dict[str, Any]]:
        chosen = self._rows[self._rows["table"] == table]
        return [{str(key): value for key, value in row.items()} for row in chosen.to_dict("records")]

    def _selected(self, effect: dict[str, Any], ids: pd.Index, zones: Sequence[Codes]) -> npt.NDArray[np.bool_]:
        where = effect["where"]
        if where == "*":
            return np.ones(len(ids), dtype=bool)
        named = np.asarray(ids == where)
        if named.any():
            return named
        outer = self._zones.codes(pd.Series([where], dtype="str"))[0]
        return np.asarray(np.logical_or.reduce([self._zones.contains(outer, codes) for codes in zones]))


def _same_commodity(effect: dict[str, Any], commodity: pd.Series) -> npt.NDArray[np.bool_]:
    wanted = effect["commodity"]
    if not isinstance(wanted, str):
        return np.ones(len(commodity), dtype=bool)
    return np.asarray(commodity == wanted)
