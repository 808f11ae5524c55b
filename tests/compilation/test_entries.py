"""Sets and parameters from every kind of data."""

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from coordination.compilation import compile_model

from .agreement import assert_same
from .models import HUBS, LANES, TIMES, shipping, shipping_data


def test_whole_numbers_written_as_floats_are_the_same_index(caplog):
    """As in Python, 1 and 1.0 are one index value; infinity is one too."""
    m = pyo.AbstractModel()
    m.S = pyo.Set()
    m.R = pyo.Set()
    m.x = pyo.Var(m.S)
    m.limit = pyo.Constraint(m.R, rule=lambda m, r: m.x[r] <= 1)
    m.objective = pyo.Objective(rule=lambda m: sum(m.x[s] for s in m.S))
    form = assert_same(m, {"S": pd.Index([1, 2, 3]), "R": pd.Index([3.0, 1.0])})
    assert form.matrix.toarray().tolist() == [[0, 0, 1], [1, 0, 0]]


def test_empty_sets():
    """A model whose sets are empty has no columns where they index, and sums over them are nothing."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, m.T, rule=lambda m, h, t: sum(m.ship[h, i, t] for i in m.FROM[h]) <= m.stock[h])
    m.total = pyo.Constraint(rule=lambda m: sum(m.left[h, t] for h in m.HUBS for t in m.T) + m.spare <= 1)
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    data = {
        "HUBS": pd.Index([], dtype=object),
        "LANES": pd.MultiIndex.from_arrays([[], []]),
        "FROM": pd.DataFrame({"hub": [], "town": []}, dtype=object),
        "stock": pd.Series([], index=pd.Index([], dtype=object), dtype=float),
    }
    form = compile_model(m, data)
    assert (form.columns, form.rows) == (1, 1)


def test_members_missing_for_an_index_are_none():
    """An index that the data of an indexed set does not name has no members."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, m.T, rule=lambda m, h, t: sum(m.ship[h, i, t] for i in m.FROM[h]) <= m.stock[h])
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    data = shipping_data()
    data["FROM"] = data["FROM"][data["FROM"]["hub"] != "B"]
    form = compile_model(m, data)
    rows = form.duals("limit", np.diff(form.matrix.tocsr().indptr).astype(float))
    assert rows["B"].tolist() == [0, 0, 0, 0]
    assert rows["A"].tolist() == [2, 2, 2, 2]


def test_sets_and_parameters_with_data_in_the_model():
    """What the model initialises itself, by value or by rule, needs no data."""
    m = pyo.AbstractModel()
    m.A = pyo.Set(initialize=["p", "q"])
    m.B = pyo.Set(initialize=lambda m: [1, 2, 3])
    m.AB = m.A * m.B
    m.SUB = pyo.Set(m.A, initialize={"p": [1], "q": [2, 3]})
    m.UNION = m.B | pyo.Set(initialize=[7])
    m.v = pyo.Param(m.A, m.B, initialize=lambda m, a, b: b * (2.0 if a == "p" else 3.0))
    m.w = pyo.Param(m.A, initialize={"p": 4.0}, default=9.0)
    m.u = pyo.Param(initialize=2.5, mutable=True)
    m.x = pyo.Var(m.AB)
    m.y = pyo.Var(m.UNION)
    m.z = pyo.Var([5, 6], range(2))
    m.one = pyo.Constraint(m.A, rule=lambda m, a: sum(m.v[a, b] * m.x[a, b] for b in m.SUB[a]) <= m.w[a] * m.u)
    m.two = pyo.Constraint(m.UNION, rule=lambda m, i: m.y[i] <= i)
    m.three = pyo.Constraint([5, 6], rule=lambda m, i: sum(m.z[i, j] for j in [0, 1]) <= i)
    m.objective = pyo.Objective(rule=lambda m: sum(m.x[i] for i in m.AB) + sum(m.y[i] for i in m.UNION))
    assert_same(m, {})


def test_parameters_of_every_kind_of_data():
    """Series in any order, arrays in the set's order, dicts and single numbers give the same parameter."""
    m = shipping()
    m.p = pyo.Param(m.HUBS, m.T)
    m.q = pyo.Param(m.HUBS, m.T)
    m.r = pyo.Param(m.HUBS)
    m.s = pyo.Param(m.HUBS, mutable=True)
    m.limit = pyo.Constraint(
        m.HUBS, m.T, rule=lambda m, h, t: m.p[h, t] * m.left[h, t] + m.q[h, t] * m.spare <= m.r[h] + m.s[h]
    )
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    index = pd.MultiIndex.from_product([HUBS, TIMES])
    data = shipping_data() | {
        "p": pd.Series(np.arange(12.0), index=index)[::-1],
        "q": np.arange(12.0).reshape(3, 4),
        "r": {"A": 1.0, "B": 2.0, "C": 3.0},
        "s": 4.5,
    }
    assert_same(m, data)


def test_sets_of_every_kind_of_data():
    """Frames, indexes with categories, tuples and arrays give the same set."""
    frame = LANES.to_frame(index=False)
    for lanes in (LANES, frame, frame.astype("category"), list(LANES), frame.astype(object)):
        m = shipping()
        m.limit = pyo.Constraint(m.LANES, m.T, rule=lambda m, h, i, t: m.ship[h, i, t] <= m.cost[h, i])
        m.objective = pyo.Objective(rule=lambda m: m.spare)
        assert_same(m, shipping_data() | {"LANES": lanes})
