"""Tasks in every zone, in all four domains.

The rule
--------
* Supply: hand-out in every community, or in one street in ten for the whole street; hours for the mean tonnage it can
  get, at ``policy.handout_tonnes_per_hour``, times a drawn factor between 1.4 and 2.2. The street answers for it, the
  district where piped water failed.
* Safety: keeping watch in every community, half an hour a period for every thousand people, times a drawn factor
  between 0.8 and 1.2; in three of ten the property company must take part.
* Convenience: care at home in the third of the communities where most are 65 or over, 0.4 hours a period for every
  hundred of them; social workers and volunteers must take part, with the community the three-party linkage. A care
  line in every street.
* Governance: registration in every street in the first half, information in the second; each district coordinates,
  transfers the sick and supervises markets (the last in the second half); the city commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.generation.city import City
    from coordination.generation.draws import Draws

HANDOUT_TONNES_PER_HOUR = 0.5
STREETS_HANDING_OUT = 0.1
WATCH_HOURS_PER_1000 = 0.5
CARE_HOURS_PER_100 = 0.4
REGISTRATION_HOURS_PER_1000 = 0.12
CARE_LINE_HOURS_PER_1000 = 0.08


def make_tasks(
    city: City, tonnes: NDArray[np.float64], affected: NDArray[np.bool_], periods: int, draws: Draws
) -> pd.DataFrame:
    """Make the table of tasks.

    Parameters
    ----------
    city : City
        Its zones and people.
    tonnes : ndarray of float, shape (communities,)
        Mean tonnes per period that each community can get.
    affected : ndarray of bool, shape (districts,)
        Where piped water failed.
    periods : int
        Number of periods.
    draws : Draws
        Seeded draws.

    Returns
    -------
    DataFrame
        Columns of the contract.
    """
    half = max(1, periods // 2)
    streets, districts = city.streets, city.districts
    people = np.bincount(city.communities["street"], city.communities["population"], minlength=len(streets))
    crowd = districts["population"].to_numpy(dtype=float)
    watch = {"domain": "governance", "doers": 2, "backups": 1, "gap_cost": 100.0}
    frames = [
        *_handout(city, tonnes, affected, draws),
        *_in_communities(city, draws),
        _tasks("care_line", "Care line", streets, "care", people / 1000 * CARE_LINE_HOURS_PER_1000,
               domain="convenience", doers=2, backups=1, gap_cost=120.0, kinds="social_workers"),
        _tasks("register", "Registration", streets, "information", people / 1000 * REGISTRATION_HOURS_PER_1000,
               end=half - 1, accountable_level="street", **watch),
        _tasks("inform", "Information", streets, "information", people / 1000 * REGISTRATION_HOURS_PER_1000,
               start=half if periods > 1 else 0, accountable_level="street", **watch),
        _tasks("coordinate", "Coordination", districts, "coordination", np.sqrt(crowd) / 40,
               accountable_level="city", **watch),
        _tasks("transfer", "Transfer of the sick", districts, "medical", crowd / 1e6 * 30,
               domain="safety", doers=2, backups=1, gap_cost=400.0, accountable_level="district"),
        _tasks("markets", "Supervision of markets", districts, "coordination", np.sqrt(crowd) / 60,
               start=half if periods > 1 else 0, accountable_level="district", **watch),
        _tasks("command", "Command", city.zones.iloc[:1], "command", np.array([24.0]),
               domain="governance", doers=3, backups=2, gap_cost=400.0, accountable_level="city"),
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def hands_out(city: City, draws: Draws) -> NDArray[np.bool_]:
    """Tell which streets hand out for all their communities, shape (streets,)."""
    return draws.uniform("streets handing out", len(city.streets)) < STREETS_HANDING_OUT


def handout_hours(city: City, tonnes: NDArray[np.float64], draws: Draws) -> NDArray[np.float64]:
    """Hours per period of handing out in each community, shape (communities,)."""
    factor = draws.uniform("hand-out", len(city.communities), 1.4, 2.2)
    return np.maximum(1.0, np.round(tonnes / HANDOUT_TONNES_PER_HOUR * factor))


def watch_hours(city: City, draws: Draws) -> NDArray[np.float64]:
    """Hours per period of keeping watch in each community, shape (communities,)."""
    people = city.communities["population"].to_numpy(dtype=float)
    factor = draws.uniform("watch", len(people), 0.8, 1.2)
    return np.maximum(1.0, np.round(people / 1000 * WATCH_HOURS_PER_1000 * factor))


def care_hours(city: City) -> NDArray[np.float64]:
    """Hours per period of care at home in each community, 0 where there is no such task, shape (communities,)."""
    old = city.communities["elderly"].to_numpy(dtype=float)
    share = old / np.maximum(city.communities["population"].to_numpy(dtype=float), 1.0)
    hours = np.maximum(1.0, np.round(old / 100 * CARE_HOURS_PER_100))
    return np.where(share >= np.quantile(share, 2 / 3), hours, 0.0)


def _handout(
    city: City, tonnes: NDArray[np.float64], affected: NDArray[np.bool_], draws: Draws
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hand-out tasks of communities, and of streets that hand out for them."""
    homes, streets = city.communities, city.streets
    hours, joint = handout_hours(city, tonnes, draws), hands_out(city, draws)
    alone = ~joint[homes["street"].to_numpy()]
    level = np.where(affected, "district", "street")
    own = _tasks("supply", "Hand-out of supplies", homes[alone], "handout", hours[alone],
                 domain="supply", doers=3, backups=1)  # fmt: skip
    own["accountable_level"] = level[homes["district"].to_numpy()[alone]]
    together = np.bincount(homes["street"], hours, minlength=len(streets)).astype(float)
    shared = _tasks("supply", "Hand-out of supplies", streets[joint], "handout", together[joint],
                    domain="supply", doers=6, backups=2)  # fmt: skip
    shared["accountable_level"] = level[streets["district"].to_numpy()[joint]]
    return own, shared


def _in_communities(city: City, draws: Draws) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Watch in every community, care at home where many are old."""
    homes = city.communities
    watch = _tasks("watch", "Keeping watch", homes, "security", watch_hours(city, draws),
                   domain="safety", doers=2, backups=1, gap_cost=150.0)  # fmt: skip
    kinds = draws.uniform("kinds", len(homes)) < 0.3
    watch["kinds"] = pd.Series("property_company", index=watch.index).where(kinds)
    hours = care_hours(city)
    care = _tasks("care", "Care at home", homes[hours > 0], "care", hours[hours > 0],
                  domain="convenience", doers=3, backups=1, gap_cost=120.0,
                  kinds="social_workers;volunteers")  # fmt: skip
    return watch, care


def _tasks(
    word: str, title: str, areas: pd.DataFrame, skill: str, hours: NDArray[np.float64], **columns: object
) -> pd.DataFrame:
    """One task in each of these areas."""
    return pd.DataFrame(
        {
            "task": f"{word}_" + areas["zone"].str[1:],
            "name": f"{title}, " + areas["name"],
            "zone": areas["zone"],
            "skill": skill,
            "hours": np.maximum(1.0, np.round(hours)),
            **columns,
        }
    )
