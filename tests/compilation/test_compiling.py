"""Every feature of a rule gives the matrix that Pyomo's own compiler gives, without building an object per index."""

import logging

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest

from coordination.compilation import CompilationError, compile_model

from .agreement import assert_same

LANES = pd.MultiIndex.from_tuples([("A", "x"), ("A", "y"), ("B", "y"), ("C", "x")], names=["hub", "town"])
HUBS = pd.Index(["A", "B", "C"])
TIMES = range(4)


def shipping():
    """Return sets, parameters and variables that most tests build on."""
    m = pyo.AbstractModel()
    m.HUBS = pyo.Set()
    m.LANES = pyo.Set(dimen=2)
    m.T = pyo.RangeSet(0, 3)
    m.FROM = pyo.Set(m.HUBS, dimen=1)
    m.cost = pyo.Param(m.LANES, default=1.5)
    m.stock = pyo.Param(m.HUBS)
    m.ship = pyo.Var(m.LANES, m.T, domain=pyo.NonNegativeReals)
    m.left = pyo.Var(m.HUBS, m.T)
    m.spare = pyo.Var(domain=pyo.NonNegativeReals)
    return m


def shipping_data():
    """Return data for it, some of it in another order than the sets'."""
    return {
        "HUBS": HUBS,
        "LANES": LANES,
        "FROM": LANES.to_frame(index=False),
        "cost": pd.Series([2.0, 3.0], index=LANES[[2, 0]]),
        "stock": pd.Series({"C": 1.0, "A": 8.0, "B": 5.0}),
    }


def no_fallback(caplog):
    """Fail if a component was built index by index."""
    assert not [record for record in caplog.records if record.name.startswith("coordination.compilation")]


@pytest.fixture(autouse=True)
def everything_logged(caplog):
    """Let every test see what the log says."""
    caplog.set_level(logging.INFO, logger="coordination.compilation")


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


def holding():
    """Return a model over a sparse set of places, goods and times with the same holding one time before."""
    m = pyo.AbstractModel()
    m.HOLD = pyo.Set(dimen=3)
    m.LATER = pyo.Set(dimen=3)
    m.BEFORE = pyo.Set(m.HOLD, dimen=3)
    m.keep = pyo.Param(m.HOLD, default=1.0)
    m.level = pyo.Var(m.HOLD, domain=pyo.NonNegativeReals)
    return m


def holding_data():
    """Return data for it, with labels of text and numbers mixed and a gap in time."""
    hold = pd.MultiIndex.from_tuples(
        [(p, k, t) for p in ("b", "a") for k in (7, "w") for t in range(5) if (p, t) != ("b", 2)]
    )
    later = [(p, k, t) for p, k, t in hold if (p, k, t - 1) in hold]
    before = pd.DataFrame([(*entry, *entry[:2], entry[2] - 1) for entry in later])
    keep = pd.Series([0.5, 0.25], index=hold[[3, 5]])
    return {"HOLD": hold, "LATER": pd.MultiIndex.from_tuples(later), "BEFORE": before, "keep": keep}


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


BOUNDS = {
    "constants": {"bounds": (-1, 5)},
    "one side": {"bounds": (None, 4)},
    "non-negative with an upper bound": {"domain": pyo.NonNegativeReals, "bounds": (-3, 5)},
    "binary": {"domain": pyo.Binary},
    "integers": {"domain": pyo.Integers, "bounds": (-2, 7)},
    "non-negative integers": {"within": pyo.NonNegativeIntegers},
    "percent": {"domain": pyo.PercentFraction},
    "negative": {"domain": pyo.NonPositiveReals},
    "rule": {"bounds": lambda m, h, t: (0, m.stock[h])},
    "rule with arithmetic": {"bounds": lambda m, h, t: (-t - m.stock[h], 2 * m.stock[h] / (t + 1))},
    "rule with one side": {"bounds": lambda m, h, t: (None, t)},
    "rule with a domain": {"domain": pyo.NonNegativeReals, "bounds": lambda m, h, t: (t - 2, m.stock[h])},
}


@pytest.mark.parametrize("bounds", BOUNDS.values(), ids=BOUNDS.keys())
def test_bounds_and_domains(bounds, caplog):
    """Bounds and integrality of every kind arrive as arrays."""
    m = shipping()
    m.v = pyo.Var(m.HUBS, m.T, **bounds)
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    m.limit = pyo.Constraint(m.HUBS, m.T, rule=lambda m, h, t: m.v[h, t] >= -9)
    assert_same(m, shipping_data())
    no_fallback(caplog)


def test_scalar_variables_with_bounds_from_parameters(caplog):
    """A scalar variable's bounds may be parameters."""
    m = shipping()
    m.most = pyo.Param()
    m.v = pyo.Var(bounds=lambda m: (m.most / 2, m.most + m.stock["A"]), domain=pyo.Integers)
    m.objective = pyo.Objective(rule=lambda m: m.v)
    form = assert_same(m, shipping_data() | {"most": 6})
    assert (form.lb[-1], form.ub[-1]) == (3, 14)
    no_fallback(caplog)


def test_bounds_that_depend_on_the_index_fall_back(caplog):
    """A bounds rule that branches is evaluated index by index, and the log says so."""
    m = shipping()
    m.v = pyo.Var(m.HUBS, m.T, bounds=lambda m, h, t: (0, 1 if h == "A" else t))
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    m.limit = pyo.Constraint(m.HUBS, m.T, rule=lambda m, h, t: m.v[h, t] >= -9)
    assert_same(m, shipping_data())
    assert any("variable v" in record.message for record in caplog.records)


def test_domains_that_differ_by_index_fall_back():
    """Integrality may differ by index."""
    m = shipping()
    m.v = pyo.Var(m.HUBS, domain=lambda m, h: pyo.Binary if h == "A" else pyo.Reals)
    m.objective = pyo.Objective(rule=lambda m: sum(m.v[h] for h in m.HUBS))
    form = assert_same(m, shipping_data())
    assert form.integrality[form.variables["v"].slice].tolist() == [1, 0, 0]


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


def _looped(m, h, t):
    total = 0
    for i in m.FROM[h]:
        total += m.ship[h, i, t]
    return total <= m.stock[h]


FALLBACKS = {
    "a branch on the index": lambda m, h, t: m.left[h, t] <= (1 if h == "A" else 2),
    "skipped entries": lambda m, h, t: pyo.Constraint.Skip if t < 2 else m.left[h, t] <= m.stock[h],
    "a loop over a set": _looped,
    "a condition in a sum": lambda m, h, t: sum(m.left[g, t] for g in m.HUBS if g != h) <= 1,
    "a slice": lambda m, h, t: sum(m.left[h, :]) <= t,
    "quicksum": lambda m, h, t: pyo.quicksum(m.left[g, t] for g in m.HUBS) <= 1,
    "the first of a set": lambda m, h, t: m.left[h, m.T.first()] + m.left[m.HUBS.first(), t] <= 1,
    "max of constants": lambda m, h, t: m.left[h, t] <= max(m.stock[h], 3),
}


@pytest.mark.parametrize("rule", FALLBACKS.values(), ids=FALLBACKS.keys())
def test_what_needs_real_indices_falls_back(rule, caplog):
    """A rule that one symbolic call cannot serve is built by Pyomo, gives the same rows, and the log says so."""
    m = shipping()
    m.ordinary = pyo.Constraint(m.HUBS, m.T, rule=lambda m, h, t: m.left[h, t] >= -8)
    m.limit = pyo.Constraint(m.HUBS, m.T, rule=rule)
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    assert_same(m, shipping_data())
    said = [record.message for record in caplog.records if record.name.startswith("coordination.compilation")]
    if rule is not FALLBACKS["the first of a set"]:
        assert any("constraint limit" in message for message in said)
    assert not any("constraint ordinary" in message for message in said)


def test_an_objective_that_branches_falls_back(caplog):
    """The objective too may need Pyomo's own way; it is then one unnamed term."""
    m = shipping()
    m.objective = pyo.Objective(rule=lambda m: sum(m.left[h, t] for h in m.HUBS for t in m.T if t > 1) + 4)
    form = assert_same(m, shipping_data())
    assert list(form.terms) == [""]
    assert any("objective" in record.message for record in caplog.records)


def test_an_expression_that_branches_takes_its_users_with_it():
    """A constraint that uses an expression without symbolic form is built by Pyomo as a whole."""
    m = shipping()
    m.some = pyo.Expression(m.HUBS, rule=lambda m, h: m.left[h, 0] if h == "A" else m.left[h, 1])
    m.limit = pyo.Constraint(m.HUBS, rule=lambda m, h: m.some[h] <= m.stock[h])
    m.objective = pyo.Objective(rule=lambda m: sum(m.some[h] for h in m.HUBS))
    assert_same(m, shipping_data())


def test_skip_for_all_gives_no_rows():
    """A rule that always skips leaves no rows and no label."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, rule=lambda m, h: pyo.Constraint.Skip)
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    assert not compile_model(m, shipping_data()).rows


def test_deactivated_components_are_left_out():
    """What is not active in the formulation is not in the matrix."""
    m = shipping()
    m.limit = pyo.Constraint(rule=lambda m: m.spare <= 1)
    m.limit.deactivate()
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    assert not compile_model(m, shipping_data()).constraints


def test_empty_sets():
    """A model whose sets are empty has no columns where they index, and sums over them are nothing."""
    m = shipping()
    m.limit = pyo.Constraint(m.HUBS, m.T, rule=RULES["sum over an indexed set"])
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
    m.limit = pyo.Constraint(m.HUBS, m.T, rule=RULES["sum over an indexed set"])
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
