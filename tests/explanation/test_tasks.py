"""Why a task is held by whom it is: every number against the independent model, the change written by hand."""

from functools import cache

import pytest

import coordination as co
from coordination.errors import UsageError
from coordination.instance import Instance
from tests.explanation.town import TABLES, rows, town
from tests.support.oracle import oracle

SKILLS = {(row["party"], row["skill"]): row["hours"] for row in TABLES["skills"]}


@cache
def planned() -> co.Plan:
    """Return the plan of the town."""
    return co.plan(town(), gap=0)


@cache
def explained(task: str) -> co.Explanation:
    """Return why a task of the town is held by whom it is."""
    return co.explain(planned(), task=task, gap=0)


def by_hand(finding) -> Instance:
    """Return the town with the change of a finding, written without the package's help."""
    if finding.what == "hours":
        hours = SKILLS[finding.party, "care"] + 1
        return town(skills=rows("skills", {"party": finding.party}, hours=hours))
    if finding.what == "doers":
        number = next(row.get("doers", 1) for row in TABLES["tasks"] if row["task"] == finding.task) + 1
        return town(tasks=rows("tasks", {"task": finding.task}, doers=number))
    barred = {"task": finding.task, "party": finding.holder, "role": finding.role, "rule": "must_not"}
    ordered = {"task": finding.task, "party": finding.party, "role": finding.role, "rule": "must"}
    mandates = {"instead": [barred, ordered], "without": [barred], "joining": [ordered]}
    return town(mandates=mandates[finding.what])


@pytest.mark.parametrize("task", ["watch", "hand", "still"])
def test_numbers_are_differences_of_optima(task):
    """What each change costs is the difference of two optima of the independent model, within what is proven."""
    best = oracle(town()).objective
    assert explained(task).findings
    for finding in explained(task).findings:
        true = oracle(by_hand(finding)).objective - best
        assert finding.cost == pytest.approx(true, abs=1e-5), finding.sentence
        assert finding.least - 1e-5 <= true <= finding.most + 1e-5


def test_every_able_party_is_an_alternative():
    """Each party with the skill there that holds no such role is asked about, for each role and holder."""
    asked = {(f.what, f.role, f.holder, f.party) for f in explained("watch").findings if f.role}
    assert asked == {
        *(("instead", "accountable", "a", other) for other in ("b", "c", "core")),
        *(("instead", "responsible", "a", other) for other in "bc"), ("without", "responsible", "a", ""),
        *(("instead", "backup", "c", other) for other in "ab"), ("without", "backup", "c", ""),
    }  # fmt: skip
    joining = {f.party for f in explained("hand").findings if f.what == "joining"}
    assert joining == {"a", "b"}


def test_holders_are_told_with_cost_and_hours():
    """Six hours at 4 less a benefit of 1 each; all three hours taken; the backup keeps a quarter of four free."""
    text = str(explained("watch"))
    assert (
        "Ants (a) does it: covers 6 of 8 h, costs 18 CNY (work 24 CNY, interest -6 CNY); takes up to 3 of its 3 h"
        in text
    )
    assert "c stands by: keeps 1 h a period free" in text
    assert "Bees (b) is accountable: costs 9 CNY for its level." in str(explained("still"))


def test_gaps_say_which_hours_bind():
    """Hours of those that are full are asked about, the others named as left over; each finding has its sentence."""
    explanation = explained("watch")
    binding = {finding.party for finding in explanation.findings if finding.what == "hours"}
    assert binding == {"a", "b"}
    assert "2 h are not covered, in periods 0-1: costs 40 CNY." in explanation.lines
    assert "  Hours left over, but not used here: c." in explanation.lines
    assert {finding.sentence for finding in explanation.findings} <= set(explanation.lines)
    assert "  Hours of Ants (a) bind in periods 0-1; one more a period: saves 34 CNY (± 0)." in explanation.lines


def test_missing_backups_and_kinds_are_told():
    """A backup and a kind that nobody gives are gaps with their price."""
    tasks = rows("tasks", {"task": "still"}, backups=2, kinds="hospital")
    text = str(co.explain(co.plan(town(tasks=tasks), gap=0), task="still"))
    assert "Backups missing: 2; costs 30 CNY." in text
    assert "No hospital takes part: costs 50 CNY." in text


def test_what_rules_forbid_is_told_with_the_rule():
    """Where a mandate orders the holder, there is no number without it, but the rule."""
    mandates = [{"task": "still", "party": "b", "role": "responsible", "rule": "must"}]
    explanation = co.explain(co.plan(town(mandates=mandates), gap=0), task="still")
    without = next(f for f in explanation.findings if f.what == "without" and f.role == "responsible")
    assert without.cost is None
    assert "mandates" in without.why
    assert without.why in without.sentence


def test_a_plan_with_a_wide_gap_is_made_anew():
    """Differences are counted from a plan as close as those compared with it; the plan's own cost is told too."""
    wide = co.plan(town(), gap=0.5)
    worse = type(wide)(**{**vars(wide), "objective": wide.objective + 100.0, "gap": 0.4})
    explanation = co.explain(worse, task="still", gap=0)
    assert explanation.findings[0].cost == pytest.approx(explained("still").findings[0].cost, abs=1e-6)
    assert "The plan itself costs 896 CNY, proven gap 40 %" in explanation.lines[1]


def test_no_time_is_said():
    """Questions that find no time have no number, and say so."""
    explanation = co.explain(planned(), task="still", time_limit=1e-9)
    assert all(finding.cost is None and "no time" in finding.sentence for finding in explanation.findings)


def test_data_are_plain():
    """An explanation is data as well: lines and findings."""
    data = explained("still").as_dict()
    assert (data["about"], data["id"]) == ("task", "still")
    assert len(data["findings"]) == len(explained("still").findings)
    assert data["findings"][0]["what"] == "instead"


@pytest.mark.parametrize(
    ("asked", "message"),
    [({"task": "wach"}, "Did you mean 'watch'"), ({}, "exactly one"), ({"task": "watch", "gap": -1.0}, "gap")],
)
def test_wrong_questions_are_refused(asked, message):
    """Unknown ids name the nearest known one; nothing asked is refused."""
    with pytest.raises(UsageError, match=message):
        co.explain(planned(), **asked)


def test_plans_that_cannot_be_made_anew_are_refused():
    """The field rule's plans are not found by solving."""
    with pytest.raises(UsageError, match="field rule"):
        co.explain(co.dispatch(town()), task="watch")
    with pytest.raises(UsageError, match="field rule"):
        co.explain(co.plan(town({"rationing": "field"})), task="watch")


def test_what_is_missing_of_coverage_is_told():
    """Who alone can do it in the west shows up in half of all cases: a third of the way to 0.875, at 50 a task."""
    parties = [row | ({"reliability": 0.5} if row["party"] == "b" else {}) for row in TABLES["parties"]]
    explanation = co.explain(co.plan(town({"coverage": 0.875}, parties=parties), gap=0), task="still")
    assert any("0.667 of the way to 0.875 is missing; costs 33.3 CNY" in line for line in explanation.lines)
