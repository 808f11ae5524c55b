"""Keys are unique and references lead somewhere, in every table alike, as declared."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coordination.instance.conversion import Typed
from coordination.instance.draft import Check, Draft
from coordination.instance.names import nearest
from coordination.instance.tables import TABLES

SUGGESTIONS = 10
"""Unknown names per column for which the nearest known one is searched."""


def check_unique_keys(check: Check) -> None:
    """No two rows of a table share its key.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    for name, table in TABLES.items():
        draft, keys = check[name], list(table.unique)
        if not keys or not draft.has(*keys):
            continue
        rows = np.flatnonzero(draft.usable(*keys))
        first = _first_of_same(np.stack([_codes(draft.typed[column])[rows] for column in keys]))
        repeated = first != np.arange(len(rows))
        again, before = rows[repeated], draft.lines[rows[first[repeated]]]
        column = keys[0] if len(keys) == 1 else None
        expected = f"{' and '.join(keys)} that no other row has"
        advice = [f"Row {line} has the same: join or remove one of them." for line in before]
        found = {row: ", ".join(_key(draft, keys, row)) for row in again.tolist()}
        check.report(name, again, column, expected, advice, found)


def _codes(typed: Typed) -> NDArray[np.int64]:
    """Whole numbers that tell the values of a column apart."""
    if typed.codes is not None:
        return typed.codes
    return pd.factorize(typed.floats)[0].astype(np.int64)


def _first_of_same(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each row (column of `codes`) the position of the first row equal to it."""
    key = np.zeros(codes.shape[1], dtype=np.int64)
    for part in codes:
        # Numbered anew after each part, so that the product cannot overflow.
        key = pd.factorize(key * (int(part.max(initial=0)) + 2) + part + 1)[0].astype(np.int64)
    first = np.full(int(key.max(initial=-1)) + 1, len(key), dtype=np.int64)
    np.minimum.at(first, key, np.arange(len(key)))
    return first[key]


def _key(draft: Draft, keys: list[str], row: int) -> list[str]:
    typed = (draft.typed[column] for column in keys)
    return [repr(part.words[part.codes[row]]) if part.codes is not None else f"{part.floats[row]:g}" for part in typed]


def check_references(check: Check) -> None:
    """Every reference names an id that its table has; ``*`` in a list stands for all.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it. Tables that could not be read are not checked against.
    """
    known = {name: set(check[name].ids(TABLES[name].unique[0])) for name in _referred() if check[name].complete}
    for name, draft in check.drafts.items():
        for column, typed in draft.typed.items():
            kind = typed.column.kind
            if kind.reference in known and typed.codes is not None:
                _check_column(check, name, column, typed, known[kind.reference])


def _referred() -> set[str]:
    columns = (column for table in TABLES.values() for column in table.columns.values())
    return {column.kind.reference for column in columns if column.kind.reference}


def _check_column(check: Check, name: str, column: str, typed: Typed, known: set[str]) -> None:
    target = typed.column.kind.reference
    listed = typed.column.kind.writing == "list"
    dangling: dict[int, str] = {}
    for code, word in enumerate(typed.words):
        names = [part for part in word.split(";") if part != "*"] if listed else [word]
        missing = next((part for part in names if part not in known), None)
        if missing is not None and word:
            near = nearest(missing, sorted(known)) if len(dangling) < SUGGESTIONS else ""
            dangling[code] = near if known else f"{target} is empty or absent."
    if not dangling or typed.codes is None:
        return
    wrong = np.zeros(len(typed.words) + 1, dtype=bool)
    wrong[list(dangling)] = True
    rows = np.flatnonzero(wrong[typed.codes] & (typed.codes >= 0))
    advice = [dangling[int(typed.codes[row])] for row in rows]
    check.report(name, rows, column, typed.column.expected, advice)
    typed.bad[rows] = True
