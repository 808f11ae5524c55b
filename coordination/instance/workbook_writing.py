"""Write an instance as a workbook: one sheet per table, ``instance`` with keys and values."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coordination.errors import WriteError
from coordination.instance.writing import plain_cells, written_tables

if TYPE_CHECKING:
    from coordination.instance.instance import Instance

MOST_ROWS = 1_048_576
"""Rows of a sheet, the header among them: a limit of the format."""

LONGEST_TEXT = 32_767
"""Characters of a cell: a limit of the format."""


class ExactNumber(float):
    """A number that a workbook keeps to the last bit: XlsxWriter would write 16 digits of 17."""

    def __format__(self, specification: str) -> str:
        return repr(float(self))


def write_workbook(instance: "Instance", path: Path) -> None:
    """Write an instance as an ``.xlsx`` workbook.

    Parameters
    ----------
    instance : Instance
        What is written.
    path : Path
        The file.

    Raises
    ------
    WriteError
        If XlsxWriter is not installed, or a table or text is too long for the format.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise WriteError("Writing .xlsx needs XlsxWriter: pip install 'coordination[excel]'.") from error
    # Nothing is a formula or a link: texts are written as text, cell by cell.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("instance")
        for row, pair in enumerate([("key", "value"), *_flat(instance.given_header())]):
            _write_row(sheet, row, pair, "instance")
        for name, frame in written_tables(instance):
            if len(frame) >= MOST_ROWS:
                raise WriteError(f"{name} has {len(frame)} rows, more than a sheet holds. Save a folder instead.")
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            _write_row(sheet, 0, [str(column) for column in frame], name)
            cells = (plain_cells(frame[column]) for column in frame)
            for row, values in enumerate(zip(*cells, strict=True), start=1):
                _write_row(sheet, row, values, name)


def _write_row(sheet: Any, row: int, values: Any, name: str) -> None:
    for column, value in enumerate(values):
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, str):
            if len(value.encode("utf-16-le")) > 2 * LONGEST_TEXT:
                raise WriteError(f"{name}, row {row + 1}: text too long for a workbook. Save a folder instead.")
            sheet.write_string(row, column, value)
        elif value is not None:
            sheet.write_number(row, column, ExactNumber(value))


def _flat(header: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Keys and values of the header, those of nested mappings as ``policy.key``."""
    for key, value in header.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{key}.")
        elif isinstance(value, list):
            yield f"{path}{key}", ";".join(map(str, value))
        else:
            yield f"{path}{key}", value
