"""More tasks and parties in communities than the rule of `tasks` and `parties` makes, where a number is asked for.

The rule
--------
* Further tasks go to the communities in turn, one of each kind of `WORK` after the other, for a stretch of the periods
  that is drawn: half to all of them. Their hours are a share, drawn between 0.5 and 1.5, of what the table says for
  every thousand people. They are smaller than the tasks that every city has, and cost less when they are left undone.
* Further parties go to the communities in turn: teams of volunteers and social organisations of a single community.
  They can do what their kind does, in the shares of `coordination.generation.parties.SHARES`.
* Who can do such work has hours for it besides those for the tasks that every city has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from coordination.generation.city import City
    from coordination.generation.draws import Draws


@dataclass(frozen=True)
class Work:
    """One kind of further task: its word, title, skill, domain, hours for every thousand people, cost of a gap."""

    word: str
    title: str
    skill: str
    domain: str
    hours_per_1000: float
    gap_cost: float


WORK = (
    Work("meals", "Meals on wheels", "care", "convenience", 0.30, 110.0),
    Work("gates", "Keeping the gates", "security", "safety", 0.25, 100.0),
    Work("visits", "Visits to people living alone", "care", "convenience", 0.20, 90.0),
    Work("notices", "Notices and questions", "information", "governance", 0.10, 60.0),
    Work("disinfect", "Disinfection", "security", "safety", 0.15, 80.0),
    Work("errands", "Errands", "care", "convenience", 0.15, 60.0),
)
TEAMS = (
    ("vt", "Volunteer team", "volunteers"),
    ("sc", "Community organisation", "social_organisation"),
)
"""Prefix, title and kind of further parties; the agency of their street is their superior."""


def further_tasks(city: City, count: int, periods: int, draws: Draws) -> pd.DataFrame:
    """Make further tasks, in the columns of the contract.

    Parameters
    ----------
    city : City
        Its communities and people.
    count : int
        How many.
    periods : int
        Number of periods.
    draws : Draws
        Seeded draws.
    """
    homes, number = city.communities, np.arange(count)
    home, turn = number % len(homes), number // len(homes)
    kind, again = turn % len(WORK), turn // len(WORK)
    table = pd.DataFrame([vars(work) for work in WORK]).iloc[kind].reset_index(drop=True)
    people = homes["population"].to_numpy(dtype=float)[home]
    factor = draws.uniform("further hours", count, 0.5, 1.5)
    length = np.maximum(1, np.round(periods * draws.uniform("further length", count, 0.5, 1.0))).astype(int)
    start = np.floor((periods - length + 1) * draws.uniform("further start", count)).astype(int)
    suffix = pd.Series(np.where(again > 0, [f"_{number + 1}" for number in again], ""))
    return pd.DataFrame(
        {
            "task": table["word"] + suffix + "_" + homes["zone"].str[1:].to_numpy()[home],
            "name": table["title"] + ", " + homes["name"].to_numpy()[home],
            "domain": table["domain"],
            "zone": homes["zone"].to_numpy()[home],
            "skill": table["skill"],
            "hours": np.maximum(1.0, np.round(people / 1000 * table["hours_per_1000"].to_numpy() * factor)),
            "start": start,
            "end": start + length - 1,
            "doers": 2,
            "backups": (kind % 2 == 0).astype(int),
            "gap_cost": table["gap_cost"],
        }
    )


def further_parties(city: City, count: int) -> pd.DataFrame:
    """List further parties: ``party``, ``name``, ``kind``, ``role``, ``zone``, ``superior``.

    Parameters
    ----------
    city : City
        Its communities and streets.
    count : int
        How many.
    """
    homes, number = city.communities, np.arange(count)
    home, turn = number % len(homes), number // len(homes)
    kind, again = turn % len(TEAMS), turn // len(TEAMS)
    prefix, title, of_kind = (np.array(column)[kind] for column in zip(*TEAMS, strict=True))
    suffix = np.where(again > 0, [f"_{number + 1}" for number in again], "")
    street = city.streets["zone"].str[1:].to_numpy()[homes["street"].to_numpy()[home]]
    joined = np.char.add(np.char.add(prefix, suffix), homes["zone"].str[1:].to_numpy(dtype=str)[home])
    return pd.DataFrame(
        {
            "party": joined.astype(object),
            "name": [f"{one}, {name}" for one, name in zip(title, homes["name"].to_numpy()[home], strict=True)],
            "kind": of_kind.astype(object),
            "role": of_kind.astype(object),
            "zone": homes["zone"].to_numpy()[home],
            "superior": np.char.add("st", street.astype(str)).astype(object),
        }
    )
