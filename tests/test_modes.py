"""Operating modes by severity: plans against the independent model, the modes by hand, and nothing without them."""

import numpy as np
import pytest

import coordination as co
import coordination.planning
from coordination.errors import InstanceError
from coordination.instance.vocabulary import MODES
from coordination.verification import verify
from coordination.world import World
from tests.support.oracle import oracle
from tests.support.random_duties import RULES, feasible_duties
from tests.support.random_instances import random_instance
from tests.support.random_modes import with_modes
from tests.support.reading import Plain
from tests.support.thorough import often

FEW = range(5)
LEAST_SHARE = 0.05


def check(instance):
    """Compare the plan's objective with the optimum, and ask for a second opinion on the plan."""
    best, plan = oracle(instance), coordination.planning.plan(instance, gap=0)
    message = f"{instance.name}: plan {plan.terms}, optimum {best.terms}"
    assert plan.objective == pytest.approx(best.objective, rel=1e-6, abs=1e-6), message
    verdict = verify(plan)
    assert verdict.ok, f"{instance.name}: {verdict}"


def modal(seed, **switches):
    """Draw an instance with modes by severity, in which hours in normal mode are fewer."""
    return with_modes(random_instance(seed, tasks=True, supply_tasks=seed % 2 == 0, **switches), seed)


@pytest.mark.parametrize("seed", FEW)
def test_plan_equals_the_independent_model(seed):
    """With zones in several modes and tasks for some of them the plan is the optimum and holds."""
    check(modal(seed))


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 400))
def test_plan_equals_the_independent_model_on_hundreds(seed):
    """The same on hundreds of instances."""
    check(modal(seed))


@pytest.mark.parametrize("seed", [104, *often(105, 106)])
def test_modes_with_rules_on_roles(seed):
    """The rules on roles and the waiting of tasks go by the periods in which tasks are active."""
    instance = with_modes(feasible_duties(seed, RULES), seed)
    try:
        check(instance)
    except InstanceError:
        pytest.skip("with these modes the rules cannot be kept")


@pytest.mark.parametrize("seed", [3, *often(4, 5)])
def test_large_way_brackets_the_optimum(seed, monkeypatch):
    """Planned as if too big for one model, bound and objective stand around the optimum."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    instance = modal(seed)
    plan, best = coordination.planning.plan(instance, gap=1e-6), oracle(instance).objective
    tolerance = 1e-6 * max(1.0, abs(best))
    assert plan.bound - tolerance <= best <= plan.objective + tolerance, plan.notes
    assert verify(plan).ok


@pytest.mark.parametrize("seed", [40, *often(41, 44)])
def test_field_rule_keeps_modes(seed):
    """The field rule's plans hold with modes, too."""
    verdict = verify(co.dispatch(modal(seed)))
    assert verdict.ok, str(verdict)


def share_binding(seeds):
    """Share of instances whose optimum is another without normal mode, and without modes of tasks."""
    changed = np.zeros(2)
    for seed in seeds:
        instance = modal(seed)
        best = oracle(instance).objective
        for rule, name in enumerate(("normal mode", "task modes")):
            other = oracle(instance, without=frozenset({name})).objective
            changed[rule] += abs(other - best) > 1e-6 * max(1.0, abs(best))
    return changed / len(seeds)


def test_modes_bind():
    """Fewer hours in normal mode, and tasks that wait for a mode, change one optimum in twenty at least."""
    assert (share_binding(range(20)) >= LEAST_SHARE).all()


def test_modes_agree_with_the_independent_reading():
    """Modes and the periods in which tasks are active are those of the independent model on thirty draws."""
    seen = set()
    for seed in range(30):
        instance = modal(seed)
        world, plain = World.of(instance), Plain(instance)
        mine = np.array(MODES)[world.modes]
        assert mine.tolist() == [[plain.mode(zone, t) for t in plain.horizon] for zone in plain.zones]
        seen |= set(mine.ravel().tolist())
    assert seen == set(MODES)


def tiny(values, **policy):
    """One zone, one task in emergency only; severity is the value."""
    header = {
        "name": "tiny", "periods": len(values), "period_hours": 24,
        "policy": {"mode": "thresholds", "thresholds": {"emergency": [0.6, 0.4], "parallel": [0.3, 0.2]}, **policy},
    }  # fmt: skip
    return co.Instance.from_tables(
        header,
        {
            "zones": [{"zone": "z", "level": "city"}],
            "parties": [{"party": "core", "kind": "core", "zone": "z"}],
            "skills": [{"party": "core", "skill": "watch", "hours": 4, "emergency_hours": 10}],
            "tasks": [
                {"task": "gate", "domain": "safety", "zone": "z", "skill": "watch", "hours": 8, "mode": "emergency"},
                {
                    "task": "desk", "domain": "governance", "zone": "z", "skill": "watch", "hours": 6,
                    "mode": "normal;parallel",
                },
            ],
            "indicators": [{"indicator": "x", "weight": 1, "normal": 0, "severe": 1}],
            "observations": [
                {"period": t, "zone": "z", "indicator": "x", "value": v} for t, v in enumerate(values) if v is not None
            ],
        },
    )  # fmt: skip


def test_by_hand():
    """Emergency from 0.6 until 0.4, then parallel until 0.2; between nothing flickers, a gap changes nothing.

    The desk is done in normal mode (4 of 6 hours there are) and in parallel (all 6); the gate in emergency, all 8.
    """
    values = [0.1, 0.35, 0.55, 0.65, 0.5, None, 0.4, 0.25, 0.2]
    plan = co.plan(tiny(values), gap=0)
    expected = [
        "normal",
        "parallel",
        "parallel",
        "emergency",
        "emergency",
        "emergency",
        "parallel",
        "parallel",
        "normal",
    ]
    assert plan.modes["mode"].tolist() == expected
    assert plan.terms["gap_hours"] == pytest.approx(2 * 2 * 200)
    work = plan.responsibilities[plan.responsibilities["role"] == "responsible"]
    rows = work[["task", "start", "end", "hours"]].to_numpy().tolist()
    assert rows == [
        ["desk", 0, 0, 4.0],
        ["desk", 1, 2, 6.0],
        ["desk", 6, 7, 6.0],
        ["desk", 8, 8, 4.0],
        ["gate", 3, 5, 8.0],
    ]
    assert verify(plan).ok


def test_dormant_task_has_roles_and_costs_nothing():
    """A task that its zone's modes never ask for has its accountable party, and no gap."""
    plan = co.plan(tiny([0.1, 0.1]), gap=0)
    gate = plan.responsibilities[plan.responsibilities["task"] == "gate"]
    assert (gate["role"] == "accountable").any()
    assert plan.gaps["task"].tolist() == ["desk", "desk"]


def test_sudden_value_waits_to_be_confirmed():
    """A jump is believed once the next value is near it."""
    modes = co.plan(tiny([0.1, 0.9, 0.1, 0.9, 0.85]), gap=0).modes["mode"].tolist()
    assert modes == ["normal", "normal", "normal", "normal", "emergency"]


def test_thresholds_must_be_given():
    """Mode thresholds without thresholds, or with off above on, is refused by name."""
    with pytest.raises(InstanceError, match="thresholds"):
        tiny([0.1], thresholds=None)
    with pytest.raises(InstanceError, match="off below on"):
        tiny([0.1], thresholds={"emergency": [0.4, 0.6]})
    with pytest.raises(InstanceError, match="no higher"):
        tiny([0.1], thresholds={"emergency": [0.4, 0.3], "parallel": [0.5, 0.2]})


def test_wrong_mode_is_noticed():
    """Verify refuses a plan whose zone is said to be in another mode."""
    plan = co.plan(tiny([0.1, 0.9, 0.9]), gap=0)
    plan.tables["modes"].loc[0, "mode"] = "emergency"
    assert not verify(plan).ok


@pytest.mark.parametrize("name", ["case", "case.xlsx", "case.json"])
def test_thresholds_are_written_and_read(name, tmp_path):
    """Folder, workbook and JSON keep thresholds, modes of tasks, indicators and periods before the horizon."""
    instance = tiny([0.1, 0.7])
    before = [{"period": -3, "zone": "z", "indicator": "x", "value": 0.2}]
    rows = [*before, *instance.observations.to_dict("records")]
    floors = [{"zone": "z", "service": "school", "mode": "parallel", "share": 0.5}]
    instance = instance.replace(observations=rows, service_floors=floors)
    instance.save(tmp_path / name)
    assert co.load(tmp_path / name) == instance
