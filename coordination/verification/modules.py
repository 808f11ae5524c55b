"""Modules: parts of facilities in their use, in their order, each begun at its cost; and what converting costs."""

import math
import re
from typing import TYPE_CHECKING

from coordination.verification.facilities import CONVERTING
from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case


def check(case: "Case") -> Findings:
    """Check every stretch of ``modules``, and the term ``conversion``."""
    findings = Findings("modules")
    halls = case.halls
    costs = [halls.halls[place].least(halls.before[place], course) for place, course in halls.courses.items()]
    cost = math.fsum(value for value in costs if value < math.inf)
    given = {
        (row["place"], row["emergency_use"], row["module"]): row for row in case.given["modules"].to_dict("records")
    }
    there: dict[tuple[str, str, str], set[int]] = {}
    for row in case.decided["modules"].to_dict("records"):
        key = (str(row["place"]), str(row["emergency_use"]), str(row["module"]))
        named = f"{key[0]}, module {key[2]} of {key[1]}"
        findings.one(named, key in given, f"{named} is not in the instance")
        if key not in given:
            continue
        periods = set(range(int(row["start"]), int(row["end"]) + 1))
        twice = there.setdefault(key, set()) & {period + shift for period in periods for shift in (-1, 0, 1)}
        findings.one(
            named, not twice and bool(periods), f"{named}: stretches that overlap or meet, or end before they start"
        )
        there[key] |= periods
        course = halls.courses.get(key[0], [])
        away = [t for t in periods if course[t] not in (key[1], CONVERTING + key[1])]
        findings.one(named, not away, f"{named}: there in period {min(away, default=0)}, but the facility is not")
        began = _held(case, *key) and int(row["start"]) == 0
        cost += 0.0 if began else float(given[key]["convert_cost"])
    for key, periods in there.items():
        for other in given:
            if other[:2] == key[:2] and _place(other[2]) < _place(key[2]):
                early = periods - there.get(other, set())
                named = f"{key[0]}, module {key[2]} of {key[1]}"
                findings.one(named, not early, f"{named}: there in period {min(early, default=0)} without {other[2]}")
    compare(findings, case, "conversion", cost)
    return findings


def _held(case: "Case", place: str, use: str, module: str) -> bool:
    held = case.given["held"]
    known = held[(held["table"] == "facilities") & (held["id"] == f"{place};{module}") & (held["mode"] == use)]
    return bool(len(known) and known["periods"].iloc[0] > 0)


def _place(module: str) -> list[tuple[int, str]]:
    """Return what modules are ordered by: their text, numbers in it by value."""
    parts = re.split(r"(\d+)", module)
    return [(int(part) if part.isdigit() else -1, "" if part.isdigit() else part) for part in parts]
