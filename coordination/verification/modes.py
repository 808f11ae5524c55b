"""Operating modes: every zone has one in every period, by the policy or by its severity and thresholds."""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare
from coordination.verification.stances import as_decided, check_courses

if TYPE_CHECKING:
    from coordination.verification.case import Case

Words = npt.NDArray[np.object_]


def check(case: "Case") -> Findings:
    """Check that ``modes`` has exactly one row per zone and period, with the mode that the zone is in."""
    findings = Findings("modes")
    table = case.decided["modes"]
    expected = pd.MultiIndex.from_product([case.zones.ids, range(case.periods)])
    at = expected.get_indexer(pd.MultiIndex.from_arrays([table["zone"], table["period"]]))
    cells = np.bincount(at, minlength=len(expected))
    where = {
        "zone": expected.get_level_values(0).to_numpy(object),
        "period": expected.get_level_values(1).to_numpy(object),
    }
    findings.equal(where, cells, np.ones(len(cells)), "zone {zone}, period {period}: {found} modes, expected 1")
    shown = {key: table[key].to_numpy(object) for key in ("zone", "period", "mode")}
    shown["expected"] = case.modes.ravel()[at]
    message = "zone {zone}, period {period}: mode {mode}, expected {expected}"
    findings.require(shown, np.asarray(shown["mode"] == shown["expected"]), message)
    compare(findings, case, "mode", check_courses(case, findings) if case.policy.mode == "optimise" else 0.0)
    return findings


def modes(case: "Case") -> Words:
    """Return the mode of each zone and period, shape (zones, periods), worked out from the raw tables.

    Where zones choose their modes they are those of the plan.
    """
    if case.policy.mode == "optimise":
        return as_decided(case)
    result = np.full((len(case.zones.ids), case.periods), case.policy.mode, dtype=object)
    if case.policy.mode == "thresholds":
        courses, first = _by_zone(case)
        for code, severity in enumerate(courses):
            result[code] = _course(severity, dict(case.policy.thresholds or {}))[-first:]
    return result


def severity(case: "Case") -> dict[str, list[float | None]]:
    """Return how severe things are in each zone, by period of the horizon; None where unknown."""
    courses, first = _by_zone(case)
    return {str(zone): course[-first:] for zone, course in zip(case.zones.ids, courses, strict=True)}


def _by_zone(case: "Case") -> tuple[list[list[float | None]], int]:
    """Return the severity of each zone, its own or of the nearest above, and the period with which each begins."""
    first = min([0, *case.given["observations"]["period"].tolist()])
    known = {zone: _severities(case, str(zone), first) for zone in case.zones.ids}
    found = []
    for chain in case.zones.chain.tolist():
        courses = [known[case.zones.ids[above]] for above in chain if above >= 0]
        found.append([next((s for s in at if s is not None), None) for at in zip(*courses, strict=True)])
    return found, first


def _severities(case: "Case", zone: str, first: int) -> list[float | None]:
    """Return the severity of a zone by its own observations, period by period from `first`; None where unknown."""
    table, indicators = case.given["observations"], case.given["indicators"].to_dict("records")
    mine = table[(table["zone"] == zone) & table["indicator"].isin([row["indicator"] for row in indicators])]
    if mine.empty:
        return [None] * (case.periods - first)
    values = {row["indicator"]: _believed(mine[mine["indicator"] == row["indicator"]], row) for row in indicators}
    course: list[float | None] = []
    held: dict[str, float] = {}
    for period in range(first, case.periods):
        held |= {name: known[period] for name, known in values.items() if period in known}
        weights = sum(row["weight"] for row in indicators if row["indicator"] in held)
        parts = [_part(row, held[row["indicator"]]) for row in indicators if row["indicator"] in held]
        course.append(sum(parts) / weights if held else None)
    return course


def _part(row: dict[Any, Any], value: float) -> float:
    """Return the weighted share of the way from normal to severe."""
    return float(row["weight"] * min(1.0, max(0.0, (value - row["normal"]) / (row["severe"] - row["normal"]))))


def _believed(rows: pd.DataFrame, indicator: dict[Any, Any]) -> dict[int, float]:
    """Return the certain value of each period of one indicator in one zone; where there is none, what was forecast."""
    most, believed = abs(indicator["severe"] - indicator["normal"]) / 2, dict[int, float]()
    values: dict[tuple[bool, int], set[float]] = {}
    for row in rows[["forecast", "period", "value"]].to_dict("records"):
        values.setdefault((bool(row["forecast"]), int(row["period"])), set()).add(float(row["value"]))
    single = {key: next(iter(some)) for key, some in values.items() if len(some) == 1}
    last: float | None = None
    doubted: float | None = None
    for period in sorted(period for forecast, period in single if not forecast):
        value = single[False, period]
        sudden = last is not None and abs(value - last) > most
        if sudden and not (doubted is not None and abs(value - doubted) <= most):
            doubted = value
        else:
            believed[period], last, doubted = value, value, None
    return {period: value for (forecast, period), value in single.items() if forecast} | believed


def _course(severity: list[float | None], thresholds: dict[Any, tuple[float, float]]) -> list[str]:
    """Return the mode of each period: emergency and parallel go on and off at their thresholds, emergency first."""
    on = dict.fromkeys(thresholds, False)
    course = []
    for value in severity:
        if value is not None:
            for mode, (rises, falls) in thresholds.items():
                on[mode] = value >= rises or (on[mode] and value > falls)
        course.append(next((mode for mode in ("emergency", "parallel") if on.get(mode)), "normal"))
    return course
