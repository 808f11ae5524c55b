"""The needs of many places gathered at one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance


def gathered_tables(instance: Instance, head: NDArray[np.int64]) -> dict[str, pd.DataFrame]:
    """Return tables with needs and backlogs moved to the heads; heads of several places store without a limit.

    Parameters
    ----------
    instance : Instance
        With the needs.
    head : ndarray of int, shape (places,)
        Row of the place at which each place's needs are gathered.

    Returns
    -------
    dict of str to DataFrame
        ``needs``, ``backlogs``, ``places``, for `Instance.replace`.
    """
    places = instance.places
    several = np.bincount(head, minlength=len(places)) > 1
    ids = pd.Index(places["place"])

    def moved(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
        to = places["place"].to_numpy()[head[ids.get_indexer(table["place"])]]
        return table.assign(place=to).groupby(keys, as_index=False)[["quantity"]].sum()

    return {
        "needs": moved(instance.needs, ["place", "commodity", "period", "group"]),
        "backlogs": moved(instance.backlogs, ["place", "commodity", "group", "age"]),
        "places": places.assign(storage_tonnes=places["storage_tonnes"].mask(several)),
    }
