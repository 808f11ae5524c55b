"""Deprivation: the cost of going without, by the time without, recomputed from backlogs alone."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from coordination.verification.curves import Curves
from coordination.verification.findings import Findings
from coordination.verification.social_cost import compare

if TYPE_CHECKING:
    from coordination.verification.case import Case

Numbers = npt.NDArray[np.float64]


def check(case: "Case") -> Findings:
    """Check the term ``deprivation``."""
    findings = Findings("deprivation")
    compare(findings, case, "deprivation", deprivation(case))
    return findings


def deprivation(case: "Case") -> float:
    """Return Σ weight · Σ_a (C(a) − C(a−1)) · z[a], where z cuts each backlog by age from the youngest need on."""
    waiting, curves = case.waiting, Curves(case)
    commodity = waiting.commodity
    carry_over = case.given["commodities"]["carry_over"].to_numpy(np.float64)[commodity]
    fresh = [curves.step(commodity, age) for age in range(case.periods + 1)]
    initial = _initial(case)
    total = np.zeros(len(waiting.queues))
    for period in range(case.periods):
        left, price = waiting.backlog[:, period].copy(), fresh[period + 1]
        for age in range(1, period + 2):
            cut = np.minimum(left, carry_over ** (age - 1) * waiting.need[:, period - age + 1])
            total += fresh[age] * cut
            left -= cut
        for older, quantity in initial:
            price = np.where(quantity > 0, curves.step(commodity, older + period + 1), price)
            cut = np.minimum(left, carry_over ** (period + 1) * quantity)
            total += price * cut
            left -= cut
        # What backlogs exceed all need by is a violation of the recursion; here it only must not vanish.
        total += price * left
    return float((waiting.weight * total).sum())


def _initial(case: "Case") -> list[tuple[npt.NDArray[np.int64], Numbers]]:
    """Return what waits before period 0, youngest first: ages and quantities, each of shape (queues,)."""
    table, queues = case.given["backlogs"], len(case.waiting.queues)
    table = table.assign(queue=case.waiting.rows(table)).sort_values(["queue", "age"], kind="stable")
    rank = table.groupby("queue").cumcount()
    layers = []
    for number in range(int(rank.max()) + 1 if len(rank) else 0):
        rows = table[rank == number]
        ages, quantities = np.ones(queues, dtype=np.int64), np.zeros(queues)
        ages[rows["queue"]], quantities[rows["queue"]] = rows["age"], rows["quantity"]
        layers.append((ages, quantities))
    return layers
