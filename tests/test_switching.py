"""Modes that zones choose: plans against brute force over all schedules, by hand, and what is refused."""

import numpy as np
import pytest

import coordination as co
import coordination.planning
from coordination.errors import InstanceError, UsageError
from coordination.summary import summarise
from coordination.verification import verify
from tests.support.random_halls import random_halls
from tests.support.random_instances import random_instance
from tests.support.random_switching import ASKED, with_choices
from tests.support.switching import brute_force

FEW, HALLS = range(4), range(2)
LEAST_SHARE = 0.3


def check(instance):
    """Compare the plan's cost with the least over all schedules, and ask for a second opinion on the plan."""
    best, schedule, _ = brute_force(instance)
    plan = coordination.planning.plan(instance, gap=0)
    tolerance = 1e-6 * max(1.0, abs(best))
    message = f"{instance.name}: plan {plan.objective} {plan.terms}, least {best} {schedule}"
    assert abs(plan.objective - best) <= tolerance, message
    assert plan.bound == pytest.approx(best, rel=1e-6, abs=1e-6), message
    verdict = verify(plan)
    assert verdict.ok, f"{instance.name}: {verdict}"
    return plan


def choosing(seed, most=16):
    """Draw an instance whose zones choose their modes."""
    return with_choices(random_instance(seed, tasks=True, supply_tasks=seed % 2 == 0), seed, most)


def with_halls(seed, most=4):
    """Draw one with facilities and floors by mode."""
    instance = random_halls(seed)
    rng = np.random.default_rng([seed, 8])
    floors = [
        {"zone": zone, "service": "school", "mode": mode, "share": float(rng.choice([0.5, 1.0]))}
        for zone in ("street", "east") for mode in ("normal", "emergency", "parallel")
        if rng.random() < 0.5 and instance.held.empty  # what is away by what was under way breaks no floor
    ]  # fmt: skip
    return with_choices(instance.replace(service_floors=floors), seed, most)


@pytest.mark.parametrize("seed", FEW)
def test_optimum_equals_brute_force(seed):
    """The plan costs as little as the best of all schedules of all zones that choose, and the bound says so."""
    check(choosing(seed))


@pytest.mark.parametrize("seed", HALLS)
def test_optimum_with_facilities_equals_brute_force(seed):
    """With halls to convert and services to keep by mode, the plan is the best of all schedules and conversions."""
    check(with_halls(seed))


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 400))
def test_optimum_equals_brute_force_on_hundreds(seed):
    """The same on hundreds of instances, of more schedules."""
    check(choosing(seed, most=150))


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 250))
def test_optimum_with_facilities_equals_brute_force_on_hundreds(seed):
    """The same with facilities."""
    check(with_halls(seed, most=15))


def tiny(periods=6, tasks=None, policy=None, **tables):
    """One zone with a gate to watch in emergency and a market to keep but in emergency; nobody for lack of a skill."""
    watch = [{"party": "core", "skill": "watch", "hours": 4, "emergency_hours": 10}]
    given = [
        {"task": "gate", "domain": "safety", "zone": "z", "skill": "watch", "hours": 8, "mode": "emergency"},
        {"task": "market", "domain": "safety", "zone": "z", "skill": "watch", "hours": 6, "mode": "normal;parallel"},
    ]
    header = {"name": "tiny", "periods": periods, "period_hours": 24, "policy": {"mode": "optimise", **(policy or {})}}
    rows = {
        "zones": [{"zone": "z", "level": "city"}, {"zone": "y", "level": "district", "parent": "z"}],
        "parties": [{"party": "core", "kind": "core", "zone": "z"}],
        "skills": watch,
        "tasks": given if tasks is None else tasks,
        "indicators": [{"indicator": "x", "weight": 1, "normal": 0, "severe": 1}],
    }
    return co.Instance.from_tables(header, {**rows, **tables})


SEVERE = [{"period": t, "zone": "z", "indicator": "x", "value": v} for t, v in enumerate([0, 0.1, 0.5, 1, 0.6, 0.1])]
HARM = {"zone": "z", "mode": "normal", "severity_cost": 1000}
STRICT = {"zone": "z", "mode": "emergency", "cost": 300}
BAR = {"zone": "z", "mode": "parallel", "cost": 5000}


def modes(plan, zone="z"):
    """First letters of a zone's modes."""
    return "".join(mode[0] for mode in plan.modes.loc[plan.modes["zone"] == zone, "mode"])


def test_by_hand():
    """Emergency while that costs less than the harm done in normal mode; in normal mode 2 of 6 hours lack, 400.

    Normal costs 1000 · severity + 400, emergency 300: emergency in all periods, 1800. With the market's gap at 10 an
    hour normal costs 20, 120, 520, 1020, 620, 120: emergency in the three periods where that is more than 300.
    """
    instance = tiny(observations=SEVERE, mode_rules=[HARM, STRICT, BAR])
    plan = co.plan(instance, gap=0)
    assert modes(plan) == modes(plan, "y") == "eeeeee"
    assert plan.terms["mode"] == pytest.approx(1800)
    plan = co.plan(instance.replace(policy={"gap_cost": 10, "mode": "optimise"}), gap=0)
    assert modes(plan) == "nneeen"
    assert plan.terms["mode"] + plan.terms["gap_hours"] == pytest.approx(20 + 120 + 900 + 120)
    first, last = plan.switching["switches"]
    assert (first["zone"], first["period"], first["left"], first["entered"]) == ("z", 2, "normal", "emergency")
    assert (first["earlier"], first["later"]) == (pytest.approx(180), pytest.approx(220))
    assert (last["period"], last["earlier"], last["later"]) == (5, pytest.approx(320), pytest.approx(180))
    assert "z from normal to emergency in period 2 (180 money more one period earlier" in summarise(plan)
    assert verify(plan).ok


def test_least_stay_and_what_was_before():
    """A zone that went into emergency a period ago stays three in all; then normal is cheaper, and stays to the end."""
    held = [{"table": "zones", "id": "z", "mode": "emergency", "periods": 1}]
    rules = [{**STRICT, "min_periods": 3}, {**HARM, "severity_cost": 0, "switch_cost": 7}, BAR]
    plan = co.plan(tiny(4, policy={"gap_cost": 10}, mode_rules=rules, held=held), gap=0)
    assert modes(plan) == "eenn"
    assert plan.terms["mode"] == pytest.approx(607)
    assert plan.switching["switches"][0]["earlier"] is None
    assert verify(plan).ok


def test_nothing_flickers():
    """Where modes decide nothing a zone stays in what it was in."""
    held = [{"table": "zones", "id": "z", "mode": "parallel", "periods": 0}]
    assert modes(co.plan(tiny(tasks=[]), gap=0)) == "nnnnnn"
    assert modes(co.plan(tiny(tasks=[], held=held), gap=0)) == "pppppp"


def test_level_says_who_chooses():
    """With mode_level district that zone chooses beside the one without a zone above, else it follows."""
    rules = [{"zone": "y", "mode": "normal", "cost": 1}, {"zone": "z", "mode": "parallel", "cost": 9}]
    plan = co.plan(tiny(2, tasks=[], policy={"mode_level": "district"}, mode_rules=rules), gap=0)
    assert (modes(plan), modes(plan, "y")) == ("nn", "ee")
    assert verify(plan).ok


def test_pins_on_modes():
    """A pinned mode stands in the plan; what no least stay allows, and zones that follow, are refused by name."""
    pin = {"table": "modes", "where": "zone=z;period=1", "column": "mode", "value": "emergency"}
    plan = co.plan(tiny(3, tasks=[], pins=[pin]), gap=0)
    assert modes(plan)[1] == "e"
    assert plan.instance.pins["where"].tolist() == [pin["where"]]
    assert verify(plan).ok
    rules = [{"zone": "z", "mode": "emergency", "min_periods": 2}]
    out = {**pin, "where": "zone=z;period=2", "value": "normal"}
    before = {**pin, "where": "zone=z;period=0", "value": "normal"}
    with pytest.raises(InstanceError, match="pins on the modes of zone z"):
        co.plan(tiny(3, tasks=[], pins=[pin, out, before], mode_rules=rules))
    with pytest.raises(InstanceError, match="a zone that chooses its mode"):
        co.plan(tiny(3, tasks=[], pins=[{**pin, "where": "zone=y;period=1"}]))
    with pytest.raises(InstanceError, match="no other mode"):
        co.plan(tiny(3, tasks=[], pins=[pin, {**pin, "value": "normal"}]))
    with pytest.raises(InstanceError, match="mode optimise"):
        co.plan(tiny(3, tasks=[], pins=[pin], policy={"mode": "normal"}))


def corrupted(plan, **cells):
    """Return whether verify still holds a plan whose first row of modes is changed, by zone and period."""
    for (zone, period), mode in cells["cells"].items():
        row = (plan.modes["zone"] == zone) & (plan.modes["period"] == period)
        plan.tables["modes"].loc[row, "mode"] = mode
    return verify(plan)


def test_verify_notices():
    """Another mode of a follower, a stay too short, a cost that is another, and switches untold are violations."""
    rules = [{**STRICT, "min_periods": 3}, HARM, BAR]
    instance = tiny(observations=SEVERE, mode_rules=rules, tasks=[])
    for cells, text in (
        ({("y", 3): "normal"}, "other modes than z"),
        ({("z", 4): "normal", ("y", 4): "normal"}, "leaves mode emergency in period 4 after 2 periods, expected 3"),
        ({("z", 1): "emergency", ("y", 1): "emergency"}, "term mode"),
        ({("z", 5): "emergency", ("y", 5): "emergency"}, "tells of 2 switches"),
    ):
        verdict = corrupted(co.plan(instance, gap=0), cells=cells)
        assert not verdict.ok
        assert text in str(verdict)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"policy": {"rationing": "leximin"}}, "rationing"),
        ({"policy": {"load": "leximin"}}, "load leximin"),
        ({"policy": {"objective": "lexicographic", "order": "deprivation"}}, "objective lexicographic"),
        ({"policy": {"handover_cost": 5}}, "handover_cost"),
        ({"policy": {"escalation_delay": 1}}, "escalation_delay"),
        ({"depends": [{"task": "market", "on": "gate"}]}, "depends on task gate"),
        ({"policy": {"governance": "networked"}}, "governance networked"),
        ({"policy": {"rationing": "field"}}, "rationing field"),
    ],
)
def test_refused_by_name(changes, word):
    """What is not planned beside modes that zones choose is refused by its name."""
    with pytest.raises(UsageError, match=word):
        co.plan(tiny(**changes))


def test_large_cases_are_refused(monkeypatch):
    """A case that is not solved whole is refused, with its size."""
    monkeypatch.setattr("coordination.planning.ways.DIRECT_COVER", 3)
    with pytest.raises(UsageError, match="of at most 40,000 possible shipments and 3 hours"):
        co.plan(tiny())


def test_other_ways_say_what_they_lack():
    """Ways that would have to choose modes say that they do not."""
    with pytest.raises(UsageError, match="mode optimise"):
        co.dispatch(tiny())


def test_without_time_there_is_a_plan():
    """Where no modes are chosen in time the plan says so, and holds."""
    plan = co.plan(tiny(observations=SEVERE, mode_rules=[HARM, STRICT, BAR]), time_limit=1e-9)
    assert any("No modes were chosen in time" in note for note in plan.notes)
    assert verify(plan).ok


def binding(seeds):
    """Share of instances in which some zone switches, and in which no one mode of all zones is as good."""
    switched = np.zeros(1)
    for seed in seeds:
        switched += bool(coordination.planning.plan(choosing(seed), gap=1e-6).switching["switches"])
    return switched / len(seeds)


def test_choices_bind():
    """In three of ten draws at least some zone switches, and all ways of asking for tasks are drawn."""
    assert (binding(range(5)) >= LEAST_SHARE).all()
    assert len(set(ASKED)) == 7


@pytest.mark.parametrize("name", ["case", "case.xlsx", "case.json"])
def test_rules_are_written_and_read(name, tmp_path):
    """Folder, workbook and JSON keep mode_rules, the level that chooses and pins on modes."""
    pin = {"table": "modes", "where": "zone=z;period=1", "column": "mode", "value": "emergency"}
    instance = tiny(mode_rules=[HARM, STRICT], pins=[pin], policy={"mode_level": "district"})
    instance.save(tmp_path / name)
    assert co.load(tmp_path / name) == instance
