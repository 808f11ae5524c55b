"""The plan as data."""

import numpy as np
import pytest

from coordination.plans import Plan
from coordination.status import Status
from tests.verification import town


def test_equal_plans_are_equal_whatever_the_order_of_their_rows():
    """Rows in another order and other seconds make the same plan; any other number makes another."""
    shuffled = town.plan({"service": town.plan().service.sample(frac=1, random_state=1)}, seconds={"solve": 9.0})
    assert shuffled == town.plan()
    service = town.plan().service
    service.loc[0, "served"] += 1e-9
    assert town.plan({"service": service}) != town.plan()
    assert town.plan(seed=1) != town.plan()
    assert town.plan() != "a plan"


def test_tables_are_attributes_and_status_is_the_enum():
    """Each table is an attribute, a status given as text becomes the enum's."""
    plan = town.plan()
    assert all(getattr(plan, name) is plan.tables[name] for name in plan.tables)
    assert plan.status is Status.OPTIMAL


def test_an_unknown_table_is_refused():
    """A table that the contract does not know is refused by name."""
    with pytest.raises(ValueError, match="wishes"):
        town.plan({"wishes": None})


def test_numbers_of_numpy_are_written(tmp_path):
    """Sizes and terms that numpy counted are written as plain numbers."""
    plan = town.plan(sizes={"rows": np.int64(3), "shape": (np.int64(1), 2)}, objective=np.float64(1.5))
    plan.save(tmp_path / "p")
    loaded = Plan.load(tmp_path / "p")
    assert loaded.sizes == {"rows": 3, "shape": [1, 2]} and loaded.objective == 1.5


def test_there_is_no_minus_zero(tmp_path):
    """A bound or a term of minus zero is zero."""
    plan = town.plan(bound=-0.0, terms=dict(town.TERMS, interest=-0.0))
    plan.save(tmp_path / "p")
    assert "-0.0" not in (tmp_path / "p" / "plan.json").read_text()
