"""The scenario tree of forecasts: every way in which they may follow each other before the event.

Forecasts and their outlooks are a Markov chain. Ways that meet again are kept apart here, for what was decided on the
way differs; so a node is a way up to a stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coordination.errors import InstanceError, Problem, UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance

MOST_NODES = 2000
"""Ways through the forecasts up to which the tree is built whole."""
AGREE = 1e-6
"""By how much probabilities of scenarios may differ from those that the forecasts imply."""


@dataclass(frozen=True)
class Tree:
    """All ways through the forecasts, and which scenarios follow.

    Attributes
    ----------
    names : list of tuple of str
        Forecasts along the way to each node; node 0 is now.
    parent : ndarray of int, shape (nodes,)
        The node before; −1 of node 0.
    probability : ndarray, shape (nodes,)
        How likely each is, as seen now.
    factor, available : ndarray, shape (nodes,)
        Of the forecast at each node.
    leaf, scenario : ndarray of int, shape (outcomes,)
        Node of the last stage, and row of the scenario that follows it.
    chance : ndarray, shape (outcomes,)
        How likely each outcome is, as seen now; they sum to 1.
    """

    names: list[tuple[str, ...]]
    parent: NDArray[np.int64]
    probability: NDArray[np.float64]
    factor: NDArray[np.float64]
    available: NDArray[np.float64]
    leaf: NDArray[np.int64]
    scenario: NDArray[np.int64]
    chance: NDArray[np.float64]

    @classmethod
    def of(cls, instance: Instance) -> Tree:
        """Return the tree of an instance's forecasts.

        Raises
        ------
        InstanceError
            The probabilities of scenarios are not those that the forecasts imply.
        UsageError
            There are too many ways.
        """
        forecasts, outlooks = instance.forecasts.set_index("forecast"), instance.outlooks
        after = dict(iter(outlooks.groupby("forecast", sort=False)))
        root = str(forecasts.index[forecasts["stage"] == 0][0])
        names: list[tuple[str, ...]] = [(root,)]
        parent, probability = [-1], [1.0]
        row_of = {name: row for row, name in enumerate(instance.scenarios["scenario"])}
        leaf, scenario, chance = [], [], []
        node = 0
        while node < len(names):
            rows = after[names[node][-1]]
            for following, ends, p in zip(rows["next"], rows["scenario"], rows["probability"], strict=True):
                if p <= 0:
                    continue
                if isinstance(ends, str):
                    leaf.append(node)
                    scenario.append(row_of[ends])
                    chance.append(probability[node] * p)
                else:
                    names.append((*names[node], following))
                    parent.append(node)
                    probability.append(probability[node] * p)
            if len(names) > MOST_NODES:
                raise UsageError(
                    f"table forecasts has more than {MOST_NODES:,} ways to the event; a preparation takes at most so"
                    " many: use fewer stages or forecasts"
                )
            node += 1
        last = [name[-1] for name in names]
        tree = cls(
            names, np.array(parent), np.array(probability),
            forecasts["money_factor"].reindex(last).to_numpy(dtype=float),
            forecasts["available"].reindex(last).to_numpy(dtype=float),
            np.array(leaf), np.array(scenario), np.array(chance) / sum(chance),
        )  # fmt: skip
        tree._agree(instance)
        return tree

    def _agree(self, instance: Instance) -> None:
        """Refuse probabilities of scenarios that differ from those of the ways to them."""
        names = instance.scenarios["scenario"].tolist()
        given = instance.scenarios["probability"].to_numpy(dtype=float)
        implied = np.bincount(self.scenario, self.chance, len(names))
        problems = [
            Problem(
                "scenarios", row + 2, "probability", f"{given[row]:.9g} of {names[row]!r}",
                f"{implied[row]:.9g}, as the forecasts imply", "Correct it, or the outlooks.",
            )
            for row in np.flatnonzero(np.abs(given - implied) > AGREE).tolist()
        ]  # fmt: skip
        if problems:
            raise InstanceError(problems)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def last(self) -> NDArray[np.bool_]:
        """Whether each node is of the last stage."""
        return np.isin(np.arange(len(self)), self.leaf)

    def paths(self) -> NDArray[np.bool_]:
        """Return whether a node (column) lies on the way to another, or is it (row)."""
        on = np.eye(len(self), dtype=bool)
        for node in range(1, len(self)):
            on[node] |= on[self.parent[node]]
        return on
