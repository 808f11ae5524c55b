"""Facilities: modes follow each other with lead time, least stay and restoration; what that loses and costs."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case

EVERYDAY, CONVERTING, RESTORING = "everyday", "converting to ", "restoring from "
HELD_FOR_LONG = 10**9
State = tuple[str, int]
"""A mode, and for how many periods it has been in it."""


@dataclass(frozen=True)
class Hall:
    """One facility, by its raw rows.

    Attributes
    ----------
    rows : dict
        Its rows of ``facilities`` by emergency use.
    """

    rows: dict[str, dict[str, Any]]

    def follows(self, state: State) -> Iterator[tuple[State, float]]:
        """Yield the states that may follow in the next period, and what each step to them costs."""
        mode, periods = state
        use = mode.removeprefix(CONVERTING).removeprefix(RESTORING)
        if mode == EVERYDAY:
            yield (EVERYDAY, 1), 0.0
            yield from self._converted(0.0, "")
        elif mode.startswith(CONVERTING):
            done = periods >= self.rows[use]["convert_periods"]
            yield ((use, 1) if done else (mode, periods + 1)), 0.0
        elif mode.startswith(RESTORING):
            if periods < self.restore(use):
                yield (mode, periods + 1), 0.0
            else:
                yield (EVERYDAY, 1), 0.0
                yield from self._converted(0.0, "")
        else:
            yield (use, periods + 1), 0.0
            if periods >= max(1, self.rows[use]["min_periods"]):
                yield from self._converted(0.0, use)
                back = float(self.rows[use]["restore_cost"])
                if self.restore(use):
                    yield (RESTORING + use, 1), back
                else:
                    yield (EVERYDAY, 1), back
                    yield from self._converted(back, "")

    def restore(self, use: str) -> int:
        """Return the periods that going back from a use takes."""
        given = self.rows[use]["restore_periods"]
        return int(self.rows[use]["convert_periods"] if given is None or math.isnan(given) else given)

    def _converted(self, paid: float, without: str) -> Iterator[tuple[State, float]]:
        for use, row in self.rows.items():
            if use != without:
                first = CONVERTING + use if row["convert_periods"] else use
                yield (first, 1), paid + float(row["convert_cost"])

    def home_again(self, state: State, periods: int) -> int:
        """Return the first period in which it can be in everyday use, `periods` where in none."""
        states = {state}
        for period in range(periods):
            states = {following for before in states for following, _ in self.follows(before)}
            if any(mode == EVERYDAY for mode, _ in states):
                return period
        return periods

    def least(self, state: State, course: list[str]) -> float:
        """Return the least that a course of modes costs from a state on, inf where it is not possible."""
        costs = {state: 0.0}
        for mode in course:
            after: dict[State, float] = {}
            for before, paid in costs.items():
                for following, cost in self.follows(before):
                    if following[0] == mode:
                        after[following] = min(after.get(following, math.inf), paid + cost)
            costs = after
        return min(costs.values(), default=math.inf)


class Halls:
    """All facilities of a case, and their modes as written.

    Parameters
    ----------
    case : Case
        The plan to be verified.
    """

    def __init__(self, case: "Case") -> None:
        self._case = case
        table = case.given["facilities"]
        self.places: list[str] = list(dict.fromkeys(table["place"].tolist()))
        self.halls = {place: Hall({}) for place in self.places}
        for row in table.to_dict("records"):
            self.halls[str(row["place"])].rows[str(row["emergency_use"])] = {str(k): v for k, v in row.items()}

    @cached_property
    def courses(self) -> dict[str, list[str]]:
        """Mode of each facility in each period."""
        courses = {place: [EVERYDAY] * self._case.periods for place in self.places}
        for row in self._case.decided["facilities"].to_dict("records"):
            if row["place"] in courses:
                courses[row["place"]][int(row["period"])] = str(row["mode"])
        return courses

    @cached_property
    def before(self) -> dict[str, State]:
        """What each facility has been in before the horizon."""
        states: dict[str, State] = dict.fromkeys(self.places, (EVERYDAY, HELD_FOR_LONG))
        held = self._case.given["held"]
        for row in held[held["table"] == "facilities"].to_dict("records"):
            if row["id"] in states:
                states[row["id"]] = (str(row["mode"]), int(row["periods"]))
        return states

    def value(self, place: str) -> float:
        """Return the everyday value of a facility, per period."""
        return float(next(iter(self.halls[place].rows.values()))["everyday_value"])

    @cached_property
    def capacity(self) -> dict[tuple[str, str], np.ndarray[Any, np.dtype[np.float64]]]:
        """Capacity of each place and use that is on, modules that are ready included, shape (periods,)."""
        case, total = self._case, {}
        for place, hall in self.halls.items():
            zone = case.place_zone[case.places.get_indexer(pd.Index([place]))]
            factor = case.effects.by_period("facilities", pd.Index([place]), [zone])[0]
            for use, row in hall.rows.items():
                on = np.array([mode == use for mode in self.courses[place]])
                nominal = np.full(case.periods, float(row["emergency_capacity"])) + self._modules(place, use)
                total[place, use] = on * factor * nominal
        return total

    def _modules(self, place: str, use: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return what modules that are ready add, before the scenario."""
        case, added = self._case, np.zeros(self._case.periods)
        table, decided, held = case.given["modules"], case.decided["modules"], case.given["held"]
        for module in table[(table["place"] == place) & (table["emergency_use"] == use)].to_dict("records"):
            there = decided[(decided["place"] == place) & (decided["emergency_use"] == use)]
            for row in there[there["module"] == module["module"]].to_dict("records"):
                known = held[(held["id"] == f"{place};{module['module']}") & (held["mode"] == use)]
                passed = int(known["periods"].iloc[0]) if len(known) and row["start"] == 0 else 0
                ready = max(0, int(row["start"]) + int(module["convert_periods"]) - passed)
                added[ready : int(row["end"]) + 1] += float(module["capacity"])
        return added

    def added(self, use: str) -> Iterator[tuple[int, np.ndarray[Any, np.dtype[np.float64]]]]:
        """Yield the code of each place with a use, and its capacity in it."""
        for (place, name), capacity in self.capacity.items():
            if name == use:
                yield int(self._case.places.get_indexer(pd.Index([place]))[0]), capacity


def check(case: "Case") -> Findings:
    """Check the course of each facility, and the term ``everyday_value``; ``modules`` checks ``conversion``."""
    findings = Findings("facilities")
    halls, table = case.halls, case.decided["facilities"]
    where = {key: table[key].to_numpy(object) for key in ("place", "period", "mode")}
    known = [
        row["place"] in halls.halls and row["mode"] in modes_of(halls.halls[row["place"]])
        for row in table.to_dict("records")
    ]
    message = "{place}, period {period}: mode {mode} is none of that place"
    findings.require(where, np.array(known, dtype=bool), message)
    lost = 0.0
    for place, course in halls.courses.items():
        cost = halls.halls[place].least(halls.before[place], course)
        text = f"{place}: {', '.join(course)}: lead time, least stay or restoration does not hold"
        findings.one(place, cost < math.inf, text)
        lost += halls.value(place) * sum(mode != EVERYDAY for mode in course)
    compare(findings, case, "everyday_value", lost)
    return findings


def modes_of(hall: Hall) -> set[str]:
    """Return the modes that a facility can be written to be in."""
    return {start + use for use in hall.rows for start in ("", CONVERTING, RESTORING)}
