"""Hours of hand-out that turned out not to be needed are given back, down to each doer's least share."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.assignment import Assignment
    from coordination.planning.case import Case
    from coordination.planning.flows import Flows

    Floats = NDArray[np.float64]

SPARE = 1e-9
"""Hours kept beyond those needed, relative: rounding must not make a tonne too many."""


def trim(case: Case, assignment: Assignment, flows: Flows) -> Assignment:
    """Return the assignment without the paid hours in which nothing was handed out.

    Parameters
    ----------
    assignment : Assignment
        As appointed, before anything was handed out.
    flows : Flows
        What was handed out.
    """
    roles, cover = assignment.roles, assignment.roles.cover
    zone, period, pair = (cover[name].to_numpy(dtype=np.int64) for name in ("zone", "period", "pair"))
    supply = (cover["domain"] == "supply").to_numpy()
    covered = np.zeros((len(case.coding.zones), case.periods))
    np.add.at(covered, (zone[supply], period[supply]), assignment.cover[supply])
    needed = handed_tonnes(case, flows) / max(case.instance.policy.handout_tonnes_per_hour, 1e-12) * (1.0 + SPARE)
    share = np.minimum(1.0, np.divide(needed, covered, out=np.ones_like(covered), where=covered > 0))
    costs = (cover["pay"] - cover["benefit"] > cover["gap_cost"]).to_numpy()
    less = np.where(supply & costs, assignment.cover * share[zone, period], assignment.cover)
    count = len(roles.doers)
    before, after = np.bincount(pair, assignment.cover, count), np.bincount(pair, less, count)
    least = case.instance.policy.min_share * (roles.doers["hours"] * roles.doers["length"]).to_numpy()
    back = np.clip(np.divide(least - after, before - after, out=np.zeros(count), where=before > after), 0.0, 1.0)
    return dataclasses.replace(assignment, cover=less + (assignment.cover - less) * back[pair])


def handed_tonnes(case: Case, flows: Flows) -> Floats:
    """Return the tonnes handed out in each zone and the zones within it, shape (zones, periods)."""
    coding = case.coding
    handed = np.zeros((len(coding.zones), case.periods))
    keys = case.waiting.keys
    tonnes = flows.served * case.tonnes[keys["commodity"].to_numpy(dtype=int)][:, None]
    np.add.at(handed, coding.place_zone[keys["place"].to_numpy(dtype=int)], tonnes)
    within = np.zeros_like(handed)
    np.add.at(within, coding.ancestry["above"].to_numpy(), handed[coding.ancestry["zone"].to_numpy()])
    return within
