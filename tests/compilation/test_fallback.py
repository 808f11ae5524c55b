"""What one symbolic call cannot serve is built by Pyomo, gives the same rows, and the log says so."""

import pyomo.environ as pyo
import pytest

from coordination.compilation import compile_model

from .agreement import assert_same
from .models import shipping, shipping_data


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
