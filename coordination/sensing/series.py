"""Series: the certain observations of an indicator in a zone on their rhythm, with the holes that there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.sensing.sifting import Doubtful
from coordination.world.observations import SERIES, certain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from coordination.instance import Instance

WEEK_HOURS = 168.0
STUCK = 14
"""Times in a row that a value that used to change may stand still before it is said."""


@dataclass(frozen=True)
class Series:
    """Values of one indicator in one zone.

    Attributes
    ----------
    zone, indicator : str
        Whose.
    first : int
        Period of the first value.
    step : int
        Periods from one value to the next.
    values : ndarray, shape (n,)
        NaN where nothing certain was observed.
    season : int
        Steps of a week; 0 where a week is no whole number of steps, of at least two.
    """

    zone: str
    indicator: str
    first: int
    step: int
    values: NDArray[np.float64]
    season: int

    @property
    def periods(self) -> NDArray[np.int64]:
        """Period of each value."""
        return self.first + self.step * np.arange(len(self.values), dtype=np.int64)

    def ahead(self, now: int, periods: int) -> int:
        """Return how many steps the horizon goes on after the last value."""
        return max(0, (periods - 1 - int(self.periods[-1])) // self.step)


def series_of(rows: pd.DataFrame, instance: Instance) -> tuple[list[Series], list[Doubtful]]:
    """Put observations on their rhythms.

    Parameters
    ----------
    rows : DataFrame
        `coordination.sensing.sifting.Sifted.rows`.
    instance : Instance
        Gives indicators and the length of a period.

    Returns
    -------
    series : list of Series
        By zone and indicator.
    findings : list of Doubtful
        Holes, values off the rhythm, values that stand still, series that have stopped.
    """
    known, findings, series = certain(rows, instance.indicators), list[Doubtful](), list[Series]()
    now = int(known["period"].max()) if len(known) else 0
    for (zone, indicator), some in known.groupby(SERIES, sort=True):
        one, found = _series(str(zone), str(indicator), some, instance.period_hours)
        series.append(one)
        findings += [*found, *_holes(one, some, now), *_stuck(one, some)]
    return series, findings


def _series(zone: str, indicator: str, rows: pd.DataFrame, period_hours: float) -> tuple[Series, list[Doubtful]]:
    """Return the series of certain values, sorted by period, and those off its rhythm."""
    periods, values = rows["period"].to_numpy(dtype=np.int64), rows["value"].to_numpy(dtype=float)
    steps, counts = np.unique(np.diff(periods), return_counts=True)
    step = int(steps[np.argmax(counts)]) if len(steps) else 1
    # The rhythm is that of most values: one that came an hour early does not shift all others.
    beat = np.bincount((periods - periods[0]) % step).argmax()
    on = (periods - periods[0]) % step == beat
    grid = np.full((int(periods[on][-1]) - int(periods[on][0])) // step + 1, np.nan)
    grid[(periods[on] - periods[on][0]) // step] = values[on]
    week = WEEK_HOURS / (period_hours * step)
    season = round(week) if abs(week - round(week)) < 1e-9 and week >= 2 else 0
    findings = [
        Doubtful(int(row), zone, "rhythm", f"{indicator} in {zone}, period {period}: off its rhythm of {step} periods")
        for row, period in zip(rows["row"].to_numpy()[~on], periods[~on], strict=True)
    ]
    return Series(zone, indicator, int(periods[on][0]), step, grid, season), findings


def _holes(series: Series, rows: pd.DataFrame, now: int) -> Iterator[Doubtful]:
    """Say where nothing certain was observed, naming the row before the hole."""
    lines = dict(zip(rows["period"].tolist(), rows["row"].tolist(), strict=True))
    empty = np.isnan(series.values)
    begins = np.flatnonzero(empty & ~np.roll(empty, 1))
    for begin in begins.tolist():
        end = begin + int(np.argmin(empty[begin:]))
        what = _span(series.periods[begin], series.periods[end - 1])
        line, where = lines[int(series.periods[begin - 1])], f"{series.indicator} in {series.zone}"
        yield Doubtful(line, series.zone, "hole", f"{where}: nothing certain after this row, {what}")
    late = (now - int(series.periods[-1])) // series.step
    if late > 0:
        last = int(series.periods[-1])
        message = f"{series.indicator} in {series.zone}: nothing certain after this row, since period {last + 1}"
        yield Doubtful(lines[last], series.zone, "stopped", message)


def _stuck(series: Series, rows: pd.DataFrame) -> Iterator[Doubtful]:
    """Say where a value that used to change has stood still at the end."""
    values = rows["value"].to_numpy()
    same = values == values[-1]
    still = len(values) if same.all() else int(np.argmin(same[::-1]))
    if STUCK <= still < len(values):
        what = f"{series.indicator} in {series.zone}: the same value {still} times in a row"
        yield Doubtful(int(rows["row"].iloc[-1]), series.zone, "stuck", f"{what}; is it still measured?")


def _span(first: int, last: int) -> str:
    return f"period {first}" if first == last else f"periods {first} to {last}"
