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
from coordination.compilation.positions import Pattern, PositionArray, counted, narrow

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

    def find(self, columns: Sequence[IntArray]) -> PositionArray:
        """Return the position of each of n entries given by columns of codes, −1 where there is none.

        Parameters
        ----------
        columns : sequence of numpy.ndarray
            One (n,) int64 array of codes per dimension.

        Returns
        -------
        numpy.ndarray
            (n,) whole numbers.
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
        repeated = self._finder.repeated()
        if repeated is not None:
            raise CompilationError(f"set {self.name} has the entry {shown(self.entry(repeated))} twice")


class Finder:
    """Positions of entries, by one packed key each."""

    def __init__(self, columns: Sequence[IntArray]) -> None:
        self._rankers = [_Ranker(column) for column in columns]
        self._cells = math.prod(ranker.cells for ranker in self._rankers)
        if self._cells >= 1 << 62:
            raise CompilationError("an index set has too many distinct values in its dimensions")
        self._keys, _ = self._pack(columns)

    def _pack(self, columns: Sequence[IntArray]) -> tuple[IntArray, npt.NDArray[np.bool_] | None]:
        """Return the mixed-radix key of each entry, and where a value is unknown (None: nowhere)."""
        keys, unknown = self._rankers[0].rank(columns[0])
        for ranker, column in zip(self._rankers[1:], columns[1:], strict=True):
            rank, strange = ranker.rank(column)
            keys = keys * ranker.cells
            keys += rank
            if strange is not None:
                unknown = strange if unknown is None else unknown | strange
        if unknown is not None:
            keys[unknown] = 0
        return keys, unknown

    @cached_property
    def _direct(self) -> npt.NDArray[np.int32] | None:
        """The first position of each key, or None when there would be too many cells."""
        size = len(self._keys)
        if self._cells > max(DIRECT, 8 * size):
            return None
        direct = np.full(self._cells, -1, dtype=np.int32)
        direct[self._keys[::-1]] = np.arange(size - 1, -1, -1, dtype=np.int32)
        return direct

    @cached_property
    def _hashed(self) -> tuple[pd.Index, PositionArray]:
        unique, first = np.unique(self._keys, return_index=True)
        return pd.Index(unique), first.astype(narrow(len(first)))

    def repeated(self) -> int | None:
        """Return the position of the first entry that is there twice, None when all differ."""
        keys = self._keys
        if len(keys) < 2 or (keys[1:] > keys[:-1]).all():
            return None
        seen = pd.Series(keys).duplicated().to_numpy()
        return int(np.argmax(seen)) if seen.any() else None

    def find(self, columns: Sequence[IntArray]) -> PositionArray:
        """Return positions of entries, −1 where there is none."""
        if not len(self._keys):
            return np.full(len(columns[0]), -1, dtype=np.int32)
        keys, unknown = self._pack(columns)
        found: PositionArray
        if self._direct is not None:
            found = self._direct[keys]
        else:
            index, first = self._hashed
            at = index.get_indexer(pd.Index(keys))
            found = first[at]
            found[at < 0] = -1
        if unknown is not None:
            found[unknown] = -1
        return found


class _Ranker:
    """The rank of each value of one dimension among the values that occur there."""

    def __init__(self, column: IntArray) -> None:
        low, high = (int(column.min()), int(column.max())) if len(column) else (0, -1)
        self._low = low
        self._unique = np.unique(column) if high - low >= max(4 * len(column), 1024) else None
        self.cells = high - low + 1 if self._unique is None else len(self._unique)

    def rank(self, values: IntArray) -> tuple[IntArray, npt.NDArray[np.bool_] | None]:
        """Return the ranks of values, and which of them do not occur (None: all occur, or may)."""
        if self._unique is None:
            rank = values - self._low
            strange = rank.view(np.uint64) >= self.cells
        else:
            rank = np.minimum(np.searchsorted(self._unique, values), len(self._unique) - 1)
            strange = self._unique[rank] != values
        return rank, strange if strange.any() else None


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

    def factor_positions(self, factor: int) -> Pattern:
        """Return, for all indices in order, the position within one factor."""
        size, stride = self.tables[factor].size, self.strides[factor]
        return Pattern(counted(size), stride, self.size // (size * stride) if self.size else 0, plain=True)

    def entry(self, position: int) -> tuple[Any, ...]:
        """Return one index as a flat tuple of values."""
        flat: tuple[Any, ...] = ()
        for table, stride in zip(self.tables, self.strides, strict=True):
            flat += table.entry(position // stride % table.size)
        return flat

    def find(self, columns: Sequence[IntArray]) -> PositionArray:
        """Return positions of n indices given by columns of codes, −1 where there is none."""
        if len(self.tables) == 1:
            return self.tables[0].find(columns)
        position: PositionArray = np.zeros(len(columns[0]), dtype=narrow(self.size))
        missing = np.zeros(len(columns[0]), dtype=bool)
        first = 0
        for table, stride in zip(self.tables, self.strides, strict=True):
            at = table.find(columns[first : first + table.dimen])
            first += table.dimen
            missing |= at < 0
            position += np.multiply(at, stride, dtype=position.dtype)
        position[missing] = -1
        return position

    @cached_property
    def labels(self) -> pd.Index:
        """All indices as a pandas Index (one entry ``None`` for a scalar)."""
        if not self.tables:
            return pd.Index([None], dtype=object)
        if len(self.tables) == 1:
            return self.tables[0].labels
        levels: list[Any] = []
        codes: list[Any] = []
        names: list[Any] = []
        for factor, table in enumerate(self.tables):
            for level, of_table, name in _levels(table.labels):
                levels.append(level)
                codes.append(self.factor_positions(factor).spread(of_table))
                names.append(name)
        return pd.MultiIndex(levels, codes, names=names, copy=False, verify_integrity=False)


def _levels(labels: pd.Index) -> list[tuple[pd.Index, npt.NDArray[Any], Any]]:
    """Return distinct values, the code of each entry and the name of each level of a set's labels."""
    if isinstance(labels, pd.MultiIndex):
        return [
            (level, np.asarray(codes), name)
            for level, codes, name in zip(labels.levels, labels.codes, labels.names, strict=True)
        ]
    return [(labels, np.arange(len(labels), dtype=np.min_scalar_type(-max(len(labels), 1))), labels.name)]


def shown(entry: tuple[Any, ...]) -> str:
    """Return an index as people write it: ``'a'`` or ``('a', 3)``."""
    return repr(entry[0]) if len(entry) == 1 else repr(entry)
