"""Rules on roles that cannot all be kept: named with a smallest set, each member needed."""

import itertools

import numpy as np
import pytest

import coordination.planning
from coordination.errors import InstanceError
from coordination.planning.disagreement import roles_that_keep_rules
from coordination.planning.smallest import smallest_conflict
from coordination.verification import verify
from tests.support.thorough import often
from tests.support.tiny import GROUND, tiny

PARTIES = [
    *GROUND["parties"],
    {"party": "east", "kind": "residents_committee", "zone": "east", "superior": "core"},
    {"party": "west", "kind": "residents_committee", "zone": "west", "superior": "core"},
    {"party": "help", "kind": "volunteers", "zone": "city", "superior": "core"},
]
SKILLS = [{"party": party, "skill": "care", "hours": 4} for party in ("east", "west", "help")]


def task(name, **more):
    """Write a task in the east that takes 4 hours a period."""
    return {"task": name, "domain": "safety", "zone": "east", "skill": "care", "hours": 4, **more}


def must(task, role, **who):
    """Write an order."""
    return {"task": task, "role": role, "rule": "must", **who}


def case(policy=None, **tables):
    """Make an instance of two periods with the parties above."""
    return tiny(policy, 2, **{"parties": PARTIES, "skills": SKILLS, **tables})


def conflict(instance):
    """Return where the problems of an instance stand: table, row, column."""
    with pytest.raises(InstanceError) as caught:
        roles_that_keep_rules(instance)
    return [(problem.table, problem.row, problem.column) for problem in caught.value.problems]


CASES = {
    "a skill that nobody has": (
        {},
        {"tasks": [task("a", skill="dive")], "mandates": [must("a", "responsible", party="help")]},
        {("mandates", 2, None), ("tasks", 2, "skill")},
    ),
    "a level above the party's": (
        {},
        {"tasks": [task("a", accountable_level="city")], "mandates": [must("a", "accountable", party="east")]},
        {("mandates", 2, None), ("tasks", 2, "accountable_level")},
    ),
    "another jurisdiction, whatever else": (
        {},
        {"tasks": [task("a")], "mandates": [must("a", "responsible", party="west")]},
        {("mandates", 2, None)},
    ),
    "the span of control": (
        {"span": 1},
        {
            "tasks": [task("a"), task("b"), task("c")],
            "mandates": [must(name, "accountable", kind="residents_committee") for name in "abc"][1:],
        },
        {("mandates", 2, None), ("mandates", 3, None), ("policy", None, "span")},
    ),
    "more hours than the party has": (
        {"min_share": 0.6},
        {"tasks": [task("a"), task("b")], "mandates": [must(name, "responsible", party="help") for name in "ab"]},
        {("mandates", 2, None), ("mandates", 3, None), ("policy", None, "min_share"), ("skills", 4, "hours")},
    ),
    "two kinds for one place": (
        {},
        {
            "tasks": [task("a")],
            "mandates": [
                must("a", "responsible", kind="volunteers"),
                must("a", "responsible", kind="residents_committee"),
            ],
        },
        {("mandates", 2, None), ("mandates", 3, None), ("tasks", 2, "doers")},
    ),
    "a backup where none is wanted": (
        {},
        {"tasks": [task("a")], "mandates": [must("a", "backup", party="help")]},
        {("mandates", 2, None), ("tasks", 2, "backups")},
    ),
    "waiting for what nobody does": (
        {},
        {
            "tasks": [task("a", doers=0), task("b", start=1)],
            "depends": [{"task": "b", "on": "a"}],
            "mandates": [must("b", "responsible", party="help")],
        },
        {("mandates", 2, None), ("depends", 2, None), ("tasks", 2, "doers"), ("policy", None, "min_share")},
    ),
    "orders across tasks that stay apart": (
        {},
        {
            "tasks": [task("a"), task("b")],
            "conflicts": [{"task": "a", "other": "b"}],
            "mandates": [must("a", "responsible", party="help"), must("b", "accountable", party="help")],
        },
        {("mandates", 2, None), ("mandates", 3, None), ("conflicts", 2, None)},
    ),
    "a backup of the doers' kind": (
        {"backup_diversity": True},
        {
            "parties": [*PARTIES, {"party": "more", "kind": "volunteers", "zone": "city", "superior": "core"}],
            "skills": [*SKILLS, {"party": "more", "skill": "care", "hours": 9}],
            "tasks": [task("a", backups=1)],
            "mandates": [must("a", "responsible", party="help"), must("a", "backup", party="more")],
        },
        {("mandates", 2, None), ("mandates", 3, None), ("policy", None, "backup_diversity")},
    ),
    "an order beside a reservation for others": (
        {},
        {
            "tasks": [task("a")],
            "mandates": [
                must("a", "responsible", party="east"),
                {"task": "a", "party": "help", "role": "responsible", "rule": "may"},
            ],
        },
        {("mandates", 2, None), ("mandates", 3, None)},
    ),
    "too many to consult": (
        {},
        {
            "tasks": [task("a", consulted=1)],
            "mandates": [must("a", "consulted", party="help"), must("a", "consulted", party="east")],
        },
        {("mandates", 2, None), ("mandates", 3, None), ("tasks", 2, "consulted")},
    ),
    "consulted and in charge": (
        {},
        {
            "tasks": [task("a", consulted=1)],
            "mandates": [must("a", "consulted", party="help"), must("a", "accountable", party="help")],
        },
        {("mandates", 2, None), ("mandates", 3, None)},
    ),
    "informed, but barred": (
        {},
        {
            "tasks": [task("a")],
            "mandates": [
                must("a", "informed", party="help"),
                {"task": "a", "party": "east", "role": "informed", "rule": "may"},
            ],
        },
        {("mandates", 2, None), ("mandates", 3, None)},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_smallest_set_by_hand(name):
    """The set named is the one that can be worked out by hand."""
    policy, tables, expected = CASES[name]
    found = conflict(case(policy, **tables))
    assert set(found) == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("plans", [1, pytest.param(None, marks=pytest.mark.thorough, id="all")])
def test_each_member_is_needed(name, plans):
    """Without any one row of the set the rules can be kept, and the plan of what is left, first or all, holds."""
    policy, tables, expected = CASES[name]
    left = []
    for table, row, column in sorted(expected, key=str):
        if column is None:
            rows = [line for number, line in enumerate(tables[table], start=2) if number != row]
            left.append(case(policy, **{**tables, table: rows}))
            roles_that_keep_rules(left[-1])
    for instance in left[:plans]:
        assert verify(coordination.planning.plan(instance, gap=0)).ok


def test_conflicts_that_share_nothing_are_told_together():
    """Two sets that have nothing to do with each other stand in one message, each with its own members."""
    tables = {
        "tasks": [task("a", skill="dive"), task("b", accountable_level="city")],
        "mandates": [must("a", "responsible", party="help"), must("b", "accountable", party="east")],
    }
    with pytest.raises(InstanceError) as caught:
        coordination.planning.plan(case(**tables))
    lines = str(caught.value)
    assert "4 problems" in lines
    assert "asks for skill 'dive', which nobody has" in lines
    assert "Conflicts with tasks row 3 (accountable_level): without any one of them it can be kept." in lines


def test_of_many_tasks_those_that_conflict_are_named():
    """Among forty tasks with mandates of their own the one that cannot be kept is found."""
    tasks = [task(f"t{number}") for number in range(40)]
    mandates = [
        {"task": f"t{number}", "party": "help", "role": "responsible", "rule": "must_not"} for number in range(40)
    ]
    mandates.append(must("t17", "backup", party="east"))
    assert set(conflict(case(tasks=tasks, mandates=mandates))) == {("mandates", 42, None), ("tasks", 19, "backups")}


def test_scenario_counts():
    """An order that can be kept as a rule, but not in the storm that takes the hours, is refused for the storm."""
    instance = case(
        {"min_share": 0.5},
        tasks=[task("a")],
        mandates=[must("a", "responsible", party="help")],
        scenarios=[{"scenario": "storm", "hazard": "flood", "probability": 0.5}],
        effects=[{"scenario": "storm", "table": "skills", "where": "help", "factor": 0}],
    )
    roles_that_keep_rules(instance)
    assert ("mandates", 2, None) in conflict(instance.under("storm"))


def test_what_was_observed_counts():
    """Emergency hours that thresholds give count for an order; where nothing severe is observed they do not."""

    def watched(value):
        return case(
            {"mode": "thresholds", "thresholds": {"emergency": [0.6, 0.4]}, "min_share": 1},
            skills=[{"party": "help", "skill": "care", "hours": 1, "emergency_hours": 8}],
            tasks=[task("a")],
            mandates=[must("a", "responsible", party="help")],
            indicators=[{"indicator": "ill", "weight": 1, "normal": 0, "severe": 10}],
            observations=[
                {"period": period, "zone": zone, "indicator": "ill", "value": value}
                for period in range(-3, 2) for zone in ("city", "east", "west")
            ],
        )  # fmt: skip

    roles_that_keep_rules(watched(10))
    assert ("mandates", 2, None) in conflict(watched(1))


def test_without_time_orders_are_kept_all_the_same():
    """Where no plan is found in time, those whom rules order act, nobody else, and the plan holds."""
    instance = case(
        {"min_share": 0.5},
        tasks=[task("a", backups=1), task("b", start=1), task("c")],
        depends=[{"task": "b", "on": "a"}],
        conflicts=[{"task": "a", "other": "c"}],
        mandates=[
            must("a", "accountable", party="east"), must("b", "responsible", party="help"),
            must("a", "responsible", kind="residents_committee"), must("a", "consulted", party="core"),
        ],
    )  # fmt: skip
    plan = coordination.planning.plan(instance, time_limit=1e-9)
    assert "but whom mandates and conflicts ask for" in " ".join(plan.notes)
    verdict = verify(plan)
    assert verdict.ok, str(verdict)


@pytest.mark.parametrize("seed", [*range(6), *often(6, 20)])
def test_smallest_conflict_is_smallest(seed):
    """Of sets that cannot hold, drawn at random, a smallest one is found."""
    rng = np.random.default_rng(seed)
    number = int(rng.integers(4, 9))
    sets = [frozenset(rng.permutation(number)[: rng.integers(1, 5)].tolist()) for _ in range(rng.integers(1, 5))]

    def holds(some):
        return not any(one <= some for one in sets)

    found = smallest_conflict(number, holds)
    assert not holds(found)
    assert len(found) == min(map(len, sets))
    assert all(holds(frozenset(part)) for part in itertools.combinations(found, len(found) - 1))
    irreducible = smallest_conflict(number, holds, questions=0)
    assert not holds(irreducible)
    assert all(holds(irreducible - {one}) for one in irreducible)
