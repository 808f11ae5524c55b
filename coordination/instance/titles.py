"""Names of things for people: the name where there is one, else the id."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def titles(table: pd.DataFrame, key: str) -> dict[str, str]:
    """Return the name of each id, the id itself where it has none.

    Parameters
    ----------
    table : DataFrame
        An instance table with a column ``name``.
    key : str
        Its column of ids.

    Returns
    -------
    dict of str to str
        Id to name.
    """
    named = zip(table[key].tolist(), table["name"].tolist(), strict=True)
    return {identity: name if isinstance(name, str) else identity for identity, name in named}


def labels(table: pd.DataFrame, key: str) -> dict[str, str]:
    """Return ``name (id)`` for each id, so that two things of one name can be told apart; without a name, the id.

    Parameters
    ----------
    table : DataFrame
        An instance table with a column ``name``.
    key : str
        Its column of ids.

    Returns
    -------
    dict of str to str
        Id to name and id.
    """
    return {
        identity: identity if name == identity else f"{name} ({identity})"
        for identity, name in titles(table, key).items()
    }
