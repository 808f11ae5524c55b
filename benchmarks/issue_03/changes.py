"""What changes overnight, as new bounds and costs of one supply model: needs, costs of lanes, closed roads."""

import dataclasses
from functools import cached_property

import numpy as np

from benchmarks.issue_02.handing_over import LANES

SHARE, BY = 0.05, 0.2
"""Share of the needs or lanes that change, and by how much, up or down."""

ROADS = 3
"""Roads closed, both directions."""


class Supply:
    """The supply model of an instance: nearest lanes, all hours of hand-out given; and the same model changed."""

    def __init__(self, instance) -> None:
        from coordination.planning.case import Case
        from coordination.planning.levels import most_tonnes
        from coordination.planning.model import ResponseModel
        from coordination.planning.routes import first_columns
        from coordination.tuning.programs import keep_nearest

        self.instance = instance
        self.model = ResponseModel.of(Case.of(instance))
        self.columns = first_columns(self.model.case)
        keep_nearest(self.columns, LANES)
        self.form = self.model.compile_supply(self.columns, most_tonnes(self.model))
        self.lanes = self.form.variables["ship"].index.get_level_values(0).to_numpy(dtype=int)

    def changed_needs(self, seed: int):
        """Return the model with some needs changed: what is due, and how much of it can be how old."""
        needs = self.instance.needs.copy()
        needs["quantity"] *= _factors(len(needs), seed)
        return Supply(self.instance.replace(needs=needs)).form

    def changed_costs(self, seed: int):
        """Return the model with the costs of some lanes changed."""
        costs = self.form.c.copy()
        costs[self.form.variables["ship"].slice] *= _factors(len(self.columns.lanes), seed)[self.lanes]
        return dataclasses.replace(self.form, c=costs)

    def closed_roads(self, seed: int):
        """Return the model without the lanes of which any leg, loaded or empty, takes one of a few roads.

        Other ways round, dearer and slower, would be other lanes: they are not in the model, before or after.
        """
        roads = sorted(set().union(*self._roads.values()))
        shut = set(np.random.default_rng(seed).choice(roads, ROADS, replace=False).tolist())
        closed = np.array([bool(self._roads[lane] & shut) for lane in self.lanes.tolist()])
        ub = self.form.ub.copy()
        ub[self.form.variables["ship"].slice][closed] = 0.0
        return dataclasses.replace(self.form, ub=ub)

    @cached_property
    def _roads(self) -> dict[int, set[int]]:
        """Roads of each lane's whole trip: base, origin, destination, base."""
        network, lanes, found, legs = self.model.case.network, self.columns.lanes, {}, {}

        def leg(state: int, start: int, end: int) -> set[int]:
            key = (state, start, end)
            if key not in legs:
                legs[key] = set(network.directions.road[network.route_arcs(*key)].tolist())
            return legs[key]

        for lane in np.unique(self.lanes).tolist():
            state, fleet, origin, end = (int(lanes.at[lane, name]) for name in TOUR)
            base = int(network.fleets.base[fleet])
            found[lane] = leg(state, base, origin) | leg(state, origin, end) | leg(state, end, base)
        return found


TOUR = ("state", "fleet", "origin", "destination")


def _factors(count: int, seed: int) -> np.ndarray:
    """Return what to multiply with: mostly 1."""
    rng = np.random.default_rng(seed)
    changed, up = rng.random(count) < SHARE, rng.random(count) < 0.5
    return np.where(changed, np.where(up, 1.0 + BY, 1.0 - BY), 1.0)
