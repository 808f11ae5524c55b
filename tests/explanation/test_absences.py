"""What breaks without a party: by hand, against a reading of the tables in plain loops, and against planning anew."""

import csv

import pandas as pd
import pytest

import coordination as co
from coordination.cli import cli
from coordination.errors import UsageError
from coordination.explanation.absences import COLUMNS
from coordination.explanation.changes import Change, changed
from tests.explanation.town import TABLES, town
from tests.planning.small import street
from tests.support.random_instances import random_instance
from tests.support.reading import Plain
from tests.support.responsibility import task_count, window
from tests.verification import town as hand


def test_by_hand():
    """In the town worked out by hand, a backup keeps a tenth of the hand-out's two hours free.

    Without the committee nobody answers for the hand-out and its 2.5 hours are lost; the volunteers take up 0.2 of them
    a period. So 0.1 t can be handed out a period, with half a tonne an hour: of what north gets, 0.5 t in period 0 and
    0.03 t in period 1, 0.4 t are cut. No residents' committee takes part. Without the volunteers 6 hours of the patrol
    are, at 200 each, and nobody is left there; the hand-out has no other backup. The core has the truck and all goods.
    """
    table = co.drop_parties(hand.plan()).set_index("party")
    assert list(table.columns) == list(COLUMNS)
    committee = {
        "tasks_unanswered": 1, "hours_lost": 2.5, "hours_taken_up": 0.6, "hours_uncovered": 1.9,
        "tasks_without_doer": 1, "kinds_missing": 1, "tonnes_not_handed_out": 0.4,
    }  # fmt: skip
    volunteers = {
        "hours_lost": 6, "hours_uncovered": 6, "gap_cost": 1200, "tasks_without_doer": 1, "tasks_left_alone": 1,
        "backups_lost": 1,
    }  # fmt: skip
    core = {"tasks_unanswered": 1, "fleets_gone": 1, "tonnes_not_sent": 1.13, "stock_tonnes": 2.15}
    for party, expected in (("committee", committee), ("volunteers", volunteers), ("core", core)):
        zero = dict.fromkeys(COLUMNS, 0)
        assert table.loc[party].to_dict() == pytest.approx(zero | expected), party
    detailed = co.drop_parties(hand.plan(), detailed=True)
    mine = detailed[detailed["party"] == "committee"].set_index("what")
    assert mine.loc["kind", "id"] == "handout;residents_committee"
    assert mine.loc["tonnes not handed out"].tolist() == ["committee", "northern", pytest.approx(0.4)]


def test_nested_zones_cut_once():
    """What cannot be handed out in a quarter is not cut again in the city, whose hours the same party covers, too."""
    hours = {"task": "over all", "domain": "supply", "zone": "city", "skill": "carry", "hours": 2}
    tasks = [hours, hours | {"task": "here", "zone": "quarter"}]
    plan = co.plan(street(tasks=tasks, skills=[{"party": "helpers", "skill": "carry", "hours": 4}]))
    assert plan.service["served"].sum() == pytest.approx(100)
    detailed = co.drop_parties(plan, detailed=True)
    cut = detailed[detailed["what"] == "tonnes not handed out"]
    assert cut[["id", "amount"]].to_numpy().tolist() == [["quarter", pytest.approx(1.0)]]


def plainly(plan) -> dict[str, dict[str, float]]:
    """Read the same from the tables with loops: all but what cannot be handed out."""
    world, found = Plain(plan.instance), {}
    rows = plan.responsibilities.to_dict("records")
    weight = {c: row["kg"] / 1000 for c, row in world.commodities.items()}
    share = world.policy.backup_reserve
    for party in world.parties:
        out = dict.fromkeys(COLUMNS, 0.0)
        for task in world.tables["tasks"]:
            mine = [row for row in rows if row["task"] == task["task"]]
            doers = {row["party"] for row in mine if row["role"] == "responsible"}
            backups = {row["party"] for row in mine if row["role"] == "backup"}
            out["tasks_unanswered"] += any((row["party"], row["role"]) == (party, "accountable") for row in mine)
            lost = 0.0
            for t in window(world, task):
                covered = sum(row["hours"] for row in mine if row["party"] == party and row["role"] == "responsible"
                              and row["start"] <= t <= row["end"])  # fmt: skip
                stepping = min(covered, len(backups) * share * task["hours"])
                lost += covered
                out["hours_taken_up"] += stepping
                out["hours_uncovered"] += covered - stepping
                price = task["gap_cost"]
                out["gap_cost"] += (covered - stepping) * price
            out["hours_lost"] += lost
            out["tasks_without_doer"] += doers == {party}
            out["tasks_left_alone"] += doers == {party} and not backups
            out["backups_lost"] += party in backups
            if party in backups:
                out["backups_left"] += len(backups) - 1
            elif party in doers and lost <= 1e-9:
                out["backups_left"] += len(backups)
            for kind in (task.get("kinds") or "").split(";"):
                of_kind = {p for p in doers | backups if world.parties[p]["kind"] == kind}
                out["kinds_missing"] += of_kind == {party}
            assert task_count(task, "backups", 0) >= len(backups)
        for fleet in world.tables["fleets"]:
            if fleet["party"] == party:
                out["fleets_gone"] += fleet["vehicles"] > 0
                sent = plan.shipments[plan.shipments["fleet"] == fleet["fleet"]]
                out["tonnes_not_sent"] += sum(
                    quantity * weight[commodity]
                    for quantity, commodity in zip(sent["quantity"], sent["commodity"], strict=True)
                )
        for table in ("stocks", "arrivals"):
            out["stock_tonnes"] += sum(
                row["quantity"] * weight[row["commodity"]] for row in world.tables[table] if row["owner"] == party
            )
        found[party] = out
    return found


@pytest.mark.parametrize("seed", [3, 5, *(pytest.param(s, marks=pytest.mark.thorough) for s in range(20, 120))])
def test_equals_a_plain_reading(seed):
    """On random plans each figure is what loops over the tables make it; what is detailed adds up to it."""
    plan = co.dispatch(random_instance(seed, tasks=True, backups=True))
    table, expected = co.drop_parties(plan).set_index("party"), plainly(plan)
    detailed = co.drop_parties(plan, detailed=True)
    for party, out in expected.items():
        for column, value in out.items():
            if column != "tonnes_not_handed_out":
                assert table.loc[party, column] == pytest.approx(value, abs=1e-6), (party, column)
    for column, (what, sums) in COLUMNS.items():
        rows = detailed[detailed["what"] == what].groupby("party")["amount"]
        added = (rows.sum() if sums else rows.size()).reindex(table.index, fill_value=0.0)
        assert added.to_numpy(dtype=float) == pytest.approx(table[column].to_numpy(dtype=float), abs=1e-6)


def test_planning_anew_costs_no_more_than_told():
    """Without goods, fleets and tasks to answer for, a party's absence costs at most the gaps told less its own pay."""
    tasks = [task for task in TABLES["tasks"] if task["domain"] != "supply"]
    plan = co.plan(town(tasks=tasks), gap=0)
    table = co.drop_parties(plan).set_index("party")
    looked_at = 0
    for party, row in table.iterrows():
        if row["tasks_unanswered"] or row["fleets_gone"] or row["stock_tonnes"] or row["tonnes_not_handed_out"]:
            continue
        without = co.plan(changed(plan.instance, Change(absent=party)), gap=0)
        policy, rows = plan.instance.policy, plan.gaps
        told = row["hours_lost"] * plan.instance.tasks["gap_cost"].max() + policy.kind_cost * row["kinds_missing"]
        told += policy.backup_cost * row["backups_lost"]
        assert -1e-6 <= without.objective - plan.objective <= told + 1e-6, party
        lost = (
            without.gaps[without.gaps["kind"] == "hours"]["amount"].sum()
            - rows[rows["kind"] == "hours"]["amount"].sum()
        )
        assert lost <= row["hours_lost"] + 1e-6
        looked_at += 1
    assert looked_at


def test_a_replan_by_hand():
    """Of twelve hours the backup takes up its tenth; planned anew it does all of it that its hours allow, ten."""
    task = {"task": "watch", "domain": "safety", "zone": "quarter", "skill": "carry", "hours": 12, "end": 0,
            "backups": 1, "gap_cost": 50}  # fmt: skip
    parties = [{"party": "core", "kind": "core", "zone": "city"}]
    parties += [{"party": p, "kind": "volunteers", "zone": "city", "superior": "core"} for p in ("first", "second")]
    skills = [{"party": "first", "skill": "carry", "hours": 12}, {"party": "second", "skill": "carry", "hours": 10}]
    plan = co.plan(street(needs=[], tasks=[task], parties=parties, skills=skills))
    row = co.drop_parties(plan).set_index("party").loc["first"]
    assert (row["hours_lost"], row["hours_taken_up"], row["gap_cost"]) == pytest.approx((12, 1.2, 540))
    without = co.plan(changed(plan.instance, Change(absent="first")))
    assert without.terms["gap_hours"] == pytest.approx(100)
    assert without.terms["gap_backups"] == pytest.approx(50)


def test_the_command(tmp_path, capsys):
    """The worst parties are shown, all are written; a table in detail as well."""
    hand.plan().save(tmp_path / "plan")
    cli(["drop", str(tmp_path / "plan"), "--out", str(tmp_path / "drops.csv"), "--most", "1"], standalone_mode=False)
    said = capsys.readouterr().out
    assert "volunteers" in said and "2 more parties." in said
    with (tmp_path / "drops.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["party"] for row in rows] == ["core", "committee", "volunteers"]
    assert float(rows[1]["hours_uncovered"]) == pytest.approx(1.9)
    cli(["drop", str(tmp_path / "plan"), "--out", str(tmp_path / "drops.csv"), "--detailed"], standalone_mode=False)
    assert list(pd.read_csv(tmp_path / "drops.csv").columns) == ["party", "what", "id", "amount"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_nothing_to_drop():
    """Without a feasible plan nobody does anything."""
    plan = hand.plan(status="infeasible", objective=None, bound=None, gap=None)
    with pytest.raises(UsageError, match="infeasible"):
        co.drop_parties(plan)
