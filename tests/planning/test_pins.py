"""Corrections by hand: kept, priced against the independent model, refused by the rule that stands against them."""

import dataclasses

import pytest

import coordination as co
from coordination.errors import InstanceError
from coordination.instance.vocabulary import PIN_TABLES
from coordination.plans.tables import PLAN_TABLES
from tests.explanation.town import rows, town
from tests.support.oracle import oracle


def pin(where: str, column: str, value: str, table: str = "responsibilities") -> dict[str, str]:
    """Write one row of pins."""
    return {"table": table, "where": where, "column": column, "value": value}


HOLDS = [
    ("watch", "responsible", "b"),
    ("watch", "responsible", "c"),
    ("watch", "backup", "a"),
    ("still", "accountable", "core"),
    ("hand", "responsible", "b"),
]


@pytest.mark.parametrize(("task", "role", "party"), HOLDS)
@pytest.mark.parametrize("spelling", ["party", "role"])
def test_a_pin_is_kept_at_least_cost(task, role, party, spelling):
    """In either spelling the party holds the role, at the cost of the same order in the independent model."""
    named = {
        "party": pin(f"task={task};role={role}", "party", party),
        "role": pin(f"task={task}; party={party}", "role", role),
    }
    plan = co.plan(town(pins=[named[spelling]]), gap=0)
    order = {"task": task, "party": party, "role": role, "rule": "must"}
    assert plan.objective == pytest.approx(oracle(town(mandates=[order])).objective, abs=1e-5)
    held = plan.responsibilities
    assert ((held["task"] == task) & (held["role"] == role) & (held["party"] == party)).any()
    assert plan.instance == town(pins=[named[spelling]]) and plan.sha256 == plan.instance.sha256
    assert co.verify(plan).ok


def test_several_pins_are_kept_together(tmp_path):
    """All pins of a plan hold, and the folder read back still does."""
    pins = [pin(f"task={task};role={role}", "party", party) for task, role, party in HOLDS[1:]]
    co.plan(town(pins=pins), gap=0).save(tmp_path / "p")
    assert co.verify(tmp_path / "p").ok
    assert co.Plan.load(tmp_path / "p").instance.pins.drop(columns="price").to_dict("records") == pins


@pytest.mark.parametrize(
    "wrong",
    [pin("task=watch;role=responsible", "party", "c"), pin("task", "party", "a"), pin("tusk=watch", "party", "a")],
)
def test_verification_finds_a_pin_that_does_not_stand(wrong):
    """A plan that does not have what a pin says is found out by the rule of that name."""
    plan = co.plan(town(), gap=0)
    pinned = dataclasses.replace(plan, instance=town(pins=[wrong]), sha256=town(pins=[wrong]).sha256)
    assert [violation.rule for violation in co.verify(pinned).violations] == ["pins"]


WRONG = [
    (pin("task=watch;kind=hours", "amount", "3", "gaps"), "table", "other tables are not carried out yet"),
    (pin("task=watch;role=responsible;party=a", "hours", "3"), "where", "other columns are not carried out yet"),
    (pin("task=watch;role=informed", "party", "a"), "where", "Known: accountable, responsible, backup"),
    (pin("task=wach;role=backup", "party", "a"), "where", "Did you mean 'watch'"),
    (pin("task=watch;role=backup", "party", "cor"), "value", "Did you mean 'core'"),
    (pin("task=watch;rolle=backup", "party", "a"), "where", "Did you mean 'role'"),
    (pin("task=watch;role", "party", "a"), "where", ""),
    (pin("task=watch;role=backup", "partei", "a"), "column", "Did you mean 'party'"),
    (pin("role=backup;party=a", "task", "watch"), "where", ""),
]


@pytest.mark.parametrize(("row", "column", "advice"), WRONG)
def test_what_pins_cannot_say_is_refused_by_name(row, column, advice):
    """The problem stands at the pin's row and column, with what is not carried out or the nearest known name."""
    with pytest.raises(InstanceError) as caught:
        co.plan(town(pins=[pin("task=watch;role=responsible", "party", "b"), row]))
    (problem,) = caught.value.problems
    assert (problem.table, problem.row, problem.column) == ("pins", 3, column)
    assert advice in problem.advice


def test_a_pin_that_cannot_hold_names_the_rule():
    """No skill, a bar by mandate, one doer only: the pin and what stands against it are named, with their rows."""
    order = pin("task=watch;role=responsible", "party", "core")
    with pytest.raises(InstanceError) as caught:
        co.plan(town(pins=[order]))
    assert {(problem.table, problem.row) for problem in caught.value.problems} == {("pins", 2), ("tasks", 2)}
    assert "Conflicts with pins row 2" in str(caught.value)
    bars = [{"task": "hand", "party": "a", "role": "responsible", "rule": rule} for rule in ("may", "must_not")]
    bars[1] |= {"task": "watch", "party": "b"}
    with pytest.raises(InstanceError) as caught:
        co.plan(town(pins=[pin("task=watch;party=b", "role", "responsible")], mandates=bars))
    (problem,) = caught.value.problems
    assert (problem.table, problem.row) == ("pins", 2) and "Row 3 says must_not" in problem.advice
    two = [pin("task=watch;role=responsible", "party", party) for party in "ab"]
    with pytest.raises(InstanceError) as caught:
        co.plan(town(pins=two, mandates=bars[:1]))
    assert {(problem.table, problem.row) for problem in caught.value.problems} == {
        ("pins", 2),
        ("pins", 3),
        ("tasks", 2),
    }


def test_ways_that_keep_no_pins_refuse_them(monkeypatch):
    """The field rule; large cases keep them as all others do."""
    doing, answering = (pin(f"task=watch;role={role}", "party", "b") for role in ("responsible", "accountable"))
    with pytest.raises(InstanceError, match="field rule"):
        co.dispatch(town(pins=[answering]))
    with pytest.raises(InstanceError, match="field rule"):
        co.plan(town({"rationing": "field"}, pins=[answering]))
    monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    plan = co.plan(town(pins=[answering, doing]))
    assert plan.sizes["way"] == "separate"
    held = plan.responsibilities
    for role in ("accountable", "responsible"):
        assert set(held.loc[(held["task"] == "watch") & (held["role"] == role), "party"]) == {"b"}
    assert co.verify(plan).ok


def test_explaining_a_pinned_plan_names_the_pin():
    """What a pin forbids is told by the pin; without the party that it names it lapses."""
    plan = co.plan(town(pins=[pin("task=still;role=responsible", "party", "b")]), gap=0)
    explanation = co.explain(plan, task="still", gap=0)
    without = next(f for f in explanation.findings if (f.what, f.role) == ("without", "responsible"))
    assert "pins, row 2" in without.why
    absent = co.explain(plan, party="b", gap=0).findings[-1]
    away = [{"domain": d, "party": "b", "role": r, "rule": "must_not"} for d in ("safety", "supply")
            for r in ("accountable", "responsible", "backup")]  # fmt: skip
    skills = [row for row in rows("skills", {}) if row["party"] != "b"]
    assert absent.cost == pytest.approx(oracle(town(skills=skills, mandates=away)).objective - plan.objective, abs=1e-5)


def test_pins_know_every_plan_table():
    """The tables that pins may name are the plan's, in its order."""
    assert tuple(PLAN_TABLES) == PIN_TABLES
