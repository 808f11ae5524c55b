"""Every index value of a model as one 64-bit integer, so that numpy can compare and combine them.

Whole numbers stand for themselves (index arithmetic such as ``t - 1`` stays arithmetic); everything else
(text, infinities, dates) gets a number from `FIRST_CODE` on, the same throughout one compilation. As in Python,
``1``, ``1.0`` and ``True`` are the same index value.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.compilation.errors import CompilationError

IntArray = npt.NDArray[np.int64]

FIRST_CODE = 1 << 40
"""Codes from here on are not whole numbers; whole numbers used as indices are smaller than this in size."""


class Codes:
    """The two-way table between index values and integers of one compilation."""

    def __init__(self) -> None:
        self._code_of: dict[Any, int] = {}
        self._values: list[Any] = []

    def __len__(self) -> int:
        return len(self._values)

    def encode(self, values: Any) -> IntArray:
        """Return the codes of a one-dimensional array, Series or Index.

        Parameters
        ----------
        values : pandas.Index, pandas.Series or numpy.ndarray
            Index values of any type, n of them.

        Returns
        -------
        numpy.ndarray
            (n,) int64.

        Raises
        ------
        CompilationError
            If a value is missing (NaN, None) or a whole number of 2**40 and more.
        """
        dtype = values.dtype
        if isinstance(dtype, pd.CategoricalDtype):
            categorical = pd.Categorical(values)
            return take_level(self.encode(categorical.categories), np.asarray(categorical.codes))
        if isinstance(dtype, np.dtype) and dtype.kind in "iub":
            return _whole_numbers(np.asarray(values))
        if isinstance(dtype, np.dtype) and dtype.kind == "f":
            return self._encode_floats(np.asarray(values))
        codes, uniques = pd.factorize(values)
        return take_level(self._encode_distinct(uniques.tolist()), codes)

    def encode_one(self, value: Any) -> int:
        """Return the code of one index value."""
        if isinstance(value, (float, np.floating)):
            if np.isnan(value):
                raise CompilationError("an index value is missing (NaN)")
            value = int(value) if float(value).is_integer() else float(value)
        if isinstance(value, (int, np.integer)):
            if abs(int(value)) >= FIRST_CODE:
                raise CompilationError(f"the index value {value} is too large: whole numbers below 2**40 are expected")
            return int(value)
        if value is None:
            raise CompilationError("an index value is missing (None)")
        code = self._code_of.get(value)
        if code is None:
            code = self._code_of[value] = FIRST_CODE + len(self._values)
            self._values.append(value)
        return code

    def _encode_distinct(self, values: list[Any]) -> IntArray:
        if pd.api.types.infer_dtype(values) != "string":
            return np.array([self.encode_one(value) for value in values], dtype=np.int64)
        known = self._code_of  # as many values as codes, in order: the next code is their number
        before = len(known)
        codes = [known.setdefault(value, FIRST_CODE + len(known)) for value in values]
        self._values += islice(known, before, None)
        return np.array(codes, dtype=np.int64)

    def _encode_floats(self, values: npt.NDArray[np.floating[Any]]) -> IntArray:
        if np.isnan(values).any():
            raise CompilationError("an index value is missing (NaN)")
        whole = np.isfinite(values) & (values == np.floor(values))
        if whole.all():
            return _whole_numbers(values)
        codes = np.zeros(len(values), dtype=np.int64)
        codes[whole] = _whole_numbers(values[whole])
        codes[~whole] = [self.encode_one(value) for value in values[~whole]]
        return codes

    def decode_one(self, code: int) -> Any:
        """Return the index value of one code."""
        return self._values[code - FIRST_CODE] if code >= FIRST_CODE else int(code)

    def decode(self, codes: IntArray) -> npt.NDArray[Any]:
        """Return the index values of an array of codes: int64 where all are whole numbers, else object."""
        coded = codes >= FIRST_CODE
        if not coded.any():
            return codes
        table = np.empty(len(self._values), dtype=object)
        table[:] = self._values
        values = codes.astype(object)
        values[coded] = table[codes[coded] - FIRST_CODE]
        return values

    def numbers(self, codes: IntArray) -> npt.NDArray[np.float64]:
        """Return index values as numbers, for rules that calculate with an index.

        Raises
        ------
        CompilationError
            If one of them is not a number.
        """
        if not len(codes) or int(codes.max()) < FIRST_CODE:
            return codes.astype(np.float64)
        try:
            return self.decode(codes).astype(np.float64)
        except (TypeError, ValueError) as error:
            raise CompilationError(f"a rule calculates with an index that is not a number: {error}") from None


def take_level(level: IntArray, positions: npt.NDArray[Any]) -> IntArray:
    """Return `level` at `positions`, where −1 marks a missing value.

    Raises
    ------
    CompilationError
        If a value is missing.
    """
    if len(positions) and int(positions.min()) < 0:
        raise CompilationError("an index value is missing (NaN)")
    taken: IntArray = level[positions]
    return taken


def _whole_numbers(values: npt.NDArray[Any]) -> IntArray:
    if len(values) and (float(values.max()) >= FIRST_CODE or float(values.min()) <= -FIRST_CODE):
        raise CompilationError("an index value is too large: whole numbers below 2**40 are expected")
    return values.astype(np.int64)
