"""JSON documents and Python objects."""

import json

import numpy as np
import pandas as pd
import pytest

from coordination.errors import InstanceError
from coordination.instance import Instance, load
from coordination.instance.rows import Need, Road
from tests.instance.conftest import HEADER, errors_of, only_error_of, tiny_tables


def written(tmp_path, document):
    """Write a JSON document as given."""
    path = tmp_path / "a.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def document(**tables):
    """Make a whole document with some tables changed."""
    return {"instance": HEADER} | tiny_tables() | tables


def problems_in(header, tables):
    """Return the problems of Python objects."""
    with pytest.raises(InstanceError) as caught:
        Instance.from_tables(header, tables)
    return caught.value.problems


def test_objects_and_document_agree(tmp_path):
    """A JSON document is the same instance as the Python objects it holds."""
    assert load(written(tmp_path, document())) == Instance.from_tables(HEADER, tiny_tables())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{", "broken JSON"),
        ("[]", "a list"),
        ("[" * 100_000, "broken JSON"),
        ('{"instance": {"name": "x", "name": "y"}}', "twice"),
        ('{"zones": []}', "nothing"),
        ('{"instance": 3}', "3"),
    ],
)
def test_document_that_cannot_be_read(tmp_path, text, found):
    """What is no JSON document of an instance is refused with what was found."""
    assert found in errors_of(written(tmp_path, text))[0].found


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "true", '"many"', "[1]", '{"a": 1}'])
def test_numbers_in_json(tmp_path, number):
    """NaN, infinities, truth values, texts and nested values are no numbers."""
    text = json.dumps(document()).replace('"km": 1', f'"km": {number}')
    problem = only_error_of(written(tmp_path, text))
    assert (problem.table, problem.row, problem.column) == ("roads", 2, "km")


@pytest.mark.parametrize("cell", ["NaN", "[1]", "1.5", "true"])
def test_texts_in_json(tmp_path, cell):
    """NaN, lists, fractions and truth values are no ids."""
    text = json.dumps(document()).replace('"road": "r"', f'"road": {cell}')
    problem = only_error_of(written(tmp_path, text))
    assert (problem.table, problem.row, problem.column) == ("roads", 2, "road")


@pytest.mark.parametrize(
    ("rows", "row"), [([1], 2), ([{"zone": "z", "level": "city"}, [2]], 3), ("zone", None), (3, None)]
)
def test_tables_that_are_no_rows(tmp_path, rows, row):
    """A table must be a list of objects."""
    problem = only_error_of(written(tmp_path, document(zones=rows)))
    assert (problem.table, problem.row) == ("zones", row)


def test_frames_rows_and_mappings_agree():
    """Frames, typed rows and mappings give the same instance."""
    plain = Instance.from_tables(HEADER, tiny_tables())
    frames = {name: pd.DataFrame(rows) for name, rows in tiny_tables().items()}
    typed = tiny_tables() | {
        "needs": [Need(place="p", commodity="water", period=1, quantity=5.5)],
        "roads": [Road.model_validate({"road": "r", "from": "d", "to": "p", "km": 1, "minutes": 2})],
    }
    assert Instance.from_tables(HEADER, frames) == plain
    assert Instance.from_tables(HEADER, typed) == plain


@pytest.mark.parametrize("dtype", ["object", "str", "category", "string"])
def test_text_dtypes_of_frames(dtype):
    """Text columns of any dtype are read alike, absent cells included."""
    needs = pd.DataFrame({"place": ["p", "p"], "commodity": ["water", "water"], "period": [0, 1], "quantity": [1, 2]})
    needs["group"] = pd.Series(["vulnerable", None]).astype(dtype)
    instance = Instance.from_tables(HEADER, tiny_tables() | {"needs": needs})
    assert instance.needs["group"].tolist() == ["vulnerable", "general"]


@pytest.mark.parametrize("dtype", ["int32", "float32", "Int64", "Float64", "object", "uint8", "bool"])
def test_number_dtypes_of_frames(dtype):
    """Number columns of any dtype are read alike, but for truth values."""
    stocks = pd.DataFrame({"place": ["d"], "commodity": ["water"], "quantity": [1], "owner": ["core"]})
    stocks["quantity"] = stocks["quantity"].astype(dtype)
    tables = tiny_tables() | {"stocks": stocks}
    if dtype == "bool":
        assert [(p.row, p.column) for p in problems_in(HEADER, tables)] == [(2, "quantity")]
    else:
        assert Instance.from_tables(HEADER, tables).stocks["quantity"].tolist() == [1.0]


def test_wrong_numbers_in_frames():
    """Infinity, a fraction where a whole number belongs and an empty required cell are named by row."""
    needs = pd.DataFrame({"place": "p", "commodity": "water", "period": [0, 1, 1.5], "quantity": [np.inf, np.nan, 1]})
    found = [(p.row, p.column, p.found) for p in problems_in(HEADER, tiny_tables() | {"needs": needs})]
    assert found == [(4, "period", "1.5"), (2, "quantity", "inf"), (3, "quantity", "nothing")]


def test_frame_with_a_column_twice_and_unknown_ones():
    """Column names must be unique and known."""
    twice = pd.DataFrame([["z", "city", "city"]], columns=["zone", "level", "level"])
    assert problems_in(HEADER, tiny_tables() | {"zones": twice})[0].found == "a column twice"
    strange = pd.DataFrame({"zone": ["z", "y"], "level": ["street", "community"], 5: [1, 2]})
    assert [(p.table, p.column) for p in problems_in(HEADER, {**tiny_tables(), "zones": strange})] == [("zones", "5")]


def test_header_of_wrong_types():
    """Header values are checked like cells."""
    header = {"name": "x", "periods": True, "period_hours": "12", "policy": {"span": 1.5}, "start": 5}
    found = {(p.table, p.column) for p in problems_in(header, tiny_tables())}
    assert found == {("instance", "periods"), ("instance", "start"), ("policy", "span")}


def test_lone_surrogates_are_no_text(tmp_path):
    """Half a character, which no file can hold, is refused."""
    text = json.dumps(document()).replace('"road": "r"', '"road": "\\ud800"')
    assert "control characters" in only_error_of(written(tmp_path, text)).expected
