"""The tables of a plan by name, in contract order; one CSV file and one sheet each.

The columns themselves are declared in :mod:`coordination.plans.rows`.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd
from pandas.api.types import pandas_dtype

from coordination.instance.tables import Table
from coordination.plans.rows import (
    Change,
    CurvePoint,
    Escalation,
    FacilityMode,
    Gap,
    Inventory,
    Message,
    ModuleStretch,
    Payment,
    Price,
    Repair,
    Responsibility,
    Service,
    Share,
    Shipment,
    Visit,
    ZoneMode,
)

PLAN_TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            Table("shipments", Shipment),
            Table("inventory", Inventory, ("place", "commodity", "expires", "period")),
            Table("service", Service, ("place", "commodity", "group", "period")),
            Table("responsibilities", Responsibility),
            Table("gaps", Gap),
            Table("facilities", FacilityMode, ("place", "period")),
            Table("modes", ZoneMode, ("zone", "period")),
            Table("prices", Price, ("limit", "id", "commodity", "expires", "period")),
            Table("escalations", Escalation, ("task", "to", "period")),
            Table("changes", Change, ("table", "key")),
            Table("messages", Message, ("round", "party", "message", "fields")),
            Table("repairs", Repair, ("road", "place", "party", "start")),
            Table("curve", CurvePoint, ("zone", "period")),
            Table("modules", ModuleStretch, ("place", "emergency_use", "module", "start")),
            Table("visits", Visit, ("place", "commodity", "group", "period", "facility", "emergency_use")),
        )
    }
)
"""Every table of a plan, in contract order."""

KIND_TABLES: Mapping[str, Mapping[str, Table]] = MappingProxyType(
    {
        "settlement": MappingProxyType(
            {
                "shares": Table("shares", Share, ("party", "method")),
                "ledger": Table("ledger", Payment, ("from", "to", "reason")),
            }
        ),
    }
)
"""Tables that only plans of a kind have, beside those of every plan, in contract order."""

ALL_TABLES: Mapping[str, Table] = MappingProxyType(
    dict(PLAN_TABLES) | {name: table for tables in KIND_TABLES.values() for name, table in tables.items()}
)
"""Every table that any plan may have."""

ADDED = frozenset({"changes", "escalations", "messages", "repairs", "curve", "modules", "visits"})
"""Tables that plan folders of earlier versions do not have: missing, they are empty."""


def tables_of(kind: str) -> Mapping[str, Table]:
    """Return the tables that a plan of a kind has, in contract order."""
    return {**PLAN_TABLES, **KIND_TABLES.get(kind, {})}


def canonical(table: Table, frame: pd.DataFrame | None) -> pd.DataFrame:
    """Return a plan table in the one form that equal plans share.

    Parameters
    ----------
    table : Table
        Its declaration.
    frame : DataFrame or None
        Rows in any order, columns in any order; blank columns may be left out. None stands for no rows.

    Returns
    -------
    DataFrame
        All columns in contract order, with the declared dtypes, sorted by them (numbers by value, text by code
        point, blank last), index 0, 1, ….

    Raises
    ------
    ValueError
        A column is unknown, or one that may not be blank is missing.
    """
    if frame is None:
        return _no_rows(table).copy()
    missing = [name for name, column in table.columns.items() if name not in frame.columns and column.filled]
    unknown = [str(name) for name in frame.columns if name not in table.columns]
    if missing or unknown:
        raise ValueError(f"{table.name}: columns missing {missing}, unknown {unknown}")
    if frame.empty:
        return _no_rows(table).copy()
    typed = {
        name: (
            frame[name].reset_index(drop=True)
            if name in frame.columns
            else pd.Series(float("nan"), index=range(len(frame)))
        ).astype(pandas_dtype(column.dtype))
        for name, column in table.columns.items()
    }
    result = pd.DataFrame(typed, columns=list(table.columns))
    return result.iloc[_order(result)].reset_index(drop=True)


@cache
def _no_rows(table: Table) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=pandas_dtype(column.dtype)) for name, column in table.columns.items()})


def _order(frame: pd.DataFrame) -> list[int]:
    """Return the row numbers that sort `frame` by its columns from left to right, blank last."""
    keys = []
    for name in reversed(frame.columns):
        codes, values = frame[name].factorize(sort=True)
        keys.append(np.where(codes < 0, len(values), codes))
    order: list[int] = np.lexsort(keys).tolist() if keys else []
    return order
