"""JSON documents and Python objects: tables as lists of row objects, or as frames."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from pydantic import BaseModel

from coordination.errors import shown
from coordination.instance.raw import Cells, Raw, table_of


class _NotFinite:
    """NaN or Infinity as JSON never has it, though many writers do; no column accepts it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


def read_json(text: str, file: str, raw: Raw) -> None:
    """Read a JSON document into `raw`.

    Parameters
    ----------
    text : str
        An object with the key ``instance`` and one key per table, each a list of row objects.
    file : str
        Its name, for messages.
    raw : Raw
        Receives header, tables and what is wrong with them.

    Raises
    ------
    InstanceError
        If it is no JSON document of an instance at all.
    """
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice.extend(name for name in found if names.count(name) > 1)
        return found

    try:
        document = json.loads(text, object_pairs_hook=once, parse_constant=_NotFinite)
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        row = getattr(error, "lineno", None)
        raw.give_up(file, f"broken JSON ({error})", "a JSON document", "", row)
    if twice:
        raw.give_up(file, f"the key {shown(twice[0])} twice in one object", "each key once", "Remove one.")
    if not isinstance(document, dict):
        raw.give_up(file, f"a {type(document).__name__}", "an object with the key instance and one per table")
    header = document.pop("instance", None)
    if isinstance(header, dict):
        raw.header = header
    else:
        raw.cannot_read("instance", shown(header), "an object with name, periods, period_hours, …")
    read_tables(document, raw)


def read_tables(tables: Mapping[str, Any], raw: Raw) -> None:
    """Read tables given as Python objects into `raw`.

    Parameters
    ----------
    tables : mapping of str to DataFrame, sequence of mapping or sequence of Row
        Rows by table; row numbers in messages count as if below a header row.
    raw : Raw
        Receives the tables and what is wrong with them.
    """
    for name, rows in tables.items():
        if isinstance(rows, pd.DataFrame):
            columns = _columns_of_frame(rows, str(name), raw)
        elif isinstance(rows, Sequence) and not isinstance(rows, str | bytes):
            columns = _columns_of_rows(rows, str(name), raw)
        else:
            raw.cannot_read(str(name), f"a {type(rows).__name__}", "a list of rows")
            continue
        if columns is not None:
            raw.tables[str(name)] = table_of(columns)


def _columns_of_frame(frame: pd.DataFrame, name: str, raw: Raw) -> dict[str, Cells] | None:
    names = [str(column) for column in frame.columns]
    if len(set(names)) < len(names):
        raw.cannot_read(name, "a column twice", "each column once")
        return None
    columns: dict[str, Cells] = {}
    for place, column in enumerate(names):
        series = frame.iloc[:, place]
        plain = isinstance(series.dtype, type(series.to_numpy().dtype)) and series.dtype.kind in "fiub"
        columns[column] = series.to_numpy() if plain else series.to_numpy(dtype=object)
    return columns


def _columns_of_rows(rows: Sequence[Any], name: str, raw: Raw) -> dict[str, Cells] | None:
    plain = [row.model_dump(by_alias=True) if isinstance(row, BaseModel) else row for row in rows]
    wrong = next((place for place, row in enumerate(plain) if not isinstance(row, Mapping)), None)
    if wrong is not None:
        raw.cannot_read(name, shown(plain[wrong]), "an object with a key per column", "", wrong + 2)
        return None
    names: dict[str, None] = {}
    for row in plain:
        names.update(dict.fromkeys(row))
    return {str(column): [row.get(column) for row in plain] for column in names}
