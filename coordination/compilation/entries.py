"""The data of one component, as tables and arrays, from the pandas objects that people hand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.compilation.codes import Codes, IntArray
from coordination.compilation.errors import CompilationError
from coordination.compilation.positions import PositionArray, narrow
from coordination.compilation.tables import Domain, Finder, Table, shown


def set_table(name: str, dimen: int | None, data: Any, codes: Codes) -> Table:
    """Return a set's entries.

    Parameters
    ----------
    name : str
        Name of the set, for messages.
    dimen : int or None
        Declared dimension; None when it follows from the data.
    data : pandas.Index, pandas.MultiIndex, pandas.DataFrame, numpy.ndarray, range or sequence
        The entries; a frame has one column per dimension, a sequence holds values or tuples.
    codes : Codes
        The compilation's codes.

    Raises
    ------
    CompilationError
        For a wrong dimension, a missing value or an entry given twice.
    """
    labels = None if isinstance(data, pd.DataFrame) else _as_index(data, dimen)
    columns = _columns(name, data if labels is None else labels, codes)
    if dimen is not None and len(columns) != dimen:
        raise CompilationError(f"set {name} has dimension {dimen}, but its data has {len(columns)}")
    if labels is None:
        labels = pd.MultiIndex.from_frame(data) if len(columns) > 1 else pd.Index(data.iloc[:, 0])
    table = Table(name, codes, columns, labels)
    table.check_unique()
    return table


def empty_table(name: str, dimen: int, codes: Codes) -> Table:
    """Return a set without entries."""
    return Table(name, codes, [np.empty(0, dtype=np.int64)] * dimen, _no_labels(dimen))


@cache
def _no_labels(dimen: int) -> pd.Index:
    nothing = pd.Index([], dtype="int64")
    return nothing if dimen == 1 else pd.MultiIndex.from_arrays([nothing] * dimen)


def no_members(name: str, domain: Domain, dimen: int, codes: Codes) -> Members:
    """Return an indexed set none of whose sets has a member."""
    return Members(domain, empty_table(name, dimen, codes), np.empty(0, dtype=narrow(0)))


def _as_index(data: Any, dimen: int | None) -> pd.Index:
    if isinstance(data, pd.Index):
        return data
    if isinstance(data, (pd.Series, np.ndarray, range)):
        return pd.Index(data)
    entries = list(data)
    if (dimen or 0) > 1 or (dimen is None and entries and isinstance(entries[0], tuple)):
        return pd.MultiIndex.from_tuples(entries) if entries else pd.MultiIndex.from_arrays([[]] * (dimen or 1))
    return pd.Index(entries) if entries else pd.Index([], dtype="int64")


def _columns(name: str, data: Any, codes: Codes) -> list[IntArray]:
    try:
        if isinstance(data, pd.DataFrame):
            return [codes.encode(column) for _, column in data.items()]
        if isinstance(data, pd.MultiIndex):
            return [_level(data, i, codes) for i in range(data.nlevels)]
        return [codes.encode(data)]
    except CompilationError as error:
        raise CompilationError(f"{name}: {error}") from None


def _level(index: pd.MultiIndex, i: int, codes: Codes) -> IntArray:
    positions = np.asarray(index.codes[i])
    if len(positions) and int(positions.min()) < 0:
        raise CompilationError("an index value is missing (NaN)")
    return codes.encode(index.levels[i])[positions]


class Members:
    """The entries of an indexed set, grouped by the index that owns them.

    Attributes
    ----------
    domain : Domain
        What the set is indexed by.
    table : Table
        The members of all owners, one owner after the other.
    start : numpy.ndarray
        (domain.size + 1,) where each owner's members begin in `table`.
    """

    def __init__(self, domain: Domain, table: Table, owners: PositionArray) -> None:
        self.domain = domain
        self.table = table
        self.owners = owners
        self.start = np.zeros(domain.size + 1, dtype=narrow(len(owners)))
        np.cumsum(np.bincount(owners, minlength=domain.size), out=self.start[1:], dtype=self.start.dtype)


def member_sets(name: str, domain: Domain, dimen: int | None, data: Any, codes: Codes) -> Members:
    """Return an indexed set's members.

    Parameters
    ----------
    name : str
        Name of the set, for messages.
    domain : Domain
        What it is indexed by.
    dimen : int or None
        Declared dimension of the members.
    data : pandas.DataFrame, pandas.MultiIndex or Mapping
        Rows of index values followed by member values (in any order of rows; within one index the order is kept),
        or members by index.
    codes : Codes
        The compilation's codes.

    Raises
    ------
    CompilationError
        For a wrong number of columns, an index outside of the domain, or a member given twice.
    """
    if isinstance(data, Mapping):
        data = _rows_of_mapping(data, domain.dimen + (dimen or 1))
    if not isinstance(data, (pd.DataFrame, pd.MultiIndex)):
        raise CompilationError(
            f"indexed set {name}: a DataFrame, MultiIndex or dict is expected, found {type(data).__name__}"
        )
    columns = _columns(name, data, codes)
    width = len(columns) - domain.dimen
    if width < 1 or (dimen is not None and width != dimen):
        expected = f"{domain.dimen} of index and {dimen or 'at least 1'} of members"
        raise CompilationError(f"indexed set {name}: columns expected: {expected}; found {len(columns)}")
    owners = domain.find(columns[: domain.dimen])
    if len(owners) and int(owners.min()) < 0:
        row = int(np.argmin(owners))
        entry = tuple(codes.decode_one(int(column[row])) for column in columns[: domain.dimen])
        raise CompilationError(f"indexed set {name}: {shown(entry)} is not in the set that it is indexed by")
    members = columns[domain.dimen :]
    if len(owners) > 1 and (owners[1:] < owners[:-1]).any():
        order = np.argsort(owners, kind="stable")
        owners, members = owners[order], [column[order] for column in members]
    repeated = Finder([owners.astype(np.int64, copy=False), *members]).repeated()
    if repeated is not None:
        member = tuple(codes.decode_one(int(column[repeated])) for column in members)
        raise CompilationError(f"indexed set {name} has the member {shown(member)} twice in one of its sets")
    return Members(domain, Table(name, codes, members), owners)


def _rows_of_mapping(data: Mapping[Any, Any], width: int) -> pd.DataFrame:
    def flat(value: Any) -> tuple[Any, ...]:
        return value if isinstance(value, tuple) else (value,)

    rows = [flat(index) + flat(member) for index, members in data.items() for member in members]
    return pd.DataFrame(rows, columns=range(len(rows[0]) if rows else width))


def param_values(name: str, domain: Domain, default: float | None, data: Any, codes: Codes) -> npt.NDArray[Any]:
    """Return a parameter's values over its whole domain, NaN where it has none.

    Parameters
    ----------
    name : str
        Name of the parameter, for messages.
    domain : Domain
        What it is indexed by.
    default : float or None
        Value of indices that the data does not name.
    data : pandas.Series, Mapping, numpy.ndarray or number
        Values by index; an array holds them in the domain's order; a number serves all.
    codes : Codes
        The compilation's codes.

    Returns
    -------
    numpy.ndarray
        (domain.size,) float64.

    Raises
    ------
    CompilationError
        For an index outside of the domain, an index given twice, or NaN among the data.
    """
    try:
        return _param_values(name, domain, default, data, codes)
    except (TypeError, ValueError) as error:
        raise CompilationError(f"parameter {name}: numbers are expected ({error})") from None


def _param_values(name: str, domain: Domain, default: float | None, data: Any, codes: Codes) -> npt.NDArray[Any]:
    if isinstance(data, np.ndarray):
        if data.size != domain.size:
            raise CompilationError(f"parameter {name}: {domain.size} values are expected, found {data.size}")
        return _no_nan(name, domain, np.ascontiguousarray(data, dtype=np.float64).ravel())
    if isinstance(data, Mapping):
        data = pd.Series(list(data.values()), index=_as_index(list(data), domain.dimen), dtype=np.float64)
    if not isinstance(data, pd.Series):
        return _no_nan(name, domain, np.full(domain.size, float(data)))
    given = data.to_numpy(dtype=np.float64)
    if len(domain.tables) == 1 and data.index is domain.tables[0].labels:
        return _no_nan(name, domain, given)
    columns = _columns(f"parameter {name}", data.index, codes)
    if len(columns) != domain.dimen:
        raise CompilationError(f"parameter {name}: {domain.dimen} index levels are expected, found {len(columns)}")
    if _same(columns, domain):
        return _no_nan(name, domain, given)
    at = domain.find(columns)
    if len(at) and int(at.min()) < 0:
        row = int(np.argmin(at))
        entry = tuple(codes.decode_one(int(column[row])) for column in columns)
        raise CompilationError(f"parameter {name}: {shown(entry)} is not in the set that it is indexed by")
    values = np.full(domain.size, np.nan if default is None else float(default))
    values[at] = given
    if np.isnan(given).any() or (len(at) > 1 and int(np.bincount(at, minlength=1).max()) > 1):
        _explain_values(name, domain, at, given)
    return values


def _same(columns: Sequence[IntArray], domain: Domain) -> bool:
    if len(domain.tables) != 1 or len(columns[0]) != domain.size:
        return False
    return all(np.array_equal(a, b) for a, b in zip(columns, domain.tables[0].columns, strict=True))


def _no_nan(name: str, domain: Domain, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if np.isnan(values).any():
        _explain_values(name, domain, np.arange(domain.size), values)
    return values


def _explain_values(name: str, domain: Domain, at: PositionArray, given: npt.NDArray[Any]) -> None:
    if np.isnan(given).any():
        entry = domain.entry(int(at[np.flatnonzero(np.isnan(given))[0]]))
        raise CompilationError(f"parameter {name} is NaN at {shown(entry)}: a number is expected")
    entry = domain.entry(int(np.argmax(np.bincount(at))))
    raise CompilationError(f"parameter {name} has more than one value at {shown(entry)}")
