"""Who is consulted: parties with a stake in the zone or the needed skill that hold no other role in the task.

Nobody works for being consulted, so the places are filled when the other roles are known, nearest stake first: who owns
a place in the task's zone, speaks for a need there or has its jurisdiction within it; then those above, the nearest
first; then those with the skill alone; among equals those with the skill, in the order of the table of parties. Only
where a mandate orders that somebody is consulted does the model choose (such a party must then do without other roles).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.planning.coding import encode
from coordination.planning.supply_data import relation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.responsibility_data import Roles

PAIR = ["task", "party"]
MOST = 3
"""Most parties consulted where the rule is on and the task does not say."""
FAR = 1_000
"""Rank of those who have the skill and no stake in the zone."""


def most_consulted(roles: Roles) -> NDArray[np.int64]:
    """Return the most parties consulted, by task: 0 where neither a task nor a mandate speaks of consulted."""
    instance = roles.case.instance
    given: pd.Series[float] = instance.tasks["consulted"]
    spoken = given.notna().any() or (instance.mandates["role"] == "consulted").any()
    return np.asarray(given.fillna(MOST if spoken else 0).to_numpy(), dtype=np.int64)


def eligible(roles: Roles) -> pd.DataFrame:
    """Return who may be consulted: those of `stakes` whom mandates do not bar."""
    pairs = stakes(roles)
    allowed: pd.DataFrame = pairs[roles.mandates.permits("consulted", pairs)]
    return allowed.reset_index(drop=True)


def stakes(roles: Roles) -> pd.DataFrame:
    """Return who has a stake or the skill, where anybody is consulted: ``task``, ``party``, ``rank`` (least first)."""
    most = most_consulted(roles)
    tasks = roles.tasks.loc[most > 0, ["task", "zone", "skill"]]
    if tasks.empty:
        return pd.DataFrame({name: np.zeros(0, dtype=np.int64) for name in (*PAIR, "rank")})
    coding, instance = roles.case.coding, roles.case.instance
    ancestry = coding.ancestry
    homes = roles.parties[["party", "zone"]].rename(columns={"zone": "home"})
    above = (
        tasks.merge(ancestry, on="zone")
        .merge(homes, left_on="above", right_on="home")
        .assign(distance=lambda rows: rows["steps"])
    )
    inside = tasks.merge(ancestry[["zone", "above"]].rename(columns={"zone": "home", "above": "zone"}), on="zone")
    below = inside.merge(homes, on="home").assign(distance=0)
    there = pd.concat([_owners(roles), _speakers(roles)], ignore_index=True)
    near = inside.merge(there, on="home").assign(distance=0)
    skilled = pd.DataFrame(
        {"party": encode(coding.parties, instance.skills["party"]), "skill": instance.skills["skill"]}
    )
    able = tasks.merge(skilled, on="skill").assign(distance=FAR)
    pairs = pd.concat([part[[*PAIR, "distance"]] for part in (above, below, near, able)], ignore_index=True)
    pairs = pairs.groupby(PAIR, as_index=False)[["distance"]].min()
    lacks = ~pd.MultiIndex.from_frame(pairs[PAIR]).isin(pd.MultiIndex.from_frame(able[PAIR]))
    pairs["rank"] = 2 * pairs["distance"] + lacks
    return pairs[[*PAIR, "rank"]]


def _owners(roles: Roles) -> pd.DataFrame:
    """Return owners of places: ``home`` (zone of the place), ``party``."""
    coding, owner = roles.case.coding, roles.case.instance.places["owner"]
    rows = pd.DataFrame({"home": coding.place_zone, "party": encode(coding.parties, owner)})
    return rows[rows["party"] >= 0].drop_duplicates()


def _speakers(roles: Roles) -> pd.DataFrame:
    """Return parties that a need names: ``home`` (zone of its place), ``party``.

    Who speaks for a need that names nobody is found anyway: a committee around the place, or the place's owner.
    """
    coding, needs = roles.case.coding, roles.case.instance.needs
    place = encode(coding.places, needs["place"])
    rows = pd.DataFrame({"home": coding.place_zone[place], "party": encode(coding.parties, needs["party"])})
    return rows[rows["party"] >= 0].drop_duplicates()


def consulted_data(roles: Roles) -> dict[str, Any]:
    """Return the data of the formulation of consulted parties: of tasks on which somebody must be consulted."""
    pairs = roles.consulted
    if pairs.empty and roles.mandates.table.empty:
        return {}
    advised = pd.Index(roles.mandates.ordered("consulted")["task"].unique()).sort_values()

    def too(others: pd.DataFrame) -> pd.MultiIndex:
        return pd.MultiIndex.from_frame(pairs[PAIR].merge(others[PAIR], on=PAIR))

    return {
        "ADVISED": advised,
        "CONSULTED": pd.MultiIndex.from_frame(pairs[PAIR]),
        "CONSULTED_ON": relation(pairs, ["task"], PAIR),
        "ANSWERS_TOO": too(roles.accountable),
        "DOES_TOO": too(roles.doers),
        "STANDS_BY_TOO": too(roles.backups),
        "most_consulted": pd.Series(most_consulted(roles)[advised.to_numpy(dtype=int)].astype(float), advised),
    }


def fill(roles: Roles, holding: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Return who is consulted: ``task``, ``party``.

    Parameters
    ----------
    holding : DataFrame
        ``task``, ``party`` of every other role.
    chosen : DataFrame
        ``task``, ``party`` that the model chose: they keep the orders; those that none needs give way to nearer ones.
    """
    pairs, most = eligible(roles), most_consulted(roles)
    if pairs.empty:
        return pairs[PAIR]
    busy = pd.MultiIndex.from_frame(holding[PAIR].astype(np.int64))
    pairs = pairs[~pd.MultiIndex.from_frame(pairs[PAIR]).isin(busy)]
    needed = _needed(roles, pairs, chosen)
    first = ~pd.MultiIndex.from_frame(pairs[PAIR]).isin(pd.MultiIndex.from_frame(needed[PAIR]))
    pairs = pairs.assign(first=first).sort_values(["task", "first", "rank", "party"])
    place = pairs.groupby("task").cumcount().to_numpy()
    chosen_now: pd.DataFrame = pairs.loc[place < most[pairs["task"].to_numpy(dtype=int)], PAIR]
    return chosen_now.reset_index(drop=True)


def _needed(roles: Roles, pairs: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Return those of `chosen` without whom an order is not kept, the nearest where one of several is."""
    kept = chosen.merge(pairs, on=PAIR).sort_values(["task", "rank", "party"], ascending=[True, False, False])
    orders = roles.mandates.spelled("consulted", "must").merge(kept[PAIR], on=PAIR)
    stay = np.ones(len(kept), dtype=bool)
    for row, (task, party) in enumerate(kept[PAIR].itertuples(index=False, name=None)):
        left = orders[~((orders["task"] == task) & (orders["party"] == party))]
        if set(map(tuple, left[["order", "task"]].to_numpy())) == set(map(tuple, orders[["order", "task"]].to_numpy())):
            stay[row], orders = False, left
    return kept.loc[stay, PAIR]
