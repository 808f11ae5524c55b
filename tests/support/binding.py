"""Which rules bind in an instance: those whose absence changes the optimum.

One definition for each sort of rule, all by solving again:

``limit``
    A limit binds if the optimum without it is lower.
``data``
    A datum binds if the optimum is another (higher or lower) with its neutral value.
``price``
    A priced wish binds if it moves the plan: planned without its price, the other terms are lower.
``option``
    An option binds if the optimum without it is higher.
``gap``
    A gap binds if the optimum has it.
``both``
    Two limits bind together if the optimum is lower without the one, and without the other.

``python -m tests.support.binding 0 100`` prints the table for the instances of these seeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.oracle import OracleResult, oracle

TOLERANCE = 1e-6
"""A change counts from this share of max(1, |optimum|)."""


@dataclass(frozen=True)
class Rule:
    """A rule of the plan, its sort, and what stands for it in the independent model."""

    name: str
    sort: str
    parts: tuple[str, ...]


RULES = (
    Rule("inventory: goods are scarce", "limit", ("scarcity",)),
    Rule("batches expire", "limit", ("expiry",)),
    Rule("fleet hours", "limit", ("fleet hours",)),
    Rule("road capacity", "limit", ("road capacity",)),
    Rule("detours around full roads", "option", ("detours",)),
    Rule("one-way roads", "limit", ("one way",)),
    Rule("transit time", "data", ("transit time",)),
    Rule("sent to arrive after the end", "option", ("sending late",)),
    Rule("storage and overflow", "price", ("overflow",)),
    Rule("deprivation by age", "data", ("ages",)),
    Rule("ages of the first backlog", "data", ("backlog ages",)),
    Rule("lapse", "price", ("lapsed",)),
    Rule("worst off", "price", ("worst_off",)),
    Rule("hand-out", "limit", ("hand-out",)),
    Rule("nested hand-out", "both", ("hand-out above", "hand-out within")),
    Rule("accountable level", "limit", ("accountable level",)),
    Rule("span of control", "limit", ("span",)),
    Rule("doers at most", "limit", ("doers",)),
    Rule("least share of a doer", "limit", ("min share",)),
    Rule("jurisdiction of doers and backups", "limit", ("jurisdiction",)),
    Rule("a backup is not a doer", "limit", ("backup apart",)),
    Rule("no more than the task's hours", "limit", ("task hours",)),
    Rule("hours not covered", "gap", ("gap_hours",)),
    Rule("skill hours", "limit", ("skill hours",)),
    Rule("party hours over all skills", "limit", ("party hours",)),
    Rule("normal mode", "limit", ("normal mode",)),
    Rule("backups keep a reserve", "limit", ("reserve",)),
    Rule("backups missing", "gap", ("gap_backups",)),
    Rule("backups wanted", "price", ("gap_backups",)),
    Rule("kinds missing", "gap", ("gap_kinds",)),
    Rule("kinds wanted", "price", ("gap_kinds",)),
    Rule("effort factors", "data", ("effort factors",)),
    Rule("wages and effort costs", "price", ("work",)),
    Rule("interests", "price", ("interest",)),
    Rule("effects on needs", "data", ("effects needs",)),
    Rule("effects on arrivals", "data", ("effects arrivals",)),
    Rule("effects on stocks", "data", ("effects stocks",)),
    Rule("effects on fleets", "data", ("effects fleets",)),
    Rule("effects on skills", "data", ("effects skills",)),
    Rule("effects on roads", "data", ("effects roads",)),
    Rule("effects on places", "data", ("effects places",)),
)
"""The rules that are counted."""


def binds(rule: Rule, instance: Any, optimum: OracleResult) -> bool:
    """Whether a rule binds in an instance.

    Parameters
    ----------
    rule : Rule
        The rule.
    instance : Instance
        A small instance.
    optimum : OracleResult
        Its optimum with all rules.
    """
    best = optimum.objective
    tolerance = TOLERANCE * max(1.0, abs(best))
    if rule.sort == "gap":
        return optimum.terms.get(rule.parts[0], 0.0) > tolerance
    if rule.sort == "price":
        others = best - optimum.terms.get(rule.parts[0], 0.0)
        return oracle(instance, free=frozenset(rule.parts)).objective < others - tolerance
    changes = [oracle(instance, without=frozenset({part})).objective - best for part in rule.parts]
    if rule.sort == "option":
        return changes[0] > tolerance
    if rule.sort == "data":
        return abs(changes[0]) > tolerance
    return all(change < -tolerance for change in changes)


def count_binding(instances: Sequence[Any], rules: Sequence[Rule] = RULES) -> dict[str, int]:
    """Count in how many instances each rule binds."""
    counts = {rule.name: 0 for rule in rules}
    for instance in instances:
        optimum = oracle(instance)
        for rule in rules:
            counts[rule.name] += binds(rule, instance, optimum)
    return counts


def table(counts: dict[str, int], instances: int) -> str:
    """Write counts as a table: rule, instances in which it binds, share of all."""
    width = max(map(len, counts))
    lines = [f"{'rule':{width}}  binds  of {instances}"]
    lines += [f"{name:{width}}  {count:5}  {count / instances:6.1%}" for name, count in counts.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    import sys

    from tests.support.random_instances import random_instance

    first, last = (int(text) for text in sys.argv[1:3])
    drawn = [random_instance(seed) for seed in range(first, last)]
    print(table(count_binding(drawn), len(drawn)))
