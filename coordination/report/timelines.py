"""Need, served and backlog over time: one small chart for each commodity, all of one shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from coordination.metrics import need_met, vulnerable_group
from coordination.report.scales import path, place, steps, ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coordination.report.view import View

WIDTH, LEFT, RIGHT = 264, 44, 6
UPPER_TOP, UPPER_BOTTOM = 12, 100
LOWER_TOP, LOWER_BOTTOM = 118, 162
HEIGHT = 184


@dataclass(frozen=True)
class Tick:
    """A label at a position on an axis, in pixels."""

    at: str
    value: float
    label: str = ""


@dataclass(frozen=True)
class Timeline:
    """The chart of one commodity, in pixels, and its figures in the commodity's unit."""

    name: str
    unit: str
    asked: float
    served: float
    short: float
    share: float
    group_share: float | None
    served_area: str
    need_line: str
    backlog_area: str
    upper: list[Tick]
    lower: list[Tick]
    days: list[Tick]


def timelines(view: View) -> list[Timeline]:
    """Return one chart for each commodity that anybody asks for, in the instance's order."""
    plan = view.plan
    met = need_met(plan, ["commodity"], tonnes=False)
    by_group = need_met(plan, ["commodity", "group"], tonnes=False)["share"]
    group = vulnerable_group(plan)
    sums = plan.service.groupby(["commodity", "period"])[["need", "served", "backlog"]].sum()
    charts = []
    for commodity in plan.instance.commodities["commodity"]:
        if commodity not in met.index or not met.loc[commodity, "asked"] > 0:
            continue
        rows = sums.loc[commodity] if commodity in sums.index.get_level_values(0) else sums.droplevel(0).iloc[:0]
        rows = rows.reindex(range(plan.instance.periods), fill_value=0.0)
        share = by_group.get((commodity, group)) if group else None
        charts.append(_chart(view, commodity, met.loc[commodity], share, rows))
    return charts


def _chart(
    view: View, commodity: str, met: pd.Series[float], group_share: float | None, rows: pd.DataFrame
) -> Timeline:
    upper = ticks(float(rows[["need", "served"]].to_numpy().max()), 2)
    lower = ticks(float(rows["backlog"].max()), 1)
    slot = (WIDTH - LEFT - RIGHT) / len(rows)

    def area(values: Sequence[float], scale: list[float], top: float, bottom: float) -> str:
        levels = [bottom - value / scale[-1] * (bottom - top) for value in values]
        corners = steps(levels, LEFT, slot)
        return path([(LEFT, bottom), *corners, (WIDTH - RIGHT, bottom)], closed=True)

    need = [UPPER_BOTTOM - value / upper[-1] * (UPPER_BOTTOM - UPPER_TOP) for value in rows["need"]]
    return Timeline(
        name=view.commodities[commodity],
        unit=view.units[commodity],
        asked=float(met["asked"]),
        served=float(met["served"]),
        short=float(met["short"]),
        share=float(met["share"]),
        group_share=None if group_share is None else float(group_share),
        served_area=area(list(rows["served"]), upper, UPPER_TOP, UPPER_BOTTOM),
        need_line=path(steps(need, LEFT, slot)),
        backlog_area=area(list(rows["backlog"]), lower, LOWER_TOP, LOWER_BOTTOM),
        upper=_axis(upper, UPPER_TOP, UPPER_BOTTOM),
        lower=_axis(lower, LOWER_TOP, LOWER_BOTTOM),
        days=days(view, LEFT, slot),
    )


def _axis(values: list[float], top: float, bottom: float) -> list[Tick]:
    return [Tick(place(bottom - value / values[-1] * (bottom - top)), value) for value in values]


def days(view: View, left: float, slot: float, apart: float = 44) -> list[Tick]:
    """Return the days that begin within the horizon, at their period's left edge, at least `apart` pixels apart."""
    labels = [view.day(period) for period in range(view.instance.periods)]
    marks: list[Tick] = []
    last = -apart
    for period, label in enumerate(labels):
        begins = period == 0 or label != labels[period - 1]
        if begins and slot * period - last >= apart:
            last = slot * period
            marks.append(Tick(place(left + last), float(period), label))
    return marks
