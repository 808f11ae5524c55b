"""The package's README and docstring show what runs."""

import re
import textwrap
from pathlib import Path

import pytest

import coordination.compilation as package

README = Path(package.__file__).with_name("README.md").read_text(encoding="utf-8")


def test_the_readme_runs(tmp_path, monkeypatch, capsys):
    """All code of the README runs in order; the plan is the best one and the LP file is there."""
    monkeypatch.chdir(tmp_path)
    names = {}
    for code in re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL):
        exec(code, names)  # our own text
    assert names["form"].term_values(names["x"]) == {
        "transport": pytest.approx(3 + 4),
        "opening": pytest.approx(10),
    }
    ship = names["form"].values("ship", names["x"])
    assert ship.index.names == ["hub", "town"] and ship["B", "y"] == pytest.approx(4)
    assert "hub  town" in capsys.readouterr().out
    assert "capacity(A)" in (tmp_path / "model.lp").read_text(encoding="utf-8")


def test_the_docstring_runs():
    """So does the example of the docstring."""
    code = package.__doc__.split("into one sparse matrix::")[1].split("**Data**")[0]
    lines = textwrap.dedent(code.replace('form.values("ship", x)', 'form.values("ship", form.ub)'))
    names = {}
    exec(lines, names)  # our own text
    assert names["form"].rows == 2 and len(names["ship"]) == 3
