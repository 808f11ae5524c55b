"""Visits: people go to facilities within reach, no more than these take, and that is what serves services."""

from functools import cached_property
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

GOODS = ("storage", "hand-out")
MILLIONTH = 1e-6


class Streets:
    """Minutes by road to a place, period by period.

    Parameters
    ----------
    case : Case
        The plan to be verified.
    """

    def __init__(self, case: "Case") -> None:
        self._case, self._known = case, dict[tuple[str, int], dict[str, float]]()

    def minutes(self, start: str, end: str, period: int) -> float:
        """Return the minutes from place to place, inf where there is no way."""
        if (end, period) not in self._known:
            self._known[end, period] = self._to(end, period)
        return self._known[end, period].get(start, np.inf)

    @cached_property
    def _factors(self) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
        case, roads = self._case, self._case.given["roads"]
        ends = [case.place_zone[case.places.get_indexer(pd.Index(roads[end]))] for end in ("from", "to")]
        return case.effects.by_period("roads", pd.Index(roads["road"]), ends)

    def _to(self, end: str, period: int) -> dict[str, float]:
        into: dict[str, list[tuple[str, float]]] = {}
        for row, factor in zip(
            self._case.given["roads"].to_dict("records"), self._factors[:, period].tolist(), strict=True
        ):
            if factor == 0:
                continue
            minutes = round(row["minutes"] / factor, 6)
            into.setdefault(row["to"], []).append((row["from"], minutes))
            if row["both_ways"]:
                into.setdefault(row["from"], []).append((row["to"], minutes))
        found, queue = dict[str, float](), [(0.0, end)]
        while queue:
            far, place = heappop(queue)
            if place not in found:
                found[place] = far
                for before, minutes in into.get(place, []):
                    heappush(queue, (far + minutes, before))
        return found


def check(case: "Case") -> Findings:
    """Check reach, capacity, and that visits are what ``service`` says was served of services."""
    findings = Findings("visits")
    visits, halls, streets = case.decided["visits"], case.halls, Streets(case)
    commodities = case.given["commodities"]
    services = set(commodities.loc[commodities["service"], "commodity"])
    names = {use for hall in halls.halls.values() for use in hall.rows}
    come = {key: np.zeros(case.periods) for key in halls.capacity}
    for row in visits.to_dict("records"):
        key, named = (
            (row["facility"], row["emergency_use"]),
            f"{row['place']} to {row['facility']}, period {row['period']}",
        )
        findings.one(named, key in come, f"{named}: {row['facility']} has no use {row['emergency_use']}")
        if key not in come:
            continue
        service, use = row["commodity"], row["emergency_use"]
        meant = (
            use not in GOODS
            and service in services
            and (use == service or (service not in names and use not in services))
        )
        findings.one(named, meant, f"{named}: {use} does not serve {service}")
        far = streets.minutes(row["place"], row["facility"], int(row["period"]))
        reach = float(halls.halls[row["facility"]].rows[use]["reach_minutes"])
        findings.at_most({"visit": [named]}, [far], [reach], "{visit}: {found} minutes, the reach is {expected}")
        come[key][int(row["period"])] += row["quantity"]
    for (place, use), people in come.items():
        where = {"place": np.full(case.periods, place, dtype=object), "period": np.arange(case.periods, dtype=object)}
        if use not in GOODS:
            message = f"{{place}}, {use}, period {{period}}: {{found}} come, it takes {{expected}}"
            findings.at_most(where, people, halls.capacity[place, use], message)
    _served(case, findings, services)
    return findings


def _served(case: "Case", findings: Findings, services: set[str]) -> None:
    """Check that who goes somewhere is who is served, for services, and nobody for goods."""
    waiting, visits = case.waiting, case.decided["visits"]
    come = np.zeros(waiting.served.shape)
    rows = waiting.rows(visits)
    lost = rows < 0
    where = {"place": visits["place"].to_numpy(object), "commodity": visits["commodity"].to_numpy(object)}
    findings.require(where, ~lost, "{place}: nobody there needs {commodity}")
    np.add.at(
        come, (rows[~lost], visits["period"].to_numpy(np.int64)[~lost]), visits["quantity"].to_numpy(np.float64)[~lost]
    )
    service = np.isin(waiting.queues["commodity"].to_numpy(object).astype(str), sorted(services))
    expected = np.where(service[:, None], waiting.served, 0.0)
    message = "{place}, {commodity} for {group}, period {period}: {found} go to a facility, {expected} are served so"
    findings.equal(waiting.where(case), come.ravel(), expected.ravel(), message)
