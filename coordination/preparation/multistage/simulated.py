r"""Policies played through events that they were not decided for.

A draw is a way through the forecasts and a scenario, by their probabilities, in a city whose needs per person differ
from what was believed by the rule of `coordination.simulation.perturbing`. All policies meet the same draws, so that
what one saves against another is known better than what either costs. Intervals are of 95 %, by Student's t: mean ± t s
/ √n.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from coordination.errors import SolverError
from coordination.preparation.second_stage import SecondStage, undisturbed
from coordination.simulation.perturbing import perturbed
from coordination.solver import solve
from coordination.twostage.evaluation import after

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.preparation.multistage.program import TreeProgram

    Floats = NDArray[np.float64]

SURE = 0.95
DRAW = 41
"""Stream of a seed from which ways and scenarios are drawn."""


def simulated(
    program: TreeProgram, instance: Instance, probe: pd.DataFrame, policies: Mapping[str, Floats], draws: int, seed: int
) -> dict[str, Floats]:
    """Return what each policy costs in each draw, shape (draws,).

    Parameters
    ----------
    program : TreeProgram
        What the policies were decided by.
    instance : Instance
        What was believed.
    probe : DataFrame
        Goods that may be placed.
    policies : mapping of str to ndarray
        By name, what is decided at every node.
    draws, seed : int
        How many, and of which seed.
    """
    tree, on = program.tree, program.tree.paths().astype(float)
    names = instance.scenarios["scenario"].tolist()
    costs = {name: np.zeros(draws) for name in policies}
    for draw in range(draws):
        rng = np.random.default_rng([seed, DRAW, draw])
        outcome = int(rng.choice(len(tree.chance), p=tree.chance))
        leaf, name = int(tree.leaf[outcome]), names[tree.scenario[outcome]]
        base = undisturbed(perturbed(instance, int(rng.integers(2**31))), probe)
        response = SecondStage.of(base, name, probe, name, 1.0).scenario(program.first)
        for policy, x in policies.items():
            form = after(response, on[leaf] @ x)
            solution = solve(form, options=replace(program.options, gap=1e-6))
            if solution.x is None:
                raise SolverError(f"policy {policy}, draw {draw}: its response ended {solution.status}")
            costs[policy][draw] = solution.objective + program.money_along(x, leaf)
    return costs


def interval(values: Floats) -> tuple[float, float, float]:
    """Return mean, lower and upper end of the interval; the mean alone where there are fewer than two values."""
    from scipy.stats import t

    mean, count = float(values.mean()), len(values)
    if count < 2:
        return mean, mean, mean
    half = float(t.ppf(0.5 + SURE / 2, count - 1) * values.std(ddof=1) / np.sqrt(count))
    return mean, mean - half, mean + half
