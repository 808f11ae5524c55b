"""An instance as plain rows, with the defaults of the contract and the effects of its active scenario.

Written from the text of the contract alone and for small instances: lists, dictionaries and loops.
"""

from __future__ import annotations

import itertools
import math
from functools import cached_property
from typing import Any

LEVELS = ("community", "street", "district", "city", "metro")
Row = dict[str, Any]


def rows_of(table: Any) -> list[Row]:
    """Rows of a frame as dictionaries; what is missing (unequal to itself) is None."""
    if table.empty:
        return []
    columns = [[None if cell != cell else cell for cell in table[name].tolist()] for name in table]  # noqa: PLR0124 (NaN)
    return [dict(zip(table, cells, strict=True)) for cells in zip(*columns, strict=True)]


def split(text: str | None) -> list[str]:
    """Parts of a ``;``-separated cell."""
    return [part for part in (text or "").split(";") if part]


class Plain:
    """The rows of an instance, its zones, its effects.

    Parameters
    ----------
    instance : Instance
        Read through ``tables``, ``policy``, ``periods``, ``period_hours`` and ``scenario`` only.
    without : frozenset of str
        Names of rules to leave out; those that are data act here: ``"effects"``, ``"effects TABLE"``,
        ``"one way"``, ``"backlog ages"``, ``"effort factors"``, ``"deprivation curve"``.
    schedule : tuple of Job
        Repairs of what is damaged.
    """

    def __init__(self, instance: Any, without: frozenset[str] = frozenset(), schedule: tuple = ()) -> None:
        self.tables = {name: rows_of(table) for name, table in instance.tables.items()}
        self.policy = instance.policy
        self.periods = int(instance.periods)
        self.period_hours = float(instance.period_hours)
        self.without = without
        self._modes: dict[tuple[str, int], str] = {}
        self.zones = self.by_id("zones", "zone")
        self.places = self.by_id("places", "place")
        self.parties = self.by_id("parties", "party")
        self.commodities = self.by_id("commodities", "commodity")
        self.effects = [
            effect
            for effect in self.tables.get("effects", [])
            if instance.scenario is not None
            and effect["scenario"] == instance.scenario
            and not {"effects", f"effects {effect['table']}"} & without
        ]
        from tests.support.repairs import damage_effects

        self.schedule, self.damaged = schedule, damage_effects(self, schedule)
        self.effects += self.damaged

    def mode(self, zone: str, period: int) -> str:
        """Operating mode of a zone in a period."""
        from tests.support.modes import mode

        if (zone, period) not in self._modes:
            self._modes[zone, period] = mode(self, zone, period)
        return self._modes[zone, period]

    @property
    def horizon(self) -> range:
        """All periods."""
        return range(self.periods)

    def by_id(self, table: str, column: str) -> dict[str, Row]:
        """Rows of a table by their id."""
        return {row[column]: row for row in self.tables[table]}

    def chain(self, zone: str) -> list[str]:
        """List a zone and all above it, nearest first."""
        chain = []
        current: str | None = zone
        while current is not None:
            chain.append(current)
            current = self.zones[current].get("parent")
        return chain

    def contains(self, outer: str, inner: str) -> bool:
        """Whether one zone contains (or is) another."""
        return outer in self.chain(inner)

    def level(self, zone: str) -> int:
        """Position of a zone's level, community 0."""
        return LEVELS.index(self.zones[zone]["level"])

    @cached_property
    def stores(self) -> list[str]:
        """Places that hold goods: all but junctions."""
        return [place for place, row in self.places.items() if row["kind"] != "junction"]

    @cached_property
    def core(self) -> str:
        """The one party of kind core."""
        (core,) = (party for party, row in self.parties.items() if row["kind"] == "core")
        return core

    def factor(self, table: str, period: int, ids: list[str], zones: list[str], commodity: str | None = None) -> float:
        """Product of the effects on one thing in one period.

        ``ids`` are what ``where`` may call it by, ``zones`` the zones it lies in (with all above them).
        """
        product = 1.0
        for effect in self.effects:
            first = effect.get("start") or 0
            last = self.periods - 1 if effect.get("end") is None else effect["end"]
            if effect["table"] != table or not first <= period <= last:
                continue
            if commodity is not None and effect.get("commodity") not in (None, commodity):
                continue
            if (effect.get("where") or "*") in ("*", *ids, *zones):
                product *= effect["factor"]
        return product

    def at_place(self, table: str, place: str, period: int, commodity: str | None = None) -> float:
        """Product of the effects on something that lies at a place."""
        return self.factor(table, period, [place], self.chain(self.places[place]["zone"]), commodity)

    def keep(self, place: str, commodity: str, period: int) -> float:
        """Share of what lies at a place that survives the beginning of a period."""
        share = 1.0
        for effect in self.effects:
            if effect["table"] != "stocks" or (effect.get("start") or 0) != period:
                continue
            if effect.get("commodity") not in (None, commodity):
                continue
            if (effect.get("where") or "*") in ("*", place, *self.chain(self.places[place]["zone"])):
                share *= effect["factor"]
        return share

    # Demand ------------------------------------------------------------------------------------------------

    @cached_property
    def needs(self) -> dict[tuple[str, str, str], list[float]]:
        """Need by place, commodity and group, one number a period; groups with backlog only have zeros."""
        needs: dict[tuple[str, str, str], list[float]] = {}
        for row in self.tables["needs"]:
            key = (row["place"], row["commodity"], row.get("group") or "general")
            period = int(row["period"])
            scale = self.at_place("needs", row["place"], period, row["commodity"])
            needs.setdefault(key, [0.0] * self.periods)[period] += row["quantity"] * scale
        for key in self.backlogs:
            needs.setdefault(key, [0.0] * self.periods)
        return needs

    @cached_property
    def backlogs(self) -> dict[tuple[str, str, str], list[tuple[int, float]]]:
        """(age, quantity) of the need unmet before the first period."""
        backlogs: dict[tuple[str, str, str], list[tuple[int, float]]] = {}
        for row in self.tables["backlogs"]:
            age = 1 if "backlog ages" in self.without else int(row["age"])
            key = (row["place"], row["commodity"], row["group"])
            backlogs.setdefault(key, []).append((age, row["quantity"]))
        return backlogs

    def carry_over(self, commodity: str) -> float:
        """Share of unmet need that stays into the next period."""
        share = self.commodities[commodity].get("carry_over")
        return 1.0 if share is None else float(share)

    def curve(self, commodity: str, periods: float) -> float:
        """Cost of one unit after some periods without: linear between breakpoints, the last slope goes on."""
        points = sorted(
            (row["periods_without"], row["cost_per_unit"])
            for row in self.tables["deprivation"]
            if row["commodity"] == commodity
        )
        if not points:
            return float(self.commodities[commodity]["cost_without"] * periods)
        points = [(0.0, 0.0), *points]
        pieces = list(itertools.pairwise(points))
        (left, low), (right, high) = next((piece for piece in pieces if periods <= piece[1][0]), pieces[-1])
        return float(low + (high - low) / (right - left) * (periods - left))

    def lapse_cost(self, commodity: str) -> float:
        """Cost of one unit of need that lapses unmet."""
        cost = self.commodities[commodity].get("cost_lapsed")
        return self.curve(commodity, 1.0) if cost is None else float(cost)

    def weight(self, group: str) -> float:
        """Weight of a group of people."""
        return float(self.policy.group_weights[group])

    def tonnes(self, commodity: str) -> float:
        """Tonnes of one unit."""
        return float(self.commodities[commodity]["kg"]) / 1000

    # Goods -------------------------------------------------------------------------------------------------

    @cached_property
    def supply(self) -> dict[tuple[str, str, float], list[float]]:
        """What stock and arrivals add, by place, commodity and last usable period, one number a period."""
        supply: dict[tuple[str, str, float], list[float]] = {}
        for table in ("stocks", "arrivals"):
            for row in self.tables[table]:
                place, commodity = row["place"], row["commodity"]
                period = int(row["period"]) if table == "arrivals" else 0
                scale = (
                    self.keep(place, commodity, 0)
                    if table == "stocks"
                    else self.at_place(table, place, period, commodity)
                )
                batch = (place, commodity, self.expiry(row, period))
                supply.setdefault(batch, [0.0] * self.periods)[period] += row["quantity"] * scale
        return supply

    def expiry(self, row: Row, period: int) -> float:
        """Last period in which goods may be used."""
        if row.get("expires") is not None:
            return float(row["expires"])
        life = self.commodities[row["commodity"]].get("shelf_life")
        return math.inf if life is None else float(period + life - 1)

    def storage(self, place: str, period: int) -> float:
        """Tonnes that a place can store in a period."""
        tonnes = self.places[place].get("storage_tonnes")
        return math.inf if tonnes is None else float(tonnes) * self.at_place("places", place, period)

    # Hours -------------------------------------------------------------------------------------------------

    def skill_hours(self, row: Row, period: int) -> tuple[float, float]:
        """Give normal and emergency hours of a party's skill in a period."""
        zones = self.chain(self.parties[row["party"]]["zone"])
        scale = self.factor("skills", period, [row["party"]], zones)
        normal = row["hours"]
        emergency = normal if row.get("emergency_hours") is None else row["emergency_hours"]
        return normal * scale, emergency * scale

    def party_hours(self, party: str) -> tuple[float, float]:
        """Give normal and emergency hours of a party, all skills together; infinite where not limited."""
        row = self.parties[party]
        normal = math.inf if row.get("hours") is None else row["hours"]
        emergency = normal if row.get("emergency_hours") is None else row["emergency_hours"]
        return normal, emergency

    def fleet_hours(self, fleet: Row, period: int) -> float:
        """Vehicle hours of a fleet in a period."""
        zones = self.chain(self.places[fleet["base"]]["zone"])
        scale = self.factor("fleets", period, [fleet["fleet"]], zones)
        return float(fleet["vehicles"] * scale * fleet["hours"])
