"""The chart of a comparison: means with their intervals, measure by measure, and the mean function curves; as SVG."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from coordination.comparison.drawn import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

COLOURS = (
    "#1b6ca8", "#c1440e", "#3a7d44", "#6b4c9a", "#8a6d00", "#444444", "#b0007a", "#00797a", "#7a9cc6", "#a0522d",
    "#84a98c", "#b39ddb", "#d4a017", "#999999",
)  # fmt: skip
"""By way, in their order; beyond the last from the first on."""
WIDTH, LABELS, RIGHT, ROW, HEAD, CURVES = 790, 130, 150, 18, 34, 190


def chart(comparison: pd.DataFrame, curves: pd.DataFrame, currency: str) -> str:
    """Return an SVG document.

    Parameters
    ----------
    comparison, curves : DataFrame
        Of a `Comparison`.
    currency : str
        Unit of money.
    """
    ways = comparison["way"].drop_duplicates().tolist()
    colour = {way: COLOURS[number % len(COLOURS)] for number, way in enumerate(ways)}
    panel = HEAD + ROW * len(ways)
    height = panel * len(MEASURES) + HEAD + max(CURVES, ROW * len(ways)) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="what people get by each way of deciding" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        f'font-size="12"><rect width="{WIDTH}" height="{height}" fill="white"/>'
    ]
    for number, (measure, meaning) in enumerate(MEASURES.items()):
        rows = comparison[comparison["measure"] == measure]
        parts += _panel(rows, f"{measure}: {meaning}".replace("money", currency), panel * number, colour)
    parts += _curves(curves, panel * len(MEASURES), colour)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(rows: pd.DataFrame, title: str, top: int, colour: Mapping[str, str]) -> Iterator[str]:
    """Give a measure: a line from end to end of the interval, a dot at the mean."""
    values = rows[["mean", "lower", "upper"]].to_numpy(dtype=float)
    most = float(np.nanmax(values)) if np.isfinite(values).any() else 1.0
    least = min(0.0, float(np.nanmin(values)) if np.isfinite(values).any() else 0.0)
    span = (most - least) or 1.0

    def x(value: float) -> float:
        return LABELS + (value - least) / span * (WIDTH - LABELS - RIGHT)

    yield f'<text x="8" y="{top + 20}" font-weight="bold">{escape(title)}</text>'
    for number, (way, (mean, lower, upper)) in enumerate(zip(rows["way"], values.tolist(), strict=True)):
        y = top + HEAD + ROW * number + 4
        yield f'<text x="8" y="{y + 4}">{escape(str(way))}</text>'
        if np.isfinite([lower, upper]).all():
            yield (
                f'<line x1="{x(max(lower, least)):.1f}" x2="{x(upper):.1f}" y1="{y}" y2="{y}" '
                f'stroke="{colour[str(way)]}" stroke-width="3"/>'
            )
        yield f'<circle cx="{x(mean):.1f}" cy="{y}" r="4" fill="{colour[str(way)]}"/>'
        yield f'<text x="{WIDTH - RIGHT + 10}" y="{y + 4}">{mean:,.4g}</text>'


def _curves(curves: pd.DataFrame, top: int, colour: Mapping[str, str]) -> Iterator[str]:
    """Give the function curves, 0 to 1, periods from left to right."""
    yield f'<text x="8" y="{top + 20}" font-weight="bold">function of the city by period, mean over draws</text>'
    bottom, last = top + HEAD + CURVES, max(1, int(curves["period"].max()))
    for level in (0.0, 0.5, 1.0):
        y = bottom - level * CURVES
        yield f'<line x1="{LABELS}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ccc"/>'
        yield f'<text x="{LABELS - 30}" y="{y + 4:.1f}">{level:g}</text>'
    for number, (way, rows) in enumerate(curves.groupby("way", sort=False)):
        points = " ".join(
            f"{LABELS + period / last * (WIDTH - LABELS - RIGHT):.1f},{bottom - function * CURVES:.1f}"
            for period, function in zip(rows["period"].tolist(), rows["function"].tolist(), strict=True)
        )
        yield f'<polyline points="{points}" fill="none" stroke="{colour[str(way)]}" stroke-width="2"/>'
        y = top + HEAD + ROW * number + 8
        x = WIDTH - RIGHT + 10
        yield f'<line x1="{x}" x2="{x + 12}" y1="{y - 4}" y2="{y - 4}" stroke="{colour[str(way)]}" stroke-width="3"/>'
        yield f'<text x="{x + 17}" y="{y}">{escape(str(way))}</text>'
