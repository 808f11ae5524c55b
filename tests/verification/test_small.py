"""Instances with next to nothing in them."""

import pytest

from coordination.instance import Instance
from coordination.planning import plan
from coordination.verification import verify

HEADER = {"name": "small", "periods": 2, "period_hours": 6}
CITY = {
    "zones": [{"zone": "city", "level": "city"}],
    "parties": [{"party": "core", "kind": "core", "zone": "city"}],
}
PLACE = {"places": [{"place": "here", "kind": "community", "zone": "city"}]}
WATER = {"commodities": [{"commodity": "water", "kg": 1, "cost_without": 2}]}
NEED = {"needs": [{"place": "here", "commodity": "water", "period": 0, "quantity": 3}]}
STOCK = {"stocks": [{"place": "here", "commodity": "water", "quantity": 2, "owner": "core"}]}
TASK = {"tasks": [{"task": "guard", "domain": "safety", "zone": "city", "skill": "guard", "hours": 3}]}

SMALL = {
    "only the core": {},
    "a task nobody can do": TASK,
    "a need nobody can meet": PLACE | WATER | NEED,
    "a stock nobody needs": PLACE | WATER | STOCK,
    "stock at the place of need": PLACE | WATER | NEED | STOCK,
    "all together": PLACE | WATER | NEED | STOCK | TASK,
}
COSTS = {
    "only the core": 0,
    "a task nobody can do": 2 * 3 * 200 + 20,
    "a need nobody can meet": 2 * 3 * 2,
    "a stock nobody needs": 0,
    "stock at the place of need": 2 * 1 * 2,
    "all together": 2 * 1 * 2 + 2 * 3 * 200 + 20,
}
"""Two periods without at 2 money; two periods of 3 hours at 200; the core is two levels above a city."""


@pytest.mark.parametrize("name", SMALL)
def test_small_instances_hold(name):
    """Plans of instances without roads, fleets, goods or tasks verify, at the cost worked out by hand."""
    decided = plan(Instance.from_tables(HEADER, CITY | SMALL[name]))
    assert decided.objective == pytest.approx(COSTS[name])
    verdict = verify(decided)
    assert verdict.ok, str(verdict)
