"""Zones that choose their operating mode: which do, for how long modes last at least, and what they cost."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

NORMAL = "normal"
FOR_LONG = 10**9


def choosers(case: "Case") -> dict[str, str]:
    """Return the zone whose choice each zone follows, by zone."""
    rows = {row["zone"]: row for row in case.given["zones"].to_dict("records")}
    named = set(case.given["indicators"]["indicator"])
    seen = {row["zone"] for row in case.given["observations"].to_dict("records") if row["indicator"] in named}
    level = case.policy.mode_level
    leader: dict[str, str] = {}
    for zone in rows:
        at = zone
        while not (_root(rows[at]) or (rows[at]["level"] == level if level is not None else at in seen)):
            at = rows[at]["parent"]
        leader[str(zone)] = str(at)
    return leader


def as_decided(case: "Case") -> npt.NDArray[np.object_]:
    """Return the modes that the plan says, shape (zones, periods), empty where it says none."""
    modes = np.full((len(case.zones.ids), case.periods), "", dtype=object)
    table = case.decided["modes"]
    zone, period = case.zones.codes(table["zone"]), table["period"].to_numpy()
    right = (zone >= 0) & (period >= 0) & (period < case.periods)
    modes[zone[right], period[right]] = table["mode"].to_numpy(object)[right]
    return modes


def check_courses(case: "Case", findings: Findings) -> float:
    """Check that zones follow whom they should, and stay long enough; return what the modes cost."""
    leader, total = choosers(case), 0.0
    courses = dict(zip(map(str, case.zones.ids), case.modes.tolist(), strict=True))
    for zone, above in leader.items():
        if zone != above:
            text = f"zone {zone} is in other modes than {above}, which chooses for it"
            findings.one(zone, courses[zone] == courses[above], text)
    held = {row["id"]: row for row in case.given["held"].to_dict("records") if row["table"] == "zones"}
    switches = []
    for zone in sorted(set(leader.values())):
        before = (held[zone]["mode"], int(held[zone]["periods"])) if zone in held else (NORMAL, FOR_LONG)
        mode, stayed = before
        for period, now in enumerate(courses[zone]):
            if now != mode:
                least = max(1, int(_rule(case, zone, mode, "min_periods", 1)))
                text = f"zone {zone} leaves mode {mode} in period {period} after {stayed} periods, expected {least}"
                findings.one(zone, stayed >= least, text)
                switches.append((period, zone, mode, now))
                total += _rule(case, zone, now, "switch_cost", 0)
                mode, stayed = now, 0
            stayed += 1
            severe = case.severity[zone][period]
            total += _rule(case, zone, now, "cost", 0) + _rule(case, zone, now, "severity_cost", 0) * (severe or 0.0)
    told = (case.plan.switching or {"switches": []})["switches"]
    said = [(row["period"], row["zone"], row["left"], row["entered"]) for row in told]
    text = f"plan.json tells of {len(said)} switches of modes, the table has {len(switches)}, or others"
    findings.one("switching", sorted(said) == sorted(switches), text)
    return total


def _rule(case: "Case", zone: str, mode: str, column: str, default: float) -> float:
    """Return a number of ``mode_rules``: of the nearest zone, it or above, that has a row for the mode."""
    rows = {(row["zone"], row["mode"]): row for row in case.given["mode_rules"].to_dict("records")}
    above = {row["zone"]: row for row in case.given["zones"].to_dict("records")}
    at: Any = zone
    while (at, mode) not in rows and not _root(above[at]):
        at = above[at]["parent"]
    return float(rows[at, mode][column]) if (at, mode) in rows else default


def _root(row: dict[Any, Any]) -> bool:
    parent = row["parent"]
    return parent is None or (isinstance(parent, float) and math.isnan(parent)) or not isinstance(parent, str)
