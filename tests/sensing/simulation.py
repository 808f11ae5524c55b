"""Series to sense, simulated: a week, noise, missing values, and an outbreak where one is wanted."""

from __future__ import annotations

import numpy as np

WEEK = np.exp([0.25, 0.1, 0.0, -0.05, 0.05, -0.15, -0.2])
"""Shape of a week: hotlines ring on Mondays, not on Sundays."""


def simulate(rng, days, *, mean=200.0, noise=0.08, missing=0.05, outbreak=None, doubling=5.0):
    """Draw daily counts: Poisson around a mean that varies by day of the week and by `noise` (relative).

    Parameters
    ----------
    outbreak : int, optional
        Last quiet day; from then on the mean doubles every `doubling` days.
    missing : float
        Share of days without a value.

    Returns
    -------
    ndarray, shape (days,)
        NaN where missing.
    """
    day = np.arange(days)
    level = mean * WEEK[day % 7]
    if outbreak is not None:
        level = level * 2 ** (np.maximum(day - outbreak, 0) / doubling)
    counts = rng.poisson(level * rng.gamma(noise**-2, noise**2, days)).astype(float)
    counts[rng.random(days) < missing] = np.nan
    return counts


def watched(series, *, periods=14, period_hours=24.0, indicators=None, thresholds=None):
    """Make an instance of one zone for each mapping of indicator to values; the last value is of period −1."""
    import coordination as co

    zones = [{"zone": "city", "level": "city"}]
    zones += [{"zone": zone, "level": "district", "parent": "city"} for zone in series]
    rows = [
        {"period": day - len(values), "zone": zone, "indicator": indicator, "value": value}
        for zone, some in series.items()
        for indicator, values in some.items()
        for day, value in enumerate(values.tolist())
        if value == value  # noqa: PLR0124 (NaN: missing)
    ]
    names = list(dict.fromkeys(name for some in series.values() for name in some))
    given = indicators or [{"indicator": name, "weight": 1, "normal": 200, "severe": 800} for name in names]
    policy = {} if thresholds is None else {"policy": {"thresholds": thresholds}}
    header = {"name": "watched", "periods": periods, "period_hours": period_hours, **policy}
    places = [{"place": f"p {zone}", "kind": "community", "zone": zone} for zone in series]
    return co.Instance.from_tables(
        header,
        {
            "zones": zones, "parties": [{"party": "core", "kind": "core", "zone": "city"}], "indicators": given,
            "observations": rows, "places": places,
            "commodities": [{"commodity": "meals", "kg": 1, "cost_without": 10}],
            "needs": [
                {"place": place["place"], "commodity": "meals", "period": period, "quantity": 10}
                for place in places
                for period in range(periods)
            ],
        },
    )  # fmt: skip
