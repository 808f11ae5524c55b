"""The front door of sensing: from an instance to an early warning, and an instance with its needs ahead."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance import Instance, load_apart
from coordination.instance.raw import table_of
from coordination.instance.vocabulary import MODES
from coordination.plans.sensing import SENSING_TABLES
from coordination.plans.tables import canonical
from coordination.sensing.forecasting import factors, scaled
from coordination.sensing.series import Series, series_of
from coordination.sensing.sifting import Sifted, sift
from coordination.sensing.signals import signals
from coordination.sensing.structure import Fit, fit, forecast
from coordination.sensing.turning import thresholds_of, turning_points
from coordination.world.modes import modes_by
from coordination.world.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

INTERVAL = 0.8
"""Share of cases that intervals shall hold."""


@dataclass(frozen=True)
class Sensing:
    """What was sensed.

    Attributes
    ----------
    instance : Instance
        The world ahead: observations rid of what cannot be read, forecasts added to them (column ``forecast``), needs
        ahead scaled.
    now : int
        Last period in which anything was observed.
    interval : float
        Share of cases that intervals shall hold.
    tables : mapping of str to DataFrame
        ``sensing``, ``turning``, ``severity``, ``modes``, ``forecast``, ``findings``.
    """

    instance: Instance
    now: int
    interval: float
    tables: Mapping[str, pd.DataFrame] = field(repr=False)

    @property
    def sensing(self) -> pd.DataFrame:
        """Trend, interval and signal of each indicator, by zone and period, and its forecast."""
        return self.tables["sensing"]

    @property
    def turning(self) -> pd.DataFrame:
        """Turning points of each zone."""
        return self.tables["turning"]

    @property
    def severity(self) -> pd.DataFrame:
        """Severity by zone and period."""
        return self.tables["severity"]

    @property
    def modes(self) -> pd.DataFrame:
        """Operating modes by the thresholds."""
        return self.tables["modes"]

    @property
    def forecast(self) -> pd.DataFrame:
        """What needs ahead are multiplied by."""
        return self.tables["forecast"]

    @property
    def findings(self) -> pd.DataFrame:
        """What was set aside or is doubtful, with row and zone."""
        return self.tables["findings"]

    def save(self, path: str | Path) -> None:
        """Write a folder, all or nothing: ``sensing.json``, a CSV for each table, and ``instance/``.

        Parameters
        ----------
        path : str or Path
            The folder: missing, empty, or one of sensing to be replaced.

        Raises
        ------
        WriteError
            If something else stands there, or it cannot be written.
        """
        from coordination.sensing.writing import save

        save(self, Path(path))


def sense(instance: Instance | str | Path, *, interval: float = INTERVAL) -> Sensing:
    """Sense what is coming from the observations of an instance.

    Parameters
    ----------
    instance : Instance, str or Path
        An instance, or where one lies. From a path rows of ``observations`` that cannot be read are set aside and
        named; everything else must be right.
    interval : float
        Share of cases that the intervals shall hold, between 0 and 1.

    Returns
    -------
    Sensing
        Tables, and the instance with needs scaled for the periods ahead.

    Raises
    ------
    InstanceError
        If anything but observations is wrong.
    UsageError
        If statsmodels is not installed, or `interval` is no share.

    Notes
    -----
    Level, week and noise by a structural time series model, changes by a cumulative sum of its innovations; see
    ``structure`` and ``signals``.
    """
    from coordination.errors import UsageError

    if not 0 < interval < 1:
        raise UsageError(f"interval is {interval}; expected a share between 0 and 1, such as 0.8.")
    world, sifted = _sifted(instance)
    series, doubts = series_of(sifted.rows, world)
    now = int(sifted.rows["period"].max()) if len(sifted.rows) else -1
    looks = [_look(one, world, sum(other.zone == one.zone for other in series), now, interval) for one in series]
    rows, changes = (
        pd.concat([getattr(look, name) for look in looks], ignore_index=True) if looks else None
        for name in ("rows", "changes")
    )
    rows = pd.DataFrame(columns=[*ROWS, "ahead"]) if rows is None else rows
    changes = pd.DataFrame(columns=CHANGES) if changes is None else changes
    ahead = rows[rows["ahead"].astype(bool)]
    by = factors(ahead, world, now)
    seen = sifted.rows.drop(columns="row")
    told = ahead[["period", "zone", "indicator"]].assign(value=ahead["trend"], forecast=True)
    observations = pd.concat([part for part in (seen, told) if len(part)] or [seen], ignore_index=True)
    coming = world.replace(observations=observations, needs=scaled(world.given("needs"), by, world))
    severity = Severity(coming)
    short = [look.short for look in looks if look.short is not None]
    findings = pd.DataFrame([asdict(f) for f in [*sifted.findings, *doubts]] + short, columns=FINDINGS)
    tables = {
        "sensing": rows.drop(columns="ahead"),
        "turning": turning_points(coming, severity, changes),
        "severity": _severity_table(coming, severity, now),
        "modes": _modes_table(coming, severity),
        "forecast": by,
        "findings": findings,
    }
    tables = {name: canonical(table, tables[name]) for name, table in SENSING_TABLES.items()}
    return Sensing(coming, now, interval, tables)


ROWS = ["zone", "indicator", "period", "value", "trend", "lower", "upper", "signal"]
CHANGES = ["zone", "indicator", "period", "onset", "under_way"]
FINDINGS = ["row", "zone", "kind", "message"]


@dataclass(frozen=True)
class _Look:
    """One series looked at: rows of ``sensing`` (with ``ahead``), changes, and a finding where it is too short."""

    rows: pd.DataFrame
    changes: pd.DataFrame
    short: dict[str, object] | None


def _sifted(source: Instance | str | Path) -> tuple[Instance, Sifted]:
    if isinstance(source, Instance):
        table = source.observations
        return source, sift(table_of({str(name): table[name].to_numpy() for name in table}), [], source)
    world, raw, problems = load_apart(Path(source), "observations")
    return world, sift(raw, problems, world)


def _look(series: Series, instance: Instance, watched: int, now: int, interval: float) -> _Look:
    """Fit, signal and forecast one series."""
    declared = instance.indicators.set_index("indicator")
    way, worse = float("nan"), 1
    if series.indicator in declared.index:
        normal, severe = (float(declared[name].to_dict()[series.indicator]) for name in ("normal", "severe"))
        way, worse = abs(severe - normal), 1 if severe > normal else -1
    head = {"zone": series.zone, "indicator": series.indicator}
    seen = pd.DataFrame({**head, "period": series.periods, "value": series.values})
    fitted = fit(series, way)
    if fitted is None:
        blank = seen.assign(trend=np.nan, lower=np.nan, upper=np.nan, signal=False, ahead=False)
        message = f"{series.indicator} in {series.zone}: too few values for a trend: {len(series.values)}"
        short: dict[str, object] = {"row": None, "zone": series.zone, "kind": "short", "message": message}
        return _Look(blank, pd.DataFrame(columns=CHANGES), short)
    found = signals(fitted.surprise, watched, worse)
    trend, lower, upper = _course(fitted, interval)
    past = seen.assign(trend=trend, lower=lower, upper=upper, signal=found.at, ahead=False)
    at, onset = np.flatnonzero(found.at), found.under_way(within=series.season or 7)
    changes = pd.DataFrame({**head, "period": series.periods[at], "onset": series.periods[found.onset[at]]})
    changes["under_way"] = False if onset is None else found.onset[at] >= onset
    return _Look(_with_forecast(past, series, fitted, onset, now, instance.periods, interval), changes, None)


def _course(fitted: Fit, interval: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the level, and the interval in which each value was expected the step before, in its unit."""
    from scipy.stats import norm

    wide = float(norm.ppf(0.5 + interval / 2)) * fitted.deviation
    numbers = (fitted.level, fitted.expected - wide, fitted.expected + wide)
    level, lower, upper = (fitted.scale.back(part) for part in numbers)
    return level, lower, upper


def _with_forecast(
    past: pd.DataFrame, series: Series, fitted: Fit, onset: int | None, now: int, periods: int, interval: float
) -> pd.DataFrame:
    """Add the rows ahead of the last observation of the city."""
    steps = series.ahead(now, periods)
    if not steps:
        return past
    middle, lower, upper = forecast(series, fitted, steps, interval, None if onset is None else max(onset - 1, 0))
    when = series.periods[-1] + series.step * np.arange(1, steps + 1)
    rows = pd.DataFrame({"period": when, "trend": middle, "lower": lower, "upper": upper})
    rows = rows[rows["period"] > now].assign(
        zone=series.zone, indicator=series.indicator, value=np.nan, signal=False, ahead=True
    )
    return pd.concat([past, rows[past.columns]], ignore_index=True) if len(rows) else past


def _severity_table(instance: Instance, severity: Severity, now: int) -> pd.DataFrame:
    zone, time = np.nonzero(~np.isnan(severity.values))
    return pd.DataFrame(
        {
            "zone": instance.zones["zone"].to_numpy()[zone],
            "period": time + severity.first,
            "severity": severity.values[zone, time],
            "forecast": time + severity.first > now,
        }
    )


def _modes_table(instance: Instance, severity: Severity) -> pd.DataFrame:
    modes = modes_by(severity.values, thresholds_of(instance))[:, -severity.first :]
    return pd.DataFrame(
        {
            "zone": np.repeat(instance.zones["zone"].to_numpy(), instance.periods),
            "period": np.tile(np.arange(instance.periods), len(modes)),
            "mode": np.array(MODES)[modes.ravel()],
        }
    )
