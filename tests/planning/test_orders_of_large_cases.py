"""Orders for doers and backups where all counts as large: kept, also where areas find no roles in time."""

import dataclasses

import pytest

import coordination.planning
import coordination.planning.roles
from coordination.errors import InstanceError
from coordination.instance import Instance
from coordination.planning.disagreement import roles_that_keep_rules
from coordination.verification import verify
from tests.support.duties import meant
from tests.support.oracle import oracle
from tests.support.random_duties import around
from tests.support.random_instances import Draw, random_tables
from tests.support.reading import Plain


def ordered(seed: int) -> Instance:
    """Draw an instance in which most tasks have an order for a doer or a backup, and all can be kept."""
    for number in range(40):
        header, tables = random_tables(seed + 1000 * number, tasks=True, odd_ids=False)
        draw, kinds = Draw(seed + 1000 * number, {}), {p["party"]: p["kind"] for p in tables["parties"]}
        tables["mandates"] = []
        for task in tables["tasks"]:
            role = draw.one(["responsible", "backup"])
            task["backups"] = max(1, task.get("backups", 0)) if role == "backup" else task.get("backups", 0)
            party = draw.one(around(tables, task, role))
            who = {"party": party} if draw.chance(0.6) else {"kind": kinds[party]}
            if draw.chance(0.8):
                tables["mandates"].append({"task": task["task"], "role": role, "rule": "must", **who})
        try:
            instance = Instance.from_tables(header, tables)
            instance = instance.under("storm") if tables["effects"] else instance
            roles_that_keep_rules(instance)
        except InstanceError:
            continue
        if tables["mandates"]:
            return instance
    raise ValueError(f"no orders that can be kept for seed {seed}")


def keeps(instance: Instance, plan) -> None:
    """Hold a plan against the verifier, the optimum, and each order by itself."""
    best = oracle(instance).objective
    tolerance = 1e-6 * max(1.0, abs(best))
    assert plan.bound - tolerance <= best <= plan.objective + tolerance, plan.notes
    assert verify(plan).ok, str(verify(plan))
    world = Plain(instance)
    for row in world.tables["mandates"]:
        tasks, parties = meant(world, row)
        for task in tasks:
            rows = plan.responsibilities
            held = rows.loc[(rows["task"] == task) & (rows["role"] == row["role"]), "party"]
            assert set(held) & set(parties), row


@pytest.mark.parametrize("seed", [0, 1, 2, *(pytest.param(n, marks=pytest.mark.thorough) for n in range(3, 60))])
def test_orders_are_kept(seed, monkeypatch):
    """Bound and plan enclose the optimum, and every order is kept."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    instance = ordered(seed)
    plan = coordination.planning.plan(instance, gap=1e-6)
    assert plan.sizes["way"] == "separate"
    keeps(instance, plan)


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.thorough) for n in range(1, 20))])
def test_orders_are_kept_without_time_for_roles(seed, monkeypatch):
    """Where no area finds roles in time, those stand that were found to keep the orders."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    found = coordination.planning.roles.solve

    def nothing(form, *, options, **rest):
        return dataclasses.replace(found(form, options=options, **rest), x=None)

    monkeypatch.setattr("coordination.planning.roles.solve", nothing)
    instance = ordered(seed)
    keeps(instance, coordination.planning.plan(instance, gap=1e-6))
