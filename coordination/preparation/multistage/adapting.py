"""What adapting is worth: every policy on the tree of forecasts, and what the best one does when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coordination.preparation.decided import cleaned, first_stage_table
from coordination.preparation.multistage.policies import rolling, static, tree_policy, wait_and_see
from coordination.preparation.multistage.simulated import interval, simulated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.preparation.multistage.program import TreeProgram

    Floats = NDArray[np.float64]

POLICIES = {"static": static, "rolling": rolling, "tree": tree_policy}
PLAYED = ("simulated", "low", "high", "saved", "saved_low", "saved_high")
"""Figures of simulated events: mean and interval of the cost, and of what is saved."""


@dataclass(frozen=True)
class Adapted:
    """What adapting is worth.

    Attributes
    ----------
    policies : list of dict
        ``policy``, ``cost`` as seen now, ``saves`` against static; where they were played, ``simulated`` (mean),
        ``low``, ``high``, and the same of what is saved: ``saved``, ``saved_low``, ``saved_high``.
    table : DataFrame
        What the tree does at every node: ``forecasts``, ``stage``, ``probability`` and the columns of a first stage.
    """

    policies: list[dict[str, Any]]
    table: pd.DataFrame


def adapted(program: TreeProgram, instance: Instance, probe: pd.DataFrame, draws: int, seed: int) -> Adapted:
    """Return what adapting is worth.

    Parameters
    ----------
    program : TreeProgram
        Of the instance's forecasts.
    instance : Instance
        What is believed.
    probe : DataFrame
        Goods that may be placed.
    draws, seed : int
        Events that policies are played through; 0 for none.
    """
    decided = {name: _cleaned(program, decide(program)) for name, decide in POLICIES.items()}
    costs = {name: program.cost(x) for name, x in decided.items()}
    known = wait_and_see(program)
    rows: list[dict[str, Any]] = [
        {"policy": name, "cost": cost, "saves": costs["static"] - cost} | dict.fromkeys(PLAYED)
        for name, cost in [*costs.items(), ("wait and see", known)]
    ]
    if draws:
        played = simulated(program, instance, probe, decided, draws, seed)
        for row in rows[: len(decided)]:
            own = played[row["policy"]]
            for names, values in ((PLAYED[:3], own), (PLAYED[3:], played["static"] - own)):
                row |= dict(zip(names, interval(values), strict=True))
    return Adapted(rows, _table(program, decided["tree"]))


def _cleaned(program: TreeProgram, x: Floats) -> Floats:
    return np.array([cleaned(program.first, row) for row in x])


def _table(program: TreeProgram, x: Floats) -> pd.DataFrame:
    """Return what is done at every node, money as it is paid then."""
    tree, parts = program.tree, []
    for node, names in enumerate(tree.names):
        rows = first_stage_table(program.first, x[node])
        if len(rows):
            money = rows["money"].astype(float) * tree.factor[node]
            parts.append(
                rows.assign(
                    forecasts=";".join(names), stage=len(names) - 1, probability=tree.probability[node], money=money
                )
            )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
