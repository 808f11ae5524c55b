"""Bans, reservations, orders for the accountable party, consulted and informed ones where all counts as large."""

import pytest

import coordination.planning
from coordination.instance import Instance
from coordination.verification import verify
from tests.support.oracle import oracle
from tests.support.random_instances import random_tables
from tests.support.thorough import often

KEPT = (("accountable", "must"), ("accountable", "must_not"), ("responsible", "may"), ("responsible", "must_not"))


def ruled(seed: int) -> Instance:
    """Draw an instance with mandates that every case can keep: the core always may answer."""
    header, tables = random_tables(seed, tasks=True, span=False, odd_ids=False)
    rows = []
    for number, task in enumerate(tables["tasks"]):
        role, rule = KEPT[(seed + number) % len(KEPT)]
        party = "core" if rule == "must" else tables["parties"][1 + number % (len(tables["parties"]) - 1)]["party"]
        rows.append({"task": task["task"], "party": party, "role": role, "rule": rule})
    tables["mandates"], tables["tasks"][0]["consulted"] = rows, 2
    instance = Instance.from_tables(header, tables)
    return instance.under("storm") if tables["effects"] else instance


@pytest.mark.parametrize("seed", [0, 3, *often(4, 6)])
def test_mandates_that_bar_pairs_hold_in_large_cases(seed, monkeypatch):
    """Bound and plan enclose the optimum, and verification finds the mandates kept."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    instance = ruled(seed)
    plan, best = coordination.planning.plan(instance, gap=1e-6), oracle(instance).objective
    tolerance = 1e-6 * max(1.0, abs(best))
    assert plan.bound - tolerance <= best <= plan.objective + tolerance, plan.notes
    verdict = verify(plan)
    assert verdict.ok, str(verdict)
    assert verdict.checked["mandates"] > 0
    assert set(plan.responsibilities["role"]) >= {"accountable", "consulted"}
