"""Needs, what was served and what waits, by place, commodity, group and period."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]
KEYS = ["place", "commodity", "group"]


class Waiting:
    """Dense arrays of shape (queues, periods); a queue is a place, commodity and group.

    Attributes
    ----------
    queues : DataFrame
        Ids: place, commodity, group.
    commodity : ndarray
        Commodity code of each queue.
    weight : ndarray
        Group weight of each queue.
    need : ndarray, shape (queues, periods)
        Units needed, from the instance under its scenario.
    written_need, served, backlog : ndarray, shape (queues, periods)
        Units, from the plan's table ``service``.
    initial : ndarray, shape (queues,)
        Units already waiting before period 0.
    """

    def __init__(self, case: "Case") -> None:
        needs, backlogs, service = needed(case), case.given["backlogs"], case.decided["service"]
        every = pd.concat([table[KEYS] for table in (needs, backlogs, service)]).drop_duplicates()
        self.queues = every.sort_values(KEYS, ignore_index=True)
        self._index = pd.MultiIndex.from_frame(self.queues)
        self._shape = (len(self.queues), case.periods)
        self.commodity = case.commodities.get_indexer(pd.Index(self.queues["commodity"]))
        self.place = case.places.get_indexer(pd.Index(self.queues["place"]))
        weights = {str(group): float(weight) for group, weight in case.policy.group_weights.items()}
        self.weight = np.array([weights.get(group, np.nan) for group in self.queues["group"]])
        self.need = self._dense(needs, "quantity")
        self.written_need = self._dense(service, "need")
        self.served, self.backlog = self._dense(service, "served"), self._dense(service, "backlog")
        waiting = np.bincount(self.rows(backlogs), backlogs["quantity"], minlength=self._shape[0])
        self.initial = waiting.astype(np.float64)

    def rows(self, table: pd.DataFrame) -> npt.NDArray[np.int64]:
        """Return the queue of each row of a table with place, commodity and group."""
        return np.asarray(self._index.get_indexer(pd.MultiIndex.from_frame(table[KEYS])), dtype=np.int64)

    def before(self) -> Numbers:
        """Return the backlog at each period's beginning, before what lapses has lapsed."""
        return np.column_stack([self.initial, self.backlog[:, :-1]])

    def where(self, case: "Case") -> dict[str, npt.NDArray[np.object_]]:
        """Return the columns that name each cell of the flattened arrays."""
        named = {key: np.repeat(self.queues[key].to_numpy(object), case.periods) for key in KEYS}
        return {**named, "period": np.tile(np.arange(case.periods, dtype=object), len(self.queues))}

    def _dense(self, table: pd.DataFrame, column: str) -> Numbers:
        cells = self.rows(table) * self._shape[1] + table["period"].to_numpy(np.int64)
        total = np.bincount(cells, table[column].to_numpy(np.float64), minlength=self._shape[0] * self._shape[1])
        # Of no rows numpy counts in whole numbers.
        return np.asarray(total.reshape(self._shape), dtype=np.float64)


def needed(case: "Case") -> pd.DataFrame:
    """Return needs under the scenario."""
    table = case.given["needs"]
    zone = case.place_zone[case.places.get_indexer(pd.Index(table["place"]))]
    return table.assign(quantity=table["quantity"] * case.effects.by_row("needs", table, zone))
