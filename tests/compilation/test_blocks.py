"""Blocks: indexed by a set, switched off, and what their rules may not do."""

import pandas as pd
import pyomo.environ as pyo
import pytest

from coordination.compilation import CompilationError, compile_model

from .agreement import assert_same, no_fallback
from .models import shipping, shipping_data


def by_hub(b, h):
    """Declare what each hub has of its own: a variable by time, an integer one, an expression, rows."""
    m = b.model()
    b.use = pyo.Var(m.T, domain=pyo.NonNegativeReals, bounds=lambda b, t: (0, m.stock[h]))
    b.crews = pyo.Var(domain=pyo.NonNegativeIntegers)
    b.cost = pyo.Expression(rule=lambda b: 3 * b.crews + sum(b.use[t] for t in m.T))
    b.limit = pyo.Constraint(m.T, rule=lambda b, t: b.use[t] <= m.stock[h] * b.crews + m.left[h, t])


def test_blocks_indexed_by_a_set(caplog):
    """Each block's rules are called once with symbols; names carry the index; others refer to a block by its index."""
    m = shipping()
    m.hub = pyo.Block(m.HUBS, rule=by_hub)
    m.first = pyo.Constraint(m.T, rule=lambda m, t: m.hub["A"].use[t] + m.hub["B"].use[t] <= 9)
    m.objective = pyo.Objective(rule=lambda m: m.hub["A"].cost + 2 * m.hub["C"].cost)
    form = assert_same(m, shipping_data())
    assert list(form.variables)[3:] == [f"hub[{h}].{name}" for h in "ABC" for name in ("use", "crews")]
    assert set(form.terms) == {"hub[A].cost", "hub[C].cost"}
    assert form.constraints["hub[B].limit"].size == 4
    no_fallback(caplog)


def test_sums_over_indexed_blocks_fall_back(caplog):
    """A rule that runs through the blocks by symbols is built by Pyomo, and the log says so; the blocks are not."""
    m = shipping()
    m.hub = pyo.Block(m.HUBS, rule=by_hub)
    m.all = pyo.Constraint(m.T, rule=lambda m, t: sum(m.hub[h].use[t] for h in m.HUBS) >= 1)
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    assert_same(m, shipping_data())
    said = [record.message for record in caplog.records if record.name.startswith("coordination.compilation")]
    assert len(said) == 1 and "constraint all" in said[0]


def test_blocks_indexed_by_pairs_within_a_block():
    """The index may be a tuple, and the block may lie within another."""
    m = shipping()
    m.part = pyo.Block()
    m.part.lane = pyo.Block(m.LANES, rule=lambda b, h, i: b.add_component("x", pyo.Var(bounds=(0, 1))))
    m.part.one = pyo.Constraint(rule=lambda b: b.lane["A", "x"].x + b.lane["C", "x"].x <= 1)
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    assert "part.lane[A,x].x" in assert_same(m, shipping_data()).variables


def test_a_block_that_is_switched_off_keeps_its_columns():
    """As in Pyomo, its constraints are left out, and its variables may stand in those of others."""
    m = shipping()
    m.part = pyo.Block()
    m.part.x = pyo.Var(m.HUBS)
    m.part.limit = pyo.Constraint(m.HUBS, rule=lambda b, h: b.x[h] <= 1)
    m.part.deactivate()
    m.other = pyo.Constraint(m.HUBS, rule=lambda m, h: m.part.x[h] + m.left[h, 0] <= 1)
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    assert list(assert_same(m, shipping_data()).constraints) == ["other"]


def test_a_rule_of_a_block_that_loops_over_entries_is_refused():
    """Blocks are declared before sets have entries: a loop would see none, and says so instead."""

    def looping(b):
        for h in b.model().HUBS:
            b.add_component(f"x_{h}", pyo.Var())

    m = shipping()
    m.part = pyo.Block(rule=looping)
    with pytest.raises(CompilationError, match="part: the rule looks into the set HUBS"):
        compile_model(m, shipping_data())


def test_data_for_a_block_indexed_by_a_set_is_refused():
    """Its rule finds sets and parameters in the model."""
    m = shipping()
    m.hub = pyo.Block(m.HUBS, rule=by_hub)
    with pytest.raises(CompilationError, match="hub, a block indexed by a set"):
        compile_model(m, shipping_data() | {"hub": {"A": pd.Series()}})


def test_actions_are_refused_and_checks_are_left_out(caplog):
    """What acts on constructed components would be lost without a word: it is refused; a check is left out, logged."""
    m = shipping()
    m.objective = pyo.Objective(rule=lambda m: m.spare)
    m.check = pyo.BuildCheck(rule=lambda m: True)
    compile_model(m, shipping_data())
    assert any("check: a BuildCheck" in record.message for record in caplog.records)
    m.act = pyo.BuildAction(rule=lambda m: m.spare.fix(1))
    with pytest.raises(CompilationError, match="act: components of type BuildAction"):
        compile_model(m, shipping_data())
