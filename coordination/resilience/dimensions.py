"""The four dimensions of resilience as indices from 0 to 1, each the mean of its parts, for one zone and those in it.

==============  ========================================================================================================
index           parts
==============  ========================================================================================================
infrastructure  ``roads``: share of road periods that are open, roads with an end in the zone; ``storage``: tonnes of
                limited storage left by the hazard, over all periods; ``halls``: the same of facilities' capacity
economic        ``everyday_value``: share of the everyday value of facilities that is kept
social          ``participation``: share of the parties seated in the zone that do or stand by for anything;
                ``mutual_aid``: share of tasks in which parties of several kinds do or stand by; ``equity``: 1 − Gini
                coefficient of the shares of need served, over places
institutional   ``covered``: share of tasks with an accountable party and a backup; ``handovers``: share of changes of
                doers within a task after which no hours are missing
redundancy      ``backups``: share of tasks with a backup that does not do the task; ``origins``: share of served places
                with two road-disjoint origins
==============  ========================================================================================================

A part with nothing to count is absent, and so is an index without parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.metrics import need_met
from coordination.resilience.redundancy import two_ways
from coordination.world import World
from coordination.world.choosing import as_chosen
from coordination.world.conditions import road_conditions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.plans import Plan

    Mask = NDArray[np.bool_]

EVERYDAY = "everyday"
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Dimensions:
    """What the parts are counted from, for a whole plan.

    Attributes
    ----------
    plan : Plan
        A feasible plan.
    """

    plan: Plan

    def of(self, zones: Mask) -> dict[str, dict[str, float]]:
        """Return the parts of each index for the zones of a mask over the table ``zones``; NaN where absent."""
        names = set(self.plan.instance.zones["zone"][zones])
        places = self.plan.instance.places["zone"].isin(names).to_numpy()
        tasks = self.plan.instance.tasks["zone"].isin(names).to_numpy()
        return {
            "infrastructure": {
                "roads": self._roads(places), "storage": self._left(*self._storage, places),
                "halls": self._halls(places),
            },
            "economic": {"everyday_value": self._value_kept(places)},
            "social": {
                "participation": self._participation(names), "mutual_aid": mean(self.several_kinds[tasks]),
                "equity": self._equity(places),
            },
            "institutional": {
                "covered": mean(self.backed[tasks] & self.answered[tasks]), "handovers": self._handovers(tasks),
            },
            "redundancy": {"backups": mean(self.backed[tasks]), "origins": mean(self.reached[places & self.served])},
        }  # fmt: skip

    @cached_property
    def world(self) -> World:
        """The instance under its scenario."""
        return World.of(as_chosen(self.plan.as_repaired(), self.plan.modes))

    def _roads(self, places: Mask) -> float:
        roads = self.plan.instance.roads
        near = set(self.plan.instance.places["place"][places])
        mine = (roads["from"].isin(near) | roads["to"].isin(near)).to_numpy()
        return mean(self.open_roads[:, mine])

    @cached_property
    def open_roads(self) -> Mask:
        """Whether each road is open, shape (periods, roads)."""
        conditions = road_conditions(self.world.instance, self.world.effects)
        return np.stack([conditions.states[state].open for state in conditions.state])

    @cached_property
    def _storage(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        nominal = self.plan.instance.places["storage_tonnes"].to_numpy(dtype=float)
        return self.world.storage, nominal

    @staticmethod
    def _left(left: NDArray[np.float64], nominal: NDArray[np.float64], rows: Mask) -> float:
        """Return the share left of what there is `nominal` of (NaN: unlimited), over all periods, at most all of it."""
        known = rows & (nominal > 0)
        whole = float(nominal[known].sum()) * left.shape[1]
        return min(1.0, float(left[known].sum()) / whole) if whole > 0 else float("nan")

    def _of_facilities(self, places: Mask) -> Mask:
        near = set(self.plan.instance.places["place"][places])
        return self.plan.instance.facilities["place"].isin(near).to_numpy()

    def _halls(self, places: Mask) -> float:
        nominal = self.plan.instance.facilities["emergency_capacity"].to_numpy(dtype=float)
        return self._left(self.world.emergency_capacity, nominal, self._of_facilities(places))

    def _value_kept(self, places: Mask) -> float:
        facilities = self.plan.instance.facilities[self._of_facilities(places)].drop_duplicates("place")
        whole = facilities.set_index("place")["everyday_value"]
        modes = self.plan.facilities
        away = modes[(modes["mode"] != EVERYDAY) & modes["place"].isin(whole.index)]
        total = float(whole.sum()) * self.plan.instance.periods
        return 1 - float(away["place"].map(whole).sum()) / total if total > 0 else float("nan")

    @cached_property
    def acting(self) -> pd.DataFrame:
        """Doers and backups: ``task``, ``party``, ``role``, ``kind``."""
        roles = self.plan.responsibilities
        roles = roles[roles["role"].isin(["responsible", "backup"])][["task", "party", "role"]].drop_duplicates()
        return roles.assign(kind=roles["party"].map(self.plan.instance.parties.set_index("party")["kind"]))

    def _participation(self, zones: set[str]) -> float:
        parties = self.plan.instance.parties
        mine = parties.loc[parties["zone"].isin(zones) & (parties["kind"] != "core"), "party"]
        return mean(mine.isin(self.acting["party"]).to_numpy())

    def _by_task(self, counts: pd.Series[int]) -> NDArray[np.int64]:
        return np.asarray(counts.reindex(self.plan.instance.tasks["task"], fill_value=0), dtype=np.int64)

    @cached_property
    def several_kinds(self) -> Mask:
        """Whether parties of several kinds act in each task."""
        return self._by_task(self.acting.groupby("task")["kind"].nunique()) > 1

    @cached_property
    def backed(self) -> Mask:
        """Whether each task has a backup that is not a doer of it."""
        standing_by = self.acting["role"] == "backup"
        only = standing_by.groupby([self.acting["task"], self.acting["party"]]).min()
        return self._by_task(only[only].groupby("task").size()) > 0

    @cached_property
    def answered(self) -> Mask:
        """Whether each task has an accountable party."""
        roles = self.plan.responsibilities
        return self._by_task(roles[roles["role"] == "accountable"].groupby("task").size()) > 0

    @cached_property
    def handovers(self) -> pd.DataFrame:
        """Changes of doers within a task: ``task`` (code), ``smooth`` (no hours missing in the period after)."""
        instance, roles = self.plan.instance, self.plan.responsibilities
        doing = roles[(roles["role"] == "responsible") & (roles["hours"] > 0)]
        # Where all doers work the same periods nobody takes over from anybody.
        doing = doing[doing.groupby("task")[["start", "end"]].transform("nunique").gt(1).any(axis=1)]
        code = pd.Index(instance.tasks["task"]).get_indexer(pd.Index(doing["task"]))
        tasks, at = np.unique(code, return_inverse=True)
        pair, _ = pd.factorize(at * len(instance.parties) + pd.factorize(doing["party"])[0])
        # One entry for each row and period that it lasts.
        length = (doing["end"] - doing["start"] + 1).to_numpy()
        row = np.repeat(np.arange(len(doing)), length)
        period = doing["start"].to_numpy()[row] + np.arange(len(row)) - np.repeat(length.cumsum() - length, length)
        who = np.zeros((int(pair.max(initial=-1)) + 1, instance.periods), dtype=bool)
        who[pair[row], period] = True
        hours = np.zeros((len(tasks), instance.periods))
        np.add.at(hours, (at[row], period), doing["hours"].to_numpy()[row])
        of_pair = np.zeros(len(who), dtype=np.int64)
        of_pair[pair] = at
        anyone, changed = np.zeros((2, len(tasks), instance.periods), dtype=bool)
        np.logical_or.at(anyone, of_pair, who)
        np.logical_or.at(changed[:, 1:], of_pair, who[:, 1:] != who[:, :-1])
        active = self.world.active[tasks]
        changed[:, 1:] &= active[:, 1:] & active[:, :-1] & anyone[:, :-1]
        asked = instance.tasks["hours"].to_numpy(dtype=float)[tasks, None] * active
        smooth = hours >= asked - TOLERANCE * np.maximum(1.0, asked)
        return pd.DataFrame({"task": tasks[np.nonzero(changed)[0]], "smooth": smooth[changed]})

    def _handovers(self, tasks: Mask) -> float:
        rows = self.handovers
        return mean(rows["smooth"].to_numpy(dtype=bool)[tasks[rows["task"].to_numpy(dtype=np.int64)]])

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """Share of its need that each place is served over the horizon; NaN where nothing was needed."""
        met = need_met(self.plan, ["place"])
        share = met["share"].where(met["asked"] > 0)
        return share.reindex(self.plan.instance.places["place"]).to_numpy(dtype=float)

    @property
    def served(self) -> Mask:
        """Whether each place is served anything."""
        return np.nan_to_num(self.shares) > 0

    @cached_property
    def reached(self) -> Mask:
        """Whether each place has two road-disjoint origins."""
        return two_ways(self.world.instance)

    def _equity(self, places: Mask) -> float:
        shares = np.sort(self.shares[places & ~np.isnan(self.shares)])
        if not len(shares) or shares.sum() == 0:
            return float("nan") if not len(shares) else 1.0
        rank = np.arange(1, len(shares) + 1)
        return 1 - float(((2 * rank - len(shares) - 1) * shares).sum() / (len(shares) * shares.sum()))


def mean(values: NDArray[np.bool_]) -> float:
    """Return the share of True, NaN of nothing."""
    return float(values.mean()) if values.size else float("nan")
