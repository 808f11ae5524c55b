"""Facilities in emergency use: their steps through modes, their modules, what they add, who comes, what is kept.

Uses that cannot act are left out: storage at a place without a storage limit, hand-out in a zone without a supply task,
services that nobody needs. A facility without any other is in everyday use for good, unless something is under way in
it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.instance.facility_rules import CONVERTING, EVERYDAY, HANDOUT, RESTORING, STORAGE
from coordination.planning.coding import encode
from coordination.planning.supply_data import relation, series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.case import Case

    Floats = NDArray[np.float64]

BEFORE, AT_HOME = -1, 0
"""Codes of modes: before the first step, and everyday use; an emergency use has 1 + its row in `Facilities.uses`."""
STEP = ["place", "mode", "start", "to_mode", "to", "row", "used_from", "away", "lost", "cost"]
REACH_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Facilities:
    """The facilities of a case that can change, or have begun to.

    Attributes
    ----------
    case : Case
        What is planned.
    """

    case: Case

    @cached_property
    def uses(self) -> pd.DataFrame:
        """Emergency uses, one row each.

        Returns
        -------
        DataFrame
            ``place``, ``commodity`` (codes; −1 for none), ``use``, ``table_row`` (row of ``facilities``), ``convert``,
            ``least``, ``restore`` (periods), ``cost``, ``restore_cost`` (money), ``value`` (everyday, per period),
            ``reach`` (minutes); sorted by place and row.
        """
        every, held = self._every, self.under_way
        going = every["use"].to_numpy(dtype=object) == held["use"].reindex(every["place"]).to_numpy(dtype=object)
        left: pd.DataFrame = every[every["acts"].to_numpy(dtype=bool) | np.asarray(going, dtype=bool)]
        return left.sort_values(["place", "table_row"], ignore_index=True)

    @cached_property
    def _every(self) -> pd.DataFrame:
        table, coding = self.case.instance.facilities, self.case.coding
        convert = table["convert_periods"].to_numpy(dtype=np.int64)
        restore = table["restore_periods"].to_numpy(dtype=float)
        uses = pd.DataFrame(
            {
                "place": encode(coding.places, table["place"]),
                "use": table["emergency_use"].to_numpy(dtype=object),
                "table_row": np.arange(len(table)),
                "convert": convert,
                "least": np.maximum(table["min_periods"].to_numpy(dtype=np.int64), 1),
                "restore": np.where(np.isnan(restore), convert, restore).astype(np.int64),
                "cost": table["convert_cost"].to_numpy(dtype=float),
                "restore_cost": table["restore_cost"].to_numpy(dtype=float),
                "value": table["everyday_value"].to_numpy(dtype=float),
                "reach": table["reach_minutes"].to_numpy(dtype=float),
            }
        )
        limited = np.isfinite(self.case.world.storage[uses["place"]]).any(axis=1)
        handing = np.isin(coding.place_zone[uses["place"]], self._handed_out)
        served = uses["table_row"].isin(self.served["table_row"])
        storage, handout = uses["use"] == STORAGE, uses["use"] == HANDOUT
        return uses.assign(acts=np.where(storage, limited, np.where(handout, handing, served)).astype(bool))

    @property
    def _handed_out(self) -> NDArray[np.int64]:
        """Zones in or within which there is a supply task."""
        tasks, coding = self.case.instance.tasks, self.case.coding
        zones = encode(coding.zones, tasks.loc[tasks["domain"] == "supply", "zone"])
        ancestry = coding.ancestry
        found: NDArray[np.int64] = np.unique(ancestry.loc[ancestry["above"].isin(zones), "zone"].to_numpy(np.int64))
        return found

    @cached_property
    def served(self) -> pd.DataFrame:
        """Which use serves which needed service: ``table_row``, ``commodity`` (code).

        A use serves the service of its name, other uses all services that no use has the name of.
        """
        instance, waiting = self.case.instance, self.case.waiting
        commodities = instance.commodities
        service = np.flatnonzero(commodities["service"].to_numpy(dtype=bool))
        needed = np.unique(waiting.keys["commodity"].to_numpy(dtype=np.int64))
        table = instance.facilities
        names = table["emergency_use"].to_numpy(dtype=object)
        goods = np.isin(names.astype(str), (STORAGE, HANDOUT))
        ids = commodities["commodity"].to_numpy(dtype=object)
        named = np.isin(ids, names)
        pairs = [
            (row, code)
            for row in np.flatnonzero(~goods).tolist()
            for code in service[np.isin(service, needed)].tolist()
            if names[row] == ids[code] or (not named[code] and names[row] not in set(ids[service]))
        ]
        return pd.DataFrame(pairs, columns=["table_row", "commodity"], dtype=np.int64)

    @cached_property
    def under_way(self) -> pd.DataFrame:
        """What facilities are in before the horizon, by place: ``phase``, ``use``, ``periods``; everyday left out."""
        held = self.case.instance.held
        rows = held[(held["table"] == "facilities") & (held["mode"] != EVERYDAY) & ~held["id"].str.contains(";")]
        modes = rows["mode"].astype(str)
        phase = np.where(
            modes.str.startswith(CONVERTING), CONVERTING, np.where(modes.str.startswith(RESTORING), RESTORING, "")
        )
        use = [mode.removeprefix(part) for mode, part in zip(modes, phase.tolist(), strict=True)]
        place = encode(self.case.coding.places, rows["id"])
        found = pd.DataFrame(
            {"phase": phase, "use": use, "periods": rows["periods"].to_numpy(dtype=np.int64)}, index=place
        )
        return found.astype({"use": object})

    @cached_property
    def places(self) -> pd.DataFrame:
        """Facilities in the model: ``place``, ``value``."""
        return self.uses.drop_duplicates("place")[["place", "value"]].reset_index(drop=True)

    @cached_property
    def steps(self) -> pd.DataFrame:
        """Steps of all facilities.

        Returns
        -------
        DataFrame
            ``place``; ``mode``, ``start`` and ``to_mode``, ``to`` (nodes; `to` may lie beyond the horizon); ``row`` (of
            `uses`, −1 in everyday use); ``used_from`` (first period in the use; no later than `to`), ``away`` (whether
            everyday use rests), ``lost`` (everyday value, money), ``cost`` (money).
        """
        uses, places, periods = self.uses.assign(row=np.arange(len(self.uses))), self.places, self.case.periods
        if uses.empty:
            return pd.DataFrame({name: np.zeros(0, dtype=np.int64) for name in STEP})
        time = pd.DataFrame({"start": np.arange(periods)})
        own, at = uses.merge(time, how="cross"), uses["row"]
        home = places.merge(time, how="cross")
        stay = home.assign(mode=AT_HOME, to_mode=AT_HOME, to=home["start"] + 1, row=-1, used_from=home["start"] + 1)
        hold = own.assign(mode=1 + own["row"], to_mode=1 + own["row"], to=own["start"] + 1, used_from=own["start"])
        convert = own.assign(mode=AT_HOME)
        other = pd.DataFrame({"place": uses["place"], "mode": 1 + at})
        switch = own.merge(other, on="place")
        switch = switch[switch["mode"] != 1 + switch["row"]]
        taken = pd.concat([convert, switch], ignore_index=True)
        taken["used_from"] = taken["start"] + taken["convert"]
        taken = taken.assign(to_mode=1 + taken["row"], to=taken["used_from"] + taken["least"])
        # What would be of use, or at home, only after the horizon saves nothing.
        taken = taken[taken["used_from"] < periods]
        back = own.assign(mode=1 + own["row"], to_mode=AT_HOME, to=own["start"] + own["restore"])
        back = back[back["to"] < periods].assign(cost=lambda rows: rows["restore_cost"])
        back = back.assign(used_from=back["to"])
        parts = [
            self._first.assign(away=self._first["row"] >= 0, cost=0.0),
            stay.assign(away=False, cost=0.0),
            hold.assign(away=True, cost=0.0),
            taken.assign(away=True),
            back.assign(away=True),
        ]
        steps = pd.concat([part for part in parts if len(part)], ignore_index=True)
        length = np.minimum(steps["to"], periods) - steps["start"]
        steps["lost"] = np.where(steps["away"], steps["value"] * length, 0.0)
        return steps[STEP].astype(dict.fromkeys(STEP[:7], np.int64))

    @cached_property
    def _first(self) -> pd.DataFrame:
        """The first step of each facility: what is under way is carried on until it may be left."""
        first = self.places.assign(mode=BEFORE, start=0, to_mode=AT_HOME, to=0, row=-1, used_from=0)
        held = self.under_way
        uses = self.uses.assign(row=np.arange(len(self.uses)))
        for number, place in enumerate(first["place"].tolist()):
            if place not in held.index:
                continue
            phase, use, passed = held.loc[place, ["phase", "use", "periods"]].tolist()
            mine = uses[(uses["place"] == place) & (uses["use"] == use)].iloc[0]
            if phase == RESTORING:
                left = max(0, int(mine["restore"]) - passed)
                first.loc[number, ["to", "used_from"]] = left
            else:
                ready = max(0, int(mine["convert"]) - passed) if phase == CONVERTING else 0
                least = int(mine["least"]) if phase == CONVERTING else max(0, int(mine["least"]) - passed)
                first.loc[number, ["to_mode", "to", "used_from"]] = [1 + int(mine["row"]), ready + least, ready]
            first.loc[number, "row"] = int(mine["row"])
        return first

    @cached_property
    def spans(self) -> pd.DataFrame:
        """Periods of the steps: ``step``, ``place``, ``period``, ``row``, ``used`` (the facility is in the use)."""
        steps = self.steps
        until = np.minimum(steps["to"].to_numpy(), self.case.periods)
        length = np.maximum(until - steps["start"].to_numpy(), 0)
        step = np.repeat(np.arange(len(steps)), length)
        offset = np.arange(len(step)) - np.repeat(np.cumsum(length) - length, length)
        rows = steps.iloc[step].reset_index(drop=True)
        period = rows["start"].to_numpy() + offset
        return pd.DataFrame(
            {
                "step": step,
                "place": rows["place"],
                "period": period,
                "row": rows["row"],
                "used": (rows["row"] >= 0) & (period >= rows["used_from"]),
                "away": rows["away"].to_numpy(dtype=bool),
                "back": rows["to_mode"] == AT_HOME,
            }
        )

    def agreeing(self, modes: pd.DataFrame) -> NDArray[np.bool_]:
        """Return which steps have their facility in no other mode than a plan's table ``facilities`` says.

        Parameters
        ----------
        modes : DataFrame
            ``place``, ``period``, ``mode``.
        """
        spans = self.spans
        if spans.empty:
            return np.ones(len(self.steps), dtype=bool)
        use = np.append(self.uses["use"].to_numpy(dtype=object), "")[spans["row"].to_numpy(dtype=np.int64)]
        phase = np.where(spans["used"], "", np.where(spans["back"], RESTORING, CONVERTING))
        mine = np.where(spans["row"] >= 0, phase.astype(object) + use, EVERYDAY)
        key = pd.MultiIndex.from_arrays([encode(self.case.coding.places, modes["place"]), modes["period"]])
        said = pd.Series(modes["mode"].to_numpy(dtype=object), key).reindex(
            pd.MultiIndex.from_frame(spans[["place", "period"]])
        )
        same = mine == said.fillna(EVERYDAY).to_numpy(dtype=object)
        return ~np.bincount(spans["step"], ~same.astype(bool), len(self.steps)).astype(bool)

    @cached_property
    def factor(self) -> Floats:
        """What a scenario leaves of the capacity of each use, shape (uses, periods)."""
        factors: Floats = self.case.world.facility_factors
        return np.asarray(factors[self.uses["table_row"].to_numpy()], dtype=np.float64)

    @cached_property
    def capacity(self) -> Floats:
        """Capacity of each use, shape (uses, periods)."""
        capacity: Floats = self.case.world.emergency_capacity
        return np.asarray(capacity[self.uses["table_row"].to_numpy()], dtype=np.float64)

    @cached_property
    def modules(self) -> pd.DataFrame:
        """Modules: ``row`` (of `uses`), ``module``, ``capacity``, ``lead``, ``cost``, ``before`` (module, or −1)."""
        table = self.case.instance.modules
        key = pd.MultiIndex.from_arrays([self.uses["place"], self.uses["use"]])
        named = pd.MultiIndex.from_arrays([encode(self.case.coding.places, table["place"]), table["emergency_use"]])
        rows = pd.DataFrame(
            {
                "row": key.get_indexer(named),
                "module": table["module"].to_numpy(dtype=object),
                "capacity": table["capacity"].to_numpy(dtype=float),
                "lead": table["convert_periods"].to_numpy(dtype=np.int64),
                "cost": table["convert_cost"].to_numpy(dtype=float),
            }
        )
        rows = rows[rows["row"] >= 0]
        rows = rows.assign(order=[natural(text) for text in rows["module"]]).sort_values(
            ["row", "order"], ignore_index=True
        )
        number = np.arange(len(rows))
        first = ~rows["row"].duplicated().to_numpy()
        return rows.drop(columns="order").assign(before=np.where(first, -1, number - 1))

    @cached_property
    def fitted_before(self) -> NDArray[np.int64]:
        """Periods for which each module has been fitted, or been there, before the horizon; 0 where it has not."""
        held = self.case.instance.held
        held = held[(held["table"] == "facilities") & held["id"].str.contains(";")]
        known = pd.Series(held["periods"].to_numpy(dtype=np.int64), held["id"] + ";" + held["mode"])
        modules, uses = self.modules, self.uses
        places = self.case.coding.places.to_numpy(dtype=object)[uses["place"].to_numpy()[modules["row"]]]
        names = [f"{place};{module};{use}" for place, module, use in
                 zip(places, modules["module"], uses["use"].to_numpy()[modules["row"]], strict=True)]  # fmt: skip
        return known.reindex(names).fillna(0).to_numpy(dtype=np.int64)

    @cached_property
    def minutes(self) -> Floats:
        """Minutes by road from each place to that of each use in each state, shape (states, uses, places)."""
        from coordination.network.arcs import ArcGraph
        from coordination.network.distances import shortest_distances

        network, at = self.case.network, self.uses["place"].to_numpy(dtype=np.int64)
        found = [
            shortest_distances(ArcGraph(network.directions, state, backwards=True), at).minutes / 1e6
            for state in network.states
        ]
        return np.stack(found) if len(at) else np.zeros((len(network.states), 0, len(self.case.coding.places)))

    def visits(self, needs: pd.DataFrame) -> pd.DataFrame:
        """Return who may go where: ``place``, ``commodity``, ``group``, ``row`` (of `uses`), ``period``.

        Parameters
        ----------
        needs : DataFrame
            ``place``, ``commodity``, ``group``, ``period`` of needs with anything due.
        """
        columns = ["place", "commodity", "group", "row", "period"]
        uses = self.uses.assign(row=np.arange(len(self.uses)))[["table_row", "row", "reach"]]
        needs = needs[["place", "commodity", "group", "period"]]
        pairs = needs.merge(self.served.merge(uses, on="table_row"), on="commodity")
        if pairs.empty:
            return pd.DataFrame({name: np.zeros(0, dtype=np.int64) for name in columns})
        state = self.case.road_state[pairs["period"].to_numpy()]
        far = self.minutes[state, pairs["row"], pairs["place"]]
        near = far <= pairs["reach"].to_numpy() * (1.0 + REACH_TOLERANCE) + REACH_TOLERANCE
        return pairs.loc[near, columns].astype(np.int64).sort_values(columns, ignore_index=True)

    @cached_property
    def floors(self) -> pd.DataFrame:
        """Service floors: ``floor`` (row of ``service_floors``), ``zone`` (code), ``value``, ``share`` (kept)."""
        table, facilities = self.case.instance.service_floors, self.case.instance.facilities.drop_duplicates("place")
        coding = self.case.coding
        zone = encode(coding.zones, table["zone"])
        mine = self._in_floor(facilities)
        value = np.bincount(mine["floor"], facilities["everyday_value"].to_numpy(dtype=float)[mine["row"]], len(table))
        return pd.DataFrame({"floor": np.arange(len(table)), "zone": zone, "value": value, "share": table["share"]})

    def _in_floor(self, facilities: pd.DataFrame) -> pd.DataFrame:
        """Return which facilities each floor counts: ``floor``, ``row`` (of `facilities`), ``place``."""
        table, coding = self.case.instance.service_floors, self.case.coding
        floors = pd.DataFrame({"floor": np.arange(len(table)), "above": encode(coding.zones, table["zone"]),
                               "service": table["service"].to_numpy(dtype=object)})  # fmt: skip
        place = encode(coding.places, facilities["place"])
        some = pd.DataFrame({"row": np.arange(len(facilities)), "place": place, "zone": coding.place_zone[place],
                             "service": facilities["service"].to_numpy(dtype=object)})  # fmt: skip
        return some.merge(coding.ancestry, on="zone").merge(floors, on=["above", "service"])[["floor", "row", "place"]]

    @cached_property
    def _home_again(self) -> NDArray[np.int64]:
        """First period in which each facility of `places` can be in everyday use; `periods` where in none."""
        home = np.full(len(self.places), self.case.periods, dtype=np.int64)
        ends = self.steps[["place", "mode", "start", "to_mode", "to"]]
        for number, place in enumerate(self.places["place"].tolist()):
            own = ends.loc[ends["place"] == place].itertuples(index=False, name=None)
            onward: dict[tuple[int, int], list[tuple[int, int]]] = {}
            for _, mode, start, to_mode, to in own:
                onward.setdefault((mode, start), []).append((to_mode, to))
            reached, fresh = {(BEFORE, 0)}, [(BEFORE, 0)]
            while fresh:
                ahead = {node for at in fresh for node in onward.get(at, [])} - reached
                reached, fresh = reached | ahead, sorted(ahead)
            home[number] = min([t for mode, t in reached if mode == AT_HOME], default=self.case.periods)
        return home

    @cached_property
    def forced(self) -> Floats:
        """Everyday value away in each floor by what was under way, shape (floors, periods)."""
        first, periods = self._first, self.case.periods
        away = self._home_again[self.places.index.to_numpy()]
        lost = np.where(np.arange(periods) < away[:, None], first["value"].to_numpy()[:, None], 0.0)
        facilities = self.case.instance.facilities.drop_duplicates("place")
        rows = self._in_floor(facilities).merge(first[["place"]].assign(first=np.arange(len(first))), on="place")
        total = np.zeros((len(self.floors), periods))
        np.add.at(total, rows["floor"].to_numpy(), lost[rows["first"].to_numpy()])
        return total

    def data(self, needs: pd.DataFrame, needy: pd.DataFrame) -> dict[str, Any]:
        """Return the data of facilities, modules, floors and visits.

        Parameters
        ----------
        needs : DataFrame
            `coordination.planning.supply_data.Frame.needs`.
        needy : DataFrame
            ``place``, ``commodity`` whose unserved shares count.
        """
        if self.uses.empty:
            return {}
        return self._paths() | self._modules() | self._floors() | self._visits(needs, needy) | self._storing()

    def _paths(self) -> dict[str, Any]:
        steps, spans = self.steps.assign(step=np.arange(len(self.steps))), self.spans
        node, end = ["place", "mode", "start"], ["place", "to_mode", "to"]
        into = steps[steps["to"] < self.case.periods]
        ends = into[end].set_axis(node, axis=1)
        nodes = pd.concat([steps[node], ends]).drop_duplicates().sort_values(node, ignore_index=True)
        used = spans[spans["used"]]
        uses = pd.MultiIndex.from_product([range(len(self.uses)), range(self.case.periods)], names=["row", "period"])
        return {
            "FACILITY_NODES": pd.MultiIndex.from_frame(nodes),
            "STEPS": pd.RangeIndex(len(steps)),
            "STEPS_INTO": relation(into, end, ["step"]),
            "STEPS_FROM": relation(steps, node, ["step"]),
            "path_begins": series(nodes.assign(begins=nodes["mode"] == BEFORE), node, "begins"),
            "everyday_lost": steps["lost"].astype(float),
            "step_cost": steps["cost"].astype(float),
            "step_value": steps["place"].map(self.places.set_index("place")["value"]).astype(float),
            "USES": uses,
            "USING": relation(used, ["row", "period"], ["step"]),
            "use_capacity": pd.Series(self.capacity.ravel(), uses),
        }

    @cached_property
    def module_periods(self) -> pd.DataFrame:
        """Modules by period: the columns of `modules`, ``number`` and ``period``."""
        time = pd.DataFrame({"period": np.arange(self.case.periods)})
        return self.modules.assign(number=np.arange(len(self.modules))).merge(time, how="cross")

    def _modules(self) -> dict[str, Any]:
        every, passed = self.module_periods, self.fitted_before
        index, spans = ["number", "period"], self.spans
        taken = spans[(spans["row"] >= 0) & ~spans["back"]]
        hosts = every[[*index, "row"]].merge(taken[["row", "period", "step"]], on=["row", "period"])
        later = every[every["period"] > 0]
        above = every[every["before"] >= 0]
        back = np.arange(int(self.modules["lead"].max()) + 1 if len(self.modules) else 1)
        lead = every.merge(pd.DataFrame({"back": back}), how="cross")
        lead = lead[lead["back"] <= lead["lead"]].assign(when=lambda rows: rows["period"] - rows["back"])
        # Before the horizon it was fitted for the last periods that held says, or not at all.
        there = lead["when"] >= 0
        never = lead[~there & (-lead["when"] > passed[lead["number"].to_numpy(dtype=np.int64)])]
        usable = pd.MultiIndex.from_frame(every[index]).difference(pd.MultiIndex.from_frame(never[index]))
        uses = every[[*index, "row"]].assign(
            factor=self.factor[every["row"].to_numpy(np.int64), every["period"]] if len(every) else 0.0
        )
        known = pd.MultiIndex.from_frame(every[index]).isin(usable)
        held = (every["period"] == 0) & (passed[every["number"].to_numpy(dtype=np.int64)] > 0)
        return {
            "MODULES": pd.MultiIndex.from_frame(every[index]),
            "MODULE_STEPS": relation(hosts, index, ["step"]),
            "MODULE_EARLIER": relation(later.assign(earlier=later["period"] - 1), index, ["number", "earlier"]),
            "MODULE_FIRST": pd.MultiIndex.from_frame(above[["number", "before", "period"]]),
            "MODULE_LEAD": pd.MultiIndex.from_frame(lead.loc[there, ["number", "period", "when"]]),
            "MODULE_USES": pd.MultiIndex.from_frame(every[["number", "row", "period"]]),
            "fitted_before": series(every.assign(held=held.astype(float)), index, "held"),
            "module_cost": series(every, index, "cost"),
            "module_capacity": series(every.assign(adds=every["capacity"] * uses["factor"] * known), index, "adds"),
        }

    def _of_use(self, rows: pd.DataFrame, index: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return as relations the uses and the modules that add to some limits.

        Parameters
        ----------
        rows : DataFrame
            ``row`` (of `uses`), ``period`` and the columns of `index`.
        """
        modules = self.module_periods[["number", "period", "row"]]
        return relation(rows, index, ["row", "period"]), relation(
            rows.merge(modules, on=["row", "period"]), index, ["number", "period"]
        )

    def _timed(self, uses: pd.DataFrame) -> pd.DataFrame:
        return uses.merge(pd.DataFrame({"period": np.arange(self.case.periods)}), how="cross")

    def _storing(self) -> dict[str, Any]:
        uses = self.uses.assign(row=np.arange(len(self.uses)))
        rows = self._timed(uses.loc[uses["use"] == STORAGE, ["row", "place"]])
        rows = rows[np.isfinite(self.case.world.storage[rows["place"].to_numpy(), rows["period"].to_numpy()])]
        whole, parts = self._of_use(rows, ["place", "period"])
        return {"STORING": whole, "STORING_MODULES": parts}

    def handing(self, limits: pd.DataFrame) -> dict[str, Any]:
        """Return which uses and modules add to what is handed out.

        Parameters
        ----------
        limits : DataFrame
            ``zone``, ``period`` in which hand-out is limited.
        """
        if self.uses.empty:
            return {}
        uses, coding = self.uses.assign(row=np.arange(len(self.uses))), self.case.coding
        uses = uses.loc[uses["use"] == HANDOUT, ["row", "place"]]
        own = uses.assign(zone=coding.place_zone[uses["place"].to_numpy(dtype=np.int64)]).merge(
            coding.ancestry, on="zone"
        )
        rows = own.drop(columns="zone").merge(limits, left_on="above", right_on="zone")
        whole, parts = self._of_use(rows, ["zone", "period"])
        return {"HANDING_USES": whole, "HANDING_MODULES": parts}

    def _visits(self, needs: pd.DataFrame, needy: pd.DataFrame) -> dict[str, Any]:
        visits = self.visits(needs)
        index = ["place", "commodity", "group", "row", "period"]
        visited = visits[["row", "period"]].drop_duplicates().sort_values(["row", "period"], ignore_index=True)
        _, parts = self._of_use(visited, ["row", "period"])
        counted = visits.merge(needy[["place", "commodity"]], on=["place", "commodity"])
        return {
            "VISITS": pd.MultiIndex.from_frame(visits[index]),
            "VISITED": pd.MultiIndex.from_frame(visited),
            "VISITS_TO": relation(visits, ["row", "period"], index),
            "VISITED_MODULES": parts,
            "VISITING": relation(visits, ["place", "commodity", "group", "period"], index),
            "VISITS_FROM": relation(counted, ["place", "commodity"], index),
        }

    def _floors(self) -> dict[str, Any]:
        floors, facilities = self.floors, self.case.instance.facilities.drop_duplicates("place")
        modes = self.case.instance.service_floors["mode"].to_numpy(dtype=object)
        known = np.array(["normal", "emergency", "parallel"], dtype=object)
        acting = known[self.case.world.modes[floors["zone"].to_numpy(dtype=np.int64)]] == modes[:, None]
        away = self.spans[self.spans["away"]].merge(self._in_floor(facilities)[["floor", "place"]], on="place")
        away = away[acting[away["floor"].to_numpy(dtype=np.int64), away["period"]]] if len(away) else away
        rows = away[["floor", "period"]].drop_duplicates().sort_values(["floor", "period"], ignore_index=True)
        value, share = (floors[name].to_numpy(dtype=float)[rows["floor"]] for name in ("value", "share"))
        free = value - self.forced[rows["floor"], rows["period"]]
        rows = rows.assign(room=value - np.minimum(share * value, free))
        return {
            "SERVICE_FLOORS": pd.MultiIndex.from_frame(rows[["floor", "period"]]),
            "FLOOR_STEPS": relation(away, ["floor", "period"], ["step"]),
            "floor_room": series(rows, ["floor", "period"], "room"),
        }


def natural(text: object) -> str:
    """Return a text that sorts numbers within it by value.

    Examples
    --------
    >>> sorted(["wing 10", "wing 2"], key=natural)
    ['wing 2', 'wing 10']
    """
    return re.sub(r"\d+", lambda found: found.group().zfill(20), str(text))
