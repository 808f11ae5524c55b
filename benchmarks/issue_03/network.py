"""The data of the model that every way of building builds: a random network, goods needed and supplied by period."""

from dataclasses import dataclass

import numpy as np

GOODS, TIMES = 10, 14


@dataclass
class Network:
    """Arcs between nodes with costs and capacities; goods needed (or, below zero, supplied) by period.

    Attributes
    ----------
    tail, head : numpy.ndarray
        (arcs,) node where an arc begins and where it ends, never the same.
    cost : numpy.ndarray
        (arcs, goods) of one unit moved.
    capacity : numpy.ndarray
        (arcs,) units in one period.
    need : numpy.ndarray
        (nodes, goods, periods).
    price : numpy.ndarray
        (nodes, goods) of one unit that is lacking.
    """

    tail: np.ndarray
    head: np.ndarray
    cost: np.ndarray
    capacity: np.ndarray
    need: np.ndarray
    price: np.ndarray

    @classmethod
    def random(cls, columns: int, seed: int = 0) -> "Network":
        """Return a network whose model has about so many columns."""
        rng = np.random.default_rng(seed)
        nodes = max(4, round(columns / (GOODS * TIMES * 6.3)))
        arcs = max(6, round(columns / (GOODS * TIMES)) - 2 * nodes)
        tail = rng.integers(0, nodes, arcs)
        return cls(
            tail=tail,
            head=(tail + rng.integers(1, nodes, arcs)) % nodes,
            cost=rng.uniform(1, 9, (arcs, GOODS)),
            capacity=rng.uniform(5, 50, arcs),
            need=rng.normal(0, 3, (nodes, GOODS, TIMES)),
            price=rng.uniform(50, 90, (nodes, GOODS)),
        )

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.need)

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self.tail)

    def names(self) -> tuple[list[str], list[str], list[str]]:
        """Return ids of nodes, arcs and goods as people give them: text."""
        kinds = (("node", self.nodes), ("arc", self.arcs), ("good", GOODS))
        nodes, arcs, goods = ([f"{kind} {number}" for number in range(count)] for kind, count in kinds)
        return nodes, arcs, goods
