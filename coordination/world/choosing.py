"""Which zones choose their operating mode where ``policy.mode`` is optimise, within what, and what they chose.

A zone chooses where it is of ``policy.mode_level``, or, without that key, where it was observed (as thresholds would
go by); so does every zone without a zone above. All others follow the nearest zone above that chooses. What is chosen
stands in ``pins`` of the plan table ``modes``: an instance in which every zone that chooses has a pin for every period
is one whose modes are known, and is planned as any other.

    table   where            column   value
    modes   zone=z;period=3  mode     emergency
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.errors import InstanceError, Problem, UsageError, shown
from coordination.instance.names import nearest
from coordination.instance.vocabulary import MODES
from coordination.world.severity import Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance

    Floats = NDArray[np.float64]

FIRST_LINE = 2
"""Line of the first row in a file, the header being 1."""
LONG = 10**9
"""Periods for which a zone has been in everyday mode before the horizon, where nothing else is held."""
FREE = -1
"""Where no mode is pinned."""


@dataclass(frozen=True)
class Choosing:
    """Zones that choose their mode, with what the instance says of it.

    Attributes
    ----------
    instance : Instance
        With ``policy.mode`` optimise.
    """

    instance: Instance

    @cached_property
    def zones(self) -> pd.Index[str]:
        """Ids of all zones."""
        index: pd.Index[str] = pd.Index(self.instance.zones["zone"])
        return index

    @cached_property
    def parent(self) -> NDArray[np.int64]:
        """Row of the zone above each zone, −1 where there is none."""
        return np.asarray(self.zones.get_indexer(pd.Index(self.instance.zones["parent"])), dtype=np.int64)

    @cached_property
    def choosers(self) -> NDArray[np.int64]:
        """Rows of the zones that choose, ascending."""
        level, zones = self.instance.policy.mode_level, self.instance.zones
        if level is not None:
            chooses = (zones["level"] == level).to_numpy(dtype=bool)
        else:
            table = self.instance.observations
            seen = table.loc[table["indicator"].isin(self.instance.indicators["indicator"]), "zone"]
            chooses = zones["zone"].isin(seen).to_numpy(dtype=bool)
        return np.flatnonzero(chooses | (self.parent < 0)).astype(np.int64)

    @cached_property
    def follows(self) -> NDArray[np.int64]:
        """Number of the chooser (row of `choosers`) that each zone follows, shape (zones,)."""
        number = np.full(len(self.zones), -1, dtype=np.int64)
        number[self.choosers] = np.arange(len(self.choosers))
        at, found = np.arange(len(self.zones)), number.copy()
        while (found < 0).any():
            at = np.where(found < 0, self.parent[at], at)
            found = np.where(found < 0, number[at], found)
        return found

    @cached_property
    def names(self) -> NDArray[np.object_]:
        """Ids of the zones that choose."""
        return self.zones.to_numpy(dtype=object)[self.choosers]

    @cached_property
    def least_stay(self) -> NDArray[np.int64]:
        """Periods that each chooser stays in each mode at least, shape (choosers, modes)."""
        return np.maximum(self._rules("min_periods", 1.0), 1.0).astype(np.int64)

    @cached_property
    def cost(self) -> Floats:
        """Money that being in each mode costs, shape (choosers, modes, periods); severity unknown counts as 0."""
        severity = Severity(self.instance)
        known = np.nan_to_num(severity.values[self.choosers][:, -severity.first :], nan=0.0)
        return self._rules("cost", 0.0)[:, :, None] + self._rules("severity_cost", 0.0)[:, :, None] * known[:, None, :]

    @cached_property
    def switch_cost(self) -> Floats:
        """Money that going into each mode costs, shape (choosers, modes)."""
        return self._rules("switch_cost", 0.0)

    @cached_property
    def before(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Mode of each chooser before the horizon, and for how many periods: by ``held``, else normal, for long."""
        held = self.instance.held[self.instance.held["table"] == "zones"]
        row = pd.Index(self.names).get_indexer(pd.Index(held["id"]))
        if (row < 0).any():
            line = int(np.flatnonzero((self.instance.held["table"] == "zones").to_numpy())[row < 0][0]) + FIRST_LINE
            found = str(held["id"].to_numpy()[row < 0][0])
            raise InstanceError([Problem("held", line, "id", shown(found), "a zone that chooses its mode", self._who)])
        mode = np.full(len(self.names), MODES.index("normal"), dtype=np.int64)
        periods = np.full(len(self.names), LONG, dtype=np.int64)
        mode[row] = [MODES.index(str(name)) for name in held["mode"]]
        periods[row] = held["periods"].to_numpy(dtype=np.int64)
        return mode, periods

    @cached_property
    def pinned(self) -> NDArray[np.int64]:
        """Mode that pins ask for, shape (choosers, periods); `FREE` where none does.

        Raises
        ------
        InstanceError
            Pins on modes that no plan can have; all of them are listed.
        """
        modes = np.full((len(self.names), self.instance.periods), FREE, dtype=np.int64)
        problems: list[Problem] = []
        pins = self.instance.pins
        for number in np.flatnonzero((pins["table"] == "modes").to_numpy()).tolist():
            self._pin(modes, number, problems)
        if problems:
            raise InstanceError(problems)
        return modes

    @cached_property
    def fixed(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Where a zone must be in a mode, and where it may: shape (choosers, modes, periods)."""
        pinned, (mode, since) = self.pinned, self.before
        asked = np.arange(len(MODES))[None, :, None] == pinned[:, None, :]
        may = asked | (pinned == FREE)[:, None, :]
        left = self.least_stay[np.arange(len(mode)), mode] - since
        stays = np.arange(self.instance.periods) < left[:, None]
        must = asked.copy()
        here = np.arange(len(MODES))[None, :, None] == mode[:, None, None]
        must |= here & stays[:, None, :]
        may &= here | ~stays[:, None, :]
        return must, may

    @property
    def known(self) -> bool:
        """Whether pins say every mode."""
        return bool((self.pinned != FREE).all())

    @property
    def ruled(self) -> NDArray[np.bool_]:
        """Whether a row of ``mode_rules`` speaks of each mode of each chooser, shape (choosers, modes)."""
        return ~np.isnan(self._rules("cost", math.nan))

    def modes(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the mode of every zone, shape (zones, periods), from that of the choosers."""
        return chosen[self.follows]

    def price(self, schedule: NDArray[np.int64]) -> float:
        """Return the money that a schedule costs: being in the modes, and going into them.

        Parameters
        ----------
        schedule : ndarray of int, shape (choosers, periods)
            Index into ``MODES``.
        """
        past = np.concatenate([self.before[0][:, None], schedule[:, :-1]], axis=1)
        zone, period = np.indices(schedule.shape)
        gone = self.switch_cost[zone, schedule] * (past != schedule)
        return float((self.cost[zone, schedule, period] + gone).sum())

    def chosen(self, schedule: NDArray[np.int64]) -> Instance:
        """Return the instance with a pin on the mode of every chooser and period.

        Parameters
        ----------
        schedule : ndarray of int, shape (choosers, periods)
            Index into ``MODES``.
        """
        pins = self.instance.given("pins").astype(object)
        kept = pins[(pins["table"] != "modes").to_numpy()]
        rows = [
            {"table": "modes", "where": f"zone={zone};period={period}", "column": "mode", "value": MODES[mode]}
            for zone, row in zip(self.names.tolist(), schedule.tolist(), strict=True)
            for period, mode in enumerate(row)
        ]
        return self.instance.replace(pins=[*kept.where(kept.notna(), None).to_dict("records"), *rows])

    @property
    def _who(self) -> str:
        some = ", ".join(map(str, self.names[:5].tolist()))
        return f"Zones that choose: {some}{', …' if len(self.names) > 5 else ''}; see policy.mode_level."

    def _rules(self, column: str, default: float) -> Floats:
        """Return a column of ``mode_rules`` for each chooser and mode: of the nearest zone above that has a row."""
        table = self.instance.mode_rules
        own = np.full((len(self.zones), len(MODES)), np.nan)
        zone = self.zones.get_indexer(pd.Index(table["zone"]))
        own[zone, [MODES.index(str(mode)) for mode in table["mode"]]] = table[column].to_numpy(dtype=float)
        at, found = self.choosers.copy(), own[self.choosers]
        while (at >= 0).any():
            found = np.where(np.isnan(found) & (at >= 0)[:, None], own[at], found)
            at = np.where(at >= 0, self.parent[at], -1)
        return np.where(np.isnan(found), default, found)

    def _pin(self, modes: NDArray[np.int64], number: int, problems: list[Problem]) -> None:
        """Read one pin into the modes; what is wrong with it is added to the problems."""
        row, line = self.instance.pins.iloc[number], number + FIRST_LINE
        cells = {
            name.strip(): text.strip() for name, _, text in (p.partition("=") for p in str(row["where"]).split(";"))
        }
        if set(cells) != {"zone", "period"} or row["column"] != "mode":
            found = shown(f"{row['where']} with column {row['column']}")
            problems.append(Problem("pins", line, "where", found, "zone=…;period=… with column mode"))
            return
        zone, period, mode = cells["zone"], cells["period"], str(row["value"])
        at = np.flatnonzero(self.names == zone)
        if not len(at):
            problems.append(Problem("pins", line, "where", shown(zone), "a zone that chooses its mode", self._who))
        if not period.isdecimal() or int(period) >= modes.shape[1]:
            expected = f"a period, 0 to {modes.shape[1] - 1}"
            problems.append(Problem("pins", line, "where", shown(period), expected))
        elif mode not in MODES:
            expected = f"one of {', '.join(MODES)}"
            problems.append(Problem("pins", line, "value", shown(mode), expected, nearest(mode, MODES)))
        elif len(at) and modes[at[0], int(period)] not in (FREE, MODES.index(mode)):
            there = f"no other mode than {MODES[modes[at[0], int(period)]]}, which another pin asks for"
            problems.append(Problem("pins", line, "value", shown(mode), there, "Remove one of them."))
        elif len(at):
            modes[at[0], int(period)] = MODES.index(mode)


def as_chosen(instance: Instance, modes: pd.DataFrame) -> Instance:
    """Return an instance with pins on the modes that a plan has chosen; itself where zones choose none.

    Parameters
    ----------
    modes : DataFrame
        Table ``modes`` of a plan: ``zone``, ``period``, ``mode``.
    """
    if instance.policy.mode != "optimise":
        return instance
    choosing = Choosing(instance)
    rows = pd.Series(modes["mode"].to_numpy(dtype=object), pd.MultiIndex.from_frame(modes[["zone", "period"]]))
    wanted = pd.MultiIndex.from_product([choosing.names, range(instance.periods)])
    names = rows.reindex(wanted).to_numpy(dtype=object)
    schedule = np.array([MODES.index(str(name)) for name in names], dtype=np.int64)
    return choosing.chosen(schedule.reshape(len(choosing.names), instance.periods))


def cost_of_modes(instance: Instance) -> float:
    """Return what the modes of an instance in which all are chosen cost; 0 where zones choose none."""
    if instance.policy.mode != "optimise":
        return 0.0
    choosing = Choosing(instance)
    return choosing.price(choosing.pinned)


def modes_chosen(instance: Instance) -> NDArray[np.int64]:
    """Return the modes of an instance in which all are chosen, shape (zones, periods), index into ``MODES``.

    Raises
    ------
    UsageError
        Some are not: whatever asks cannot choose them.
    """
    choosing = Choosing(instance)
    if not choosing.known:
        raise UsageError(
            f"{instance.name}: policy.mode optimise is carried out by `coordination plan`, governance centralised, "
            "alone: what you ask for needs modes that are known. Use another policy.mode, or take those of a plan: "
            "pins on table modes for every zone that chooses and every period."
        )
    return choosing.modes(choosing.pinned)
