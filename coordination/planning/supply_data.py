"""Tables of the supply side, in the shape in which the formulation declares them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.case import Case

Index = pd.MultiIndex


@dataclass(frozen=True)
class Frame:
    """Everything of the supply side that does not depend on which shipments are in the model.

    Attributes
    ----------
    case : Case
        What is planned.
    """

    case: Case

    @cached_property
    def holding(self) -> NDArray[np.int64]:
        """Row of every holding, shape (places, batches, periods), −1 where there is none.

        Left out, with no change of the optimum: holdings that nothing can reach; and those at places without a
        storage limit where no fleet loads and nobody can be served any more. Goods may lie there at no cost, and
        never act again.
        """
        case, reach = self.case, self.case.reach
        periods = np.arange(case.periods)
        exists = (periods >= reach.earliest[:, :, None]) & (periods <= case.batches.expires[None, :, None])
        exists &= reach.usable | (reach.origin | reach.limited)[:, None, None]
        row = np.full(exists.shape, -1, dtype=np.int64)
        row[exists] = np.arange(int(exists.sum()))
        return row

    @cached_property
    def holdings(self) -> Index:
        """Index (place, batch, period)."""
        return Index.from_arrays(np.nonzero(self.holding >= 0), names=["place", "batch", "period"])

    @cached_property
    def needs(self) -> pd.DataFrame:
        """Rows of need with anything due: ``row`` (of `Waiting`), ``place``, ``commodity``, ``group``, ``period``."""
        row, period = np.nonzero(self.case.waiting.cap > 0)
        keys = self.case.waiting.keys.iloc[row].reset_index(drop=True)
        return keys.assign(period=period, row=row)

    @cached_property
    def service(self) -> pd.DataFrame:
        """Possible service: ``place``, ``batch``, ``group``, ``period``, and ``commodity``."""
        needs, batches, parts = self.needs, self.case.batches, []
        for k, commodity in enumerate(batches.commodity):
            rows = needs[needs["commodity"] == commodity]
            held = self.holding[rows["place"].to_numpy(), k, rows["period"].to_numpy()] >= 0
            parts.append(rows[held].assign(batch=k))
        columns = ["place", "batch", "group", "period", "commodity"]
        return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns, dtype=np.int64)

    @cached_property
    def lapsed_at_start(self) -> float:
        """Money for initial backlog that lapses in period 0."""
        waiting = self.case.waiting
        return float(((1.0 - waiting.carry_over) * waiting.cost_lapsed * waiting.weight * waiting.start).sum())

    def data(self) -> dict[str, Any]:
        """Return the data of inventory, service, deprivation, lapse, overflow, the worst off and facilities."""
        supply = self._inventory() | self._service() | self._waiting() | self._overflow() | self._worst_off()
        return supply | self.case.facilities.data(self.needs, self._needy)

    def _inventory(self) -> dict[str, Any]:
        case, supply, kept = self.case, self.case.supply, self.case.kept
        known = self.holding[supply["place"], supply["batch"], supply["period"]] >= 0
        supply = supply[known]
        later = self.holdings.to_frame(index=False)
        earlier = self.holding[later["place"], later["batch"], np.maximum(later["period"] - 1, 0)] >= 0
        held = later[earlier & (later["period"] > 0)]
        factors = kept[kept["period"] > 0].merge(
            pd.DataFrame({"commodity": case.batches.commodity, "batch": np.arange(len(case.batches))}), on="commodity"
        )
        factors = factors[self.holding[factors["place"], factors["batch"], factors["period"]] >= 0]
        service = self.service
        return {
            "BATCHES": pd.RangeIndex(len(case.batches)),
            "tonnes": pd.Series(case.batch_tonnes),
            "HOLDINGS": self.holdings,
            "SERVICE": Index.from_frame(service[["place", "batch", "group", "period"]]),
            "SERVED_FROM": relation(service, ["place", "batch", "period"], ["place", "batch", "group", "period"]),
            "HELD_OVER": relation(
                held.assign(before=held["period"] - 1), ["place", "batch", "period"], ["place", "batch", "before"]
            ),
            "supply": series(supply, ["place", "batch", "period"], "quantity"),
            "kept": series(factors, ["place", "batch", "period"], "factor"),
        }

    def _service(self) -> dict[str, Any]:
        case, needs, waiting = self.case, self.needs, self.case.waiting
        index = ["place", "commodity", "group", "period"]
        row, period = needs["row"].to_numpy(), needs["period"].to_numpy()
        before = (period > 0) & (waiting.cap[row, np.maximum(period - 1, 0)] > 0) & (waiting.carry_over[row] > 0)
        earlier = needs[before].assign(before=period[before] - 1)
        lapse = (1.0 - waiting.carry_over) * waiting.cost_lapsed * waiting.weight
        later = period < case.periods - 1
        return {
            "COMMODITIES": pd.RangeIndex(len(case.coding.commodities)),
            "carry_over": case.instance.commodities["carry_over"].reset_index(drop=True),
            "NEEDS": Index.from_frame(needs[index]),
            "MEETING": relation(self.service, index, ["place", "batch", "group", "period"]),
            "WAITING_BEFORE": relation(earlier, index, ["place", "commodity", "group", "before"]),
            "due": series(needs.assign(due=waiting.due[row, period]), index, "due"),
            "lapse_cost": series(needs.assign(cost=lapse[row] * later), index, "cost"),
            "lapsed_at_start": self.lapsed_at_start,
        }

    def _waiting(self) -> dict[str, Any]:
        waiting = self.case.waiting
        row, period, segment = np.nonzero(waiting.width > 0)
        ages = waiting.keys.iloc[row].reset_index(drop=True).assign(period=period, segment=segment)
        ages["width"] = waiting.width[row, period, segment]
        ages["cost"] = waiting.weight[row] * waiting.slope[ages["commodity"].to_numpy(), segment]
        index = ["place", "commodity", "group", "period"]
        return {
            "SEGMENTS": Index.from_frame(ages[[*index, "segment"]]),
            "SEGMENTS_OF": relation(ages, index, [*index, "segment"]),
            "segment_width": series(ages, [*index, "segment"], "width"),
            "segment_cost": series(ages, [*index, "segment"], "cost"),
        }

    def _overflow(self) -> dict[str, Any]:
        case, storage = self.case, self.case.world.storage
        place, period = np.nonzero(np.isfinite(storage) & case.reach.limited[:, None])
        stores = pd.DataFrame({"place": place, "period": period, "storage": storage[place, period]})
        stored = self.holdings.to_frame(index=False)
        stays = np.isfinite(storage[stored["place"], stored["period"]]) & (
            case.batches.expires[stored["batch"]] > stored["period"]
        )
        return {
            "STORES": Index.from_frame(stores[["place", "period"]]),
            "STORED": relation(stored[stays], ["place", "period"], ["place", "batch", "period"]),
            "storage": series(stores, ["place", "period"], "storage"),
            "overflow_cost": case.instance.policy.overflow_cost,
        }

    @cached_property
    def _needy(self) -> pd.DataFrame:
        """Places and commodities whose unserved share counts: ``place``, ``commodity``, ``total``, ``before``."""
        case = self.case
        needed, served_before = case.met_before
        total = case.need_total + needed
        place, commodity = np.nonzero((total > 0) & (case.instance.policy.worst_off > 0))
        totals = pd.DataFrame({"place": place, "commodity": commodity, "total": total[place, commodity]})
        return totals.assign(before=served_before[place, commodity])

    def _worst_off(self) -> dict[str, Any]:
        price, totals = self.case.instance.policy.worst_off, self._needy
        served = self.service.merge(totals, on=["place", "commodity"])
        return {
            "NEEDY": Index.from_frame(totals[["place", "commodity"]]),
            "SERVED_AT": relation(served, ["place", "commodity"], ["place", "batch", "group", "period"]),
            "need_total": series(totals, ["place", "commodity"], "total"),
            "served_before": series(totals, ["place", "commodity"], "before"),
            "worst_off_cost": price,
        }


def shipment_data(
    case: Case, frame: Frame, lanes: pd.DataFrame, rolling: pd.DataFrame, ships: pd.DataFrame
) -> dict[str, Any]:
    """Return the data of shipments, fleets and roads.

    Parameters
    ----------
    case, frame : Case, Frame
        What is planned.
    lanes : DataFrame
        As `Case.lanes`, with alternative routes appended.
    rolling : DataFrame
        ``lane``, ``arc``: the capacitated directions on each lane's route.
    ships : DataFrame
        ``lane``, ``batch``, ``period``: the shipments in the model.
    """
    index = ["lane", "batch", "period"]
    lane = ships["lane"].to_numpy()
    whole = ships.assign(
        origin=lanes["origin"].to_numpy()[lane],
        destination=lanes["destination"].to_numpy()[lane],
        fleet=lanes["fleet"].to_numpy()[lane],
        arrive=ships["period"].to_numpy() + lanes["lag"].to_numpy()[lane],
    )
    landed = whole[whole["arrive"] < case.periods]
    landed = landed[frame.holding[landed["destination"], landed["batch"], landed["arrive"]] >= 0]
    hours = case.fleet_hours
    fleet, period = (part.ravel() for part in np.indices(hours.shape))
    capacity = case.road_capacity
    arc, when = np.nonzero(np.isfinite(capacity))
    on = whole.merge(rolling, on="lane") if len(rolling) else whole.assign(arc=0).iloc[:0]
    on = on[np.isfinite(capacity[on["arc"], on["period"]])] if len(on) else on
    return {
        "LANES": pd.RangeIndex(len(lanes)),
        "lane_cost": lanes["cost"],
        "lane_hours": lanes["hours"],
        "SHIPMENTS": Index.from_frame(ships[index]),
        "ARRIVING": relation(landed, ["destination", "batch", "arrive"], index),
        "LEAVING": relation(whole, ["origin", "batch", "period"], index),
        "FLEET_PERIODS": Index.from_arrays([fleet, period]),
        "CARRIED_BY": relation(whole, ["fleet", "period"], index),
        "fleet_hours": pd.Series(hours.ravel(), Index.from_arrays([fleet, period])),
        "ROAD_PERIODS": Index.from_arrays([arc, when]),
        "ROLLING_ON": relation(on, ["arc", "period"], index),
        "road_capacity": pd.Series(capacity[arc, when], Index.from_arrays([arc, when])),
    }


def relation(frame: pd.DataFrame, index: list[str], members: list[str]) -> pd.DataFrame:
    """Return an indexed set as a table: the index columns, then the members' columns."""
    table = pd.concat([frame[index], frame[members]], axis=1)
    table.columns = pd.Index([f"i{n}" for n in range(len(index))] + [f"m{n}" for n in range(len(members))])
    return table.reset_index(drop=True)


def series(frame: pd.DataFrame, index: list[str], value: str) -> pd.Series[float]:
    """Return a parameter as a series over its index."""
    return pd.Series(frame[value].to_numpy(dtype=float), Index.from_frame(frame[index]))
