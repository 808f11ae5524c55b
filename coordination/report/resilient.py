"""Function curves of the city and its districts in one chart, and their resilience in one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coordination.report.scales import path, place, steps
from coordination.report.timelines import Tick, days

if TYPE_CHECKING:
    import pandas as pd

    from coordination.report.view import View
    from coordination.resilience import Resilience

WIDTH, HEIGHT = 560, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 184


@dataclass(frozen=True)
class Course:
    """One curve: whose, its path in pixels, whether it is that of the whole city."""

    name: str
    line: str
    whole: bool


@dataclass(frozen=True)
class Row:
    """One row of the table: a name and its figures, None where absent."""

    name: str
    figures: list[float | None]
    whole: bool


@dataclass(frozen=True)
class Resilient:
    """What the section shows; `parts` are those of the whole city: dimension, part, value."""

    courses: list[Course]
    rows: list[Row]
    parts: list[tuple[str, str, float]]
    shares: list[Tick]
    days: list[Tick]


def resilient(view: View) -> Resilient:
    """Return the curves and figures of the roots of the tree of zones and of the areas by which the report groups."""
    from coordination.resilience import measure_resilience

    zones = view.instance.zones
    roots = zones.loc[zones["parent"].isna(), "zone"].tolist()
    shown = [*roots, *(area for area in dict.fromkeys(view.district.values()) if area not in roots)]
    measured = measure_resilience(view.plan, shown)
    wide = measured.wide()
    slot = (WIDTH - LEFT - RIGHT) / view.instance.periods
    parts = measured.table[(measured.table["zone"] == roots[0]) & (measured.table["dimension"] != "function")]
    return Resilient(
        courses=[Course(view.zones[zone], _line(measured, zone, slot), zone in roots) for zone in reversed(shown)],
        rows=[Row(view.zones[zone], _figures(wide.loc[zone]), zone in roots) for zone in shown],
        parts=list(parts[["dimension", "part", "value"]].itertuples(index=False, name=None)),
        shares=[Tick(place(_height(share)), share, f"{share:.0%}") for share in (0.0, 0.5, 0.9, 1.0)],
        days=days(view, LEFT, slot),
    )


def _height(share: float) -> float:
    return BOTTOM - share * (BOTTOM - TOP)


def _line(measured: Resilience, zone: str, slot: float) -> str:
    course = measured.curve.loc[measured.curve["zone"] == zone, "function"]
    return path(steps([_height(share) for share in course], LEFT, slot))


def _figures(row: pd.Series[float]) -> list[float | None]:
    return [None if value != value else float(value) for value in row.tolist()]  # noqa: PLR0124 (NaN: absent)
