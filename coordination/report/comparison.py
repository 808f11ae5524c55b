"""The page of a comparison: in words, curves by way of deciding, the map of where each wins, the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from coordination.report.numbers import amount
from coordination.report.rendering import environment
from coordination.report.strings import strings

if TYPE_CHECKING:
    from coordination.comparison import Comparison

SECTIONS = ("words", "chart", "map", "costs", "ladder", "speed", "exchange")
COLUMNS = {
    "costs": ("way", "draws", "mean", "lower", "upper", "difference", "difference_lower", "difference_upper"),
    "ladder": ("rung", "draws", "mean", "lower", "upper", "worth", "worth_lower", "worth_upper"),
    "speed": ("delay", "draws", "mean", "lower", "upper", "worth", "worth_lower", "worth_upper"),
    "exchange": ("rung", "delay", "draws", "difference", "lower", "upper"),
}
"""Columns of each table on the page; their headings stand among the strings."""


def render_comparison(comparison: Comparison, chart: str, winners: str) -> str:
    """Return the page of a comparison: self-contained HTML.

    Parameters
    ----------
    comparison : Comparison
        Ways of deciding, played through the same events.
    chart, winners : str
        SVG, every name in it escaped.
    """
    instance, table = comparison.instance, comparison.comparison
    tables = {
        "costs": table[table["measure"] == "cost"], "ladder": comparison.ladder, "speed": comparison.speed,
        "exchange": comparison.exchange,
    }  # fmt: skip
    shown = {name: _rows(rows, COLUMNS[name]) for name, rows in tables.items()}
    context: dict[str, Any] = {
        "t": strings(),
        "title": instance.title,
        "draws": comparison.options["draws"],
        "currency": instance.currency,
        "words": comparison.words,
        "tables": {name: rows for name, rows in shown.items() if len(rows) > (name in ("ladder", "speed"))},
        "columns": COLUMNS,
        "chart": chart,
        "map": winners if len(comparison.map) else "",
    }
    return environment().get_template("comparison.html.j2").render(context)


def _rows(table: pd.DataFrame, columns: tuple[str, ...]) -> list[list[str]]:
    """Return the rows of a table as texts; blank where nothing is known."""
    return [
        ["" if pd.isna(value) else value if isinstance(value, str) else amount(value) for value in row]
        for row in table[list(columns)].astype(object).to_numpy().tolist()
    ]
