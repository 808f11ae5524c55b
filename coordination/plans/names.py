"""Names of things for people: the name where there is one, else the id."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def titles(table: pd.DataFrame, key: str) -> pd.Series[str]:
    """Return the name of each id, the id itself where it has none.

    Parameters
    ----------
    table : DataFrame
        An instance table with a column ``name``.
    key : str
        Its column of ids.

    Returns
    -------
    Series of str
        Index: the ids.
    """
    named = table.set_index(key)["name"]
    return named.where(named.notna(), named.index.to_series())


def labels(table: pd.DataFrame, key: str) -> pd.Series[str]:
    """Return ``name (id)`` for each id, so that two things of one name can be told apart; without a name, the id.

    Parameters
    ----------
    table : DataFrame
        An instance table with a column ``name``.
    key : str
        Its column of ids.

    Returns
    -------
    Series of str
        Index: the ids.
    """
    named = table.set_index(key)["name"]
    ids = named.index.to_series()
    both = named + " (" + ids + ")"
    return both.where(named.notna() & (named != ids), ids)
