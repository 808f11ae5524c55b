"""The plan as a workbook."""

import sys

import pytest
from python_calamine import CalamineWorkbook

from coordination.errors import PlanError
from coordination.plans import PLAN_TABLES
from tests.verification import town


def test_a_workbook_has_the_summary_and_every_table(tmp_path):
    """One sheet holds the figures, one each table with all its rows and exact numbers."""
    plan = town.plan(objective=0.1 + 0.2, versions={"highspy": "1.15.1"})
    plan.save_excel(tmp_path / "plan.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "plan.xlsx"))
    assert book.sheet_names == ["summary", *PLAN_TABLES]
    for name, table in plan.tables.items():
        rows = book.get_sheet_by_name(name).to_python()
        assert rows[0] == list(table.columns) and len(rows) == len(table) + 1
    figures = {row[0]: row[1] for row in book.get_sheet_by_name("summary").to_python() if len(row) > 1}
    assert figures["social cost"] == 0.1 + 0.2
    assert figures["deprivation"] == 596 and figures["interest"] == -18
    assert figures["share of need met"] == pytest.approx(1.13 / 1.688)
    assert figures["task hours covered"] == 8.5 and figures["gaps: hours"] == 5.5


def test_texts_are_never_formulas_or_links(tmp_path):
    """A title that looks like a formula is a text in the workbook."""
    named = town.instance().replace(title='=CMD("x")')
    town.plan(town=named).save_excel(tmp_path / "p.xlsx")
    sheet = CalamineWorkbook.from_path(str(tmp_path / "p.xlsx")).get_sheet_by_name("summary")
    assert sheet.to_python()[0][0] == '=CMD("x")'


def test_a_plan_without_solution_has_the_summary_alone(tmp_path):
    """An infeasible answer is a workbook with its status."""
    town.plan(status="infeasible", objective=None, bound=None, gap=None).save_excel(tmp_path / "p.xlsx")
    assert CalamineWorkbook.from_path(str(tmp_path / "p.xlsx")).sheet_names == ["summary"]


def test_only_a_workbook_is_overwritten(tmp_path):
    """A workbook is replaced; any other file, and a folder, is refused and kept."""
    target = tmp_path / "p.xlsx"
    town.plan().save_excel(target)
    town.plan().save_excel(target)
    (tmp_path / "letter.xlsx").write_text("dear friend")
    with pytest.raises(PlanError, match="something else"):
        town.plan().save_excel(tmp_path / "letter.xlsx")
    with pytest.raises(PlanError, match="something else"):
        town.plan().save_excel(tmp_path)
    with pytest.raises(PlanError, match="no folder"):
        town.plan().save_excel(tmp_path / "nowhere" / "p.xlsx")
    assert (tmp_path / "letter.xlsx").read_text() == "dear friend"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter.xlsx", "p.xlsx"]


def test_without_the_extra_the_message_says_what_to_install(tmp_path, monkeypatch):
    """Without XlsxWriter the error names the extra."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(PlanError, match=r"coordination\[excel\]"):
        town.plan().save_excel(tmp_path / "p.xlsx")


def test_a_table_longer_than_a_sheet_is_refused(tmp_path, monkeypatch):
    """A table with more rows than a sheet holds is refused with the name of the CSV file, and nothing is written."""
    monkeypatch.setattr("coordination.plans.workbook.MOST_ROWS", 5)
    with pytest.raises(PlanError, match=r"inventory\.csv"):
        town.plan().save_excel(tmp_path / "p.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_text_longer_than_a_cell_is_refused(tmp_path):
    """A route of more characters than a cell holds is refused with the name of the CSV file."""
    long = town.plan().shipments.assign(route=";".join(["r1"] * 20_000))
    with pytest.raises(PlanError, match=r"route .*shipments\.csv"):
        town.plan({"shipments": long}).save_excel(tmp_path / "p.xlsx")
