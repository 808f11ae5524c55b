"""Pins: what a planner set by hand stands in the plan."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.verification.findings import TOLERANCE, Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

AMOUNTS = {"shipments": "quantity", "service": "served"}
"""Columns that pins set, by table: what stands there in all rows that fit is summed."""


def check(case: "Case") -> Findings:
    """Check that for each pin the plan has a row that fits, with the value set, or rows that sum to the amount set."""
    findings, rows = Findings("pins"), case.given["pins"]
    hard = rows["price"].isna().to_numpy()
    where: dict[str, list[str | int]] = {"row": [], "table": [], "pin": []}
    kept = []
    numbers = np.flatnonzero(hard) + 2
    for number, pin in zip(numbers.tolist(), rows[hard].to_dict("records"), strict=True):
        cells = [tuple(part.partition("=")[::2]) for part in str(pin["where"]).split(";")]
        cells.append((str(pin["column"]), str(pin["value"])))
        where["row"].append(number)
        where["table"].append(str(pin["table"]))
        where["pin"].append("; ".join(f"{name.strip()} {value.strip()}" for name, value in cells))
        amount = AMOUNTS.get(str(pin["table"]))
        kept.append(_stands(case.decided[str(pin["table"])], cells, amount if pin["column"] == amount else None))
    findings.require(where, kept, "pins, row {row}: {table} does not have {pin}")
    return findings


def _stands(table: pd.DataFrame, cells: list[tuple[str, ...]], amount: str | None) -> bool:
    """Return whether a table has a row with these cells, as text; of an amount, whether those that fit sum to it."""
    fits, (_, value) = pd.Series(data=True, index=table.index), cells[-1]
    for name, text in cells[: None if amount is None else -1]:
        cell = table[name.strip()].astype(str) == text.strip() if name.strip() in table else False
        fits &= cell
    if amount is None:
        return bool(fits.any())
    total, wanted = float(table.loc[fits, amount].sum()), float(pd.to_numeric(value, errors="coerce"))
    return abs(total - wanted) <= TOLERANCE * max(1.0, abs(total), abs(wanted))
