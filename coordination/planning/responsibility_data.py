"""Tables of the responsibility side and of hand-out, in the shape in which the formulation declares them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.instance.tables import LEVELS
from coordination.planning.coding import encode
from coordination.planning.conflicts import conflict_data
from coordination.planning.consulting import consulted_data, eligible
from coordination.planning.continuity import changing, continuity_data
from coordination.planning.dependencies import dependency_data
from coordination.planning.diversity import diversity_data
from coordination.planning.escalation import escalation_data
from coordination.planning.held import Held
from coordination.planning.mandates import Mandates, mandate_data
from coordination.planning.redundancy import redundancy_data
from coordination.planning.supply_data import relation, series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.planning.case import Case

Index = pd.MultiIndex
CORE_LEVEL = len(LEVELS)
"""The core's level: one above the highest zone level."""


@dataclass(frozen=True)
class Roles:
    """Who may answer, do or stand by for which task.

    Attributes
    ----------
    case : Case
        What is planned.
    chosen : ndarray of bool, optional
        Pairs of `doers` of the full case to keep; all by default.
    merged : bool
        Whether periods in which the same tasks are open are merged into stretches, for all tasks but those of domain
        supply. Summing the rules over the periods of a stretch relaxes them (see the formulation of doers).
    tight : bool
        Whether the most that a doer covers heeds the party's hours: better where roles are relaxed or chosen; not where
        they are fixed and hours shall have prices, which would hide in it.
    """

    case: Case
    chosen: NDArray[np.bool_] | None = None
    merged: bool = False
    tight: bool = False

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """Tasks by code: ``zone``, ``skill``, ``domain``, ``hours``, ``start``, ``end``, ``length``, ….

        ``length`` counts the periods of the window in which the zone's mode asks for the task.
        """
        tasks = self.case.instance.tasks
        return pd.DataFrame(
            {
                "task": np.arange(len(tasks)),
                "zone": encode(self.case.coding.zones, tasks["zone"]),
                "skill": tasks["skill"],
                "domain": tasks["domain"],
                "hours": tasks["hours"].to_numpy(dtype=float),
                "start": tasks["start"].to_numpy(dtype=np.int64),
                "end": tasks["end"].to_numpy(dtype=np.int64),
                "length": self.active.sum(axis=1).astype(np.int64),
                "doers": tasks["doers"].to_numpy(dtype=np.int64),
                "backups": tasks["backups"].to_numpy(dtype=np.int64),
                "gap_cost": tasks["gap_cost"].to_numpy(dtype=float),
                "accountable_level": tasks["accountable_level"],
                "kinds": tasks["kinds"],
            }
        )

    @property
    def active(self) -> NDArray[np.bool_]:
        """Whether each task is to be done, shape (tasks, periods)."""
        return self.case.world.active

    @cached_property
    def normal(self) -> NDArray[np.bool_]:
        """Whether the zone of each task is in normal mode, shape (tasks, periods)."""
        return self.case.world.normal[encode(self.case.coding.zones, self.case.instance.tasks["zone"])]

    @cached_property
    def mixed(self) -> NDArray[np.bool_]:
        """Periods in which some tasks are in zones in normal mode and others are not, shape (periods,)."""
        both = (self.active & self.normal).any(axis=0) & (self.active & ~self.normal).any(axis=0)
        # What crews take counts against the larger hours alone: those do not follow from the everyday ones then.
        return np.asarray(both | self.case.repairing)

    def open_periods(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Repeat each row for every period in which its task is active; adds ``pair`` (its row) and ``period``."""
        pair, period = np.nonzero(self.active[rows["task"].to_numpy(dtype=np.int64)])
        repeated: pd.DataFrame = rows.iloc[pair].reset_index(drop=True)
        return repeated.assign(pair=pair, period=period)

    @cached_property
    def parties(self) -> pd.DataFrame:
        """Parties by code: ``zone``, ``kind``, ``level``, ``core``, ``hours``, ``emergency_hours`` (inf: unlimited).

        ``delivers`` is the share of the hours set down for a party that count: 1 but under reliability expected.
        """
        parties = self.case.instance.parties
        zone = encode(self.case.coding.zones, parties["zone"])
        core = (parties["kind"] == "core").to_numpy()
        level = self.zone_level[zone]
        return pd.DataFrame(
            {
                "party": np.arange(len(parties)),
                "zone": zone,
                "kind": parties["kind"],
                "core": core,
                "level": np.where(core, CORE_LEVEL, level),
                "hours": parties["hours"].fillna(np.inf).to_numpy(dtype=float),
                "emergency_hours": parties["emergency_hours"].fillna(np.inf).to_numpy(dtype=float),
                "delivers": self.case.instance.delivers.to_numpy(),
            }
        )

    @cached_property
    def zone_level(self) -> NDArray[np.int64]:
        """Level of each zone, 0 for a community."""
        return encode(pd.Index(LEVELS), self.case.instance.zones["level"])

    @cached_property
    def mandates(self) -> Mandates:
        """What law and agreements say of roles."""
        return Mandates(self.case.coding)

    @cached_property
    def held(self) -> Held:
        """What was decided before the horizon."""
        return Held(self.case.coding)

    @cached_property
    def accountable(self) -> pd.DataFrame:
        """Pairs ``task``, ``party`` that may be accountable, with ``cost`` and ``core``.

        Exactly one party is: those that do not keep all orders at once may not be, as those whom mandates bar.
        """
        tasks = self.tasks[["task", "zone", "accountable_level"]].merge(self.case.coding.ancestry, on="zone")
        pairs = tasks.merge(self.parties, left_on="above", right_on="zone", suffixes=("", "_party"))
        least = encode(pd.Index(LEVELS), pairs["accountable_level"])
        pairs = pairs[(pairs["level"] >= least) & ~pairs["core"]]
        core = self.parties[self.parties["core"]].rename(columns={"zone": "zone_party"})
        pairs = pd.concat([pairs, self.tasks[["task", "zone"]].merge(core, how="cross")], ignore_index=True)
        above = pairs["level"].to_numpy() - self.zone_level[pairs["zone"]]
        pairs["cost"] = self.case.instance.policy.level_cost * above
        pairs = pairs[self.mandates.permits("accountable", pairs) & self.mandates.satisfies("accountable", pairs)]
        pairs = pairs[self.held.allowed("accountable", pairs)]
        return pairs.sort_values(["task", "party"], ignore_index=True)[["task", "party", "cost", "core"]]

    @property
    def accountability_apart(self) -> bool:
        """Whether nothing else depends on who is accountable: no conflicts, nobody who must be consulted."""
        return self.case.instance.conflicts.empty and self.mandates.ordered("consulted").empty

    @cached_property
    def doers(self) -> pd.DataFrame:
        """Pairs ``task``, ``party`` with the skill and a jurisdiction that contains or lies within the task's zone.

        Returns
        -------
        DataFrame
            Sorted by task and party; with ``skill_row`` (row of ``skills``), ``factor`` (hours of the party that cover
            one of the task; under reliability expected, cover it in expectation), ``effort`` (money over the window),
            ``pay`` (money per hour of the task), ``benefit`` (money per hour), ``least`` (hours it covers at least over
            what is left of the window) and the columns of `tasks`. In a task under way, who holds a role.
        """
        coding, instance = self.case.coding, self.case.instance
        skills = pd.DataFrame(
            {
                "party": encode(coding.parties, instance.skills["party"]),
                "skill": instance.skills["skill"],
                "skill_row": np.arange(len(instance.skills)),
                "hourly": instance.skills["cost_per_hour"].to_numpy(dtype=float),
            }
        )
        skills["party_zone"] = self.parties["zone"].to_numpy()[skills["party"]]
        ancestry = coding.ancestry
        above = self.tasks.merge(ancestry, on="zone").merge(
            skills, left_on=["above", "skill"], right_on=["party_zone", "skill"]
        )
        within = skills.merge(ancestry[ancestry["steps"] > 0], left_on="party_zone", right_on="zone")
        within = self.tasks.merge(within.drop(columns="zone"), left_on=["zone", "skill"], right_on=["above", "skill"])
        pairs = pd.concat([above, within], ignore_index=True)
        efforts = pd.DataFrame(
            {
                "task": encode(coding.tasks, instance.efforts["task"]),
                "party": encode(coding.parties, instance.efforts["party"]),
                "factor": instance.efforts["factor"].to_numpy(dtype=float),
                "effort": instance.efforts["cost"].to_numpy(dtype=float),
            }
        )
        interests = pd.DataFrame(
            {
                "party": encode(coding.parties, instance.interests["party"]),
                "domain": instance.interests["domain"],
                "benefit": instance.interests["benefit"].to_numpy(dtype=float),
            }
        )
        pairs = pairs.merge(efforts, on=["task", "party"], how="left").merge(
            interests, on=["party", "domain"], how="left"
        )
        pairs = pairs.fillna({"factor": 1.0, "effort": 0.0, "benefit": 0.0})
        pairs["factor"] /= self.parties["delivers"].to_numpy()[pairs["party"].to_numpy(dtype=int)]
        pairs = pairs[np.asarray(np.isfinite(pairs["factor"].to_numpy(dtype=float)), dtype=np.bool_)]
        held = self.held
        pairs = pairs[held.allowed("responsible", pairs) | held.holds("backup", pairs)].copy()
        pairs["effort"] *= pairs["length"]
        pairs["pay"] = pairs["factor"] * pairs["hourly"]
        whole = pairs["length"] + held.elapsed[pairs["task"]]
        least = self.case.instance.policy.min_share * pairs["hours"] * whole - held.hours_of(pairs)
        pairs["least"] = least.clip(lower=0.0)
        pairs = pairs.sort_values(["task", "party"], ignore_index=True)
        return pairs if self.chosen is None else pairs[self.chosen].reset_index(drop=True)

    @cached_property
    def backups(self) -> pd.DataFrame:
        """The pairs of `doers` whose task wants backups, with ``reserve`` (hours kept free in a period)."""
        pairs = self.doers[self.doers["backups"] > 0].reset_index(drop=True)
        share = self.case.instance.policy.backup_reserve
        return pairs.assign(reserve=share * pairs["factor"] * pairs["hours"])

    @cached_property
    def consulted(self) -> pd.DataFrame:
        """Pairs ``task``, ``party`` that may be consulted, of tasks on which somebody must be."""
        ordered = self.mandates.ordered("consulted")["task"]
        pairs = eligible(self) if len(ordered) else pd.DataFrame({"task": [], "party": []}, dtype=np.int64)
        return pairs.loc[pairs["task"].isin(ordered), ["task", "party"]].reset_index(drop=True)

    @cached_property
    def kinds(self) -> pd.DataFrame:
        """Kinds that must take part: ``task``, ``kind`` (its name)."""
        wanted = self.tasks.loc[self.tasks["kinds"].notna(), ["task", "kinds"]]
        wanted = wanted.assign(kind=wanted["kinds"].str.split(";")).explode("kind", ignore_index=True)
        return wanted[["task", "kind"]]

    @cached_property
    def limits(self) -> pd.DataFrame:
        """Limits on hours by code: ``party``, ``skill_row`` (−1: over all), ``normal`` (only tasks in normal mode)."""
        skills = encode(self.case.coding.parties, self.case.instance.skills["party"])
        by_skill = pd.DataFrame({"party": skills, "skill_row": np.arange(len(skills))})
        over_all = pd.DataFrame({"party": self.parties["party"], "skill_row": -1})
        both = pd.concat([by_skill, over_all], ignore_index=True)
        return pd.concat([both.assign(normal=False), both.assign(normal=True)], ignore_index=True)

    @cached_property
    def stretch(self) -> NDArray[np.int64]:
        """Stretch of each period: no task begins or ends within one, nor changes the limits that it counts against."""
        state = np.stack([self.active, self.active & self.normal])
        cut = np.zeros(self.case.periods, dtype=np.int64)
        cut[1:] = (state[:, :, 1:] != state[:, :, :-1]).any(axis=(0, 1))
        return np.cumsum(cut)

    @cached_property
    def width(self) -> NDArray[np.float64]:
        """Periods that each index of time stands for: stretches first when merged, then periods."""
        single = np.ones(self.case.periods)
        return np.concatenate([np.bincount(self.stretch).astype(float), single]) if self.merged else single

    def time_index(self, period: NDArray[np.int64], supply: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the index of time of each period, for tasks of domain supply and for others."""
        return np.where(supply, self.stretch[-1] + 1 + period, self.stretch[period]) if self.merged else period

    def _spread(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Repeat each row for every index of time in its window.

        Adds ``period`` (the index), ``hour_period`` (of its limits) and ``when`` (the first period that it stands for).
        """
        spread = self.open_periods(rows)
        period = spread["period"].to_numpy()
        index = self.time_index(period, (spread["domain"] == "supply").to_numpy())
        hour_period = self.stretch[period] if self.merged else period
        spread = spread.assign(period=index, hour_period=hour_period, when=period)
        return spread.drop_duplicates(["pair", "period"], ignore_index=True) if self.merged else spread

    @cached_property
    def available(self) -> NDArray[np.float64]:
        """Hours of each limit in each period, shape (limits, periods), inf where unlimited."""
        world, parties, periods = self.case.world, self.parties, self.case.periods
        everyday = np.concatenate(
            [world.skill_hours.reshape(-1, periods), np.tile(parties["hours"].to_numpy()[:, None], periods)]
        )
        emergency = np.concatenate(
            [
                world.skill_emergency_hours.reshape(-1, periods),
                np.tile(parties["emergency_hours"].to_numpy()[:, None], periods),
            ]
        )
        most = np.maximum(everyday, emergency)
        if self.case.repairs is not None:
            most = np.maximum(most - self.case.repairs.taken(len(parties)), 0.0)
        hours = np.concatenate([most, everyday])
        if not self.merged:
            return hours
        return np.add.reduceat(hours, np.flatnonzero(np.diff(self.stretch, prepend=-1)), axis=1)

    def limits_of(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Return every limit that each of `pairs` takes hours from in period ``when``: their columns and ``limit``.

        Tasks in zones in normal mode count against the everyday hours, which are no more than what all tasks count
        against: where all are in normal mode the second limit is implied, and is left out.
        """
        skills, everyday = len(self.case.instance.skills), len(self.case.instance.skills) + len(self.parties)
        task, when = (pairs[name].to_numpy(dtype=np.int64) for name in ("task", "when"))
        normal = self.normal[task, when]
        parts: list[pd.DataFrame] = []
        for chosen, offset in ((~normal | self.mixed[when], 0), (normal, everyday)):
            some = pairs[chosen]
            parts.append(some.assign(limit=some["skill_row"].to_numpy(dtype=np.int64) + offset))
            parts.append(some.assign(limit=skills + some["party"].to_numpy(dtype=np.int64) + offset))
        there = [part for part in parts if len(part)]
        return pd.concat(there, ignore_index=True) if there else parts[0]

    @cached_property
    def cover(self) -> pd.DataFrame:
        """Coverage by pair and period of the window: the columns of `doers`, ``pair`` (its row) and ``period``."""
        return self._spread(self.doers)

    @cached_property
    def most_cover(self) -> NDArray[np.float64]:
        """Most hours of the task that a pair can cover, by row of `cover`."""
        cover = self.cover
        most = cover["hours"].to_numpy() * self.width[cover["period"].to_numpy()]
        if self.tight:
            limits = self.limits_of(cover.assign(entry=np.arange(len(cover))))
            hours = self.available[limits["limit"], limits["hour_period"]] / limits["factor"].to_numpy()
            np.minimum.at(most, limits["entry"].to_numpy(), hours)
        return np.asarray(most, dtype=np.float64)

    @cached_property
    def open_tasks(self) -> pd.DataFrame:
        """Tasks by index of time of their window: the columns of `tasks`, ``period``."""
        return self._spread(self.tasks)

    @cached_property
    def most_gap(self) -> NDArray[np.float64]:
        """Hours of each task at each index of time."""
        return np.asarray(self.open_tasks["hours"].to_numpy() * self.width[self.open_tasks["period"].to_numpy()])

    @cached_property
    def most_missing(self) -> NDArray[np.float64]:
        """Backups wanted, by task that wants any."""
        backups = self.tasks["backups"]
        return np.asarray(backups[backups > 0].to_numpy(dtype=float))

    @cached_property
    def able(self) -> NDArray[np.bool_]:
        """Whether a pair can cover the least share of a doer, by row of `doers`.

        Over what is left of the window, unless it is held; where doers come and go, in any period.
        """
        pair, by_period = self.cover["pair"].to_numpy(), changing(self)
        most, largest = np.bincount(pair, self.most_cover, len(self.doers)), np.zeros(len(self.doers))
        np.maximum.at(largest, pair, self.most_cover)
        each = self.case.instance.policy.min_share * self.doers["hours"].to_numpy()
        whole = most >= self.doers["least"].to_numpy() * (1.0 - 1e-9)
        whole |= self.held.holds("responsible", self.doers)
        return np.asarray(np.where(by_period, largest >= each * (1.0 - 1e-9), whole), dtype=np.bool_)

    def data(self) -> dict[str, Any]:
        """Return the data of accountability, doers, backups, kinds and hours, and of the rules beyond them."""
        ground = self.accountability_data() | self._doers() | self._backups() | self._kinds() | self._hours()
        apart = dependency_data(self) | diversity_data(self) | conflict_data(self)
        apart |= continuity_data(self) | escalation_data(self) | redundancy_data(self)
        return ground | apart | consulted_data(self) | mandate_data(self)

    def accountability_data(self) -> dict[str, Any]:
        """Return the data of accountability alone."""
        pairs, span = self.accountable, self.case.instance.policy.span
        bound = pairs[~pairs["core"]] if span is not None else pairs.iloc[:0]
        parties = pd.Index(np.unique(bound["party"]))
        answered = self.held.answered_for(len(self.parties))[parties.to_numpy(dtype=np.int64)]
        return {
            "TASKS": pd.RangeIndex(len(self.tasks)),
            "ACCOUNTABLE": Index.from_frame(pairs[["task", "party"]]),
            "CANDIDATES": relation(pairs, ["task"], ["task", "party"]),
            "SPANNED": parties,
            "ANSWERS_FOR": relation(bound, ["party"], ["task", "party"]),
            "level_cost": series(pairs, ["task", "party"], "cost"),
            "span": pd.Series(np.maximum(float(span if span is not None else 0) - answered, 0.0), parties, dtype=float),
        }

    def _doers(self) -> dict[str, Any]:
        tasks, pairs, cover, changes = self.tasks, self.doers, self.cover, changing(self)
        most = tasks["doers"].astype(float)
        if self.case.instance.policy.handover_cost is not None:
            most = most.clip(lower=float(len(self.parties)))
        pair, entry = ["task", "party"], ["task", "party", "period"]
        return {
            "PERIODS": pd.RangeIndex(len(self.width)),
            "width": pd.Series(self.width),
            "DOERS": Index.from_frame(pairs[pair]),
            "COVER": Index.from_frame(cover[entry]),
            "TASK_PERIODS": Index.from_frame(self.open_tasks[["task", "period"]]),
            "DOERS_OF": relation(pairs, ["task"], pair),
            "COVERING": relation(cover, ["task", "period"], entry),
            "COVER_OF": relation(cover, pair, entry),
            "task_hours": tasks["hours"],
            "most_cover": pd.Series(self.most_cover, Index.from_frame(cover[entry])),
            "most_doers": most,
            # Where doers come and go, what they are asked for holds by period.
            "least_hours": series(pairs.assign(least=pairs["least"].where(~changes, 0.0)), pair, "least"),
            "doer_before": series(pairs.assign(held=self.held.holds("responsible", pairs)), pair, "held"),
            "gap_cost": tasks["gap_cost"],
            "work_cost": series(pairs, pair, "pay"),
            "effort_cost": series(pairs.assign(effort=pairs["effort"].where(~changes, 0.0)), pair, "effort"),
            "benefit": series(pairs, pair, "benefit"),
        }

    def _backups(self) -> dict[str, Any]:
        wanted = self.tasks[self.tasks["backups"] > 0]
        pair = ["task", "party"]
        return {
            "BACKED_UP": pd.Index(wanted["task"]),
            "BACKUPS": Index.from_frame(self.backups[pair]),
            "BACKUPS_OF": relation(self.backups, ["task"], pair),
            "backup_before": series(self.backups.assign(held=self.held.holds("backup", self.backups)), pair, "held"),
            "backups_wanted": pd.Series(wanted["backups"].to_numpy(dtype=float), pd.Index(wanted["task"])),
            "backup_cost": self.case.instance.policy.backup_cost,
        }

    def _kinds(self) -> dict[str, Any]:
        kind_of = self.parties["kind"].to_numpy(dtype=object)
        names = pd.Index(sorted(set(self.kinds["kind"])), dtype="str")
        wanted = self.kinds.assign(code=encode(names, self.kinds["kind"]))

        def taking_part(pairs: pd.DataFrame) -> pd.DataFrame:
            with_kind = pairs.assign(kind=kind_of[pairs["party"]])[["task", "party", "kind"]]
            return relation(wanted.merge(with_kind, on=["task", "kind"]), ["task", "code"], ["task", "party"])

        return {
            "KINDS": Index.from_frame(wanted[["task", "code"]]),
            "DOERS_OF_KIND": taking_part(self.doers),
            "BACKUPS_OF_KIND": taking_part(self.backups),
            "kind_cost": self.case.instance.policy.kind_cost,
        }

    def _hours(self) -> dict[str, Any]:
        available, limit = self.available, ["limit", "hour_period"]
        taken = self.limits_of(self.cover)
        taken = taken[np.isfinite(available[taken["limit"], taken["hour_period"]])]
        kept = self.limits_of(self._spread(self.backups)).drop_duplicates(["task", "party", *limit])
        kept = kept[np.isfinite(available[kept["limit"], kept["hour_period"]])]
        used = pd.concat([taken[limit], kept[limit], self.case.crew_limits[limit]]).drop_duplicates()
        used = used.sort_values(limit, ignore_index=True)
        used["available"] = available[used["limit"], used["hour_period"]]
        return {
            "HOUR_LIMITS": Index.from_frame(used[limit]),
            "TAKEN": relation(taken, limit, ["task", "party", "period"]),
            "RESERVED": relation(kept, limit, ["task", "party"]),
            "factor": series(self.doers, ["task", "party"], "factor"),
            "reserve": series(self.backups, ["task", "party"], "reserve"),
            "available": series(used, limit, "available"),
        }


def windows(rows: pd.DataFrame) -> pd.DataFrame:
    """Repeat each row for every period of its window ``start`` … ``end``; adds ``pair`` (its row) and ``period``."""
    length = (rows["end"] - rows["start"] + 1).to_numpy()
    pair = np.repeat(np.arange(len(rows)), length)
    first = np.repeat(np.cumsum(length) - length, length)
    repeated = rows.iloc[pair].reset_index(drop=True)
    return repeated.assign(pair=pair, period=repeated["start"].to_numpy() + np.arange(len(pair)) - first)


def handout_data(case: Case, roles: Roles, service: pd.DataFrame) -> dict[str, Any]:
    """Return the data of hand-out, the link between supply and responsibility.

    Parameters
    ----------
    service : DataFrame
        `coordination.planning.supply_data.Frame.service`.
    """
    supply = roles.tasks[roles.tasks["domain"] == "supply"]
    limits = (
        roles.open_periods(supply)[["zone", "period"]]
        .drop_duplicates()
        .sort_values(["zone", "period"], ignore_index=True)
    )
    served = service.assign(zone=case.coding.place_zone[service["place"]]).merge(case.coding.ancestry, on="zone")
    served = served.merge(limits, left_on=["above", "period"], right_on=["zone", "period"], suffixes=("_own", ""))
    cover = roles.cover[roles.cover["domain"] == "supply"]
    return {
        "HANDOUTS": Index.from_frame(limits),
        "HANDED_OUT": relation(served, ["zone", "period"], ["place", "batch", "group", "period"]),
        "HANDING_OUT": relation(cover, ["zone", "when"], ["task", "party", "period"]),
        "handout_rate": case.instance.policy.handout_tonnes_per_hour,
    }
