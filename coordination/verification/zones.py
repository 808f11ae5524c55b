"""Which zone lies within which, as arrays."""

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.instance.tables import LEVELS

Codes = npt.NDArray[np.int64]


class Zones:
    """The tree of zones; a zone's code is its row number.

    Parameters
    ----------
    table : DataFrame
        Table ``zones`` of the instance.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self.ids = pd.Index(table["zone"])
        self._parent = self.codes(table["parent"])
        self.level = pd.Index(LEVELS).get_indexer(pd.Index(table["level"]))

    def codes(self, ids: pd.Series) -> Codes:
        """Return the codes of zone ids, −1 where blank or unknown."""
        return np.asarray(self.ids.get_indexer(pd.Index(ids)), dtype=np.int64)

    @cached_property
    def chain(self) -> Codes:
        """Zones and all above them, shape (zones, depth): itself first, then upwards, −1 at the end."""
        columns = [np.arange(len(self.ids), dtype=np.int64)]
        # Levels rise strictly along parents, so no chain is longer than the list of levels.
        for _ in LEVELS[1:]:
            below = columns[-1]
            columns.append(np.where(below >= 0, self._parent[below], -1) if len(self.ids) else below)
        return np.stack(columns, axis=1)

    def contains(self, outer: Codes, inner: Codes) -> npt.NDArray[np.bool_]:
        """Return elementwise whether zone ``inner`` is ``outer`` or lies within it."""
        outer, inner = np.broadcast_arrays(np.asarray(outer), np.asarray(inner))
        if not len(self.ids):
            return np.zeros(outer.shape, dtype=bool)
        above = np.where((inner >= 0)[..., None], self.chain[inner], -2)
        return np.asarray(((above == outer[..., None]) & (outer >= 0)[..., None]).any(axis=-1))
