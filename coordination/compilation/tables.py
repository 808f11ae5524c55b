"""Index sets as columns of codes: which entries there are, at which position, found in bulk.

A `Table` is one set with its entries in order. The `Domain` of a component is the product of the tables it is
indexed by (none for a scalar, one for a sparse set, several for a dense product), so a product is never written out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.compilation.codes import Codes, IntArray
from coordination.compilation.errors import CompilationError

DIRECT = 1 << 20
"""A lookup table of up to this many cells (or eight per entry) is addressed directly, a larger one by hashing."""


class Table:
    """The entries of one set.

    Attributes
    ----------
    name : str
        Name of the set, for messages.
    columns : tuple of numpy.ndarray
        One (size,) int64 array of codes per dimension.
    size : int
        Number of entries.
    """

    def __init__(self, name: str, codes: Codes, columns: Sequence[IntArray], labels: pd.Index | None = None) -> None:
        self.name = name
        self.codes = codes
        self.columns = tuple(columns)
        self.size = len(self.columns[0])
        self._labels = labels

    @property
    def dimen(self) -> int:
        """Number of dimensions."""
        return len(self.columns)

    @cached_property
    def labels(self) -> pd.Index:
        """The entries as a pandas Index, in order."""
        if self._labels is not None:
            return self._labels
        values = [self.codes.decode(column) for column in self.columns]
        return pd.Index(values[0]) if len(values) == 1 else pd.MultiIndex.from_arrays(values)

    def entry(self, position: int) -> tuple[Any, ...]:
        """Return one entry as a tuple of index values."""
        return tuple(self.codes.decode_one(int(column[position])) for column in self.columns)

    def find(self, columns: Sequence[IntArray]) -> IntArray:
        """Return the position of each of n entries given by columns of codes, −1 where there is none.

        Parameters
        ----------
        columns : sequence of numpy.ndarray
            One (n,) int64 array of codes per dimension.

        Returns
        -------
        numpy.ndarray
            (n,) int64.
        """
        return self._finder.find(columns)

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self.columns)

    def check_unique(self) -> None:
        """Refuse a set that names an entry twice.

        Raises
        ------
        CompilationError
            Naming set and entry.
        """
        if self.size < 2:
            return
        duplicates = np.flatnonzero(self.find(self.columns) != np.arange(self.size))
        if len(duplicates):
            raise CompilationError(f"set {self.name} has the entry {shown(self.entry(int(duplicates[0])))} twice")


class Finder:
    """Positions of entries, by one packed key each."""

    def __init__(self, columns: Sequence[IntArray]) -> None:
        self._columns = [_Ranker(column) for column in columns]
        self._cells = math.prod(ranker.cells for ranker in self._columns)
        if self._cells >= 1 << 62:
            raise CompilationError("an index set has too many distinct values in its dimensions")
        keys = self._pack(columns)
        size = len(keys)
        self._direct: npt.NDArray[np.int32] | None = None
        self._hashed: pd.Index | None = None
        if self._cells <= max(DIRECT, 8 * size):
            self._direct = np.full(self._cells, -1, dtype=np.int32)
            self._direct[keys[::-1]] = np.arange(size - 1, -1, -1, dtype=np.int32)
        else:
            unique, first = np.unique(keys, return_index=True)
            self._hashed, self._first = pd.Index(unique), first

    def _pack(self, columns: Sequence[IntArray]) -> IntArray:
        """Return the mixed-radix key of each entry, −1 where a value is unknown."""
        keys = self._columns[0].rank(columns[0])
        unknown = keys < 0 if self._columns[0].partial else None
        for ranker, column in zip(self._columns[1:], columns[1:], strict=True):
            rank = ranker.rank(column)
            if ranker.partial:
                missing = rank < 0
                unknown = missing if unknown is None else unknown | missing
            keys = keys * ranker.cells + rank
        if unknown is not None and unknown.any():
            keys = np.where(unknown, -1, keys)
        return keys

    def find(self, columns: Sequence[IntArray]) -> IntArray:
        """Return positions of entries, −1 where there is none."""
        keys = self._pack(columns)
        if self._direct is not None:
            if not self._cells:
                return np.full(len(keys), -1, dtype=np.int64)
            found = self._direct[keys].astype(np.int64)
        else:
            assert self._hashed is not None
            at = self._hashed.get_indexer(pd.Index(keys))
            found = np.where(at < 0, -1, self._first[at])
        if len(keys) and int(keys.min()) < 0:
            found[keys < 0] = -1
        return found


class _Ranker:
    """The rank of each value of one dimension among the values that occur there."""

    partial = True

    def __init__(self, column: IntArray) -> None:
        low, high = (int(column.min()), int(column.max())) if len(column) else (0, -1)
        span = high - low + 1
        self._low, self._high = low, high
        self._unique: IntArray | None = None
        if span > max(4 * len(column), 1024):
            self._unique = np.unique(column)
        self.cells = span if self._unique is None else len(self._unique)

    def rank(self, values: IntArray) -> IntArray:
        """Return the ranks of values, −1 for a value that does not occur."""
        if not self.cells:
            return np.full(len(values), -1, dtype=np.int64)
        if self._unique is None:
            if len(values) and (int(values.min()) < self._low or int(values.max()) > self._high):
                return np.where((values >= self._low) & (values <= self._high), values - self._low, -1)
            return values - self._low
        at = np.minimum(np.searchsorted(self._unique, values), len(self._unique) - 1)
        return np.where(self._unique[at] == values, at, -1)


class Domain:
    """What a component is indexed by: the product of its tables.

    Attributes
    ----------
    tables : tuple of Table
        The factors; none for a scalar component.
    size : int
        Number of indices.
    """

    def __init__(self, tables: Sequence[Table]) -> None:
        self.tables = tuple(tables)
        self.size = math.prod(table.size for table in self.tables)

    @property
    def dimen(self) -> int:
        """Number of index values per entry (0 for a scalar)."""
        return sum(table.dimen for table in self.tables)

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """How far one step in each factor moves the position."""
        return tuple(math.prod(table.size for table in self.tables[i + 1 :]) for i in range(len(self.tables)))

    def factor_positions(self, factor: int) -> IntArray:
        """Return, for all indices in order, the position within one factor."""
        size, stride = self.tables[factor].size, self.strides[factor]
        outer = self.size // (size * stride) if self.size else 0
        return np.tile(np.repeat(np.arange(size), stride), outer)

    def entry(self, position: int) -> tuple[Any, ...]:
        """Return one index as a flat tuple of values."""
        flat: tuple[Any, ...] = ()
        for table, stride in zip(self.tables, self.strides, strict=True):
            flat += table.entry(position // stride % table.size)
        return flat

    def find(self, columns: Sequence[IntArray]) -> IntArray:
        """Return positions of n indices given by columns of codes, −1 where there is none."""
        if len(self.tables) == 1:
            return self.tables[0].find(columns)
        position = np.zeros(len(columns[0]), dtype=np.int64)
        missing = np.zeros(len(columns[0]), dtype=bool)
        first = 0
        for table, stride in zip(self.tables, self.strides, strict=True):
            at = table.find(columns[first : first + table.dimen])
            first += table.dimen
            missing |= at < 0
            position += at * stride
        return np.where(missing, -1, position)

    @cached_property
    def labels(self) -> pd.Index:
        """All indices as a pandas Index (one entry ``None`` for a scalar)."""
        if not self.tables:
            return pd.Index([None], dtype=object)
        if len(self.tables) == 1:
            return self.tables[0].labels
        levels: list[Any] = []
        names: list[Any] = []
        for factor, table in enumerate(self.tables):
            at = self.factor_positions(factor)
            labels = table.labels
            for i in range(labels.nlevels):
                levels.append(labels.get_level_values(i).take(at))
                names.append(labels.names[i])
        return pd.MultiIndex.from_arrays(levels, names=names)


def shown(entry: tuple[Any, ...]) -> str:
    """Return an index as people write it: ``'a'`` or ``('a', 3)``."""
    return repr(entry[0]) if len(entry) == 1 else repr(entry)
