"""On whom each cost of a plan falls before anybody pays anybody: by party and term.

deprivation, lapsed, worst_off on who speaks for the need; overflow, everyday value lost at converted facilities and
their conversion on the place's owner; transport on the fleet's
party; work and interest on who does it; hours, backups and kinds missing, and levels, on the task's party. Transport
and work are cash, the rest is valued. What the plan's figures hold beyond (rounding, terms of capabilities that the
settlement does not know) falls on the core.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance.whose import Whose
from coordination.planning.coding import encode

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    from coordination.planning.responsibility_data import Roles
    from coordination.plans import Plan
    from coordination.settlement.held import Held

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CASH = ("transport", "work", "conversion")
"""Terms that are paid in money."""
WITHOUT = ("deprivation", "lapsed", "worst_off")
"""Terms for what people go without."""
EVERYDAY = "everyday"
"""Mode of a facility that is in everyday use, where a plan says so."""


class Burdens:
    """The costs of a plan by party.

    Parameters
    ----------
    plan : Plan
        The plan.
    held : Held
        Its roles.
    """

    def __init__(self, plan: Plan, held: Held) -> None:
        self.plan, self.held = plan, held
        self.roles: Roles = held.roles
        self.case = held.roles.case
        self.whose = Whose(self.case.instance)
        self.count = len(self.case.coding.parties)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Money by party code (rows) and term (columns); columns sum to the plan's terms."""
        core = int(self._party([self.whose.core])[0])
        columns = {}
        for term, total in self.plan.terms.items():
            parts = self.parts_by_rule(term)
            parts[core] += total - parts.sum()
            columns[term] = parts
        return pd.DataFrame(columns)

    def parts_by_rule(self, term: str) -> Floats:
        """Return what falls on each party of one term, from the plan's tables, money; 0 for terms that have no rule."""
        makers: dict[str, Callable[[], Floats]] = {
            "deprivation": lambda: self._waiting(self._backlog_costs()[0]),
            "lapsed": lambda: self._waiting(self._backlog_costs()[1]),
            "worst_off": self._worst_off,
            "overflow": self._overflow,
            "transport": self._transport,
            "gap_hours": lambda: self._gaps("hours"),
            "gap_backups": lambda: self._gaps("backup"),
            "gap_kinds": lambda: self._gaps("kind"),
            "levels": self._levels,
            "work": self._work,
            "interest": self._interest,
            "everyday_value": self._everyday_value,
            "conversion": self._conversion,
        }
        return makers[term]() if term in makers else np.zeros(self.count)

    @property
    def whole(self) -> Floats:
        """All costs of each party, money."""
        return np.asarray(self.table.sum(axis=1), dtype=float)

    @property
    def cash(self) -> Floats:
        """What each party pays out, money."""
        return self._of(CASH)

    @property
    def without(self) -> Floats:
        """What the people that each party speaks for go without, money."""
        return self._of(WITHOUT)

    def _of(self, terms: tuple[str, ...]) -> Floats:
        return np.asarray(self.table[[term for term in terms if term in self.table]].sum(axis=1), dtype=float)

    def _party(self, owners: Any) -> Ints:
        return encode(self.case.coding.parties, pd.Series(owners, dtype=object).astype(str))

    def _sum(self, party: Any, money: Any) -> Floats:
        total = np.bincount(np.asarray(party, dtype=int), np.asarray(money, dtype=float), self.count)
        return np.asarray(total, dtype=np.float64)

    @cached_property
    def _speakers(self) -> pd.DataFrame:
        """Shares of the parties that speak for each row of `Waiting`: ``row``, ``party``, ``share``."""
        case, waiting = self.case, self.case.waiting
        needs, backlogs = case.world.needs, case.instance.backlogs
        known = pd.MultiIndex.from_frame(waiting.keys[["place", "commodity", "group"]])
        parts = []
        for frame, owners in ((needs, self.whose.needs), (backlogs, self.whose.backlogs)):
            codes = [encode(case.coding.places, frame["place"]), encode(case.coding.commodities, frame["commodity"]),
                     encode(case.coding.groups, frame["group"])]  # fmt: skip
            row = known.get_indexer(pd.MultiIndex.from_arrays(codes))
            parts.append(
                pd.DataFrame({"row": row, "party": self._party(owners), "share": frame["quantity"].to_numpy()})
            )
        table = pd.concat(parts).groupby(["row", "party"], as_index=False)[["share"]].sum()
        total = table.groupby("row")["share"].transform("sum")
        return table.assign(share=np.where(total > 0, table["share"] / total.where(total > 0, 1.0), 0.0))

    def _backlog_costs(self) -> tuple[Floats, Floats]:
        """Return deprivation and lapse of each row of `Waiting`."""
        case, service = self.case, self.plan.service
        backlog = np.zeros_like(case.waiting.need)
        known = pd.MultiIndex.from_frame(case.waiting.keys[["place", "commodity", "group"]])
        codes = [encode(case.coding.places, service["place"]), encode(case.coding.commodities, service["commodity"]),
                 encode(case.coding.groups, service["group"])]  # fmt: skip
        row = known.get_indexer(pd.MultiIndex.from_arrays(codes)) if len(service) else np.zeros(0, dtype=int)
        backlog[row, service["period"].to_numpy(dtype=int)] = service["backlog"].to_numpy(dtype=float)
        return case.waiting.deprivation(backlog).sum(axis=1), case.waiting.lapsed(backlog).sum(axis=1)

    def _waiting(self, money: Floats) -> Floats:
        speakers = self._speakers
        return self._sum(speakers["party"], speakers["share"] * money[speakers["row"].to_numpy(dtype=int)])

    def _worst_off(self) -> Floats:
        """Return the term on those who speak for the worst places and commodities, in proportion to their need."""
        if not self.plan.terms.get("worst_off"):
            return np.zeros(self.count)
        waiting, service = self.case.waiting, self.plan.service
        keys = waiting.keys.assign(need=waiting.need.sum(axis=1) + waiting.start)
        served = service.groupby(["place", "commodity", "group"])["served"].sum()
        ids = pd.MultiIndex.from_arrays(
            [self.case.coding.places[keys["place"]], self.case.coding.commodities[keys["commodity"]],
             self.case.coding.groups[keys["group"]]]
        )  # fmt: skip
        keys["served"] = served.reindex(ids, fill_value=0.0).to_numpy()
        pair = keys.groupby(["place", "commodity"])[["need", "served"]].transform("sum")
        short = np.where(pair["need"] > 0, 1.0 - pair["served"] / pair["need"].where(pair["need"] > 0, 1.0), 0.0)
        worst = np.where(short >= short.max(initial=0.0) - 1e-9, keys["need"], 0.0)
        return self._waiting(worst / max(worst.sum(), 1e-300) * float(self.plan.terms["worst_off"]))

    def _overflow(self) -> Floats:
        case, table = self.case, self.plan.inventory
        stored = np.zeros_like(case.world.storage)
        tonnes = (
            table["quantity"].to_numpy(dtype=float) * case.tonnes[encode(case.coding.commodities, table["commodity"])]
        )
        np.add.at(stored, (encode(case.coding.places, table["place"]), table["period"].to_numpy(dtype=int)), tonnes)
        over = np.where(np.isfinite(case.world.storage), np.maximum(stored - case.world.storage, 0.0), 0.0)
        return self._sum(self._party(self.whose.places), case.instance.policy.overflow_cost * over.sum(axis=1))

    def _transport(self) -> Floats:
        """Return the money for kilometres: of the lane on its shortest route, and of what a detour is longer."""
        case, ships = self.case, self.plan.shipments
        if ships.empty:
            return np.zeros(self.count)
        fleet = encode(case.coding.fleets, ships["fleet"])
        ends = [encode(case.coding.places, ships[name]) for name in ("origin", "destination")]
        state = case.road_state[ships["depart"].to_numpy(dtype=int)]
        lanes = case.lanes.drop_duplicates(["state", "fleet", "origin", "destination"])
        index = pd.MultiIndex.from_frame(lanes[["state", "fleet", "origin", "destination"]])
        row = index.get_indexer(pd.MultiIndex.from_arrays([state, fleet, *ends]))
        cost = np.where(row >= 0, lanes["cost"].to_numpy()[row], 0.0)
        cost = cost + self._detours(ships, state, ends) * case.km_cost[fleet]
        tonnes = (
            ships["quantity"].to_numpy(dtype=float) * case.tonnes[encode(case.coding.commodities, ships["commodity"])]
        )
        return self._sum(self._party(case.instance.fleets["party"])[fleet], cost * tonnes)

    def _detours(self, ships: pd.DataFrame, state: Ints, ends: list[Ints]) -> Floats:
        """Return the kilometres that each shipment's route is longer than the shortest one."""
        km = dict(zip(self.case.instance.roads["road"], self.case.instance.roads["km"], strict=True))
        network, known = self.case.network, {}
        longer = np.zeros(len(ships))
        rows = zip(ships["route"].fillna(""), state.tolist(), ends[0].tolist(), ends[1].tolist(), strict=True)
        for number, (route, now, origin, destination) in enumerate(rows):
            key = (now, origin, destination)
            if key not in known:
                arcs = network.route_arcs(now, origin, destination)
                known[key] = sum(km[road] for road, _ in network.as_route(arcs))
            longer[number] = sum(km[road] for road in str(route).split(";") if road) - known[key]
        return longer

    def _gaps(self, kind: str) -> Floats:
        gaps, policy, tasks = self.plan.gaps, self.case.instance.policy, self.case.instance.tasks
        mine = gaps[gaps["kind"] == kind]
        task = encode(self.case.coding.tasks, mine["task"])
        prices = {"hours": tasks["gap_cost"].to_numpy(dtype=float)[task], "backup": policy.backup_cost}
        money = mine["amount"].to_numpy(dtype=float) * prices.get(kind, policy.kind_cost)
        return self._sum(self._party(self.whose.tasks)[task], money)

    def _levels(self) -> Floats:
        pairs = self.roles.accountable
        money = pairs["cost"].to_numpy(dtype=float) * self.held.accountable
        return self._sum(self._party(self.whose.tasks)[pairs["task"].to_numpy(dtype=int)], money)

    def _work(self) -> Floats:
        cover, doers = self.roles.cover, self.roles.doers
        pay = self._sum(cover["party"], cover["pay"].to_numpy(dtype=float) * self.held.cover)
        return pay + self._sum(doers["party"], doers["effort"].to_numpy(dtype=float) * self.held.doer)

    def _interest(self) -> Floats:
        cover = self.roles.cover
        return self._sum(cover["party"], -cover["benefit"].to_numpy(dtype=float) * self.held.cover)

    def _everyday_value(self) -> Floats:
        """Return the everyday value lost on owners of facilities, by what they lose in periods out of everyday use."""
        away = self._away
        value = self.case.instance.facilities.groupby("place")["everyday_value"].max()
        return self._on_owners("everyday_value", away["place"], away["place"].map(value).fillna(0.0))

    def _conversion(self) -> Floats:
        """Return what conversions cost on owners of facilities, by what their conversions begun cost."""
        away = self._away.sort_values(["place", "period"], kind="stable")
        same = (away["place"] == away["place"].shift()) & (away["period"] == away["period"].shift() + 1)
        cost = self.case.instance.facilities.groupby("place")["convert_cost"].max()
        begun = away[~same]
        return self._on_owners("conversion", begun["place"], begun["place"].map(cost).fillna(0.0))

    @property
    def _away(self) -> pd.DataFrame:
        """Periods of facilities out of everyday use."""
        table = self.plan.facilities
        return table[table["mode"] != EVERYDAY]

    def _on_owners(self, term: str, places: pd.Series[str], weights: pd.Series[float]) -> Floats:
        """Return a term of the plan on the owners of places, in proportion; the core's where there are no weights."""
        owner = self._party(self.whose.places)[encode(self.case.coding.places, places)]
        parts = self._sum(owner, weights)
        total = float(self.plan.terms.get(term, 0.0))
        return total * parts / parts.sum() if parts.sum() > 0.0 else np.zeros(self.count)
