"""Stocks in days of need, by commodity and period, as a table that colours what runs out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coordination.metrics import stock_days
from coordination.report.numbers import amount

if TYPE_CHECKING:
    from coordination.report.view import View

STEPS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Days at which the colour changes."""


@dataclass(frozen=True)
class Cell:
    """Days of need in store at one period's end, and the step of its colour (0: hardly any)."""

    days: str
    step: int


@dataclass(frozen=True)
class StockRow:
    """One commodity through the horizon."""

    name: str
    unit: str
    cells: list[Cell]
    last: str


@dataclass(frozen=True)
class Stocks:
    """The table: a head of days over as many periods as each has, and a row for each commodity."""

    head: list[tuple[str, int]]
    rows: list[StockRow]
    sampled: int


MOST_COLUMNS = 28


def stocks(view: View) -> Stocks:
    """Return days of need in store; every n-th period where there are too many for a page."""
    days = stock_days(view.plan)
    every = -(-view.instance.periods // MOST_COLUMNS)
    shown = list(range(every - 1, view.instance.periods, every)) or [view.instance.periods - 1]
    held = view.plan.inventory
    last = held[held["period"] == view.instance.periods - 1].groupby("commodity")["quantity"].sum()
    rows = [
        StockRow(
            view.commodities[commodity],
            view.units[commodity],
            [_cell(float(days.loc[commodity, period])) for period in shown],
            amount(float(last.get(commodity, 0.0))),
        )
        for commodity in days.index
        if not days.loc[commodity].isna().all()
    ]
    head: list[tuple[str, int]] = []
    for label in map(view.day, shown):
        if head and head[-1][0] == label:
            head[-1] = (label, head[-1][1] + 1)
        else:
            head.append((label, 1))
    return Stocks(head, rows, every)


def _cell(days: float) -> Cell:
    if math.isnan(days):
        return Cell("", 0)
    step = sum(days >= limit for limit in STEPS)
    if math.isinf(days):
        return Cell("∞", step)
    if days < 0.005:
        return Cell("0", 0)
    return Cell(f"{days:.1f}" if days < 9.95 else f"{min(days, 999):.0f}", step)
