"""The header file: text as written, no tags, anchors, aliases or duplicate keys."""

import time
from itertools import pairwise

import pytest

from coordination.instance import load
from tests.instance.conftest import errors_of, only_error_of

PLAIN = "name: x\nperiods: 4\nperiod_hours: 12\n"


def header(folder, text):
    """Overwrite the header file."""
    (folder / "instance.yaml").write_text(text, encoding="utf-8")


def test_words_are_not_mangled(folder):
    """12:30, NO, 007, 1e3, dates and null in quotes stay the text they are."""
    header(folder, 'name: 12:30\ntitle: NO\nsource: 007\ncurrency: "null"\nperiods: 4.0\nperiod_hours: 1.2e1\n')
    instance = load(folder)
    assert (instance.name, instance.title, instance.source, instance.currency) == ("12:30", "NO", "007", "null")
    assert (instance.periods, instance.period_hours) == (4, 12.0)


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_empty_values_are_absent(folder, nothing):
    """An empty value or null means the default."""
    header(folder, f"{PLAIN}title: {nothing}\npolicy:\n  span: {nothing}\n")
    instance = load(folder)
    assert (instance.title, instance.policy.span) == ("x", None)


@pytest.mark.parametrize(
    ("text", "found", "row"),
    [
        (PLAIN + "title: !!python/object/apply:os.system [ls]\n", "tag", 4),
        (PLAIN + "title: !text x\n", "tag", 4),
        (PLAIN + "title: &a x\n", "anchor &a", 4),
        (PLAIN + "title: *a\n", "alias *a", 4),
        (PLAIN + "---\nname: y\n", "second document", 4),
        (PLAIN + "title: " + "[" * 5000 + "]" * 5000 + "\n", "deep nesting", 4),
        (PLAIN + "title: [1, 2\n", "broken YAML", 5),
        (PLAIN + "\ttitle: x\n", "broken YAML", 4),
        ("just words\n", "no keys", None),
        ("- name\n- periods\n", "no keys", None),
        ("# nothing\n", "no keys", None),
    ],
)
def test_header_that_cannot_be_read_is_one_problem(folder, text, found, row):
    """What is not plain keys and values is refused with its line, and nothing else is blamed."""
    header(folder, text)
    problem = only_error_of(folder)
    assert (problem.table, problem.row) == ("instance", row)
    assert found in problem.found


def test_alias_bomb_is_refused_at_once(folder):
    """Aliases that would unfold to billions of values are refused before anything unfolds."""
    names = "abcdefghi"
    lines = [f"a: &a [{', '.join(['x'] * 9)}]"]
    lines += [f"{this}: &{this} [{', '.join(['*' + last] * 9)}]" for last, this in pairwise(names)]
    header(folder, PLAIN + "\n".join(lines) + "\n")
    start = time.perf_counter()
    assert "anchor" in only_error_of(folder).found
    assert time.perf_counter() - start < 5


def test_duplicate_keys_are_problems(folder):
    """A key twice is a problem of the second line, at the top and in the policy."""
    header(folder, PLAIN + "name: y\npolicy:\n  gap_cost: 1\n  gap_cost: 2\n")
    first, second = errors_of(folder)
    assert (first.row, first.column) == (4, "name")
    assert (second.row, second.column) == (7, "policy.gap_cost")


def test_huge_header_is_refused(folder):
    """A header of millions of characters is no header."""
    header(folder, PLAIN + "#" * 2_000_000)
    assert "characters" in only_error_of(folder).found
