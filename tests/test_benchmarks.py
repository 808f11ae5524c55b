"""The benchmarks are one list of bars, each explained, that reads the README's line as it stands."""

import json
import re
import sys

import pytest

from benchmarks import ROOT, __main__
from benchmarks.bars import Bar, Measured, readme_line, readme_options
from benchmarks.registry import BARS


def test_every_bar_is_explained():
    """Names are unique, and the benchmarks' README has a row that names each bar, and none of nothing."""
    names = [bar.name for bar in BARS]
    text = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    rows = [
        name for row in re.findall(r"^\| (`.*?`) \|", text, flags=re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    ]
    assert len(set(names)) == len(names)
    assert sorted(rows) == sorted(names)


def test_options_of_the_readme():
    """The options are those after ``--out`` in the README's line: a gap and a time limit."""
    options = readme_options()
    assert options[options.index("--gap") + 1] and options[options.index("--time-limit") + 1]
    assert readme_line().endswith(" ".join(options))


def answer(passed):
    """Return a bar that passes, fails, or goes wrong."""

    def measure(run):
        if passed == "wrong":
            raise ValueError("cannot be measured")
        return Measured(passed, "so much", {"figure": 1.0})

    return Bar(1, f"bar {passed}", "a promise", measure)


@pytest.mark.parametrize(("kinds", "code"), [((True, None), 0), ((True, False), 1), (("wrong", True), 1)])
def test_verdicts(kinds, code, tmp_path, monkeypatch, capsys):
    """A bar that fails or cannot be measured makes the whole fail; results are kept in any case."""
    monkeypatch.setattr(__main__, "BARS", [answer(kind) for kind in kinds])
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--results", str(tmp_path)])
    assert __main__.main() == code
    said = capsys.readouterr().out
    assert ("FAIL" in said) == bool(code)
    (kept,) = tmp_path.glob("*.json")
    results = json.loads(kept.read_text(encoding="utf-8"))
    assert [bar["passed"] for bar in results["bars"]] == [False if kind == "wrong" else kind for kind in kinds]
    assert results["machine"]["cores"] and results["versions"]["numpy"] and results["date"]
