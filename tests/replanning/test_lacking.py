"""What planning anew does not go together with yet is refused by name."""

import dataclasses
from typing import Any

import pytest

import coordination as co
from coordination.errors import UsageError
from tests.replanning.town import HEADER, town

HELD = [
    {"table": "tasks", "id": "watch;guards", "mode": "responsible", "periods": 1, "hours": 2.0},
    {"table": "tasks", "id": "watch;core", "mode": "accountable", "periods": 1},
]
BY_MODE = [{"task": "watch", "domain": "safety", "zone": "z", "skill": "watch", "hours": 2, "mode": "emergency"}]
AMOUNT = {
    "table": "shipments", "where": "fleet=truck;origin=depot;destination=ward;commodity=can;depart=1",
    "column": "quantity", "value": "5",
}  # fmt: skip


def with_policy(keys: dict[str, Any], **tables: Any) -> co.Instance:
    """Return the town with some keys of the policy."""
    given = town(**tables)
    policy = HEADER["policy"] | keys
    return co.Instance.from_tables(HEADER | {"policy": policy}, {name: given.given(name) for name in given.tables})


@pytest.fixture(scope="module")
def plan() -> co.Plan:
    """Plan the town."""
    return co.plan(town(), gap=0, threads=1)


@pytest.mark.parametrize(
    ("policy", "tables", "named"),
    [
        ({"handover_cost": 5}, {}, "policy.handover_cost"),
        ({"escalation_delay": 1}, {}, "policy.escalation_delay"),
        ({"mode": "thresholds", "thresholds": {"emergency": [0.6, 0.4]}}, {}, "policy.mode thresholds"),
        ({}, {"tasks": BY_MODE}, r"tasks.mode \(1 tasks, such as watch\)"),
        ({}, {"pins": [AMOUNT]}, "pins on amounts .*row 2"),
    ],
)
def test_what_does_not_go_on_is_named(plan, policy, tables, named):
    """A plan with rules of which nothing says how they go on is not carried out in part."""
    other = dataclasses.replace(plan, instance=with_policy(policy, **tables))
    with pytest.raises(UsageError, match=named):
        co.replan(other, after=1)


def test_an_amount_with_a_price_is_no_obstacle(plan):
    """A pin on a shipment that has a price is what was chosen before, and replaced."""
    other = dataclasses.replace(plan, instance=town(pins=[AMOUNT | {"price": 3.0}]))
    assert co.verify(co.replan(other, after=1, gap=0)).ok


@pytest.mark.parametrize(
    ("policy", "tables", "named"),
    [
        ({"handover_cost": 5}, {}, "held .*policy.handover_cost"),
        ({"escalation_delay": 1}, {}, "held .*policy.escalation_delay"),
        ({}, {"tasks": BY_MODE}, "held .*tasks.mode"),
    ],
)
def test_roles_held_beside_doers_that_come_and_go_are_refused(policy, tables, named):
    """Nothing says what of a role held goes on where doers hand over, or a task is interrupted."""
    with pytest.raises(UsageError, match=named):
        co.plan(with_policy(policy, held=HELD, **tables))


def test_what_is_held_is_neither_prepared_nor_restricted_nor_settled(plan):
    """Preparation, restriction and settlement name the table that they do not heed."""
    instance = town(held=HELD)
    with pytest.raises(UsageError, match="table held"):
        co.prepare(instance)
    with pytest.raises(UsageError, match="table held"):
        instance.restrict("guards")
    with pytest.raises(UsageError, match=r"held \(2 rows\)"):
        co.settle(dataclasses.replace(plan, instance=instance))
    priced = town(pins=[AMOUNT | {"price": 3.0}])
    with pytest.raises(UsageError, match=r"pins with a price \(1 row\)"):
        co.settle(dataclasses.replace(plan, instance=priced))
