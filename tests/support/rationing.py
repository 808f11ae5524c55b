"""The independent model of fair rationing: served shares, bounds on their inequality, and leximin, written plainly.

The Gini coefficient by a column for each difference of two shares, the ratio for each pair, sums of the worst by a row
for each subset: nothing of the sorting networks and thresholds of the package.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from coordination.terms import TERM_NAMES
from tests.support.changes import add_changes
from tests.support.milp import Milp
from tests.support.reading import Plain
from tests.support.responsibility import add_handout, add_responsibility
from tests.support.supply import add_supply

ROOM = 1e-7
"""What a sum of shares may lose for those after it."""


def whole_model(instance, free: frozenset[str] = frozenset()) -> tuple[Milp, Plain]:
    """Return the independent model of an instance, not solved yet."""
    world = Plain(instance)
    model = Milp(free=free)
    add_supply(model, world)
    add_responsibility(model, world)
    add_handout(model, world)
    add_changes(model, world)
    return model, world


def add_shares(model: Milp, world: Plain) -> list[int]:
    """Add a column for the served share of each place and commodity with need."""
    needs: defaultdict[tuple[str, str], float] = defaultdict(float)
    for key, need in world.needs.items():
        needs[key[:2]] += sum(need) + sum(quantity for _, quantity in world.backlogs.get(key, []))
    shares = []
    for pair, need in needs.items():
        if need > 0:
            served = [(n, -1.0 / need) for n, name in enumerate(model.names) if name[:3] == ("served", *pair)]
            shares.append(model.column("share", *pair))
            model.row("share", *pair, entries=[(shares[-1], 1.0), *served], lower=0.0, upper=0.0)
    return shares


def rationed(instance, *, max_gini: float | None = None, max_ratio: float | None = None) -> float:
    """Return the least social cost with shares no more unequal than asked."""
    model, world = whole_model(instance)
    shares = add_shares(model, world)
    if max_ratio is not None:
        for one in shares:
            for other in shares:
                model.row("ratio", one, other, entries=[(one, 1.0), (other, -max_ratio)], upper=0.0)
    if max_gini is not None:
        apart = []
        for one, other in combinations(shares, 2):
            difference = model.column("difference", one, other)
            for sign in (1.0, -1.0):
                entries = [(difference, 1.0), (one, sign), (other, -sign)]
                model.row("difference", one, other, sign, entries=entries, lower=0.0)
            apart.append((difference, 1.0))
        model.row("gini", entries=[*apart, *((one, -max_gini * len(shares)) for one in shares)], upper=0.0)
    return model.solve().objective


def levelled(instance) -> tuple[list[float], float]:
    """Return the sums of the worst shares, each as large as can be after those before it, and the least cost then."""
    reached: list[float] = []
    while True:
        model, world = whole_model(instance, frozenset(TERM_NAMES))
        shares = add_shares(model, world)
        if len(reached) == len(shares):
            break
        _keep(model, shares, reached)
        total = model.column("sum of the worst")
        model.price("sum of the worst", total, -1.0)
        for some in combinations(shares, len(reached) + 1):
            model.row("worst", *some, entries=[(total, 1.0), *((one, -1.0) for one in some)], upper=0.0)
        reached.append(-model.solve().objective)
    model, world = whole_model(instance)
    _keep(model, add_shares(model, world), reached)
    return reached, model.solve().objective


def _keep(model: Milp, shares: list[int], reached: list[float]) -> None:
    for number, value in enumerate(reached, start=1):
        for some in combinations(shares, number):
            model.row("as fair", number, *some, entries=[(one, 1.0) for one in some], lower=value - ROOM)
