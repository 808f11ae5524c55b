"""What facilities do, as decided: their mode in each period, their modules, and what that adds and costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance.facility_rules import CONVERTING, HANDOUT, RESTORING, STORAGE
from coordination.planning.facilities import BEFORE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from coordination.planning.case import Case
    from coordination.planning.facilities import Facilities
    from coordination.plans import Plan

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Conversions:
    """What facilities do.

    Attributes
    ----------
    case : Case
        What is planned.
    taken : ndarray of bool
        By row of ``case.facilities.steps``.
    fitted : ndarray of bool, shape (modules, periods)
        Whether each module is being fitted, or there.
    """

    case: Case
    taken: NDArray[np.bool_]
    fitted: NDArray[np.bool_]

    @classmethod
    def from_values(cls, case: Case, values: Mapping[str, Floats]) -> Conversions:
        """Round a solver's values; where there are none, everything goes on as it is."""
        steps, shape = case.facilities.steps, (len(case.facilities.modules), case.periods)
        taken, fitted = values.get("step", np.zeros(0)), values.get("fitted", np.zeros(0))
        if len(taken) != len(steps):
            return cls.going_on(case)
        there = fitted.reshape(shape) > 0.5 if len(fitted) else np.zeros(shape, dtype=np.bool_)
        return cls(case, taken > 0.5, np.asarray(there, dtype=np.bool_))

    @classmethod
    def of_plan(cls, case: Case, plan: Plan) -> Conversions:
        """Return what a plan of the case says that facilities do."""
        facilities = case.facilities
        agrees = facilities.agreeing(plan.facilities)
        taken = _path(facilities.steps, agrees, case.periods)
        modules, uses = facilities.modules, facilities.uses
        place = case.coding.places.to_numpy(dtype=object)[uses["place"].to_numpy(dtype=np.int64)]
        row = modules["row"].to_numpy(dtype=np.int64)
        names = pd.MultiIndex.from_arrays([place[row], uses["use"].to_numpy(dtype=object)[row], modules["module"]])
        fitted = np.zeros((len(modules), case.periods), dtype=bool)
        stretches = plan.modules
        number = names.get_indexer(pd.MultiIndex.from_frame(stretches[["place", "emergency_use", "module"]]))
        for one, start, end in zip(
            number.tolist(), stretches["start"].tolist(), stretches["end"].tolist(), strict=True
        ):
            fitted[one, start : end + 1] = True
        return cls(case, taken, fitted)

    @classmethod
    def going_on(cls, case: Case) -> Conversions:
        """Return what happens where nothing is decided: facilities stay in the mode that they are in, or go to."""
        facilities, periods = case.facilities, case.periods
        steps = facilities.steps
        first = steps[steps["mode"] == BEFORE].set_index("place")
        since, mode = (
            first["to"].reindex(steps["place"]).to_numpy(),
            first["to_mode"].reindex(steps["place"]).to_numpy(),
        )
        staying = (steps["mode"] == mode) & (steps["to_mode"] == mode) & (steps["to"] == steps["start"] + 1)
        taken = (steps["mode"] == BEFORE) | (staying & (steps["start"] >= since))
        passed = facilities.fitted_before
        fitted = np.repeat((passed > 0)[:, None], periods, axis=1)
        conversions = cls(case, taken.to_numpy(dtype=bool), fitted)
        # A module stays as long as its facility is in the use, or on its way there.
        row = facilities.modules["row"].to_numpy(dtype=np.int64)
        return cls(case, conversions.taken, fitted & conversions._hosted[row])

    @property
    def facilities(self) -> Facilities:
        """The facilities of the case."""
        return self.case.facilities

    @cached_property
    def spans(self) -> pd.DataFrame:
        """Periods of the steps taken, as `Facilities.spans`."""
        spans = self.facilities.spans
        return spans[self.taken[spans["step"].to_numpy(dtype=np.int64)]] if len(spans) else spans

    @cached_property
    def used(self) -> NDArray[np.bool_]:
        """Whether each use is on, shape (uses, periods)."""
        return self._by_use(self.spans[self.spans["used"]])

    @cached_property
    def _hosted(self) -> NDArray[np.bool_]:
        """Whether each use is on, or is being converted to, shape (uses, periods)."""
        return self._by_use(self.spans[(self.spans["row"] >= 0) & ~self.spans["back"]])

    def _by_use(self, rows: pd.DataFrame) -> NDArray[np.bool_]:
        result = np.zeros((len(self.facilities.uses), self.case.periods), dtype=bool)
        result[rows["row"].to_numpy(dtype=np.int64), rows["period"].to_numpy(dtype=np.int64)] = True
        return result

    @cached_property
    def ready(self) -> NDArray[np.bool_]:
        """Whether each module can be used, shape (modules, periods)."""
        facilities = self.facilities
        modules, passed = facilities.modules, facilities.fitted_before
        ready: NDArray[np.bool_] = self.fitted & self.used[modules["row"].to_numpy(dtype=np.int64)]
        for number, lead in enumerate(modules["lead"].tolist()):
            since = passed[number]
            for t in range(self.case.periods):
                since = since + 1 if self.fitted[number, t] else 0
                ready[number, t] &= since > lead
        return ready

    @cached_property
    def capacity(self) -> Floats:
        """Capacity of each use that is on, modules included, shape (uses, periods)."""
        facilities = self.facilities
        total = facilities.capacity * self.used
        row = facilities.modules["row"].to_numpy(dtype=np.int64)
        adds = facilities.modules["capacity"].to_numpy(dtype=float)[:, None] * facilities.factor[row] * self.ready
        np.add.at(total, row, adds)
        return total

    @cached_property
    def storage(self) -> Floats:
        """Tonnes of storage added, shape (places, periods)."""
        uses, added = self.facilities.uses, np.zeros((len(self.case.coding.places), self.case.periods))
        rows = np.flatnonzero(uses["use"] == STORAGE)
        np.add.at(added, uses["place"].to_numpy(dtype=np.int64)[rows], self.capacity[rows])
        return added

    @cached_property
    def handout(self) -> Floats:
        """Tonnes that can be handed out more in each zone, shape (zones, periods)."""
        uses, coding = self.facilities.uses, self.case.coding
        added = np.zeros((len(coding.zones), self.case.periods))
        rows = np.flatnonzero(uses["use"] == HANDOUT)
        above = pd.DataFrame({"row": rows, "zone": coding.place_zone[uses["place"].to_numpy(dtype=np.int64)[rows]]})
        above = above.merge(coding.ancestry, on="zone")
        np.add.at(added, above["above"].to_numpy(dtype=np.int64), self.capacity[above["row"].to_numpy(dtype=np.int64)])
        return added

    @cached_property
    def everyday_lost(self) -> float:
        """Everyday value lost, money."""
        return float(self.facilities.steps["lost"].to_numpy(dtype=float)[self.taken].sum())

    def by_period(self) -> tuple[Floats, Floats]:
        """Return everyday value lost, and what converting costs, money, shape (periods,)."""
        facilities, periods = self.facilities, self.case.periods
        spans, steps = self.spans, facilities.steps[self.taken]
        value = facilities.places.set_index("place")["value"].reindex(spans["place"]).to_numpy(dtype=float)
        rests = value * spans["away"].to_numpy(dtype=float)
        lost: Floats = np.bincount(spans["period"].to_numpy(np.int64), rests, periods).astype(np.float64)
        costs = steps["cost"].to_numpy(dtype=float)
        paid: Floats = np.bincount(steps["start"].to_numpy(np.int64), costs, periods).astype(np.float64)
        cost = facilities.modules["cost"].to_numpy(dtype=float)
        return lost, paid + (self._fitting * cost[:, None]).sum(axis=0)

    @cached_property
    def _fitting(self) -> NDArray[np.bool_]:
        """Whether the fitting of each module begins, shape (modules, periods)."""
        before = np.column_stack([self.facilities.fitted_before > 0, self.fitted[:, :-1]])
        return np.asarray(self.fitted & ~before)

    @cached_property
    def cost(self) -> float:
        """What converting, restoring and fitting costs, money."""
        steps = float(self.facilities.steps["cost"].to_numpy(dtype=float)[self.taken].sum())
        return steps + float((self._fitting * self.facilities.modules["cost"].to_numpy(dtype=float)[:, None]).sum())

    def modes(self) -> pd.DataFrame:
        """Return the plan's table ``facilities``: periods in everyday use are left out."""
        rows = self.spans[self.spans["row"] >= 0]
        use = self.facilities.uses["use"].to_numpy(dtype=object)[rows["row"].to_numpy(dtype=np.int64)]
        phase = np.where(rows["used"], "", np.where(rows["back"], RESTORING, CONVERTING))
        return pd.DataFrame(
            {
                "place": self.case.coding.places.to_numpy()[rows["place"].to_numpy(dtype=np.int64)],
                "period": rows["period"].to_numpy(dtype=np.int64),
                "mode": pd.Series([a + b for a, b in zip(phase.tolist(), use.tolist(), strict=True)], dtype="str"),
            }
        )

    def modules(self) -> pd.DataFrame:
        """Return the plan's table ``modules``: one row for each stretch in which a module is being fitted, or there."""
        facilities = self.facilities
        number, period = np.nonzero(self.fitted)
        stretch = np.cumsum((np.diff(number, prepend=-1) != 0) | (np.diff(period, prepend=-2) != 1))
        rows = pd.DataFrame({"number": number, "period": period, "stretch": stretch})
        rows = rows.groupby("stretch").agg(
            number=("number", "first"), start=("period", "first"), end=("period", "last")
        )
        rows = rows.reset_index(drop=True)
        number = rows["number"].to_numpy(dtype=np.int64)
        row = facilities.modules["row"].to_numpy(dtype=np.int64)[number]
        return pd.DataFrame(
            {
                "place": self.case.coding.places.to_numpy()[facilities.uses["place"].to_numpy(dtype=np.int64)[row]],
                "emergency_use": facilities.uses["use"].to_numpy(dtype=object)[row].astype(str),
                "module": facilities.modules["module"].to_numpy(dtype=object)[number].astype(str),
                "start": rows["start"].to_numpy(dtype=np.int64),
                "end": rows["end"].to_numpy(dtype=np.int64),
            }
        )


def _path(steps: pd.DataFrame, allowed: NDArray[np.bool_], periods: int) -> NDArray[np.bool_]:
    """Return the cheapest path of each facility among allowed steps, backwards from the horizon's end."""
    taken = np.zeros(len(steps), dtype=bool)
    for _, own in steps[allowed].groupby("place"):
        best: dict[tuple[int, int], tuple[float, list[int]]] = {}
        order = own.sort_values(["start", "to"], ascending=False)
        # Steps of no length (restoring or converting at once) come after those that they lead to: twice is enough.
        for _ in range(3):
            for row, mode, start, to_mode, to, cost in zip(
                order.index.tolist(), *(order[name].tolist() for name in ("mode", "start", "to_mode", "to", "cost")),
                strict=True,
            ):  # fmt: skip
                after = best.get((to_mode, to), (math.inf, [])) if to < periods else (0.0, [])
                if cost + after[0] < best.get((mode, start), (math.inf, []))[0]:
                    best[mode, start] = cost + after[0], [row, *after[1]]
        taken[best.get((BEFORE, 0), (0.0, []))[1]] = True
    return taken


def visits_table(case: Case, visits: pd.DataFrame) -> pd.DataFrame:
    """Return the plan's table ``visits``.

    Parameters
    ----------
    visits : DataFrame
        ``place``, ``commodity``, ``group``, ``row``, ``period``, ``quantity``.
    """
    coding, uses = case.coding, case.facilities.uses
    code = {name: visits[name].to_numpy(dtype=np.int64) for name in ("place", "commodity", "group", "row", "period")}
    return pd.DataFrame(
        {
            "place": coding.places.to_numpy()[code["place"]],
            "commodity": coding.commodities.to_numpy()[code["commodity"]],
            "group": coding.groups.to_numpy()[code["group"]],
            "period": code["period"],
            "facility": coding.places.to_numpy()[uses["place"].to_numpy(dtype=np.int64)[code["row"]]],
            "emergency_use": uses["use"].to_numpy(dtype=object)[code["row"]].astype(str),
            "quantity": visits["quantity"].to_numpy(dtype=float),
        }
    )
