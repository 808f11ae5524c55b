"""What everyday use may take of reserves that expire, and what replaces them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.preparation.grouping import grouped

if TYPE_CHECKING:
    from coordination.preparation.first_stage import FirstStage

COLUMNS = ["lot", "row", "taker", "purchase", "place", "commodity", "owner", "expires", "money"]


def rotations(first: FirstStage) -> pd.DataFrame:
    """Return which lots may be taken by whom and replaced.

    Those with an expiry of their own before that of a fresh unit, where table ``purchases`` has a row of their place,
    commodity and owner.

    Parameters
    ----------
    first : FirstStage
        Its lots and purchases.

    Returns
    -------
    DataFrame
        ``lot``, ``row`` of table ``rotation``, ``taker``, ``purchase``: row of ``purchases``, the lot's ``place``,
        ``commodity``, ``owner`` and ``expires``, ``money`` of a unit: its price less the credit.
    """
    rotation = first.instance.rotation
    if rotation.empty or first.lots.empty or first.purchases.empty:
        return pd.DataFrame(columns=COLUMNS)
    life = first.instance.commodities.set_index("commodity")["shelf_life"].astype(float)
    lots = first.lots.assign(lot=np.arange(len(first.lots)))
    fresh = life.reindex(lots["commodity"]).to_numpy(dtype=float) - 1.0
    expires = lots["expires"].to_numpy(dtype=float)
    older = ~np.isnan(expires) & (np.isnan(fresh) | (expires < fresh))
    bought = first.purchases.assign(purchase=np.arange(len(first.purchases)))
    bought = bought[["purchase", "place", "commodity", "owner", "unit_money"]]
    takers = rotation.reset_index(drop=True).assign(row=np.arange(len(rotation)))
    found = lots[older].merge(bought, on=["place", "commodity", "owner"]).merge(takers, on=["place", "commodity"])
    found = found.assign(money=found["unit_money"] - found["credit"])
    ordered: pd.DataFrame = found.sort_values(["lot", "row"], ignore_index=True)[COLUMNS]
    return ordered


def rotation_data(first: FirstStage) -> dict[str, Any]:
    """Return the data of `coordination_models.rotation`, and what the preparation needs of them.

    Parameters
    ----------
    first : FirstStage
        What may be decided.
    """
    found = first.rotations
    if found.empty:
        return {}
    deadlines = found[["row", "expires"]].drop_duplicates().sort_values(["row", "expires"], ignore_index=True)
    uses = first.instance.rotation["per_period"].to_numpy(dtype=float)
    row = deadlines["row"].to_numpy(dtype=np.int64)
    by = pd.DataFrame({"deadline": deadlines.index, "row": row, "by": deadlines["expires"].to_numpy(dtype=float)})
    pairs = by.merge(found.assign(rotation=found.index)[["rotation", "row", "expires"]], on="row")
    pairs = pairs[pairs["expires"].astype(float) <= pairs["by"]]
    limited = first.purchases["max"].notna()
    replacing = found[found["purchase"].isin(first.purchases.index[limited])]
    purchases = np.unique(replacing["purchase"].to_numpy(dtype=np.int64))
    return {
        "ROTATIONS": pd.RangeIndex(len(found)),
        "rotation_money": found["money"].astype(float),
        "ROTATED": grouped(found["lot"], found.index),
        "USED_BY": pd.RangeIndex(len(deadlines)),
        "TAKEN_BY": grouped(pairs["deadline"], pairs["rotation"]),
        "used_by": pd.Series(uses[row] * (by["by"].to_numpy() + 1.0)),
        "REPLACING": pd.Index(purchases),
        "REPLACED": grouped(replacing["purchase"], replacing.index),
        "BOUGHT_ALONE": grouped(purchases, purchases),
        "most_replaced": first.purchases["max"].astype(float).reindex(purchases),
    }


def idle_rotation(first: FirstStage) -> list[str]:
    """Return remarks on rows of table ``rotation`` that nothing can be done with.

    Parameters
    ----------
    first : FirstStage
        What may be decided.
    """
    rows = first.instance.rotation.to_dict("records")
    acting = set(first.rotations["row"])
    return [
        f"rotation, row {number + 2}: no stock of {row['commodity']} at {row['place']} that expires earlier than fresh"
        " stock has a row of its place, commodity and owner in table purchases, so nothing is rotated."
        for number, row in enumerate(rows)
        if number not in acting
    ]
