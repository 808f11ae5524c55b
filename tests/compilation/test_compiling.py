"""Every feature of a rule gives the matrix of Pyomo's own compiler, without building an object per index."""

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest

from coordination.compilation import CompilationError, compile_model

from .agreement import assert_same, no_fallback
from .models import LANES, holding, holding_data, shipping, shipping_data

RULES = {
    "sum over an indexed set": lambda m, h, t: sum(m.ship[h, i, t] for i in m.FROM[h]) <= m.stock[h],
    "sum over a whole set": lambda m, h, t: sum(m.left[g, t] for g in m.HUBS) + m.left[h, t] >= 1,
    "sum over two sets": lambda m, h, t: sum(m.left[g, s] for g in m.HUBS for s in m.T) == m.left[h, t],
    "sum over a dependent set": lambda m, h, t: sum(m.ship[g, i, t] for g in m.HUBS for i in m.FROM[g]) <= m.stock[h],
    "nested sum with coefficients": lambda m, h, t: (
        sum(m.stock[g] * sum(m.cost[g, i] * m.ship[g, i, t] for i in m.FROM[g]) for g in m.HUBS) <= m.stock[h]
    ),
    "outer coefficient of an inner sum": lambda m, h, t: m.stock[h] * sum(m.ship[h, i, t] for i in m.FROM[h]) >= t,
    "minus a sum": lambda m, h, t: -sum(m.ship[h, i, t] for i in m.FROM[h]) >= -m.stock[h],
    "sum of constants": lambda m, h, t: m.left[h, t] <= sum(m.cost[h, i] for i in m.FROM[h]),
    "sum of constants and variables": lambda m, h, t: sum(m.left[h, s] + m.stock[h] + 1 for s in m.T) <= 3,
    "an index as a number": lambda m, h, t: (t + 1) * m.left[h, t] <= 2 * t,
    "division by a parameter": lambda m, h, t: m.left[h, t] / m.stock[h] <= 1 / m.stock[h],
    "powers and functions of constants": lambda m, h, t: (
        pyo.exp(-m.stock[h]) * m.left[h, t] <= m.stock[h] ** 2 + pyo.sqrt(m.stock[h]) + abs(-m.stock[h])
    ),
    "unary minus": lambda m, h, t: -(m.left[h, t] - m.spare) <= 0,
    "variables on both sides": lambda m, h, t: m.left[h, t] <= m.spare + 2,
    "variables on the right": lambda m, h, t: m.stock[h] <= m.left[h, t] + 3,
    "equality with variables on the right": lambda m, h, t: (2, m.left[h, t] - 1),
    "constants on both sides": lambda m, h, t: m.left[h, t] + 3 <= m.stock[h] - 5,
    "the same variable twice": lambda m, h, t: m.left[h, t] + 2 * m.left[h, t] - m.left[h, 0] <= 1,
    "terms that cancel": lambda m, h, t: m.left[h, t] - m.left[h, t] + m.spare <= 1,
    "a coefficient of zero": lambda m, h, t: 0.0 * m.left[h, t] + t * m.spare <= 1,
    "ranged by a tuple": lambda m, h, t: (-1, m.left[h, t] + 4, m.stock[h]),
    "ranged by inequality": lambda m, h, t: pyo.inequality(t, m.left[h, t] - m.spare, t + m.stock[h]),
    "half a tuple": lambda m, h, t: (None, m.left[h, t], m.stock[h]),
    "equality by a tuple": lambda m, h, t: (m.left[h, t], m.stock[h]),
    "a scalar variable alone": lambda m, h, t: m.spare >= t,
    "a constant index": lambda m, h, t: m.left["B", 2] + m.left[h, 0] <= t,
    "a constant index in a sum": lambda m, h, t: sum(m.ship["A", i, t] for i in m.FROM["A"]) <= m.stock[h],
    "the size of a set": lambda m, h, t: len(m.HUBS) * m.left[h, t] <= len(m.T),
    "a nested tuple as index": lambda m, h, t: sum(m.ship[lane, t] for lane in m.LANES) <= m.stock[h],
    "sum over all of a component": lambda m, h, t: sum(m.left[i] for i in m.left) <= m.stock[h],
    "sum over values": lambda m, h, t: sum(m.left.values()) <= m.stock[h],
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_rules_over_a_product(rule, caplog):
    """A rule over a product of sets gives Pyomo's rows, by one symbolic call."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, m.T, rule=rule)
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    form = assert_same(m, shipping_data())
    assert form.rows == 12
    no_fallback(caplog)


def test_sparse_sets_with_mixed_labels(caplog):
    """A sparse set of text and numbers, an indexed set over it and shifted times agree with Pyomo."""
    m = holding()

    @m.Constraint(m.HOLD)
    def balance(m, p, k, t):
        return sum(m.keep[q, j, s] * m.level[q, j, s] for q, j, s in m.BEFORE[p, k, t]) - m.level[p, k, t] == t

    @m.Constraint(m.LATER)
    def shifted(m, p, k, t):
        return m.level[p, k, t] - m.keep[p, k, t] * m.level[p, k, t - 1] <= m.keep[p, k, t]

    @m.Objective()
    def objective(m):
        return sum(m.keep[h] * m.level[h] for h in m.HOLD)

    assert_same(m, holding_data())
    no_fallback(caplog)


def test_six_dimensions(caplog):
    """A sparse set of dimension six is an index like any other."""
    entries = pd.MultiIndex.from_tuples([("a", 1, "x", 0, 2.5, i) for i in range(5)] + [("b", 1, "y", 0, np.inf, 3)])
    m = pyo.AbstractModel()
    m.S = pyo.Set(dimen=6)
    m.w = pyo.Param(m.S)
    m.x = pyo.Var(m.S)
    m.limit = pyo.Constraint(m.S, rule=lambda m, a, b, c, d, e, f: m.w[a, b, c, d, e, f] * m.x[a, b, c, d, e, f] <= f)
    m.objective = pyo.Objective(rule=lambda m: sum(m.x[i] for i in m.S))
    assert_same(m, {"S": entries, "w": pd.Series(np.arange(6.0) + 1, index=entries[::-1])})
    no_fallback(caplog)


def test_named_expressions(caplog):
    """Scalar and indexed named expressions may be used in constraints, sums and other expressions."""
    m = shipping()
    m.out = pyo.Expression(m.HUBS, m.T, rule=lambda m, h, t: sum(m.ship[h, i, t] for i in m.FROM[h]) + t)
    m.all = pyo.Expression(rule=lambda m: sum(m.out[h, t] for h in m.HUBS for t in m.T))
    m.twice = pyo.Expression(m.HUBS, rule=lambda m, h: 2 * m.out[h, 0] - m.all)
    m.one = pyo.Constraint(m.HUBS, m.T, rule=lambda m, h, t: m.out[h, t] + m.all <= m.stock[h])
    m.two = pyo.Constraint(m.HUBS, rule=lambda m, h: m.twice[h] / m.stock[h] >= m.twice["A"])
    m.three = pyo.Constraint(rule=lambda m: m.all == 5)
    m.objective = pyo.Objective(rule=lambda m: m.all)
    assert_same(m, shipping_data())
    no_fallback(caplog)


def test_terms_of_the_objective(caplog):
    """Named terms of the objective are kept apart with their weights, and sum up to it."""
    m = shipping()
    m.transport = pyo.Expression(rule=lambda m: sum(m.cost[i] * m.ship[i, t] for i in m.LANES for t in m.T) + 5)
    m.keeping = pyo.Expression(m.HUBS, rule=lambda m, h: sum(m.left[h, t] for t in m.T))
    m.gain = pyo.Expression(rule=lambda m: m.spare)
    m.objective = pyo.Objective(
        rule=lambda m: (
            m.transport + sum(m.stock[h] * m.keeping[h] for h in m.HUBS) - (m.gain + 3 * m.gain) + m.spare + 7
        )
    )
    form = assert_same(m, shipping_data())
    x = np.arange(form.columns, dtype=float)
    assert set(form.terms) == {"transport", "keeping", "gain", ""}
    values = form.term_values(x)
    assert values["gain"] == pytest.approx(-4 * x[-1])
    assert values[""] == pytest.approx(x[-1] + 7)
    assert form.terms["transport"].constant == 5
    left = form.values("left", x)
    expected = sum({"A": 8.0, "B": 5.0, "C": 1.0}[h] * value for (h, _), value in left.items())
    assert values["keeping"] == pytest.approx(expected)
    no_fallback(caplog)


def test_maximize():
    """The sense of the objective is kept."""
    m = shipping()
    m.limit = pyo.Constraint(rule=lambda m: m.spare <= 4)
    m.objective = pyo.Objective(rule=lambda m: 2 * m.spare + 1, sense=pyo.maximize)
    assert assert_same(m, shipping_data()).maximize


def test_blocks_within_blocks(caplog):
    """Scalar blocks, declared in place or by rule, nest; names are qualified and data nested."""

    def town(b):
        b.K = pyo.Set()
        b.x = pyo.Var(b.K, domain=pyo.Binary)
        b.w = pyo.Param(b.K)
        b.cost = pyo.Expression(rule=lambda b: sum(b.w[k] * b.x[k] for k in b.K))
        b.limit = pyo.Constraint(b.K, rule=lambda b, k: b.x[k] + b.model().y <= b.w[k])

    m = pyo.AbstractModel()
    m.y = pyo.Var()
    m.one = pyo.Block()
    town(m.one)
    m.one.inner = pyo.Block()
    town(m.one.inner)
    m.two = pyo.Block(rule=town)
    m.joint = pyo.Constraint(rule=lambda m: sum(m.one.x[k] for k in m.one.K) + m.two.x["b"] <= 3)
    m.objective = pyo.Objective(rule=lambda m: m.one.cost + m.one.inner.cost + 2 * m.two.cost)
    data = {"K": pd.Index(["a", "b"]), "w": pd.Series({"a": 1.0, "b": 2.0})}
    form = assert_same(m, {"one": data | {"inner": data}, "two": data})
    assert list(form.variables) == ["y", "one.x", "one.inner.x", "two.x"]
    assert list(form.constraints) == ["one.limit", "one.inner.limit", "two.limit", "joint"]
    assert list(form.terms) == ["one.cost", "one.inner.cost", "two.cost"]
    no_fallback(caplog)


def test_values_and_duals_come_back_with_their_index():
    """Arrays over columns and rows turn into Series over the index of a component."""
    m = shipping()
    m.limit = pyo.Constraint(m.LANES, rule=lambda m, h, i: m.ship[h, i, 0] <= 1)
    m.total = pyo.Constraint(rule=lambda m: m.spare <= 1)
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    form = compile_model(m, shipping_data())
    x = np.arange(form.columns, dtype=float)
    ship = form.values("ship", x)
    assert ship["B", "y", 1] == 2 * 4 + 1
    assert ship.index.names == ["hub", "town", None]
    assert form.values("left", x)["C", 3] == 16 + 2 * 4 + 3
    assert form.values("spare", x).tolist() == [28]
    duals = form.duals("limit", np.arange(form.rows, dtype=float))
    assert duals.index.equals(LANES)
    assert duals["C", "x"] == 3
    assert form.duals("total", np.arange(form.rows, dtype=float)).tolist() == [4]


def test_the_model_can_be_compiled_again():
    """Compiling leaves the formulation as it was: other data give another matrix."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, m.T, rule=RULES["sum over an indexed set"])
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    first = compile_model(m, shipping_data())
    second = compile_model(m, shipping_data() | {"stock": pd.Series({"A": 1.0, "B": 1.0, "C": 1.0})})
    third = compile_model(m, shipping_data())
    assert (first.row_upper == third.row_upper).all()
    assert (second.row_upper == 1).all()


def test_rows_within_a_column_ascend_and_are_unique():
    """The matrix is in canonical form: what HiGHS asks for."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, m.T, rule=RULES["the same variable twice"])
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    matrix = compile_model(m, shipping_data()).matrix
    assert matrix.has_canonical_format
    assert matrix.data.all()


def test_a_model_that_was_constructed_already_is_refused():
    """A ConcreteModel has no data apart: the message says what is expected."""
    with pytest.raises(CompilationError, match="AbstractModel is expected"):
        compile_model(pyo.ConcreteModel(), {})
