"""Every formulation says what it is: equations, symbols with units, dual, source."""

import re
from pathlib import Path

import pytest

MODELS = Path(__file__).parents[2] / "models" / "coordination_models"
CONCEPTS = sorted(path for path in MODELS.glob("*.py") if path.stem not in {"__init__", "response"})
HEADINGS = ["Equations", "Symbols", "Dual", "Source"]


def sections(path: Path) -> dict[str, str]:
    """Return the numpydoc sections of a module's docstring by heading."""
    text = path.read_text(encoding="utf-8").split('"""')[1]
    parts = re.split(r"^(\w+)\n-{3,}\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("path", CONCEPTS, ids=lambda path: path.stem)
def test_headings_in_order(path):
    """The headings are there, in the order of reading."""
    assert list(sections(path)) == HEADINGS


@pytest.mark.parametrize("path", CONCEPTS, ids=lambda path: path.stem)
def test_symbols_have_units_and_components(path):
    """The symbol table has a unit and a component of the file for every symbol."""
    text = sections(path)["Symbols"]
    assert "unit " in text and "component" in text
    named = set(re.findall(r"``(\w+)``", text))
    code = path.read_text(encoding="utf-8").split('"""', 2)[2]
    declared = set(re.findall(r"(?:block|b)\.(\w+)", code))
    assert named <= declared, f"not in the code: {sorted(named - declared)}"
    own = set(re.findall(r"block\.([a-z]\w+) = pyo\.(?:Var|Param)", code))
    assert own <= named, f"not in the table: {sorted(own - named)}"


@pytest.mark.parametrize("path", CONCEPTS, ids=lambda path: path.stem)
def test_equations_are_mathematics(path):
    """The equations stand in a math directive, the source names a year."""
    found = sections(path)
    assert ".. math::" in found["Equations"]
    assert re.search(r"\(\d{4}\)|Ours", found["Source"])
