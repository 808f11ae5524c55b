"""Operating modes by severity, drawn onto a random instance: indicators, what was seen and forecast, tasks by mode."""

from __future__ import annotations

from typing import Any

import numpy as np

MODES = ("normal", "emergency", "parallel")


def with_modes(instance: Any, seed: int) -> Any:
    """Give an instance thresholds, observations of most of its zones, and modes to some of its tasks."""
    rng = np.random.default_rng([seed, 5])
    high, low = sorted(rng.choice([0.2, 0.35, 0.5, 0.65, 0.8], 2, replace=False))[::-1]
    thresholds = {"emergency": [high, round(high - 0.15, 2)], "parallel": [low, round(low - 0.1, 2)]}
    for mode in ("parallel", "emergency"):
        if len(thresholds) > 1 and rng.random() < 0.2:
            del thresholds[mode]
    indicators = [{"indicator": "calls", "weight": 1, "normal": 0, "severe": 10}]
    if rng.random() < 0.6:
        indicators.append({"indicator": "stock", "weight": float(rng.choice([0.5, 2])), "normal": 8, "severe": 2})
    first = int(rng.integers(-3, 1))
    observations = []
    for zone in instance.zones["zone"]:
        for row in indicators:
            if rng.random() < 0.25:
                continue
            share = rng.random()
            for period in range(first, instance.periods):
                share = float(np.clip(share + rng.choice([-0.7, -0.3, 0, 0.3, 0.7]), 0, 1))
                ahead = bool(period > instance.periods - 3 and rng.random() < 0.7)
                value = round(row["normal"] + share * (row["severe"] - row["normal"]), 1)
                cell = {
                    "period": period,
                    "zone": zone,
                    "indicator": row["indicator"],
                    "value": value,
                    "forecast": ahead,
                }
                if rng.random() < 0.85:
                    observations.append(cell)
                if rng.random() < 0.08:
                    observations.append({**cell, "value": float(value + rng.choice([0, 1])), "forecast": False})
    tasks = instance.given("tasks")
    wanted = ["any", *MODES, "normal;parallel", "emergency;parallel"]
    tasks["mode"] = rng.choice(wanted, len(tasks)) if len(tasks) else tasks["mode"]
    policy = {"mode": "thresholds", "thresholds": thresholds}
    return instance.replace(policy=policy, indicators=indicators, observations=observations, tasks=tasks)
