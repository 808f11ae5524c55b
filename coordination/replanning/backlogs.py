"""What waits after some periods, cut by the time it has been waiting: the oldest need was served first.

At the end of period k − 1 the need of period s has been without for k − s periods. The backlog is cut from the youngest
need on, as the cost of going without is (`coordination.planning.waiting`): what is left of the need of period s is at
most carry_over^(k − 1 − s) times it. Going on from these parts gives the same cost in every later period.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.case import Case
    from coordination.plans import Plan

    Floats = NDArray[np.float64]

KEYS = ["place", "commodity", "group"]


def dense(case: Case, table: pd.DataFrame, column: str) -> Floats:
    """Return a column of ``service`` as an array, shape (rows of `Waiting`, periods).

    Parameters
    ----------
    case : Case
        Of the plan's instance.
    table : DataFrame
        The plan table ``service``.
    """
    coding, keys = case.coding, case.waiting.keys
    ids = pd.MultiIndex.from_arrays(
        [
            coding.places.to_numpy(dtype=object)[keys["place"].to_numpy(dtype=int)],
            coding.commodities.to_numpy(dtype=object)[keys["commodity"].to_numpy(dtype=int)],
            coding.groups.to_numpy(dtype=object)[keys["group"].to_numpy(dtype=int)],
        ]
    )
    values = np.zeros((len(keys), case.periods))
    row = ids.get_indexer(pd.MultiIndex.from_frame(table[KEYS]))
    values[row, table["period"].to_numpy(dtype=int)] = table[column].to_numpy(dtype=float)
    return values


def backlogs_after(case: Case, plan: Plan, periods: int) -> pd.DataFrame:
    """Return what waits after some periods of a plan, as rows of ``backlogs``.

    Parameters
    ----------
    case : Case
        Of the plan's instance.
    periods : int
        Periods carried out, at least 1.
    """
    waiting, last = case.waiting, periods - 1
    left = dense(case, plan.service, "backlog")[:, last].copy()
    kept, parts = waiting.carry_over, []
    every = np.arange(len(left))
    for age in range(1, periods + 1):
        cut = np.minimum(left, kept ** (age - 1) * waiting.need[:, periods - age])
        parts.append(pd.DataFrame({"row": every, "age": age, "quantity": cut}))
        left = left - cut
    carried = waiting.carried.assign(quantity=lambda t: kept[t["row"]] ** periods * t["quantity"])
    for _, rows in carried.sort_values("age").groupby("age"):
        row = rows["row"].to_numpy(dtype=int)
        cut = np.minimum(left[row], rows["quantity"].to_numpy(dtype=float))
        parts.append(pd.DataFrame({"row": row, "age": rows["age"].to_numpy(dtype=int) + periods, "quantity": cut}))
        left[row] -= cut
    found = pd.concat(parts, ignore_index=True)
    found = found[found["quantity"] > 0]
    keys, coding = waiting.keys.iloc[found["row"].to_numpy(dtype=int)], case.coding
    return pd.DataFrame(
        {
            "place": coding.places.to_numpy(dtype=object)[keys["place"].to_numpy(dtype=int)],
            "commodity": coding.commodities.to_numpy(dtype=object)[keys["commodity"].to_numpy(dtype=int)],
            "group": coding.groups.to_numpy(dtype=object)[keys["group"].to_numpy(dtype=int)],
            "quantity": found["quantity"].to_numpy(dtype=float),
            "age": found["age"].to_numpy(dtype=np.int64),
        }
    )
