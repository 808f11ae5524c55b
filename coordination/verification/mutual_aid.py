"""Mutual aid: rounds of prices and messages fit each other, bounds do not fall, the plan costs what was cleared."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from coordination.verification.findings import Findings

if TYPE_CHECKING:
    from coordination.verification.case import Case

BYTES = 8


def check(case: "Case") -> Findings:
    """Check how coalitions came to a plan: who spoke, how much, and that costs and bounds are in order."""
    findings = Findings("mutual_aid")
    record, table = case.plan.networked, case.decided["messages"]
    if record is None:
        findings.one("messages", not len(table), "messages without rounds of prices", float(len(table)))
        return findings
    rounds = record["rounds"]
    known = set(record["coalitions"])
    where = {name: table[name].to_numpy(object) for name in ("round", "party", "message")}
    said = "messages, round {round}, {party}, {message}: "
    findings.require(where, np.array([name in known for name in table["party"]], dtype=bool), said + "no coalition")
    number = table["round"].to_numpy(np.int64)
    findings.require(where, number < len(rounds), said + "no such round")
    fields = table["fields"].str.count(";").to_numpy(np.float64) + 1.0
    whole = table["rows"].to_numpy(np.float64) * fields * BYTES == table["bytes"].to_numpy(np.float64)
    findings.require(where, whole, said + "bytes are not eight for each field of each row")
    findings.one("rounds", [one["round"] for one in rounds] == list(range(len(rounds))), "rounds do not count up", 1.0)
    _costs(findings, rounds)
    last, objective = rounds[-1]["value"], float(case.plan.objective or 0.0)
    apart = abs(last - objective)
    near = apart <= 1e-5 * max(1.0, abs(objective))
    findings.one("cleared", near, f"the plan costs {objective}, cleared was {last}", apart)
    return findings


def _costs(findings: Findings, rounds: "list[dict[str, float]]") -> None:
    """Check that what is cleared never costs more than before, and bounds never fall nor pass it."""
    for before, after in pairwise(rounds):
        size = 1e-6 * max(1.0, abs(before["value"]))
        name = f"round {after['round']}"
        more = after["value"] - before["value"]
        findings.one(name, more <= size, f"round {after['round']}: costs {more} more than the round before", more)
        if after["bound"] is None:
            continue
        above = after["bound"] - after["value"]
        findings.one(name, above <= size, f"round {after['round']}: the bound is {above} above the cost", above)
        less = (before["bound"] if before["bound"] is not None else -np.inf) - after["bound"]
        findings.one(name, less <= 0.0, f"round {after['round']}: the bound falls by {less}", less)
