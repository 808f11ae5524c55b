"""What a dispatcher sees: who needs what, which lanes there are, what can be handed out; none of it changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from coordination.planning.coding import encode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.assignment import Assignment
    from coordination.planning.case import Case

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Town:
    """A case as its dispatchers see it, with the hours of hand-out that are covered.

    Attributes
    ----------
    case : Case
        What is planned for.
    assignment : Assignment
        Who does what.
    """

    case: Case
    assignment: Assignment

    @cached_property
    def rows(self) -> dict[str, Codes]:
        """Place, commodity and group of each row of need."""
        keys = self.case.waiting.keys
        return {name: keys[name].to_numpy(dtype=np.int64) for name in ("place", "commodity", "group")}

    @cached_property
    def row_tonnes(self) -> Floats:
        """Tonnes per unit, by row of need."""
        return np.asarray(self.case.tonnes[self.rows["commodity"]])

    @cached_property
    def batches(self) -> list[list[int]]:
        """Batches of each commodity, those that expire first before the others."""
        batches = self.case.batches
        order = sorted(range(len(batches)), key=lambda k: (batches.expires[k], k))
        return [[k for k in order if batches.commodity[k] == c] for c in range(len(self.case.coding.commodities))]

    @cached_property
    def queues(self) -> list[list[Codes]]:
        """Rows of need of each commodity by group, the group that weighs most first."""
        rows, waiting = self.rows, self.case.waiting
        queues: list[list[Codes]] = []
        for c in range(len(self.case.coding.commodities)):
            mine = np.flatnonzero(rows["commodity"] == c)
            groups = {int(g): -float(waiting.weight[mine[rows["group"][mine] == g]][0]) for g in rows["group"][mine]}
            order = sorted(groups, key=lambda g: (groups[g], g))
            queues.append([mine[rows["group"][mine] == g] for g in order])
        return queues

    def urgency(self, due: Floats, period: int) -> list[int]:
        """Return the commodities, those first whose oldest waiting need costs most per tonne.

        Parameters
        ----------
        due : ndarray, shape (rows,)
            What is due in the period: it costs by its ages if it is not served, and some of it will lapse.
        """
        waiting, commodity = self.case.waiting, self.rows["commodity"]
        filled = np.cumsum(waiting.width[:, period, :], axis=1) < due[:, None] * (1.0 - 1e-9)
        segment = np.minimum(filled.sum(axis=1), waiting.slope.shape[1] - 1)
        lapse = (1.0 - waiting.carry_over) * waiting.cost_lapsed
        worth = due * waiting.weight * (waiting.slope[commodity, segment] + lapse) / self.row_tonnes
        count = len(self.case.coding.commodities)
        mean = np.bincount(commodity, worth, count) / np.maximum(np.bincount(commodity, due, count), 1e-12)
        order: list[int] = np.lexsort((np.arange(count), -mean)).tolist()
        return order

    @cached_property
    def handout(self) -> Floats:
        """Tonnes that can be handed out in each zone and period, inf without an active supply task."""
        roles, case = self.assignment.roles, self.case
        limits = np.full((len(case.coding.zones), case.periods), np.inf)
        tasks = roles.open_tasks[roles.open_tasks["domain"] == "supply"]
        limits[tasks["zone"].to_numpy(), tasks["period"].to_numpy()] = 0.0
        supply = (roles.cover["domain"] == "supply").to_numpy()
        rows = roles.cover[supply]
        tonnes = case.instance.policy.handout_tonnes_per_hour * self.assignment.cover[supply]
        np.add.at(limits, (rows["zone"].to_numpy(), rows["period"].to_numpy()), tonnes)
        return limits

    @cached_property
    def zones_above(self) -> tuple[Codes, Codes]:
        """Pairs of place and zone around it in which hand-out is ever limited."""
        coding = self.case.coding
        limited = np.flatnonzero(np.isfinite(self.handout).any(axis=1))
        pairs = pd.DataFrame({"place": np.arange(len(coding.places)), "zone": coding.place_zone})
        pairs = pairs.merge(coding.ancestry, on="zone")
        pairs = pairs[pairs["above"].isin(limited)]
        return pairs["place"].to_numpy(dtype=np.int64), pairs["above"].to_numpy(dtype=np.int64)

    def within_handout(self, tonnes: Floats, room: Floats) -> Floats:
        """Return the share of `tonnes`, by place, that zones with so much `room` let everybody have."""
        place, zone = self.zones_above
        load = np.bincount(zone, tonnes[place], len(room))
        share = np.divide(room, load, out=np.ones(len(room)), where=load > room)
        least = np.ones(len(tonnes))
        np.minimum.at(least, place, np.maximum(share, 0.0)[zone])
        return least

    def take_room(self, tonnes: Floats, room: Floats) -> None:
        """Take tonnes handed out, by place, off the room of all zones around."""
        place, zone = self.zones_above
        np.subtract.at(room, zone, tonnes[place])
        np.maximum(room, 0.0, out=room)

    @cached_property
    def pack(self) -> tuple[Floats, NDArray[np.bool_]]:
        """Smallest whole quantity of each commodity, and whether packs may be broken because nobody declared them."""
        pack = self.case.instance.commodities["pack"].to_numpy(dtype=float)
        return np.where(np.isnan(pack), 1.0, pack), np.isnan(pack)

    @cached_property
    def lanes(self) -> pd.DataFrame:
        """Lanes in the order in which their destinations ask.

        Returns
        -------
        DataFrame
            Columns of `Case.lanes`, ``lane`` (its row there) and ``minutes``, sorted by destination, minutes of the
            loaded leg, hours per tonne, row.
        """
        lanes = self.case.lanes.assign(
            lane=np.arange(len(self.case.lanes)),
            minutes=self.case.network.lanes["loaded_minutes"].to_numpy(dtype=float),
        )
        return lanes.sort_values(["destination", "minutes", "hours", "lane"], kind="stable", ignore_index=True)

    @cached_property
    def ways(self) -> dict[str, NDArray[Any]]:
        """The columns of `lanes` as arrays."""
        return {str(name): self.lanes[name].to_numpy() for name in self.lanes.columns}

    @cached_property
    def own(self) -> Floats:
        """Share of what ever lies at a lane's origin that is its destination's own, shape (lanes, commodities).

        Own are the goods of a party in whose zone the place lies, of the place's owner, and of who speaks for its
        needs; not those of the core, who has them for all. Rows as in `lanes`.
        """
        case, lanes = self.case, self.lanes
        owned, share = self._owned(), np.zeros((len(lanes), len(case.coding.commodities)))
        origin, destination = lanes["origin"].to_numpy(), lanes["destination"].to_numpy()
        for key, rows in owned.groupby(["place", "party"]):
            place, party = cast("tuple[int, int]", key)
            at = np.flatnonzero(origin == place)
            mine = self._places_of(party)[destination[at]]
            for commodity, part in zip(rows["commodity"], rows["share"], strict=True):
                share[at[mine], commodity] += part
        return share

    def _owned(self) -> pd.DataFrame:
        """Return the share of each party but the core of the goods at each place."""
        coding, world = self.case.coding, self.case.world
        goods = pd.concat([world.stocks, world.arrivals], ignore_index=True)
        goods = pd.DataFrame(
            {
                "place": encode(coding.places, goods["place"]),
                "commodity": encode(coding.commodities, goods["commodity"]),
                "party": encode(coding.parties, goods["owner"]),
                "quantity": goods["quantity"].to_numpy(dtype=float),
            }
        )
        owned = goods.groupby(["place", "commodity", "party"], as_index=False)[["quantity"]].sum()
        whole = owned.groupby(["place", "commodity"])["quantity"].transform("sum")
        owned = owned.assign(share=owned["quantity"] / whole.where(whole > 0, 1.0))
        core = (self.case.instance.parties["kind"] == "core").to_numpy()
        some: NDArray[np.bool_] = ~core[owned["party"].to_numpy()] & (owned["share"] > 0).to_numpy()
        return owned.loc[some]

    def _places_of(self, party: int) -> NDArray[np.bool_]:
        """Return the places whose own a party is."""
        coding, instance = self.case.coding, self.case.instance
        name = coding.parties[party]
        zone = coding.zones.get_loc(instance.parties["zone"].iloc[party])
        within = coding.ancestry.loc[coding.ancestry["above"] == zone, "zone"]
        mine = np.isin(coding.place_zone, within) | (instance.places["owner"] == name).to_numpy()
        speaks = instance.needs.loc[instance.needs["party"] == name, "place"].drop_duplicates()
        mine[encode(coding.places, speaks)] = True
        return np.asarray(mine, dtype=np.bool_)

    @cached_property
    def on_roads(self) -> tuple[Codes, Codes]:
        """Roads with capacities on each lane's route: ends of the lanes' parts, and the arcs in them, as in `lanes`."""
        free = np.flatnonzero(self.lanes["free"].to_numpy())
        rolling = self.case.network.rolling(self.lanes.iloc[free])
        lane = free[rolling["lane"].to_numpy()]
        count = np.bincount(lane, minlength=len(self.lanes))
        return np.concatenate([[0], np.cumsum(count)]).astype(np.int64), rolling["arc"].to_numpy(dtype=np.int64)

    @cached_property
    def longest_lag(self) -> int:
        """Most periods from departure to an arrival within the horizon."""
        lags = self.lanes["lag"].to_numpy()
        return int(lags[lags < self.case.periods].max(initial=0))
