"""Bounds, domains and integrality of variables arrive as arrays."""

import pyomo.environ as pyo
import pytest

from .agreement import assert_same, no_fallback
from .models import shipping, shipping_data

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
