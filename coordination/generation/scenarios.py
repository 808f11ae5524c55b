"""Possible futures: nothing more, a second wave, snow, a bridge lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from coordination.generation.city import City


@dataclass(frozen=True)
class Scenarios:
    """Scenarios and their effects, in the columns of the contract."""

    scenarios: pd.DataFrame
    effects: pd.DataFrame


def make_scenarios(city: City, periods: int) -> Scenarios:
    """Make the tables of scenarios and effects.

    Parameters
    ----------
    city : City
        Its roads and districts.
    periods : int
        Number of periods.

    Returns
    -------
    Scenarios
    """
    middle, end = periods // 2, periods - 1
    bridges = city.roads.loc[city.roads["bridge"], ["road", "minutes"]].sort_values(["minutes", "road"])
    worst = city.districts.sort_values(["population", "zone"], ascending=[False, True])["zone"].iloc[0]
    scenarios = [
        ("wave", "Second wave of infections", "epidemic", 0.3),
        ("snow", "Heavy snow", "snow", 0.25),
    ]
    effects: list[tuple[str, str, str, int, int, float]] = [
        ("wave", "needs", str(worst), middle, end, 1.3),
        ("wave", "skills", str(worst), middle, end, 0.8),
        ("wave", "arrivals", "*", middle, end, 0.9),
        ("snow", "roads", "*", 1, min(middle, end), 0.6),
        ("snow", "fleets", "*", 1, min(middle, end), 0.85),
    ]
    if len(bridges):
        scenarios.append(("bridge", "The shortest bridge is closed", "flood", 0.1))
        effects.append(("bridge", "roads", str(bridges["road"].iloc[0]), 0, end, 0.0))
    rest = round(1 - sum(probability for *_, probability in scenarios), 6)
    scenarios.insert(0, ("calm", "Nothing more happens", "none", rest))
    return Scenarios(
        pd.DataFrame(scenarios, columns=["scenario", "name", "hazard", "probability"]),
        pd.DataFrame(effects, columns=["scenario", "table", "where", "start", "end", "factor"]).query("start <= end"),
    )
