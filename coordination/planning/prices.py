"""Scarcity prices: what one more unit of each limit would save, from the duals of the LP with the roles fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.tabulation import expiry_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from coordination.planning.case import Case
    from coordination.planning.model import ResponseModel

COLUMNS = ["limit", "id", "commodity", "expires", "period", "price"]
LEAST = 1e-7
"""Prices below this share of the largest one of the same limit are a solver's dust."""


def prices_table(model: ResponseModel, duals: dict[str, pd.Series[float]]) -> pd.DataFrame:
    """Return ``prices``.

    Parameters
    ----------
    duals : dict of str to Series
        Duals (change of social cost per unit of right-hand side) of ``inventory``, ``stores``, ``fleets``,
        ``roads``, ``hours`` and ``handout`` over their index sets.
    """
    case, coding = model.case, model.case.coding
    makers: dict[str, Callable[[pd.Series[float]], pd.DataFrame]] = {
        "inventory": lambda price: _stock(case, price),
        "stores": lambda price: _simple("storage", coding.places.to_numpy(), -price),
        "fleets": lambda price: _simple("fleet", coding.fleets.to_numpy(), -price),
        "roads": lambda price: _simple("road", case.arc_names, -price),
        "hours": lambda price: _hours(model, -price),
        "handout": lambda price: _simple("handout", coding.zones.to_numpy(), -price),
    }
    parts = [make(duals[name]) for name, make in makers.items() if len(duals[name])]
    parts = [part for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True)[COLUMNS] if parts else pd.DataFrame(columns=COLUMNS)


def _worth_saying(price: pd.Series[float]) -> NDArray[np.bool_]:
    value = np.asarray(price.to_numpy(dtype=np.float64), dtype=np.float64)
    return value > LEAST * max(1.0, float(value.max(initial=0.0)))


def _simple(limit: str, names: NDArray[np.object_], price: pd.Series[float]) -> pd.DataFrame:
    price = price.loc[_worth_saying(price)]
    return pd.DataFrame(
        {
            "limit": limit,
            "id": np.asarray(names, dtype=object)[price.index.get_level_values(0).to_numpy(dtype=int)],
            "commodity": np.nan,
            "expires": np.nan,
            "period": price.index.get_level_values(1).to_numpy(dtype=np.int64),
            "price": price.to_numpy(),
        }
    ).astype({"id": "str", "commodity": "str"})


def _stock(case: Case, price: pd.Series[float]) -> pd.DataFrame:
    """Return prices of stock; every expiry period of a merged batch has the price of the batch."""
    price = price.loc[_worth_saying(price)]
    rows = pd.DataFrame(
        {
            "place": price.index.get_level_values(0).to_numpy(dtype=int),
            "batch": price.index.get_level_values(1).to_numpy(dtype=int),
            "period": price.index.get_level_values(2).to_numpy(dtype=np.int64),
            "price": price.to_numpy(),
        }
    ).merge(case.batches.labels, on="batch")
    return pd.DataFrame(
        {
            "limit": "stock",
            "id": case.coding.places.to_numpy()[rows["place"]],
            "commodity": case.coding.commodities.to_numpy()[rows["commodity"]],
            "expires": expiry_text(rows["expires"].to_numpy()),
            "period": rows["period"],
            "price": rows["price"],
        }
    )


def _hours(model: ResponseModel, price: pd.Series[float]) -> pd.DataFrame:
    """Return prices of hours: one more hour of a party is one more in its everyday and in its general limit."""
    limits = model.roles.limits.iloc[price.index.get_level_values(0).to_numpy(dtype=int)]
    party = model.case.coding.parties.to_numpy(dtype=object)[limits["party"].to_numpy()]
    row = limits["skill_row"].to_numpy()
    skill = model.case.instance.skills["skill"].to_numpy(dtype=object)
    names = [p if s < 0 else f"{p};{skill[s]}" for p, s in zip(party, row, strict=True)]
    period = price.index.get_level_values(1).to_numpy(dtype=np.int64)
    summed = pd.DataFrame({"id": names, "period": period, "price": price.to_numpy()}).astype({"id": "str"})
    summed = summed.groupby(["id", "period"], as_index=False)[["price"]].sum()
    summed = summed[_worth_saying(summed["price"])]
    return summed.assign(limit="hours", commodity=np.nan, expires=np.nan).astype({"commodity": "str"})
