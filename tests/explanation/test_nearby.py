"""Questions about a large case: roles around a task against the independent model, everything else fixed in it."""

import pandas as pd
import pytest

import coordination as co
from coordination.errors import UsageError
from coordination.terms import RESPONSIBILITY_TERMS, TERM_NAMES
from tests.explanation.town import TABLES, rows, town
from tests.support.milp import Milp
from tests.support.random_instances import random_instance
from tests.support.reading import Plain
from tests.support.responsibility import add_handout, add_responsibility
from tests.support.supply import add_supply

ROLES = {"accountable": "accountable", "doer": "responsible", "backup": "backup"}
ROOM = 1e-5


@pytest.fixture
def large(monkeypatch):
    """Let everything count as large, and only three tasks around as near."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    monkeypatch.setattr("coordination.explanation.nearby.MOST_TASKS", 2)


def held(instance, plan, near) -> float:
    """Return the least responsibility terms with what the plan serves and the roles of all tasks but some as planned.

    The independent model of the whole instance, with its columns of goods served, of roles and of hours fixed; only
    responsibility costs.
    """
    world = Plain(instance)
    model = Milp(free=frozenset(TERM_NAMES) - set(RESPONSIBILITY_TERMS))
    add_supply(model, world)
    add_responsibility(model, world)
    add_handout(model, world)
    rows = plan.responsibilities
    holds = {role: set(zip(part["task"], part["party"], strict=True)) for role, part in rows.groupby("role")}
    hours = {
        (task, party, t): float(number)
        for task, party, role, start, end, number in rows.itertuples(index=False, name=None) if role == "responsible"
        for t in range(int(start), int(end) + 1)
    }  # fmt: skip
    served = {
        (place, commodity, group, t): float(number)
        for place, commodity, group, t, _, number, _ in plan.service.itertuples(index=False, name=None)
    }
    sums: dict[tuple, list[tuple[int, float]]] = {}
    for column, name in enumerate(list(model.names)):
        if name[0] in ROLES and name[1] not in near:
            value = float(name[1:3] in holds.get(ROLES[name[0]], set()))
            model.row("as planned", column, entries=[(column, 1.0)], lower=value, upper=value)
        if name[0] == "cover" and name[1] not in near:
            value = hours.get(name[1:4], 0.0)
            model.row("as planned", column, entries=[(column, 1.0)], lower=value - ROOM, upper=value + ROOM)
        if name[0] == "served":
            sums.setdefault((*name[1:4], name[-1]), []).append((column, 1.0))
    for key, entries in sums.items():
        model.row("served as planned", *key, entries=entries, lower=served.get(key, 0.0) - ROOM)
    return model.solve().objective


def with_finding(instance, finding):
    """Return the instance with the change of a finding on a role, written without the package's help."""
    what = {"task": finding.task, "role": finding.role}
    added = [{**what, "party": finding.party, "rule": "must"}] if finding.party else []
    added += [{**what, "party": finding.holder, "rule": "must_not"}] if finding.holder else []
    table = pd.concat([instance.given("mandates").astype(object), pd.DataFrame(added)], ignore_index=True)
    return instance.replace(mandates=table)


def near_of(plan, task):
    """Return the tasks that are chosen again for a task."""
    from coordination.explanation.asking import Asker
    from coordination.explanation.loads import Loads
    from coordination.explanation.tasks import HELD, Subject
    from coordination.explanation.telling import Teller

    asker = Asker(plan, 0.0, None, None)
    subject = Subject(Teller(asker), Loads.of(plan), task)
    asker.look_around(subject.loads, {task}, {party for role in HELD for party in subject.able(role)})
    return asker.around.tasks


def check(instance, task) -> int:
    """Hold every finding on a role against the independent model; return how many have a number."""
    plan = co.plan(instance, gap=1e-6)
    assert plan.sizes["way"] == "separate"
    near = near_of(plan, task)
    assert task in near
    best, told = held(instance, plan, near), 0
    for finding in co.explain(plan, task=task, gap=0).findings:
        if not finding.role or finding.cost is None or finding.short:
            continue
        told += 1
        true = held(with_finding(instance, finding), plan, near) - best
        assert finding.cost == pytest.approx(true, abs=2e-3 * max(1.0, abs(best)) ** 0.5), finding.sentence
    return told


@pytest.mark.parametrize("task", ["watch", "hand"])
def test_numbers_are_those_of_the_program_around(task, large):
    """Each number is the difference of two optima in which all but the tasks around is fixed."""
    assert check(town(), task) > 3


@pytest.mark.parametrize("seed", [3, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(40, 80))])
def test_random_towns(seed, large):
    """The same on random towns."""
    instance = random_instance(seed, tasks=True, odd_ids=False)
    check(instance, instance.tasks["task"].iloc[seed % len(instance.tasks)])


def test_what_can_no_longer_be_handed_out_is_told(large):
    """Where nobody else has hours for what is handed out, tonnes go short beside the money."""
    plan = co.plan(town(skills=rows("skills", {"party": "a"}, hours=0.5)), gap=1e-6)
    finding = next(f for f in co.explain(plan, party="c", gap=0).findings if f.what == "absent")
    assert finding.short > 0.1
    assert "t less are handed out" in finding.sentence


def test_a_party_of_a_large_case(large):
    """Roles, hours and what its absence costs are told; its trucks' goods are held, and that is said."""
    plan = co.plan(town(fleets=[{**TABLES["fleets"][0], "party": "b"}]), gap=1e-6)
    told = co.explain(plan, party="b", gap=0)
    assert told.lines[0].startswith("The city is too large")
    assert {finding.what for finding in told.findings} == {"hours", "absent"}
    assert all(finding.cost is not None for finding in told.findings)
    assert told.lines[-1] == "What its fleets bring is held as planned, and not counted."


def test_what_is_not_carried_out_is_refused(large, monkeypatch):
    """Rules beyond the social cost, and too many tasks at once."""
    plan = co.plan(town({"load": "leximin"}), gap=1e-3)
    with pytest.raises(UsageError, match="fairness or order"):
        co.explain(plan, task="watch")
    monkeypatch.setattr("coordination.explanation.asking.MOST_OWN", 0)
    with pytest.raises(UsageError, match="would have to be chosen again together"):
        co.explain(co.plan(town(), gap=1e-3), party="b")
