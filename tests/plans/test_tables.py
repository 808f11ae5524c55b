"""Plan tables in the one form that equal plans share."""

import math

import pandas as pd
import pytest

from coordination.plans.tables import PLAN_TABLES, canonical

CONTRACT = {
    "shipments": "fleet origin destination commodity expires depart arrive quantity route",
    "inventory": "place commodity expires period quantity expired",
    "service": "place commodity group period need served backlog",
    "responsibilities": "task party role start end hours",
    "gaps": "task kind period amount what",
    "facilities": "place period mode",
    "modes": "zone period mode",
    "prices": "limit id commodity expires period price",
    "escalations": "task from to period hours",
    "changes": "table key before after why saves",
    "repairs": "road place party order start end hours",
    "curve": "zone period function",
    "modules": "place emergency_use module start end",
    "visits": "place commodity group period facility emergency_use quantity",
    "messages": "round party message fields rows bytes",
}


def test_columns_are_the_contract_s():
    """Every plan table has the contract's columns in the contract's order."""
    assert {name: " ".join(table.columns) for name, table in PLAN_TABLES.items()} == CONTRACT


def test_rows_are_sorted_numbers_by_value_text_by_code_point_blank_last():
    """Rows are sorted by their columns from left to right: 2 before 10, Z before a, blank last."""
    rows = [("b", 2, math.nan), ("a", 10, 1.0), ("a", 2, math.nan), ("Z", 2, 1.0), ("a", 2, 10.0), ("a", 2, 9.0)]
    frame = pd.DataFrame(rows, columns=["place", "period", "expires"])
    frame = frame.assign(commodity="c", quantity=1.0, expired=0.0)
    sorted_frame = canonical(PLAN_TABLES["inventory"], frame)
    keys = [tuple(row) for row in sorted_frame[["place", "expires", "period"]].fillna(-1.0).to_numpy().tolist()]
    expected = [("Z", 1.0, 2), ("a", 1.0, 10), ("a", 9.0, 2), ("a", 10.0, 2), ("a", -1.0, 2), ("b", -1.0, 2)]
    assert keys == expected


def test_dtypes_are_those_declared_even_without_rows():
    """Ids are str, whole numbers int64, what may be blank float64, also in an empty table."""
    dtypes = canonical(PLAN_TABLES["gaps"], None).dtypes.astype(str).to_dict()
    assert dtypes == {"task": "str", "kind": "str", "period": "float64", "amount": "float64", "what": "str"}


def test_a_missing_or_unknown_column_is_refused():
    """A table without a column that must be filled, or with a column of its own, is refused by name."""
    with pytest.raises(ValueError, match="mode"):
        canonical(PLAN_TABLES["modes"], pd.DataFrame({"zone": ["z"], "period": [0]}))
    with pytest.raises(ValueError, match="colour"):
        canonical(PLAN_TABLES["modes"], pd.DataFrame({"zone": ["z"], "period": [0], "mode": ["normal"], "colour": [1]}))
