"""Doers that come and go, in the independent model: one column for each stint that a party could work.

A stint is an unbroken run of periods. All that the rules ask for is asked of whole stints, so nothing here is written
as the formulation writes it.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Any

from tests.support.milp import Milp
from tests.support.reading import Plain, Row

Stint = tuple[int, int]
"""First and last period."""


def by_period(world: Plain, task: Row, able: list[str]) -> bool:
    """Whether doers of a task may come and go."""
    if world.policy.handover_cost is not None:
        return True
    return world.policy.escalation_delay is not None and any(is_above(world, task, party) for party in able)


def is_above(world: Plain, task: Row, party: str) -> bool:
    """Whether a party's zone lies above the task's."""
    return world.parties[party]["zone"] in world.chain(task["zone"])[1:]


def possible(world: Plain, task: Row, party: str, periods: range) -> list[Stint]:
    """Stints that a party could work."""
    first, last, overlap = periods[0], periods[-1], world.policy.overlap_periods
    every = list(combinations_with_replacement(periods, 2))
    if world.policy.handover_cost is None:
        return [(s, e) for s, e in every if e == last and (s == first or is_above(world, task, party))]
    return [(s, e) for s, e in every if s == first or e == last or e - s >= overlap]


def add_stints(model: Milp, world: Plain, task: Row, party: str, columns: dict[str, Any]) -> dict[Stint, int]:
    """Choose stints of a party: it is a doer, covers hours and costs effort in them alone.

    Parameters
    ----------
    columns : dict
        ``doer`` (a column), ``cover`` (a column by period), ``effort`` (money per period).
    """
    name, hours, periods = task["task"], task["hours"], list(columns["cover"])
    stints = {}
    for s, e in possible(world, task, party, range(periods[0], periods[-1] + 1)):
        stint = stints[s, e] = model.column("stint", name, party, s, e, upper=1.0, integer=True)
        model.price("work", stint, columns["effort"] * (e - s + 1))
        if s > periods[0] and world.policy.handover_cost is not None:
            model.price("handover", stint, world.policy.handover_cost)
        model.row("stint of doer", name, party, s, e, entries=[(stint, 1.0), (columns["doer"], -1.0)], upper=0.0)
    chosen = [(stint, -1.0) for stint in stints.values()]
    model.row("doer has stint", name, party, entries=[(columns["doer"], 1.0), *chosen], upper=0.0)
    share = world.policy.min_share * hours
    for t, cover in columns["cover"].items():
        touching = [(stint, 1.0) for (s, e), stint in stints.items() if s <= t <= e + 1]
        model.row("one stint", name, party, t, entries=touching, upper=1.0)
        now = [(stint, -hours) for (s, e), stint in stints.items() if s <= t <= e]
        model.row("only in stints", name, party, t, entries=[(cover, 1.0), *now], upper=0.0)
        for (s, e), stint in stints.items():
            if e < periods[-1] and e - world.policy.overlap_periods < t <= e:
                model.row("works beside", name, party, t, s, e, entries=[(cover, 1.0), (stint, -share)], lower=0.0)
    least = [(stint, -share * (e - s + 1)) for (s, e), stint in stints.items()]
    covers = [(cover, 1.0) for cover in columns["cover"].values()]
    model.row("min share", name, party, entries=[*covers, *least], lower=0.0)
    return stints


def add_handing_over(model: Milp, world: Plain, task: Row, stints: dict[str, dict[Stint, int]], most: float) -> None:
    """Let nobody leave without a successor, and not too many act at a time, those handing over aside."""
    spans = [(s, e, column) for of_party in stints.values() for (s, e), column in of_party.items()]
    if not spans:
        return
    first, last, overlap = min(s for s, _, _ in spans), max(e for _, e, _ in spans), world.policy.overlap_periods
    for t in range(first, last + 1):
        counted = [(c, 1.0) for s, e, c in spans if s <= t <= (e if e == last else e - overlap)]
        model.row("doers", task["task"], t, entries=counted, upper=most)
        ending = [(c, 1.0) for _, e, c in spans if e == t < last]
        successors = [(c, -1.0) for s, _, c in spans if s == t + 1 - overlap and s > first]
        model.row("successors", task["task"], t, entries=[*ending, *successors], upper=0.0)


def add_escalating(
    model: Milp, world: Plain, task: Row, stints: dict[str, dict[Stint, int]], covers: dict[str, dict[int, int]]
) -> None:
    """Let stints from above begin only so many periods after those at or below left a gap."""
    delay, name, gaps = world.policy.escalation_delay, task["task"], {}
    if delay is None:
        return
    below = [party for party in stints if not is_above(world, task, party)]
    for t in sorted({t for of_party in covers.values() for t in of_party}):
        gaps[t] = model.column("first gap", name, t, upper=1.0, integer=True)
        left = [(covers[party][t], 1.0) for party in below]
        model.row("real gap", name, t, entries=[*left, (gaps[t], 0.01 * task["hours"])], upper=task["hours"])
    for party in set(stints) - set(below):
        for (s, e), stint in stints[party].items():
            before = [(gap, -1.0) for t, gap in gaps.items() if t + delay <= s]
            model.row("escalation", name, party, s, e, entries=[(stint, 1.0), *before], upper=0.0)
