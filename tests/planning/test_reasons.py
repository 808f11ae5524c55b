"""Why places go short: the cause is known by hand, and the saving is that of a new plan of the changed instance."""

import dataclasses

import pytest

import coordination.planning
from coordination.planning import plan
from coordination.plans import Plan
from coordination.summary import summarise
from coordination.verification import verify
from tests.planning.small import HANDOUT, row, street
from tests.support.random_instances import random_instance
from tests.support.thorough import often

FEWER = {"stocks": row("stocks", quantity=60)}
TIRED = {"fleets": row("fleets", hours=0.25)}
NARROW = {"roads": row("roads", capacity_tonnes=0.2)}
LAZY = {"tasks": HANDOUT, "skills": row("skills", hours=0.5)}
SMALL_TASK = {"tasks": [dict(HANDOUT[0], hours=0.5)]}

CAUSES = {
    "stock": (FEWER, "stock", "depot"),
    "fleet": (TIRED, "fleet", "truck"),
    "road": (NARROW, "road", "r;depot"),
    "hours": (LAZY, "hours", "helpers"),
    "handout": (SMALL_TASK, "handout", "quarter"),
}


def only_reason(planned: Plan) -> dict:
    """Return the reason of the only place that goes short."""
    (reason,) = planned.reasons
    return reason


@pytest.mark.parametrize("cause", CAUSES)
def test_the_limit_that_binds_is_named(cause):
    """Where one limit alone is tight, the reason and its sentence name it, and easing it saves something."""
    changed, limit, identity = CAUSES[cause]
    reason = only_reason(plan(street(**changed), gap=0))
    assert (reason["limit"], reason["id"], reason["place"], reason["commodity"]) == (limit, identity, "home", "box")
    assert reason["saving"] > 0 and reason["more"] == 1.0
    assert reason["sentence"].startswith("Home (") and "would save" in reason["sentence"]


def eased(cause: str) -> dict:
    """Return the tables of an instance with one more unit of the limit in period 0 alone."""
    if cause == "stock":
        return {"stocks": row("stocks", quantity=61)}
    effect = {"scenario": "more", "start": 0, "end": 0}
    scenario = [{"scenario": "more", "hazard": "none", "probability": 1}]
    factor = {
        "fleet": {"table": "fleets", "where": "truck", "factor": 1.25 / 0.25},
        "road": {"table": "roads", "where": "r", "factor": 1.2 / 0.2},
        "hours": {"table": "skills", "where": "helpers", "factor": 1.5 / 0.5},
    }[cause]
    return CAUSES[cause][0] | {"scenarios": scenario, "effects": [effect | factor]}


@pytest.mark.parametrize("cause", ["stock", "fleet", "road", "hours"])
def test_the_saving_is_that_of_a_new_plan(cause):
    """The number in the sentence is the difference between two plans, one of them with one more of the limit."""
    before = plan(street(**CAUSES[cause][0]), gap=0)
    reason = only_reason(before)
    assert "in period 0 would save" in reason["sentence"]
    instance = street(**eased(cause))
    after = plan(instance, gap=0, scenario=None if cause == "stock" else "more")
    assert before.objective - after.objective == pytest.approx(reason["saving"], rel=1e-6)


def test_what_costs_more_than_it_saves_is_said():
    """Where a truck costs more than going without, the reason is the cost, and forcing one unit raises it."""
    dear = street(commodities=row("commodities", cost_without=0.01), tasks=[])
    reason = only_reason(plan(dear, gap=0))
    # A box is a hundredth of a trip of 20 km: 0.2 money; served at once it saves 0.01 in each of two periods.
    assert reason["limit"] == "cost" and reason["saving"] == pytest.approx(-(0.2 - 0.02))
    assert "costs 0.2 CNY" in reason["sentence"] and "0.02 CNY" in reason["sentence"]


def test_wages_are_money_and_no_limit():
    """Where handing out costs more in wages than going without, no limit is blamed."""
    paid = street(tasks=HANDOUT, skills=row("skills", cost_per_hour=10_000))
    reason = only_reason(plan(paid, gap=0))
    # A tonne takes two hours; a hundred boxes late by two and by one periods cost 50 * 60 + 50 * 30 for the tonne.
    assert reason["limit"] == "cost" and reason["saving"] < 0
    assert "wages" in reason["sentence"] and "cost 20,000 CNY" in reason["sentence"]


def test_nobody_who_could_hand_out_is_a_limit():
    """Where nobody has the skill, the hand-out is the limit, and the sentence says that nobody does it."""
    reason = only_reason(plan(street(tasks=HANDOUT, skills=[]), gap=0))
    assert reason["limit"] == "handout" and "nobody does it" in reason["sentence"]


def test_what_handing_out_waits_for_is_said():
    """Where the hand-out may not begin because a check before it is not done, the reason names the check."""
    check = {
        "task": "check",
        "name": "Check of goods",
        "domain": "safety",
        "zone": "quarter",
        "skill": "look",
        "hours": 2,
    }
    decided = plan(street(tasks=[*HANDOUT, check], depends=[{"task": "hand", "on": "check"}]))
    sentence = decided.reasons[0]["sentence"]
    assert "in period 1, 0 are covered (by Helpers), as that waits for Check of goods" in sentence
    assert verify(decided).ok


@pytest.mark.parametrize(
    ("changed", "limit", "words"),
    [
        ({"stocks": []}, "nothing", "no stock and no arrival"),
        ({"roads": []}, "unreachable", "nothing can reach it"),
        ({"fleets": []}, "unreachable", "nothing can reach it"),
        ({"roads": row("roads", minutes=60 * 60)}, "unreachable", "nothing can reach it"),
        (
            {
                "stocks": row("stocks", expires=0),
                "needs": [{"place": "home", "commodity": "box", "period": 1, "quantity": 5}],
            },
            "unreachable",
            "",
        ),
    ],
)
def test_what_cannot_come_is_said(changed, limit, words):
    """Nothing anywhere, no road, no truck, too far, expired before it is wanted: said as such, without a number."""
    reason = only_reason(plan(street(**changed), gap=0))
    assert (reason["limit"], reason["saving"]) == (limit, None)
    assert words in reason["sentence"]


def test_two_limits_together_are_both_named():
    """Where two limits are equally tight neither alone helps: both are named, and easing both saves something."""
    both = street(stocks=row("stocks", quantity=25), fleets=row("fleets", hours=0.125))
    reason = only_reason(plan(both, gap=0))
    assert reason["limit"] in {"several", "stock", "fleet"}
    assert reason["saving"] > 0


def test_reasons_survive_the_folder(tmp_path):
    """A plan read back has the reasons it was written with, and is still right."""
    before = plan(street(**FEWER), gap=0)
    before.save(tmp_path / "p")
    after = Plan.load(tmp_path / "p")
    assert after.reasons == before.reasons and before.reasons
    assert verify(after).ok


@pytest.mark.parametrize("wrong", [{"quantity": 41.0}, {"short": 0.3}, {"place": "depot"}, {"commodity": "nothing"}])
def test_wrong_reasons_are_found(wrong):
    """A reason that speaks of another place, commodity, share or quantity than the tables fails verification."""
    planned = plan(street(**FEWER), gap=0)
    said = dataclasses.replace(planned, reasons=[planned.reasons[0] | wrong])
    assert {violation.rule for violation in verify(said).violations} == {"reasons"}


def test_nobody_short_no_reason():
    """Where everybody has all, there is nothing to explain."""
    assert plan(street(), gap=0).reasons == []


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("seed", [*range(3), *often(3, 8)])
def test_every_short_place_of_a_random_city_has_a_reason(seed, large, monkeypatch):
    """Each place that goes short has one sentence with a confirmed saving or a fact, planned either way."""
    if large:
        monkeypatch.setattr("coordination.planning.ways.DIRECT_SHIPMENTS", -1)
    planned = coordination.planning.plan(random_instance(seed))
    from coordination.metrics import shortest

    rows = shortest(planned)
    assert [reason["place"] for reason in planned.reasons] == rows["place"].tolist()
    for reason in planned.reasons:
        confirmed = reason["saving"] is not None and reason["saving"] > 0
        assert confirmed or reason["limit"] in {"cost", "nothing", "unreachable", "none"}
        assert reason["sentence"].endswith(".") and "\n" not in reason["sentence"]
    assert len(summarise(planned).splitlines()) <= 25


def test_without_time_there_are_no_reasons():
    """A plan that ran out of time has no reasons, and its summary says why."""
    planned = plan(street(**FEWER), time_limit=1e-9)
    assert planned.reasons == []
    assert "the time was over" in summarise(planned)
