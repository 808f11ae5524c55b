"""Everything the rules look at: the raw tables of a plan folder and what several rules derive from them."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.coverage import Coverage
from coordination.verification.effects import Effects
from coordination.verification.facilities import Halls
from coordination.verification.goods import Goods
from coordination.verification.loads import Loads
from coordination.verification.modes import modes, severity
from coordination.verification.recovery import lasting
from coordination.verification.trips import Trips
from coordination.verification.waiting import Waiting
from coordination.verification.zones import Codes, Zones

if TYPE_CHECKING:
    from coordination.instance import Instance
    from coordination.instance.policy import Policy
    from coordination.plans import Plan


class Case:
    """A plan to be verified.

    Parameters
    ----------
    plan : Plan
        Figures, options and the instance that the plan answers.
    tables : Mapping of str to DataFrame
        The plan's tables, rid of rows that name unknown things.

    Attributes
    ----------
    given : Mapping of str to DataFrame
        Tables of the instance.
    decided : Mapping of str to DataFrame
        Tables of the plan.
    periods : int
        Periods of the horizon.
    """

    def __init__(self, plan: "Plan", tables: Mapping[str, pd.DataFrame]) -> None:
        self.plan = plan
        self.instance: Instance = plan.instance
        self.policy: Policy = plan.instance.policy
        self.given = plan.instance.tables
        self.decided = tables
        self.periods = int(plan.instance.periods)
        self.scenario = scenario_of(plan)

    @cached_property
    def zones(self) -> Zones:
        """The tree of zones."""
        return Zones(self.given["zones"])

    @cached_property
    def modes(self) -> npt.NDArray[np.object_]:
        """The operating mode of each zone, shape (zones, periods)."""
        return modes(self)

    @cached_property
    def severity(self) -> dict[str, list[float | None]]:
        """How severe things are in each zone, by period; None where unknown."""
        return severity(self)

    @cached_property
    def effects(self) -> Effects:
        """What the active scenario does, and what is damaged until the plan has repaired it."""
        return Effects(self.given["effects"], self.scenario, self.zones, self.periods, lasting(self))

    @cached_property
    def places(self) -> pd.Index:
        """Place ids; a place's code is its row number, and so for the other tables."""
        return self._ids("places", "place")

    @cached_property
    def place_zone(self) -> Codes:
        """Zone code of each place."""
        return self.zones.codes(self.given["places"]["zone"])

    @cached_property
    def junction(self) -> npt.NDArray[np.bool_]:
        """Whether each place is a junction, where nothing can lie."""
        return np.asarray(self.given["places"]["kind"] == "junction")

    @cached_property
    def storage(self) -> npt.NDArray[np.float64]:
        """Storage in tonnes, shape (places, periods), inf where unlimited."""
        tonnes = self.given["places"]["storage_tonnes"].to_numpy(np.float64)
        factors = self.effects.by_period("places", self.places, [self.place_zone])
        # Unlimited storage stays unlimited, also when a factor of 0 would make it 0 times infinity.
        return np.where(np.isnan(tonnes)[:, None], np.inf, np.nan_to_num(tonnes)[:, None] * factors)

    @cached_property
    def commodities(self) -> pd.Index:
        """Commodity ids."""
        return self._ids("commodities", "commodity")

    @cached_property
    def tonnes(self) -> npt.NDArray[np.float64]:
        """Tonnes of one unit of each commodity."""
        return self.given["commodities"]["kg"].to_numpy(np.float64) / 1000

    @cached_property
    def fleets(self) -> pd.Index:
        """Fleet ids."""
        return self._ids("fleets", "fleet")

    @cached_property
    def parties(self) -> pd.Index:
        """Party ids."""
        return self._ids("parties", "party")

    @cached_property
    def party_zone(self) -> Codes:
        """Zone code of each party's jurisdiction."""
        return self.zones.codes(self.given["parties"]["zone"])

    @cached_property
    def core(self) -> npt.NDArray[np.bool_]:
        """Whether each party is the core."""
        return np.asarray(self.given["parties"]["kind"] == "core")

    @cached_property
    def tasks(self) -> pd.Index:
        """Task ids."""
        return self._ids("tasks", "task")

    @cached_property
    def task_zone(self) -> Codes:
        """Zone code of each task."""
        return self.zones.codes(self.given["tasks"]["zone"])

    @cached_property
    def goods(self) -> Goods:
        """Batches at places, by period."""
        return Goods(self)

    @cached_property
    def halls(self) -> Halls:
        """Facilities and what they do."""
        return Halls(self)

    @cached_property
    def waiting(self) -> Waiting:
        """Needs, what was served and backlogs, by period."""
        return Waiting(self)

    @cached_property
    def trips(self) -> Trips:
        """What each shipment takes of fleets and roads."""
        return Trips(self)

    @cached_property
    def coverage(self) -> Coverage:
        """Who covers how much of which task, by period."""
        return Coverage(self)

    @cached_property
    def loads(self) -> Loads:
        """Hours of parties, taken and there."""
        return Loads(self)

    def _ids(self, table: str, column: str) -> pd.Index:
        ids: pd.Index = pd.Index(self.given[table][column])
        return ids


def scenario_of(plan: "Plan") -> str | None:
    """Return the scenario a plan answers, None for the instance as it stands."""
    name = plan.options.get("scenario")
    return str(name) if name is not None else None
