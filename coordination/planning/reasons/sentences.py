"""Sentences of the reasons: what binds, for whom, when, and what more of it would save."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from coordination.instance.titles import titles
from coordination.planning.reasons import strings
from coordination.planning.reasons.limits import handing_out, waited_for
from coordination.wording import amount, listed, percent, periods

if TYPE_CHECKING:
    from coordination.instance import Instance
    from coordination.planning.reasons.limits import Limit
    from coordination.planning.reasons.market import Market


class Speaker:
    """Turns codes into ids, names and sentences.

    Parameters
    ----------
    market : Market
        The LP's prices.
    """

    def __init__(self, market: Market) -> None:
        self.market = market

    @property
    def instance(self) -> Instance:
        """What is planned."""
        return self.market.case.instance

    @cached_property
    def places(self) -> dict[str, str]:
        """Names of places by id."""
        return titles(self.instance.places, "place")

    @cached_property
    def commodities(self) -> dict[str, str]:
        """Names of commodities by id."""
        return titles(self.instance.commodities, "commodity")

    @cached_property
    def units(self) -> dict[str, str]:
        """Units of commodities by id."""
        goods = self.instance.commodities
        return dict(zip(goods["commodity"].tolist(), goods["unit"].fillna(strings.UNIT).tolist(), strict=True))

    def _many(self, commodity: str) -> str:
        unit = self.units[commodity]
        return strings.UNITS if unit == strings.UNIT else unit

    def money(self, value: float) -> str:
        """Return an amount of money."""
        currency = self.instance.currency
        return f"{amount(value)} {currency}" if currency else amount(value)

    def short(self, place: str, commodity: str, met: float, share: float, quantity: float) -> str:
        """Return how much a place lacks, the beginning of its sentence."""
        return strings.SHORT.format(
            place=self.places[place], met=percent(met), commodity=self.commodities[commodity], share=percent(share),
            quantity=amount(quantity), unit=self._many(commodity),
        )  # fmt: skip

    def identity(self, limit: Limit) -> str:
        """Return the id of a limit as in ``prices``."""
        coding, first = self.market.case.coding, limit.key[0]
        if limit.kind == "road":
            return str(self.market.case.arc_names[first])
        ids = {"fleet": coding.fleets, "hours": coding.parties, "handout": coding.zones}
        return str(ids.get(limit.kind, coding.places)[first])

    def name(self, limit: Limit) -> str:
        """Return the name of what a limit belongs to."""
        identity = self.identity(limit)
        if limit.kind == "fleet":
            party = dict(zip(*(self.instance.fleets[c].tolist() for c in ("fleet", "party")), strict=True))[identity]
            return f"{identity} ({titles(self.instance.parties, 'party')[party]})"
        if limit.kind == "road":
            return self._direction(limit.key[0])
        tables = {"hours": ("parties", "party"), "handout": ("zones", "zone")}
        table, key = tables.get(limit.kind, ("places", "place"))
        return titles(self.instance.tables[table], key)[identity]

    def _direction(self, arc: int) -> str:
        directions, places = self.market.case.network.directions, self.market.case.coding.places
        road = self.instance.roads["road"].iloc[int(directions.road[arc])]
        ends = [self.places[str(places[int(end[arc])])] for end in (directions.tail, directions.head)]
        return f"{road} ({ends[0]} to {ends[1]})"

    def when(self, limit: Limit) -> list[int]:
        """Return the periods in which the same limit has a price."""
        market, first = self.market, limit.key[0]
        if limit.kind in ("stock", "hours"):
            return [limit.period]
        if limit.kind == "road":
            prices = market.duals["roads"]
            prices = prices[prices.index.get_level_values(0) == first]
            found = prices.index.get_level_values(1)[(-prices > 0).to_numpy()].tolist()
        else:
            table = {"storage": market.stores, "fleet": market.hours, "handout": market.handout}[limit.kind]
            found = table[first].nonzero()[0].tolist()
        return sorted({int(period) for period in found} | {limit.period})

    def binds(self, limit: Limit, commodity: str, more: float, saving: float, also: Limit | None) -> str:
        """Return the end of a sentence: one limit binds, perhaps another one too."""
        words = {
            "id": self.name(limit), "commodity": self.commodities[commodity], "unit": self.units[commodity],
            "periods": periods(self.when(limit)), "period": periods([limit.period]), "more": amount(more),
            "saving": self.money(saving),
        }  # fmt: skip
        if limit.kind == "handout":
            words |= self._handing_out(limit)
        text = strings.LIMITS[limit.kind].format(**words)
        return f"{text}{'' if also is None else strings.ALSO[also.kind].format(id=self.name(also))}."

    def called(self, limit: Limit) -> str:
        """Return a limit in a few words."""
        return strings.NAMES[limit.kind].format(id=self.name(limit))

    def _handing_out(self, limit: Limit) -> dict[str, str]:
        zone, period = limit.key
        doers, tasks = handing_out(self.market, zone, period), self.market.model.roles.tasks
        active = (tasks["zone"] == zone) & (tasks["domain"] == "supply")
        active &= self.market.model.roles.active[:, period]
        names = titles(self.instance.parties, "party")
        who = [names[str(self.market.case.coding.parties[int(party)])] for party in doers["party"].unique()]
        text = strings.DOERS.format(names=listed(who)) if who else strings.NO_DOER
        waits = [str(self.market.case.coding.tasks[task]) for task in waited_for(self.market, zone, period)]
        if waits:
            text += strings.WAITS.format(names=listed([titles(self.instance.tasks, "task")[task] for task in waits]))
        return {
            "covered": amount(float(doers["covered"].sum())),
            "asked": amount(float(tasks.loc[active, "hours"].sum())),
            "who": text,
        }

    def several(self, limits: list[Limit], saving: float) -> str:
        """Return the end of a sentence: limits bind together."""
        names = list(dict.fromkeys(self.called(limit) for limit in limits))
        return strings.SEVERAL.format(names=listed(names), saving=self.money(saving))

    def costs(self, commodity: str, cost: float, worth: float, more: float, rise: float | None) -> str:
        """Return the end of a sentence: serving would cost more than it saves."""
        unit = self.units[commodity]
        text = strings.COST.format(unit=unit, cost=self.money(cost), worth=self.money(worth))
        if rise is None:
            return f"{text}."
        return text + strings.FORCED.format(more=amount(more), unit=unit, rise=self.money(rise))

    def unpaid(self, limit: Limit, more: float, saving: float, wage: float) -> str:
        """Return the end of a sentence: wages for handing out would cost more than it saves."""
        return strings.UNPAID.format(
            id=self.name(limit), more=amount(more), period=periods([limit.period]), saving=self.money(saving),
            wage=self.money(wage),
        )  # fmt: skip
