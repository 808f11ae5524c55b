"""News: carried out all or none, in the periods of the plan under way, named by its own rows where it does not fit."""

import pandas as pd
import pytest

import coordination as co
from coordination.errors import InstanceError, UsageError
from tests.replanning.town import event, town


@pytest.fixture(scope="module")
def plan() -> co.Plan:
    """Plan the town."""
    return co.plan(town(), gap=0, threads=1)


def test_news_changes_the_rest(plan, tmp_path):
    """A row added, one changed, one removed, periods shifted; the plan before is what it was."""
    news = [
        event("needs", "change", "place=ward;period=3", "quantity", "4"),
        event("needs", "add", "place=ward;commodity=can;period=2;group=vulnerable", "quantity", "1"),
        event("skills", "remove", "party=helpers"),
    ]
    pd.DataFrame(news).to_csv(tmp_path / "news.csv", index=False)
    sha256 = plan.instance.sha256
    anew = co.replan(plan, tmp_path / "news.csv", threads=1)
    needs = anew.instance.needs.sort_values(["period", "group"])
    assert needs[["period", "group", "quantity"]].to_numpy().tolist() == [
        [0, "general", 10.0], [0, "vulnerable", 1.0], [1, "general", 4.0],
    ]  # fmt: skip
    assert "helpers" not in anew.instance.skills["party"].tolist()
    assert anew.replanned["after"] == 2 and len(anew.replanned["news"]) == 3
    assert plan.instance.sha256 == sha256
    anew.save(tmp_path / "anew")
    assert co.verify(tmp_path / "anew").ok
    assert co.Plan.load(tmp_path / "anew") == anew


def test_roles_that_cannot_go_on_are_chosen_anew(plan):
    """The guards drop out: the helpers take the watch, the change names the news and what it costs to do without."""
    anew = co.replan(plan, [event("skills", "remove", "party=guards")], threads=1)
    assert anew.replanned["released"] == ["watch"]
    change = (
        anew.changes[anew.changes["table"] == "responsibilities"].set_index("key").loc["task=watch;role=responsible"]
    )
    assert (change["before"], change["after"]) == ("guards", "helpers")
    assert "row 2 of the news: remove skills party=guards" in change["why"]
    assert co.verify(anew).ok


def test_without_news_nothing_has_to_change(plan):
    """Planned anew after a period without news, the roles are the same and all costs what it did."""
    anew = co.replan(plan, after=1, gap=0, threads=1)
    assert anew.replanned["total"] == pytest.approx(plan.objective)
    assert "responsibilities" not in anew.changes["table"].tolist()


def test_news_that_is_not_known_yet_waits(plan):
    """What is known later stays in the table, counted from the new beginning, and acts when its period comes."""
    later = [event("skills", "remove", "party=helpers") | {"period": 3}]
    anew = co.replan(plan, later, after=1, threads=1)
    assert "helpers" in anew.instance.skills["party"].tolist()
    assert anew.instance.events["period"].tolist() == [2]
    again = co.replan(anew, after=2, threads=1)
    assert "helpers" not in again.instance.skills["party"].tolist()


WRONG = [
    (event("skillz", "remove", "party=guards"), "table", "skills"),
    (event("skills", "drop", "party=guards"), "action", "one of add, change, remove"),
    (event("skills", "remove", "parti=guards"), "where", "Did you mean 'party'"),
    (event("skills", "remove", "party=nobody"), "where", "a row of skills"),
    (event("skills", "change", "party=guards", "hourz", "1"), "column", "Did you mean 'hours'"),
    (event("skills", "change", "party=guards", "hours", "many"), "value", "a number"),
    (event("skills", "change", "party=guards", "hours", "-3"), "value", "at least 0"),
    (event("skills", "change", "party=guards"), "column", "the column that changes"),
    (event("needs", "add", "place=ward;commodity=can;period=0", "quantity", "4"), "where", "period 2 or later"),
    (event("needs", "add", "place=moon;commodity=can;period=3;group=vulnerable", "quantity", "4"), "value", "places"),
    (event("skills", "remove", "party"), "where", "column=value"),
]


@pytest.mark.parametrize(("wrong", "column", "text"), WRONG)
def test_broken_news_changes_nothing(plan, tmp_path, wrong, column, text):
    """One wrong row among good ones: it is named, all are refused, no folder is written."""
    plan.save(tmp_path / "plan")
    before = {path.name: path.read_bytes() for path in (tmp_path / "plan").rglob("*") if path.is_file()}
    news = [event("skills", "change", "party=helpers", "hours", "1"), wrong]
    with pytest.raises(InstanceError) as caught:
        co.replan(tmp_path / "plan", news, threads=1)
    (problem,) = caught.value.problems
    assert (problem.table, problem.row, problem.column) == ("events", 3, column)
    assert text in str(problem)
    assert {path.name: path.read_bytes() for path in (tmp_path / "plan").rglob("*") if path.is_file()} == before


def test_how_many_periods_must_be_known(plan):
    """Without news and without a number there is nothing to go by."""
    with pytest.raises(UsageError, match="how many periods"):
        co.replan(plan)
