"""The case to plan: one instance under its scenario as arrays, everything that no decision changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from coordination.planning.batches import NEVER, Batches, merge_batches, whole_expiry
from coordination.planning.coding import Coding, encode
from coordination.planning.facilities import Facilities
from coordination.planning.held import Held
from coordination.planning.reach import Reach, earliest_periods, usable_periods
from coordination.planning.waiting import Waiting, waiting_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.network import Network
    from coordination.planning.recovery.repairs import Repairs
    from coordination.world import World


@dataclass(frozen=True)
class Case:
    """An instance, its world and its network, coded; everything below is computed once, when first asked for."""

    instance: Instance
    world: World
    network: Network
    repairs: Repairs | None = None

    @classmethod
    def of(cls, instance: Instance, repairs: Repairs | None = None) -> Case:
        """Return the case of an instance under its active scenario, perhaps with crews that repair meanwhile."""
        from coordination.network import Network
        from coordination.world import World

        return cls(instance, World.of(instance), Network.of(instance), repairs)

    @property
    def periods(self) -> int:
        """Number of periods."""
        return self.instance.periods

    @cached_property
    def coding(self) -> Coding:
        """Codes of all ids."""
        return Coding(self.instance)

    @cached_property
    def waiting(self) -> Waiting:
        """Need and waiting."""
        return waiting_of(self.instance, self.world, self.coding)

    @cached_property
    def need_total(self) -> NDArray[np.float64]:
        """Need over groups and periods, initial backlogs included, shape (places, commodities)."""
        waiting = self.waiting
        total = np.zeros((len(self.coding.places), len(self.coding.commodities)))
        rows = (waiting.keys["place"].to_numpy(dtype=int), waiting.keys["commodity"].to_numpy(dtype=int))
        np.add.at(total, rows, waiting.need.sum(axis=1) + waiting.start)
        return total

    @cached_property
    def met_before(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What was needed (waiting left out) and what was served before the horizon, shape (places, commodities)."""
        return Held(self.coding).met()

    @cached_property
    def facilities(self) -> Facilities:
        """Facilities that can be converted."""
        return Facilities(self)

    @cached_property
    def payload(self) -> NDArray[np.float64]:
        """Tonnes that a vehicle of each fleet carries."""
        return self.instance.fleets["payload_tonnes"].to_numpy(dtype=float)

    @cached_property
    def minute_hours(self) -> NDArray[np.float64]:
        """Fleet hours per tonne and minute on the road, by fleet."""
        return 1.0 / (60.0 * self.instance.fleets["speed"].to_numpy(dtype=float) * self.payload)

    @cached_property
    def km_cost(self) -> NDArray[np.float64]:
        """Money per tonne and km, by fleet."""
        return self.instance.fleets["cost_per_km"].to_numpy(dtype=float) / self.payload

    @cached_property
    def lanes(self) -> pd.DataFrame:
        """Lanes on shortest routes, with hours and money per tonne.

        Returns
        -------
        DataFrame
            ``state``, ``fleet``, ``origin``, ``destination``, ``lag``, ``free``, ``hours`` (per tonne), ``cost``
            (money per tonne).
        """
        lanes = self.network.lanes
        payload = self.payload[lanes["fleet"].to_numpy(dtype=int)]
        return pd.DataFrame(
            {
                "state": lanes["state"].to_numpy(dtype=np.int64),
                "fleet": lanes["fleet"].to_numpy(dtype=np.int64),
                "origin": lanes["origin"].to_numpy(dtype=np.int64),
                "destination": lanes["destination"].to_numpy(dtype=np.int64),
                "lag": lanes["lag"].to_numpy(dtype=np.int64),
                "free": lanes["free"].to_numpy(dtype=bool),
                "hours": lanes["hours_per_trip"].to_numpy(dtype=float) / payload,
                "cost": lanes["cost_per_trip"].to_numpy(dtype=float) / payload,
            }
        )

    @cached_property
    def lots(self) -> pd.DataFrame:
        """Stock and arrivals: ``place``, ``commodity`` (codes), ``period``, ``quantity``, ``expires``, ``stock``."""
        coding, frames = self.coding, []
        for stock, frame in ((True, self.world.stocks.assign(period=0)), (False, self.world.arrivals)):
            frames.append(
                pd.DataFrame(
                    {
                        "place": encode(coding.places, frame["place"]),
                        "commodity": encode(coding.commodities, frame["commodity"]),
                        "period": frame["period"].to_numpy(dtype=np.int64),
                        "quantity": frame["quantity"].to_numpy(dtype=float),
                        "expires": whole_expiry(frame["expires"]),
                        "stock": stock,
                    }
                )
            )
        lots = pd.concat(frames, ignore_index=True)
        return lots[(lots["quantity"] > 0) & (lots["expires"] >= lots["period"])].reset_index(drop=True)

    @cached_property
    def batches(self) -> Batches:
        """Batches, merged where they cannot expire within reach."""
        horizon = max(self.periods, self.periods - 1 + self._longest_lag)
        return merge_batches(self.lots["commodity"].to_numpy(), self.lots["expires"].to_numpy(), horizon)

    @property
    def _longest_lag(self) -> int:
        """Periods that no trip takes longer than, on any simple path: a detour uses each open road at most once."""
        longest = int(self.lanes["lag"].max()) if len(self.lanes) else 0
        free = self.network.lanes[self.network.lanes["free"].to_numpy()]
        for state, lanes in free.groupby("state"):
            arcs = self.network.arcs(int(cast("int", state)))
            detour = float(arcs.loc[arcs["open"], "minutes"].sum())
            minutes = (lanes["minutes"] - lanes["loaded_minutes"]).to_numpy() + detour
            longest = max(longest, int(self.network.fleets.lag(lanes["fleet"].to_numpy(), minutes).max()))
        return longest

    @cached_property
    def lot_batches(self) -> NDArray[np.int64]:
        """Batch of each lot."""
        return self.lots.merge(self.batches.labels, on=["commodity", "expires"], how="left")["batch"].to_numpy(np.int64)

    @cached_property
    def tonnes(self) -> NDArray[np.float64]:
        """Tonnes per unit of each commodity."""
        return self.instance.commodities["kg"].to_numpy(dtype=float) / 1000.0

    @cached_property
    def batch_tonnes(self) -> NDArray[np.float64]:
        """Tonnes per unit of each batch."""
        return self.tonnes[self.batches.commodity]

    @cached_property
    def fleet_hours(self) -> NDArray[np.float64]:
        """Hours of each fleet in each period, shape (fleets, periods)."""
        hours: NDArray[np.float64] = self.instance.fleets["hours"].to_numpy(dtype=np.float64)
        return self.world.vehicles * hours[:, None]

    @cached_property
    def road_state(self) -> NDArray[np.int64]:
        """State of the roads in each period."""
        return np.asarray(self.world.road_state, dtype=np.int64)

    @cached_property
    def runs(self) -> NDArray[np.bool_]:
        """Whether the roads are in a state in a period, shape (states, periods)."""
        return np.asarray(np.arange(len(self.network.states))[:, None] == self.road_state[None, :])

    @property
    def crew_limits(self) -> pd.DataFrame:
        """Limits on hours that crews may take from: ``limit``, ``hour_period``; none where repairs are no decision."""
        return pd.DataFrame({"limit": [], "hour_period": []}, dtype=np.int64)

    @property
    def repairing(self) -> bool:
        """Whether crews take hours of parties beside their tasks."""
        return self.repairs is not None

    @cached_property
    def kept(self) -> pd.DataFrame:
        """What hazards leave of what lies somewhere: ``place``, ``commodity`` (codes), ``period``, ``factor``."""
        keep = self.world.keep
        return pd.DataFrame(
            {
                "place": encode(self.coding.places, keep["place"]),
                "commodity": encode(self.coding.commodities, keep["commodity"]),
                "period": keep["period"].to_numpy(dtype=np.int64),
                "factor": keep["factor"].to_numpy(dtype=float),
            }
        )

    @cached_property
    def supply(self) -> pd.DataFrame:
        """Units that appear, after hazards of period 0: ``place``, ``batch``, ``period``, ``quantity``."""
        lots = self.lots.assign(batch=self.lot_batches)
        hit = self.kept[self.kept["period"] == 0]
        factor = lots.merge(hit, on=["place", "commodity"], how="left")["factor"].fillna(1.0).to_numpy()
        lots["quantity"] = np.where(lots["stock"], lots["quantity"] * factor, lots["quantity"])
        return lots.groupby(["place", "batch", "period"], as_index=False)[["quantity"]].sum()

    @cached_property
    def reach(self) -> Reach:
        """Where batches can be and be of use."""
        return self.find_reach()

    def find_reach(self) -> Reach:
        """Return where batches can be and be of use."""
        places = len(self.coding.places)
        first = np.full((places, len(self.batches)), NEVER, dtype=np.int64)
        np.minimum.at(
            first, (self.supply["place"].to_numpy(), self.supply["batch"].to_numpy()), self.supply["period"].to_numpy()
        )
        origin = np.zeros(places, dtype=bool)
        origin[self.lanes["origin"].to_numpy()] = True
        return Reach(
            earliest=earliest_periods(first, self.lanes, self.batches, self.runs),
            usable=usable_periods(self.waiting, self.batches, places),
            origin=origin,
            limited=np.asarray(np.isfinite(self.world.storage).any(axis=1), dtype=np.bool_),
            runs=self.runs,
        )

    @cached_property
    def arc_names(self) -> NDArray[np.object_]:
        """Names of the directions of roads as plans write them: ``road;from``."""
        directions = self.network.directions
        road = self.instance.roads["road"].to_numpy(dtype=object)[directions.road]
        return np.asarray(road + ";" + self.coding.places.to_numpy(dtype=object)[directions.tail], dtype=object)

    @cached_property
    def road_capacity(self) -> NDArray[np.float64]:
        """Tonnes that each direction of a road takes in each period, shape (arcs, periods), inf where unlimited."""
        by_state = [self.network.arcs(state)["capacity_tonnes"].to_numpy(float) for state in self._states]
        return np.column_stack([by_state[state] for state in self.road_state])

    @property
    def _states(self) -> range:
        return range(len(self.network.states))
