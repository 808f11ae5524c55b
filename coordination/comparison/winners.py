"""The map of a comparison: by hazard, phase and delay of approval the way that costs least most often; as SVG."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from coordination.comparison.chart import COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

LABELS, CELL, ROW, HEAD, LEGEND = 210, 150, 34, 58, 22


def winners(table: pd.DataFrame) -> str:
    """Return an SVG document.

    Parameters
    ----------
    table : DataFrame
        ``map`` of a `Comparison`.
    """
    delays = sorted(table["delay"].unique().tolist())
    rows = list(dict.fromkeys(zip(table["hazard"].tolist(), table["phase"].tolist(), strict=True)))
    rows.sort(key=lambda row: str(row[0]))
    ways = [_short(str(way)) for way in table["way"].drop_duplicates()]
    colour = {way: COLOURS[n % len(COLOURS)] for n, way in enumerate(dict.fromkeys(ways))}
    width = max(LABELS + CELL * len(delays) + 20, 480)
    height = HEAD + ROW * len(rows) + LEGEND * ((len(colour) + 2) // 3) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="where each way of deciding wins" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="12"><rect width="{width}" height="{height}" fill="white"/>',
        '<text x="8" y="18" font-weight="bold">who costs least in most draws, by hazard and phase</text>',
        '<text x="8" y="46">periods that approval at the centre takes</text>',
    ]
    for column, delay in enumerate(delays):
        parts.append(f'<text x="{LABELS + CELL * column + CELL / 2}" y="46" text-anchor="middle">{delay}</text>')
    for number, (hazard, phase) in enumerate(rows):
        y = HEAD + ROW * number
        parts.append(f'<text x="8" y="{y + 21}">{escape(f"{hazard}, {phase}")}</text>')
        for column, delay in enumerate(delays):
            cell = table[(table["hazard"] == hazard) & (table["phase"] == phase) & (table["delay"] == delay)]
            parts.append(_cell(cell, LABELS + CELL * column, y, colour))
    for number, (way, fill) in enumerate(colour.items()):
        x, y = 8 + 155 * (number % 3), HEAD + ROW * len(rows) + 10 + LEGEND * (number // 3)
        parts.append(f'<rect x="{x}" y="{y}" width="14" height="14" fill="{fill}"/>')
        parts.append(f'<text x="{x + 20}" y="{y + 12}">{escape(way)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _cell(rows: pd.DataFrame, x: int, y: int, colour: Mapping[str, str]) -> str:
    """Give a cell: the way that is best most often (of equally many the one of least mean), and in what share."""
    if rows.empty:
        return ""
    first = rows.sort_values(["best", "mean"], ascending=[False, True], kind="stable").iloc[0]
    way = _short(str(first["way"]))
    return (
        f'<rect x="{x}" y="{y}" width="{CELL - 4}" height="{ROW - 4}" fill="{colour[way]}"/>'
        f'<text x="{x + (CELL - 4) / 2}" y="{y + 20}" text-anchor="middle" style="fill:white">'
        f"{escape(way)} {first['best']:.0%}</text>"
    )


def _short(way: str) -> str:
    """Return a way without the delay that stands above its column."""
    return way.partition(":")[0] if way.startswith("centralised:") else way
