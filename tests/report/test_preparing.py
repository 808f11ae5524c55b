"""The page of a preparation: self-contained, every decision and figure on it, hostile names shown as text."""

import dataclasses

import pytest

import coordination as co
from coordination.report.preparing import render_preparation
from tests.preparation.test_adapting import storm

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def preparation():
    """Prepare a home with a hostile name while a forecast sharpens."""
    places = [
        {"place": "depot", "kind": "depot", "zone": "city"},
        {"place": "home", "kind": "community", "zone": "east", "name": HOSTILE},
    ]
    return co.prepare(storm(30, places=places), gap=1e-9)


def test_the_page_shows_it_all(preparation):
    """Decisions, policies, scenarios, what knowing is worth; no script, nothing from elsewhere."""
    page = render_preparation(preparation)
    for words in ("Buy", "now → cloud", "Everything is decided now", "storm", "Knowing beforehand", "300"):
        assert words in page
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "http:" not in page
    assert "https:" not in page
    assert "None" not in page
    assert "nan" not in page


def test_without_a_first_stage(preparation):
    """What has no first stage says so, and nothing else."""
    none = dataclasses.replace(
        preparation,
        status="infeasible",
        objective=None,
        bound=None,
        gap=None,
        terms={},
        figures={},
        tables={},
        adapting=[],
    )
    page = render_preparation(none)
    assert "There is no preparation to show" in page
    assert "What scenarios cost then" not in page
