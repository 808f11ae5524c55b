"""Tables of the formulation of modes, in the shape in which it declares them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.instance.vocabulary import MODES
from coordination.planning.coding import encode
from coordination.planning.supply_data import relation, series
from coordination.world.modes import NORMAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.model import ResponseModel
    from coordination.world.choosing import Choosing

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

Index = pd.MultiIndex
CHOICE = ["z", "m", "t"]
"""A zone that chooses (its number), a mode, a period."""
ENTRY = ["task", "party", "period"]
PAIR = ["task", "party"]
LIMIT = ["limit", "period"]


@dataclass(frozen=True)
class Switching:
    """What modes decide in a case.

    Attributes
    ----------
    model : ResponseModel
        Of a case whose world is undecided.
    choosing : Choosing
        Zones that choose.
    """

    model: ResponseModel
    choosing: Choosing

    @cached_property
    def periods(self) -> int:
        """Number of periods."""
        return self.model.case.periods

    @cached_property
    def asking(self) -> Bools:
        """Whether a mode asks for a task, shape (tasks, modes)."""
        words = self.model.case.instance.tasks["mode"].fillna("any").str.split(";").tolist()
        return np.array([[mode in some or "any" in some for mode in MODES] for some in words], bool).reshape(
            -1, len(MODES)
        )

    @cached_property
    def modal(self) -> Bools:
        """Whether only some modes ask for a task, by task."""
        return np.asarray(~self.asking.all(axis=1))

    @cached_property
    def task_zone(self) -> NDArray[np.int64]:
        """The chooser that each task's zone follows."""
        zones = encode(self.model.case.coding.zones, self.model.case.instance.tasks["zone"])
        return self.choosing.follows[zones]

    def data(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return the data of modes, and those of the joint model that they replace.

        Parameters
        ----------
        given : dict
            Data of the joint model.
        """
        parts = self._replaced(given) | self._courses() | self._tasks() | self._limits() | self._normal_hours()
        return parts | self._handouts() | self._floors()

    def _courses(self) -> dict[str, Any]:
        z, m, t = (axis.ravel() for axis in np.indices(self.choosing.cost.shape))
        rows = pd.DataFrame({"z": z, "m": m, "t": t})
        must, may = self.choosing.fixed
        mode, _ = self.choosing.before
        rows["least"], rows["most"] = must.ravel(), may.ravel()
        rows["cost"] = self.choosing.cost.ravel()
        rows["switch"] = np.repeat(self.choosing.switch_cost.ravel(), self.periods)
        rows["before"] = m == mode[z]
        rows["stay"] = self.choosing.least_stay[z, m]
        first, later = rows[rows["t"] == 0], rows[rows["t"] > 0]
        staying = rows[rows["stay"] > 1]
        span = np.arange(int(staying["stay"].clip(upper=self.periods).max()) if len(staying) else 0)
        started = staying[[*CHOICE, "stay"]].merge(pd.DataFrame({"back": span}), how="cross")
        started = started[(started["back"] < started["stay"]) & (started["back"] <= started["t"])]
        started = started.assign(sz=started["z"], sm=started["m"], when=started["t"] - started["back"])
        return {
            "MODES": Index.from_frame(rows[CHOICE]),
            "MODE_PERIODS": Index.from_frame(rows[["z", "t"]].drop_duplicates()),
            "MODES_IN": relation(rows, ["z", "t"], CHOICE),
            "FIRST_MODES": Index.from_frame(first[CHOICE]),
            "LATER_MODES": Index.from_frame(later[CHOICE].assign(s=later["t"] - 1)),
            "STAYING": Index.from_frame(staying[CHOICE]),
            "STARTED": relation(started, CHOICE, ["sz", "sm", "when"]),
            "least_mode": series(rows, CHOICE, "least"),
            "most_mode": series(rows, CHOICE, "most"),
            "mode_before": series(first, CHOICE, "before"),
            "mode_cost": series(rows, CHOICE, "cost"),
            "switch_cost": series(rows, CHOICE, "switch"),
        }

    def _asking(self, rows: pd.DataFrame, index: list[str]) -> pd.DataFrame:
        """Return as a relation the modes that ask for the ``task`` of rows in their ``period``."""
        task, mode = np.nonzero(self.asking)
        asks = pd.DataFrame({"task": task, "m": mode, "z": self.task_zone[task]})
        return relation(rows.merge(asks, on="task").assign(t=lambda rows: rows["period"]), index, CHOICE)

    def _modal(self, rows: pd.DataFrame) -> pd.DataFrame:
        some: pd.DataFrame = rows[self.modal[rows["task"].to_numpy(dtype=np.int64)]]
        return some.reset_index(drop=True)

    @cached_property
    def _pairs(self) -> pd.DataFrame:
        """Pairs of tasks that only some modes ask for, with ``least`` hours and ``effort`` of a period."""
        roles = self.model.roles
        pairs, share = self._modal(roles.doers), self.model.case.instance.policy.min_share
        return pairs.assign(least=share * pairs["hours"], effort=pairs["effort"] / pairs["length"])

    @cached_property
    def _calls(self) -> pd.DataFrame:
        """Backups of such tasks by period of the window."""
        return self.model.roles.open_periods(self._modal(self.model.roles.backups))

    def _tasks(self) -> dict[str, Any]:
        rows = self._modal(self.model.roles.open_tasks)
        pairs, calls = self._pairs, self._calls
        counting = pairs[(pairs["least"] > 0) | (pairs["effort"] > 0)]
        duties = (
            self.model.roles.open_periods(counting.reset_index(drop=True))
            if len(counting)
            else counting.assign(pair=0, period=0)
        )
        return {
            "MODAL_TASKS": Index.from_frame(rows[["task", "period"]]),
            "ASKING": self._asking(rows, ["task", "period"]),
            "MODAL_DOERS": Index.from_frame(counting[PAIR]),
            "DUTIES": Index.from_frame(duties[ENTRY]),
            "DUTIES_OF": relation(duties, PAIR, ENTRY),
            "DUTY_ASKING": self._asking(duties[ENTRY], ENTRY),
            "CALLS": Index.from_frame(calls[ENTRY]),
            "CALL_ASKING": self._asking(calls[ENTRY], ENTRY),
            "duty_hours": series(counting, PAIR, "least"),
            "duty_cost": series(counting, PAIR, "effort"),
        }

    def _replaced(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return what of the joint model's data speaks of tasks that only some modes ask for, without them."""
        modal = set(np.flatnonzero(self.modal).tolist())

        def apart(values: pd.Series[float]) -> pd.Series[float]:
            return values.where(~values.index.get_level_values(0).isin(modal), 0.0)

        reserved, handouts = given["RESERVED"], given["HANDOUTS"]
        always = [not zone for zone in self._zones_by_mode(handouts)["by_mode"]]
        return {
            "least_hours": apart(given["least_hours"]),
            "effort_cost": apart(given["effort_cost"]),
            "RESERVED": reserved[~reserved["m0"].isin(modal)].reset_index(drop=True),
            "HANDOUTS": handouts[np.array(always, dtype=bool)],
            **{name: _among(given[name], handouts[np.array(always, dtype=bool)]) for name in HANDING if name in given},
        }

    @cached_property
    def _entries(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Coverage, backups in any mode and backups on call, by every limit that each takes from: ``limit``, …."""
        roles = self.model.roles
        skills = len(self.model.case.instance.skills)

        def limited(rows: pd.DataFrame) -> pd.DataFrame:
            by_skill = rows.assign(limit=rows["skill_row"].to_numpy(dtype=np.int64))
            over_all = rows.assign(limit=skills + rows["party"].to_numpy(dtype=np.int64))
            both = pd.concat([by_skill, over_all], ignore_index=True)
            zone = self.task_zone[both["task"].to_numpy(dtype=np.int64)]
            asks = self.asking[both["task"].to_numpy(dtype=np.int64)]
            normal = asks[:, NORMAL]
            return both.assign(z=zone, normal=normal, only=normal & (asks.sum(axis=1) == 1), t=both["period"])

        backups = roles.open_periods(roles.backups)
        modal = self.modal[backups["task"].to_numpy(dtype=np.int64)] if len(backups) else np.zeros(0, dtype=bool)
        return (
            limited(roles.cover.assign(entry=np.arange(len(roles.cover)))),
            limited(backups[~modal]),
            limited(backups[modal]),
        )

    @cached_property
    def _hours(self) -> tuple[Floats, Floats]:
        """Hours of each limit in each period: of all tasks, and of those in normal mode; shape (limits, periods)."""
        hours = self.model.roles.available
        return hours[: len(hours) // 2], hours[len(hours) // 2 :]

    def _limits(self) -> dict[str, Any]:
        cover, backups, calls = self._entries
        most, _ = self._hours
        rows = calls[LIMIT].drop_duplicates().sort_values(LIMIT, ignore_index=True)
        rows = rows.assign(hours=most[rows["limit"], rows["period"]] if len(rows) else 0.0)
        rows = rows[np.isfinite(rows["hours"].to_numpy(dtype=float))].reset_index(drop=True)

        def of(table: pd.DataFrame, members: list[str]) -> pd.DataFrame:
            return relation(table.merge(rows[LIMIT], on=LIMIT), LIMIT, members)

        return {
            "MODE_LIMITS": Index.from_frame(rows[LIMIT]),
            "LIMIT_COVER": of(cover, ENTRY),
            "LIMIT_BACKUPS": of(backups, PAIR),
            "LIMIT_CALLS": of(calls, ENTRY),
            "mode_available": series(rows, LIMIT, "hours"),
        }

    def _normal_hours(self) -> dict[str, Any]:
        cover, backups, calls = (table[table["normal"]] for table in self._entries)
        most, everyday = self._hours
        taken = [
            cover.assign(load=cover["factor"] * self.model.roles.most_cover[cover["entry"].to_numpy(dtype=np.int64)]),
            *(table.assign(load=table["reserve"]) for table in (backups, calls)),
        ]  # fmt: skip
        total = pd.concat([table[[*LIMIT, "z", "only", "load"]] for table in taken], ignore_index=True)
        sums = total.groupby(LIMIT, as_index=False)["load"].sum()
        sums["everyday"] = everyday[sums["limit"], sums["period"]] if len(sums) else 0.0
        sums["all"] = most[sums["limit"], sums["period"]] if len(sums) else 0.0
        # Everyday hours bind only where they are fewer than all hours, and than all that could be worked.
        rows = sums[sums["everyday"] < np.minimum(sums["all"], sums["load"])].reset_index(drop=True)
        loads = (
            total[~total["only"]]
            .groupby([*LIMIT, "z"], as_index=False)["load"]
            .sum()
            .merge(rows[[*LIMIT, "everyday", "all"]], on=LIMIT)
        )
        loads["load"] = np.minimum(loads["load"], loads["all"])
        loads = loads.assign(t=loads["period"], m=NORMAL)
        key, at = [*LIMIT, "z"], ["limit", "z", "period"]

        def in_zone(table: pd.DataFrame, members: list[str]) -> pd.DataFrame:
            return relation(table[~table["only"]].merge(loads[key], on=key), at, members)

        def always(table: pd.DataFrame, members: list[str]) -> pd.DataFrame:
            return relation(table[table["only"]].merge(rows[LIMIT], on=LIMIT), LIMIT, members)

        return {
            "NORMAL_LOADS": Index.from_frame(loads[at]),
            "NORMAL_CHOICE": relation(loads, at, CHOICE),
            "LOAD_COVER": in_zone(cover, ENTRY),
            "LOAD_BACKUPS": in_zone(backups, PAIR),
            "LOAD_CALLS": in_zone(calls, ENTRY),
            "NORMAL_LIMITS": Index.from_frame(rows[LIMIT]),
            "LOADS_OF": relation(loads, LIMIT, at),
            "NORMAL_COVER": always(cover, ENTRY),
            "NORMAL_CALLS": always(calls, ENTRY),
            "most_load": series(loads, at, "load"),
            "zone_hours": series(loads, at, "everyday"),
            "normal_hours": series(rows, LIMIT, "everyday"),
        }

    def _zones_by_mode(self, handouts: pd.MultiIndex) -> pd.DataFrame:
        """Return for each limit on hand-out whether only modes ask for its zone's tasks, and which: ``mask``."""
        tasks = self.model.roles.open_tasks
        tasks = tasks[tasks["domain"] == "supply"]
        asks = self.asking[tasks["task"].to_numpy(dtype=np.int64)]
        tasks = tasks[["zone", "period"]].assign(mask=asks @ (1 << np.arange(len(MODES))))
        both = tasks.groupby(["zone", "period"])["mask"].agg(lambda masks: int(np.bitwise_or.reduce(masks.to_numpy())))
        mask = both.reindex(handouts).to_numpy(dtype=np.int64) if len(handouts) else np.zeros(0, dtype=np.int64)
        rows = handouts.to_frame(index=False).set_axis(["zone", "period"], axis=1)
        return rows.assign(mask=mask, by_mode=mask != (1 << len(MODES)) - 1)

    def _handouts(self) -> dict[str, Any]:
        given = self.model.handout_data
        limits = self._zones_by_mode(given["HANDOUTS"])
        limits = limits[limits["by_mode"]].reset_index(drop=True)
        index, key = Index.from_frame(limits[["zone", "period"]]), ["zone", "period"]
        modes = limits.merge(pd.DataFrame({"m": np.arange(len(MODES))}), how="cross")
        modes = modes[(modes["mask"].to_numpy() >> modes["m"].to_numpy()) & 1 == 1]
        modes = modes.assign(z=self.choosing.follows[modes["zone"].to_numpy(dtype=np.int64)], t=modes["period"])
        return {
            "MODAL_HANDOUTS": index,
            "HANDOUT_ASKING": relation(modes, key, CHOICE),
            **{f"MODAL_{name}": _among(given[name], index) for name in HANDING if name in given},
            "most_handed": series(limits.assign(most=self._served(limits)), key, "most"),
        }

    def _served(self, limits: pd.DataFrame) -> Floats:
        """Return the most tonnes that can be served in a zone in a period: all that can be due there."""
        case = self.model.case
        waiting = case.waiting
        tonnes = waiting.cap * case.tonnes[waiting.keys["commodity"].to_numpy(dtype=int)][:, None]
        zone = case.coding.place_zone[waiting.keys["place"].to_numpy(dtype=int)]
        total = np.zeros((len(case.coding.zones), case.periods))
        own = pd.DataFrame({"zone": zone, "row": np.arange(len(zone))}).merge(case.coding.ancestry, on="zone")
        np.add.at(total, own["above"].to_numpy(dtype=int), tonnes[own["row"].to_numpy(dtype=int)])
        return np.asarray(total[limits["zone"].to_numpy(dtype=int), limits["period"].to_numpy(dtype=int)])

    def _floors(self) -> dict[str, Any]:
        facilities = self.model.case.facilities
        rows, away = facilities.floors_in_any_mode()
        modes = [MODES.index(str(name)) for name in self.model.case.instance.service_floors["mode"]]
        zone = facilities.floors["zone"].to_numpy(dtype=np.int64)[rows["floor"].to_numpy(dtype=np.int64)]
        mode = np.array(modes, dtype=np.int64)[rows["floor"].to_numpy(dtype=np.int64)]
        choice = rows.assign(z=self.choosing.follows[zone], m=mode, t=rows["period"])
        index = ["floor", "period"]
        return {
            "MODAL_FLOORS": Index.from_frame(rows[index]),
            "MODAL_FLOOR_STEPS": relation(away, index, ["step"]),
            "FLOOR_CHOICE": relation(choice, index, CHOICE),
            "floor_value": series(rows, index, "value"),
            "floor_kept": series(rows.assign(kept=rows["value"] - rows["room"]), index, "kept"),
        }


HANDING = ("HANDED_OUT", "HANDING_OUT", "HANDING_USES", "HANDING_MODULES")
"""What belongs to limits on hand-out."""


def _among(table: pd.DataFrame, index: pd.MultiIndex) -> pd.DataFrame:
    """Return the rows of a relation whose index is among some."""
    if table.empty or not len(index):
        return table.iloc[:0]
    rows: pd.DataFrame = table[pd.MultiIndex.from_frame(table[["i0", "i1"]]).isin(index)]
    return rows.reset_index(drop=True)
