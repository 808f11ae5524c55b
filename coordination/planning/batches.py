"""Batches: a commodity with one expiry period; those that cannot expire within reach of the plan are merged.

Why merging keeps the optimum: no vehicle arrives later than ``last``, the last period plus the longest transit time
of any lane. A batch that is usable in period ``max(periods, last)`` may leave, arrive, be served and be stored exactly
as one that never expires, in every period that the model speaks of: at the end of the last period it is still in store
(it counts for storage), and on any arrival it is still usable. Batches of one commodity that are alike in everything
the model can see are one batch; `split` in ``coordination.planning.labels`` gives each its name back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEVER = np.int64(2**40)
"""Expiry period of what never expires (a number, so that comparisons need no special case)."""


@dataclass(frozen=True)
class Batches:
    """The batches of an instance.

    Attributes
    ----------
    commodity : ndarray of int, shape (batches,)
        Code of the commodity.
    expires : ndarray of int, shape (batches,)
        Last usable period; `NEVER` for merged batches.
    labels : DataFrame
        One row per expiry period that goods carry: ``commodity`` (code), ``expires`` (`NEVER` if never), ``batch``.
    """

    commodity: NDArray[np.int64]
    expires: NDArray[np.int64]
    labels: pd.DataFrame

    def __len__(self) -> int:
        """Return the number of batches."""
        return len(self.commodity)


def whole_expiry(expires: pd.Series[float]) -> NDArray[np.int64]:
    """Return expiry periods as whole numbers, `NEVER` for infinity."""
    values = expires.to_numpy(dtype=float)
    return np.where(np.isinf(values), NEVER, np.where(np.isinf(values), 0, values)).astype(np.int64)


def merge_batches(commodity: NDArray[np.int64], expires: NDArray[np.int64], horizon: int) -> Batches:
    """Return the batches of goods given by commodity and expiry.

    Parameters
    ----------
    commodity, expires : ndarray of int
        One entry per lot of stock or arrivals.
    horizon : int
        Batches usable in this period are merged: the later of the number of periods and the last arrival.
    """
    labels = pd.DataFrame({"commodity": commodity, "expires": expires}).drop_duplicates()
    labels = labels.sort_values(["commodity", "expires"], ignore_index=True)
    merged = labels["expires"].where(labels["expires"] < horizon, NEVER)
    pairs = pd.MultiIndex.from_arrays([labels["commodity"], merged])
    batch, found = pairs.factorize()
    unique = cast("pd.MultiIndex", found)
    labels["batch"] = batch
    return Batches(
        commodity=unique.get_level_values(0).to_numpy(dtype=np.int64),
        expires=unique.get_level_values(1).to_numpy(dtype=np.int64),
        labels=labels,
    )
