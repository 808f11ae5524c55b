"""The catalogue in ``models/README.md`` holds every concept, every formulation, and the notation as it is."""

import re

import pytest

from coordination.terms import TERMS

from .golden_files import FILES, complete, concepts, declaring, file_of
from .notation import README, with_table

TEXT = README.read_text(encoding="utf-8") if README.exists() else ""
ENTRIES = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", TEXT + "\n## ", flags=re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("file", [name for name in FILES if name != "response"])
def test_concept_is_in_the_catalogue(file):
    """Every concept file has an entry: one sentence, equations, its file and functions, its dual."""
    entry = ENTRIES[file]
    assert f"`coordination_models/{file}.py`" in entry
    assert "Dual:" in entry
    assert "    " in entry, "equations stand indented"
    for name in concepts():
        if file_of(name) == file:
            assert f"`add_{name}`" in entry, name
    for word in re.findall(r"`add_(\w+)`", entry):
        assert word in declaring()


@pytest.mark.parametrize("name", complete())
def test_complete_formulation_is_in_the_catalogue(name):
    """Every complete formulation has its row with what it is for."""
    rows = [line for line in TEXT.splitlines() if line.startswith(f"| `{name}_model`")]
    assert len(rows) == 1
    assert len(rows[0].split("|")[3].strip()) > 20


def test_no_entry_of_nothing():
    """No entry stands for a file that is gone."""
    assert set(ENTRIES) == set(FILES) - {"response"}


def test_notation_is_that_of_the_concepts():
    """The notation table is the one that the concepts' symbol tables make."""
    assert with_table(TEXT) == TEXT


def test_terms_of_the_social_cost():
    """Every term is listed with what prices it."""
    for term in TERMS:
        assert f"| `{term.name}` |" in TEXT, term.name
