"""The plan folder: written all or nothing, read back equal."""

import csv
import dataclasses
import json
import os
import shutil

import pandas as pd
import pytest

from coordination.errors import PlanError
from coordination.instance import load
from coordination.plans import PLAN_TABLES, Plan, refuse_to_overwrite
from coordination.terms import TERM_NAMES
from tests.verification import town


def held(folder):
    """Give the names of what a folder holds."""
    return {path.name for path in folder.iterdir()}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Save the plan of the town once."""
    path = tmp_path_factory.mktemp("saved") / "plan"
    town.plan().save(path)
    return path


@pytest.fixture
def folder(saved, tmp_path):
    """Give a copy of the saved plan, to harm as one likes."""
    return shutil.copytree(saved, tmp_path / "plan")


def test_what_was_written_is_read_back_equal(folder):
    """Saving and loading gives the equal plan, with the instance and the seconds of writing."""
    loaded = Plan.load(folder)
    assert loaded == town.plan()
    assert loaded.instance == town.instance()
    assert loaded.seconds["write"] > 0


def test_a_folder_holds_what_the_contract_lists(folder):
    """plan.json, every table, the instance, the report and the orders are there, and nothing else."""
    tables = {f"{name}.csv" for name in PLAN_TABLES}
    assert held(folder) == {"plan.json", "instance", "report.html", "orders"} | tables
    assert load(folder / "instance").sha256 == town.instance().sha256
    header = json.loads((folder / "plan.json").read_text())
    assert list(header["terms"]) == list(TERM_NAMES)
    assert (folder / "facilities.csv").read_text() == "place,period,mode\n"


def test_numbers_read_back_exactly(tmp_path):
    """Floats of any size come back to the last bit."""
    numbers = [0.1 + 0.2, 1e-300, 123456789.123456789, 2.0**53, 1 / 3]
    prices = pd.DataFrame(
        [("fleet", "truck", None, None, t, n) for t, n in enumerate(numbers[:3])]
        + [("storage", "depot", None, None, t, n) for t, n in enumerate(numbers[3:])],
        columns=["limit", "id", "commodity", "expires", "period", "price"],
    )
    town.plan({"prices": prices}, objective=0.1 + 0.2).save(tmp_path / "p")
    loaded = Plan.load(tmp_path / "p")
    assert loaded.prices["price"].tolist() == numbers and loaded.objective == 0.1 + 0.2


def test_ids_that_look_like_numbers_or_blanks_stay_text(folder):
    """An id 001 or NA is text in the tables as in the instance."""
    text = (folder / "gaps.csv").read_text().replace("carry", "NA").replace("guard", "001")
    (folder / "gaps.csv").write_text(text)
    assert set(Plan.load(folder).gaps["what"]) == {"001", "NA", "social_workers"}


def test_without_a_feasible_plan_only_figures_and_instance_are_written(tmp_path):
    """An infeasible answer is plan.json and instance/ and reads back."""
    infinite = {"objective": None, "bound": float("inf"), "gap": float("nan")}
    plan = town.plan(dict.fromkeys(PLAN_TABLES), status="infeasible", terms={}, **infinite)
    plan.save(tmp_path / "p")
    assert held(tmp_path / "p") == {"plan.json", "instance"}
    assert Plan.load(tmp_path / "p") == plan
    assert not plan.feasible and plan.bound is None and plan.gap is None


def test_the_scenario_is_active_again_after_loading(tmp_path):
    """A plan made under a scenario is read with the instance under it."""
    flooded = town.instance().under("flood")
    town.plan(town=flooded, options={"gap": 1e-4, "scenario": "flood"}).save(tmp_path / "p")
    assert Plan.load(tmp_path / "p").instance.scenario == "flood"


def test_a_plan_is_replaced_whole(folder):
    """Saving over a plan leaves the new one alone, without leftovers beside it."""
    (folder / "orders" / "gone.csv").write_text("old")
    dataclasses.replace(town.plan(), notes=["second"]).save(folder)
    assert Plan.load(folder).notes == ["second"]
    assert not (folder / "orders" / "gone.csv").exists()
    assert held(folder.parent) == {"plan"}


def test_an_empty_folder_and_a_link_to_a_plan_are_written_to(tmp_path):
    """An empty folder is used; a link stays a link and its target is replaced."""
    (tmp_path / "empty").mkdir()
    town.plan().save(tmp_path / "empty")
    (tmp_path / "link").symlink_to("empty")
    town.plan(notes=["through the link"]).save(tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and Plan.load(tmp_path / "empty").notes == ["through the link"]


def refusals(tmp_path):
    """Make places that no plan may be written to, each with a word that the refusal must say."""
    (tmp_path / "file").write_text("text")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.doc").write_text("years of work")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "plan.json").write_text('{"architect": "Gaudí"}')
    town.plan().save(tmp_path / "noted")
    (tmp_path / "noted" / "my-notes.txt").write_text("mine")
    town.plan().save(tmp_path / "nested")
    (tmp_path / "nested" / "orders" / "signed.pdf").write_text("mine")
    return {
        "file": "found a file",
        "other": "thesis.doc",
        "broken": "not a plan's",
        "noted": "my-notes.txt",
        "nested": "signed.pdf",
        "file/plan": "is a file",
    }


def test_nothing_but_a_plan_is_overwritten(tmp_path):
    """A file, another folder, or a plan with somebody's notes in it is refused by name and left as it was."""
    cases = refusals(tmp_path)
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    for name, word in cases.items():
        with pytest.raises(PlanError, match=word):
            town.plan().save(tmp_path / name)
        with pytest.raises(PlanError, match=word):
            refuse_to_overwrite(tmp_path / name)
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


def test_a_read_only_folder_is_refused(tmp_path, monkeypatch):
    """A parent that cannot be written is an error with its name."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root, who may run the tests, may write anywhere
    with pytest.raises(PlanError, match="cannot be written"):
        town.plan().save(tmp_path / "p")


def test_a_failure_while_writing_leaves_the_old_plan(folder, monkeypatch):
    """When writing breaks off, the old plan stands and nothing lies beside it."""

    def fail(plan):
        raise OSError(28, "No space left on device", "report.html")

    monkeypatch.setattr("coordination.report.render", fail)
    with pytest.raises(PlanError, match="No space left"):
        town.plan(notes=["new"]).save(folder)
    assert Plan.load(folder) == town.plan() and held(folder.parent) == {"plan"}


DAMAGES = {
    "no such thing": (lambda folder: folder / "nowhere", "found nothing"),
    "a file": (lambda folder: folder / "plan.json", "found a file"),
    "no plan.json": (lambda folder: (folder / "plan.json").unlink(), "no plan.json"),
    "plan.json cut off": (lambda folder: cut(folder / "plan.json"), "no JSON from line"),
    "a field missing": (lambda folder: edit(folder / "plan.json", '"bound"', '"band"'), "field b[ao]u?nd is"),
    "text for a figure": (
        lambda folder: edit(folder / "plan.json", "1364.9", '"much"'),
        "found 'much'; expected a number",
    ),
    "plan.json with NaN": (lambda folder: edit(folder / "plan.json", "1364.9", "NaN"), "objective"),
    "an unknown status": (
        lambda folder: edit(folder / "plan.json", '"optimal"', '"splendid"'),
        "splendid.*expected one of optimal",
    ),
    "no table": (lambda folder: (folder / "service.csv").unlink(), "service.csv"),
    "an empty table": (lambda folder: (folder / "service.csv").write_text(""), "empty file"),
    "text for a number": (lambda folder: edit(folder / "service.csv", "44", "many"), "row 2.*many"),
    "a row cut short": (lambda folder: edit(folder / "modes.csv", "city,0,emergency", "city,0"), "2 cells"),
    "a column missing": (lambda folder: edit(folder / "modes.csv", "zone,", "area,"), "area"),
    "a blank that must not be": (lambda folder: edit(folder / "modes.csv", "city,0,", ",0,"), "zone"),
    "an unknown role": (lambda folder: edit(folder / "responsibilities.csv", "backup", "spare"), "spare"),
    "no instance": (lambda folder: (folder / "instance").rename(folder / "instances"), "instance is missing"),
    "a broken instance": (lambda folder: (folder / "instance" / "zones.csv").unlink(), "zone"),
}


def cut(file):
    """Cut a file in the middle."""
    text = file.read_text()
    file.write_text(text[: len(text) // 2])


def edit(file, old, new):
    """Replace a text in a file, once."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize("damage", DAMAGES, ids=str)
def test_damage_is_named(folder, damage):
    """A missing or damaged file is an error that names it, never a traceback of another kind."""
    harm, word = DAMAGES[damage]
    path = harm(folder)
    target = path if damage in ("no such thing", "a file") else folder
    with pytest.raises(PlanError, match=f"(?s){word}"):
        Plan.load(target)


def test_values_that_break_rules_are_read_for_verify_to_judge(folder):
    """A negative quantity or a period out of range is no damage: it is read as it stands."""
    edit(folder / "service.csv", "44", "-44")
    assert Plan.load(folder).service["backlog"].min() == -44


def test_orders_have_a_file_for_each_party_with_something_to_do(folder):
    """The index of orders names each party's file, and each file is there."""
    with (folder / "orders" / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        index = {row["party"]: row["file"] for row in csv.DictReader(file)}
    assert set(index) == {"core", "committee", "volunteers"}
    assert held(folder / "orders") == {"index.csv", *index.values()}
