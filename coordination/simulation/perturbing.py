"""The truth by default: the instance, with what planners know least well drawn anew by a stated rule.

================  =====================================================================================================
what              rule
================  =====================================================================================================
needs per person  times exp(s·z − s²/2) for each commodity and again for each place and commodity, s = 0.15, z standard
                  normal: the mean stays
reliability       of each party beta with mean 0.9 · what was believed and concentration 20: promises are kept nine
                  times in ten
probabilities     of scenarios Dirichlet with concentration 20, the mean what was believed; their sum stays
================  =====================================================================================================

Each has its own stream of the seed. The planner's side never reads this rule, nor what came of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance

SPREAD = 0.15
KEPT = 0.9
CONCENTRATION = 20.0
NEEDS, PARTIES, SCENARIOS = 1, 2, 3
"""Streams of a seed."""


def perturbed(instance: Instance, seed: int) -> Instance:
    """Return a truth that differs from an instance as the planner's knowledge may from the world.

    Parameters
    ----------
    instance : Instance
        What is believed.
    seed : int
        Same seed, same truth.
    """
    return instance.replace(
        needs=_needs(instance, np.random.default_rng([seed, NEEDS])),
        parties=_parties(instance, np.random.default_rng([seed, PARTIES])),
        scenarios=_scenarios(instance, np.random.default_rng([seed, SCENARIOS])),
    )


def lognormal(draw: np.random.Generator, spread: float, size: int) -> NDArray[np.float64]:
    """Return factors of mean 1."""
    return np.exp(spread * draw.standard_normal(size) - spread**2 / 2)


def beta(draw: np.random.Generator, mean: NDArray[np.float64], concentration: float) -> NDArray[np.float64]:
    """Return draws of beta distributions; a mean of 0 or 1 is itself."""
    inner = np.clip(mean, 1e-9, 1 - 1e-9)
    drawn = draw.beta(inner * concentration, (1 - inner) * concentration)
    return np.where((mean <= 0) | (mean >= 1), mean, drawn)


def _needs(instance: Instance, draw: np.random.Generator) -> pd.DataFrame:
    needs = instance.given("needs")
    goods = pd.Index(instance.commodities["commodity"])
    cells = pd.MultiIndex.from_product([instance.places["place"], goods])
    common, local = lognormal(draw, SPREAD, len(goods)), lognormal(draw, SPREAD, len(cells))
    cell = cells.get_indexer(pd.MultiIndex.from_frame(needs[["place", "commodity"]]))
    factor = common[goods.get_indexer(pd.Index(needs["commodity"]))] * local[cell]
    return needs.assign(quantity=needs["quantity"].to_numpy(dtype=float) * factor)


def _parties(instance: Instance, draw: np.random.Generator) -> pd.DataFrame:
    parties = instance.given("parties")
    return parties.assign(reliability=beta(draw, KEPT * parties["reliability"].to_numpy(dtype=float), CONCENTRATION))


def _scenarios(instance: Instance, draw: np.random.Generator) -> pd.DataFrame:
    scenarios = instance.given("scenarios")
    known = scenarios["probability"].to_numpy(dtype=float)
    likely = known > 0
    drawn = np.zeros(len(known))
    if likely.any():
        drawn[likely] = draw.dirichlet(CONCENTRATION * known[likely] / known.sum()) * known.sum()
    return scenarios.assign(probability=np.minimum(drawn, 1.0))
