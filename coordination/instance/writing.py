"""Write an instance as a folder, a JSON document or a workbook: all or nothing, and exactly."""

import json
import os
import secrets
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np
import pandas as pd

from coordination.errors import WriteError
from coordination.instance.csv_text import EXACT_WHOLE, csv_line, csv_lines
from coordination.instance.tables import TABLES
from coordination.replacing import replacing

if TYPE_CHECKING:
    from coordination.instance.instance import Instance

HEADER_FILE = "instance.yaml"
OTHER_FORMATS = (".yaml", ".yml", ".csv", ".xls", ".ods", ".zip", ".txt")


def save(instance: "Instance", path: Path) -> None:
    """Write an instance; reading it gives the same fingerprint.

    Parameters
    ----------
    instance : Instance
        What to write.
    path : Path
        Target: ``.xlsx`` a workbook, ``.json`` a document, anything else a folder.

    Raises
    ------
    WriteError
        If the target holds something other than an instance, or cannot be written.
    """
    try:
        if path.suffix.lower() == ".xlsx":
            from coordination.instance.workbook_writing import write_workbook

            _replace_file(path, _holds_workbook, lambda target: write_workbook(instance, target))
        elif path.suffix.lower() == ".json":
            _replace_file(path, _holds_document, lambda target: _write_document(instance, target))
        elif path.suffix.lower() in OTHER_FORMATS:
            raise WriteError(f"{path}: instances are written as a folder, an .xlsx workbook or a .json document.")
        else:
            _replace_folder(instance, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise WriteError(f"{path} cannot be written ({reason}). Choose another target.") from error


def written_tables(instance: "Instance") -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the tables that have rows, without optional columns that hold nothing.

    Parameters
    ----------
    instance : Instance
        What is written.

    Yields
    ------
    tuple of str and DataFrame
        Name, and the columns to write.
    """
    for name, table in TABLES.items():
        frame = instance.given(name)
        if len(frame):
            held = [column for column in frame if table.columns[str(column)].required or frame[column].notna().any()]
            yield name, frame[held]


def plain_cells(values: "pd.Series[Any]") -> list[Any]:
    """Give the cells of a column as plain Python values.

    Parameters
    ----------
    values : Series
        A column of an instance's table.

    Returns
    -------
    list
        Text, numbers (int where whole), truth values; None where absent.
    """
    if values.dtype == "float64":
        numbers = values.to_numpy()
        whole = (numbers == np.trunc(numbers)) & (np.abs(numbers) < EXACT_WHOLE)
        cells = numbers.astype(object)
        cells[whole] = numbers[whole].astype(np.int64)
        cells[np.isnan(numbers)] = None
        return cells.tolist()
    if values.dtype in ("int64", "bool"):
        return values.tolist()
    return values.astype(object).where(values.notna(), None).tolist()


# ------------------------------------------------------------------------------------------------ folder


def _replace_folder(instance: "Instance", path: Path) -> None:
    if path.exists() and not _holds_folder(path):
        raise WriteError(f"{path} is there and is no instance folder. Choose another target, or remove it.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as folder:
        for other in path.iterdir() if path.is_dir() else ():
            if other.name != HEADER_FILE and other.suffix.lower() != ".csv":
                _copy(other, folder / other.name)  # a README beside the tables stays
        write_header(instance, folder / HEADER_FILE)
        for name, frame in written_tables(instance):
            write_csv(frame, folder / f"{name}.csv")


def _holds_folder(path: Path) -> bool:
    """Whether a folder is empty, or an instance with no table that we would not know."""
    if not path.is_dir():
        return False
    files = list(path.iterdir())
    tables = all(file.stem in TABLES for file in files if file.suffix.lower() == ".csv")
    return not files or (tables and (path / HEADER_FILE).is_file())


def _copy(source: Path, target: Path) -> None:
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target, follow_symlinks=False)


def write_header(instance: "Instance", path: Path) -> None:
    """Write ``instance.yaml`` with the keys that were given.

    Parameters
    ----------
    instance : Instance
        What is written.
    path : Path
        The file.
    """
    from ruamel.yaml import YAML

    yaml: Any = YAML(typ="safe", pure=True)  # its options are declared None and set to bool
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False
    with path.open("w", encoding="utf-8", newline="\n") as file:
        yaml.dump(instance.given_header(), file)


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV: UTF-8, numbers exact, absent cells empty.

    Parameters
    ----------
    frame : DataFrame
        The table.
    path : Path
        The file.
    """
    columns = [frame[column] for column in frame]
    header = csv_line(frame.columns)
    # A row of one cell that is absent would be an empty line: the csv module knows how to write it.
    rows = csv_lines(columns) if len(columns) > 1 else map(csv_line, zip(*map(plain_cells, columns), strict=True))
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8", newline="")


# ------------------------------------------------------------------------------------------------- files


def _replace_file(path: Path, ours: Callable[[Path], bool], write: Callable[[Path], None]) -> None:
    """Write a file beside the target, sync it and rename it over the target."""
    path = path.resolve()
    if path.exists() and not (path.is_file() and ours(path)):
        raise WriteError(f"{path} is there and is no instance. Choose another target, or remove it.")
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}.partial")
    try:
        write(beside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _holds_document(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(200)
    return not start or b"".join(start.split()).startswith(b'{"instance":')


def _holds_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as parts:
            return b'name="instance"' in parts.read("xl/workbook.xml")
    except (zipfile.BadZipFile, KeyError):
        return path.stat().st_size == 0


def _write_document(instance: "Instance", path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"instance": ')
        json.dump(instance.given_header(), file, ensure_ascii=False, indent=2)
        for name, frame in written_tables(instance):
            file.write(f",\n{json.dumps(name)}: [\n")
            _write_rows(frame, file)
            file.write("\n]")
        file.write("\n}\n")


def _write_rows(frame: pd.DataFrame, file: TextIO) -> None:
    """Write rows as objects, one a line, absent cells left out."""
    names = [str(column) for column in frame]
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    rows = zip(*(plain_cells(frame[column]) for column in frame), strict=True)
    objects = ({name: cell for name, cell in zip(names, row, strict=True) if cell is not None} for row in rows)
    file.write(",\n".join(encode(row) for row in objects))
