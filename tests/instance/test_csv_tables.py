"""CSV tables: cells as text, lines as in the file, broken rows by line."""

import pytest

from coordination.instance import load
from tests.instance.conftest import append, edit, errors_of, only_error_of, problems_of


def rewrite(folder, table, change):
    """Change the bytes of a table."""
    path = folder / f"{table}.csv"
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b"\r"),
        lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"),
        lambda data: data.rstrip(b"\n"),
        lambda data: b"\n\n" + data.replace(b"\n", b"\n\n"),
        lambda data: data + b",,,\n",
        lambda data: data.replace(b"\n", b",,\n"),
    ],
    ids=[
        "BOM",
        "CRLF",
        "CR",
        "BOM and CRLF",
        "no last line end",
        "empty lines",
        "row of commas",
        "commas at line ends",
    ],
)
def test_harmless_ways_of_writing_mean_the_same(folder, change):
    """Byte order marks, line ends, empty lines and empty cells beyond the header change nothing."""
    before = load(folder).sha256
    rewrite(folder, "zones", change)
    assert load(folder).sha256 == before


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "empty file"),
        (b"\n  \n", "empty file"),
        (b"\xef\xbb\xbf", "empty"),
        (b"zone,level\n\0,city\n", "NUL"),
        ("zone,level\nz,city\n".encode("utf-16"), "UTF-16"),
        (b"zone,level\n\xff\xff,city\n", "neither"),
        (b'zone,level\n"z,city\n', "broken quoting"),
        (b'zone,level\n"z"y,city\n', "broken quoting"),
        (b"zone;level\nz;city\n", "one column"),
        (b"zone\tlevel\nz\tcity\n", "one column"),
        (b"zone,,level\nz,,city\n", "no name over column 2"),
        (b"zone,level,level\nz,city,city\n", "twice"),
    ],
)
def test_table_that_cannot_be_read_is_one_problem(folder, data, found):
    """A table that cannot be read gives one problem, and nothing that refers to it is blamed."""
    (folder / "zones.csv").write_bytes(data)
    problem = only_error_of(folder)
    assert problem.table == "zones"
    assert found in problem.found


def test_header_only_is_an_empty_table(folder):
    """A table with a header and no rows is empty."""
    (folder / "interests.csv").write_text("party,domain,benefit\n", encoding="utf-8")
    assert len(load(folder).interests) == 0


def test_ragged_rows_are_named_and_good_rows_still_checked(folder):
    """Each row of another length is a problem of its line; what refers to the table is not blamed for it."""
    append(folder, "places", "east,East")
    append(folder, "places", "west,West,community,riverside,1,1,1,0,1,core,more")
    append(folder, "places", "hill,Hill,community,nowhere,1,1,1,0,1")
    append(folder, "needs", "east,water,0,1,general")
    assert problems_of(folder) == [("places", 6, None), ("places", 7, None), ("places", 8, "zone")]
    assert errors_of(folder)[0].found == "2 cells"


def test_rows_are_counted_in_file_lines(folder):
    """Row numbers are lines of the file, also after empty lines and cells with line breaks."""
    text = (folder / "places.csv").read_text(encoding="utf-8")
    text = text.replace("Bridge", '"Bridge\nover the\r\nriver"').replace("south,South", "\n\nsouth,South")
    (folder / "places.csv").write_bytes(text.encode())
    append(folder, "places", "x,X,community,nowhere,,,,,")
    problem = only_error_of(folder)
    lines = (folder / "places.csv").read_text(encoding="utf-8").splitlines()
    assert lines[problem.row - 1].startswith("x,X")


def test_rows_are_counted_across_blocks(folder):
    """Lines are right in tables longer than the blocks in which they are read."""
    rows = [f"z{k},Zone {k},community,riverside" for k in range(2000)]
    rows[777] = 'z777,"two\nlines",community,riverside'
    rows[1999] = "z1999,Zone,communty,riverside"
    with (folder / "zones.csv").open("a", encoding="utf-8") as file:
        file.write("\n".join(rows) + "\n")
    problem = only_error_of(folder)
    lines = (folder / "zones.csv").read_text(encoding="utf-8").split("\n")
    assert lines[problem.row - 1] == rows[1999]


def test_unknown_table_and_column_name_the_nearest(folder):
    """Unknown tables and columns are errors that name the nearest known one."""
    (folder / "rods.csv").write_text("road\n", encoding="utf-8")
    edit(folder, "roads", 2, capacity_tons="3")
    table, column = errors_of(folder)
    assert (table.table, table.advice) == ("rods", "Did you mean 'roads'?")
    assert (column.table, column.row, column.column) == ("roads", 1, "capacity_tons")
    assert column.advice == "Did you mean 'capacity_tonnes'?"


def test_missing_column_is_one_problem(folder):
    """A required column that is missing is one problem of the header, not one per row."""
    rewrite(folder, "roads", lambda data: data.replace(b"minutes", b"owner"))
    assert problems_of(folder)[0] == ("roads", 1, "minutes")
    assert len([problem for problem in problems_of(folder) if problem[2] == "minutes"]) == 1


def test_a_long_list_of_places_is_read(folder):
    """Cells have no greatest length."""
    names = [f"place-number-{k:06d}" for k in range(12_000)]
    with (folder / "places.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{name},,depot,riverside,,,,,\n" for name in names)
    edit(folder, "fleets", 2, loads_at=";".join(names))
    assert load(folder).fleets["loads_at"][0].count(";") == 11_999


def test_ids_are_text_as_written(folder):
    """Ids that look like numbers, missing values, dates or paths stay the text they are."""
    ids = ["001", "1", "1.0", "NA", "nan", "null", "None", "1e5", "TRUE", "no", "../x", "-", "2022-01-01", "=1+1",
           "#N/A", "~", "*", "a b", "西安", "é", "inf", "a/b\\c", "'", "0", "C:\\x", "%s", "{x}", "&"]  # fmt: skip
    for name in ids:
        append(folder, "places", f"{name},{name},depot,riverside,,,,,")
        append(folder, "stocks", f"{name},water,1,core,")
    instance = load(folder)
    assert instance.places["place"].tolist()[4:] == ids
    assert instance.places["name"].tolist()[4:] == ids
    assert instance.stocks["place"].tolist()[2:] == ids


@pytest.mark.parametrize("name", [" x", "x ", "a;b", "a\tb", '"a\nb"', "\u00a0x", "a\x7fb", "x\u3000"])
def test_ids_without_semicolons_control_characters_or_outer_blanks(folder, name):
    """Ids that could not be told apart or listed are refused at their row."""
    append(folder, "scenarios", f"{name},X,flood,0")
    problem = errors_of(folder)[0]
    assert (problem.table, problem.row, problem.column) == ("scenarios", 4, "scenario")


def test_numbers_may_be_written_in_plain_ways(folder):
    """Whole numbers may be 2.0, numbers may have signs, exponents and blanks around; yes/no has six words."""
    edit(folder, "arrivals", 2, period="1.0", quantity=" +1.2e3 ", expires="2.")
    for row, word in enumerate(["yes", "No", "TRUE"], start=2):
        edit(folder, "roads", row, both_ways=word)
    instance = load(folder)
    assert instance.arrivals["quantity"][0] == 1200
    assert instance.arrivals["period"].dtype == "int64"
    assert instance.roads["both_ways"].tolist() == [True, False, True]


def test_minus_zero_is_zero(folder):
    """Minus zero is not negative, and not another content than zero."""
    edit(folder, "roads", 2, km="0")
    before = load(folder).sha256
    edit(folder, "roads", 2, km="-0.0")
    assert load(folder).sha256 == before


def test_thousands_separators_are_refused_with_advice(folder):
    """1,000 is not read as anything; the message says how to write numbers."""
    path = folder / "stocks.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("4000", '"4,000"'), encoding="utf-8")
    problem = only_error_of(folder)
    assert problem.found == "'4,000'"
    assert "thousands separators" in problem.advice


def test_many_problems_are_kept_and_shown_few(folder):
    """All problems are kept; the printed form shows the first of each kind and counts the rest."""
    with (folder / "stocks.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"depot,water,-{k},core,\n" for k in range(1, 5001))
    problems = errors_of(folder)
    assert len(problems) == 5000
    from coordination.errors import InstanceError

    text = str(InstanceError(problems))
    assert "4997 more of this kind" in text
    assert len(text.splitlines()) == 5


def test_a_number_beyond_all_measure_is_refused(folder):
    """A quantity of 1e300 is told with its row; a solver could not tell it from infinity."""
    edit(folder, "stocks", 2, quantity="1e300")
    problem = only_error_of(folder)
    assert (problem.table, problem.row, problem.column) == ("stocks", 2, "quantity")
    assert "Nothing is larger than 1e+18" in str(problem)


def test_a_plan_folder_says_where_its_instance_is(folder, tmp_path):
    """Who gives a plan instead of an instance is told which folder in it to give."""
    plan = tmp_path / "plan"
    plan.mkdir()
    (plan / "plan.json").write_text("{}", encoding="utf-8")
    folder.rename(plan / "instance")
    assert "This is a plan" in str(errors_of(plan)[0])
