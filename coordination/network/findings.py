"""What is worth knowing before planning, and is no error: needs that nothing can reach, goods that nobody can load.

Each place is named; where there are many of one kind, the first ones have a line of their own and the others are
listed in one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance import Finding
from coordination.instance.findings import first_period_cost
from coordination.network.reach import Reach
from coordination.network.worth import bringing_cost, handing_out_cost
from coordination.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from coordination.network.network import Network

SHOWN = 20
"""Findings of one kind that have a line of their own."""

LISTED = 100
"""Ids that one line lists before it only counts."""


def network_findings(network: Network) -> tuple[Finding, ...]:
    """Return the findings on a network under the active scenario.

    Returns
    -------
    tuple of Finding
        Kinds ``unreachable`` (needs), ``unloadable`` (goods) and ``deprivation`` (bringing costs more than going
        without for a period).
    """
    case = _Case(network, World.of(network.instance))
    return (
        *_nothing_there(case),
        *_unreachable(case),
        *_too_late(case),
        *_unloadable(case),
        *_dear(case),
    )


@dataclass(frozen=True)
class _Case:
    """A network, its world, and what both say about needs."""

    network: Network
    world: World

    @cached_property
    def reach(self) -> Reach:
        """What can be where."""
        return Reach.of(self.network, self.world)

    @cached_property
    def units(self) -> list[str]:
        """``7 l of water``, by commodity, with a place for the number."""
        commodities = self.network.instance.commodities
        units = commodities["unit"].fillna("units")
        return [f"{{:g}} {unit} of {name}" for unit, name in zip(units, commodities["commodity"], strict=True)]

    @cached_property
    def needs(self) -> pd.DataFrame:
        """Needs and backlogs with any quantity.

        Returns
        -------
        DataFrame
            ``place``, ``commodity`` (codes), ``period``, ``group``, ``quantity``, ``met``: whether anything can ever
            serve it, ``source``: whether there is any of the commodity at all.
        """
        instance, holds = self.network.instance, self.reach.holds
        needs = pd.concat([self.world.needs, instance.backlogs.assign(period=0)], ignore_index=True)
        commodities = instance.commodities
        services = commodities.loc[commodities["service"], "commodity"]  # people go to a facility for them
        needs = needs[(needs["quantity"] > 0) & ~needs["commodity"].isin(services)].reset_index(drop=True)
        place = pd.Index(instance.places["place"]).get_indexer(pd.Index(needs["place"]))
        commodity = pd.Index(instance.commodities["commodity"]).get_indexer(pd.Index(needs["commodity"]))
        period = needs["period"].to_numpy(dtype=np.int64)
        stays = instance.commodities["carry_over"].to_numpy(dtype=float)[commodity] > 0
        ever_after: NDArray[np.bool_] = np.maximum.accumulate(holds[:, :, ::-1], axis=2)[:, :, ::-1]
        met = np.where(stays, ever_after[place, commodity, period], holds[place, commodity, period])
        return pd.DataFrame(
            {
                "place": place,
                "commodity": commodity,
                "period": period,
                "group": needs["group"],
                "quantity": needs["quantity"].to_numpy(dtype=float),
                "met": met,
                "source": np.max(self.reach.lots, axis=0, initial=0.0)[commodity] > 0,
            }
        )

    @cached_property
    def unmet(self) -> pd.DataFrame:
        """By place and commodity that exists somewhere: ``total`` needed, ``lost`` of it to no avail."""
        needs = self.needs[self.needs["source"]]
        lost = needs["quantity"].where(~needs["met"], 0.0)
        table = needs.assign(lost=lost).groupby(["place", "commodity"], as_index=False)[["quantity", "lost"]].sum()
        return table[table["lost"] > 0]

    def place(self, code: int) -> str:
        """Return how a place is called in messages."""
        row = self.network.instance.places.iloc[code]
        known = isinstance(row["name"], str) and row["name"] != row["place"]
        return f"place {row['place']!r} ({row['name']})" if known else f"place {row['place']!r}"

    def amounts(self, rows: pd.DataFrame, column: str) -> str:
        """Return quantities of commodities as text: ``7 l of water, 3 kg of rice``."""
        pairs = zip(rows["commodity"], rows[column], strict=True)
        return ", ".join(self.units[commodity].format(quantity) for commodity, quantity in pairs)

    def listed(self, kind: str, lines: list[tuple[int, str]], rest: str) -> list[Finding]:
        """Return findings by place, those beyond the first few in one."""
        findings = [Finding(kind, self.place(place), message) for place, message in lines[:SHOWN]]
        more = self.network.instance.places["place"].iloc[[place for place, _ in lines[SHOWN:]]].tolist()
        if more:
            names = ", ".join(more[:LISTED]) + (f" and {len(more) - LISTED} more" if len(more) > LISTED else "")
            findings.append(Finding(kind, f"{len(more)} further places", f"{rest}: {names}."))
        return findings


def _nothing_there(case: _Case) -> list[Finding]:
    """Find commodities that are needed and of which there is nothing anywhere."""
    needs = case.needs[~case.needs["source"]]
    names = case.network.instance.commodities["commodity"]
    return [
        Finding(
            "unreachable",
            f"commodity {names.iloc[commodity]!r}",
            f"{case.units[commodity].format(rows['quantity'].sum())} are needed at {rows['place'].nunique()} place(s), "
            "but there is no stock and nothing comes in. Add stocks or arrivals.",
        )
        for commodity, rows in _by(needs, "commodity")
    ]


def _unreachable(case: _Case) -> list[Finding]:
    """Find places that need what nothing can ever bring, though there is some elsewhere."""
    lanes, served = case.network.lanes, np.zeros(len(case.network.instance.places), dtype=bool)
    served[lanes["destination"].to_numpy()[case.reach.running]] = True
    never = case.unmet[case.unmet["lost"] >= case.unmet["quantity"]]
    lines = []
    for place, rows in _by(never, "place"):
        why = "no fleet that can load it has a trip there that arrives in time"
        if not served[place]:
            why = "no fleet has a trip there and back to its base"
        lines.append((place, f"nothing can bring {case.amounts(rows, 'quantity')}: {why}."))
    return case.listed("unreachable", lines, "nothing can bring some of what they need")


def _too_late(case: _Case) -> list[Finding]:
    """Find places where the need of some periods cannot be served: what can be brought comes too late or expires."""
    some = case.unmet[case.unmet["lost"] < case.unmet["quantity"]]
    lines = [
        (place, f"{case.amounts(rows, 'lost')} of its need cannot be served: what can be there is not in time.")
        for place, rows in _by(some, "place")
    ]
    return case.listed("unreachable", lines, "some of their need cannot be served in time")


def _unloadable(case: _Case) -> list[Finding]:
    """Find goods at places where no fleet can load and nobody needs them."""
    lots, lanes = case.reach.lots.copy(), case.network.lanes
    lots[lanes["origin"].to_numpy()[case.reach.running]] = 0.0
    lots[case.needs["place"], case.needs["commodity"]] = 0.0
    place, commodity = np.nonzero(lots)
    rows = pd.DataFrame({"place": place, "commodity": commodity, "quantity": lots[place, commodity]})
    lines = [
        (
            int(place),
            f"{case.amounts(some, 'quantity')} cannot be used: no fleet can load there, nobody there needs it.",
        )
        for place, some in _by(rows, "place")
    ]
    return case.listed("unloadable", lines, "goods there cannot be used: no fleet can load, nobody needs them")


def _dear(case: _Case) -> list[Finding]:
    """Find commodities that cost more to bring and hand out than to go without for a period."""
    instance = case.network.instance
    weight = case.needs["group"].map(instance.policy.group_weights)
    needy = case.needs.assign(weight=weight).groupby(["place", "commodity"], as_index=False)["weight"].min()
    place, commodity = needy["place"].to_numpy(), needy["commodity"].to_numpy()
    unit = first_period_cost(instance.tables).reindex(instance.commodities["commodity"]).to_numpy(dtype=float)
    without = (unit * 1000.0 / instance.commodities["kg"].to_numpy(dtype=float))[commodity] * needy["weight"]
    cost = (bringing_cost(case.network, case.reach) + handing_out_cost(instance)[:, None])[place, commodity]
    needy = needy.assign(without=without, cost=cost)
    dear = needy[np.isfinite(cost) & (without < cost)]
    return [_dear_commodity(case, code, rows, needy) for code, rows in _by(dear, "commodity")]


def _dear_commodity(case: _Case, commodity: int, rows: pd.DataFrame, needy: pd.DataFrame) -> Finding:
    worst = rows.iloc[int((rows["cost"] - rows["without"]).argmax())]
    places = int((needy["commodity"] == commodity).sum())
    return Finding(
        "deprivation",
        f"commodity {case.network.instance.commodities['commodity'].iloc[commodity]!r}",
        f"at {len(rows)} of {places} place(s) a tonne missing for a period costs less than to bring and hand it out: "
        f"{worst['without']:.4g} against {worst['cost']:.4g} at {case.place(int(worst['place']))}. There a plan may "
        "leave people without to save money. Raise cost_without.",
    )


def _by(table: pd.DataFrame, column: str) -> Iterator[tuple[int, pd.DataFrame]]:
    """Yield each code of a column with its rows, ascending."""
    for code in np.unique(table[column].to_numpy(dtype=np.int64)).tolist():
        yield code, table[table[column] == code]
