"""The fingerprint of an instance: it changes if and only if the validated content does."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coordination.instance.policy import Policy
from coordination.instance.tables import TABLES

DEFAULTS = Policy().model_dump(mode="json")


def fingerprint(heading: Mapping[str, Any], frames: Mapping[str, pd.DataFrame]) -> str:
    """Hash the validated content; the order of rows does not matter.

    Empty tables, columns that hold nothing but their default, and policy keys at their default are left out, so that
    what later versions add leaves the fingerprint alone.

    Parameters
    ----------
    heading : mapping of str to object
        Header and policy, with defaults filled, as plain JSON values.
    frames : mapping of str to DataFrame
        All tables, validated and filled.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    policy = {key: value for key, value in heading["policy"].items() if value != DEFAULTS[key]}
    heading = {**heading, "policy": policy}
    digest.update(json.dumps(heading, sort_keys=True, ensure_ascii=True).encode())
    for name in TABLES:
        if len(frames[name]):
            _add_table(digest, name, frames[name])
    return digest.hexdigest()


def _add_table(digest: Any, name: str, frame: pd.DataFrame) -> None:
    columns = {column: _comparable(frame[column]) for column in frame.columns if not _is_default(name, frame[column])}
    order = _row_order([values for values, _ in columns.values()], len(frame))
    digest.update(json.dumps([name, len(frame)]).encode())
    for column, (values, words) in columns.items():
        digest.update(json.dumps([column, words]).encode())
        digest.update(np.ascontiguousarray(values[order]).astype("<i8").tobytes())


def _is_default(name: str, series: "pd.Series[Any]") -> bool:
    default = TABLES[name].columns[str(series.name)].default
    return bool((series.isna() if default is None else series == default).all())


def _comparable(series: "pd.Series[Any]") -> tuple[NDArray[np.int64], list[str] | None]:
    """Whole numbers that stand for the values; for texts, with the sorted words they count in."""
    if series.dtype == "float64":
        values = series.to_numpy(dtype=np.float64, copy=True) + 0.0
        values[np.isnan(values)] = np.nan  # one pattern of bits for absent
        return values.view(np.int64), None
    if series.dtype in ("int64", "bool"):
        return series.to_numpy().astype(np.int64), None
    codes, words = pd.factorize(series.to_numpy(dtype=object))
    rank = np.empty(len(words) + 1, dtype=np.int64)
    rank[sorted(range(len(words)), key=lambda place: words[place])] = np.arange(len(words))
    rank[-1] = -1
    return rank[codes], sorted(words.tolist())


def _row_order(columns: list[NDArray[np.int64]], rows: int) -> NDArray[np.int64]:
    """Order that sorts the rows by all columns, whatever order they came in."""
    key = np.zeros(rows, dtype=np.int64)
    for values in columns:
        if int(key.max(initial=0)) == rows - 1:
            break  # all rows told apart
        found, codes = np.unique(values, return_inverse=True)
        if key.max(initial=0) == 0:
            key = codes.astype(np.int64)
            continue
        key = np.unique(key * len(found) + codes, return_inverse=True)[1].astype(np.int64)
    return np.argsort(key, kind="stable")
