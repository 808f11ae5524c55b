"""Workbooks as people and spreadsheets write them."""

import zipfile
from datetime import datetime

import pytest
import xlsxwriter

from coordination.instance import load
from tests.instance.conftest import errors_of, only_error_of

SHEETS = {
    "instance": [["key", "value"], ["name", "x"], ["periods", 4], ["period_hours", 12], ["policy.gap_cost", 150],
                 ["policy.group_weights.kids", 2.5]],
    "zones": [["zone", "level"], [1, "city"]],
    "parties": [["party", "kind", "zone", "hours"], ["core", "core", 1, None]],
    "places": [["place", "kind", "zone"], [7, "depot", 1], ["007", "depot", "1"]],
}  # fmt: skip


def workbook(path, **changed):
    """Write a workbook of cells as a spreadsheet would type them."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in (SHEETS | changed).items():
            if rows is None:
                continue
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(row, column, cell, book.add_format({"num_format": "yyyy-mm-dd"}))
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return path


def test_whole_numbers_are_ids_without_a_point(tmp_path):
    """A whole number in an id column is the id without a point; text keeps its zeros."""
    instance = load(workbook(tmp_path / "a.xlsx"))
    assert instance.zones["zone"].tolist() == ["1"]
    assert instance.places["place"].tolist() == ["7", "007"]
    assert instance.policy.gap_cost == 150
    assert instance.policy.group_weights["kids"] == 2.5


def test_header_row_of_the_instance_sheet_may_be_missing(tmp_path):
    """The keys may begin in the first row."""
    assert load(workbook(tmp_path / "a.xlsx", instance=SHEETS["instance"][1:])).name == "x"


def test_numbers_as_text_and_truth_values(tmp_path):
    """Numbers typed as text are read; TRUE and FALSE are yes and no."""
    roads = [["road", "from", "to", "km", "minutes", "both_ways"], ["r", 7, "007", "1.5", 2, False]]
    instance = load(workbook(tmp_path / "a.xlsx", roads=roads))
    assert instance.roads["km"].tolist() == [1.5]
    assert instance.roads["both_ways"].tolist() == [False]


@pytest.mark.parametrize("cell", [1.5, True, datetime(2022, 1, 2), 123456789012345678])
def test_ids_that_a_spreadsheet_has_changed_are_refused(tmp_path, cell):
    """Fractions, truth values, dates and numbers longer than a spreadsheet keeps are no ids."""
    zones = [["zone", "level"], [1, "city"], [cell, "city"]]
    problem = only_error_of(workbook(tmp_path / "a.xlsx", zones=zones))
    assert (problem.table, problem.row, problem.column) == ("zones", 3, "zone")
    assert "write it as text" in problem.advice


def test_truth_values_are_no_numbers(tmp_path):
    """TRUE in a column of numbers is refused, also beside a 1 that equals it."""
    parties = [
        ["party", "kind", "zone", "hours", "superior"],
        ["core", "core", 1, 1, None],
        ["a", "agency", 1, True, "core"],
    ]
    problem = only_error_of(workbook(tmp_path / "a.xlsx", parties=parties))
    assert (problem.row, problem.column) == (3, "hours")


def test_empty_sheets_and_rows(tmp_path):
    """Empty rows are passed over with their lines counted; empty sheets that spreadsheets add do not count."""
    places = [["place", "kind", "zone"], [None, None, None], [7, "depot", 1], [8, "depot", 2]]
    problem = only_error_of(workbook(tmp_path / "a.xlsx", places=places, Sheet1=[]))
    assert (problem.table, problem.row, problem.column) == ("places", 4, "zone")


def test_empty_known_sheet_and_unknown_sheet(tmp_path):
    """A sheet of a table without a header is an error, as is a sheet nobody knows."""
    problems = errors_of(workbook(tmp_path / "a.xlsx", roads=[], Zone=[["zone"], ["a"]]))
    assert [(problem.table, problem.advice) for problem in problems] == [
        ("Zone", "Did you mean 'zones'?"),
        ("roads", "Fill it, or remove the sheet."),
    ]


def test_duplicate_and_conflicting_keys(tmp_path):
    """A key twice in the instance sheet is an error of the second row."""
    rows = [*SHEETS["instance"], ["name", "y"], ["policy.gap_cost", 3]]
    assert [(p.row, p.column) for p in errors_of(workbook(tmp_path / "a.xlsx", instance=rows))] == [
        (7, "name"),
        (8, "policy.gap_cost"),
    ]


@pytest.mark.parametrize("rows", [[["policy", 3], ["policy.gap_cost", 3]], [["policy.group_weights", 3]], [["", 3]]])
def test_keys_that_fit_nothing(tmp_path, rows):
    """Scalars where keys belong, and values without a key, are errors."""
    assert errors_of(workbook(tmp_path / "a.xlsx", instance=[*SHEETS["instance"][:4], *rows]))


def test_missing_instance_sheet(tmp_path):
    """Without the instance sheet there is one problem."""
    assert only_error_of(workbook(tmp_path / "a.xlsx", instance=None)).table == "instance"


def test_no_workbook_at_all(tmp_path):
    """A file that only has the name of a workbook is refused."""
    (tmp_path / "a.xlsx").write_bytes(b"name,periods\n")
    assert "no workbook" in only_error_of(tmp_path / "a.xlsx").found
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as parts:
        parts.writestr("hello.txt", "hello")
    assert "no workbook" in only_error_of(tmp_path / "b.xlsx").found


def test_workbook_that_unpacks_to_gigabytes_is_refused(tmp_path, monkeypatch):
    """The sizes that the parts promise are added up before anything is unpacked."""
    import coordination.instance.workbook as module

    monkeypatch.setattr(module, "LARGEST", 1000)
    assert "unpacked" in only_error_of(workbook(tmp_path / "a.xlsx")).found


def test_formulas_and_links_stay_text(tmp_path):
    """Texts that look like formulas or links are written and read as text."""
    from coordination.instance import Instance
    from tests.instance.conftest import HEADER, tiny_tables

    tables = tiny_tables()
    tables["places"][0]["name"] = '=HYPERLINK("http://x")'
    tables["places"][1]["name"] = "https://example.org"
    Instance.from_tables(HEADER, tables).save(tmp_path / "a.xlsx")
    assert load(tmp_path / "a.xlsx").places["name"].tolist() == ['=HYPERLINK("http://x")', "https://example.org"]
