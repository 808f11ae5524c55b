"""Patterns of positions say the same as the arrays that they stand for."""

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.compilation import compile_model
from coordination.compilation.positions import Pattern, as_array, at_rows, in_product, row_of, values_at

SIZES = st.integers(1, 4)


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(SIZES, SIZES, SIZES, st.randoms(use_true_random=False))
def test_patterns_are_their_arrays(count, each, times, random):
    """Spread values, single rows and rows of rows agree with the positions written out."""
    base = np.array([random.randrange(9) for _ in range(count)], dtype=np.int32)
    for pattern in (Pattern(base, each, times), Pattern(np.arange(count, dtype=np.int32), each, times, plain=True)):
        array = as_array(pattern, pattern.size)
        values = np.arange(9) * 1.5
        assert values_at(pattern, values).tolist() == values[array].tolist()
        assert [row_of(pattern, row) for row in range(pattern.size)] == array.tolist()
        ragged = np.array([random.randrange(pattern.size) for _ in range(5)], dtype=np.int32)
        assert as_array(at_rows(pattern, ragged), 5).tolist() == array[ragged].tolist()
        inside = Pattern.of_rows(pattern.size, 3)
        assert as_array(at_rows(pattern, inside), pattern.size * 3).tolist() == np.repeat(array, 3).tolist()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_positions_in_a_product(order):
    """Factors of a product joined in any order give the positions of the product."""
    sizes = (2, 3, 4)
    grid = [axis.ravel() for axis in np.indices(sizes)]
    patterns = [
        Pattern(np.arange(n, dtype=np.int32), 24 // int(np.prod(sizes[: i + 1])), int(np.prod(sizes[:i])), plain=True)
        for i, n in enumerate(sizes)
    ]
    strides = [int(np.prod([sizes[j] for j in order[i + 1 :]])) for i in range(3)]
    expected = sum(grid[axis] * stride for axis, stride in zip(order, strides, strict=True))
    found = in_product([patterns[axis] for axis in order], strides, 24, 24)
    assert as_array(found, 24).tolist() == expected.tolist()
    mixed = in_product([patterns[order[0]], grid[order[1]], patterns[order[2]]], strides, 24, 24)
    assert as_array(mixed, 24).tolist() == expected.tolist()


def test_labels_of_a_product_are_pandas_own():
    """The index of a component over a product equals what pandas makes of the same sets."""
    pairs = pd.MultiIndex.from_tuples([("b", 2), ("a", 1), ("b", 1)], names=["where", "what"])
    times = pd.RangeIndex(300, name="time")
    m = pyo.AbstractModel()
    m.P, m.T = pyo.Set(dimen=2), pyo.Set()
    m.x = pyo.Var(m.P, m.T)
    form = compile_model(m, {"P": pairs, "T": times})
    index = form.variables["x"].index
    assert index.names == ["where", "what", "time"]
    assert index.tolist() == [(*pair, time) for pair in pairs for time in times]
    values = form.variables["x"].series(np.arange(900.0))
    assert values["a", 1, 7] == 307.0
    assert values.unstack("time").loc[("b", 1), 299] == 899.0
    assert values.sort_index().index.is_monotonic_increasing


def test_a_column_that_a_term_meets_twice():
    """Entries of a term that share a column take the longer way to the same matrix."""
    m = pyo.AbstractModel()
    m.S, m.T = pyo.Set(), pyo.Set()
    m.x = pyo.Var(m.S)
    m.twice = pyo.Constraint(m.S, m.T, rule=lambda m, s, t: (t + 1) * m.x[s] <= 1)
    m.same = pyo.Constraint(m.S, rule=lambda m, s: sum(m.x[s] for t in m.T) <= 1)
    form = compile_model(m, {"S": pd.Index(["a", "b"]), "T": range(2)})
    assert form.matrix.toarray().tolist() == [[1, 0], [2, 0], [0, 1], [0, 2], [2, 0], [0, 2]]
    assert form.matrix.has_canonical_format
