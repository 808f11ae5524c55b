"""Values of variables that are given: columns with the value as both bounds, constants to Pyomo's own compiler."""

import pandas as pd
import pyomo.environ as pyo
import pytest

from coordination.compilation import CompilationError, compile_model, construct

from .agreement import assert_same, no_fallback
from .models import shipping, shipping_data


def model():
    """Return a model whose fixed variables stand in rows, ranged rows and the objective, integer ones among them."""
    m = shipping()
    m.open = pyo.Var(m.HUBS, domain=pyo.Binary)
    m.limit = pyo.Constraint(
        m.HUBS, m.T, rule=lambda m, h, t: sum(m.ship[h, i, t] for i in m.FROM[h]) <= m.stock[h] * m.open[h]
    )
    m.between = pyo.Constraint(
        m.HUBS, rule=lambda m, h: pyo.inequality(1, m.left[h, 0] + 2 * m.left[h, 1] - m.spare, m.stock[h])
    )
    m.objective = pyo.Objective(
        rule=lambda m: (
            sum(m.cost[i] * m.ship[i, t] for i in m.LANES for t in m.T) + 4 * sum(m.open[h] for h in m.HUBS) + m.spare
        )
    )
    return m


GIVEN = {
    "all by one number": {"open": 1.0},
    "some by a Series": {
        "ship": pd.Series([2.0, 0.5], index=pd.MultiIndex.from_tuples([("A", "x", 0), ("C", "x", 3)]))
    },
    "some by a dict": {"open": {"B": 0.0}, "left": {("A", 1): -3.0}},
    "a scalar": {"spare": 2.5},
    "outside of its bounds": {"spare": -1.0},
}


@pytest.mark.parametrize("fixed", GIVEN.values(), ids=GIVEN.keys())
def test_fixed_variables(fixed, caplog):
    """Whatever is fixed, the rest is Pyomo's matrix with the fixed columns folded into bounds and constant."""
    assert_same(model(), shipping_data(), fixed)
    no_fallback(caplog)


def test_fixed_variables_in_a_constraint_built_by_pyomo():
    """A constraint that falls back keeps the column as any other does."""
    m = model()
    m.odd = pyo.Constraint(m.HUBS, rule=lambda m, h: m.open[h] + m.spare >= (1 if h == "A" else 0))
    form = assert_same(m, shipping_data(), {"open": 1.0})
    assert (form.matrix[:, form.variables["open"].slice].tocsc().indptr[1:] > 0).all()


@pytest.mark.parametrize("name", ["opened", "limit"])
def test_values_for_what_is_no_variable_are_refused(name):
    """A name that is no variable is named, by both ways."""
    for way in (compile_model, construct):
        with pytest.raises(CompilationError, match=f"values are given for {name}"):
            way(model(), shipping_data(), fixed={name: 1.0})


def test_an_entry_that_does_not_exist_is_named():
    """A value for an index outside of the variable's domain is an error with that index."""
    with pytest.raises(CompilationError, match=r"\('A', 'q', 0\) is not in the set"):
        compile_model(model(), shipping_data(), fixed={"ship": {("A", "q", 0): 1.0}})
