"""Positions that repeat in a pattern, kept as the pattern: over products of sets most of them do.

An index ``(a, k, t)`` over a product stands at ``a`` for as many rows as there are pairs ``(k, t)``, then moves on. As
an array this is as long as the product; as a pattern it is as long as the set of all ``a``. A rule over a product then
costs little more memory than the entries of the matrix that it makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

PositionArray: TypeAlias = npt.NDArray[np.signedinteger[Any]]

Scalar = TypeVar("Scalar", bound=np.generic)


def narrow(size: int) -> type[np.int32] | type[np.int64]:
    """Return the type that holds positions among `size`: half the memory, but for the very largest."""
    return np.int32 if size < 1 << 31 else np.int64


def counted(size: int, first: int = 0) -> PositionArray:
    """Return the positions ``first, first + 1, …``, `size` of them."""
    return np.arange(first, first + size, dtype=narrow(first + size))


@dataclass(frozen=True, eq=False)
class Pattern:
    """``base``, each value `each` times in a row, the whole `times` times.

    Attributes
    ----------
    base : numpy.ndarray
        (n,) positions.
    each, times : int
        How often.
    plain : bool
        Whether `base` is 0, 1, …, n − 1.
    """

    base: PositionArray
    each: int = 1
    times: int = 1
    plain: bool = False

    @classmethod
    def of_rows(cls, outside: int, inside: int) -> Pattern:
        """Return to which of `outside` rows each row of a sum over `inside` entries belongs."""
        return cls(counted(outside), inside, 1, True)

    @property
    def size(self) -> int:
        """Number of positions."""
        return len(self.base) * self.each * self.times

    def spread(self, values: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
        """Return, of values by position, the one at each position of the pattern."""
        taken = values[: len(self.base)] if self.plain else values[self.base]
        spread: npt.NDArray[Scalar] = np.repeat(taken, self.each) if self.each != 1 else taken
        return np.tile(spread, self.times) if self.times != 1 else spread

    def array(self) -> PositionArray:
        """Return the positions one by one."""
        spread = np.repeat(self.base, self.each) if self.each != 1 else self.base
        return np.tile(spread, self.times) if self.times != 1 else spread

    def through(self, mapped: PositionArray) -> Pattern:
        """Return the pattern of what each position is mapped to."""
        return Pattern(mapped[self.base], self.each, self.times)

    def strided(self, stride: int, dtype: Any) -> Pattern:
        """Return the pattern of positions `stride` times as far."""
        return self if stride == 1 else Pattern(np.multiply(self.base, stride, dtype=dtype), self.each, self.times)

    def joined(self, other: Pattern) -> Pattern | None:
        """Return the pattern of the sums with one that runs through its base while this one stands, else None."""
        if self.each != len(other.base) * other.each or other.times != self.times * len(self.base):
            return None
        base = np.add.outer(self.base, other.base).ravel()
        return Pattern(base, other.each, self.times)

    def at(self, rows: Positions) -> Positions:
        """Return the positions that stand at some rows."""
        if rows is None:
            return self
        if isinstance(rows, Pattern):
            if rows.plain and rows.times == 1 and len(rows.base) == self.size:
                return Pattern(self.base, self.each * rows.each, self.times, self.plain)
            rows = rows.array()
        row = rows // self.each
        if self.times != 1:
            row %= len(self.base)
        return row if self.plain else self.base[row]


Positions: TypeAlias = PositionArray | Pattern | None
"""One per row: an array, a pattern, or None where row i stands at position i."""


def at_rows(positions: Positions, rows: Positions) -> Positions:
    """Return the positions that stand at some rows."""
    if positions is None or rows is None:
        return rows if positions is None else positions
    if isinstance(positions, Pattern):
        return positions.at(rows)
    return rows.spread(positions) if isinstance(rows, Pattern) else positions[rows]


def mapped_through(positions: Positions, mapped: PositionArray) -> Positions:
    """Return what each position is mapped to."""
    if positions is None:
        return mapped
    return positions.through(mapped) if isinstance(positions, Pattern) else mapped[positions]


def values_at(positions: Positions, values: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
    """Return, of values by position, the one that belongs to each row."""
    if positions is None:
        return values
    return positions.spread(values) if isinstance(positions, Pattern) else values[positions]


def as_array(positions: Positions, size: int) -> PositionArray:
    """Return the positions of `size` rows one by one."""
    if positions is None:
        return counted(size)
    return positions.array() if isinstance(positions, Pattern) else positions


def row_of(rows: Pattern | PositionArray, row: int) -> int:
    """Return one of the positions."""
    if isinstance(rows, Pattern):
        return int(rows.base[row // rows.each % len(rows.base)])
    return int(rows[row])


def run(positions: PositionArray) -> slice | PositionArray:
    """Return positions that follow one another as a slice, which numpy reads and writes in place."""
    first, last = int(positions[0]), int(positions[-1])
    follow = last - first + 1 == len(positions) and bool((positions[1:] > positions[:-1]).all())
    return slice(first, last + 1) if follow else positions


def lowest(positions: Positions) -> int:
    """Return the lowest position (0 where there is none): below 0 says that something was not found."""
    given: Any = positions.base if isinstance(positions, Pattern) else positions
    return int(given.min()) if given is not None and len(given) else 0


def in_product(parts: Sequence[Positions], strides: Sequence[int], rows: int, size: int) -> Positions:
    """Return positions in a product of `size` from those in its factors: a pattern where they make one."""
    dtype = narrow(size)
    joined = _joined(parts, strides, dtype)
    if joined is not None:
        return joined
    total = np.zeros(rows, dtype=dtype)
    for part, stride in zip(parts, strides, strict=True):
        if isinstance(part, Pattern):
            grid = total.reshape(part.times, len(part.base), part.each)
            grid += part.strided(stride, dtype).base[None, :, None]
        else:
            position = as_array(part, rows)
            total += position if stride == 1 else np.multiply(position, stride, dtype=dtype)
    return total


def _joined(parts: Sequence[Positions], strides: Sequence[int], dtype: Any) -> Pattern | None:
    whole: Pattern | None = None
    for part, stride in zip(parts, strides, strict=True):
        if not isinstance(part, Pattern):
            return None
        strided = part.strided(stride, dtype)
        whole = strided if whole is None else whole.joined(strided)
        if whole is None:
            return None
    return whole
