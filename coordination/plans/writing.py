"""A plan written as a folder, all or nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coordination.errors import PlanError, WriteError
from coordination.instance.csv_text import csv_line, csv_lines
from coordination.instance.titles import titles
from coordination.instance.writing import write_csv
from coordination.plans.filenames import filenames
from coordination.plans.header import PlanHeader
from coordination.plans.layout import (
    HEADER_FILE,
    INSTANCE_FOLDER,
    ORDERS_FOLDER,
    ORDERS_INDEX,
    REPORT_FILE,
    refuse_to_overwrite,
    table_file,
)
from coordination.plans.orders import COLUMNS, VERBS, orders
from coordination.replacing import replacing

if TYPE_CHECKING:
    from coordination.plans.plan import Plan

FORMULA_STARTS = "=+@-\t"
"""First characters at which spreadsheets take a text for a formula."""


def write(plan: Plan, path: Path) -> Plan:
    """Write a plan folder, all or nothing.

    Parameters
    ----------
    plan : Plan
        The plan; one without a feasible solution becomes ``plan.json`` and ``instance/`` only.
    path : Path
        The folder, missing, empty, or a plan folder to be replaced.

    Returns
    -------
    Plan
        The plan as written, with ``seconds["write"]``.

    Raises
    ------
    PlanError
        It cannot be written there; what was there is untouched.
    """
    target = refuse_to_overwrite(path)
    begun = time.perf_counter()
    try:
        with replacing(target) as folder:
            plan.instance.save(folder / INSTANCE_FOLDER)
            if plan.feasible:
                for name, table in plan.tables.items():
                    write_csv(table, folder / table_file(name))
                _write_orders(plan, folder / ORDERS_FOLDER)
                _write_report(plan, folder / REPORT_FILE)
            written = plan.timed(write=round(time.perf_counter() - begun, 6))
            _write_text(folder / HEADER_FILE, header_text(written))
    except WriteError as error:
        raise PlanError(f"Cannot write a plan to {path}: {error}") from error
    except OSError as error:
        raise PlanError(f"Cannot write a plan to {path}: {error.strerror} ({error.filename}).") from error
    return written


def header_text(plan: Plan) -> str:
    """Return the content of ``plan.json``."""
    header = PlanHeader.model_validate(_plain(plan.header()))
    return json.dumps(header.model_dump(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """Return a value with numpy's numbers as Python's."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value


def _write_text(file: Path, text: str, encoding: str = "utf-8") -> None:
    file.write_text(text, encoding=encoding, newline="")


def _write_report(plan: Plan, file: Path) -> None:
    from coordination.report import render

    _write_text(file, render(plan))


def _write_orders(plan: Plan, folder: Path) -> None:
    """Write one file of orders for each party that has any, and an index of them.

    They are for people, who open them in spreadsheets: with a byte order mark, so that names in any script are
    read right, and with no text that would be taken for a formula.
    """
    folder.mkdir()
    table = orders(plan)
    names = filenames(table["party"].unique().tolist())
    bodies = list(csv_lines((table[column] for column in COLUMNS), harmless=FORMULA_STARTS))
    header = csv_line(COLUMNS)
    for party, rows in table.groupby("party", sort=False).indices.items():
        body = bodies[int(rows[0]) : int(rows[-1]) + 1]
        _write_text(folder / names[str(party)], "\n".join([header, *body, ""]), "utf-8-sig")
    index = _index(plan, table, names)
    lines = csv_lines((index[column] for column in index.columns), harmless=FORMULA_STARTS)
    _write_text(folder / ORDERS_INDEX, "\n".join([csv_line(index.columns), *lines, ""]), "utf-8-sig")


def _index(plan: Plan, table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return the table of contents of the orders: party, name, kind, file, and how many orders of each verb."""
    counts = table.groupby(["party", "order"], sort=False).size().unstack(fill_value=0)
    counts = counts.reindex(columns=list(VERBS), fill_value=0).reindex(list(names))
    parties = plan.instance.parties.set_index("party")["kind"]
    heads = {
        "name": pd.Series(titles(plan.instance.parties, "party"), dtype="str").reindex(counts.index),
        "kind": parties.reindex(counts.index),
        "file": pd.Series(names, dtype="str"),
    }
    return pd.concat([pd.DataFrame(heads, index=counts.index), counts], axis=1).rename_axis("party").reset_index()
