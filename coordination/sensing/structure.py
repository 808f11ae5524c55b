r"""A series as level, week and noise: the local level model with a fixed week, on a scale on which noise is even.

.. math:: y_t = \mu_t + \gamma_t + \varepsilon_t, \qquad \mu_{t+1} = \mu_t + \eta_t, \qquad
          \gamma_t = -\sum_{j=1}^{S-1} \gamma_{t-j}

======  ======================================================  =======================
symbol  meaning                                                 unit
======  ======================================================  =======================
y       the value on the model's scale (`Scale`)                log, or share of a scale
mu      level, a random walk of variance ``var(eta)``           as y
gamma   effect of the day of the week, the same every week      as y
eps     noise of variance ``var(eps)``                          as y
======  ======================================================  =======================

Both variances are estimated by maximum likelihood, without the last week, so that what is to be found does not hide
itself. The Kalman filter steps over missing values.

Source: Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter, chapters 2 to 4; as built in
statsmodels (``UnobservedComponents``).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from coordination.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.sensing.series import Series

    Numbers = NDArray[np.float64]

QUIETEST = 0.02
"""Least standard deviation of noise on the model's scale: 2 %; nothing measured in a city is steadier."""

FEWEST_WEEKS = 3
"""Weeks from which on a week is estimated."""

FEWEST = 10
"""Values from which on a level is estimated."""

LONGEST_DUMMY_WEEK = 28
"""Steps of a week up to which each has an effect of its own; beyond, a few waves of a week and of a day."""


@dataclass(frozen=True)
class Scale:
    """The scale on which a series is modelled.

    Values that are never negative count in logarithms, after `shift` was added where there are zeros; others in shares
    of `unit`.

    Attributes
    ----------
    logarithmic : bool
        Which of both.
    shift, unit : float
        As said.
    """

    logarithmic: bool
    shift: float = 0.0
    unit: float = 1.0

    @classmethod
    def of(cls, values: Numbers, way: float) -> Scale:
        """Return the scale for values; `way` is the distance from normal to severe, NaN where not known."""
        known = values[~np.isnan(values)]
        if (known >= 0).all():
            positive = known[known > 0]
            smallest = float(positive.min()) if len(positive) else 1.0
            return cls(True, shift=0.0 if (known > 0).all() else min(1.0, smallest))
        return cls(False, unit=way if way > 0 else float(known.std()) or 1.0)

    def to(self, values: Numbers) -> Numbers:
        """Return values on this scale."""
        return np.log(values + self.shift) if self.logarithmic else values / self.unit

    def back(self, numbers: Numbers) -> Numbers:
        """Return values from this scale; never below 0 where none was."""
        if not self.logarithmic:
            return numbers * self.unit
        return np.maximum(np.exp(np.clip(numbers, -700, 700)) - self.shift, 0.0)


@dataclass(frozen=True)
class Fit:
    """A series as its model sees it, all on the model's scale.

    Attributes
    ----------
    scale : Scale
        The scale.
    level : ndarray, shape (n,)
        Level by what was known at each step.
    expected, deviation : ndarray, shape (n,)
        What was expected one step before, and its standard deviation.
    surprise : ndarray, shape (n,)
        Standardised innovations, (value − expected)/deviation; NaN where nothing was observed, and at the beginning.
    parameters : ndarray
        Variances of noise and level.
    """

    scale: Scale
    level: Numbers
    expected: Numbers
    deviation: Numbers
    surprise: Numbers
    parameters: Numbers


def fit(series: Series, way: float) -> Fit | None:
    """Fit the model to a series.

    Parameters
    ----------
    series : Series
        The series.
    way : float
        Distance from normal to severe of its indicator; NaN where not known.

    Returns
    -------
    Fit or None
        None where too little was observed.
    """
    week = weekly(series)
    guard = min(series.season or 7, len(series.values) // 4)
    if (~np.isnan(series.values[: len(series.values) - guard])).sum() < FEWEST:
        return None
    scale = Scale.of(series.values, way)
    y = scale.to(series.values)
    parameters = estimated(y[: len(y) - guard], week)
    filtered = _model(y, week).filter(parameters).filter_results
    deviation = np.sqrt(filtered.forecasts_error_cov[0, 0])
    surprise = np.array(filtered.standardized_forecasts_error[0])
    # At first everything is a surprise: the filter has to learn the level and each day of the week.
    learnt = np.cumsum(~np.isnan(y)) > max(week, 1) + 1
    known = np.where(learnt, 1.0, np.nan)
    return Fit(
        scale, np.array(filtered.filtered_state[0]) * known, np.array(filtered.forecasts[0]) * known,
        deviation * known, surprise * known, parameters,
    )  # fmt: skip


def weekly(series: Series) -> int:
    """Return the steps of the week to model: 0 where less than three weeks were seen."""
    return series.season if len(series.values) >= FEWEST_WEEKS * series.season else 0


def estimated(y: Numbers, week: int) -> Numbers:
    """Return maximum likelihood estimates of the variances of noise and level."""
    if np.nanstd(y) < 1e-9:
        return np.array([QUIETEST**2, 0.0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on what did not converge: the estimates are bounded below and still used
        found = _model(y, week).fit(disp=0, method="lbfgs", maxiter=50)
    parameters = np.array(found.params, dtype=float)
    if not np.isfinite(parameters).all():
        parameters = np.array([np.nanvar(np.diff(y)) / 2, 0.0])
    parameters[0] = max(parameters[0], QUIETEST**2)
    return parameters


def _model(y: Numbers, week: int, ramp: Numbers | None = None) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its imports of older names of its own requirements
            from statsmodels.tsa.statespace.structural import UnobservedComponents
    except ImportError as error:
        raise UsageError("Sensing needs statsmodels: pip install 'coordination[sensing]'.") from error
    if week > LONGEST_DUMMY_WEEK:
        waves = [{"period": week, "harmonics": 3}, {"period": week / 7, "harmonics": 2}]
        season: dict[str, Any] = {"freq_seasonal": waves, "stochastic_freq_seasonal": [False, False]}
    else:
        season = {"seasonal": week, "stochastic_seasonal": False} if week else {}
    # The slope of the ramp is part of the state: forecasts are as uncertain as it is.
    return UnobservedComponents(y, "llevel", exog=ramp, mle_regression=False, **season)


def likeliest_onset(series: Series, fitted: Fit, candidates: range) -> int:
    """Return the step from which a ramp explains the surprises best: the generalised likelihood ratio.

    The filter is linear: with a ramp of slope b in the series, surprises are those without it plus b times those that
    the ramp alone would make. Source: Willsky and Jones (1976), A generalized likelihood ratio approach to the
    detection and estimation of jumps in linear systems.
    """
    y, week, time = fitted.scale.to(series.values), weekly(series), np.arange(len(series.values), dtype=float)
    seen = ~np.isnan(fitted.surprise)
    ratios = []
    for onset in candidates:
        ramp = np.where(np.isnan(y), np.nan, np.maximum(time - onset, 0))
        made = _model(ramp, week).filter(fitted.parameters).filter_results.standardized_forecasts_error[0][seen]
        power = float(made @ made)
        ratios.append(float(fitted.surprise[seen] @ made) ** 2 / power if power > 0 else 0.0)
    return candidates[int(np.argmax(ratios))]


def forecast(
    series: Series, fitted: Fit, steps: int, interval: float, onset: int | None
) -> tuple[Numbers, Numbers, Numbers]:
    """Forecast a series.

    Parameters
    ----------
    steps : int
        How many, at least 1.
    interval : float
        Share of cases that the interval shall hold.
    onset : int or None
        Last step before a change that goes on: a ramp from there or up to three steps on either side, wherever it
        explains most, carried on for as long as it was seen, but no longer than a week (intervention analysis, Box and
        Tiao 1975). None: the level stays.

    Returns
    -------
    middle, lower, upper : ndarray, shape (steps,)
        Median and quantiles, in the unit of the series.
    """
    y, week = fitted.scale.to(series.values), weekly(series)
    if onset is None:
        result = _model(y, week).filter(fitted.parameters).get_forecast(steps)
    else:
        time = np.arange(len(y) + steps, dtype=float)
        onset = likeliest_onset(series, fitted, range(max(onset - 3, 0), min(onset + 3, len(y) - 2) + 1))
        seen = len(y) - 1 - onset
        ramp = np.clip(time - onset, 0, seen + min(seen, series.season or 7))
        whole = _model(y, week, ramp[: len(y)]).filter(fitted.parameters)
        result = whole.get_forecast(steps, exog=ramp[len(y) :, None])
    ends = np.asarray(result.conf_int(alpha=1 - interval))
    back = fitted.scale.back
    return back(np.asarray(result.predicted_mean)), back(ends[:, 0]), back(ends[:, 1])
