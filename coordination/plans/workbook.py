"""A plan as a workbook: a summary, and each plan table on a sheet of its own."""

from __future__ import annotations

import os
import secrets
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coordination.errors import PlanError
from coordination.instance.workbook_writing import LONGEST_TEXT, MOST_ROWS, ExactNumber
from coordination.instance.writing import plain_cells
from coordination.metrics import hours_covered, need_met, vulnerable_group
from coordination.terms import TERMS

if TYPE_CHECKING:
    import pandas as pd

    from coordination.plans.plan import Plan

NARROWEST, WIDEST = 8, 44
"""Least and most width of a column, in characters."""

SAMPLED = 200
"""Rows looked at to find a column's width."""


def write_workbook(plan: Plan, path: Path) -> None:
    """Write a plan as an ``.xlsx`` workbook, all or nothing.

    Parameters
    ----------
    plan : Plan
        The plan.
    path : Path
        The file; a workbook that is there is replaced.

    Raises
    ------
    PlanError
        XlsxWriter is not installed, a table or text is too long for the format, something else is there, or the
        file cannot be written.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise PlanError("A workbook needs XlsxWriter: pip install 'coordination[excel]'.") from error
    target = path.resolve()
    if target.exists() and not _is_workbook(target):
        raise PlanError(f"Cannot write a workbook to {path}: something else is there. Choose another name.")
    if not target.parent.is_dir():
        raise PlanError(f"Cannot write a workbook to {path}: there is no folder {target.parent}. Make it first.")
    _check_fits(plan)
    beside = target.with_name(f".{target.name}.{secrets.token_hex(6)}.partial")
    # Nothing is a formula or a link: texts are written as text, cell by cell.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    try:
        with xlsxwriter.Workbook(str(beside), options) as book:
            _fill(book, plan)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(target)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise PlanError(f"Cannot write a workbook to {path}: {error}.") from error
    finally:
        beside.unlink(missing_ok=True)


def _check_fits(plan: Plan) -> None:
    """Check that every table and text fits into a workbook: before one is begun."""
    for name, table in plan.tables.items():
        if len(table) >= MOST_ROWS:
            raise PlanError(f"{name} has {len(table)} rows, more than a sheet holds. Use the folder's {name}.csv.")
        for column in table.columns[table.dtypes == "str"]:
            if table[column].map(_units, na_action="ignore").max() > LONGEST_TEXT:
                raise PlanError(f"{name} has a {column} too long for a workbook. Use the folder's {name}.csv.")


def _units(text: str) -> int:
    """Return how long a workbook takes a text to be (UTF-16 units)."""
    return len(text.encode("utf-16-le")) // 2


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as parts:
            return "xl/workbook.xml" in parts.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def _fill(book: Any, plan: Plan) -> None:
    """Write the summary and the tables."""
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("summary")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 26)
    for row, cells in enumerate(summary(plan)):
        for column, cell in enumerate(cells):
            _write_cell(sheet, row, column, cell, bold if len(cells) == 1 else None)
    if plan.feasible:
        for name, table in plan.tables.items():
            _write_table(book.add_worksheet(name), table, bold)


def summary(plan: Plan) -> list[tuple[Any, ...]]:
    """Return the summary sheet row by row.

    Parameters
    ----------
    plan : Plan
        Any plan.

    Returns
    -------
    list of tuple
        A heading alone, or label, value and perhaps a remark.
    """
    meanings = {term.name: term.meaning for term in TERMS}
    provenance = {"options": plan.options, "seconds": plan.seconds, "sizes": plan.sizes, "versions": plan.versions}
    provenance |= {"solver": plan.solver}
    return [
        (plan.instance.title,),
        ("status", str(plan.status)),
        ("social cost", plan.objective, plan.instance.currency),
        ("bound", plan.bound, "no plan can cost less"),
        ("gap", plan.gap, "proven, relative"),
        *(_service_figures(plan) if plan.feasible else ()),
        ("Social cost by term",),
        *((name, value, meanings.get(name)) for name, value in plan.terms.items()),
        ("Provenance",),
        ("instance", plan.instance.name),
        ("sha256", plan.sha256),
        ("seed", plan.seed),
        *_flat(provenance),
        *(("remark", note) for note in plan.notes),
    ]


def _service_figures(plan: Plan) -> Iterator[tuple[Any, ...]]:
    met, hours = need_met(plan).iloc[0], hours_covered(plan)[["asked", "covered"]].sum()
    yield ("Need and tasks",)
    yield "asked for", float(met["asked"]), "tonnes, with backlogs from before"
    yield "served", float(met["served"]), "tonnes"
    yield "share of need met", float(met["share"]), "by weight"
    group = vulnerable_group(plan)
    if group is not None:
        yield f"share of need met, {group}", float(need_met(plan, ["group"])["share"][group]), "by weight"
    yield "task hours asked for", float(hours["asked"]), "hours"
    yield "task hours covered", float(hours["covered"]), "hours"
    gaps = plan.gaps.groupby("kind", as_index=False)["amount"].sum()
    for kind, amount in zip(gaps["kind"].tolist(), gaps["amount"].tolist(), strict=True):
        yield f"gaps: {kind}", amount


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Return nested values with dotted names."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value if value is None or isinstance(value, int | float | str) else str(value)


def _write_table(sheet: Any, table: pd.DataFrame, bold: Any) -> None:
    """Write one table with a frozen header, filters and columns wide enough."""
    columns = [plain_cells(table[column]) for column in table.columns]
    for position, (header, cells) in enumerate(zip(table.columns, columns, strict=True)):
        longest = max([len(header) + 3, *(len(str(cell)) for cell in cells[:SAMPLED] if cell is not None)])
        sheet.set_column(position, position, min(max(longest + 1, NARROWEST), WIDEST))
        sheet.write_string(0, position, header, bold)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table), len(columns) - 1)
    for row, values in enumerate(zip(*columns, strict=True), start=1):
        for position, cell in enumerate(values):
            _write_cell(sheet, row, position, cell)


def _write_cell(sheet: Any, row: int, column: int, value: Any, style: Any = None) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, ExactNumber(value), style)
