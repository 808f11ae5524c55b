"""What is written reads back the same, in all four forms, and nothing else is ever overwritten."""

import shutil
import string

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.errors import WriteError
from coordination.instance import Instance, load
from tests.instance.conftest import HEADER, tiny_tables

FORMS = ["case", "case.xlsx", "case.json"]

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=";"), min_size=1, max_size=12)
IDS = st.one_of(
    st.sampled_from(
        ["001", "NA", "nan", "null", "1e5", "../x", "=1+1", "TRUE", "12:30", "_x0041_", "'", '"', "#", "-"]
    ),
    TEXTS.map(str.strip).filter(bool),
    st.text(string.digits + ".,-_ '\"", min_size=1).map(str.strip).filter(bool),
)
AMOUNTS = st.floats(min_value=0, max_value=1e18, allow_nan=False)


@st.composite
def instances(draw):
    """Small instances whose ids, texts and numbers are as odd as the contract allows."""
    tables = tiny_tables()
    places = draw(st.lists(IDS, min_size=1, max_size=4, unique=True).map(lambda ids: [*(i for i in ids if i != "*")]))
    names = draw(st.lists(st.one_of(st.none(), TEXTS), min_size=len(places), max_size=len(places)))
    tables["places"] += [
        {
            "place": place,
            "name": name,
            "kind": "depot",
            "zone": "z",
            "storage_tonnes": draw(st.one_of(st.none(), AMOUNTS)),
        }
        for place, name in zip(places, names, strict=True)
        if place not in ("d", "p")
    ]
    tables["stocks"] += [
        {"place": place, "commodity": "water", "quantity": draw(AMOUNTS), "owner": "core",
         "expires": draw(st.one_of(st.none(), st.integers(0, 2**53)))}
        for place in places
    ]  # fmt: skip
    tables["fleets"][0]["loads_at"] = draw(st.sampled_from([None, "*", "d;p", ";".join(places) or "d"]))
    header = HEADER | {"name": draw(TEXTS), "source": draw(st.one_of(st.none(), TEXTS))}
    return Instance.from_tables(header | {"policy": {"gap_cost": draw(AMOUNTS)}}, tables)


QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@settings(QUIET, max_examples=8)
@given(instance=instances())
def test_whatever_is_written_reads_back(tmp_path, instance):
    """Ids, texts and numbers read back exactly from folder, workbook, JSON and frames."""
    reads_back(tmp_path, instance)


@pytest.mark.thorough
@settings(QUIET, max_examples=100)
@given(instance=instances())
def test_whatever_is_written_reads_back_a_hundred_times(tmp_path, instance):
    """The same on a hundred instances."""
    reads_back(tmp_path, instance)


def reads_back(tmp_path, instance):
    """Compare an instance with what is read from all its forms."""
    for form in FORMS:
        instance.save(tmp_path / form)
        again = load(tmp_path / form)
        assert again.sha256 == instance.sha256
        assert again.name == instance.name
        for name, frame in instance.tables.items():
            pd.testing.assert_frame_equal(again.tables[name], frame, check_exact=True)
    given_tables = {name: instance.given(name) for name in instance.tables}
    assert Instance.from_tables(instance.given_header(), given_tables) == instance
    assert Instance.from_tables(instance.given_header(), dict(instance.tables)) == instance
    assert (
        Instance.from_tables(instance.given_header(), {n: list(instance.rows(n)) for n in instance.tables}) == instance
    )


@pytest.mark.parametrize("form", FORMS)
def test_template_in_every_form(folder, tmp_path, form):
    """The complete instance is the same in every form, written over itself too."""
    instance = load(folder)
    instance.save(tmp_path / "out" / form)
    assert load(tmp_path / "out" / form) == instance
    load(tmp_path / "out" / form).save(tmp_path / "out" / form)
    assert load(tmp_path / "out" / form) == instance
    assert [path.name for path in (tmp_path / "out").iterdir()] == [form]


def test_text_with_line_breaks_in_every_form(tmp_path):
    """Line breaks in names are kept; the three ways of writing them are one."""
    tables = tiny_tables()
    tables["places"][0]["name"] = "one\r\ntwo\rthree\nfour\tfive  "
    instance = Instance.from_tables(HEADER, tables)
    for form in FORMS:
        instance.save(tmp_path / form)
        assert load(tmp_path / form).places["name"][0] == "one\ntwo\nthree\nfour\tfive  "


def test_filled_cells_stay_empty_in_files(folder, tmp_path):
    """What the policy or the horizon filled is not written, so that it follows when they change."""
    load(folder).save(tmp_path / "out")
    assert load(tmp_path / "out").replace(policy={"gap_cost": 7}).tasks["gap_cost"].tolist() == [0, 7, 7]
    assert "gap_cost" not in (tmp_path / "out" / "tasks.csv").read_text(encoding="utf-8")


def test_other_files_of_the_folder_stay(folder):
    """Saving over an instance keeps its README and other files, and drops tables that have no rows any more."""
    (folder / "notes").mkdir()
    (folder / "notes" / "source.txt").write_text("kept", encoding="utf-8")
    load(folder).replace(interests=[]).save(folder)
    assert (folder / "README.md").exists()
    assert (folder / "notes" / "source.txt").read_text(encoding="utf-8") == "kept"
    assert not (folder / "interests.csv").exists()
    assert len(load(folder).interests) == 0


@pytest.mark.parametrize("form", FORMS)
def test_nothing_foreign_is_overwritten(folder, tmp_path, form):
    """A folder or file that is no instance is refused and left alone."""
    target = tmp_path / "foreign" / form
    if form == "case":
        target.mkdir(parents=True)
        (target / "thesis.txt").write_text("years of work", encoding="utf-8")
    else:
        target.parent.mkdir()
        target.write_bytes(b'{"thesis": "years of work"}')
    with pytest.raises(WriteError, match="no instance"):
        load(folder).save(target)
    kept = target / "thesis.txt" if target.is_dir() else target
    assert b"years of work" in kept.read_bytes()
    assert [path.name for path in target.parent.iterdir()] == [form]


def test_folder_with_a_foreign_table_is_not_overwritten(folder):
    """A folder with a table that we would not know is not ours, although it has a header file."""
    (folder / "thesis.csv").write_text("a,b\n", encoding="utf-8")
    instance = load_without(folder, "thesis.csv")
    with pytest.raises(WriteError, match="no instance folder"):
        instance.save(folder)
    assert (folder / "thesis.csv").exists()


def load_without(folder, name):
    """Load a copy of the folder without one file."""
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    (copy / name).unlink()
    return load(copy)


def test_failed_writing_leaves_the_target(folder, tmp_path, monkeypatch):
    """When writing fails half-way the old instance stays whole, and nothing is left beside it."""
    from coordination.instance import writing

    instance = load(folder)
    for form in FORMS[:1] + FORMS[2:]:
        instance.save(tmp_path / "out" / form)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "plain_cells", full)
    monkeypatch.setattr(writing, "csv_lines", full)
    for form in FORMS[:1] + FORMS[2:]:
        with pytest.raises(WriteError, match="No space left"):
            instance.replace(title="other").save(tmp_path / "out" / form)
        assert load(tmp_path / "out" / form) == instance
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["case", "case.json"]


def test_text_too_long_for_a_workbook_is_refused(tmp_path):
    """A workbook cuts long text silently; we refuse to write it."""
    tables = tiny_tables()
    tables["places"][0]["name"] = "x" * 40_000
    with pytest.raises(WriteError, match="too long for a workbook"):
        Instance.from_tables(HEADER, tables).save(tmp_path / "case.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["case.yaml", "case.csv", "case.xls"])
def test_other_formats_are_refused(folder, tmp_path, name):
    """A name with the suffix of another format does not become a folder."""
    with pytest.raises(WriteError, match="instances are written as a folder"):
        load(folder).save(tmp_path / name)
