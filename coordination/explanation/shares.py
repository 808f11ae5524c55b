"""Load shares: how much of its hours each party works or keeps free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coordination.explanation.loads import Loads
from coordination.planning.loads import hours_of_parties, loaded_parties

if TYPE_CHECKING:
    from coordination.plans import Plan


def load_shares(plan: Plan) -> pd.DataFrame:
    """Return what share of its hours each party works or keeps free over the horizon.

    Parameters
    ----------
    plan : Plan
        Any plan.

    Returns
    -------
    DataFrame
        Index: party, in the instance's order; of those that have hours and may do a task or stand by. ``taken``:
        hours of the party worked or kept free; ``hours``: hours that it has, in each period those of its skills
        together, or those over all skills where these are fewer, under the active scenario; ``share``.
    """
    loads = Loads.of(plan)
    roles = loads.roles
    taken = loads.work.groupby("party")["taken"].sum().reindex(range(len(roles.parties)), fill_value=0.0)
    hours, parties = hours_of_parties(roles), loaded_parties(roles)
    table = pd.DataFrame({"taken": taken.to_numpy(dtype=float)[parties], "hours": hours[parties]})
    ids = pd.Index(plan.instance.parties["party"].to_numpy()[parties], name="party")
    return table.assign(share=table["taken"] / table["hours"]).set_index(ids)
