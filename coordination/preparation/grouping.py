"""Indexed sets of numbers, as tables that a formulation takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.planning.supply_data import relation

if TYPE_CHECKING:
    from collections.abc import Iterable


def grouped(groups: Iterable[Any], members: Iterable[Any]) -> pd.DataFrame:
    """Return an indexed set: which numbers belong to which.

    Parameters
    ----------
    groups, members : iterable of int
        Of equal length.
    """
    table = pd.DataFrame({"group": np.asarray(groups, dtype=np.int64), "member": np.asarray(members, dtype=np.int64)})
    return relation(table, ["group"], ["member"])
