"""Random expression trees over random sparse sets compile to the matrix that Pyomo's own compiler gives."""

import pandas as pd
import pyomo.environ as pyo
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from .agreement import assert_same

PLACES, GOODS = ["a", "b", 3], ["k", 2]

ENTRIES = st.lists(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(GOODS), st.integers(0, 2)), min_size=1, max_size=12, unique=True
)
NUMBERS = st.integers(-3, 3).map(float)


def coefficients():
    """Return functions of (m, p, k, t) that are numbers to Pyomo: constants, parameters, indices."""
    leaves = st.one_of(
        NUMBERS.map(lambda number: lambda m, p, k, t: number),
        st.just(lambda m, p, k, t: m.w[p, k, t]),
        st.just(lambda m, p, k, t: m.v[p]),
        st.just(lambda m, p, k, t: m.u),
        st.just(lambda m, p, k, t: t),
        st.just(lambda m, p, k, t: sum(m.w[q, j, s] for q, j, s in m.NEAR[p, k, t])),
        st.just(lambda m, p, k, t: sum(m.v[q] for q in m.PLACES)),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda pair: lambda m, p, k, t: pair[0](m, p, k, t) + pair[1](m, p, k, t)),
            st.tuples(inner, inner).map(lambda pair: lambda m, p, k, t: pair[0](m, p, k, t) * pair[1](m, p, k, t)),
            inner.map(lambda f: lambda m, p, k, t: -f(m, p, k, t)),
            inner.map(lambda f: lambda m, p, k, t: f(m, p, k, t) / (m.v[p] + 7.5)),
        ),
        max_leaves=3,
    )


def linears():
    """Return functions of (m, p, k, t) that are linear expressions."""
    leaves = st.one_of(
        st.just(lambda m, p, k, t: m.x[p, k, t]),
        st.just(lambda m, p, k, t: m.y[p]),
        st.just(lambda m, p, k, t: m.z),
        st.just(lambda m, p, k, t: m.e[p, k, t]),
        st.just(lambda m, p, k, t: m.total),
        coefficients(),
        st.just(lambda m, p, k, t: sum(m.x[p, j, s] for j, s in m.AT[p])),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda pair: lambda m, p, k, t: pair[0](m, p, k, t) + pair[1](m, p, k, t)),
            st.tuples(inner, inner).map(lambda pair: lambda m, p, k, t: pair[0](m, p, k, t) - pair[1](m, p, k, t)),
            st.tuples(coefficients(), inner).map(lambda g: lambda m, p, k, t: g[0](m, p, k, t) * g[1](m, p, k, t)),
            inner.map(lambda f: lambda m, p, k, t: sum(f(m, q, j, s) for q, j, s in m.NEAR[p, k, t])),
            inner.map(lambda f: lambda m, p, k, t: sum(f(m, q, j, s) for q, j, s in m.S)),
            inner.map(lambda f: lambda m, p, k, t: sum(m.v[q] * f(m, p, k, t) for q in m.PLACES)),
            inner.map(
                lambda f: (
                    lambda m, p, k, t: sum(f(m, a, b, c) for q, j, s in m.NEAR[p, k, t] for a, b, c in m.NEAR[q, j, s])
                )
            ),
        ),
        max_leaves=4,
    )


RELATIONS = st.sampled_from(
    [
        lambda body, bound: body <= bound + 1.5,
        lambda body, bound: bound >= body - 2,
        lambda body, bound: body == bound,
        lambda body, bound: (-4, body, bound),
        lambda body, bound: (bound, body),
        lambda body, bound: bound <= body,
    ]
)


def model(rule, term):
    """Return a model whose one constraint and one term of the objective are drawn."""
    m = pyo.AbstractModel()
    m.PLACES = pyo.Set()
    m.S = pyo.Set(dimen=3)
    m.R = pyo.Set(dimen=3)
    m.NEAR = pyo.Set(m.S, dimen=3)
    m.AT = pyo.Set(m.PLACES, dimen=2)
    m.w = pyo.Param(m.S, default=0.5)
    m.v = pyo.Param(m.PLACES)
    m.u = pyo.Param()
    m.x = pyo.Var(m.S)
    m.y = pyo.Var(m.PLACES)
    m.z = pyo.Var()
    m.e = pyo.Expression(m.S, rule=lambda m, p, k, t: 2 * m.x[p, k, t] - m.y[p] + m.w[p, k, t])
    m.total = pyo.Expression(rule=lambda m: sum(m.x[i] for i in m.S))
    m.limit = pyo.Constraint(m.R, rule=rule)
    m.objective = pyo.Objective(rule=lambda m: m.total + sum(term(m, p, k, t) for p, k, t in m.R) + 0 * m.z)
    return m


def tables(draw):
    """Return random sets and parameters; R, over which rules run, is some of S."""
    entries = draw(ENTRIES)
    some = draw(st.lists(st.sampled_from(entries), min_size=1, unique=True))
    pairs = draw(st.lists(st.tuples(st.sampled_from(entries), st.sampled_from(entries)), unique=True, max_size=15))
    weights = draw(st.lists(NUMBERS, min_size=len(some), max_size=len(some)))
    return {
        "PLACES": pd.Index(PLACES, dtype=object),
        "S": pd.MultiIndex.from_tuples(entries),
        "R": pd.MultiIndex.from_tuples(some),
        "NEAR": pd.DataFrame([(*a, *b) for a, b in pairs], columns=range(6)),
        "AT": pd.DataFrame([(p, k, t) for p, k, t in entries], columns=range(3)),
        "w": pd.Series(weights, index=pd.MultiIndex.from_tuples(some)),
        "v": pd.Series(draw(st.lists(NUMBERS, min_size=3, max_size=3)), index=pd.Index(PLACES, dtype=object)),
        "u": draw(NUMBERS),
    }


def check(data):
    """Draw a model and its tables and compare."""
    body, bound, term = data.draw(linears()), data.draw(coefficients()), data.draw(linears())
    relation = data.draw(RELATIONS)
    drawn = tables(data.draw)
    assert_same(model(lambda m, p, k, t: relation(body(m, p, k, t), bound(m, p, k, t)), term), drawn)


QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None, "phases": [Phase.generate]}


@settings(max_examples=30, derandomize=True, **QUICK)
@given(data=st.data())
def test_random_trees(data):
    """Thirty random models, always the same, agree with Pyomo entry by entry."""
    check(data)


@pytest.mark.thorough
@settings(max_examples=600, **QUICK)
@given(data=st.data())
def test_many_random_trees(data):
    """Hundreds of random models agree with Pyomo entry by entry."""
    check(data)
