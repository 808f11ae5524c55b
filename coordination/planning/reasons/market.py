"""What everything is worth in the LP with the roles fixed: the prices along which a unit could come to a place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.answer import duals_of, values_of
from coordination.planning.coding import encode
from coordination.planning.columns import value_of_goods
from coordination.planning.responsibility_data import Roles
from coordination.planning.worths import LaneCosts, Prices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.case import Case
    from coordination.planning.columns import Columns
    from coordination.planning.model import ResponseModel
    from coordination.solver import Solution


@dataclass(frozen=True)
class Market:
    """Prices and values of one LP.

    Attributes
    ----------
    model : ResponseModel
        The model with the chosen roles alone.
    columns : Columns
        All lanes and which shipments may be.
    form : MatrixForm
        The LP.
    solution : Solution
        Its optimum, in money.
    """

    model: ResponseModel
    columns: Columns
    form: MatrixForm
    solution: Solution

    @property
    def case(self) -> Case:
        """What is planned."""
        return self.model.case

    @cached_property
    def duals(self) -> dict[str, pd.Series[float]]:
        """Duals by constraint."""
        assert self.solution.row_dual is not None
        return duals_of(self.form, self.solution.row_dual)

    @property
    def in_use(self) -> NDArray[np.float64]:
        """Whether each use of a facility is on, shape (uses, periods)."""
        assert self.solution.x is not None
        return values_of(self.form, self.solution.x, ("in_use",))["in_use"].reshape(-1, self.case.periods)

    @cached_property
    def values(self) -> dict[str, NDArray[np.float64]]:
        """Values of the variables that the reasons look at."""
        assert self.solution.x is not None
        return values_of(self.form, self.solution.x, ("serve", "cover", "doer", "acting"))

    @cached_property
    def excess(self) -> NDArray[np.float64]:
        """Money per unit by which serving costs more than it saves, in the order of ``SERVICE``."""
        assert self.solution.reduced_cost is not None
        return np.maximum(values_of(self.form, self.solution.reduced_cost, ("serve",))["serve"], 0.0)

    @cached_property
    def goods(self) -> NDArray[np.float64]:
        """Worth of one unit, shape (places, batches, periods)."""
        return value_of_goods(self.model, self.duals["inventory"])

    @cached_property
    def prices(self) -> Prices:
        """The duals as prices."""
        return Prices.of(self.model, self.duals)

    @property
    def hours(self) -> NDArray[np.float64]:
        """Price of a fleet hour, shape (fleets, periods)."""
        return self.prices.hour

    @cached_property
    def tolls(self) -> NDArray[np.float64]:
        """Price of a lane's roads, money per tonne, shape (lanes, periods)."""
        return LaneCosts(self.model, self.columns).tolls(self.prices)

    @cached_property
    def stores(self) -> NDArray[np.float64]:
        """Price of storage, money per tonne, shape (places, periods)."""
        return self._dense("stores", len(self.case.coding.places))

    @cached_property
    def handout(self) -> NDArray[np.float64]:
        """Price of handing out, money per tonne, shape (zones, periods)."""
        return self._dense("handout", len(self.case.coding.zones))

    def _dense(self, name: str, size: int) -> NDArray[np.float64]:
        prices, dense = self.duals[name], np.zeros((size, self.case.periods))
        if len(prices):
            first, period = (prices.index.get_level_values(n).to_numpy(dtype=int) for n in (0, 1))
            dense[first, period] = np.maximum(-prices.to_numpy(dtype=float), 0.0)
        return dense

    def zones_above(self, place: int) -> list[int]:
        """Return the zone of a place and all above it (codes)."""
        coding = self.case.coding
        zone = int(encode(coding.zones, self.case.instance.places["zone"].iloc[[place]])[0])
        return [int(above) for above in coding.ancestry.loc[coding.ancestry["zone"] == zone, "above"]]

    @cached_property
    def able(self) -> pd.DataFrame:
        """All who could hand out, chosen or not: the rows of `Roles.doers` of tasks of domain supply, none barred."""
        roles = Roles(self.case)
        doers = roles.doers[roles.mandates.permits("responsible", roles.doers)]
        supply: pd.DataFrame = doers[(doers["domain"] == "supply").to_numpy()]
        return supply

    @cached_property
    def appears(self) -> NDArray[np.bool_]:
        """Whether stock or arrivals appear, shape (places, batches, periods)."""
        supply, shape = self.case.supply, self.model.frame.holding.shape
        there = np.zeros(shape, dtype=bool)
        there[supply["place"], supply["batch"], supply["period"]] = supply["quantity"] > 0
        return there & (self.model.frame.holding >= 0)

    @cached_property
    def kept(self) -> dict[tuple[int, int, int], float]:
        """What hazards leave of a commodity at a place, where not all: place, commodity, period."""
        kept = self.case.kept
        keys = zip(kept["place"].tolist(), kept["commodity"].tolist(), kept["period"].tolist(), strict=True)
        return dict(zip(keys, kept["factor"].tolist(), strict=True))

    @cached_property
    def _into(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        destination = self.columns.lanes["destination"].to_numpy()
        order = np.argsort(destination, kind="stable")
        return order, np.searchsorted(destination[order], np.arange(len(self.case.coding.places) + 1))

    @cached_property
    def lanes(self) -> dict[str, NDArray[np.float64]]:
        """Columns of the lanes as arrays."""
        return {name: self.columns.lanes[name].to_numpy() for name in ("origin", "fleet", "lag", "hours", "cost")}

    def lanes_into(self, place: int) -> NDArray[np.int64]:
        """Return the lanes that end at a place."""
        order, first = self._into
        return order[first[place] : first[place + 1]]
