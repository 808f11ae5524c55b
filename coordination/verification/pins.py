"""Pins: what a planner set by hand stands in the plan."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check that for each pin the plan has a row that fits, with the value set."""
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
        kept.append(_stands(case.decided[str(pin["table"])], cells))
    findings.require(where, kept, "pins, row {row}: no row of {table} has {pin}")
    return findings


def _stands(table: pd.DataFrame, cells: list[tuple[str, ...]]) -> bool:
    """Return whether a table has a row with these cells, as text."""
    fits = pd.Series(data=True, index=table.index)
    for name, value in cells:
        cell = table[name.strip()].astype(str) == value.strip() if name.strip() in table else False
        fits &= cell
    return bool(fits.any())
